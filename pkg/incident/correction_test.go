package incident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// reading is what an entry says now, "" where it was withdrawn.
func reading(inc incident.Incident, e incident.Entry) string {
	if _, gone := inc.Retraction(e); gone {
		return ""
	}
	if now, ok := inc.Correction(e); ok {
		return now.Text
	}
	return e.Text
}

func TestCorrections(t *testing.T) {
	opened := incidenttest.Opened()
	first := note(10, "frst", incident.Customer, "One in five fails.")
	second := correction(20, "scnd", first, "One in six fails.")
	third := correction(30, "thrd", second, "One in seven fails.")
	other := note(15, "othr", incident.Customer, "We are mending it.")
	internal := note(12, "intr", incident.Internal, "db-7 is locked.")
	wordless := entry(13, "wles", incident.Entry{Kind: incident.Set, Audience: incident.Customer, Facts: incident.Facts{Impact: incident.ImpactMajor}})
	graph := entry(14, "grph", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Attachments: []incident.Attachment{{Name: "a.png", File: "a.png"}}})
	reason := retraction(16, "reas", other)
	moved := entry(17, "movd", incident.Entry{Kind: incident.Moved, Status: incident.Identified, Audience: incident.Customer, Text: "We know the cause."})

	about := func(e incident.Entry, name string) incident.Entry { e.Corrects = name; return e }
	for _, tt := range []struct {
		rule    string
		entries []incident.Entry
		subject incident.Entry
		reads   string
		anomaly string // a part of the only one; "" for none
	}{
		{"a correction is read in place of the first words", []incident.Entry{first, second}, first, "One in six fails.", ""},
		{"the newest correction is read", []incident.Entry{first, second, correction(40, "last", first, "One in eight fails.")}, first, "One in eight fails.", ""},
		{"a correction of a correction is about the first words", []incident.Entry{first, second, third}, first, "One in seven fails.", ""},
		{"other words are left alone", []incident.Entry{first, second, other}, other, other.Text, ""},
		{"the words that came with a move are corrected", []incident.Entry{moved, correction(20, "scnd", moved, "We think we know.")}, moved, "We think we know.", ""},
		{"words are put beside a file", []incident.Entry{graph, correction(20, "scnd", graph, "The share that fails.")}, graph, "The share that fails.", ""},

		{"a correction for narrower readers replaces nothing", []incident.Entry{first, about(note(20, "narr", incident.Internal, "x"), first.Name)}, first, first.Text, "for another audience"},
		{"a correction for wider readers replaces nothing", []incident.Entry{internal, about(note(20, "wide", incident.Customer, "x"), internal.Name)}, internal, internal.Text, "for another audience"},
		{"a correction of an entry that is missing replaces nothing", []incident.Entry{first, third}, first, first.Text, "not an earlier entry"},
		{"a correction of a later entry replaces nothing", []incident.Entry{first, about(note(5, "erly", incident.Customer, "x"), first.Name)}, first, first.Text, "not an earlier entry"},
		{"a correction of itself replaces nothing", []incident.Entry{about(first, first.Name)}, first, first.Text, "not an earlier entry"},
		{"a correction by something else than a note replaces nothing", []incident.Entry{first, about(moved, first.Name)}, first, first.Text, "only a note does"},
		{"a correction without words replaces nothing", []incident.Entry{first, about(note(20, "empt", incident.Customer, ""), first.Name)}, first, first.Text, "has no words"},
		{"a correction of facts replaces nothing", []incident.Entry{wordless, correction(20, "scnd", wordless, "x")}, wordless, "", "has no words"},
		{"a correction of a reason replaces nothing", []incident.Entry{other, reason, about(note(20, "rsn2", incident.Internal, "x"), reason.Name)}, reason, reason.Text, "a retraction"},

		{"a retraction withdraws the words", []incident.Entry{first, retraction(20, "retr", first)}, first, "", ""},
		{"a retraction withdraws the corrections too", []incident.Entry{first, second, retraction(25, "retr", first)}, first, "", ""},
		{"a retraction of a correction withdraws the first words too", []incident.Entry{first, second, third, retraction(35, "retr", third)}, first, "", ""},
		{"what was withdrawn is not brought back by a correction", []incident.Entry{first, retraction(18, "retr", first), second}, first, "", ""},
		{"the first retraction counts", []incident.Entry{first, retraction(18, "retr", first), retraction(19, "agai", first)}, first, "", ""},
		{"a retraction of a retraction brings nothing back", []incident.Entry{other, reason, entry(20, "undo", incident.Entry{Kind: incident.Retracted, Text: "x", Retracts: reason.Name})}, other, "", ""},
		{"a retraction of an entry that is missing withdraws nothing", []incident.Entry{first, reason}, first, first.Text, "not an earlier entry"},
		{"a retraction for wider readers still withdraws", []incident.Entry{internal, entry(20, "wide", incident.Entry{Kind: incident.Retracted, Audience: incident.Customer, Text: "x", Retracts: internal.Name})}, internal, "", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inc := fold(append(tt.entries, opened)...)
			require.Equal(t, tt.reads, reading(inc, tt.subject))
			if tt.anomaly == "" {
				require.Empty(t, inc.Anomalies)
				return
			}
			require.Len(t, inc.Anomalies, 1)
			require.ErrorContains(t, inc.Anomalies[0].Err, tt.anomaly)
		})
	}
}

// Two clones correct and withdraw the same words at once. Whichever came first, the words are gone.
func TestCorrectionAndRetractionAtOnce(t *testing.T) {
	opened, first := incidenttest.Opened(), note(10, "frst", incident.Customer, "One in five fails.")
	for rule, entries := range map[string][]incident.Entry{
		"the correction first": {opened, first, correction(20, "corr", first, "x"), retraction(21, "retr", first)},
		"the retraction first": {opened, first, retraction(20, "retr", first), correction(21, "corr", first, "x")},
		"at the same time":     {opened, first, retraction(20, "retr", first), correction(20, "corr", first, "x")},
	} {
		t.Run(rule, func(t *testing.T) {
			inc := fold(entries...)
			require.Empty(t, reading(inc, first))
			require.Empty(t, inc.Anomalies)
			for _, e := range entries[2:] {
				root, ok := inc.Root(e)
				require.True(t, ok)
				require.Equal(t, first.Name, root.Name)
			}
			entries[2], entries[3] = entries[3], entries[2]
			require.Equal(t, inc, fold(entries...))
		})
	}
}

// Names that were made by hand may lead in a circle. Nothing is replaced then, and nothing hangs.
func TestCircles(t *testing.T) {
	a, b := note(10, "aaaa", incident.Customer, "first"), note(20, "bbbb", incident.Customer, "second")
	a.Corrects, b.Corrects = b.Name, a.Name
	inc := fold(incidenttest.Opened(), a, b)
	require.Equal(t, "second", reading(inc, a))
	require.Equal(t, "second", reading(inc, b))
	require.Len(t, inc.Anomalies, 1)
	require.Equal(t, a.Name, inc.Anomalies[0].Entry)
}

// A retry that another clone had not seen is one with the entry that it repeats.
func TestRetriesShareTheirFate(t *testing.T) {
	first := note(10, "frst", incident.Customer, "One in five fails.")
	first.Key = "k"
	again := note(11, "agan", incident.Customer, "One in five fails.")
	again.Key = "k"
	for rule, e := range map[string]incident.Entry{"the first is withdrawn": retraction(20, "retr", first), "the retry is withdrawn": retraction(20, "retr", again)} {
		t.Run(rule, func(t *testing.T) {
			inc := fold(incidenttest.Opened(), first, again, e)
			gone, ok := inc.Retraction(first)
			require.True(t, ok)
			require.Equal(t, e.Name, gone.Name)
			root, ok := inc.Root(again)
			require.True(t, ok)
			require.Equal(t, first.Name, root.Name)
		})
	}
	t.Run("a correction of the retry corrects the first", func(t *testing.T) {
		inc := fold(incidenttest.Opened(), first, again, correction(20, "corr", again, "One in six fails."))
		require.Equal(t, "One in six fails.", reading(inc, first))
	})
	t.Run("a retried correction is about the same words", func(t *testing.T) {
		c1, c2 := correction(20, "cor1", first, "One in six fails."), correction(21, "cor2", first, "One in six fails.")
		c1.Key, c2.Key = "c", "c"
		inc := fold(incidenttest.Opened(), first, c1, c2)
		root, ok := inc.Root(c2)
		require.True(t, ok)
		require.Equal(t, first.Name, root.Name)
	})
}
