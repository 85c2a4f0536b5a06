package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestFind(t *testing.T) {
	a, b, c := note(1, "m2x8ra", incident.Internal, "a"), note(2, "m2x9zz", incident.Internal, "b"), note(3, "m2x8ra", incident.Customer, "c")
	d := note(4, "m2x8raq", incident.Internal, "d")
	inc := fold(incidenttest.Opened(), a, b, c, d)
	for _, tt := range []struct {
		rule, ref string
		want      []incident.Entry
	}{
		{"a whole name", a.Name, []incident.Entry{a}},
		{"a suffix that two share names both", "m2x8ra", []incident.Entry{a, c}},
		{"a suffix alone", "m2x9zz", []incident.Entry{b}},
		{"the beginning of suffixes", "m2x", []incident.Entry{a, b, c, d}},
		{"the beginning of names", "20261123T1402", []incident.Entry{b}},
		{"two letters are too few", "m2", nil},
		{"nothing finds nothing", "", nil},
		{"what is not there", "zzzz", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, inc.Find(tt.ref)) })
	}
	require.Empty(t, incident.Incident{}.Find(a.Name))
}

func TestDuration(t *testing.T) {
	resolved := func(at int) incident.Entry {
		e := moved(30, "reso", incident.Resolved)
		e.At = incidenttest.At(at)
		return e
	}
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		want    time.Duration
	}{
		{"while it goes on it lasts until now", nil, time.Hour},
		{"it ends with its resolution", []incident.Entry{resolved(20)}, 20 * time.Minute},
		{"it begins when customers noticed", []incident.Entry{set(1, "sett", incident.Facts{Started: incidenttest.At(-15)}), resolved(20)}, 35 * time.Minute},
		{"it is never negative", []incident.Entry{resolved(-20)}, 0},
		{"not even when it began after now", []incident.Entry{set(1, "sett", incident.Facts{Started: incidenttest.At(90)})}, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, fold(append(tt.entries, incidenttest.Opened())...).Duration(incidenttest.At(60)))
		})
	}
}
