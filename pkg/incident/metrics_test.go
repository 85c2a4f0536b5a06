package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestMetrics(t *testing.T) {
	const customer = incident.Customer
	let := note(30, "letp", customer, "BGP is wrong.")
	let.Accepted = []incident.Accepted{{Rule: "jargon/term", Reason: "They know."}}
	noticed := entry(5, "star", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Started: incidenttest.At(-10)}})
	minutes := func(list ...int) []time.Duration {
		var out []time.Duration
		for _, m := range list {
			out = append(out, time.Duration(m)*time.Minute)
		}
		return out
	}
	type outcomes = map[incident.Outcome]int
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		want    incident.Metrics
	}{
		{"silence is a gap as long as the incident", nil, incident.Metrics{Silent: true, Gaps: minutes(100)}},
		{"until it was over", []incident.Entry{moved(40, "reso", incident.Resolved)}, incident.Metrics{Silent: true, Gaps: minutes(40)}},
		{"the first word counts from when customers noticed", []incident.Entry{noticed, note(10, "frst", customer, "x")}, incident.Metrics{Updates: 1, FirstWord: 20 * time.Minute, Gaps: minutes(90)}},
		{
			"a gap is between two words, and from the last to the end",
			[]incident.Entry{note(10, "frst", customer, "x"), note(40, "scnd", customer, "y"), moved(50, "reso", incident.Resolved), note(70, "aftr", customer, "z")},
			incident.Metrics{Updates: 3, FirstWord: 10 * time.Minute, Gaps: minutes(30, 10)},
		},
		{
			"words for others and corrections are none",
			[]incident.Entry{note(10, "frst", customer, "x"), correction(20, "corr", note(10, "frst", customer, "x"), "y"), note(30, "mana", incident.Stakeholder, "z")},
			incident.Metrics{Updates: 1, FirstWord: 10 * time.Minute, Gaps: minutes(90)},
		},
		{
			"what became of promises, and what was let pass",
			[]incident.Entry{promising(note(10, "frst", customer, "x"), 20), promising(let, 60), promising(note(50, "thrd", customer, "y"), 90)},
			incident.Metrics{Updates: 3, FirstWord: 10 * time.Minute, Gaps: minutes(20, 20, 50), Overrides: 1, Promises: outcomes{incident.KeptLate: 1, incident.Kept: 1, incident.Broken: 1}},
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := fold(append(tt.entries, incidenttest.Opened())...).Metrics(customer, incidenttest.At(100))
			for _, o := range incident.Outcomes() {
				require.Equal(t, tt.want.Promises[o], got.Promises[o], o)
			}
			tt.want.Promises = got.Promises
			require.Equal(t, tt.want, got)
		})
	}
}

func TestMedian(t *testing.T) {
	require.Zero(t, incident.Median(nil))
	require.Equal(t, time.Duration(3), incident.Median([]time.Duration{9, 1, 3}))
	require.Equal(t, time.Duration(4), incident.Median([]time.Duration{9, 5, 1, 3}))
}
