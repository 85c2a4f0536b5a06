package view_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

func TestStatesOfComponents(t *testing.T) {
	set := func(minute int, suffix string, a incident.Audience, name string, s incident.State) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Set, Audience: a, Facts: incident.Facts{Components: []incident.Component{{Name: name, State: s}}}})
	}
	move := func(minute int, suffix string, s incident.Status) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: s})
	}
	inc := fold(
		note(1, "told", incident.Customer, "x"),
		set(2, "outg", incident.Internal, "Checkout", incident.MajorOutage),
		set(3, "same", incident.Internal, "checkout", incident.MajorOutage),
		set(4, "hidd", incident.Technical, "db-7", incident.MajorOutage),
		set(5, "part", incident.Internal, "Checkout", incident.PartialOutage),
		move(9, "over", incident.Resolved),
	)
	want := []view.StateMove{
		{At: incidenttest.At(2), Component: "Checkout", State: incident.MajorOutage},
		{At: incidenttest.At(5), Component: "Checkout", State: incident.PartialOutage},
		{At: incidenttest.At(9), Component: "Checkout", State: incident.Operational},
	}
	require.Equal(t, want, view.For(inc, incident.Customer).States)
	require.Len(t, view.For(inc, incident.Technical).States, 5, "engineers know of what they named, too")
	require.Empty(t, view.For(fold(set(2, "outg", incident.Internal, "Checkout", incident.MajorOutage)), incident.Customer).States)
}

// The last state of each component is the state that the fold came to.
func TestStatesEndInComponents(t *testing.T) {
	for seed := range uint64(2000) {
		_, inc := random(seed)
		for _, a := range incident.Audiences() {
			v := view.For(inc, a)
			last := map[string]view.State{}
			for _, m := range v.States {
				last[m.Component] = m.State
			}
			for _, c := range v.Components {
				if s, ok := last[c.Name]; ok {
					require.Equal(t, c.State, s, "seed %d, %s, %s", seed, a, c.Name)
				}
			}
		}
	}
}
