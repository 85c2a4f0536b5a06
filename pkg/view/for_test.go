package view_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

func to[T any](v T) *T { return &v }

func fold(entries ...incident.Entry) incident.Incident {
	return incident.Fold(incidenttest.ID, append(entries, incidenttest.Opened()))
}

func note(minute int, suffix string, a incident.Audience, text string) incident.Entry {
	return incidenttest.Entry(minute, suffix, incident.Entry{
		Kind: incident.Note, Audience: a, Text: text, Author: incident.Person{Name: "Ana Lima", Email: "ana@example.com"}, To: []string{"payments"},
	})
}

func correction(minute int, suffix string, of incident.Entry, text string) incident.Entry {
	return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Note, Audience: of.Audience, Text: text, Corrects: of.Name})
}

func retraction(minute int, suffix string, of incident.Entry) incident.Entry {
	return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Retracted, Audience: min(of.Audience, incident.Internal), Text: "A wrong figure.", Retracts: of.Name})
}

// Each fact has its widest reader; everybody narrower sees it too.
func TestWidestReaders(t *testing.T) {
	told := note(20, "told", incident.Customer, "Payments fail.")
	told.Next.By = incidenttest.At(50)
	forManagers := note(21, "mngr", incident.Stakeholder, "It costs us a lot.")
	forManagers.Next.By = incidenttest.At(80)
	inc := fold(
		incidenttest.Entry(1, "fact", incident.Entry{Kind: incident.Set, Facts: incident.Facts{
			Severity: incident.Sev2, Impact: incident.ImpactMajor, Started: incidenttest.At(-5), Customers: to(40), Share: to(2.5), Tags: []string{"payments"}, Cause: "pool exhausted",
			Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}},
		}}),
		incidenttest.Entry(2, "role", incident.Entry{Kind: incident.Assigned, Role: incident.Commander, Holder: "Ana Lima"}),
		incidenttest.Entry(3, "oops", incident.Entry{Kind: incident.Moved, Status: incident.Closed}),
		incidenttest.Entry(10, "idnt", incident.Entry{Kind: incident.Moved, Status: incident.Identified}),
		told, forManagers,
	)
	for _, tt := range []struct {
		fact   string
		widest incident.Audience
		told   func(view.View) bool
	}{
		{"the headline", incident.Customer, func(v view.View) bool { return v.Headline == "Checkout: partial outage" }},
		{"the status", incident.Customer, func(v view.View) bool { return v.Status == incident.Identified }},
		{"since when", incident.Customer, func(v view.View) bool { return v.Since.Equal(incidenttest.At(10)) }},
		{"the moves before it was public too", incident.Customer, func(v view.View) bool {
			return len(v.Moves) == 2 && v.Moves[1].At.Equal(incidenttest.At(10)) && v.Moves[1].Status == incident.Identified
		}},
		{"the impact", incident.Customer, func(v view.View) bool { return v.Impact == incident.ImpactMajor }},
		{"the opening", incident.Customer, func(v view.View) bool { return v.Opened.Equal(incidenttest.At(0)) }},
		{"the start", incident.Customer, func(v view.View) bool { return v.Started.Equal(incidenttest.At(-5)) && v.Confirmed }},
		{"the components", incident.Customer, func(v view.View) bool { return len(v.Components) == 1 }},
		{"the promise to customers", incident.Customer, func(v view.View) bool { return promise(v, incident.Customer).Equal(incidenttest.At(50)) }},
		{"the promise to stakeholders", incident.Stakeholder, func(v view.View) bool { return promise(v, incident.Stakeholder).Equal(incidenttest.At(80)) }},
		{"the severity", incident.Stakeholder, func(v view.View) bool { return v.Severity == incident.Sev2 }},
		{"the number of customers", incident.Stakeholder, func(v view.View) bool { return v.Customers != nil && *v.Customers == 40 }},
		{"the share of customers", incident.Stakeholder, func(v view.View) bool { return v.Share != nil && *v.Share == 2.5 }},
		{"the roles", incident.Stakeholder, func(v view.View) bool { return len(v.Roles) == 1 }},
		{"the title", incident.Internal, func(v view.View) bool { return v.Title == "Checkout errors" }},
		{"the identifier", incident.Internal, func(v view.View) bool { return v.ID == incidenttest.ID }},
		{"the tags", incident.Internal, func(v view.View) bool { return len(v.Tags) == 1 }},
		{"the cause", incident.Internal, func(v view.View) bool { return v.Cause == "pool exhausted" }},
		{"the anomalies", incident.Internal, func(v view.View) bool { return len(v.Anomalies) == 1 }},
		{"the author of an update", incident.Internal, func(v view.View) bool { return updates(v)["told"].Author == "Ana Lima" }},
		{"the author's address", incident.Internal, func(v view.View) bool { return updates(v)["told"].Email == "ana@example.com" }},
		{"whom an update is addressed to", incident.Internal, func(v view.View) bool { return len(updates(v)["told"].To) == 1 }},
		{"an entry's name", incident.Internal, func(v view.View) bool { return updates(v)["told"].Entry == told.Name }},
		{"the facts of an entry", incident.Internal, func(v view.View) bool { return len(updates(v)["fact"].Changes) == 8 }},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			for _, a := range incident.Audiences() {
				require.Equal(t, a.Sees(tt.widest), tt.told(view.For(inc, a)), "%s", a)
			}
		})
	}
	require.Equal(t, "20261123-open", view.For(inc, incident.Customer).ID)
	require.Equal(t, "20261123-open", view.For(inc, incident.Stakeholder).ID)
}

func promise(v view.View, a incident.Audience) time.Time {
	for _, p := range v.Promises {
		if p.Audience == a {
			return p.By
		}
	}
	return time.Time{}
}

func updates(v view.View) map[string]view.Update {
	byID := map[string]view.Update{}
	for _, u := range v.Updates {
		byID[u.ID] = u
	}
	return byID
}

func TestNotPublic(t *testing.T) {
	inc := fold(note(1, "note", incident.Stakeholder, "x"))
	require.Equal(t, view.View{Audience: incident.Customer}, view.For(inc, incident.Customer))
	require.True(t, view.For(inc, incident.Stakeholder).Visible)
	for _, nobody := range []incident.Audience{0, 5, 255} {
		require.Equal(t, view.View{Audience: nobody}, view.For(fold(note(1, "note", incident.Customer, "x")), nobody))
	}
}

func TestTitleForEngineers(t *testing.T) {
	told := note(5, "told", incident.Customer, "x")
	opened := incidenttest.Opened()
	opened.Audience = incident.Technical
	inc := incident.Fold(incidenttest.ID, []incident.Entry{opened, told})
	require.Equal(t, "Checkout errors", view.For(inc, incident.Technical).Title)
	require.Equal(t, incidenttest.ID, view.For(inc, incident.Technical).ID)
	require.Empty(t, view.For(inc, incident.Internal).Title)
	require.Equal(t, "20261123-open", view.For(inc, incident.Internal).ID)
}

// A cause is words of the entry that gave it, like a title.
func TestCauseForEngineers(t *testing.T) {
	forEngineers := incidenttest.Entry(1, "engi", incident.Entry{Kind: incident.Set, Audience: incident.Technical, Facts: incident.Facts{Cause: "lock 0x3f"}})
	require.Equal(t, "lock 0x3f", view.For(fold(forEngineers), incident.Technical).Cause)
	require.Empty(t, view.For(fold(forEngineers), incident.Internal).Cause)
	forAll := incidenttest.Entry(2, "warr", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Cause: "lock 0x3f"}})
	require.Equal(t, "lock 0x3f", view.For(fold(forEngineers, forAll), incident.Internal).Cause)
	toCustomers := incidenttest.Entry(3, "cust", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x", Facts: incident.Facts{Cause: "lock 0x3f"}})
	require.Empty(t, view.For(fold(toCustomers), incident.Customer).Cause, "whoever it was said to")
}

// What each audience reads of one update: its text, and what it said first.
func TestUpdates(t *testing.T) {
	told := note(10, "told", incident.Customer, "One in five fails.")
	told.Attachments = []incident.Attachment{{Name: "a.png", File: "told-a.png", Size: 1}, {Name: "b", File: "../b"}}
	told.Next.By = incidenttest.At(40)
	corrected := correction(20, "corr", told, "One in six fails.")
	corrected.Attachments = []incident.Attachment{{Name: "c.png", File: "corr-c.png"}}
	corrected.Next.By = incidenttest.At(60)
	withdrawn := retraction(30, "retr", told)
	file := func(name, file string) view.Attachment {
		return view.Attachment{Name: name, Path: "attachments/" + file}
	}
	a, c := file("a.png", "told-a.png"), file("c.png", "corr-c.png")
	a.Size = 1

	for _, tt := range []struct {
		rule          string
		entries       []incident.Entry
		wide, narrow  view.Update // of told
		alsoForPublic []string    // other updates that customers see
	}{
		{
			"as it was written",
			[]incident.Entry{told},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			nil,
		},
		{
			"corrected",
			[]incident.Entry{told, corrected},
			view.Update{Text: corrected.Text, Next: incidenttest.At(60), Attachment: []view.Attachment{a, c}, Corrected: true, CorrectedAt: incidenttest.At(20)},
			view.Update{Text: corrected.Text, Next: incidenttest.At(60), Attachment: []view.Attachment{a, c}, Corrected: true, CorrectedAt: incidenttest.At(20), Original: told.Text},
			nil,
		},
		{
			"withdrawn",
			[]incident.Entry{told, withdrawn},
			view.Update{Withdrawn: true, WithdrawnAt: incidenttest.At(30)},
			view.Update{Withdrawn: true, WithdrawnAt: incidenttest.At(30), Original: told.Text},
			nil,
		},
		{
			"corrected, then withdrawn",
			[]incident.Entry{told, corrected, withdrawn},
			view.Update{Corrected: true, CorrectedAt: incidenttest.At(20), Withdrawn: true, WithdrawnAt: incidenttest.At(30)},
			view.Update{Corrected: true, CorrectedAt: incidenttest.At(20), Withdrawn: true, WithdrawnAt: incidenttest.At(30), Original: told.Text},
			nil,
		},
		{
			"a correction of what is missing is an update of its own",
			[]incident.Entry{told, correction(50, "lost", note(5, "miss", incident.Customer, "x"), "y")},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			[]string{"lost"},
		},
		{
			"why what is missing was withdrawn is none",
			[]incident.Entry{told, func() incident.Entry {
				e := retraction(50, "lost", note(5, "miss", incident.Customer, "x"))
				e.Audience = incident.Customer
				return e
			}()},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			view.Update{Text: told.Text, Next: incidenttest.At(40), Attachment: []view.Attachment{a}},
			nil,
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inc := fold(tt.entries...)
			for _, reader := range incident.Audiences() {
				v := view.For(inc, reader)
				got, want := updates(v)["told"], tt.wide
				if reader.Sees(incident.Internal) {
					want = tt.narrow
					want.Entry, want.Author, want.Email, want.To = told.Name, "Ana Lima", "ana@example.com", []string{"payments"}
					if !want.Withdrawn {
						want.Unseen = []string{"payments"}
					}
				}
				want.Then = view.Standing{Status: incident.Investigating, Headline: "Service disruption"}
				if want.Corrected {
					want.CorrectedBy = "corr"
				}
				if want.Withdrawn {
					want.WithdrawnBy = "retr"
				}
				want.ID, want.Kind, want.At, want.Recorded, want.Audience = "told", "note", incidenttest.At(10), incidenttest.At(10), incident.Customer
				require.Equal(t, want, got, "%s", reader)
				if !reader.Sees(incident.Internal) {
					require.Len(t, v.Updates, 1+len(tt.alsoForPublic))
					for _, id := range tt.alsoForPublic {
						require.Contains(t, updates(v), id)
					}
				}
			}
		})
	}

	t.Run("the war room sees the correction and the retraction too, marked", func(t *testing.T) {
		seen := updates(view.For(fold(told, corrected, withdrawn), incident.Internal))
		require.Equal(t, "told", seen["corr"].About)
		require.True(t, seen["corr"].Withdrawn)
		require.Empty(t, seen["corr"].Text)
		require.Equal(t, corrected.Text, seen["corr"].Original)
		require.Equal(t, "told", seen["retr"].About)
		require.Equal(t, withdrawn.Text, seen["retr"].Text)
		require.False(t, seen["retr"].Withdrawn)
	})
}

func TestRetriesAreNotToldTwice(t *testing.T) {
	once, twice := note(10, "once", incident.Customer, "x"), note(11, "twic", incident.Customer, "x")
	once.Key, twice.Key = "k", "k"
	inc := fold(once, twice)
	require.Len(t, view.For(inc, incident.Customer).Updates, 1)
	require.Equal(t, "once", updates(view.For(inc, incident.Internal))["twic"].About)

	inc = fold(once, twice, retraction(20, "retr", once))
	require.Empty(t, updates(view.For(inc, incident.Customer))["once"].Text)
	require.Len(t, view.For(inc, incident.Customer).Updates, 1, "what is withdrawn is not read from its retry")
	require.True(t, updates(view.For(inc, incident.Internal))["twic"].Withdrawn)
}

func TestUpdateStatus(t *testing.T) {
	move := func(minute int, suffix string, s incident.Status) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: s, Text: "x"})
	}
	odd := note(4, "note", incident.Customer, "x")
	odd.Status = incident.Closed
	seen := updates(view.For(fold(move(1, "idnt", incident.Identified), move(2, "clos", incident.Closed), move(3, "stay", incident.Identified), odd), incident.Customer))
	require.Equal(t, incident.Identified, seen["idnt"].Status)
	require.Zero(t, seen["clos"].Status, "its words were said, but it was not closed")
	require.Equal(t, incident.Identified, seen["stay"].Status)
	require.Zero(t, seen["note"].Status, "a note moves nothing")
}

func TestUpdatesComeAsThingsHappened(t *testing.T) {
	evidence := note(5, "evid", incident.Customer, "x")
	evidence.At = incidenttest.At(-30)
	ahead := note(6, "ahea", incident.Customer, "x")
	ahead.At = incidenttest.At(600)
	v := view.For(fold(note(1, "frst", incident.Customer, "x"), note(7, "last", incident.Customer, "x"), evidence, ahead), incident.Customer)
	var order []string
	for _, u := range v.Updates {
		order = append(order, u.ID)
		require.Equal(t, u.ID == "evid", u.Early)
	}
	require.Equal(t, []string{"evid", "frst", "ahea", "last"}, order, "nothing happens after it was recorded")
}

func TestAnomaliesForTheWarRoom(t *testing.T) {
	secret := incident.Entry{Name: note(1, "unre", incident.Technical, "").Name, Problem: errors.New("line 3: db-7")}
	hunch := note(2, "hunc", incident.Technical, "x")
	hunch.Corrects = "db-7"
	room := note(3, "room", incident.Internal, "x")
	room.Corrects = "db-8"
	inc := fold(secret, hunch, room)
	require.Equal(t, []view.Anomaly{
		{Entry: secret.Name, Problem: "engineers can see what is wrong with it"},
		{Entry: hunch.Name, Problem: "engineers can see what is wrong with it"},
		{Entry: room.Name, Problem: `is about "db-8", which is not an earlier entry of this incident`},
	}, view.For(inc, incident.Internal).Anomalies)
	require.Equal(t, "line 3: db-7", view.For(inc, incident.Technical).Anomalies[0].Problem)
}

func TestTagsOfTheWarRoom(t *testing.T) {
	tagged := func(minute int, suffix string, a incident.Audience, tags ...string) incident.Entry {
		return incidenttest.Entry(minute, suffix, incident.Entry{Kind: incident.Set, Audience: a, Facts: incident.Facts{Tags: tags}})
	}
	inc := fold(tagged(1, "tech", incident.Technical, "DB", "db-7"), tagged(2, "room", incident.Internal, "db", "Cards", "cards"))
	require.Equal(t, []string{"DB", "db-7", "Cards"}, view.For(inc, incident.Technical).Tags)
	require.Equal(t, []string{"db", "Cards"}, view.For(inc, incident.Internal).Tags)
}

// A view is a copy: whoever changes one changes nothing else.
func TestViewsAreCopies(t *testing.T) {
	e := note(1, "note", incident.Customer, "x")
	e.Customers, e.Share, e.Tags = to(1), to(2.0), []string{"tag"}
	e.Components = []incident.Component{{Name: "Checkout", State: incident.PartialOutage}}
	inc := fold(e, incidenttest.Entry(2, "role", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Ana"}))
	v := view.For(inc, incident.Technical)
	*v.Customers, *v.Share, v.Tags[0], v.Components[0].Name, v.Roles[0].Holder, v.Updates[1].To[0] = 9, 9, "x", "x", "x", "x"
	v = view.For(inc, incident.Technical)
	require.Equal(t, 1, *v.Customers)
	require.InDelta(t, 2.0, *v.Share, 0)
	require.Equal(t, "tag", v.Tags[0])
	require.Equal(t, "Checkout", v.Components[0].Name)
	require.Equal(t, "Ana", v.Roles[0].Holder)
	require.Equal(t, "payments", v.Updates[1].To[0])
}
