package incident_test

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// The same entries in any order are the same incident, whatever is missing, damaged or hostile among
// them. None is lost, and none is changed.
func TestFoldOfRandomTimelines(t *testing.T) {
	for seed := range uint64(10_000) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := randomTimeline(seed)
		inc := incident.Fold(m.ID, m.Entries)
		for range 2 {
			r.Shuffle(len(m.Entries), func(i, j int) { m.Entries[i], m.Entries[j] = m.Entries[j], m.Entries[i] })
			requireSame(t, seed, inc, incident.Fold(m.ID, m.Entries))
		}
		untouched := inOrder(randomTimeline(seed).Entries)
		requireSame(t, seed, len(untouched), len(inc.Timeline))
		for n := range untouched {
			requireSame(t, seed, untouched[n], inc.Timeline[n])
		}
	}
}

func randomTimeline(seed uint64) *incidenttest.Marked {
	return incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
}

func inOrder(entries []incident.Entry) []incident.Entry {
	return slices.SortedFunc(slices.Values(entries), func(a, b incident.Entry) int { return cmp.Compare(a.Name, b.Name) })
}

// requireSame is a quicker require.Equal.
func requireSame(t *testing.T, seed uint64, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		require.Equal(t, want, got, "seed %d", seed)
	}
}
