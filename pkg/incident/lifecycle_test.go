package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// Every measure is a difference of when things happened, and is not known where one of them is missing.
func TestLifecycle(t *testing.T) {
	opened := incidenttest.Opened()
	opened.Author = incident.Person{Name: "Ana"}
	by := func(name string, e incident.Entry) incident.Entry { e.Author = incident.Person{Name: name}; return e }
	moved := func(minute int, suffix string, s incident.Status) incident.Entry {
		return by("Ana", incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Moved, Status: s}))
	}
	started := by("Ana", incidenttest.Entry(3, "strt", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Started: incidenttest.At(-8)}}))
	told := by("Ben", incidenttest.Entry(7, "told", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x"}))
	inc := incident.Fold(incidenttest.ID, []incident.Entry{
		opened, started, told, moved(20, "idnt", incident.Identified), moved(45, "moni", incident.Monitoring), moved(60, "reso", incident.Resolved),
		incidenttest.Entry(90, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating}), moved(100, "resb", incident.Resolved),
		incidenttest.Entry(160, "publ", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "x"}),
	})
	want := map[incident.Measure]int{
		incident.Detect: 8, incident.Acknowledge: 7, incident.FirstPublic: 15, incident.Identify: 20, incident.Mitigate: 53, incident.Resolve: 108, incident.Publish: 60,
	}
	got := inc.Lifecycle()
	require.Len(t, got, len(incident.MeasureList()))
	for _, m := range incident.MeasureList() {
		require.True(t, got[m].Known, m)
		require.Equal(t, time.Duration(want[m])*time.Minute, got[m].Value, m)
		require.NotEmpty(t, got[m].To, m)
	}
	bare := incident.Fold(incidenttest.ID, []incident.Entry{opened}).Lifecycle()
	for _, m := range incident.MeasureList() {
		require.False(t, bare[m].Known, m)
		require.NotEmpty(t, bare[m].Why, m)
	}
	odd := incident.Fold(incidenttest.ID, []incident.Entry{opened, by("Ana", incidenttest.Entry(3, "strt", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Started: incidenttest.At(500)}})), moved(60, "reso", incident.Resolved)}).Lifecycle()
	require.Equal(t, "the times contradict each other", odd[incident.Resolve].Why, "nothing negative is told")
}

func TestDowntimes(t *testing.T) {
	state := func(minute int, suffix string, s incident.State) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Set, Facts: incident.Facts{Components: []incident.Component{{Name: "Checkout", State: s}}}})
	}
	inc := incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(), state(10, "degr", incident.DegradedPerformance), state(20, "part", incident.PartialOutage), state(50, "fine", incident.Operational), state(60, "majo", incident.MajorOutage),
		incidenttest.Entry(70, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
	})
	require.Equal(t, map[string]incident.Downtime{"Checkout": {Outage: 40 * time.Minute, Degraded: 10 * time.Minute}}, inc.Downtimes(incidenttest.At(500)))
}

func TestCustomerMinutes(t *testing.T) {
	n := func(minute int, suffix string, customers int) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Set, Facts: incident.Facts{Customers: &customers}})
	}
	inc := incident.Fold(incidenttest.ID, []incident.Entry{incidenttest.Opened(), n(10, "many", 100), n(30, "less", 10)})
	got, known := inc.CustomerMinutes(incidenttest.At(60))
	require.True(t, known)
	require.InDelta(t, 100*30+10*30, got, 1e-9, "the first number holds from the start")
	back := incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(), n(10, "many", 100), moved(60, "over", incident.Resolved),
		incidenttest.Entry(600, "back", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating}), moved(630, "agin", incident.Resolved),
	})
	got, _ = back.CustomerMinutes(incidenttest.At(900))
	require.InDelta(t, 100*(60+30), got, 1e-9, "while it worked, nobody was affected")
	require.Equal(t, []time.Duration{90 * time.Minute}, back.Metrics(incident.Customer, incidenttest.At(900)).Gaps, "and nobody waited for a word")
	_, known = incident.Fold(incidenttest.ID, []incident.Entry{incidenttest.Opened()}).CustomerMinutes(incidenttest.At(60))
	require.False(t, known, "nothing is guessed")
}

func TestPercentile(t *testing.T) {
	var list []time.Duration
	require.Zero(t, incident.Percentile(list, 90))
	for n := range 10 {
		list = append(list, time.Duration(n+1)*time.Minute)
	}
	require.Equal(t, 9*time.Minute, incident.Percentile(list, 90))
	require.Equal(t, 10*time.Minute, incident.Percentile(list, 100))
	require.Equal(t, time.Minute, incident.Percentile(list[:1], 90))
}
