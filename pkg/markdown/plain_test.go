package markdown

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What is taken for plain words is what the parser would make of it.
func FuzzPlain(f *testing.F) {
	for _, said := range []string{
		"Card payments fail for some customers at the last step.", "a", "A: b; c, d? (e) 50% of f/g - h.", "www.example.com", "a. b", "Größe und Zahl.", "x\u00a0y", "é", "a--b 1) c",
	} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		if !plain(said) {
			return
		}
		for _, r := range []*Reader{New(), NewDocument(2)} {
			html, err := r.HTML(said)
			require.NoError(t, err)
			parsed, err := r.parsed(said)
			require.NoError(t, err)
			require.Equal(t, parsed, html)
			require.Equal(t, r.parsedText(said), r.Text(said))
		}
	})
}

func TestPlain(t *testing.T) {
	for said, want := range map[string]bool{
		"Card payments fail. PayPal works, and so do (most) vouchers: 5% are slow.": true,
		"": false, "1. a": false, "- a": false, "a\nb": false, "a  b": false, "a ": false, "a*b": false, "a_b": false, "a & b": false, "a <b": false, "\x00": false, "a\xff": false,
	} {
		require.Equal(t, want, plain(said), "%q", said)
	}
}
