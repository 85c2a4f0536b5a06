package terminal

import "strings"

// Column is one column of a [Table].
type Column struct {
	Title    string
	Right    bool // aligned at its end, for numbers
	Flexible bool // may be shortened where the screen is too narrow
}

// Table is rows of cells under columns. Where no column has a title there is no heading. A row may be
// shorter than the columns; cells beyond them are not shown.
type Table struct {
	Columns []Column
	Rows    [][]Span
	Indent  string
}

const (
	gap      = "  " // between columns
	minWidth = 8    // cells that a flexible column keeps, however narrow the screen
)

// Table prints a table, aligned by what the eye sees. Where a terminal is too narrow the widest flexible
// columns are shortened; whatever is not a terminal gets every word.
func (s *Screen) Table(t Table) {
	rows := t.lines()
	widths := make([]int, len(t.Columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], Width(cell.Text))
		}
	}
	if s.opts.Terminal && s.opts.Width > 0 {
		t.narrow(widths, s.opts.Width)
	}
	var b strings.Builder
	for _, row := range rows {
		s.row(&b, t, row, widths)
	}
	s.print(b.String())
}

// lines returns the heading, if there is one, and the rows, every cell harmless and on one line. What is
// empty at the end of a row is left out, so that no line ends in blanks.
func (t Table) lines() [][]Span {
	heading := make([]Span, len(t.Columns))
	for i, column := range t.Columns {
		heading[i] = Bold(column.Title)
	}
	var lines [][]Span
	for _, row := range append([][]Span{heading}, t.Rows...) {
		line, used := make([]Span, min(len(row), len(t.Columns))), 0
		for i := range line {
			line[i] = row[i]
			line[i].Text = strings.TrimRight(SafeLine(row[i].Text), " ")
			if line[i].Text != "" {
				used = i + 1
			}
		}
		lines = append(lines, line[:used])
	}
	if len(lines[0]) == 0 {
		return lines[1:]
	}
	return lines
}

// narrow takes cells from the widest flexible column until all fit, or none has a cell to spare: then
// the terminal wraps the line.
func (t Table) narrow(widths []int, screen int) {
	total := Width(t.Indent) + len(gap)*(len(widths)-1)
	for _, w := range widths {
		total += w
	}
	for ; total > screen; total-- {
		widest := -1
		for i, column := range t.Columns {
			spare := column.Flexible && widths[i] > max(minWidth, Width(column.Title))
			if spare && (widest < 0 || widths[i] > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		widths[widest]--
	}
}

// row prints one line; its last cell is not padded.
func (s *Screen) row(b *strings.Builder, t Table, row []Span, widths []int) {
	for i, cell := range row {
		if i == 0 {
			b.WriteString(t.Indent)
		} else {
			b.WriteString(gap)
		}
		cell.Text = Truncate(cell.Text, widths[i])
		padding := strings.Repeat(" ", widths[i]-Width(cell.Text))
		switch {
		case t.Columns[i].Right:
			b.WriteString(padding + s.paint(cell))
		case i == len(row)-1:
			b.WriteString(s.paint(cell))
		default:
			b.WriteString(s.paint(cell) + padding)
		}
	}
	b.WriteString("\n")
}
