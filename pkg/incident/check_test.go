package incident_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func to[T any](v T) *T { return &v }

func TestCheckRefuses(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		broken func(*incident.Entry) // of a sound note for customers
		kind   error
		says   string // a part of it
		remedy string // a part of it
	}{
		{"an entry for nobody", func(e *incident.Entry) { e.Audience = 0 }, incident.ErrInvalid, "no audience", ""},
		{"an entry for an audience beyond the last", func(e *incident.Entry) { e.Audience = 9 }, incident.ErrInvalid, "no audience", ""},
		{"an entry that could not be read", func(e *incident.Entry) { e.Kind = incident.Unreadable }, incident.ErrInvalid, "no kind", ""},
		{"an entry of a kind beyond the last", func(e *incident.Entry) { e.Kind = 99 }, incident.ErrInvalid, "no kind", ""},
		{"an opening without a title", func(e *incident.Entry) { e.Kind = incident.Opened }, incident.ErrInvalid, "a title is needed", "incident open"},
		{"a title of white space", func(e *incident.Entry) { e.Kind, e.Title = incident.Opened, " \t" }, incident.ErrInvalid, "title is empty", ""},
		{"a note that says nothing", func(e *incident.Entry) { e.Text = "" }, incident.ErrInvalid, "text is empty", "standard input"},
		{"a move to no status", func(e *incident.Entry) { e.Kind = incident.Moved }, incident.ErrInvalid, "no status", "incident status"},
		{"a move to a status beyond the last", func(e *incident.Entry) { e.Kind, e.Status = incident.Reopened, 9 }, incident.ErrInvalid, "no status", ""},
		{"a role without a holder", func(e *incident.Entry) { e.Kind, e.Role = incident.Assigned, "scribe" }, incident.ErrInvalid, "who has it", "incident assign"},
		{"a holder without a role", func(e *incident.Entry) { e.Kind, e.Holder = incident.Assigned, "Ana" }, incident.ErrInvalid, "who has it", "incident assign"},
		{"an opening that is led by nobody", func(e *incident.Entry) { e.Kind, e.Title, e.Role = incident.Opened, "t", "commander" }, incident.ErrInvalid, "who has it", "incident assign"},
		{"a retraction without a reason", func(e *incident.Entry) { e.Kind, e.Text = incident.Retracted, "" }, incident.ErrInvalid, "reason", "--reason"},
		{"a correction that is no note", func(e *incident.Entry) { e.Kind, e.Corrects = incident.Set, "x" }, incident.ErrInvalid, "only a note", ""},
		{"a correction without words", func(e *incident.Entry) {
			e.Corrects, e.Text = "x", ""
			e.Attachments = []incident.Attachment{{Name: "a.png", File: "a.png"}}
		}, incident.ErrInvalid, "needs the words", "--retract"},
		{"a retraction that is something else", func(e *incident.Entry) { e.Retracts = "x" }, incident.ErrInvalid, "only a retraction", ""},
		{"a headline from engineers alone", func(e *incident.Entry) { e.Audience, e.Headline = incident.Technical, "db-7 is locked" }, incident.ErrAudience, "read by customers", "--audience internal"},

		{"a text over the limit", func(e *incident.Entry) { e.Text = strings.Repeat("a", incident.MaxText+1) }, incident.ErrInvalid, "64 KiB", "--attach"},
		{"a text with an escape", func(e *incident.Entry) { e.Text = "a\nb \x1b[2J" }, incident.ErrInvalid, `line 2 of the text holds "\x1b"`, "--attach"},
		{"a text that is not UTF-8", func(e *incident.Entry) { e.Text = "a\xff" }, incident.ErrInvalid, `"\xff"`, "--attach"},
		{"a text with a carriage return", func(e *incident.Entry) { e.Text = "a\rb" }, incident.ErrInvalid, `"\r"`, "--attach"},
		{"a text that is not in normal form", func(e *incident.Entry) { e.Text = "a\n" }, incident.ErrInvalid, "normal form", ""},

		{"a title over the limit", func(e *incident.Entry) { e.Title = strings.Repeat("é", incident.MaxLine+1) }, incident.ErrInvalid, "title is 201 characters", "note"},
		{"a headline of two lines", func(e *incident.Entry) { e.Headline = "a\nb" }, incident.ErrInvalid, `headline holds "\n"`, "one line"},
		{"a headline with a line separator", func(e *incident.Entry) { e.Headline = "a\u2028b" }, incident.ErrInvalid, "headline holds", "one line"},
		{"a key with blanks around it", func(e *incident.Entry) { e.Key = " k" }, incident.ErrInvalid, "key has blanks", ""},
		{"a role with a tab", func(e *incident.Entry) { e.Kind, e.Role, e.Holder = incident.Assigned, "a\tb", "Ana" }, incident.ErrInvalid, "role holds", "one line"},
		{"a holder that is not UTF-8", func(e *incident.Entry) { e.Kind, e.Role, e.Holder = incident.Assigned, "scribe", "\xff" }, incident.ErrInvalid, "holder holds", "one line"},
		{"an author with an escape in the name", func(e *incident.Entry) { e.Author.Name = "A\x1b" }, incident.ErrInvalid, "author's name holds", "one line"},
		{"an author with an escape in the address", func(e *incident.Entry) { e.Author.Email = "A\x07" }, incident.ErrInvalid, "author's address holds", "one line"},
		{"a component without a name", func(e *incident.Entry) { e.Components = []incident.Component{{State: incident.Operational}} }, incident.ErrInvalid, "component's name is empty", ""},
		{"a component without a state", func(e *incident.Entry) { e.Components = []incident.Component{{Name: "Checkout"}} }, incident.ErrInvalid, `component "Checkout" has no state`, ""},
		{"a cause of two lines", func(e *incident.Entry) { e.Cause = "a\nb" }, incident.ErrInvalid, "cause", ""},
		{"an empty tag", func(e *incident.Entry) { e.Tags = []string{""} }, incident.ErrInvalid, "tag is empty", ""},
		{"an empty addressee", func(e *incident.Entry) { e.To = []string{"payments", ""} }, incident.ErrInvalid, "addressee is empty", ""},
		{"fewer than no customers", func(e *incident.Entry) { e.Customers = to(-1) }, incident.ErrInvalid, "negative", ""},
		{"more than all customers", func(e *incident.Entry) { e.Share = to(100.1) }, incident.ErrInvalid, "between 0% and 100%", ""},
		{"a share that is no number", func(e *incident.Entry) { e.Share = to(math.NaN()) }, incident.ErrInvalid, "between 0% and 100%", ""},
		{"a severity beyond the last", func(e *incident.Entry) { e.Severity = 5 }, incident.ErrInvalid, "severity", ""},
		{"an impact beyond the last", func(e *incident.Entry) { e.Impact = 5 }, incident.ErrInvalid, "impact", ""},
		{"a start that no file can spell", func(e *incident.Entry) { e.Started = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, incident.ErrInvalid, "the year 10000", ""},

		{"a promise for a time that is over", func(e *incident.Entry) { e.Next.By = e.At }, incident.ErrInvalid, "a time that is over", "--next"},
		{"a promise that none is made", func(e *incident.Entry) { e.Next = incident.Next{By: e.At.Add(time.Hour), None: true} }, incident.ErrInvalid, "promised, and none is", "one of the two"},
		{"a promise that no file can spell", func(e *incident.Entry) { e.Next.By = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, incident.ErrInvalid, "the year 10000", ""},

		{"an attachment without a name", func(e *incident.Entry) { e.Attachments = []incident.Attachment{{File: "a"}} }, incident.ErrInvalid, "attachment's name is empty", ""},
		{"an attachment without a file", func(e *incident.Entry) { e.Attachments = []incident.Attachment{{Name: "a"}} }, incident.ErrInvalid, "attachment's file is empty", ""},
		{"an attachment above its folder", func(e *incident.Entry) { e.Attachments = []incident.Attachment{{Name: "a", File: "../a"}} }, incident.ErrInvalid, "no plain file name", ""},
		{"an attachment over the limit", func(e *incident.Entry) {
			e.Attachments = []incident.Attachment{{Name: "a", File: "a", Size: incident.MaxAttachment + 1}}
		}, incident.ErrInvalid, "at most 10 MiB", "smaller part"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			e := incidenttest.Entry(1, "note", incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "Payments fail."})
			require.NoError(t, e.Check())
			tt.broken(&e)
			err := e.Check()
			require.ErrorIs(t, err, tt.kind)
			require.ErrorContains(t, err, tt.says)
			require.Contains(t, remedy(err), tt.remedy)
		})
	}
}

func TestCheckAccepts(t *testing.T) {
	for rule, e := range map[string]incident.Entry{
		"a file without a text":            {Kind: incident.Note, Attachments: []incident.Attachment{{Name: "Graph of today.png", File: "m2x8ra-graph.png", Size: incident.MaxAttachment}}},
		"a text of the longest length":     {Kind: incident.Note, Text: strings.Repeat("a", incident.MaxText)},
		"a title of the longest length":    {Kind: incident.Opened, Facts: incident.Facts{Title: strings.Repeat("é", incident.MaxLine)}},
		"an opening that somebody leads":   {Kind: incident.Opened, Facts: incident.Facts{Title: "t"}, Role: incident.Commander, Holder: "Ana Lima"},
		"tabs and lines in a text":         {Kind: incident.Note, Text: "\tdf -h\n\n\t100%"},
		"a move without words":             {Kind: incident.Moved, Status: incident.Identified},
		"no customers at all, no share":    {Kind: incident.Set, Facts: incident.Facts{Customers: to(0), Share: to(0.0)}},
		"all customers":                    {Kind: incident.Set, Facts: incident.Facts{Share: to(100.0)}},
		"a headline in the war room":       {Kind: incident.Set, Facts: incident.Facts{Headline: "Card payments fail"}},
		"a start long before the incident": {Kind: incident.Set, Facts: incident.Facts{Started: incidenttest.At(-1e6)}},
		"a promise":                        {Kind: incident.Note, Text: "a", Next: incident.Next{By: incidenttest.At(30)}},
		"no further word":                  {Kind: incident.Note, Text: "a", Next: incident.Next{None: true}},
		"a postmortem":                     {Kind: incident.Postmortem, Document: "abc"},
		"a person of any script":           {Kind: incident.Assigned, Role: "дежурный", Holder: "महेश"},
	} {
		t.Run(rule, func(t *testing.T) { require.NoError(t, incidenttest.Entry(1, "good", e).Check()) })
	}
}

func TestPlainAttachments(t *testing.T) {
	for file, want := range map[string]bool{
		"m2x8ra-graph.png": true, "файл.txt": true, "a..b": true,
		"": false, ".": false, "..": false, ".ssh": false, "-rf": false, "../a": false, "a/b": false, `a\b`: false, "c:a": false, "a\x00b": false, "/etc/passwd": false,
	} {
		require.Equal(t, want, incident.Attachment{File: file}.Plain(), "%q", file)
	}
}
