package markdown

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

// goldmarks reads documents with the tables of goldmark.
func goldmarks() *Reader {
	theirs := extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))
	return &Reader{reader: goldmark.New(goldmark.WithExtensions(theirs), goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(harmless{2}, 1))))}
}

func requireGoldmarks(t *testing.T, ours, theirs *Reader, said string) {
	t.Helper()
	got, err := ours.parsed(said)
	require.NoError(t, err)
	want, err := theirs.parsed(said)
	require.NoError(t, err)
	require.Equal(t, want, got, "%q", said)
	require.Equal(t, theirs.parsedText(said), ours.parsedText(said), "%q", said)
}

// Tables are those of goldmark, to the byte.
func FuzzTables(f *testing.F) {
	for _, said := range []string{
		// the examples of the specification of GitHub's Markdown
		"| foo | bar |\n| --- | --- |\n| baz | bim |",
		"| abc | defghi |\n:-: | -----------:\nbar | baz",
		"| f\\|oo  |\n| ------ |\n| b `\\|` az |\n| b **\\|** im |",
		"| abc | def |\n| --- | --- |\n| bar | baz |\n> bar",
		"| abc | def |\n| --- | --- |\n| bar | baz |\nbar\n\nbar",
		"| abc | def |\n| --- |\n| bar |",
		"| abc | def |\n| --- | --- |\n| bar |\n| bar | baz | boo |",
		"| abc | def |\n| --- | --- |",
		// and what is odd
		"words\nbefore  \na | b\n- | -\n1 | 2\nafter", "a\n:-", "a\n--\n", "> a\n--", "> a\n--\n", "> a | b\n:- | -\n1 | 2",
		"a | b\n    -- | --\n1 | 2", "a|b\n\t-|-", "- a | b\n  - | -\n  1 | 2\n\t3 | 4", "1. | a |\n   |---|\n   | b |\n\n   words",
		"|\n|", "||\n||", "| |\n|-|\n| |\n||\n|", "|a||\n|-|-|", "|a| |\n|-|-|\n||b|", "a \\|\n:-\nb \\|\n\\||", "|\\|a\n|-|\n|\\\\|b|",
		"| `a \\| b` | *`\\|` `\\\\|`* |\n|-|-|\n| `` ` \\| \\| `` | [`\\|`](https://a.example/\\|) |\n| ` | \\|` |", "`\\|`\n\n|a|\n|-|\n|b|\n\n`\\|`",
		"[x]: https://a.example\n| [x] |\n| - |\n| ![x] <b>\\|</b> <https://b.example> |", "| a |\n| - |\n| b |\n===\n", "c\n| a |\n| - |\n| b |\n---\n", "# h | i\n-|-\n",
		"| a |\n|:|\n| b |", "| a |\n|::|", "| a |\n| - - |", "| a |\n| -:- |", "| a | b |\n| - | - |\n| - | - |\n| c |", "a\n-|\nb\n| - |", "| a |\n| - | - |\n| b |\n| - |",
		"| \u00a0 |\n|\u00a0-|", "|a|\n|-|\n|\tb\t|\n|c|  \n|d\\\n", "|a|\n|-|\n```\n|b|\n```", "<div>\n|a|\n|-|\n</div>", "|a|\n|-|\n<div>\n", "|a|\n|-|\n    b\n\n    c",
	} {
		f.Add(said)
	}
	ours, theirs := NewDocument(2), goldmarks()
	f.Fuzz(func(t *testing.T, said string) { requireGoldmarks(t, ours, theirs, said) })
}

func TestTablesOfChance(t *testing.T) {
	pieces := strings.Split("a|b c| |\\|\\\\| | | | | |\t|-|-|--|:|:-|:-: |`|``|*|[|](https://a.example)|> |- |1. |    |#|=|<b>|&amp;|\\", "|")
	ours, theirs := NewDocument(2), goldmarks()
	random := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		var b strings.Builder
		for range random.IntN(6) {
			for range random.IntN(7) {
				b.WriteString(pieces[random.IntN(len(pieces))])
				if random.IntN(2) == 0 {
					b.WriteByte('|')
				}
			}
			b.WriteByte('\n')
			if random.IntN(3) == 0 {
				b.WriteString("|-|:-\n")
			}
		}
		requireGoldmarks(t, ours, theirs, b.String())
	}
}

func TestHugeTablesAreNone(t *testing.T) {
	const columns = 10_000
	said := strings.Repeat("a|", columns) + "\n" + strings.Repeat("-|", columns) + "\n" + strings.Repeat("b\n", 10_000)
	got, err := NewDocument(1).HTML(said)
	require.NoError(t, err)
	require.NotContains(t, got, "<table>")
}
