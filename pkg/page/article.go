package page

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
	"incident/templates"
)

// Article is the postmortem of an incident as one HTML file that needs nothing else, to read, to print and to put into a
// blog. How the incident went, as the readers of the view may know it, is drawn above the section "Timeline", or where there
// is none below the title.
func Article(s Settings, v view.View, document string) ([]byte, error) {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return nil, err
	}
	text, err := markdown.NewDocument(1).HTML(document)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	w := writer{Site: &Site{Settings: s}}
	text = w.illustrated(text, v)
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
`, html.EscapeString(s.Language), html.EscapeString(markdown.Safe(title)), css, text), nil
}

// illustrated is a document with the picture of the incident in its place.
func (w *writer) illustrated(text template.HTML, v view.View) template.HTML {
	life := w.life(w.headline(v.Headline, v.Named, v.Hit), v)
	for _, end := range []string{"Timeline</h2>", "</h1>"} {
		if at := strings.Index(string(text), end); at >= 0 {
			at += len(end)
			return text[:at] + "\n" + life + text[at:]
		}
	}
	return life + text
}
