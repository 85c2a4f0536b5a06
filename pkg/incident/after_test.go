package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func act(minute int, suffix string, text string, f incident.ActionFacts) incident.Entry {
	return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Action, Text: text, Action: f})
}

func TestActions(t *testing.T) {
	day := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	alarm := act(1, "alrm", "An alarm at 80 per cent.", incident.ActionFacts{Owner: "Ana", Due: day, For: "detect"})
	pool := act(2, "pool", "A limit for the pool.", incident.ActionFacts{})
	inc := incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(), alarm, pool,
		act(3, "drop", "The pool is gone.", incident.ActionFacts{Settles: pool.Name, State: incident.ActionDropped}),
		act(4, "done", "", incident.ActionFacts{Settles: pool.Name, State: incident.ActionDone}), // on another clone, later
		act(5, "lost", "", incident.ActionFacts{Settles: "20261123T140900.000Z-action-miss", State: incident.ActionDone}),
	})
	require.Len(t, inc.Actions, 2)
	require.Equal(t, incident.ActionOpen, inc.Actions[0].State)
	require.Equal(t, incident.ActionDropped, inc.Actions[1].State, "what was said first holds")
	require.Equal(t, "The pool is gone.", inc.Actions[1].Reason)
	require.Len(t, inc.Anomalies, 1)
	require.False(t, inc.Actions[0].Late(day.Add(23*time.Hour)), "the whole day is left")
	require.True(t, inc.Actions[0].Late(day.Add(24*time.Hour)))
	require.False(t, inc.Actions[1].Late(day.AddDate(1, 0, 0)))

	require.ErrorIs(t, inc.Admit(act(9, "late", "", incident.ActionFacts{Settles: pool.Name, State: incident.ActionDone})), incident.ErrNothing)
	for problem, e := range map[string]incident.Entry{
		"an action needs words":                     act(9, "x", "", incident.ActionFacts{Owner: "Ana"}),
		"an action that is dropped needs a reason":  act(9, "x", "", incident.ActionFacts{Settles: alarm.Name, State: incident.ActionDropped}),
		"is no action of this incident":             act(9, "x", "", incident.ActionFacts{Settles: "none", State: incident.ActionDone}),
		"what becomes of an action is said":         act(9, "x", "x", incident.ActionFacts{State: incident.ActionDone}),
		"is no address of the web":                  act(9, "x", "x", incident.ActionFacts{Link: "javascript:x"}),
		`unknown kind of action "blame"`:            act(9, "x", "x", incident.ActionFacts{For: "blame"}),
		"only an action has an owner, a day or a l": incidenttest.Entry(9, "x", incident.Entry{Kind: incident.Note, Text: "x", Action: incident.ActionFacts{Owner: "Ana"}}),
	} {
		require.ErrorContains(t, inc.Admit(e), problem)
	}
}

func TestPostmortemOutcome(t *testing.T) {
	over := func(minute int, suffix string) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Moved, Status: incident.Resolved})
	}
	severe := incidenttest.Entry(1, "sevr", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev1}})
	published := func(minute int, suffix string) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "What happened, " + suffix + "."})
	}
	back := incidenttest.Entry(100, "back", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating})
	const term = 48 * 60
	for _, tt := range []struct {
		rule    string
		want    string
		now     int
		entries []incident.Entry
	}{
		{"none while it goes on", incident.PostmortemNone, 20, []incident.Entry{severe}},
		{"there is time", incident.PostmortemOpen, 20, []incident.Entry{severe, over(10, "over")}},
		{"the time is over", incident.PostmortemBroken, 11 + term, []incident.Entry{severe, over(10, "over")}},
		{"published in time", incident.PostmortemMet, 9999, []incident.Entry{severe, over(10, "over"), published(30, "pubi")}},
		{"published late, and again", incident.PostmortemLate, 9999, []incident.Entry{severe, over(10, "over"), published(11+term, "pubi"), published(12+term, "pubj")}},
		{"reopened and resolved, it is owed again", incident.PostmortemOpen, 300, []incident.Entry{severe, over(10, "over"), published(30, "pubi"), back, over(200, "ovra")}},
		{"waived", incident.PostmortemWaived, 9999, []incident.Entry{severe, over(10, "over"), incidenttest.Entry(20, "waiv", incident.Entry{Kind: incident.Waived, Text: "A drill."})}},
		{"none is owed for a lesser one", incident.PostmortemNone, 9999, []incident.Entry{over(10, "over")}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inc := incident.Fold(incidenttest.ID, append(tt.entries, incidenttest.Opened()))
			require.Empty(t, inc.Anomalies)
			require.Equal(t, tt.want, inc.PostmortemOutcome(incidenttest.Rules, incidenttest.At(tt.now)))
		})
	}
}

func TestPublishingIsNoUpdate(t *testing.T) {
	inc := incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(),
		incidenttest.Entry(10, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
		incidenttest.Entry(20, "publ", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "What happened."}),
	})
	require.True(t, inc.Public(), "customers know of it now")
	require.Zero(t, inc.Words(incident.Customer).Last)
	require.ErrorIs(t, inc.Admit(incidenttest.Entry(30, "same", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "What happened."})), incident.ErrNothing)
	open := incident.Fold(incidenttest.ID, []incident.Entry{incidenttest.Opened()})
	require.ErrorIs(t, open.Admit(incidenttest.Entry(30, "soon", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "x"})), incident.ErrNotAllowed)
}
