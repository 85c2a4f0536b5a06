package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// entry and fold are short for what most tests below do.
func entry(minute int, suffix string, e incident.Entry) incident.Entry {
	return incidenttest.Entry(minute, suffix, e)
}

func fold(entries ...incident.Entry) incident.Incident {
	return incident.Fold(incidenttest.ID, entries)
}

func note(minute int, suffix string, a incident.Audience, text string) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Note, Audience: a, Text: text})
}

func correction(minute int, suffix string, of incident.Entry, text string) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Note, Audience: of.Audience, Text: text, Corrects: of.Name})
}

func retraction(minute int, suffix string, of incident.Entry) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Retracted, Audience: min(of.Audience, incident.Internal), Text: "A wrong figure.", Retracts: of.Name})
}

func TestAdmit(t *testing.T) {
	told := note(5, "told", incident.Customer, "One in five payments fails.")
	corrected := correction(6, "corr", told, "One in six payments fails.")
	gone := note(7, "gone", incident.Customer, "All payments fail.")
	withdrawal := retraction(8, "retr", gone)
	set := entry(9, "sett", incident.Entry{Kind: incident.Set, Facts: incident.Facts{
		Severity: incident.Sev2, Impact: incident.ImpactMajor, Started: incidenttest.At(-10), Customers: to(40), Share: to(20.0),
		Headline: "Card payments fail", Tags: []string{"Payments"}, Cause: "pool exhausted",
		Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}},
	}})
	assigned := entry(10, "assi", incident.Entry{Kind: incident.Assigned, Role: incident.Commander, Holder: "Ana Lima"})
	engineers := entry(11, "engi", incident.Entry{Kind: incident.Set, Audience: incident.Technical, Facts: incident.Facts{
		Components: []incident.Component{{Name: "db-7", State: incident.MajorOutage}},
	}})
	inc := fold(incidenttest.Opened(), told, corrected, gone, withdrawal, set, assigned, engineers)
	require.Empty(t, inc.Anomalies)
	facts := func(f incident.Facts) incident.Entry {
		return entry(20, "next", incident.Entry{Kind: incident.Set, Facts: f})
	}

	for _, tt := range []struct {
		rule   string
		e      incident.Entry
		kind   error
		says   string
		remedy string
	}{
		{"a sound note is admitted", note(20, "next", incident.Customer, "We are on it."), nil, "", ""},
		{"what no entry may hold is refused first", note(20, "next", incident.Customer, ""), incident.ErrInvalid, "the text is empty", "standard input"},
		{"an incident is opened once", entry(20, "next", incident.Entry{Kind: incident.Opened, Facts: incident.Facts{Title: "Again"}}), incident.ErrNotAllowed, "open already", ""},
		{"a move that may not be is refused", entry(20, "next", incident.Entry{Kind: incident.Moved, Status: incident.Closed}), incident.ErrNotAllowed, "investigating cannot become closed", "it may become"},
		{"only what is over is reopened", entry(20, "next", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating}), incident.ErrNotAllowed, "not resolved or closed", "nothing to reopen"},
		{"no status changes before the opening", entry(20, "next", incident.Entry{Kind: incident.Moved, Status: incident.Identified, At: incidenttest.At(-11)}), incident.ErrInvalid, "before the opening, 2026-11-23T14:00:00Z", "incident note --at"},
		{"a clock that is a little slow is no reason to refuse a move", entry(20, "next", incident.Entry{Kind: incident.Moved, Status: incident.Identified, At: incidenttest.At(-9)}), nil, "", ""},
		{"evidence from before the opening is admitted", entry(20, "next", incident.Entry{Kind: incident.Note, Text: "deploy 4711", At: incidenttest.At(-600)}), nil, "", ""},
		{"staying where it is needs words", entry(20, "next", incident.Entry{Kind: incident.Moved, Status: incident.Investigating}), incident.ErrNothing, "says so already", ""},
		{"staying where it is with words is an update", entry(20, "next", incident.Entry{Kind: incident.Moved, Status: incident.Investigating, Text: "Still looking at the database."}), nil, "", ""},

		{"the same holder again is nothing", entry(20, "next", incident.Entry{Kind: incident.Assigned, Role: "IC", Holder: "Ana Lima"}), incident.ErrNothing, "says so already", ""},
		{"another holder is something", entry(20, "next", incident.Entry{Kind: incident.Assigned, Role: "IC", Holder: "Ben Ode"}), nil, "", ""},
		{"the same holder with words is something", entry(20, "next", incident.Entry{Kind: incident.Assigned, Role: "IC", Holder: "Ana Lima", Text: "She is back."}), nil, "", ""},

		{"no fact is nothing", facts(incident.Facts{}), incident.ErrNothing, "says so already", ""},
		{"the same facts are nothing", facts(set.Facts), incident.ErrNothing, "says so already", ""},
		{"a tag and a component in other letter case are nothing", facts(incident.Facts{Tags: []string{"PAYMENTS"}, Components: []incident.Component{{Name: "CHECKOUT", State: incident.PartialOutage}}}), incident.ErrNothing, "", ""},
		{"another severity is something", facts(incident.Facts{Severity: incident.Sev1}), nil, "", ""},
		{"another impact is something", facts(incident.Facts{Impact: incident.ImpactMinor}), nil, "", ""},
		{"another title is something", facts(incident.Facts{Title: "Card payments"}), nil, "", ""},
		{"another headline is something", facts(incident.Facts{Headline: "Payments fail"}), nil, "", ""},
		{"another state is something", facts(incident.Facts{Components: []incident.Component{{Name: "Checkout", State: incident.MajorOutage}}}), nil, "", ""},
		{"another start is something", facts(incident.Facts{Started: incidenttest.At(-11)}), nil, "", ""},
		{"another number of customers is something", facts(incident.Facts{Customers: to(0)}), nil, "", ""},
		{"another share is something", facts(incident.Facts{Share: to(0.0)}), nil, "", ""},
		{"another cause is something", facts(incident.Facts{Cause: "disk full"}), nil, "", ""},
		{"another tag is something", facts(incident.Facts{Tags: []string{"cards"}}), nil, "", ""},
		{"a name that only engineers had read is something", facts(incident.Facts{Components: []incident.Component{{Name: "db-7", State: incident.MajorOutage}}}), nil, "", ""},
		{"a promise is something", entry(20, "next", incident.Entry{Kind: incident.Set, Next: incident.Next{By: incidenttest.At(40)}}), nil, "", ""},

		{"a correction is admitted", correction(20, "next", told, "One in seven payments fails."), nil, "", ""},
		{"a correction of a correction is admitted", correction(20, "next", corrected, "One in seven payments fails."), nil, "", ""},
		{"a correction says something new", correction(20, "next", told, "One in six payments fails."), incident.ErrNothing, "says so already", ""},
		{"going back to the first words is something new", correction(20, "next", told, "One in five payments fails."), nil, "", ""},
		{"the same words with a fact are something", entry(20, "next", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "One in six payments fails.", Corrects: told.Name, Facts: incident.Facts{Impact: incident.ImpactMinor}}), nil, "", ""},
		{"a correction is for the readers of what it corrects", entry(20, "next", incident.Entry{Kind: incident.Note, Text: "x", Corrects: told.Name}), incident.ErrAudience, "was written for customers, not for the war room", "--audience"},
		{"a correction is of an entry that is there", entry(20, "next", incident.Entry{Kind: incident.Note, Text: "x", Corrects: "nowhere"}), incident.ErrInvalid, `no entry "nowhere"`, "incident log"},
		{"a correction is of words", entry(20, "next", incident.Entry{Kind: incident.Note, Text: "x", Corrects: set.Name}), incident.ErrNotAllowed, "no words", "incident set"},
		{"a retraction is not corrected", entry(20, "next", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x", Corrects: withdrawal.Name}), incident.ErrNotAllowed, "was withdrawn", "new note"},
		{"what was withdrawn is not corrected", correction(20, "next", gone, "Some payments fail."), incident.ErrNotAllowed, "was withdrawn", "new note"},

		{"a retraction is admitted", retraction(20, "next", told), nil, "", ""},
		{"a retraction of a correction is admitted", retraction(20, "next", corrected), nil, "", ""},
		{"a retraction needs a reason", entry(20, "next", incident.Entry{Kind: incident.Retracted, Retracts: told.Name}), incident.ErrInvalid, "reason", "--reason"},
		{"words are withdrawn once", retraction(20, "next", gone), incident.ErrNothing, "withdrawn already", ""},
		{"a retraction is of an entry that is there", entry(20, "next", incident.Entry{Kind: incident.Retracted, Text: "x"}), incident.ErrInvalid, `no entry ""`, "incident log"},
		{"a retraction is of words", entry(20, "next", incident.Entry{Kind: incident.Retracted, Text: "x", Retracts: assigned.Name}), incident.ErrNotAllowed, "no words", "incident set"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := inc.Admit(tt.e)
			if tt.kind == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
			require.Contains(t, remedy(err), tt.remedy)
		})
	}
}

func TestAdmitRetractionForWiderReaders(t *testing.T) {
	hunch := note(1, "hunc", incident.Technical, "It may be db-7.")
	inc := fold(incidenttest.Opened(), hunch)
	err := inc.Admit(entry(2, "retr", incident.Entry{Kind: incident.Retracted, Audience: incident.Customer, Text: "It was db-8.", Retracts: hunch.Name}))
	require.ErrorIs(t, err, incident.ErrAudience)
	require.EqualError(t, err, "customers never read what is withdrawn")
	require.Equal(t, "leave --audience out", remedy(err))
}

func TestAdmitBeforeTheOpening(t *testing.T) {
	empty := fold()
	require.NoError(t, empty.Admit(incidenttest.Opened()))
	err := empty.Admit(note(1, "note", incident.Customer, "Payments fail."))
	require.ErrorIs(t, err, incident.ErrNotAllowed)
	require.EqualError(t, err, "it was never opened")

	lost := fold(note(1, "note", incident.Customer, "Payments fail.")) // the opening may still come with a merge
	require.NoError(t, lost.Admit(note(2, "more", incident.Customer, "They work again.")))
	require.ErrorIs(t, lost.Admit(incidenttest.Opened()), incident.ErrNotAllowed)
}

// What is admitted folds without an anomaly: the rules of both are the same.
func TestWhatIsAdmittedFolds(t *testing.T) {
	for seed := range uint64(3_000) {
		m := randomTimeline(seed)
		inc := incident.Fold(m.ID, nil)
		for _, e := range inOrder(m.Entries) {
			if !e.At.IsZero() && e.At.Sub(e.Recorded()) > time.Minute { // the edge refuses what lies ahead
				continue
			}
			if inc.Admit(e) != nil || e.Unusable() != nil || e.Key != "" {
				continue
			}
			next := incident.Fold(m.ID, append(inc.Timeline, e))
			requireSame(t, seed, len(inc.Anomalies), len(next.Anomalies))
			inc = next
		}
	}
}
