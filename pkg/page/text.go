package page

import (
	"bytes"
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
)

// markdown makes HTML of what people wrote: no raw HTML, no images, no address that is not of the web or of mail.
type markdown struct {
	reader goldmark.Markdown
	policy *bluemonday.Policy
}

func newMarkdown() *markdown {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return &markdown{goldmark.New(), p}
}

func (m *markdown) html(text string) (template.HTML, error) {
	var b bytes.Buffer
	if err := m.reader.Convert([]byte(safe(text)), &b); err != nil {
		return "", fmt.Errorf("%w: %w", ErrInput, err)
	}
	return template.HTML(m.policy.SanitizeBytes(b.Bytes())), nil
}

// safe takes out what changes how the text around it is read: control characters and those that turn its direction.
func safe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200d':
			return -1
		}
		return r
	}, s)
}

// plain spells a name literally in Markdown.
func plain(s string) string {
	var b strings.Builder
	for _, r := range safe(strings.ReplaceAll(s, "\n", " ")) {
		if r < 128 && unicode.In(r, unicode.P, unicode.S) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
