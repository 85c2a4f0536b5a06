package postmortem_test

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/postmortem"
	"incident/pkg/view"
)

func over(extra ...incident.Entry) incident.Incident {
	told := incidenttest.Entry(5, "told", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "Some payments fail.", Author: incident.Person{Name: "Ben Ode", Email: "ben@example.com"}, Facts: incident.Facts{
		Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}},
	}})
	lead := incidenttest.Entry(6, "lead", incident.Entry{Kind: incident.Assigned, Role: incident.Commander, Holder: "Ana Lima"})
	hunch := incidenttest.Entry(7, "hunc", incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: "The pool to db-7 is exhausted.", Author: incident.Person{Name: "Chen Wu", Email: "chen@example.com"}})
	end := incidenttest.Entry(60, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved})
	return incident.Fold(incidenttest.ID, append([]incident.Entry{incidenttest.Opened(), told, lead, hunch, end}, extra...))
}

func draft(t testing.TB, inc incident.Incident) []byte {
	t.Helper()
	doc, err := postmortem.Draft("", postmortem.Input{Incident: inc, Now: incidenttest.At(90)})
	require.NoError(t, err)
	return doc
}

// The record's parts are made anew, those of people stay byte for byte.
func TestRefresh(t *testing.T) {
	doc := draft(t, over())
	edited := bytes.Replace(doc, []byte("### What happened\n"), []byte("### What happened\n\nThe disk was full.\n"), 1)
	late := incidenttest.Entry(70, "late", incident.Entry{Kind: incident.Note, Text: "The alarm was changed."})
	fresh := draft(t, over(late))
	r, err := postmortem.Refresh(edited, fresh, nil)
	require.NoError(t, err)
	require.Contains(t, string(r.Doc), "The disk was full.")
	require.Contains(t, string(r.Doc), "The alarm was changed.")
	require.Contains(t, r.Changed, "timeline")
	require.Empty(t, r.Kept)
	again, err := postmortem.Refresh(r.Doc, fresh, nil)
	require.NoError(t, err)
	require.Equal(t, string(r.Doc), string(again.Doc))
	require.Empty(t, again.Changed)

	t.Run("a block that was changed by hand stays, unless it is forced", func(t *testing.T) {
		byHand := bytes.Replace(doc, []byte("Checkout errors"), []byte("Our own words"), 1)
		byHand = bytes.Replace(byHand, []byte("14:07"), []byte("14:17"), 1)
		r, err := postmortem.Refresh(byHand, fresh, nil)
		require.NoError(t, err)
		require.Contains(t, r.Kept, "timeline")
		require.Contains(t, string(r.Doc), "14:17")
		r, err = postmortem.Refresh(byHand, fresh, []string{"timeline"})
		require.NoError(t, err)
		require.NotContains(t, r.Kept, "timeline")
		require.NotContains(t, string(r.Doc), "14:17")
	})
	t.Run("of a document from Windows the ends of lines stay", func(t *testing.T) {
		r, err := postmortem.Refresh(bytes.ReplaceAll(edited, []byte("\n"), []byte("\r\n")), fresh, nil)
		require.NoError(t, err)
		require.Equal(t, bytes.Count(r.Doc, []byte("\n")), bytes.Count(r.Doc, []byte("\r\n")))
		require.Contains(t, string(r.Doc), "The alarm was changed.")
	})
	t.Run("a block that somebody took out is missed, not put back", func(t *testing.T) {
		r, err := postmortem.Refresh([]byte("# Ours\n\nWords.\n"), fresh, nil)
		require.NoError(t, err)
		require.Equal(t, "# Ours\n\nWords.\n", string(r.Doc))
		require.Contains(t, r.Missing, "timeline")
	})
	for _, broken := range []string{"<!-- incident:begin told -->\n", "<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n"} {
		_, err := postmortem.Refresh([]byte(broken), fresh, nil)
		require.ErrorIs(t, err, postmortem.ErrDocument)
	}
}

// Whatever is changed outside of the marked lines, refreshing leaves it as it is.
func TestRefreshKeepsEveryByteOfPeople(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	doc := draft(t, over())
	fresh := draft(t, over(incidenttest.Entry(70, "late", incident.Entry{Kind: incident.Note, Text: "Later."})))
	for range 300 {
		edited := doc
		for range 1 + r.IntN(4) {
			blocks, err := postmortem.Blocks(edited)
			require.NoError(t, err)
			b := blocks[r.IntN(len(blocks))]
			at := b.End + bytes.IndexByte(edited[b.End:], '\n') + 1 // behind its last line
			words := []string{"x", "\n\n", "<b>", "| a | b |\n", "<!-- y -->\n", "\r\n", "ü\x00"}[r.IntN(7)]
			edited = append(bytes.Clone(edited[:at]), append([]byte(words+"\n"), edited[at:]...)...)
		}
		got, err := postmortem.Refresh(edited, fresh, nil)
		require.NoError(t, err)
		require.Equal(t, outside(t, edited), outside(t, got.Doc))
	}
}

// outside is what stands outside of the blocks.
func outside(t *testing.T, doc []byte) string {
	t.Helper()
	blocks, err := postmortem.Blocks(doc)
	require.NoError(t, err)
	var b strings.Builder
	at := 0
	for _, k := range blocks {
		before := string(doc[at:k.Start])
		b.WriteString(before[:strings.LastIndex(before, "<!-- incident:begin")])
		at = k.End
	}
	b.Write(doc[at:])
	return b.String()
}

func answered(t testing.TB, inc incident.Incident) string {
	t.Helper()
	var out []string
	inComment := false
	for line := range strings.Lines(string(draft(t, inc))) {
		if !inComment && strings.HasPrefix(line, "<!-- prompt:") {
			inComment = true
			out = append(out, "The disk was full, so that card payments failed for some customers; nobody was charged. We made room.\n")
		}
		if !inComment && !strings.HasPrefix(line, "| <!-- prompt") {
			out = append(out, line)
		}
		if inComment && strings.Contains(line, "-->") {
			inComment = false
		}
	}
	return strings.Join(out, "")
}

func check(t testing.TB, inc incident.Incident, doc string) (rules []string) {
	t.Helper()
	for _, f := range postmortem.Check(postmortem.Checked{
		Doc: []byte(doc), Fresh: draft(t, inc), Incident: inc, Now: incidenttest.At(90),
		Plain: func(text string) []string {
			if strings.Contains(text, "BGP") {
				return []string{`"BGP" is jargon`}
			}
			return nil
		},
	}) {
		require.NotEmpty(t, f.What)
		require.NotEmpty(t, f.Remedy)
		rules = append(rules, f.Rule)
	}
	return rules
}

func TestCheck(t *testing.T) {
	item := incidenttest.Entry(65, "item", incident.Entry{Kind: incident.Action, Text: "An alarm.", Action: incident.ActionFacts{Owner: "Dana", Due: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)}})
	inc := over(item)
	good := answered(t, inc)
	require.Empty(t, check(t, inc, good), "answered, it can be published")
	raw := check(t, inc, string(draft(t, inc)))
	require.Contains(t, raw, "unanswered")
	require.Contains(t, raw, "summary")

	put := func(under, words string) string { return strings.Replace(good, under+"\n", under+"\n\n"+words+"\n", 1) }
	for _, tt := range []struct {
		rule, want, doc string
		inc             incident.Incident
	}{
		{"a heading with nothing below it", "empty", strings.Replace(good, "## Questions", "## Empty\n\n## Questions", 1), inc},
		{"somebody at fault", "blame", put("### What did not go well", "This was human error."), inc},
		{"what somebody should have done", "blame", put("### What went well", "Support should have called."), inc},
		{"a name among the causes", "blame", put("### What set it off", "Chen Wu ran the script."), inc},
		{"jargon in the summary", "wording", put("### What happened", "A BGP flap."), inc},
		{"a time far outside", "times", put("### What happened", "From 03:10 on payments failed."), inc},
		{"no action", "actions", answered(t, over()), over()},
		{"an action without an owner", "actions", good, over(item, incidenttest.Entry(66, "more", incident.Entry{Kind: incident.Action, Text: "More."}))},
		{"facts that are old", "stale", good, over(item, incidenttest.Entry(70, "late", incident.Entry{Kind: incident.Note, Text: "Later."}))},
		{"a block that was changed by hand", "changed", strings.Replace(good, "14:07", "14:17", 1), inc},
		{"a conflict", "conflict", good + "<<<<<<< ours\n", inc},
		{"marks that do not pair", "marks", good + "<!-- incident:begin more -->\n", inc},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Contains(t, check(t, tt.inc, tt.doc), tt.want) })
	}
	none := postmortem.Check(postmortem.Checked{Doc: []byte("# T\n\nhello\n"), Fresh: draft(t, inc), Incident: inc, Plain: func(string) []string { return nil }})
	require.Equal(t, "summary", none[0].Rule)
	late := postmortem.Check(postmortem.Checked{Doc: []byte(good), Fresh: draft(t, inc), Incident: inc, Due: incidenttest.At(80), Now: incidenttest.At(90), Plain: func(string) []string { return nil }})
	require.Equal(t, "late", late[0].Rule)
}

func TestPublic(t *testing.T) {
	inc := over()
	doc := answered(t, inc)
	doc = strings.Replace(doc, "### What went well\n", "### What went well\n\nAna Lima (ana@example.com) had written it down; Chen Wu found it <!-- at night -->.\n", 1)
	got, err := postmortem.Public(postmortem.Release{Doc: []byte(doc), View: view.For(inc, incident.Customer), People: postmortem.Roles(inc), Questions: "Ask us at questions@example.com until Friday."})
	require.NoError(t, err)
	require.Contains(t, got, "the commander")
	require.Contains(t, got, "a responder found it")
	require.Contains(t, got, "Some payments fail.")
	require.Contains(t, got, "questions@example.com")
	require.Contains(t, got, "## Timeline")
	for _, never := range []string{"db-7", "Ana Lima", "Chen Wu", "Ben Ode", "<!--", "at night", "Internal appendix", "Responders", "Checkout errors", incidenttest.ID, "sev"} {
		require.NotContains(t, got, never)
	}
	for name, broken := range map[string]string{"no end": "<!-- incident:begin told -->\n", "a conflict": "<<<<<<< a\n"} {
		_, err := postmortem.Public(postmortem.Release{Doc: []byte(broken)})
		require.ErrorIs(t, err, postmortem.ErrDocument, name)
	}
}

// A section is kept from readers by its mark, whatever its spelling: one that is almost right, or gone, is refused, and the
// check says so.
func TestPublicWithoutItsMarks(t *testing.T) {
	inc := over()
	const mark = "<!-- incident:internal -->"
	for rule, doc := range map[string]string{
		"gone":                strings.Replace(answered(t, inc), mark+"\n", "", 1),
		"closer":              strings.Replace(answered(t, inc), mark, "<!--incident:internal-->", 1),
		"wider":               strings.Replace(answered(t, inc), mark, "<!-- incident: internal -->", 1),
		"in other letters":    strings.Replace(answered(t, inc), mark, "<!-- Incident:Internal -->", 1),
		"with words behind":   strings.Replace(answered(t, inc), mark, mark+" ours", 1),
		"never closed":        strings.Replace(answered(t, inc), mark, "<!-- incident:internal", 1),
		"in a quotation":      strings.Replace(answered(t, inc), mark, "> "+mark, 1),
		"a block's beginning": strings.Replace(answered(t, inc), "<!-- incident:begin timeline", "<!-- incident begin timeline", 1),
	} {
		t.Run(rule, func(t *testing.T) {
			got, err := postmortem.Public(postmortem.Release{Doc: []byte(doc), View: view.For(inc, incident.Customer)})
			require.ErrorIs(t, err, postmortem.ErrDocument, got)
			found := postmortem.Check(postmortem.Checked{Doc: []byte(doc), Fresh: draft(t, inc), Incident: inc, Plain: func(string) []string { return nil }})
			require.NotEmpty(t, found)
		})
	}
}

// Names are replaced where they stand for somebody, and the words around them are not.
func TestPublicNamesNobody(t *testing.T) {
	inc := over()
	people := map[string]string{"Chen Wu": "a responder", "Will": "the commander", "ana@example.com": "a responder"}
	said := "CHEN WU and Chen\nWu and **Chen** Wu asked ana@example.com; goodwill was there. Willing people helped. Will restarted it."
	got, err := postmortem.Public(postmortem.Release{Doc: []byte("## Summary\n\n" + said + "\n"), View: view.For(inc, incident.Customer), People: people})
	require.NoError(t, err)
	require.NotContains(t, strings.ToLower(got), "wu")
	require.Contains(t, got, "asked a responder; goodwill was there. Willing people helped. the commander restarted it.")
	require.NotContains(t, postmortem.Roles(incident.Fold(incidenttest.ID, []incident.Entry{
		incidenttest.Opened(), incidenttest.Entry(1, "team", incident.Entry{Kind: incident.Assigned, Role: "communications", Holder: "support"}),
	})), "support", "a team's name is a word like others")
}

// Of an incident that customers never heard of they do not read the title, in the heading or anywhere.
func TestPublicOfTheUnheard(t *testing.T) {
	v := view.For(over(), incident.Customer)
	got, err := postmortem.Public(postmortem.Release{Doc: []byte("# db-7 is full on 23 November 2026\n\nWe call it db-7 is full.\n"), View: v, Title: "db-7 is full", Unheard: true})
	require.NoError(t, err)
	require.NotContains(t, got, "db-7")
	got, err = postmortem.Public(postmortem.Release{Doc: []byte("# Checkout on 23 November 2026\n\nThe Checkout failed.\n"), View: v, Title: "Checkout"})
	require.NoError(t, err)
	require.Contains(t, got, "The Checkout failed.", "where they have heard of it, people choose their words")
}

// Nothing narrow reaches the public form of a draft as it was made, in random records with a mark in every word.
func TestNoPublicFormLeaks(t *testing.T) {
	for seed := range uint64(500) {
		m := incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
		inc := incident.Fold(m.ID, m.Entries)
		if !inc.Public() {
			continue
		}
		got, err := postmortem.Public(postmortem.Release{Doc: draft(t, inc), View: view.For(inc, incident.Customer)})
		require.NoError(t, err)
		require.Empty(t, m.Leaks(got, incident.Customer), "seed %d", seed)
	}
}
