package terminal_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func cells(texts ...string) []terminal.Span {
	row := make([]terminal.Span, len(texts))
	for i, text := range texts {
		row[i] = terminal.Plain(text)
	}
	return row
}

var incidents = terminal.Table{
	Columns: []terminal.Column{{Title: "ID"}, {Title: "TITLE", Flexible: true}, {Title: "OPEN", Right: true}, {Title: "DUE"}},
	Rows: [][]terminal.Span{
		cells("20261123-checkout-errors", "Card payments fail at the last step", "41 min", "in 2 min"),
		cells("20261122-slow-search", "Slow", "19 h"),
	},
}

func TestTable(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		opts  terminal.Options
		table terminal.Table
		want  []string
	}{
		{
			"columns are aligned, numbers at their end, and no line ends in blanks",
			terminal.Options{},
			incidents,
			[]string{
				"ID                        TITLE                                  OPEN  DUE",
				"20261123-checkout-errors  Card payments fail at the last step  41 min  in 2 min",
				"20261122-slow-search      Slow                                   19 h",
			},
		},
		{
			"a narrow terminal shortens what is flexible",
			terminal.Options{Terminal: true, Width: 60},
			incidents,
			[]string{
				"ID                        TITLE               OPEN  DUE",
				"20261123-checkout-errors  Card payments f…  41 min  in 2 min",
				"20261122-slow-search      Slow                19 h",
			},
		},
		{
			"what is left of a flexible column can still be told apart",
			terminal.Options{Terminal: true, Width: 20},
			incidents,
			[]string{
				"ID                        TITLE       OPEN  DUE",
				"20261123-checkout-errors  Card pa…  41 min  in 2 min",
				"20261122-slow-search      Slow        19 h",
			},
		},
		{
			"a narrow pipe gets every word",
			terminal.Options{Width: 60},
			terminal.Table{Columns: []terminal.Column{{Flexible: true}}, Rows: [][]terminal.Span{cells(strings.Repeat("x", 70))}},
			[]string{strings.Repeat("x", 70)},
		},
		{
			"the widest of two flexible columns is shortened first",
			terminal.Options{Terminal: true, Width: 22},
			terminal.Table{
				Columns: []terminal.Column{{Flexible: true}, {Flexible: true}},
				Rows:    [][]terminal.Span{cells("0123456789", "0123456789abcdef")},
			},
			[]string{"0123456789  012345678…"},
		},
		{
			"without titles there is no heading",
			terminal.Options{},
			terminal.Table{
				Columns: make([]terminal.Column, 2), Indent: "  ",
				Rows: [][]terminal.Span{cells("due", "customers"), cells("", "stakeholders"), cells()},
			},
			[]string{"  due  customers", "       stakeholders", ""},
		},
		{
			"what the eye sees is aligned",
			terminal.Options{},
			terminal.Table{Columns: make([]terminal.Column, 2), Rows: [][]terminal.Span{
				cells("決済エラー", "wide"), cells("cafe\u0301", "combining"), cells("🔥🇩🇪", "emoji"),
				cells("שלום", "right to left"), cells("a\u202eb", "escaped"),
			}},
			[]string{"決済エラー  wide", "cafe\u0301        combining", "🔥🇩🇪        emoji", "שלום        right to left", `a\u202eb    escaped`},
		},
		{
			"a cell stays on its line",
			terminal.Options{},
			terminal.Table{Columns: make([]terminal.Column, 2), Rows: [][]terminal.Span{cells("one\ntwo\tthree", "\x1b[2J"), cells("x ", " ")}},
			[]string{`one two three  \x1b[2J`, "x"},
		},
		{
			"cells beyond the columns are not shown",
			terminal.Options{},
			terminal.Table{Columns: make([]terminal.Column, 1), Rows: [][]terminal.Span{cells("a", "b")}},
			[]string{"a"},
		},
		{
			"colour does not disturb the columns",
			terminal.Options{Colour: true},
			terminal.Table{
				Columns: []terminal.Column{{Title: "WHEN"}, {Title: "WHO"}},
				Rows:    [][]terminal.Span{{terminal.Red("late"), terminal.Plain("customers")}, {terminal.Dim(""), terminal.Cyan("x\x1b")}},
			},
			[]string{"\x1b[1mWHEN\x1b[0m  \x1b[1mWHO\x1b[0m", "\x1b[31mlate\x1b[0m  customers", "      \x1b[36mx\\x1b\x1b[0m"},
		},
		{"a table without columns is nothing", terminal.Options{Terminal: true, Width: 80}, terminal.Table{}, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := printed(tt.opts, func(s *terminal.Screen) { s.Table(tt.table) })
			require.Equal(t, strings.Join(append(tt.want, ""), "\n"), got)
		})
	}
}
