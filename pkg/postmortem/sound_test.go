package postmortem_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/postmortem"
	"incident/templates"
)

// blocks are those of the built-in template, in their order.
var blocks = []string{"facts", "summary", "impact", "told", "timeline", "noticed", "cause", "moves", "actions", "responders", "attachments", "anomalies"}

var (
	comment  = regexp.MustCompile(`(?s)<!--.*?-->`)
	headings = regexp.MustCompile(`(?m)^#{2,3} .*$`)
	day      = regexp.MustCompile(`^### [0-9]{1,2} [A-Z][a-z]+ -?[0-9]+$`)
	markup   = regexp.MustCompile(`<[A-Za-z/!?]|--!?>`)
)

// known are the comments and headings of the template.
var known = func() map[string]bool {
	list := map[string]bool{}
	for _, part := range append(comment.FindAllString(templates.Postmortem, -1), headings.FindAllString(templates.Postmortem, -1)...) {
		list[part] = true
	}
	return list
}()

// requireSound holds a document to what is so whatever the record says: its blocks, its comments and its
// headings are those of the template, and nothing in it is hidden.
// sealed is the sum of what a block holds.
var sealed = regexp.MustCompile(` [0-9a-f]{8} -->$`)

func requireSound(t testing.TB, doc []byte) {
	t.Helper()
	found, err := postmortem.Blocks(doc)
	require.NoError(t, err)
	var names []string
	for _, b := range found {
		names = append(names, b.Name)
		require.NotContains(t, string(doc[b.Start:b.End]), "<!-- incident:begin "+b.Name)
		require.Len(t, b.Sum, 8)
	}
	require.Equal(t, blocks, names)

	for _, c := range comment.FindAllString(string(doc), -1) {
		require.True(t, known[sealed.ReplaceAllString(c, " -->")], "a comment that the template does not have: %q", c)
	}
	rest := comment.ReplaceAllString(string(doc), "")
	require.Empty(t, markup.FindAllString(rest, -1))
	for n, line := range strings.Split(rest, "\n") {
		start := strings.TrimLeft(line, " ")
		if n > 0 && strings.HasPrefix(start, "#") {
			require.True(t, known[line] || day.MatchString(line), "a heading that the template does not have: %q", line)
		}
		for _, forbidden := range []string{"```", "~~~", "[", "    ", "==="} {
			require.False(t, strings.HasPrefix(line, forbidden), "a line that begins with %q: %q", forbidden, line)
		}
		require.Equal(t, strings.TrimRight(line, " \t"), line)
	}
	require.True(t, utf8.Valid(doc))
	require.Equal(t, -1, strings.IndexFunc(string(doc), func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) }))
}

func TestGoldenDraftsAreSound(t *testing.T) {
	for name, in := range cases(t) {
		t.Run(name, func(t *testing.T) {
			doc, err := postmortem.Draft("", in)
			require.NoError(t, err)
			requireSound(t, doc)
		})
	}
}

// Whatever people wrote, wherever they wrote it, it is only words.
func FuzzDraft(f *testing.F) {
	for _, s := range []string{attack, "# a", "a\n===\n", "```\n# a", "<!--", "-->", "a\r\nb\rc", "| --- |", "[a]: b\n[c\nd]: e", "\u2028\u202e\x00\xff", "\\<b>", "`<`", "&lt;!-- incident:end told --&gt;", "- - -", "1) # a", "> ~~~", "    code", "\\", "<", ""} {
		f.Add(s, s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text, line string, a uint8) {
		doc, err := postmortem.Draft("", everywhere(t, text, line, incident.Audience(a%4+1)))
		require.NoError(t, err)
		requireSound(t, doc)
	})
}

// everywhere is an incident that holds a text in every place for texts, and a line in every place for lines.
func everywhere(t testing.TB, text, line string, a incident.Audience) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	who := incident.Person{Name: line, Email: text}
	s.add("14:02", who, incident.Entry{
		Kind: incident.Opened, Audience: a, Text: text, Role: line, Holder: text, To: []string{text, line},
		Facts: incident.Facts{Title: line, Headline: line, Tags: []string{text, line}, Cause: line, Components: []incident.Component{{Name: line, State: incident.MajorOutage}, {Name: text, State: incident.DegradedPerformance}}},
	})
	s.add("14:03", who, incident.Entry{Kind: incident.Assigned, Audience: a, Role: text, Holder: line})
	s.add("14:04", who, incident.Entry{Kind: incident.Note, Audience: a, Text: text, Attachments: []incident.Attachment{{Name: line, File: line, SHA256: text}, {Name: text, File: "a.txt", Size: 1 << 20}}})
	first := s.told("14:05", "14:30", text)
	s.add("14:06", who, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Corrects: first, Text: line + "\n\n" + text})
	s.told("14:07", "", line)
	s.add("14:08", who, incident.Entry{Kind: incident.Retracted, Audience: a, Retracts: first, Text: text})
	s.add("14:09", who, incident.Entry{Kind: incident.Moved, Audience: a, Status: incident.Resolved, Text: line})
	s.entries = append(s.entries, incident.Entry{Name: line, Kind: incident.Unreadable}, incident.Entry{Name: text + line, Kind: incident.Note, Audience: a, Text: text})
	return s.input(text, "15:00")
}

var word = regexp.MustCompile(`zq[a-z]{4}`)

// Random incidents, damaged and hostile ones among them: the document is sound, its parts for customers hold
// nothing that customers may not read, no part holds what was withdrawn, and promises are counted as the
// incident counts them.
func TestRandomIncidents(t *testing.T) {
	for seed := range uint64(300) {
		made := incidenttest.Random(rand.New(rand.NewPCG(seed, 7)))
		inc := incident.Fold(made.ID, made.Entries)
		in := postmortem.Input{Incident: inc, Zone: time.UTC, Now: incidenttest.At(10_000), Deadline: 48 * time.Hour}
		doc, err := postmortem.Draft("", in)
		require.NoError(t, err, "seed %d", seed)
		requireSound(t, doc)
		for _, name := range []string{"summary", "told"} {
			require.Empty(t, made.Leaks(string(block(t, doc, name)), incident.Customer), "seed %d, %s", seed, name)
		}
		for _, e := range inc.Timeline {
			root, ok := inc.Root(e)
			if !ok || e.Kind == incident.Retracted {
				root = e
			}
			if _, gone := inc.Retraction(root); gone && word.MatchString(e.Text) {
				require.NotContains(t, string(doc), word.FindString(e.Text), "seed %d: withdrawn words", seed)
			}
		}
		counts, err := postmortem.Draft("{{.Told.Kept}} {{.Told.Late}} {{or .Told.Open .Told.Missed}}", in)
		require.NoError(t, err)
		words, open := inc.Words(incident.Customer), 0
		if !words.Promised.IsZero() {
			open = 1
		}
		require.Equal(t, fmt.Sprintf("%d %d %d\n", words.Kept, words.Late, open), string(counts), "seed %d", seed)
	}
}

// A draft that nobody has edited is known by being the same: drafting it, and time, must not change it.
func TestDraftOfTheSameRecordIsTheSame(t *testing.T) {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	s.add("14:02", ana, incident.Entry{Kind: incident.Opened, Audience: incident.Internal, Facts: incident.Facts{Title: "Checkout errors"}})
	s.told("14:15", "14:45", "Some payments fail.")
	s.add("14:40", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Resolved, Text: "All is well."})
	first, err := postmortem.Draft("", s.input("20261123-checkout-errors", "15:00"))
	require.NoError(t, err)
	s.add("15:01", ana, incident.Entry{Kind: incident.Postmortem, Audience: incident.Internal})
	second, err := postmortem.Draft("", s.input("20261123-checkout-errors", "30:00"))
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
}

func TestDraftOfNothing(t *testing.T) {
	doc, err := postmortem.Draft("", postmortem.Input{Incident: incident.Fold("", nil)})
	require.NoError(t, err)
	requireSound(t, doc)
	_, err = postmortem.Draft("", postmortem.Input{})
	require.NoError(t, err)
}
