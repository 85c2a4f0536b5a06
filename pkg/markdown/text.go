package markdown

import (
	"bufio"
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
)

// Text is a text without its marks, for programs that show neither HTML nor Markdown: paragraphs with an empty line
// between them, points of a list and rows of a table on lines of their own, the address of a link behind its words.
func (r *Reader) Text(said string) string {
	if plain(said) {
		return said
	}
	made, ok := r.text[said]
	if !ok {
		made = r.parsedText(said)
		r.text[said] = made
	}
	return made
}

func (r *Reader) parsedText(said string) string {
	source := []byte(Safe(said))
	w := plainWriter{source: source}
	w.children(r.reader.Parser().Parse(text.NewReader(source)))
	return strings.TrimSpace(w.String())
}

// maxIndent is how many columns the points of lists within lists are set in; deeper ones stay there.
const maxIndent = 24

type plainWriter struct {
	strings.Builder
	source []byte
	indent string
	begun  int // where the newest point of a list begins
}

func (w *plainWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
}

func (w *plainWriter) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		if said := n.Segment.Value(w.source); n.IsRaw() {
			w.Write(said)
		} else {
			w.WriteString(unescaped(said))
		}
		if n.SoftLineBreak() || n.HardLineBreak() {
			w.WriteString("\n" + w.indent)
		}
	case *ast.String:
		w.Write(n.Value)
	case *ast.AutoLink:
		w.Write(n.Label(w.source))
	case *ast.Link:
		before := w.Len()
		w.children(n)
		if address := string(n.Destination); w.String()[before:] != address {
			w.WriteString(" (" + address + ")")
		}
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.block()
		for i := range n.Lines().Len() {
			if i > 0 {
				w.WriteString("\n" + w.indent)
			}
			line := n.Lines().At(i)
			w.WriteString(strings.TrimRight(string(line.Value(w.source)), "\r\n"))
		}
	case *ast.List:
		w.list(n)
	case *table.TableHeader, *table.TableRow:
		w.row(n)
	case *ast.ThematicBreak:
	default:
		if n.Type() == ast.TypeBlock {
			w.block()
		}
		w.children(n)
	}
}

// unescaped takes the backslashes away and spells entities out: what HTML would show.
func unescaped(said []byte) string {
	if !bytes.ContainsAny(said, `\&`) {
		return string(said)
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	html.DefaultWriter.Write(w, said)
	_ = w.Flush() // a Buffer takes anything
	return Safe(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&amp;", "&").Replace(b.String()))
}

// list puts each point on lines of its own.
func (w *plainWriter) list(n *ast.List) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		w.line()
		w.WriteString(mark)
		w.begun = w.Len()
		outer := w.indent
		if len(w.indent) < maxIndent {
			w.indent += strings.Repeat(" ", len(mark))
		}
		w.children(item)
		w.indent = outer
	}
}

// row puts its cells on one line; a table has begun with a line of its own.
func (w *plainWriter) row(n ast.Node) {
	if n.PreviousSibling() != nil {
		w.WriteString("\n" + w.indent)
	}
	for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.PreviousSibling() != nil {
			w.WriteString(" | ")
		}
		w.children(cell)
	}
}

// block begins a paragraph, unless one has just begun.
func (w *plainWriter) block() {
	if w.Len() > w.begun {
		w.WriteString("\n\n" + w.indent)
	}
}

// line begins a line, unless one has just begun.
func (w *plainWriter) line() {
	if said := w.String(); said != "" && !strings.HasSuffix(said, "\n"+w.indent) {
		w.WriteString("\n" + w.indent)
	}
}
