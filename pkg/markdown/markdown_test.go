package markdown_test

import (
	"strings"
	"testing"

	"github.com/microcosm-cc/bluemonday"
	"github.com/stretchr/testify/require"

	"incident/pkg/markdown"
)

// strict is what may stand in an update.
func strict() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr")
	p.AllowAttrs("start").OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireNoFollowOnLinks(true)
	p.RequireNoReferrerOnLinks(true)
	return p
}

func TestMarkdownIsHarmless(t *testing.T) {
	for said, want := range map[string]string{
		"Payments **fail** for `card`.":              "<p>Payments <strong>fail</strong> for <code>card</code>.</p>",
		"<script>alert(1)</script>":                  "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
		"Write <your-name>, then <b>go</b>.":         "<p>Write &lt;your-name&gt;, then &lt;b&gt;go&lt;/b&gt;.</p>",
		"<div>\na & b\n\nmore":                       "<p>&lt;div&gt;\na &amp; b</p>\n<p>more</p>",
		"a <b onclick=x>b</b> c":                     "<p>a &lt;b onclick=x&gt;b&lt;/b&gt; c</p>",
		"![alt](https://evil.example/i.png)":         "<p>alt</p>",
		"[x](javascript:alert(1)) [y](/etc/passwd)":  "<p>x y</p>",
		"[x](https://example.com \"t\")":             `<p><a href="https://example.com" rel="nofollow noreferrer">x</a></p>`,
		"# Big":                                      "<p>Big</p>",
		"<javascript:alert(1)>":                      "<p>javascript:alert(1)</p>",
		"[![i](data:x)](data:text/html,x) \u202eabc": "<p>i abc</p>",
		"a&#8238;b &rlm;c &#27;[31m <scr&#8203;ipt>": "<p>ab c [31m &lt;script&gt;</p>",
	} {
		got, err := markdown.New().HTML(said)
		require.NoError(t, err)
		require.Equal(t, want, strings.TrimSpace(string(got)), said)
	}
}

func TestText(t *testing.T) {
	for said, want := range map[string]string{
		"Payments **fail** for\n`card`.\n\nPayPal works.":         "Payments fail for\ncard.\n\nPayPal works.",
		"Do this:\n\n1. wait\n2. try [again](https://a.example)":  "Do this:\n1. wait\n2. try again (https://a.example)",
		"- one\n  - two\n- three\n\n  more":                       "- one\n  - two\n- three\n\n  more",
		"<b>a</b> <https://a.example> ![x](y)":                    "<b>a</b> https://a.example x",
		"    code\n    more\n\nwords":                             "code\nmore\n\nwords",
		"by 15\\:00 \\&amp\\; 5 \\* 3 &lt; &#92;* a\\b `\\:&lt;`": "by 15:00 &amp; 5 * 3 < \\* a\\b \\:&lt;",
		"": "",
	} {
		require.Equal(t, want, markdown.New().Text(said), said)
	}
}

func TestTextOfTables(t *testing.T) {
	for said, want := range map[string]string{
		"Who does what:\n\n| What | Who |\n|---|---|\n| **Drain** `a \\| b` | [Ana](https://a.example) |\n| Tell | |\n\nThat is all.": "Who does what:\n\nWhat | Who\nDrain a | b | Ana (https://a.example)\nTell | \n\nThat is all.",
		"- | a | b |\n  |---|---|\n  | c | d |": "- a | b\n  c | d",
		"Words\na | b\n:- | -":                  "Words\n\na | b",
	} {
		require.Equal(t, want, markdown.NewDocument(1).Text(said), said)
	}
}

func TestDocument(t *testing.T) {
	got, err := markdown.NewDocument(3).HTML("# Report\n\n### Deep\n\n## Next\n\n| a | b |\n| :- | -: |\n| <b> | [x](javascript:y) |\n")
	require.NoError(t, err)
	require.Equal(t, "<h3>Report</h3>\n<h4>Deep</h4>\n<h4>Next</h4>\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>&lt;b&gt;</td>\n<td>x</td>\n</tr>\n</tbody>\n</table>\n", string(got))
}

// Whatever people write, bluemonday finds nothing to take out of what is made of it.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"[a](b)", "<a href=x>", "![x](y \"z\")", "# h\n===", "- [ ] <http://a.b?c&d>", "a\n\n    code <b>", "&#106;avascript:", "[x]: javascript:1\n[x]", "```js\n<script>\n```", "1) a\n2) b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		got, err := markdown.New().HTML(said)
		require.NoError(t, err)
		bare := func(s string) string { // addresses may be spelled otherwise
			for {
				before, rest, found := strings.Cut(s, ` href="`)
				if !found {
					break
				}
				_, rest, _ = strings.Cut(rest, `"`)
				s = before + rest
			}
			return strings.NewReplacer("&#34;", "&quot;", "&#39;", "'", " />", ">", "/>", ">").Replace(s)
		}
		require.Equal(t, bare(strict().Sanitize(string(got))), bare(string(got)), "%q", said)
	})
}
