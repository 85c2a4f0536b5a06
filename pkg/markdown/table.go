package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	table "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tables are those of GitHub's Markdown, without the alignment of columns: a row of headings, a row of hyphens with as many
// cells, and what follows in the same paragraph. goldmark has them in its package extension, which is not linked: the regular
// expressions of its other extensions are compiled at every start. A fuzz test holds ours to them.
type tables struct{}

// Extend implements [goldmark.Extender].
func (tables) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithParagraphTransformers(util.Prioritized(tableParser{}, 200)), // behind the one that takes out definitions of links
		parser.WithASTTransformers(util.Prioritized(pipesInCode{}, 0)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(tableWriter{}, 500)))
}

// maxCells is how large a table may be. Rows of one letter are filled up to all columns, so that a text of some kilobytes
// could take all memory, as it does with goldmark.
const maxCells = 100_000

type tableParser struct{}

// Transform implements [parser.ParagraphTransformer].
func (tableParser) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	source, lines := reader.Source(), p.Lines()
	hyphens, columns := 0, 0
	for columns == 0 {
		if hyphens++; hyphens >= lines.Len() {
			return
		}
		line := lines.At(hyphens)
		columns = columnsOf(string(line.Value(source)))
	}
	headings := cells(lines.At(hyphens-1), source)
	if len(headings) > columns { // fewer are filled up, as goldmark does and GitHub does not
		return
	}
	if columns*(lines.Len()-hyphens) > maxCells {
		return
	}
	t := table.NewTable()
	t.AppendChild(t, table.NewTableHeader(row(headings, columns)))
	for _, line := range lines.Sliced(hyphens+1, lines.Len()) {
		t.AppendChild(t, row(cells(line, source), columns))
	}
	p.Parent().InsertAfter(p.Parent(), p, t)
	lines.SetSliced(0, hyphens-1)
	if lines.Len() == 0 {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	last := lines.At(lines.Len() - 1)
	last.Stop-- // its newline
	lines.Set(lines.Len()-1, last)
}

// columnsOf counts the cells of a row of hyphens, such as "| :-- | --- |"; 0: the line is none. Nothing but hyphens without an
// end of line, at the end of a text, is none either: so goldmark has it.
func columnsOf(line string) int {
	if indent, _ := util.IndentWidth([]byte(line), 0); indent > 3 || strings.Trim(line, "-") == "" {
		return 0
	}
	const space = " \t\n"
	cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(strings.Trim(line, space), "|"), "|"), "|")
	for _, cell := range cells {
		cell = strings.TrimSuffix(strings.TrimPrefix(strings.Trim(cell, space), ":"), ":")
		if cell == "" || strings.Trim(cell, "-") != "" {
			return 0
		}
	}
	return len(cells)
}

// cells splits a row at its pipes, except at those behind a backslash. One at either end is a border.
func cells(row text.Segment, source []byte) []text.Segment {
	row = trim(row, source)
	said := string(row.Value(source))
	from, to := 0, len(said)
	if strings.HasPrefix(said, "|") {
		from++
	}
	if strings.HasSuffix(said, "|") {
		to--
	}
	var found []text.Segment
	for i := from; from < to; i++ {
		if i == to || said[i] == '|' && said[i-1] != '\\' {
			found = append(found, trim(text.NewSegment(row.Start+from, row.Start+i), source))
			from = i + 1
		}
	}
	return found
}

func trim(s text.Segment, source []byte) text.Segment {
	s = s.TrimLeftSpace(source)
	return s.TrimRightSpace(source)
}

// row holds as many cells as there are columns: what lacks is empty, what is too much is left out.
func row(cells []text.Segment, columns int) *table.TableRow {
	r := table.NewTableRow(nil)
	for i := range columns {
		cell := table.NewTableCell()
		if i < len(cells) {
			cell.Lines().Append(cells[i])
		}
		r.AppendChild(r, cell)
	}
	return r
}

// pipesInCode takes the backslashes from pipes in the code that cells hold. Code keeps its backslashes, but these only keep the
// cell together.
type pipesInCode struct{}

// Transform implements [parser.ASTTransformer].
func (pipesInCode) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	inCell := false
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the visitor has no errors
		switch n := n.(type) {
		case *table.TableCell:
			inCell = entering
		case *ast.Text:
			if inCell && entering && n.Parent().Kind() == ast.KindCodeSpan {
				withoutBackslash(n, reader.Source())
			}
		}
		return ast.WalkContinue, nil
	})
}

// withoutBackslash cuts a text in two at its first pipe. The walk goes on with the second.
func withoutBackslash(n *ast.Text, source []byte) {
	before, _, found := bytes.Cut(n.Value(source), []byte(`\|`))
	if !found {
		return
	}
	at := n.Segment.Start + len(before)
	n.Parent().InsertAfter(n.Parent(), n, ast.NewRawTextSegment(n.Segment.WithStart(at+1)))
	n.Segment = n.Segment.WithStop(at)
}

type tableWriter struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (tableWriter) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	for _, kind := range []ast.NodeKind{table.KindTable, table.KindTableHeader, table.KindTableRow, table.KindTableCell} {
		r.Register(kind, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
			before, after := tags(n)
			if entering {
				after = before
			}
			_, err := w.WriteString(after)
			return ast.WalkContinue, err
		})
	}
}

// tags are what stands around a node of a table.
func tags(n ast.Node) (before, after string) {
	switch n.Kind() {
	case table.KindTable:
		return "<table>\n", "</table>\n"
	case table.KindTableHeader:
		before, after = "<thead>\n<tr>\n", "</tr>\n</thead>\n"
		if n.NextSibling() != nil {
			after += "<tbody>\n"
		}
	case table.KindTableRow:
		before, after = "<tr>\n", "</tr>\n"
		if n.NextSibling() == nil {
			after += "</tbody>\n"
		}
	case table.KindTableCell:
		if n.Parent().Kind() == table.KindTableHeader {
			return "<th>", "</th>\n"
		}
		return "<td>", "</td>\n"
	}
	return before, after
}
