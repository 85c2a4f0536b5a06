package page_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/page"
	"incident/pkg/tape"
	"incident/pkg/view"
)

// What has the same key has the same bytes, whatever else has changed: an incident, the time, the settings, the program.
func TestKeysNameAllThatAFileIsMadeFrom(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2026))
	same, changed := 0, 0
	for range 60 {
		made := map[string][]byte{} // by path and key
		var timelines []*incidenttest.Marked
		for range 1 + r.IntN(4) {
			timelines = append(timelines, incidenttest.Random(r))
		}
		heard := make([]int, len(timelines)) // how many entries of each are there
		in := input(t, incident.Customer)
		in.Program, in.AsOf = "1", incidenttest.At(0)
		for range 12 {
			switch n := r.IntN(len(timelines)); r.IntN(8) {
			case 0:
				in.AsOf = in.AsOf.Add(time.Duration(r.IntN(3000)) * time.Minute)
			case 1:
				in.Settings.Name += "x"
			case 2:
				in.Settings.Audience = []incident.Audience{incident.Customer, incident.Stakeholder, incident.Internal}[r.IntN(3)]
			case 3:
				in.Settings.Components = append(in.Settings.Components, page.Component{Name: fmt.Sprintf("Part %d", r.IntN(1000))})
			default:
				heard[n] = min(heard[n]+1+r.IntN(3), len(timelines[n].Entries))
			}
			in.Sources = nil
			for n, m := range timelines {
				v := view.For(incident.Fold(fmt.Sprintf("%s-%d", m.ID, n), m.Entries[:heard[n]]), in.Settings.Audience)
				source := page.SourceOf(v, nil)
				source.Version = fmt.Sprintf("%d entries", heard[n])
				in.Sources = append(in.Sources, source)
			}
			parts, err := page.Parts(in)
			require.NoError(t, err)
			for _, p := range parts {
				raw, err := p.Make()
				require.NoError(t, err)
				if p.Key == "" {
					continue
				}
				name := p.Path + " " + p.Key
				if before, ok := made[name]; ok {
					require.Equal(t, string(before), string(raw), p.Path)
					same++
				} else {
					changed++
				}
				made[name] = raw
			}
		}
	}
	require.Greater(t, same, 1000)
	require.Greater(t, changed, 1000)
}

// What the program does not know of it cannot name.
func TestNoKeyWithoutAVersion(t *testing.T) {
	in := input(t, incident.Customer, outage())
	in.Program = "1"
	parts, err := page.Parts(in)
	require.NoError(t, err)
	keys := map[string]string{}
	for _, p := range parts {
		keys[p.Path] = p.Key
	}
	require.Empty(t, keys["incidents/20261123-open.html"])
	require.Empty(t, keys["updates.atom"])
	require.NotEmpty(t, keys["style.css"])
}

// What is kept of an incident comes back as it was.
func TestBriefOnATape(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 2026))
	for range 300 {
		m := incidenttest.Random(r)
		b := page.BriefOf(view.For(incident.Fold(m.ID, m.Entries), incident.Internal), func(string) bool { return true })
		w := tape.Write(0)
		b.Lay(w)
		back := tape.Read(string(w.Written()))
		var again page.Brief
		again.Lay(back)
		require.True(t, back.Ended())
		rewritten := tape.Write(0)
		again.Lay(rewritten)
		require.Equal(t, w.Written(), rewritten.Written())
		require.Equal(t, fmt.Sprintf("%+v", b), fmt.Sprintf("%+v", again))
	}
}

// What programs read may be made while another goroutine makes the rest: run with -race.
func TestPartsOfTwoGoroutines(t *testing.T) {
	in := input(t, incident.Customer, outage())
	want := build(t, in)
	parts, err := page.Parts(in)
	require.NoError(t, err)
	got := [2]page.Files{{}, {}}
	var all sync.WaitGroup
	for n := range got {
		all.Go(func() {
			for _, p := range parts {
				if p.Feed == (n == 1) {
					raw, err := p.Make()
					assert.NoError(t, err)
					got[n][p.Path] = raw
				}
			}
		})
	}
	all.Wait()
	require.NotEmpty(t, got[1])
	maps.Copy(got[0], got[1])
	require.Equal(t, want, got[0])
}
