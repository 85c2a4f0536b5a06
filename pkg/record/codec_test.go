package record

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

var update = flag.Bool("update", false, "rewrite golden files; read the diff as one who reads the record would")

// sample makes an entry of the kind with a name that fits.
func sample(e incident.Entry) incident.Entry {
	e.Author = incident.Person{Name: "Ana Lima", Email: "ana@example.com"}
	return incidenttest.Entry(1, "7k3fqd", e)
}

func to[T any](v T) *T { return &v }

const otherEntry = "20261123T140000.000Z-note-customer-p9c4we"

// samples are one entry of each kind and more, with all that it may hold.
var samples = map[string]incident.Entry{
	"opened": sample(incident.Entry{
		Kind: incident.Opened, Text: "Alerts from all regions.\n\n- p99 at 9 s\n- # 4711 deployed", Key: "alert-4711",
		Role: incident.Commander, Holder: "Ben",
		Facts: incident.Facts{
			Title: "Checkout errors", Headline: "Card payments fail", Severity: incident.Sev2, Impact: incident.ImpactMajor,
			Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}, {Name: "Search: EU", State: incident.DegradedPerformance}},
			Started:    incidenttest.At(-10), Customers: to(1200), Share: to(12.5), Tags: []string{"payments", "deploy"}, Cause: "pool exhausted: db-7",
		},
	}),
	"opened_least": sample(incident.Entry{Kind: incident.Opened, Facts: incident.Facts{Title: "Checkout errors"}}),
	"note": sample(incident.Entry{
		Kind: incident.Note, Audience: incident.Customer, Text: "Some card payments fail.\nWe are rolling back.", To: []string{"support", "Zoë"},
		Next: incident.Next{By: incidenttest.At(31)},
		Attachments: []incident.Attachment{{
			Name: "Graph of \"today\".png", File: "7k3fqd-graph-of-today.png", Size: 12345, SHA256: strings.Repeat("0f", 32),
		}},
	}),
	"note_last":    sample(incident.Entry{Kind: incident.Note, Audience: incident.Stakeholder, Text: "That is all.", Next: incident.Next{None: true}}),
	"correction":   sample(incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "Some payments fail.", Corrects: otherEntry}),
	"status":       sample(incident.Entry{Kind: incident.Moved, Status: incident.Identified, Text: "A change is the cause."}),
	"reopened":     sample(incident.Entry{Kind: incident.Reopened, Status: incident.Investigating}),
	"set":          sample(incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev1, Customers: to(0)}}),
	"assigned":     sample(incident.Entry{Kind: incident.Assigned, Role: incident.Scribe, Holder: "chen@example.com"}),
	"retracted":    sample(incident.Entry{Kind: incident.Retracted, Text: "It named a customer.", Retracts: otherEntry}),
	"note_late":    sample(incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x", Next: incident.Next{By: incidenttest.At(300), Because: "The vendor answers at five."}}),
	"note_usual":   sample(incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "x", Next: incident.Next{By: incidenttest.At(30), Cadence: true}}),
	"acknowledged": sample(incident.Entry{Kind: incident.Acknowledged, Acks: []string{otherEntry}, As: []string{"support"}}),
	"action":       sample(incident.Entry{Kind: incident.Action, Text: "An alarm at 80 per cent.", Action: incident.ActionFacts{Owner: "Ana Lima", Due: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), For: "detect", Link: "https://tracker.example/17"}}),
	"action_done":  sample(incident.Entry{Kind: incident.Action, Text: "It rings.", Action: incident.ActionFacts{Settles: otherEntry, State: incident.ActionDone}}),
	"published":    sample(incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "# What happened\n\nThe disk was full."}),
	"waived":       sample(incident.Entry{Kind: incident.Waived, Text: "It was a drill."}),
	"postmortem":   sample(incident.Entry{Kind: incident.Postmortem, Document: strings.Repeat("a1", 32)}),
}

func TestEntryGolden(t *testing.T) {
	kinds := map[incident.Kind]bool{}
	for name, e := range samples {
		kinds[e.Kind] = true
		t.Run(name, func(t *testing.T) {
			golden := filepath.Join("testdata", "entries", name+".md")
			got, err := encode(e)
			require.NoError(t, err)
			if *update {
				require.NoError(t, os.WriteFile(golden, got, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got))
			require.Equal(t, e, decode(e.Name, want))
		})
	}
	for _, k := range incident.Kinds() {
		require.True(t, kinds[k], "a golden file for %s", k)
	}
}

// Whatever one-line text a person can give is read back as it was given.
func TestLinesSurvive(t *testing.T) {
	for _, line := range []string{
		"true", "null", "~", "12", "1.5", "0x1F", "1e3", "2026-11-23", "2026-11-23T14:00:00Z", "yes", "NaN", ".inf", "=", "<<", "!!str x", "&a", "*a",
		"---", "...", "- x", "? x", ": x", "a: b", "a #b", "#", "'", `"`, `\`, `\n`, "{", "[", "a, b", "%TAG", "@x", "`x`", "|", ">", "|-", "x:", ":",
		"é", "日本語", "🔥🔥", "a\u00a0b", "a\u200bb", "\u00adx", "a\u0301", "\U0010ffff", "\ufffd", "\ufffe",
		"schema: 2", "{{.Title}}", "$(x)", "../x", "-x", "a  b", strings.Repeat("x", incident.MaxLine), strings.Repeat("x ", 99) + "x", strings.Repeat("日", incident.MaxLine),
	} {
		t.Run(line, func(t *testing.T) {
			e := withLine(line)
			require.NoError(t, e.Check())
			raw, err := encode(e)
			require.NoError(t, err)
			require.Equal(t, e, decode(e.Name, raw), string(raw))
		})
	}
}

// withLine is an entry with a text in every place for one line.
func withLine(s string) incident.Entry {
	e := sample(incident.Entry{
		Kind: incident.Opened, Key: s, Role: s, Holder: s, To: []string{s, s},
		Facts: incident.Facts{
			Title: s, Headline: s, Tags: []string{s, "x", s}, Cause: s,
			Components: []incident.Component{{Name: s, State: incident.MajorOutage}},
		},
		Attachments: []incident.Attachment{{Name: s, File: "x.txt"}},
	})
	if !strings.ContainsAny(s, "<>") {
		e.Author = incident.Person{Name: s, Email: s}
	}
	return e
}

func TestTextsSurvive(t *testing.T) {
	for _, text := range []string{
		"---", "---\nschema: 1\n---", "\tindented", "  indented", "# heading", "a\n\n\n\nb", "line  \nbreak", "```\ncode\n```", "...\n---\n", "x\ty",
		"\u2028", "a\u2029b", "\ufeff", "é\U0010ffff", strings.Repeat("long ", 13000), strings.Repeat("-", 5000),
	} {
		t.Run(text[:min(len(text), 20)], func(t *testing.T) {
			e := sample(incident.Entry{Kind: incident.Note, Text: incident.NormalizeText(text)})
			if e.Text == "" {
				return
			}
			raw, err := encode(e)
			require.NoError(t, err)
			require.Equal(t, e, decode(e.Name, raw))
		})
	}
}

func TestEncodeNormalizes(t *testing.T) {
	zone := time.FixedZone("", 3600)
	e := sample(incident.Entry{
		Kind: incident.Set, Text: "\n\nx \r\ny\n\n", To: []string{},
		Facts: incident.Facts{Started: incidenttest.At(0).In(zone), Tags: []string{}, Components: []incident.Component{}},
		Next:  incident.Next{By: incidenttest.At(60).In(zone)},
	})
	e.At = time.Now().Add(-time.Hour)
	e.Next.By = time.Now().Add(time.Hour) // with what the clock adds
	raw, err := encode(e)
	require.NoError(t, err)
	got := decode(e.Name, raw)
	require.Equal(t, normal(e), got)
	require.Equal(t, "x \ny", got.Text)
	require.True(t, e.At.Equal(got.At))
	require.True(t, e.Next.By.Equal(got.Next.By))
}

func TestEncodeRefuses(t *testing.T) {
	for _, tt := range []struct {
		rule string
		do   func(*incident.Entry)
	}{
		{"what the domain refuses", func(e *incident.Entry) { e.Title = "a\nb" }},
		{"an author who would be read as another", func(e *incident.Entry) { e.Author = incident.Person{Name: "Ana <ben@example.com>"} }},
		{"a name that says something else", func(e *incident.Entry) { e.Kind, e.Status = incident.Moved, incident.Closed }},
		{"a name that is none", func(e *incident.Entry) { e.Name = "x" }},
		{"a year that files cannot spell", func(e *incident.Entry) { e.At = time.Date(10001, 1, 1, 0, 0, 0, 0, time.UTC) }},
		{"more than fits", func(e *incident.Entry) {
			for range 1000 {
				e.Tags = append(e.Tags, strings.Repeat("x", incident.MaxLine))
			}
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e := samples["opened"]
			e.Tags = nil
			tt.do(&e)
			_, err := encode(e)
			require.Error(t, err)
			require.True(t, errors.Is(err, ErrInvalid) || errors.Is(err, incident.ErrInvalid))
		})
	}
}

// Whatever the domain's own generator makes is read back as it was, or refused.
func TestRandomEntriesSurvive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	kept, refused := 0, 0
	for range 2000 {
		for _, e := range incidenttest.Random(r).Entries {
			raw, err := encode(e)
			if err != nil {
				require.True(t, errors.Is(err, ErrInvalid) || errors.Is(err, incident.ErrInvalid) || errors.Is(err, incident.ErrAudience), err)
				refused++
				continue
			}
			want := normal(e)
			want.Problem = nil
			require.Equal(t, want, decode(e.Name, raw))
			kept++
		}
	}
	require.Greater(t, kept, refused)
}

// Tests that have no codec write files by hand, and what is in them is what they wrote.
func TestFilesOfTestsAreRead(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	kept := 0
	for range 500 {
		for _, e := range incidenttest.Random(r).Entries {
			if _, err := encode(e); err != nil {
				continue
			}
			want := normal(e)
			want.Problem = nil
			require.Equal(t, want, decode(e.Name, []byte(incidenttest.File(e))))
			kept++
		}
	}
	require.Greater(t, kept, 1000)
}

const good = "---\nschema: 1\nkind: note\naudience: internal\nat: 2026-11-23T14:01:00Z\nauthor: Ana Lima <ana@example.com>\n---\n\nsecretword\n"

func TestDecodeForgives(t *testing.T) {
	name := sample(incident.Entry{Kind: incident.Note}).Name
	want := decode(name, []byte(good))
	require.NoError(t, want.Problem)
	require.Equal(t, "secretword", want.Text)
	for rule, raw := range map[string]string{
		"line ends of Windows":                     strings.ReplaceAll(good, "\n", "\r\n"),
		"a byte order mark":                        "\ufeff" + good,
		"both":                                     "\ufeff" + strings.ReplaceAll(good, "\n", "\r\n"),
		"no line end at the end":                   strings.TrimSuffix(good, "\n"),
		"blank lines around the text":              strings.Replace(good, "secretword", "\n\nsecretword\n\n", 1),
		"no blank line before the text":            strings.Replace(good, "---\n\n", "---\n", 1),
		"comments":                                 strings.Replace(good, "kind:", "# what it is\nkind:", 1),
		"another order, quotes and short forms":    strings.Replace(good, "kind: note\naudience: internal", "audience: 'war room'\n\"kind\": \"note\"", 1),
		"a time of another zone, in other letters": strings.Replace(good, "2026-11-23T14:01:00Z", "2026-11-23t15:01:00.0+01:00", 1),
	} {
		t.Run(rule, func(t *testing.T) { require.Equal(t, want, decode(name, []byte(raw))) })
	}
	t.Run("no text and no end of the last line", func(t *testing.T) {
		e := samples["assigned"]
		raw, err := encode(e)
		require.NoError(t, err)
		require.Equal(t, e, decode(e.Name, []byte(strings.TrimSuffix(string(raw), "\n"))))
	})
}

func TestDecodeCannotRead(t *testing.T) {
	front := func(s string) string { return "---\n" + s + "\n---\n\nsecretword\n" }
	replaced := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	for _, tt := range []struct{ rule, raw, says string }{
		{"nothing", "", "does not begin with front matter"},
		{"no front matter", "secretword", "does not begin with front matter"},
		{"front matter without an end", "---\nschema: 1\n", "does not end"},
		{"empty front matter", "---\n---\n", "does not end"},
		{"front matter that is a list", front("- secretword"), "no mapping"},
		{"front matter of nothing but a comment", front("# secretword"), "no mapping"},
		{"broken YAML", front("schema: 1\nkind: [secretword"), "line "},
		{"broken YAML without a place", front("\t\x00: x"), "no valid YAML"},
		{"a newer schema", replaced("schema: 1", "schema: 2\nsecretword: {x: 1}"), "schema 2, made by a newer version"},
		{"a newer schema that knows other kinds", replaced("schema: 1\nkind: note", "schema: 9\nkind: secretword"), "schema 9"},
		{"no schema", replaced("schema: 1\n", ""), "no schema"},
		{"a schema that is no number", replaced("schema: 1", "schema: secretword"), "no schema"},
		{"schema 0", replaced("schema: 1", "schema: 0"), "no schema"},
		{"an unknown field", replaced("kind:", "secretword: 1\nkind:"), "line 2"},
		{"a field twice", replaced("kind:", "kind: note\nkind:"), "line 3"},
		{"a schema twice", replaced("kind:", "schema: 1\nkind:"), "line 2"},
		{"an unknown kind", replaced("note", "secretword"), ""},
		{"an unknown audience", replaced("internal", "secretword"), ""},
		{"no kind", replaced("kind: note\n", ""), "no kind"},
		{"a field of another type", replaced("kind:", "customers: secretword\nkind:"), "line 2"},
		{"a time that is none", replaced("2026-11-23T14:01:00Z", "secretword"), ""},
		{"two documents", replaced("---\n\n", "...\n--- # secretword\nschema: 1\n---\n\n"), "more than one document"},
		{"an alias", replaced("kind:", "tags: [&secretword x, *secretword]\nkind:"), "aliases"},
		{"an anchor", replaced("kind: note", "kind: &secretword note"), "aliases"},
		{"a merge of what is elsewhere", replaced("kind:", "<<: &secretword {key: x}\nkind:"), "aliases"},
		{"a bomb of aliases", front("schema: 1\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c]"), "aliases"},
		{"deep nesting", front("schema: 1\nkey: " + strings.Repeat("[", 20000)), "line "},
		{"deep nesting that is closed", front("schema: 1\nkey: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000)), "line 2"},
		{"deep nesting of mappings", front("schema: 1\nkey: " + strings.Repeat("{a: ", 9000) + strings.Repeat("}", 9000)), "line 2"},
		{"no UTF-8", replaced("secretword", "secretword\xff"), "not UTF-8"},
		{"more than fits", good + strings.Repeat("secretword ", 100_000), "larger than"},
		{"more front matter than fits", front("schema: 1\nkey: " + strings.Repeat("secretword ", 20_000)), "front matter is larger than"},
		{"a name for another audience", strings.Replace(good, "internal", "customer", 1), "its name says note-internal, its front matter note-customer"},
		{"a name for another kind", strings.Replace(good, "kind: note", "kind: set", 1), "its name says note-internal, its front matter set"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			name := sample(incident.Entry{Kind: incident.Note}).Name
			got := decode(name, []byte(tt.raw))
			require.Equal(t, incident.Unreadable, got.Kind)
			require.Equal(t, incident.Entry{Name: name, Problem: got.Problem}, got, "nothing of it is used")
			require.ErrorIs(t, got.Problem, ErrInvalid)
			require.Contains(t, got.Problem.Error(), tt.says)
			require.NotContains(t, got.Problem.Error(), "secret", "nobody can tell for whom it was written")
		})
	}
	t.Run("a name that is none", func(t *testing.T) {
		for _, name := range []string{"", "x", "20261123T140100.000Z-note-internal", "20261123T140100.000Z-unreadable-7k3fqd", "../x"} {
			got := decode(name, []byte(good))
			require.Equal(t, incident.Unreadable, got.Kind, name)
			require.Error(t, got.Problem)
		}
	})
}

// A hostile entry costs no more than its size.
func TestDecodeIsQuick(t *testing.T) {
	for _, tt := range []struct{ rule, unit string }{
		{"comments", "# x\n"},
		{"keys", "k%d: x\n"},
		{"keys of a field", " k%d: x\n"},
		{"blank lines", "\n"},
		{"documents", "---\n"},
		{"strings", "\"\\x41\"\n"},
		{"keys deep down", "- {a%[1]d: x, b%[1]d: x, c%[1]d: x}\n"},
		{"numbers", "123456789: 1\n"},
		{"flows", "- [{a: [b]}]\n"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("---\nschema: 1\n")
			if tt.unit[0] == ' ' || tt.unit[0] == '-' {
				b.WriteString("tags:\n")
			}
			for i := 0; b.Len() < maxFront-100; i++ {
				if strings.Contains(tt.unit, "%d") {
					fmt.Fprintf(&b, tt.unit, i)
				} else {
					b.WriteString(tt.unit)
				}
			}
			b.WriteString("\n---\n")
			require.Equal(t, incident.Unreadable, decode("x", []byte(b.String())).Kind)
		})
	}
}
