package postmortem_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/postmortem"
)

func TestBlocks(t *testing.T) {
	doc := []byte("a\n<!-- incident:begin told -->\nx\n\n<!-- incident:end told -->\r\n> <!-- incident:begin moves -->\n<!-- incident:begin moves -->\n<!-- incident:end moves -->")
	found, err := postmortem.Blocks(doc)
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, []any{"told", 2, 31, 34, ""}, []any{found[0].Name, found[0].Line, found[0].Start, found[0].End, found[0].Sum})
	require.Equal(t, "x\n\n", string(doc[found[0].Start:found[0].End]))
	require.Equal(t, "moves", found[1].Name)
	require.Empty(t, string(doc[found[1].Start:found[1].End]))
}

func TestBlocksThatDoNotPair(t *testing.T) {
	const a, endA, b = "<!-- incident:begin a -->\n", "<!-- incident:end a -->\n", "<!-- incident:begin b -->\n"
	for _, tt := range []struct{ rule, doc, problem string }{
		{"one that nothing ends", "\n" + a, `nothing ends the block "a", which line 2 began`},
		{"one inside another", a + b, `line 2 begins the block "b" inside "a", which line 1 began`},
		{"one that comes twice", a + endA + a + endA, `line 3 begins the block "a" again, after line 1`},
		{"an end without a beginning", "\n\n" + endA, `line 3 ends the block "a", which nothing began`},
		{"an end of another one", b + endA, `line 2 ends the block "a" inside "b", which line 1 began`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := postmortem.Blocks([]byte(tt.doc))
			require.EqualError(t, err, tt.problem)
		})
	}
}
