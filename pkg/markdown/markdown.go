package markdown

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Reader reads what people wrote: HTML as the words that it is, no images, no headings, no address that is not of the web or of mail. What
// is not wanted is taken out of the parsed text, before anything is made of it; a test holds what comes out to what
// bluemonday would let pass. bluemonday itself is not linked: its tables take longer to set up than the rest of a start.
// It remembers what it made, since one text stands in many places.
type Reader struct {
	reader goldmark.Markdown
	html   map[string]template.HTML
	text   map[string]string
}

// New is a reader. It serves one at a time.
func New() *Reader {
	return &Reader{
		goldmark.New(goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(harmless{}, 1)))),
		map[string]template.HTML{},
		map[string]string{},
	}
}

// NewDocument reads documents: as New, but with tables, and with headings of the level from on.
func NewDocument(from int) *Reader {
	return &Reader{
		goldmark.New(goldmark.WithExtensions(tables{}), goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(harmless{from}, 1)))),
		map[string]template.HTML{},
		map[string]string{},
	}
}

// HTML is a text as HTML that holds nothing but words and links.
func (r *Reader) HTML(said string) (template.HTML, error) {
	if plain(said) {
		return template.HTML("<p>" + said + "</p>\n"), nil
	}
	if made, ok := r.html[said]; ok {
		return made, nil
	}
	made, err := r.parsed(said)
	if err == nil {
		r.html[said] = made
	}
	return made, err
}

func (r *Reader) parsed(said string) (template.HTML, error) {
	var b bytes.Buffer
	if err := r.reader.Convert([]byte(Safe(said)), &b); err != nil {
		return "", fmt.Errorf("read Markdown: %w", err)
	}
	return template.HTML(Safe(b.String())), nil // again: entities spell such characters too
}

// harmless leaves of a parsed text what may be shown.
type harmless struct {
	headings int // the level of the highest; 0: headings are paragraphs
}

// Transform implements [parser.ASTTransformer].
func (h harmless) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var found []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor has no errors
		if entering {
			found = append(found, n)
		}
		return ast.WalkContinue, nil
	})
	level := levels{from: h.headings}
	for _, n := range found {
		switch n := n.(type) {
		case *ast.Image:
			unwrap(n)
		case *ast.Link:
			if !addressable(string(n.Destination)) {
				unwrap(n)
				continue
			}
			n.Title = nil
			n.SetAttributeString("rel", []byte("nofollow noreferrer"))
		case *ast.AutoLink:
			if !addressable(string(n.URL(reader.Source()))) && n.AutoLinkType != ast.AutoLinkEmail {
				n.Parent().ReplaceChild(n.Parent(), n, ast.NewString(n.Label(reader.Source())))
				continue
			}
			n.SetAttributeString("rel", []byte("nofollow noreferrer"))
		case *ast.RawHTML:
			n.Parent().ReplaceChild(n.Parent(), n, ast.NewString(n.Segments.Value(reader.Source())))
		case *ast.HTMLBlock:
			said := n.Lines().Value(reader.Source())
			if n.HasClosure() {
				said = append(said, n.ClosureLine.Value(reader.Source())...)
			}
			p := ast.NewParagraph()
			p.AppendChild(p, ast.NewString(bytes.TrimSpace(said)))
			n.Parent().ReplaceChild(n.Parent(), n, p)
		case *ast.FencedCodeBlock:
			n.Info = nil
		case *ast.Heading:
			if h.headings > 0 {
				n.Level = level.of(n.Level)
				continue
			}
			p := ast.NewParagraph()
			adopt(p, n)
			n.Parent().ReplaceChild(n.Parent(), n, p)
		}
	}
}

// levels makes the levels of headings follow each other without a gap, whatever their writers chose.
type levels struct {
	from  int
	chain []int // those that are open, as they were written
}

func (l *levels) of(written int) int {
	for len(l.chain) > 0 && l.chain[len(l.chain)-1] >= written {
		l.chain = l.chain[:len(l.chain)-1]
	}
	l.chain = append(l.chain, written)
	return min(6, l.from+len(l.chain)-1)
}

// unwrap puts what a node holds in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for c := n.FirstChild(); c != nil; {
		next := c.NextSibling()
		parent.InsertBefore(parent, n, c)
		c = next
	}
	parent.RemoveChild(parent, n)
}

// adopt moves what one node holds to another.
func adopt(to, from ast.Node) {
	for c := from.FirstChild(); c != nil; {
		next := c.NextSibling()
		to.AppendChild(to, c)
		c = next
	}
}

// addressable reports whether an address is whole, and of the web or of mail.
func addressable(address string) bool {
	u, err := url.Parse(address)
	return err == nil && !strings.ContainsAny(address, "\"<>\\`") && (u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") || u.Scheme == "mailto")
}

// Safe takes out what changes how the text around it is read: control characters and those that turn its direction.
func Safe(s string) string {
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

// Literal spells a name literally in Markdown.
func Literal(s string) string {
	var b strings.Builder
	for _, r := range Safe(strings.ReplaceAll(s, "\n", " ")) {
		if r < 128 && unicode.In(r, unicode.P, unicode.S) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
