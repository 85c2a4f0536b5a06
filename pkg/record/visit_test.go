package record_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
)

// scatter commits random incidents, of three months. What a file system may not take is left out.
func (b *box) scatter(seed uint64, n int) {
	b.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range n {
		m := incidenttest.Random(r)
		id := fmt.Sprintf("2026%02d%02d-some-%d", 9+i%3, 1+r.IntN(28), i)
		for _, e := range m.Entries {
			if e.Name != "" && utf8.ValidString(e.Name) && !strings.ContainsAny(e.Name, "/!") {
				b.file(record.PathOf(id, e.Name), incidenttest.File(e))
			}
		}
	}
	b.commitAll()
}

// visited are the incidents that a visit shows, looked at by several goroutines.
func (b *box) visited(r *record.Record, parts ...string) []incident.Incident {
	b.Helper()
	d := b.reader(r)
	var list []incident.Incident
	err := record.Visit(d, parts, func(inc incident.Incident) *incident.Incident { return &inc }, func(inc *incident.Incident) { list = append(list, *inc) })
	require.NoError(b, err)
	return list
}

func idsOf(list []incident.Incident) (ids []string) {
	for _, inc := range list {
		ids = append(ids, inc.ID)
	}
	return ids
}

// said is all that somebody may look for in an incident, in lower case.
func said(inc incident.Incident) string {
	list := append([]string{inc.Title}, inc.Tags...)
	for _, c := range inc.Components {
		list = append(list, c.Name)
	}
	for _, e := range inc.Timeline {
		list = append(list, e.Title, e.Headline, e.Text)
	}
	return strings.ToLower(strings.Join(list, "\n"))
}

// Whatever became of the cache, a visit tells of every incident what is recorded, in order; and one that looks for words
// passes over none that holds them.
func TestVisitThroughRandomRecords(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &wanderer{box: newBox(t), Rand: rand.New(rand.NewPCG(seed, 1))}
			w.r = w.init()
			w.scatter(seed, 30)
			passed := 0
			compare := func(when string) {
				t.Helper()
				ids, _ := w.told()
				var plain []incident.Incident
				w.without(func() {
					r := w.open()
					for _, id := range ids { // each by itself, and from git
						plain = append(plain, w.incident(r, id))
					}
				})
				r := w.open()
				got := w.visited(r)
				require.Equal(t, ids, idsOf(got), when)
				for i := range got {
					requireAlike(t, plain[i], got[i])
				}
				for range 5 {
					parts := w.words(plain)
					want := idsOf(slices.DeleteFunc(slices.Clone(plain), func(inc incident.Incident) bool {
						return slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(said(inc), p) })
					}))
					held := idsOf(w.visited(r, parts...))
					require.Subset(t, held, want, "%s: %q", when, parts)
					require.Equal(t, slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(held, id) }), held, "in order")
					passed += len(ids) - len(held)
				}
			}
			compare("at first")
			compare("from the cache")
			require.Positive(t, passed, "else nothing was passed over")
			w.now = incidenttest.At(1e6)
			for range 3 {
				done := w.write(w.r, opening("Wrong ÉTÉ prices"))
				w.write(w.r, note(done.Incident.ID, "They are WRONG since noon."))
			}
			compare("after new notes")
			for range 2 {
				w.harm()
				compare("after harm")
			}
			require.NoError(t, os.RemoveAll(w.cacheDir()))
			compare("after the cache was deleted")
			compare("from the next one")
		})
	}
}

// words are some that occur, in lower case.
func (w *wanderer) words(list []incident.Incident) (parts []string) {
	for range 1 + w.IntN(2) {
		all := strings.Fields(said(list[w.IntN(len(list))]))
		if len(all) == 0 {
			continue
		}
		r := []rune(all[w.IntN(len(all))])
		from := w.IntN(len(r))
		parts = append(parts, string(r[from:from+1+w.IntN(len(r)-from)]))
	}
	return parts
}

// Who is told that reading failed is not told of anything afterwards.
func TestVisitThatFails(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	b.scatter(1, 30)
	require.Len(t, b.visited(r), 30)
	tree := b.git("rev-parse", "HEAD:incidents/2026/09")
	require.NoError(t, os.Remove(fmt.Sprintf("%s/.git/objects/%s/%s", b.dir, tree[:2], tree[2:])))
	require.NoError(t, os.RemoveAll(b.cacheDir()))
	d := b.reader(b.open())
	over := false
	err := record.Visit(d, nil, func(inc incident.Incident) string { require.False(t, over); return inc.ID }, func(string) {})
	over = true
	require.Error(t, err)
}
