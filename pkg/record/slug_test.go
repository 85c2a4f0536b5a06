package record

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

func TestSlug(t *testing.T) {
	for _, tt := range []struct{ title, want string }{
		{"Checkout errors", "checkout-errors"},
		{"  CHECKOUT -- errors!!  ", "checkout-errors"},
		{"Störung im Bezahlvorgang, größer", "storung-im-bezahlvorgang-grosser"},
		{"Оплата не работает", "oplata-ne-rabotaet"},
		{"支付失败", "zhi-fu-shi-bai"},
		{"エラー発生", "erafa-sheng"},
		{"خطأ في الدفع", "kht-fy-ldf"},
		{"Façade naïve café", "facade-naive-cafe"},
		{"Can't pay, customers’ cards", "cant-pay-customers-cards"},
		{"p99 > 9s @ 100%", "p99-9s-100"},
		{"🔥🔥🔥", ""},
		{"", ""},
		{"   ", ""},
		{"!?…", ""},
		{"con", "con-incident"},
		{"NUL", "nul-incident"},
		{"com1", "com1-incident"},
		{"LPT9", "lpt9-incident"},
		{"con errors", "con-errors"},
		{"../../etc/passwd", "etc-passwd"},
		{".git", "git"},
		{"-rf", "rf"},
		{"a\x00b\x1b[31m", "a-b-31m"},
		{"\xff\xfe broken", "broken"},
		{strings.Repeat("x", 100), strings.Repeat("x", 48)},
		{"payments " + strings.Repeat("y", 40), "payments"},
		{"aaaaaaaa bbbbbbbb cccccccc dddddddd eeeeeeee fff", "aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee-fff"},
		{"aaaaaaaa bbbbbbbb cccccccc dddddddd eeeeeeee ffff", "aaaaaaaa-bbbbbbbb-cccccccc-dddddddd-eeeeeeee"},
	} {
		t.Run(tt.title, func(t *testing.T) { require.Equal(t, tt.want, Slug(tt.title)) })
	}
	require.Equal(t, Slug("日本"), Slug("日本"+strings.Repeat(" ", 1<<20)), "however long the title is")
}

var slugPattern = regexp.MustCompile(`^(?:[a-z0-9]+(?:-[a-z0-9]+)*)?$`)

// A slug is a good folder name on every system, whatever the title, and numbered it stays one.
func FuzzSlug(f *testing.F) {
	f.Add("Störung 支付 🔥 con", 2)
	f.Add(strings.Repeat("x", 50), 12345)
	f.Fuzz(func(t *testing.T, title string, n int) {
		slug := Slug(title)
		require.Regexp(t, slugPattern, slug)
		require.LessOrEqual(t, len(slug), maxSlug)
		require.False(t, reserved[slug])
		require.Equal(t, slug, Slug(slug), "a slug is its own slug")
		if n < 1 {
			return
		}
		name := numbered(slug, n)
		require.LessOrEqual(t, len(name), maxSlug)
		id := makeID(time.Date(2026, 11, 23, 23, 0, 0, 0, time.FixedZone("", -3*3600)), name)
		require.True(t, validID(id), id)
		require.Equal(t, "20261124-"+name, id)
		require.Equal(t, name, slugOf(id))
	})
}

var idPattern = regexp.MustCompile(`^\d{8}-[a-z0-9]+(?:-[a-z0-9]+)*$`)

func FuzzValidID(f *testing.F) {
	for _, id := range []string{"20261123-checkout-errors", "20261123--a", "20261123-a-", "20261123-", "20261123-ä", "2026112x-a", "20261123-a\n"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) { require.Equal(t, idPattern.MatchString(id), validID(id)) })
}

func TestNumbered(t *testing.T) {
	for _, tt := range []struct {
		slug string
		n    int
		want string
	}{
		{"checkout-errors", 1, "checkout-errors"},
		{"checkout-errors", 2, "checkout-errors-2"},
		{"", 1, "1"},
		{"", 2, "2"},
		{strings.Repeat("x", 48), 1, strings.Repeat("x", 48)},
		{strings.Repeat("x", 48), 10, strings.Repeat("x", 45) + "-10"},
		{strings.Repeat("x", 45) + "-yy", 2, strings.Repeat("x", 45) + "-2"},
	} {
		require.Equal(t, tt.want, numbered(tt.slug, tt.n))
	}
}

func TestLayout(t *testing.T) {
	const id = "20261123-checkout-errors"
	require.Equal(t, "incidents/2026/11/23/checkout-errors/timeline/x.md", PathOf(id, "x"))
	require.Equal(t, "incidents/2026/11/23/checkout-errors/postmortem.md", PostmortemPath(id))
	require.True(t, isKept(PathOf(id, "x")))
	require.True(t, isKept("incidents/2026/11/23/checkout-errors/attachments/x.png"))
	for _, path := range []string{PostmortemPath(id), ConfigPath, "incidents/x", "incidents/2026/11/23/a/timeline/x/y", "x/" + PathOf(id, "x")} {
		require.False(t, isKept(path), path)
	}
	for _, id := range []string{
		"", "x", "20261123", "20261123-", "20261123-../x", "20261123-a/b", "20261123-A", "20261123--a", "20261123-a-", "2026112-a", "20261123-a\n",
		"../../../-x", "20261123-a.b", "/etc/passwd", "20261123-ä", "２０２６1123-a",
	} {
		require.False(t, validID(id), id)
		require.Empty(t, PathOf(id, "x"), id)
		require.Empty(t, PostmortemPath(id), id)
		_, err := dirOf(id)
		require.ErrorIs(t, err, ErrInvalid)
	}
	require.Empty(t, PathOf(id, "../x"))
}

func TestAttributes(t *testing.T) {
	for _, tt := range []struct{ rule, old, want string }{
		{"no file", "", attributes},
		{"other lines", "*.png binary\n", "*.png binary\n" + attributes},
		{"no line end at the end", "*.png binary", "*.png binary\n" + attributes},
		{"both lines", attributes, ""},
		{"both lines among others", "# x\n" + attributes + "*.png binary\n", ""},
		{"both lines of a Windows editor", strings.ReplaceAll("# x\n"+attributes, "\n", "\r\n"), ""},
		{"both lines without a line end", strings.TrimSuffix(attributes, "\n"), ""},
		{"only the first", "incidents/** text eol=lf\n", "incidents/** text eol=lf\n" + attributes},
		{"only the second", "incidents/**/attachments/** -text\n", "incidents/**/attachments/** -text\n" + attributes},
		{"the wrong way round", "incidents/**/attachments/** -text\nincidents/** text eol=lf\n", "incidents/**/attachments/** -text\nincidents/** text eol=lf\n" + attributes},
		{"more on the line", "incidents/** text eol=lf foo\nincidents/**/attachments/** -text\n", "incidents/** text eol=lf foo\nincidents/**/attachments/** -text\n" + attributes},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, missing := withAttributes(tt.old)
			require.Equal(t, tt.want != "", missing)
			if missing {
				require.Equal(t, tt.want, got)
				_, again := withAttributes(got)
				require.False(t, again)
			}
		})
	}
}

func TestSafeFileName(t *testing.T) {
	for name, want := range map[string]string{
		"graph.png": "graph.png", "Graph of today.PNG": "graph-of-today.png", "a.tar.gz": "a-tar.gz", ".bashrc": "file.bashrc",
		"": "file", "...": "file", "日本.txt": "ri-ben.txt", "-rf": "rf", "../../x": "x", `C:\x\y.log`: "c-x-y.log", "con": "con-incident",
		"x.con": "x.con", "🔥.🔥": "file", "a\x1b[31m.txt": "a-31m.txt", strings.Repeat("x", 300) + "." + strings.Repeat("y", 300): strings.Repeat("x", 48) + "." + strings.Repeat("y", 48),
	} {
		got := safeFileName(name)
		require.Equal(t, want, got, name)
		require.True(t, incident.Attachment{File: got}.Plain(), got)
	}
}
