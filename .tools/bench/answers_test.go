package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/record"
)

// The words that searches are timed with find what the rows say that they find.
func TestSought(t *testing.T) {
	const n = 30
	g := testGit(t)
	f := &fixture{shape: shape{n, 0, 0}, git: g, dir: filepath.Join(t.TempDir(), "record")}
	require.NoError(t, f.lay(t.Context(), testForms(t, g)))
	r, err := record.Open(t.Context(), record.Place{Dir: f.dir, How: record.ByFlag, Exists: true}, g.options(time.Now))
	require.NoError(t, err)
	d, err := r.Read(t.Context())
	require.NoError(t, err)
	defer d.Close()
	all, err := d.All()
	require.NoError(t, err)
	for _, s := range sought {
		found := 0
		for _, inc := range all {
			var text strings.Builder
			for _, e := range inc.Timeline {
				text.WriteString(strings.ToLower(e.Text) + "\n")
			}
			holds := true
			for _, w := range s.words(storyOf(n-1, n)) {
				holds = holds && strings.Contains(text.String(), w)
			}
			if holds {
				found++
			}
		}
		require.Equal(t, map[string]int{"one": 1, "all": n}[s.name], found, s.name)
	}
}
