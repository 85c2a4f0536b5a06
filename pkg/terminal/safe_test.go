package terminal_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func TestSafe(t *testing.T) {
	for _, tt := range []struct{ rule, text, want string }{
		{"plain text stays", "Checkout fails for 1 in 5", "Checkout fails for 1 in 5"},
		{"letters of every script stay", "決済 Ошибка שלום é ü ñ", "決済 Ошибка שלום é ü ñ"},
		{"combining marks stay", "e\u0301", "e\u0301"},
		{"emoji and their form stay", "🔥 ⚠\ufe0f 🇩🇪", "🔥 ⚠\ufe0f 🇩🇪"},
		{"newlines and tabs stay", "a\n\tb", "a\n\tb"},
		{"the end of a line on Windows is a newline", "a\r\nb", "a\nb"},
		{"a carriage return cannot write over what is there", "paid\rfree", `paid\x0dfree`},
		{"an escape sequence is only text", "\x1b[2J\x1b]0;title\x07", `\x1b[2J\x1b]0;title\x07`},
		{"a bell, a backspace and a delete are seen", "\a\b\x7f", `\x07\x08\x7f`},
		{"a null is seen", "\x00", `\x00`},
		{"an 8-bit escape sequence is only text", "\u009b31m", `\u009b31m`},
		{"a byte that is not UTF-8 is seen", "caf\xe9 \xff", `caf\xe9 \xff`},
		{"a surrogate in UTF-8 is bytes", "\xed\xa0\x80", `\xed\xa0\x80`},
		{"the replacement character stays", "\ufffd", "\ufffd"},
		{"text cannot be turned round", "a\u202etxt.exe\u202c", `a\u202etxt.exe\u202c`},
		{"isolates and marks are seen", "\u2066\u2069\u200e\u200f\u061c", `\u2066\u2069\u200e\u200f\u061c`},
		{"zero-width characters are seen", "pay\u200bpal\u200d\u2060\ufeff", `pay\u200bpal\u200d\u2060\ufeff`},
		{"other ways to end a line are seen", "a\u2028b\u2029c\u0085", `a\u2028b\u2029c\u0085`},
		{"tags cannot carry a hidden message", "\U000e0041\U000e007f", `\U000e0041\U000e007f`},
		{"variation selectors cannot carry one either", "a\ufe00\U000e0100", `a\ufe00\U000e0100`},
		{"fillers that show nothing are seen", "\u3164\u115f\u034f", `\u3164\u115f\u034f`},
		{"soft hyphens are seen", "pay\u00adment", `pay\u00adment`},
		{"private use means nothing to others", "\ue0b0\U0010fffd", `\ue0b0\U0010fffd`},
		{"what is no character is seen", "\ufdd0\U0001ffff", `\ufdd0\U0001ffff`},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, terminal.Safe(tt.text)) })
	}
}

func TestSafeLine(t *testing.T) {
	for _, tt := range []struct{ rule, text, want string }{
		{"what is on one line stays", "Checkout errors", "Checkout errors"},
		{"line breaks and tabs become blanks", "a\nb\r\nc\td", "a b c d"},
		{"a lone carriage return is seen", "a\rb", `a\x0db`},
		{"everything else is as in Safe", "\x1b[1A", `\x1b[1A`},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, terminal.SafeLine(tt.text)) })
	}
}

func TestSafeCopiesNothingThatIsSafe(t *testing.T) {
	text := strings.Repeat("Checkout fails – 決済 🔥\n", 100)
	require.Zero(t, testing.AllocsPerRun(10, func() { terminal.Safe(text) }))
}

// requireHarmless states the rule for the tests in other words than the code does.
func requireHarmless(t *testing.T, s string) {
	t.Helper()
	require.True(t, utf8.ValidString(s), "%q", s)
	for _, r := range s {
		switch {
		case r == '\n', r == '\t', r == '\ufe0e', r == '\ufe0f':
		case unicode.IsControl(r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Noncharacter_Code_Point, r):
			require.Fail(t, "harmful", "%U in %q", r, s)
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp):
			require.Fail(t, "harmful", "%U in %q", r, s)
		}
	}
}

func FuzzSafe(f *testing.F) {
	f.Add("\x1b[31mred\x1b[0m\r\n\r\xff\u202e\U000e0041 ok")
	f.Add("\r\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		safe := terminal.Safe(text)
		requireHarmless(t, safe)
		require.Equal(t, safe, terminal.Safe(safe), "what is safe stays as it is")

		line := terminal.SafeLine(text)
		requireHarmless(t, line)
		require.NotContains(t, line, "\n")
		require.NotContains(t, line, "\t")
		require.Equal(t, line, terminal.SafeLine(line))

		plain := strings.Map(func(r rune) rune {
			if r == '\n' || unicode.IsGraphic(r) && !unicode.In(r, unicode.M, unicode.Other_Default_Ignorable_Code_Point) {
				return r
			}
			return -1
		}, text)
		require.Equal(t, plain, terminal.Safe(plain), "plain text is not changed")
	})
}
