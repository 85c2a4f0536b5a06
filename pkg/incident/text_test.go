package incident_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestNormalizeText(t *testing.T) {
	for _, tt := range []struct{ rule, given, want string }{
		{"nothing stays nothing", "", ""},
		{"white space alone is nothing", " \t\r\n\n  ", ""},
		{"a text stays as it is", "a\n\n  b", "a\n\n  b"},
		{"lines of another system end as ours", "a\r\nb\r\n", "a\nb"},
		{"a line end that was converted twice is one", "a\r\r\nb", "a\nb"},
		{"a carriage return inside a line is kept, to be seen", "10%\r20%\nb", "10%\r20%\nb"},
		{"blank lines before it go, its first indent stays", "\n \t\n  a", "  a"},
		{"blanks after it go", "a \n\n", "a"},
		{"blanks at the end of a line inside stay", "a  \nb", "a  \nb"},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, incident.NormalizeText(tt.given)) })
	}
}

func TestEscapeControls(t *testing.T) {
	for _, tt := range []struct {
		rule, given, want string
		count             int
	}{
		{"a text stays as it is", "a\tb\nç \u2028 日本", "a\tb\nç \u2028 日本", 0},
		{"an escape is seen", "\x1b[31mred", `\x1b[31mred`, 1},
		{"a carriage return is seen", "10%\r20%", `10%\x0d20%`, 1},
		{"DEL and C1 are seen", "\x7f\u0085", `\x7f\xc2\x85`, 2},
		{"NUL is seen", "\x00", `\x00`, 1},
		{"bytes that are not UTF-8 are seen, each", "a\xff\xfe", `a\xff\xfe`, 2},
		{"the replacement character is a character", "\ufffd", "\ufffd", 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, n := incident.EscapeControls(tt.given)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.count, n)
		})
	}
}

// A hostile text costs no more than any other of its length.
func TestNormalizeTextIsQuick(t *testing.T) {
	require.Equal(t, "a\nb", incident.NormalizeText("a"+strings.Repeat("\r", 1<<20)+"\nb"))
	require.Empty(t, incident.NormalizeText(strings.Repeat("\r\n", 1<<19)))
}

func FuzzNormalizeText(f *testing.F) {
	f.Add("\r\r\n a\r\n\n\u2028")
	f.Add("\ufeff\n\x85")
	f.Fuzz(func(t *testing.T, s string) {
		once := incident.NormalizeText(s)
		require.Equal(t, once, incident.NormalizeText(once))
		require.NotContains(t, once, "\r\n")
		require.Equal(t, once, strings.TrimRightFunc(once, unicode.IsSpace))
	})
}

// What is made visible can be kept, and only control characters were touched.
func FuzzEscapeControls(f *testing.F) {
	f.Add("\x1b[2J\xff\r\n\t\u0085")
	f.Add(`\x1b`)
	f.Fuzz(func(t *testing.T, s string) {
		text := incident.NormalizeText(s)
		got, n := incident.EscapeControls(text)
		require.True(t, utf8.ValidString(got))
		if n == 0 {
			require.Equal(t, text, got)
		}
		again, more := incident.EscapeControls(got)
		require.Equal(t, got, again)
		require.Zero(t, more)
		if got != "" && len(got) <= incident.MaxText {
			require.NoError(t, incidenttest.Entry(1, "note", incident.Entry{Kind: incident.Note, Text: got}).Check())
		}
	})
}
