package page

import (
	"fmt"
	"html"
	"strings"

	"incident/pkg/markdown"
	"incident/templates"
)

// Article is a document as one HTML file that needs nothing else, to read, to print and to put into a blog.
func Article(language, document string) ([]byte, error) {
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return nil, err
	}
	text, err := markdown.NewDocument(1).HTML(document)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	title := "Postmortem"
	for line := range strings.Lines(document) {
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			title = strings.TrimSpace(rest)
			break
		}
	}
	return fmt.Appendf(nil, `<!doctype html>
<html lang="%s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>%s</title>
<style>
%s</style>
</head>
<body><main class="wrap postmortem article">
%s</main></body>
</html>
`, html.EscapeString(language), html.EscapeString(markdown.Safe(title)), css, text), nil
}
