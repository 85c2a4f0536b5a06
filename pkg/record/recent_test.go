package record_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
)

// A hint comes as far as its work allows, the newest first, and further with a cache than without.
func TestRecentIsBounded(t *testing.T) {
	b := newBox(t)
	r := b.init()
	const incidents = 12
	for n := range incidents {
		id := b.write(r, opening(fmt.Sprintf("Checkout errors %02d", n))).Incident.ID
		b.write(r, moved(id, incident.Resolved))
		b.write(r, moved(id, incident.Closed))
	}
	seen := func(work int) (ids []string) {
		require.NoError(t, b.reader(b.open()).Recent(work, func(inc incident.Incident) { ids = append(ids, inc.ID) }))
		return ids
	}
	require.NoError(t, os.RemoveAll(b.cacheDir()))
	require.Empty(t, seen(0))
	all := seen(1 << 40)
	require.Len(t, all, incidents)
	few := seen(200) // two folders, then for each incident two folders and three entries
	require.Len(t, few, 3)
	require.Equal(t, all[:3], few)

	_, err := b.reader(b.open()).All() // fills the cache
	require.NoError(t, err)
	require.Equal(t, all, seen(10+incidents*3+1)) // the folder of the month
	require.Less(t, len(seen(10+incidents)), incidents)
}

// One incident with thousands of entries does not keep the others from being seen.
func TestRecentPassesOverWhatIsTooLong(t *testing.T) {
	b := newBox(t)
	r := b.init()
	long := b.write(r, opening("A long one")).Incident.ID
	for n := range 20 {
		b.write(r, note(long, fmt.Sprintf("note %d", n)))
	}
	short := b.write(r, opening("Then a short one")).Incident.ID
	require.NoError(t, os.RemoveAll(b.cacheDir()))
	var ids []string
	require.NoError(t, b.reader(b.open()).Recent(200, func(inc incident.Incident) { ids = append(ids, inc.ID) }))
	require.Equal(t, []string{short}, ids)
}

// BenchmarkRecent is what a hint takes that goes as far as it may in a large record, in a new process: with a cache of all
// incidents, with one of the open ones alone, and without one.
func BenchmarkRecent(b *testing.B) {
	r := large(b, 10_000)
	dir := filepath.Join(r.Dir(), ".git", "incident", "cache")
	for _, bm := range []struct {
		name string
		fill func(*record.Reader) error
	}{
		{"all cached", func(d *record.Reader) error { _, err := d.All(); return err }},
		{"open cached", func(d *record.Reader) error { _, err := d.Open(); return err }},
		{"no cache", func(*record.Reader) error { return nil }},
	} {
		b.Run(bm.name, func(b *testing.B) {
			again := func() *record.Record {
				r, err := record.Open(b.Context(), record.Place{Dir: r.Dir(), Exists: true}, record.Options{Env: func(string) string { return "" }, Environ: os.Environ(), Now: func() time.Time { return incidenttest.At(0) }, User: func() string { return "ana" }, Warn: func(string) {}})
				require.NoError(b, err)
				return r
			}
			require.NoError(b, os.RemoveAll(dir))
			d, err := again().Read(b.Context())
			require.NoError(b, err)
			require.NoError(b, bm.fill(d))
			require.NoError(b, d.Close())
			like := incident.Likeness(incident.Incident{Title: "Card payments fail at the checkout"})
			seen := 0
			for b.Loop() {
				b.StopTimer()
				fresh := again()
				b.StartTimer()
				d, err := fresh.Read(b.Context())
				require.NoError(b, err)
				seen = 0
				require.NoError(b, d.Recent(5000, func(inc incident.Incident) {
					seen++
					like(inc)
				}))
				require.NoError(b, d.Close())
			}
			b.ReportMetric(float64(seen), "incidents")
		})
	}
}
