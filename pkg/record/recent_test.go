package record_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
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
	few := seen(1000) // two folders, then for each incident two folders and three entries
	require.Len(t, few, 3)
	require.Equal(t, all[:3], few)

	_, err := b.reader(b.open()).All() // fills the cache
	require.NoError(t, err)
	require.Equal(t, all, seen(2*50+incidents*3))
	require.Less(t, len(seen(2*50+incidents)), incidents)
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
	require.NoError(t, b.reader(b.open()).Recent(800, func(inc incident.Incident) { ids = append(ids, inc.ID) }))
	require.Equal(t, []string{short}, ids)
}
