package incident_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// What was told first stays told: later entries change how things stand, not how they stood.
func TestStandings(t *testing.T) {
	hit := func(minute int, suffix string, a incident.Audience, state incident.State) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Set, Audience: a, Facts: incident.Facts{
			Components: []incident.Component{{Name: "Checkout", State: state}},
		}})
	}
	named := incidenttest.Entry(3, "name", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Headline: "Some payments fail"}})
	oops := incidenttest.Entry(4, "oops", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Headline: "All is lost"}})
	inc := incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(),
		hit(1, "degr", incident.Internal, incident.DegradedPerformance),
		incidenttest.Entry(2, "idnt", incident.Entry{Kind: incident.Moved, Status: incident.Identified}),
		named, oops,
		incidenttest.Entry(5, "gone", incident.Entry{Kind: incident.Retracted, Retracts: oops.Name, Text: "Too much."}),
		hit(6, "part", incident.Internal, incident.PartialOutage),
		incidenttest.Entry(7, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
	})
	checkout := func(s incident.State) []incident.Component { return []incident.Component{{Name: "Checkout", State: s}} }
	require.Equal(t, []incident.Standing{
		{Status: incident.Investigating, Headline: "Service disruption"},
		{incident.Investigating, "Checkout: degraded performance", false, checkout(incident.DegradedPerformance), checkout(incident.DegradedPerformance)},
		{incident.Identified, "Checkout: degraded performance", false, checkout(incident.DegradedPerformance), checkout(incident.DegradedPerformance)},
		{incident.Identified, "Some payments fail", true, checkout(incident.DegradedPerformance), checkout(incident.DegradedPerformance)},
		{incident.Identified, "Some payments fail", true, checkout(incident.DegradedPerformance), checkout(incident.DegradedPerformance)},
		{incident.Identified, "Some payments fail", true, checkout(incident.DegradedPerformance), checkout(incident.DegradedPerformance)},
		{incident.Identified, "Some payments fail", true, checkout(incident.PartialOutage), checkout(incident.PartialOutage)},
		{incident.Resolved, "Some payments fail", true, checkout(incident.Operational), checkout(incident.PartialOutage)},
	}, inc.Standings(incident.Customer))
}

func TestTheLastStandingIsTheIncident(t *testing.T) {
	for seed := range uint64(500) {
		m := incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
		inc := incident.Fold(m.ID, m.Entries)
		for _, a := range incident.Audiences() {
			all := inc.Standings(a)
			require.Len(t, all, len(inc.Timeline))
			if len(all) == 0 {
				continue
			}
			require.Equal(t, incident.Standing{Status: inc.Status, Headline: inc.Headline(), Named: inc.Named(), Components: inc.ComponentsFor(a), Hit: inc.Hit()}, all[len(all)-1], "seed %d, %s", seed, a)
		}
	}
}
