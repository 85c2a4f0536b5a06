package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// promising is an entry that promises its audience the next word by a minute.
func promising(e incident.Entry, by int) incident.Entry {
	e.Next = incident.Next{By: incidenttest.At(by)}
	return e
}

func TestPromises(t *testing.T) {
	const customer = incident.Customer
	first := promising(note(10, "frst", customer, "We are on it."), 40)
	at := func(minute int, e incident.Entry) incident.Entry { e.At = incidenttest.At(minute); return e }
	none := func(e incident.Entry) incident.Entry { e.Next = incident.Next{None: true}; return e }
	silent := func(minute int) incident.Entry {
		return entry(minute, "slnt", incident.Entry{Kind: incident.Set, Audience: customer, Facts: incident.Facts{Impact: incident.ImpactMajor}})
	}
	for _, tt := range []struct {
		rule       string
		entries    []incident.Entry
		kept, late int
		promised   int // the minute; 0 for none
		last       int
	}{
		{"a word without a promise promises nothing", []incident.Entry{note(10, "frst", customer, "x")}, 0, 0, 0, 10},
		{"a promise stands until it is met", []incident.Entry{first}, 0, 0, 40, 10},
		{"the next word in time keeps it", []incident.Entry{first, note(30, "next", customer, "x")}, 1, 0, 0, 30},
		{"a word at the very minute keeps it", []incident.Entry{first, note(40, "next", customer, "x")}, 1, 0, 0, 40},
		{"the next word too late breaks it", []incident.Entry{first, note(41, "next", customer, "x")}, 0, 1, 0, 41},
		{"the next word may promise anew", []incident.Entry{first, promising(note(30, "next", customer, "x"), 60), promising(note(61, "more", customer, "x"), 90)}, 1, 1, 90, 61},
		{"no further word may be promised", []incident.Entry{first, none(note(30, "next", customer, "x"))}, 1, 0, 0, 30},
		{"a file is a word", []incident.Entry{first, entry(30, "file", incident.Entry{Kind: incident.Note, Audience: customer, Attachments: []incident.Attachment{{Name: "a", File: "a"}}})}, 1, 0, 0, 30},
		{"the words of a move are words", []incident.Entry{first, entry(30, "move", incident.Entry{Kind: incident.Moved, Audience: customer, Status: incident.Identified, Text: "x"})}, 1, 0, 0, 30},
		{"so are those of a move that cannot be", []incident.Entry{first, entry(30, "move", incident.Entry{Kind: incident.Moved, Audience: customer, Status: incident.Closed, Text: "x"})}, 1, 0, 0, 30},

		{"a word for narrower readers meets nothing", []incident.Entry{first, note(30, "next", incident.Stakeholder, "x")}, 0, 0, 40, 10},
		{"facts without words meet nothing", []incident.Entry{first, silent(30)}, 0, 0, 40, 10},
		{"a move without words meets nothing", []incident.Entry{first, entry(30, "move", incident.Entry{Kind: incident.Moved, Audience: customer, Status: incident.Resolved})}, 0, 0, 40, 10},
		{"a retraction meets nothing", []incident.Entry{first, entry(30, "retr", incident.Entry{Kind: incident.Retracted, Audience: customer, Text: "x", Retracts: first.Name})}, 0, 0, 40, 10},
		{"not even one of what is missing", []incident.Entry{first, entry(30, "retr", incident.Entry{Kind: incident.Retracted, Audience: customer, Text: "x", Retracts: "lost"})}, 0, 0, 40, 10},
		{"a promise is not withdrawn with the words that made it", []incident.Entry{first, retraction(30, "retr", first)}, 0, 0, 40, 10},
		{"a correction is the same word, and its promise stands", []incident.Entry{first, correction(30, "corr", first, "x")}, 0, 0, 40, 10},
		{"a correction that comes late breaks nothing yet", []incident.Entry{first, correction(50, "corr", first, "x"), note(60, "next", customer, "x")}, 0, 1, 0, 60},
		{"a correction with a promise moves the promise, and keeps none", []incident.Entry{first, promising(correction(30, "corr", first, "x"), 70)}, 0, 0, 70, 10},
		{"a correction of what is missing is a word of its own", []incident.Entry{first, correction(30, "corr", note(5, "lost", customer, "x"), "y")}, 1, 0, 0, 30},

		{"moving a promise without words does not keep it", []incident.Entry{first, promising(silent(30), 90)}, 0, 0, 90, 10},
		{"moving it too late without words breaks it", []incident.Entry{first, promising(silent(50), 90)}, 0, 1, 90, 10},
		{"ending it without words does not keep it", []incident.Entry{first, none(silent(30))}, 0, 0, 0, 10},

		{"a word told afterwards, of before the promise, does not meet it", []incident.Entry{first, at(5, note(30, "late", customer, "x"))}, 0, 0, 40, 10},
		{"of two promises the sooner stands", []incident.Entry{first, promising(at(5, note(15, "late", customer, "x")), 20)}, 0, 0, 20, 10},
		{"unless they have heard since", []incident.Entry{first, promising(at(2, note(15, "late", customer, "x")), 8)}, 0, 0, 40, 10},
		{"or were told to expect nothing", []incident.Entry{none(first), promising(at(5, note(15, "late", customer, "x")), 20)}, 0, 0, 0, 10},
		{"and the later does not", []incident.Entry{first, promising(at(5, note(15, "late", customer, "x")), 60)}, 0, 0, 40, 10},
		{"a word told afterwards, of after the promise, meets it when it was", []incident.Entry{first, at(35, note(60, "late", customer, "x"))}, 1, 0, 0, 35},
		{"a word ahead of its recording counts when it was recorded", []incident.Entry{at(500, first), note(30, "next", customer, "x")}, 1, 0, 0, 30},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := fold(append(tt.entries, incidenttest.Opened())...).Words(customer)
			require.Equal(t, [2]int{tt.kept, tt.late}, [2]int{w.Kept, w.Late}, "kept and late")
			if tt.promised == 0 {
				require.Zero(t, w.Promised)
			} else {
				require.Equal(t, incidenttest.At(tt.promised), w.Promised)
			}
			require.Equal(t, incidenttest.At(tt.last), w.Last)
		})
	}
}

func TestWords(t *testing.T) {
	first, second := note(10, "frst", incident.Customer, "x"), note(20, "scnd", incident.Customer, "x")
	told := note(30, "told", incident.Customer, "x")
	told.At = incidenttest.At(5)
	w := fold(incidenttest.Opened(), first, second, told, note(40, "narr", incident.Internal, "x")).Words(incident.Customer)
	require.Equal(t, incidenttest.At(5), w.First)
	require.Equal(t, incidenttest.At(20), w.Last)
	require.Equal(t, second.Name, w.LastEntry)
	require.Zero(t, fold(first).Words(incident.Stakeholder))
	require.Zero(t, fold(first).Words(0))
	require.Zero(t, fold(first).Words(99))
}

func TestOwed(t *testing.T) {
	opened := incidenttest.Opened()
	customers := promising(note(1, "cust", incident.Customer, "x"), 40)
	managers := promising(note(2, "mana", incident.Stakeholder, "x"), 30)
	resolved := moved(10, "reso", incident.Resolved)
	update := func(a incident.Audience, by int) incident.Owed {
		return incident.Owed{What: "update", Audience: a, By: incidenttest.At(by)}
	}
	postmortem := incident.Owed{What: "postmortem", Audience: incident.Customer, By: incidenttest.At(10 + 48*60)}
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		want    []incident.Owed
	}{
		{"nothing was promised", nil, nil},
		{"the most urgent is first", []incident.Entry{customers, managers}, []incident.Owed{update(incident.Stakeholder, 30), update(incident.Customer, 40)}},
		{"resolving keeps no promise by itself", []incident.Entry{customers, resolved}, []incident.Owed{update(incident.Customer, 40), postmortem}},
		{"a postmortem is owed once it is resolved", []incident.Entry{resolved}, []incident.Owed{postmortem}},
		{"and not once it is drafted", []incident.Entry{resolved, entry(20, "post", incident.Entry{Kind: incident.Postmortem})}, nil},
		{"and not once it is closed", []incident.Entry{resolved, moved(20, "clos", incident.Closed)}, nil},
		{"and not while it goes on again", []incident.Entry{resolved, entry(20, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating})}, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, fold(append(tt.entries, opened)...).Owed(48*time.Hour))
		})
	}
	t.Run("no deadline, no postmortem", func(t *testing.T) { require.Empty(t, fold(opened, resolved).Owed(0)) })
}
