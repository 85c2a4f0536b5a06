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

// An incident with further entries is what all of them make, whatever is missing among them, and is itself as it was.
func TestWithIsFoldOfAll(t *testing.T) {
	for seed := range uint64(5_000) {
		r := rand.New(rand.NewPCG(seed, 3))
		entries := inOrder(randomTimeline(seed).Entries)
		if len(entries) == 0 {
			continue
		}
		first, second := r.IntN(len(entries)+1), 1+r.IntN(len(entries))
		first, second = min(first, second), max(first, second)
		base := incident.Fold("x", entries[:first])
		before := incident.Fold("x", entries[:first])
		more := base.With(entries[first:second]...)
		all := more.With(entries[second:]...)
		base.With(note(1_000_000, "zzzz", incident.Customer, "Another.")) // what else is made of one changes nothing
		more.With(note(1_000_000, "zzzz", incident.Customer, "Another."))
		requireSame(t, seed, incident.Alone(incident.Fold("x", entries)), incident.Alone(all))
		requireSame(t, seed, incident.Alone(incident.Fold("x", entries[:second])), incident.Alone(more))
		requireSame(t, seed, incident.Alone(before), incident.Alone(base))
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

// Whether an incident is closed can be told from the entries that move its status, without the others.
func TestMovesStatusFindsAllThatDecide(t *testing.T) {
	closed := 0
	for seed := range uint64(5000) {
		m := randomTimeline(seed)
		m.Entries = append(m.Entries, closing(rand.New(rand.NewPCG(seed, 2)))...)
		// As they are decoded: what says one thing in its name and another inside is not taken for either.
		m.Entries = slices.DeleteFunc(m.Entries, func(e incident.Entry) bool {
			n, err := incident.ParseName(e.Name)
			return err == nil && e.Kind != incident.Unreadable && n.Label != e.Label()
		})
		deciding := slices.DeleteFunc(slices.Clone(m.Entries), func(e incident.Entry) bool { return !incident.MovesStatus(e.Name) })
		all := incident.Fold(m.ID, m.Entries).Status
		requireSame(t, seed, all == incident.Closed, incident.Fold(m.ID, deciding).Status == incident.Closed)
		if all == incident.Closed {
			closed++
		}
	}
	require.Greater(t, closed, 400)
	require.Less(t, closed, 4000)
}

// closing are entries after all others that may close the incident, or open it again.
func closing(r *rand.Rand) []incident.Entry {
	var list []incident.Entry
	for n := range r.IntN(5) {
		e := incident.Entry{Kind: incident.Moved, Status: incident.Statuses()[r.IntN(5)], Key: []string{"", "k"}[r.IntN(2)]}
		switch r.IntN(6) {
		case 0:
			e = incident.Entry{Kind: incident.Reopened, Status: incident.Statuses()[r.IntN(5)]}
		case 1:
			e = incident.Entry{Kind: incident.Note, Text: "note", Key: "k"}
		case 2:
			e.Status = incident.Closed
		}
		list = append(list, incidenttest.Entry(100_000+n, "last", e))
	}
	return list
}
