package incident_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func moved(minute int, suffix string, s incident.Status) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Moved, Status: s})
}

func set(minute int, suffix string, f incident.Facts) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Set, Facts: f})
}

func TestFoldOfAWholeIncident(t *testing.T) {
	opened := entry(0, "open", incident.Entry{Kind: incident.Opened, Facts: incident.Facts{
		Title: "Checkout errors", Severity: incident.Sev2, Impact: incident.ImpactMajor, Tags: []string{"payments"},
		Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}, {Name: "Search", State: incident.DegradedPerformance}},
	}})
	inc := fold(
		opened,
		entry(1, "assi", incident.Entry{Kind: incident.Assigned, Role: "IC", Holder: "Ana Lima"}),
		entry(2, "scri", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Cai Wu"}),
		moved(10, "idnt", incident.Identified),
		set(11, "facs", incident.Facts{
			Severity: incident.Sev1, Started: incidenttest.At(-5), Customers: to(120), Share: to(12.5), Tags: []string{"PAYMENTS", "cards"}, Cause: "pool exhausted",
			Components: []incident.Component{{Name: "checkout", State: incident.MajorOutage}},
		}),
		entry(12, "assj", incident.Entry{Kind: incident.Assigned, Role: "commander", Holder: "Ben Ode"}),
		moved(20, "moni", incident.Monitoring),
		moved(30, "reso", incident.Resolved),
		moved(90, "clos", incident.Closed),
	)
	require.Empty(t, inc.Anomalies)
	require.Equal(t, incidenttest.ID, inc.ID)
	require.Equal(t, "20261123-open", inc.PublicID)
	require.Equal(t, "Checkout errors", inc.Title)
	require.Equal(t, incident.Internal, inc.TitleAudience)
	require.Equal(t, incident.Internal, inc.IDAudience)
	require.Equal(t, incident.Closed, inc.Status)
	require.Equal(t, incidenttest.At(90), inc.Since)
	require.Equal(t, incident.Sev1, inc.Severity)
	require.Equal(t, incident.ImpactMajor, inc.Impact)
	require.Equal(t, incidenttest.At(0), inc.Opened)
	require.Equal(t, incidenttest.At(-5), inc.Started)
	require.True(t, inc.Confirmed)
	require.Equal(t, incidenttest.At(30), inc.ResolvedAt)
	require.Equal(t, incidenttest.At(90), inc.ClosedAt)
	require.Equal(t, 35*time.Minute, inc.Duration(incidenttest.At(500)))
	require.Equal(t, 120, *inc.Customers)
	require.InDelta(t, 12.5, *inc.Share, 0)
	require.Equal(t, []string{"payments", "cards"}, inc.Tags)
	require.Equal(t, "pool exhausted", inc.Cause)
	require.Equal(t, incident.Internal, inc.CauseAudience)
	require.Equal(t, []incident.Role{{Name: "commander", Holder: "Ben Ode"}, {Name: "scribe", Holder: "Cai Wu"}}, inc.Roles)
	require.Equal(t, []incident.Component{{Name: "Checkout", State: incident.Operational}, {Name: "Search", State: incident.Operational}}, inc.Components, "resolving puts them back")
	require.Equal(t, "Checkout: major outage; Search: degraded performance", inc.Headline(), "the name stays when it is over")
	require.Equal(t, []incident.Move{
		{Entry: opened.Name, At: incidenttest.At(0), Status: incident.Investigating},
		{Entry: moved(10, "idnt", incident.Identified).Name, At: incidenttest.At(10), Status: incident.Identified},
		{Entry: moved(20, "moni", incident.Monitoring).Name, At: incidenttest.At(20), Status: incident.Monitoring},
		{Entry: moved(30, "reso", incident.Resolved).Name, At: incidenttest.At(30), Status: incident.Resolved},
		{Entry: moved(90, "clos", incident.Closed).Name, At: incidenttest.At(90), Status: incident.Closed},
	}, inc.Moves)
	require.False(t, inc.Public())
}

func TestFoldOfNothing(t *testing.T) {
	inc := fold()
	require.Empty(t, inc.Anomalies)
	require.Zero(t, inc.Status)
	require.Empty(t, inc.PublicID)
	require.False(t, inc.Public())
	require.Zero(t, inc.Duration(incidenttest.At(0)))
	require.Empty(t, inc.Owed(incidenttest.Rules))
	require.Equal(t, incident.Technical, inc.IDAudience, "the folder's name may hold anything")
	require.Equal(t, "Service disruption", incident.Incident{}.Headline())
}

func TestComponents(t *testing.T) {
	checkout := func(s incident.State) incident.Facts {
		return incident.Facts{Components: []incident.Component{{Name: "Checkout", State: s}}}
	}
	resolve := moved(10, "reso", incident.Resolved)
	broken := resolve
	broken.Components = checkout(incident.DegradedPerformance).Components
	for _, tt := range []struct {
		rule     string
		entries  []incident.Entry
		state    incident.State
		headline string
	}{
		{"the newest state counts", []incident.Entry{set(1, "aaaa", checkout(incident.MajorOutage)), set(2, "bbbb", checkout(incident.PartialOutage))}, incident.PartialOutage, "Checkout: partial outage"},
		{"one that works again keeps its name in the headline", []incident.Entry{set(1, "aaaa", checkout(incident.MajorOutage)), set(2, "bbbb", checkout(incident.Operational))}, incident.Operational, "Checkout: major outage"},
		{"one that always worked is no headline", []incident.Entry{set(1, "aaaa", checkout(incident.Operational))}, incident.Operational, "Service disruption"},
		{"resolving puts it back", []incident.Entry{set(1, "aaaa", checkout(incident.MajorOutage)), resolve}, incident.Operational, "Checkout: major outage"},
		{"resolving may say that it does not work yet", []incident.Entry{set(1, "aaaa", checkout(incident.MajorOutage)), broken}, incident.DegradedPerformance, "Checkout: degraded performance"},
		{"a resolution that cannot be puts nothing back", []incident.Entry{resolve, moved(11, "clos", incident.Closed), set(12, "aaaa", checkout(incident.MajorOutage)), moved(13, "res2", incident.Resolved)}, incident.MajorOutage, "Checkout: major outage"},
		{"resolving twice puts nothing back the second time", []incident.Entry{resolve, set(12, "aaaa", checkout(incident.MajorOutage)), moved(13, "res2", incident.Resolved)}, incident.MajorOutage, "Checkout: major outage"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inc := fold(append(tt.entries, incidenttest.Opened())...)
			require.Equal(t, []incident.Component{{Name: "Checkout", State: tt.state}}, inc.Components)
			require.Equal(t, tt.headline, inc.Headline())
		})
	}
}

func TestWhatEngineersSayStaysWithThem(t *testing.T) {
	engineers := func(e incident.Entry) incident.Entry { e.Audience = incident.Technical; return e }
	db7 := incident.Facts{Components: []incident.Component{{Name: "db-7", State: incident.MajorOutage}}}

	t.Run("a component that they alone name", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), engineers(set(1, "aaaa", db7)))
		require.Equal(t, db7.Components, inc.ComponentsFor(incident.Technical))
		for _, a := range incident.Audiences()[1:] {
			require.Empty(t, inc.ComponentsFor(a), "%s", a)
		}
		require.Equal(t, "Service disruption", inc.Headline())
	})
	t.Run("until others name it too, whose spelling counts", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), engineers(set(1, "aaaa", db7)), set(2, "bbbb", incident.Facts{Components: []incident.Component{{Name: "DB-7", State: incident.PartialOutage}}}))
		require.Equal(t, []incident.Component{{Name: "DB-7", State: incident.PartialOutage}}, inc.ComponentsFor(incident.Customer))
	})
	t.Run("but the state of one that others named is theirs to tell", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), set(1, "aaaa", incident.Facts{Components: []incident.Component{{Name: "db-7", State: incident.PartialOutage}}}), engineers(set(2, "bbbb", db7)))
		require.Equal(t, db7.Components, inc.ComponentsFor(incident.Customer))
		require.Equal(t, "db-7: major outage", inc.Headline())
	})
	t.Run("a headline is none", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), set(1, "aaaa", incident.Facts{Headline: "Card payments fail"}), engineers(set(2, "bbbb", incident.Facts{Headline: "db-7 is locked"})))
		require.Equal(t, "Card payments fail", inc.Headline())
		require.Len(t, inc.Anomalies, 1)
		require.ErrorContains(t, inc.Anomalies[0].Err, "headline")
	})
	t.Run("a role, until others give it", func(t *testing.T) {
		ana := entry(1, "aaaa", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Ana"})
		ben := engineers(entry(2, "bbbb", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Ben"}))
		inc := fold(incidenttest.Opened(), ana, ben)
		require.Equal(t, []incident.Role{{Name: "scribe", Holder: "Ben"}}, inc.RolesFor(incident.Technical))
		require.Empty(t, inc.RolesFor(incident.Stakeholder), "better nobody than the wrong one")
		again := entry(3, "cccc", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Ben"})
		inc = fold(incidenttest.Opened(), ana, ben, again)
		require.Equal(t, []incident.Role{{Name: "scribe", Holder: "Ben"}}, inc.RolesFor(incident.Stakeholder))
		require.Empty(t, inc.RolesFor(incident.Customer), "customers never read who has which role")
		inc = fold(incidenttest.Opened(), again, engineers(entry(4, "dddd", incident.Entry{Kind: incident.Assigned, Role: "scribe", Holder: "Ben"})))
		require.NotEmpty(t, inc.RolesFor(incident.Stakeholder), "what others know is not taken from them")
	})
	t.Run("a title", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), engineers(set(1, "aaaa", incident.Facts{Title: "db-7 is locked"})))
		require.Equal(t, "db-7 is locked", inc.Title)
		require.Equal(t, incident.Technical, inc.TitleAudience)
		require.Equal(t, incident.Internal, inc.IDAudience, "the identifier is from the opening")
		inc = fold(incidenttest.Opened(), engineers(set(1, "aaaa", incident.Facts{Title: "Checkout errors"})))
		require.Equal(t, incident.Internal, inc.TitleAudience, "what others know is not taken from them")
	})
	t.Run("an opening, with its identifier", func(t *testing.T) {
		inc := fold(engineers(entry(0, "open", incident.Entry{Kind: incident.Opened, Facts: incident.Facts{Title: "A leak"}})))
		require.Equal(t, incident.Technical, inc.TitleAudience)
		require.Equal(t, incident.Technical, inc.IDAudience)
		require.Equal(t, "20261123-open", inc.PublicID)
	})
}

func TestHeadline(t *testing.T) {
	fails := incident.Facts{Headline: "Card payments fail"}
	told := entry(1, "told", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x", Facts: incident.Facts{Headline: "All payments fail"}})
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		want    string
	}{
		{"without anything it tells nothing", nil, "Service disruption"},
		{"it is never the title", []incident.Entry{set(1, "aaaa", incident.Facts{Title: "db-7 is locked"})}, "Service disruption"},
		{"the newest that was given counts", []incident.Entry{told, set(2, "aaaa", fails)}, "Card payments fail"},
		{"one is withdrawn with the words it came with", []incident.Entry{set(0, "aaaa", fails), told, retraction(2, "retr", told)}, "Card payments fail"},
		{"the only one is withdrawn", []incident.Entry{told, retraction(2, "retr", told)}, "Service disruption"},
		{"one that came with a correction is withdrawn with the first words", []incident.Entry{note(1, "frst", incident.Customer, "x"), func() incident.Entry {
			e := correction(2, "corr", note(1, "frst", incident.Customer, "x"), "y")
			e.Headline = "Card payments fail"
			return e
		}(), retraction(3, "retr", note(1, "frst", incident.Customer, "x"))}, "Service disruption"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, fold(append(tt.entries, incidenttest.Opened())...).Headline())
		})
	}
}

func TestPublic(t *testing.T) {
	told := note(1, "told", incident.Customer, "x")
	for _, tt := range []struct {
		rule string
		e    incident.Entry
		want bool
	}{
		{"not by its opening", note(1, "note", incident.Internal, "x"), false},
		{"not by a note for stakeholders", note(1, "note", incident.Stakeholder, "x"), false},
		{"not by components that customers know", set(1, "sett", incident.Facts{Components: []incident.Component{{Name: "Checkout", State: incident.MajorOutage}}}), false},
		{"by a note for customers", told, true},
		{"by a file for customers", entry(1, "file", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Attachments: []incident.Attachment{{Name: "a", File: "a"}}}), true},
		{"by facts for customers", entry(1, "fact", incident.Entry{Kind: incident.Set, Audience: incident.Customer, Facts: incident.Facts{Impact: incident.ImpactMajor}}), true},
		{"by words that came with a move that cannot be", entry(1, "move", incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Closed, Text: "x"}), true},
		{"not by a retraction of what is missing", entry(2, "retr", incident.Entry{Kind: incident.Retracted, Audience: incident.Customer, Text: "x", Retracts: told.Name}), false},
		{"not by what cannot be read", incident.Entry{Name: told.Name, Audience: incident.Customer, Text: "x"}, false},
		{"not by what no version of this tool has named", incident.Entry{Name: "notes", Kind: incident.Note, Audience: incident.Customer, Text: "x"}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, fold(incidenttest.Opened(), tt.e).Public()) })
	}
	t.Run("and stays so when all words are withdrawn", func(t *testing.T) {
		require.True(t, fold(incidenttest.Opened(), told, retraction(2, "retr", told)).Public())
	})
}

func TestOpenings(t *testing.T) {
	opening := func(minute int, suffix string, f incident.Facts) incident.Entry {
		return entry(minute, suffix, incident.Entry{Kind: incident.Opened, Facts: f})
	}
	first := opening(0, "frst", incident.Facts{Title: "Checkout errors", Severity: incident.Sev3, Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}}})
	second := opening(5, "scnd", incident.Facts{
		Title: "Checkout Errors!", Headline: "Payments fail", Severity: incident.Sev1, Impact: incident.ImpactMajor, Started: incidenttest.At(-7), Customers: to(9), Share: to(1.0), Tags: []string{"cards"},
		Components: []incident.Component{{Name: "CHECKOUT", State: incident.MajorOutage}, {Name: "Search", State: incident.MajorOutage}},
	})

	t.Run("the earlier counts, the later adds what was not said", func(t *testing.T) {
		inc := fold(first, second)
		require.Equal(t, "20261123-frst", inc.PublicID)
		require.Equal(t, incidenttest.At(0), inc.Opened)
		require.Equal(t, "Checkout errors", inc.Title)
		require.Equal(t, incident.Sev3, inc.Severity)
		require.Equal(t, "Payments fail", inc.Headline())
		require.Equal(t, incident.ImpactMajor, inc.Impact)
		require.Equal(t, incidenttest.At(-7), inc.Started)
		require.Equal(t, 9, *inc.Customers)
		require.Equal(t, []string{"cards"}, inc.Tags)
		require.Equal(t, []incident.Component{{Name: "Checkout", State: incident.PartialOutage}, {Name: "Search", State: incident.MajorOutage}}, inc.Components)
		require.Equal(t, []incident.Anomaly{{Entry: second.Name, Err: inc.Anomalies[0].Err}}, inc.Anomalies)
		require.ErrorContains(t, inc.Anomalies[0].Err, "opens the incident a second time; 20261123-frst was first")
		require.Len(t, inc.Moves, 1)
	})
	t.Run("the later takes nothing back", func(t *testing.T) {
		inc := fold(first, set(1, "sett", incident.Facts{Headline: "Cards fail", Impact: incident.ImpactMinor, Started: incidenttest.At(-1), Customers: to(1), Share: to(2.0)}), second)
		require.Equal(t, "Cards fail", inc.Headline())
		require.Equal(t, incident.ImpactMinor, inc.Impact)
		require.Equal(t, incidenttest.At(-1), inc.Started)
		require.Equal(t, 1, *inc.Customers)
		require.InDelta(t, 2.0, *inc.Share, 0)
	})
	t.Run("somebody may lead it from the first moment", func(t *testing.T) {
		first, second := first, second
		first.Role, first.Holder = "IC", "Ana Lima"
		second.Role, second.Holder = "commander", "Ben Ode"
		require.Equal(t, []incident.Role{{Name: "commander", Holder: "Ana Lima"}}, fold(first, second).Roles, "the later opening takes it from nobody")
		first.Holder = ""
		require.Equal(t, []incident.Role{{Name: "commander", Holder: "Ben Ode"}}, fold(first, second).Roles)
	})
	t.Run("a later one for engineers alone hides the identifier", func(t *testing.T) {
		second := second
		second.Audience = incident.Technical
		require.Equal(t, incident.Technical, fold(first, second).IDAudience)
	})
	t.Run("one that comes when it is over reopens the incident", func(t *testing.T) {
		inc := fold(first, moved(2, "reso", incident.Resolved), second, moved(6, "idnt", incident.Identified))
		require.Equal(t, incident.Identified, inc.Status)
		require.True(t, inc.ResolvedAt.IsZero())
		require.Equal(t, incident.Sev1, inc.Severity)
		require.Equal(t, incident.MajorOutage, inc.Components[0].State)
		require.Len(t, inc.Anomalies, 1)
		require.Equal(t, []incident.Status{incident.Investigating, incident.Resolved, incident.Investigating, incident.Identified},
			[]incident.Status{inc.Moves[0].Status, inc.Moves[1].Status, inc.Moves[2].Status, inc.Moves[3].Status})
	})
}

func TestMissingOpening(t *testing.T) {
	hello := note(3, "helo", incident.Customer, "We are on it.")
	t.Run("it is reported, and the rest stands", func(t *testing.T) {
		inc := fold(hello, moved(5, "idnt", incident.Identified))
		require.Len(t, inc.Anomalies, 1)
		require.ErrorContains(t, inc.Anomalies[0].Err, "opening entry is missing")
		require.Equal(t, incident.Identified, inc.Status)
		require.Equal(t, incidenttest.At(3), inc.Opened)
		require.Equal(t, "20261123-helo", inc.PublicID)
		require.Equal(t, incident.Technical, inc.IDAudience)
	})
	t.Run("without any move it is investigating", func(t *testing.T) {
		inc := fold(hello)
		require.Equal(t, incident.Investigating, inc.Status)
		require.Equal(t, incidenttest.At(3), inc.Since)
		require.Len(t, inc.Moves, 1)
		require.Zero(t, inc.Became(hello))
	})
	t.Run("the first move that is known counts, whatever it is", func(t *testing.T) {
		inc := fold(hello, moved(5, "clos", incident.Closed))
		require.Equal(t, incident.Closed, inc.Status)
		require.Equal(t, incidenttest.At(5), inc.ResolvedAt, "else it would last for ever")
	})
	t.Run("one that cannot be read still gives the public id", func(t *testing.T) {
		opened := incidenttest.Opened()
		inc := fold(note(-1, "befo", incident.Internal, "x"), incident.Entry{Name: opened.Name, Problem: errors.New("schema 2")}, hello)
		require.Equal(t, fold(opened).PublicID, inc.PublicID)
	})
	t.Run("the public id holds no words, however names were made", func(t *testing.T) {
		entries := []incident.Entry{hello, {Name: "0-secret-words", Kind: incident.Note, Audience: incident.Internal, Text: "x"}}
		require.Equal(t, "20261123-helo", incident.Fold("secret-words", entries).PublicID)
		require.Empty(t, incident.Fold("secret-words", entries[1:]).PublicID)
	})
}

func TestReplayedKeys(t *testing.T) {
	keyed := func(minute int, suffix, text string) incident.Entry {
		e := note(minute, suffix, incident.Customer, text)
		e.Key, e.Next.By = "k", incidenttest.At(60)
		return e
	}
	opened, once := incidenttest.Opened(), keyed(1, "once", "We are on it.")
	t.Run("the same content twice is as if it were once", func(t *testing.T) {
		inc, twice := fold(opened, once), fold(opened, once, keyed(70, "twic", "We are on it."))
		require.Len(t, twice.Anomalies, 1)
		require.EqualError(t, twice.Anomalies[0].Err, "repeats "+once.Name)
		require.Equal(t, inc.Words(incident.Customer), twice.Words(incident.Customer))
		require.Len(t, twice.Timeline, 3)
	})
	t.Run("a move that is repeated moves nothing back", func(t *testing.T) {
		watch, again := moved(1, "once", incident.Monitoring), moved(9, "twic", incident.Monitoring)
		watch.Key, again.Key = "k", "k"
		inc := fold(opened, watch, moved(5, "idnt", incident.Identified), again)
		require.Equal(t, incident.Identified, inc.Status)
	})
	t.Run("other content under the key counts too, for both were acknowledged", func(t *testing.T) {
		other := keyed(2, "othr", "It is over.")
		inc := fold(opened, once, other, keyed(3, "thrd", "It is over."))
		require.Equal(t, other.Name, inc.Words(incident.Customer).LastEntry)
		require.Len(t, inc.Anomalies, 2)
		require.EqualError(t, inc.Anomalies[0].Err, "has the key of "+once.Name+" and says something else")
		require.EqualError(t, inc.Anomalies[1].Err, "repeats "+other.Name)
	})
	t.Run("no key is never the same", func(t *testing.T) {
		require.Empty(t, fold(opened, note(1, "aaaa", incident.Customer, "x"), note(2, "bbbb", incident.Customer, "x")).Anomalies)
	})
}

func TestUnusableEntries(t *testing.T) {
	good := entry(5, "good", incident.Entry{Kind: incident.Set, Audience: incident.Customer, Text: "x", Facts: incident.Facts{Title: "Taken", Severity: incident.Sev1}})
	for _, tt := range []struct {
		rule    string
		broken  func(*incident.Entry)
		anomaly string
	}{
		{"one that could not be read", func(e *incident.Entry) { e.Kind, e.Problem = incident.Unreadable, errors.New("schema 2") }, "schema 2"},
		{"one that could not be read, nobody knows why", func(e *incident.Entry) { e.Kind = incident.Unreadable }, "cannot be read"},
		{"one of an unknown kind", func(e *incident.Entry) { e.Kind = 77 }, "is of an unknown kind"},
		{"one for no audience", func(e *incident.Entry) { e.Audience = 0 }, "is for no audience"},
		{"one for an audience beyond the last", func(e *incident.Entry) { e.Audience = 200 }, "is for no audience"},
		{"one without a name", func(e *incident.Entry) { e.Name = "" }, "has a name that no entry has"},
		{"one with a name of words", func(e *incident.Entry) { e.Name = "../secret" }, "has a name that no entry has"},
		{"one from the last year, that nothing could follow", func(e *incident.Entry) { e.Name = "99991231T235959.999Z-set-good" }, "has a name that no entry has"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e := good
			tt.broken(&e)
			inc := fold(incidenttest.Opened(), e)
			require.Len(t, inc.Timeline, 2)
			require.Contains(t, inc.Timeline, e)
			require.Len(t, inc.Anomalies, 1)
			require.EqualError(t, inc.Anomalies[0].Err, tt.anomaly)
			require.Equal(t, e.Name, inc.Anomalies[0].Entry)
			require.Equal(t, "Checkout errors", inc.Title)
			require.Zero(t, inc.Severity)
			require.False(t, inc.Public())
		})
	}
}

func TestFactsThatCannotBe(t *testing.T) {
	for rule, f := range map[string]incident.Facts{
		"a share that is no number": {Share: to(math.NaN())},
		"a share over the whole":    {Share: to(math.Inf(1))},
		"fewer than no customers":   {Customers: to(-1)},
		"an unknown severity":       {Severity: 99},
		"an unknown impact":         {Impact: 99},
		"an unknown state":          {Components: []incident.Component{{Name: "Checkout", State: 99}}},
		"no state":                  {Components: []incident.Component{{Name: "Checkout"}}},
		"a year that JSON cannot":   {Started: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
		"a year before any":         {Started: time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(rule, func(t *testing.T) {
			e := set(1, "sett", f)
			e.Text, e.Title = "The words stand.", "So do other facts"
			inc := fold(incidenttest.Opened(), e)
			require.Len(t, inc.Anomalies, 1)
			require.ErrorIs(t, inc.Anomalies[0].Err, incident.ErrInvalid)
			require.Equal(t, e.Name, inc.Words(incident.Internal).LastEntry)
			require.Equal(t, e.Title, inc.Title)
			require.Equal(t, incident.Facts{}, incident.Facts{Severity: inc.Severity, Impact: inc.Impact, Components: inc.Components, Customers: inc.Customers, Share: inc.Share})
			require.Equal(t, inc.Opened, inc.Started)
		})
	}
	t.Run("one component of two", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), set(1, "sett", incident.Facts{Components: []incident.Component{{Name: "Search"}, {Name: "Checkout", State: incident.MajorOutage}}}))
		require.Equal(t, []incident.Component{{Name: "Checkout", State: incident.MajorOutage}}, inc.Components)
	})
	t.Run("a role that nobody has", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), entry(1, "assi", incident.Entry{Kind: incident.Assigned, Role: "scribe"}))
		require.Len(t, inc.Anomalies, 1)
		require.ErrorIs(t, inc.Anomalies[0].Err, incident.ErrInvalid)
		require.Empty(t, inc.Roles)
	})
	t.Run("a file elsewhere", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), entry(1, "file", incident.Entry{Kind: incident.Note, Text: "x", Attachments: []incident.Attachment{{Name: "a", File: "../../a"}}}))
		require.Len(t, inc.Anomalies, 1)
		require.ErrorContains(t, inc.Anomalies[0].Err, "outside the folder")
	})
}

func TestClocks(t *testing.T) {
	far := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		rule    string
		at      time.Time
		since   time.Time
		anomaly string
	}{
		{"a time before the recording is believed", incidenttest.At(3), incidenttest.At(3), ""},
		{"a time before the opening is believed", incidenttest.At(-60), incidenttest.At(-60), ""},
		{"a clock that is a little ahead is believed", incidenttest.At(20), incidenttest.At(20), ""},
		{"a clock that is further ahead is not", incidenttest.At(21), incidenttest.At(10), "happened 11m0s after it was recorded; a clock is off"},
		{"a clock at the end of time is not", far, incidenttest.At(10), "a clock is off"},
		{"a year that JSON cannot spell is not", far.AddDate(1, 0, 0), incidenttest.At(10), "a clock is off"},
		{"a time that was not said is when it was recorded", time.Time{}, incidenttest.At(10), ""},
		{"a year before any is when it was recorded", time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), incidenttest.At(10), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e := moved(10, "reso", incident.Resolved)
			e.At = tt.at
			inc := fold(incidenttest.Opened(), e)
			require.Equal(t, incident.Resolved, inc.Status)
			require.Equal(t, tt.since, inc.Since)
			require.Equal(t, tt.since, inc.ResolvedAt)
			require.Equal(t, max(0, tt.since.Sub(inc.Opened)), inc.Duration(far), "never negative, never without end")
			if tt.anomaly == "" {
				require.Empty(t, inc.Anomalies)
				return
			}
			require.Len(t, inc.Anomalies, 1)
			require.ErrorContains(t, inc.Anomalies[0].Err, tt.anomaly)
		})
	}
	t.Run("two writers in one millisecond are distinct and ordered", func(t *testing.T) {
		a, b := note(1, "aaaa", incident.Customer, "a"), note(1, "bbbb", incident.Customer, "b")
		require.Equal(t, fold(incidenttest.Opened(), a, b), fold(b, incidenttest.Opened(), a))
		require.Equal(t, b.Name, fold(incidenttest.Opened(), b, a).Words(incident.Customer).LastEntry)
	})
}

func TestReopening(t *testing.T) {
	reopen := entry(30, "reop", incident.Entry{Kind: incident.Reopened, Status: incident.Identified})
	inc := fold(incidenttest.Opened(), moved(10, "reso", incident.Resolved), moved(20, "clos", incident.Closed), reopen)
	require.Empty(t, inc.Anomalies)
	require.Equal(t, incident.Identified, inc.Status)
	require.True(t, inc.ResolvedAt.IsZero())
	require.True(t, inc.ClosedAt.IsZero())
	require.Equal(t, 50*time.Minute, inc.Duration(incidenttest.At(50)))
}
