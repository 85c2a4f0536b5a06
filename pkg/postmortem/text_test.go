package postmortem

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func TestInline(t *testing.T) {
	for _, tt := range []struct{ rule, in, want string }{
		{"plain words stay as they are", "p99 of payments-api at 9 s, 5% of all (4711)", "p99 of payments-api at 9 s, 5% of all (4711)"},
		{"it is one line", "a\r\n\tb\n\n c ", "a b c"},
		{"a marker cannot be forged, nor found by a search for its text", "<!-- incident:end told -->", "&lt;!-- incident:end told --&gt;"},
		{"emphasis shows as written", "*a* and __b__", `\*a\* and \_\_b\_\_`},
		{"names in snake case stay readable", "settlement_log_2", "settlement_log_2"},
		{"code stays code", "lock on `settlement_log`!", "lock on `settlement_log`!"},
		{"other backticks show as written", "``a` b` ```", "\\`\\`a` b` \\`\\`\\`"},
		{"code with markup in it shows as written", "`<b>`", "\\`&lt;b>\\`"},
		{"a pipe ends no cell", "a | b", `a \| b`},
		{"a link shows as written", "[a](https://b)", `\[a\](https://b)`},
		{"what begins a block at the start of a line does not", "# a", `\# a`},
		{"nor does a list", "- a", `\- a`},
		{"nor does a numbered list", "12. a", `12\. a`},
		{"nor does a quote", "> a", `\> a`},
		{"but numbers and signs are no lists", "-5 to 1.5", "-5 to 1.5"},
		{"an entity shows as written", "&lt; & &c", `\&lt; & &c`},
		{"a backslash shows as written", `\<b>`, `\\&lt;b>`},
		{"hidden characters can be seen", "a\u202eb\x00\xff", `a\\u202eb\\x00\\xff`},
		{"letters of all scripts stay", "Ошибка 支払い ❤️", "Ошибка 支払い ❤️"},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, inline(tt.in)) })
	}
	require.LessOrEqual(t, utf8.RuneCountInString(inline(strings.Repeat("wörter ", 1000))), 202)
}

func TestExcerpt(t *testing.T) {
	for _, tt := range []struct {
		rule, in, want string
		more           bool
	}{
		{"a short text is all there", "rollback 8 of 12 hosts", "rollback 8 of 12 hosts", false},
		{"lines of one paragraph become one", "a\nb", "a b", false},
		{"of several paragraphs the first is shown", "\n\nfirst\n\nsecond", "first", true},
		{"fences are left out", "```text\n504 POST\n```", "504 POST", false},
		{"a long one is cut at the end of a word", "one two three four five six", "one two three four five …", true},
		{"one that has no words is cut all the same", strings.Repeat("é", 100), strings.Repeat("é", 24) + " …", true},
		{"nothing is nothing", " \n", "", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, more := excerpt(tt.in, 24)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.more, more)
		})
	}
}

func TestQuote(t *testing.T) {
	for _, tt := range []struct{ rule, in, want string }{
		{"each line is in the quote", "a\n\n\nb", "> a\n>\n> b"},
		{"emphasis, lists and links are kept", "**a**\n- [b](https://c) `d`", "> **a**\n> - [b](https://c) `d`"},
		{"a heading is none", "# a\n- ## b\n> # c", "> \\# a\n> - \\## b\n> > \\# c"},
		{"a line under a text makes no heading", "a\n===\nb\n--\n- ---", "> a\n> \\===\n> b\n> \\--\n> \\- ---"},
		{"a line across is none", "***\n- - -\n_ _ _", "> \\***\n> \\- - -\n> \\_ _ _"},
		{"a fence is none", "```go\n# a\n  ~~~~", "> \\`\\`\\`go\n> \\# a\n>   \\~\\~\\~\\~"},
		{"HTML is text", "<b>a</b> <!-- b --> 1 < 2", "> &lt;b>a&lt;/b> &lt;!-- b --&gt; 1 < 2"},
		{"no picture is loaded", "![a](https://b)", "> !\\[a](https://b)"},
		{"no link is defined for other texts", "[a]: https://b\n[c\nd]: https://e\n[f](https://g)", "> \\[a]: https://b\n> \\[c\n> d]: https://e\n> [f](https://g)"},
		{"a backslash before markup does not set it free", "\\<b> \\![a](b)", "> \\&lt;b> \\!\\[a](b)"},
		{"hidden characters can be seen", "a\u200b\rb", "> a\\u200b\\x0db"},
		{"nothing is nothing", "\n \n", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, more := quote(tt.in, 1000)
			require.Equal(t, Quote(tt.want), got)
			require.False(t, more)
		})
	}
	long, more := quote(strings.Repeat("é", 10), 5)
	require.Equal(t, Quote("> éé …"), long)
	require.True(t, more)
}

// What cannot be seen on a terminal cannot be seen in a document.
func TestVisibleAgreesWithTheTerminal(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		if r == 0x20000 { // the planes of rare letters, and those of nothing
			r = 0xe0000
		}
		if s := string(r); r != '\t' && terminal.Safe(s) != visible(s) {
			require.Equal(t, terminal.Safe(s), visible(s), "%U", r)
		}
	}
	require.Equal(t, terminal.Safe("a\r\nb\xff\xc3"), visible("a\r\nb\xff\xc3"))
}

// Whatever a text is, one line stays one line and a quote stays a quote, without markup, headings or fences.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "# a\n===\n", "- > 1. # a", "```\n~~~", "<b> <!-- a --> --!>", "![a](b)\n[c]: d", "`a` ``b`` \\`c", "\u202e\x00\xff\r\n\t", "> - ***\n- - -", "a_b_ *c* &amp; | ~", "\\`]`"} {
		f.Add(s)
	}
	markup := regexp.MustCompile(`<[A-Za-z/!?]|--!?>|!\[`)
	lead := regexp.MustCompile("(?m)^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]+[.)][ \t]))*[ \t]*(?:#|```|~~~|=+$|--+$|[*_]{3,}$)")
	code := regexp.MustCompile("((?:^|[^\\\\])(?:\\\\\\\\)*)`[^`]+`") // a backslash before it that is itself escaped ends nothing
	f.Fuzz(func(t *testing.T, s string) {
		whole, _ := quote(s, 1<<10)
		for line := range strings.Lines(string(whole)) {
			require.Equal(t, byte('>'), line[0])
		}
		require.Empty(t, lead.FindAllString(string(whole), -1))
		short, _ := excerpt(s, 100)
		for _, out := range []string{string(whole), inline(s), short} {
			require.Empty(t, markup.FindAllString(out, -1))
			require.Equal(t, -1, strings.IndexFunc(out, func(r rune) bool { return r != '\n' && hidden(r) }))
			require.True(t, utf8.ValidString(out))
		}
		for _, out := range []string{inline(s), short} {
			require.NotContains(t, out, "\n")
			require.Equal(t, strings.TrimSpace(out), out)
			require.NotRegexp(t, `^(?:#|>|[-+*]( |$)|[0-9]+[.)]( |$)|=+$|--|~|\[)`, out)
			require.NotRegexp(t, `(?:^|[^\\])(?:\\\\)*[|*~\[\]]`, code.ReplaceAllString(out, "$1"))
		}
	})
}
