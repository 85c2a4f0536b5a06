package terminal_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func TestWidth(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		want       int
	}{
		{"nothing takes nothing", "", 0},
		{"a letter takes one cell", "checkout", 8},
		{"accents take none of their own", "e\u0301te\u0301", 3},
		{"wide characters take two", "決済", 4},
		{"Hangul takes two", "한글", 4},
		{"emoji take two", "🔥🚑", 4},
		{"a flag is one emoji", "🇩🇪", 2},
		{"an emoji with a skin colour is one", "👍🏽", 2},
		{"a sign that is asked to be an emoji takes two", "⚠\ufe0f", 2},
		{"letters from right to left take one", "שלום", 4},
		{"a thousand marks take the cell of their letter", "e" + strings.Repeat("\u0301", 1000), 1},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, terminal.Width(tt.text)) })
	}
}

func TestTruncate(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		width      int
		want       string
	}{
		{"what fits stays", "checkout", 8, "checkout"},
		{"the last cell says that more follows", "checkout", 7, "checko…"},
		{"a wide character is not cut in two", "決済エラー", 6, "決済…"},
		{"an accent stays with its letter", "cafe\u0301s", 5, "cafe\u0301s"},
		{"a letter goes with its accent", "cafe\u0301s", 4, "caf…"},
		{"a flag is not cut in two", "🇩🇪🇫🇷", 3, "🇩🇪…"},
		{"one cell is enough to say that there is text", "checkout", 1, "…"},
		{"without room there is nothing", "checkout", 0, ""},
		{"less than no room is no room", "checkout", -3, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, terminal.Truncate(tt.text, tt.width)) })
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		width      int
		indent     string
		want       string
	}{
		{"what fits stays", "one two", 7, "", "one two"},
		{"lines break between words", "one two three", 8, "", "one two\nthree"},
		{"the indent counts", "one two three", 9, "  ", "  one two\n  three"},
		{"line breaks stay, empty lines have no blanks", "one\n\ntwo\n", 20, "  ", "  one\n\n  two\n"},
		{"a mark before the lines stays on empty ones", "one\n\ntwo", 20, "> ", "> one\n>\n> two"},
		{"a line that fits keeps its blanks", "a    b", 20, "", "a    b"},
		{"an indented line goes on under its start", "  one two three", 10, "", "  one two\n  three"},
		{
			"a long word is not cut", "see https://status.example.com/20261123-7k3fqd now", 10, "",
			"see\nhttps://status.example.com/20261123-7k3fqd\nnow",
		},
		{
			"an identifier is not broken at its hyphens", "in 20261123-checkout-errors", 20, "",
			"in\n20261123-checkout-errors",
		},
		{"languages without blanks break between characters", "決済が失敗します", 8, "", "決済が失\n敗します"},
		{"wide characters count twice", "決済 fails", 9, "", "決済\nfails"},
		{"tabs become blanks", "a\tb", 20, "", "a    b"},
		{"escapes count as they are shown", "\x1b[1m one", 8, "", "\\x1b[1m\none"},
		{"without a width there are only the text's own breaks", "one two\nthree", 0, "  ", "  one two\n  three"},
		{"an indent as wide as the screen does no harm", "one two", 2, "    ", "    one two"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, terminal.Wrap(tt.text, tt.width, tt.indent))
		})
	}
}

// No line of words that fit is too long, and nothing but blanks and breaks is lost.
func FuzzWrap(f *testing.F) {
	f.Add("one two  three\n  決済が失敗 a-b/c 🔥", uint8(8))
	f.Fuzz(func(t *testing.T, text string, width uint8) {
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		wrapped := terminal.Wrap(text, int(width), "")
		require.Equal(t, squeeze(terminal.Safe(text)), squeeze(wrapped))
		for line := range strings.SplitSeq(wrapped, "\n") {
			if width > 0 && terminal.Width(line) > int(width) {
				require.NotContains(t, strings.TrimLeft(line, " "), " ", "a line that is too long is one word")
			}
			cut := terminal.Truncate(line, int(width))
			require.LessOrEqual(t, terminal.Width(cut), int(width))
		}
	})
}
