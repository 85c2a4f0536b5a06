package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// team is the cadence that most tests go by.
var team = incident.Rules{
	incident.Sev2: {Postmortem: 48 * time.Hour, Cadence: map[incident.Audience]incident.Rhythm{
		incident.Customer: {First: 15 * time.Minute, Open: 30 * time.Minute, Monitoring: 60 * time.Minute, Long: 90 * time.Minute},
	}},
	incident.Sev3: {Cadence: map[incident.Audience]incident.Rhythm{incident.Internal: {Open: 20 * time.Minute}, incident.Stakeholder: {Open: 4 * time.Hour}}},
	incident.Sev4: {Cadence: map[incident.Audience]incident.Rhythm{incident.Customer: {First: time.Hour}}},
}

func TestEvery(t *testing.T) {
	for _, tt := range []struct {
		rule     string
		severity incident.Severity
		audience incident.Audience
		status   incident.Status
		age      time.Duration
		minutes  int
	}{
		{"while it is investigated", incident.Sev2, incident.Customer, incident.Investigating, 0, 30},
		{"and identified", incident.Sev2, incident.Customer, incident.Identified, time.Hour, 30},
		{"while it is watched", incident.Sev2, incident.Customer, incident.Monitoring, time.Hour, 60},
		{"at two hours still", incident.Sev2, incident.Customer, incident.Identified, 2 * time.Hour, 30},
		{"once it is long", incident.Sev2, incident.Customer, incident.Identified, 2*time.Hour + 1, 90},
		{"whatever its status", incident.Sev2, incident.Customer, incident.Monitoring, 3 * time.Hour, 90},
		{"never once it is over", incident.Sev2, incident.Customer, incident.Resolved, time.Hour, 0},
		{"one rhythm for all phases", incident.Sev3, incident.Internal, incident.Monitoring, 3 * time.Hour, 20},
		{"an audience without a rhythm", incident.Sev2, incident.Internal, incident.Investigating, 0, 0},
		{"engineers", incident.Sev2, incident.Technical, incident.Investigating, 0, 0},
		{"a severity that is not known", 0, incident.Customer, incident.Investigating, 0, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, time.Duration(tt.minutes)*time.Minute, team.Every(tt.severity, tt.audience, tt.status, tt.age))
		})
	}
}

func TestOwed(t *testing.T) {
	const customer, stakeholder, internal = incident.Customer, incident.Stakeholder, incident.Internal
	type owed struct {
		what incident.Debt
		to   incident.Audience
		by   int // the minute
		why  incident.Why
	}
	opened := func(s incident.Severity, i incident.Impact) incident.Entry {
		e := incidenttest.Opened()
		e.Severity, e.Impact = s, i
		return e
	}
	led := entry(1, "lead", incident.Entry{Kind: incident.Assigned, Role: incident.Commander, Holder: "Ana Lima"})
	told := note(10, "told", customer, "x")
	none := func(e incident.Entry) incident.Entry { e.Next = incident.Next{None: true}; return e }
	late := promising(told, 200)
	late.Next.Because = "The vendor answers at five."
	withWords := func(e incident.Entry, a incident.Audience) incident.Entry {
		e.Audience, e.Text = a, "What it means."
		e.Name = incident.Name{Recorded: e.Recorded(), Label: e.Label(), Suffix: e.Suffix()}.String()
		return e
	}
	reopened := entry(60, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating, Text: "x"})
	published := func(minute int) incident.Entry {
		return entry(minute, "publ", incident.Entry{Kind: incident.Published, Audience: customer, Text: "What happened."})
	}
	action := func(minute int, suffix string) incident.Entry {
		return entry(minute, suffix, incident.Entry{Kind: incident.Action, Text: "An alarm.", Action: incident.ActionFacts{Owner: "Ana", Due: incidenttest.At(0).Truncate(24*time.Hour).AddDate(0, 0, 1)}})
	}
	settled := func(minute int, suffix string, of incident.Entry) incident.Entry {
		return entry(minute, suffix, incident.Entry{Kind: incident.Action, Action: incident.ActionFacts{Settles: of.Name, State: incident.ActionDone}})
	}
	drafted := func(minute int) incident.Entry {
		return entry(minute, "post", incident.Entry{Kind: incident.Postmortem})
	}
	commander := owed{incident.OwedCommander, internal, 5, incident.WhySeverity}
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		want    []owed
	}{
		{"the first word to customers, and somebody who leads", []incident.Entry{opened(incident.Sev2, 0)}, []owed{commander, {incident.OwedUpdate, customer, 15, incident.WhyFirst}}},
		{"who leads is known", []incident.Entry{opened(incident.Sev2, incident.ImpactMajor), led}, []owed{{incident.OwedUpdate, customer, 15, incident.WhyFirst}}},
		{"customers whom it does not touch wait for nothing", []incident.Entry{opened(incident.Sev2, incident.ImpactNone), led}, nil},
		{"the smallest severity: only if it touches them", []incident.Entry{opened(incident.Sev4, 0)}, nil},
		{"and then it does", []incident.Entry{opened(incident.Sev4, incident.ImpactMinor)}, []owed{{incident.OwedUpdate, customer, 60, incident.WhyFirst}}},
		{
			"others wait from the opening on, and no commander is needed",
			[]incident.Entry{opened(incident.Sev3, 0)},
			[]owed{{incident.OwedUpdate, internal, 20, incident.WhyFirst}, {incident.OwedUpdate, stakeholder, 240, incident.WhyFirst}},
		},

		{"the next word by the cadence", []incident.Entry{opened(incident.Sev2, 0), led, told}, []owed{{incident.OwedUpdate, customer, 40, incident.WhyEvery}}},
		{"a sooner promise", []incident.Entry{opened(incident.Sev2, 0), led, promising(told, 20)}, []owed{{incident.OwedUpdate, customer, 20, incident.WhyPromised}}},
		{"the cadence before a later promise", []incident.Entry{opened(incident.Sev2, 0), led, promising(told, 60)}, []owed{{incident.OwedUpdate, customer, 40, incident.WhyEvery}}},
		{"unless that has a reason", []incident.Entry{opened(incident.Sev2, 0), led, late}, []owed{{incident.OwedUpdate, customer, 200, incident.WhyPromised}}},
		{"who was told to expect nothing waits for nothing", []incident.Entry{opened(incident.Sev2, 0), led, none(told)}, nil},
		{
			"a graver severity shortens what was promised",
			[]incident.Entry{opened(incident.Sev4, incident.ImpactMinor), promising(told, 100), entry(12, "sev2", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev2}}), led},
			[]owed{{incident.OwedUpdate, customer, 40, incident.WhyEvery}},
		},
		{"a word of long ago counts by the age that it had then", []incident.Entry{opened(incident.Sev2, 0), led, note(121, "long", customer, "x")}, []owed{{incident.OwedUpdate, customer, 211, incident.WhyEvery}}},

		{
			"a move is explained to all at once",
			[]incident.Entry{opened(incident.Sev4, 0), told, moved(20, "move", incident.Identified)},
			[]owed{{incident.OwedUpdate, internal, 25, incident.WhyMoved}, {incident.OwedUpdate, stakeholder, 25, incident.WhyMoved}, {incident.OwedUpdate, customer, 25, incident.WhyMoved}},
		},
		{
			"to customers only what is public",
			[]incident.Entry{opened(incident.Sev4, 0), moved(20, "move", incident.Identified)},
			[]owed{{incident.OwedUpdate, internal, 25, incident.WhyMoved}, {incident.OwedUpdate, stakeholder, 25, incident.WhyMoved}},
		},
		{
			"words of the move itself explain it to their readers",
			[]incident.Entry{opened(incident.Sev4, 0), told, withWords(moved(20, "move", incident.Identified), internal)},
			[]owed{{incident.OwedUpdate, stakeholder, 25, incident.WhyMoved}, {incident.OwedUpdate, customer, 25, incident.WhyMoved}},
		},
		{"and to all who read them", []incident.Entry{opened(incident.Sev4, 0), told, withWords(moved(20, "move", incident.Identified), customer)}, nil},
		{"a later word does as well", []incident.Entry{opened(incident.Sev4, 0), told, moved(20, "move", incident.Identified), note(22, "word", customer, "x")}, nil},
		{"an opening explains itself", []incident.Entry{opened(incident.Sev4, 0)}, nil},
		{
			"a reason for a long wait holds no more once it is worse",
			[]incident.Entry{opened(incident.Sev3, incident.ImpactMajor), reasoned(10, 200), entry(20, "wors", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev2}}), led},
			[]owed{{incident.OwedUpdate, customer, 40, incident.WhyEvery}},
		},
		{
			"and holds when it is better",
			[]incident.Entry{opened(incident.Sev2, incident.ImpactMajor), reasoned(10, 200), entry(20, "bett", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev4}})},
			[]owed{{incident.OwedUpdate, customer, 200, incident.WhyPromised}},
		},
		{
			"of two moves that nobody explained the first says when",
			[]incident.Entry{opened(incident.Sev4, 0), moved(20, "move", incident.Identified), moved(24, "more", incident.Monitoring)},
			[]owed{{incident.OwedUpdate, internal, 25, incident.WhyMoved}, {incident.OwedUpdate, stakeholder, 25, incident.WhyMoved}},
		},
		{"a word after the move counts though its clock is behind", []incident.Entry{opened(incident.Sev4, 0), moved(20, "move", incident.Identified), happened(17, note(21, "word", stakeholder, "x"))}, nil},
		{
			"one of long before that was noted down afterwards does not",
			[]incident.Entry{opened(incident.Sev4, 0), moved(20, "move", incident.Identified), happened(5, note(21, "word", stakeholder, "x"))},
			[]owed{{incident.OwedUpdate, internal, 25, incident.WhyMoved}, {incident.OwedUpdate, stakeholder, 25, incident.WhyMoved}},
		},
		{"closing is nobody's business", []incident.Entry{opened(incident.Sev4, 0), withWords(moved(20, "reso", incident.Resolved), customer), moved(30, "clos", incident.Closed)}, nil},

		{"a postmortem once it is over", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer)}, []owed{{incident.OwedPostmortem, customer, 10 + 48*60, incident.WhyResolved}}},
		{"until it is published", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer), drafted(15), published(20)}, nil},
		{"a draft is none yet", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer), drafted(20)}, []owed{{incident.OwedPostmortem, customer, 10 + 48*60, incident.WhyResolved}}},
		{"nor is one for stakeholders", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer), entry(20, "publ", incident.Entry{Kind: incident.Published, Audience: stakeholder, Text: "x"})}, []owed{{incident.OwedPostmortem, customer, 10 + 48*60, incident.WhyResolved}}},
		{"or waived", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer), entry(20, "waiv", incident.Entry{Kind: incident.Waived, Text: "A drill."})}, nil},
		{
			"an action that has a day, until it is done, also of what is closed",
			[]incident.Entry{opened(incident.Sev4, 0), action(5, "acta"), action(6, "actb"), settled(7, "done", action(5, "acta")), withWords(moved(10, "reso", incident.Resolved), customer), moved(20, "clos", incident.Closed)},
			[]owed{{incident.OwedAction, internal, 24*60 - 14*60 + 24*60, incident.WhyDated}},
		},
		{"or the work is done", []incident.Entry{opened(incident.Sev2, 0), withWords(moved(10, "reso", incident.Resolved), customer), moved(20, "clos", incident.Closed)}, nil},
		{"not while it goes on again", []incident.Entry{opened(incident.Sev2, 0), led, none(withWords(moved(10, "reso", incident.Resolved), customer)), withWords(reopened, customer)}, []owed{{incident.OwedUpdate, customer, 90, incident.WhyEvery}}},
		{
			"and again, from the new end, whatever was published",
			[]incident.Entry{opened(incident.Sev2, 0), led, withWords(moved(10, "reso", incident.Resolved), customer), published(20), reopened, withWords(moved(70, "resb", incident.Resolved), customer)},
			[]owed{{incident.OwedPostmortem, customer, 70 + 48*60, incident.WhyResolved}},
		},
		{
			"a reopened incident is not long at once",
			[]incident.Entry{opened(incident.Sev2, 0), led, withWords(moved(10, "reso", incident.Resolved), customer), entry(300, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating}), note(305, "word", customer, "x")},
			[]owed{{incident.OwedUpdate, customer, 335, incident.WhyEvery}},
		},
		{"none for a severity that needs none", []incident.Entry{opened(incident.Sev3, 0), withWords(moved(10, "reso", incident.Resolved), customer)}, nil},
		{
			"a promise outlives the end",
			[]incident.Entry{opened(incident.Sev3, 0), promising(told, 40), withWords(moved(10, "reso", incident.Resolved), stakeholder)},
			[]owed{{incident.OwedUpdate, customer, 40, incident.WhyPromised}},
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []owed
			for _, o := range fold(tt.entries...).Owed(team) {
				got = append(got, owed{o.What, o.Audience, int(o.By.Sub(incidenttest.At(0)) / time.Minute), o.Why})
			}
			require.Equal(t, tt.want, got)
		})
	}
	require.Empty(t, fold(incidenttest.Opened()).Owed(nil), "no rules, and nothing was promised")
}

// happened is an entry that says it happened at another minute than it was recorded at.
func happened(minute int, e incident.Entry) incident.Entry {
	e.At = incidenttest.At(minute)
	return e
}

// reasoned is a word to customers that promises the next one for later than usual, and why.
func reasoned(minute, by int) incident.Entry {
	e := promising(note(minute, "long", incident.Customer, "x"), by)
	e.Next.Because = "The vendor answers then."
	return e
}
