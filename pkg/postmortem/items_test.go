package postmortem_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/postmortem"
)

const (
	tableHead = "| What changes | Kind | Owner | Due | Link | State |\n| --- | --- | --- | --- | --- | --- |\n"
	alarmRow  = "| The disk alarm rings at 80 per cent | detect | Chen Wu | 15 December 2026 | | open |\n"
	poolRow   = "| The pool has a limit \\| and a name | Prevent | Ana Lima | 2026-12-20 | <https://example.com/7> | |\n"
)

var december = func(d int) time.Time { return time.Date(2026, 12, d, 0, 0, 0, 0, time.UTC) }

// Two actions: one that the table of the draft holds, one that is recorded later from a row.
var (
	alarm = incidenttest.Entry(61, "alrm", incident.Entry{Kind: incident.Action, Text: "The disk alarm rings at 80 per cent", Action: incident.ActionFacts{Owner: "Chen Wu", Due: december(15), For: "detect"}})
	pool  = incidenttest.Entry(62, "pool", incident.Entry{Kind: incident.Action, Text: "The pool has a limit | and a name", Action: incident.ActionFacts{Owner: "Ana Lima", Due: december(20), For: "prevent", Link: "https://example.com/7"}})
)

// inTable is a document with another text in the block of actions, or with a row put below one that is there.
func inTable(t *testing.T, doc []byte, old, changed string) []byte {
	t.Helper()
	require.Contains(t, string(doc), old)
	return bytes.Replace(doc, []byte(old), []byte(changed), 1)
}

func TestUnrecorded(t *testing.T) {
	empty, one := draft(t, over()), draft(t, over(alarm))
	const none = "No action is recorded yet.\n"
	const below = "<!-- incident:end actions -->\n"
	for _, tt := range []struct {
		rule string
		doc  []byte
		inc  incident.Incident
		want []string
	}{
		{"a draft holds nothing that is not recorded", one, over(alarm), nil},
		{"a row below those of the record is new", inTable(t, one, alarmRow, alarmRow+poolRow), over(alarm), []string{"The pool has a limit | and a name"}},
		{"so is a row above them", inTable(t, one, alarmRow, poolRow+alarmRow), over(alarm), []string{"The pool has a limit | and a name"}},
		{"a table in the place of the sentence that there is none is new", inTable(t, empty, none, tableHead+poolRow), over(), []string{"The pool has a limit | and a name"}},
		{"and one below that sentence", inTable(t, empty, none, none+"\n"+tableHead+alarmRow+poolRow), over(), []string{"The disk alarm rings at 80 per cent", "The pool has a limit | and a name"}},
		{"and one of people's own below the block", inTable(t, empty, below, below+"\n| Action | Who | By |\n|--|--|--|\n| Count connections | Ana | 2026-12-20 |\n"), over(), []string{"Count connections"}},
		{"what is recorded since is not", inTable(t, one, alarmRow, alarmRow+poolRow), over(alarm, pool), nil},
		{"a row may be new while the record has learnt of another", inTable(t, empty, none, tableHead+poolRow), over(alarm), []string{"The pool has a limit | and a name"}},
		{"another spelling of what is recorded is a change, nothing new", inTable(t, one, "rings at 80", "rings at 90"), over(alarm), nil},
		{"a row of a table about something else is not", inTable(t, empty, "## Questions\n", "## Questions\n\n| What | When |\n| --- | --- |\n| Ask | now |\n"), over(), nil},
		{"a row in a comment is not", inTable(t, empty, below, below+"\n"+tableHead+"<!-- "+strings.TrimSpace(poolRow)+" -->\n"), over(), nil},
		{"a row without words is not", inTable(t, one, alarmRow, alarmRow+"|  | detect | Ana | | | |\n"), over(alarm), nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var got []string
			for _, it := range postmortem.Unrecorded(tt.doc, tt.inc) {
				got = append(got, it.Text)
			}
			require.Equal(t, tt.want, got)
			crlf := bytes.ReplaceAll(tt.doc, []byte("\n"), []byte("\r\n"))
			require.Len(t, postmortem.Unrecorded(crlf, tt.inc), len(tt.want), "ends of lines do not matter")
		})
	}
}

func TestItemHoldsWhatWasWritten(t *testing.T) {
	doc := inTable(t, draft(t, over(alarm)), alarmRow, alarmRow+"| Run `a\\|b` &lt;often&gt; | | ana_lima | soon | [OPS-7](https://example.com/7) | Done |\n")
	items := postmortem.Unrecorded(doc, over(alarm))
	require.Len(t, items, 1)
	it := items[0]
	require.Equal(t, "Run `a|b` <often>", it.Text)
	require.Equal(t, "ana_lima", it.Owner)
	require.Equal(t, "soon", it.Day)
	require.Zero(t, it.Due)
	require.Equal(t, "https://example.com/7", it.Link)
	require.True(t, it.Done())
	require.Equal(t, "| Run `a\\|b` &lt;often&gt;", strings.Split(string(doc), "\n")[it.Line-1][:26])
}

// Once rows are recorded, the table is made anew and nothing that people wrote is lost by it.
func TestAddedAlone(t *testing.T) {
	one := draft(t, over(alarm))
	both := over(alarm, pool)
	for _, tt := range []struct {
		rule string
		doc  []byte
		inc  incident.Incident
		want bool
	}{
		{"a table that nobody touched needs no leave", one, both, false},
		{"a row that is recorded by now", inTable(t, one, alarmRow, alarmRow+poolRow), both, true},
		{"one that is not", inTable(t, one, alarmRow, alarmRow+poolRow), over(alarm), false},
		{"one above the others", inTable(t, one, alarmRow, poolRow+alarmRow), both, true},
		{"a whole table where there was none", inTable(t, draft(t, over()), "No action is recorded yet.\n", tableHead+alarmRow+poolRow), both, true},
		{"a row that somebody took out", inTable(t, draft(t, both), alarmRow, ""), both, false},
		{"with a sentence of people's below", inTable(t, one, alarmRow, alarmRow+poolRow+"\nAnd we sleep more.\n"), both, false},
		{"with another row changed", inTable(t, inTable(t, one, alarmRow, alarmRow+poolRow), "15 December", "16 December"), both, false},
		{"with another owner than was recorded", inTable(t, one, alarmRow, alarmRow+strings.Replace(poolRow, "Ana", "Eva", 1)), both, false},
		{"with a state that the record does not know", inTable(t, one, alarmRow, alarmRow+strings.Replace(poolRow, "| |", "| done |", 1)), both, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, postmortem.AddedAlone(tt.doc, tt.inc))
			if !tt.want {
				return
			}
			r, err := postmortem.Refresh(tt.doc, draft(t, tt.inc), []string{"actions"})
			require.NoError(t, err)
			require.Equal(t, outside(t, tt.doc), outside(t, r.Doc))
			require.Equal(t, string(block(t, draft(t, tt.inc), "actions")), string(block(t, r.Doc, "actions")))
			require.Empty(t, postmortem.Unrecorded(r.Doc, tt.inc))
		})
	}
}

func TestCheckNamesRowsThatAreNotRecorded(t *testing.T) {
	doc := string(inTable(t, draft(t, over(alarm)), alarmRow, alarmRow+poolRow))
	require.Contains(t, check(t, over(alarm), doc), "unrecorded")
	require.NotContains(t, check(t, over(alarm), doc), "changed")
	require.Contains(t, check(t, over(alarm, pool), doc), "stale")
	require.NotContains(t, check(t, over(alarm, pool), doc), "changed")
	require.Contains(t, check(t, over(alarm), strings.Replace(doc, "rings at 80", "rings at 90", 1)), "changed")
}

// Whatever a document has become, its rows are found or not, and what is offered stands in the line that is named.
func FuzzUnrecorded(f *testing.F) {
	for _, s := range []string{
		tableHead + alarmRow, "<!-- incident:begin actions -->\n" + tableHead + poolRow + "<!-- incident:end actions -->\n", "|\n||\n| What |\n| \\", "| what |\r\n| --- |\r\n| a\\|b |\r\n",
		"## Actions\n\n| what | by | link |\n|-|-|-|\n| x | 2026-13-40 | [a](b) |\n", "<!-- incident:begin actions 00000000 -->\n| what |\n| - |\n| &amp;&#x41;& |\n", "```\n| what |\n| - |\n| x |\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, doc string) {
		inc := over(alarm)
		lines := strings.Split(strings.TrimPrefix(doc, "\ufeff"), "\n")
		for _, it := range postmortem.Unrecorded([]byte(doc), inc) {
			require.NotEmpty(t, it.Text)
			require.Contains(t, lines[it.Line-1], "|")
		}
		if postmortem.AddedAlone([]byte(doc), inc) {
			_, err := postmortem.Blocks([]byte(doc))
			require.NoError(t, err)
		}
	})
}
