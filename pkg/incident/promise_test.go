package incident_test

import (
	"math/rand/v2"
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

// Those who work on an incident see that it is resolved. Who reads of it from outside waits for what was promised.
func TestWhatAResolutionEnds(t *testing.T) {
	resolved := func(minute int) incident.Entry { return moved(minute, "rslv", incident.Resolved) }
	again := entry(60, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating, Text: "x"})
	told := func(a incident.Audience, e incident.Entry) incident.Entry {
		e.Audience, e.Text = a, "It is over."
		e.Name = incident.Name{Recorded: e.Recorded(), Label: e.Label(), Suffix: e.Suffix()}.String()
		return e
	}
	for _, tt := range []struct {
		rule       string
		audience   incident.Audience
		then       []incident.Entry // after a promise of minute 10, for minute 40
		kept, late int
		promised   int // the minute; 0 for none
	}{
		{"engineers wait no longer", incident.Technical, []incident.Entry{resolved(30)}, 0, 0, 0},
		{"nor does the war room", incident.Internal, []incident.Entry{resolved(30)}, 0, 0, 0},
		{"stakeholders do", incident.Stakeholder, []incident.Entry{resolved(30)}, 0, 0, 40},
		{"customers do", incident.Customer, []incident.Entry{resolved(30)}, 0, 0, 40},
		{"what was late then is broken", incident.Internal, []incident.Entry{resolved(50)}, 0, 1, 0},
		{"its own words keep the promise", incident.Internal, []incident.Entry{told(incident.Internal, resolved(30))}, 1, 0, 0},
		{"and may promise anew", incident.Internal, []incident.Entry{promising(told(incident.Internal, resolved(30)), 90)}, 1, 0, 90},
		{"so may a word after it", incident.Technical, []incident.Entry{resolved(30), promising(note(35, "word", incident.Technical, "x"), 80)}, 0, 0, 80},
		{"a move to anything else ends nothing", incident.Internal, []incident.Entry{moved(30, "move", incident.Monitoring)}, 0, 0, 40},
		{"nor does a word of what is resolved already", incident.Internal, []incident.Entry{resolved(20), promising(note(25, "word", incident.Internal, "x"), 80), moved(30, "agan", incident.Resolved)}, 0, 0, 80},
		{"what was ended does not come back", incident.Technical, []incident.Entry{resolved(30), again}, 0, 0, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			w := fold(append(tt.then, incidenttest.Opened(), promising(note(10, "frst", tt.audience, "x"), 40))...).Words(tt.audience)
			require.Equal(t, [2]int{tt.kept, tt.late}, [2]int{w.Kept, w.Late}, "kept and late")
			if tt.promised == 0 {
				require.Zero(t, w.Promised)
			} else {
				require.Equal(t, incidenttest.At(tt.promised), w.Promised)
			}
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

// At any moment each promise is exactly one of open, kept, kept late and broken; time alone only breaks
// what is open; and what the words count is what became of their promises.
func TestPromisesOfRandomIncidents(t *testing.T) {
	seen := map[incident.Outcome]int{}
	for seed := range uint64(500) {
		inc := incident.Fold("x", incidenttest.Random(rand.New(rand.NewPCG(seed, 5))).Entries)
		for _, a := range incident.Audiences() {
			w := inc.Words(a)
			met, late, open := 0, 0, 0
			for n, p := range w.Promises {
				require.Equal(t, a, p.Audience)
				made, ok := inc.Entry(p.Entry)
				require.True(t, ok)
				require.Equal(t, a, made.Audience)
				now, never := time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)
				outcome, ever := p.Outcome(now), p.Outcome(never)
				seen[ever]++
				answered := !p.Met.IsZero()
				require.NotEqual(t, incident.Open, ever)
				require.Equal(t, answered && !p.Met.After(p.By), ever == incident.Kept)
				require.Equal(t, answered && p.Met.After(p.By), ever == incident.KeptLate)
				require.Equal(t, !answered, ever == incident.Broken)
				if outcome == incident.Open {
					require.Equal(t, len(w.Promises)-1, n, "only the last can stand")
					require.False(t, answered)
					require.Equal(t, incident.Open, p.Outcome(p.By), "at the very moment there is still time")
					require.Equal(t, incident.Broken, p.Outcome(p.By.Add(1)))
					open++
				} else {
					require.Equal(t, outcome, ever, "what was settled stays so")
				}
				if answered {
					require.False(t, p.Met.Before(p.Made))
					word, _ := inc.Entry(p.MetBy)
					require.Equal(t, p.Met, word.Happened())
				}
				switch {
				case ever == incident.Kept:
					met++
				case ever == incident.KeptLate || outcome == incident.Broken:
					late++
				}
			}
			require.Equal(t, [2]int{w.Kept, w.Late}, [2]int{met, late}, "seed %d, %s", seed, a)
			standing, ok := w.Standing()
			require.Equal(t, open == 1, ok)
			require.Equal(t, w.Promised, standing.By)
		}
	}
	require.Len(t, seen, 3, "all were there: %v", seen)
}

func TestPromisesInTheirOrder(t *testing.T) {
	const customer = incident.Customer
	because := promising(note(30, "next", customer, "x"), 200)
	because.Next.Because = "The vendor answers at five."
	usual := promising(note(250, "more", customer, "x"), 280)
	usual.Next.Cadence = true
	w := fold(incidenttest.Opened(), promising(note(10, "frst", customer, "x"), 40), because, usual).Words(customer)
	require.Equal(t, []incident.Promise{
		{Audience: customer, Entry: note(10, "frst", customer, "x").Name, Made: incidenttest.At(10), By: incidenttest.At(40), Met: incidenttest.At(30), MetBy: because.Name},
		{Audience: customer, Entry: because.Name, Made: incidenttest.At(30), By: incidenttest.At(200), Because: "The vendor answers at five.", Met: incidenttest.At(250), MetBy: usual.Name},
		{Audience: customer, Entry: usual.Name, Made: incidenttest.At(250), By: incidenttest.At(280), Cadence: true},
	}, w.Promises)
	require.False(t, w.Ended)
	last := note(290, "last", customer, "x")
	last.Next.None = true
	require.True(t, fold(incidenttest.Opened(), usual, last).Words(customer).Ended)
}
