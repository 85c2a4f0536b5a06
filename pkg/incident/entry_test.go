package incident_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestSameContent(t *testing.T) {
	full := func() incident.Entry {
		return entry(1, "full", incident.Entry{
			Kind: incident.Note, Audience: incident.Customer, Text: "x", Author: incident.Person{Name: "Ana"}, Key: "k",
			Facts: incident.Facts{
				Title: "t", Headline: "h", Severity: incident.Sev1, Impact: incident.ImpactMinor, Started: incidenttest.At(-5), Customers: to(1), Share: to(2.0), Tags: []string{"a"}, Cause: "c",
				Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}},
			},
			Status: incident.Identified, Role: "r", Holder: "h", To: []string{"team"}, Next: incident.Next{By: incidenttest.At(31)}, Corrects: "c", Retracts: "d",
			Attachments: []incident.Attachment{{Name: "n", File: "f", Size: 1, SHA256: "s"}},
		})
	}
	for _, tt := range []struct {
		rule   string
		change func(*incident.Entry)
		same   bool
	}{
		{"nothing", func(*incident.Entry) {}, true},
		{"who wrote it", func(e *incident.Entry) { e.Author.Name = "Ben" }, true},
		{"its name", func(e *incident.Entry) { e.Name = "other" }, true},
		{"how the file is stored", func(e *incident.Entry) { e.Attachments[0].File = "g" }, true},
		{"when, with what it promises in half an hour", func(e *incident.Entry) {
			e.At, e.Next.By, e.Started = incidenttest.At(2), incidenttest.At(32), incidenttest.At(-4)
		}, true},
		{"when, with the promise for the same time of day", func(e *incident.Entry) { e.At = incidenttest.At(2) }, true},

		{"the kind", func(e *incident.Entry) { e.Kind = incident.Set }, false},
		{"the audience", func(e *incident.Entry) { e.Audience = incident.Internal }, false},
		{"the text", func(e *incident.Entry) { e.Text = "y" }, false},
		{"the title", func(e *incident.Entry) { e.Title = "y" }, false},
		{"the headline", func(e *incident.Entry) { e.Headline = "y" }, false},
		{"the severity", func(e *incident.Entry) { e.Severity = incident.Sev2 }, false},
		{"the impact", func(e *incident.Entry) { e.Impact = incident.ImpactMajor }, false},
		{"a component", func(e *incident.Entry) { e.Components[0].State = incident.MajorOutage }, false},
		{"the start", func(e *incident.Entry) { e.Started = incidenttest.At(-6) }, false},
		{"no start", func(e *incident.Entry) { e.Started = time.Time{} }, false},
		{"the number of customers", func(e *incident.Entry) { *e.Customers = 2 }, false},
		{"no number of customers", func(e *incident.Entry) { e.Customers = nil }, false},
		{"the share", func(e *incident.Entry) { *e.Share = 3 }, false},
		{"a tag", func(e *incident.Entry) { e.Tags = nil }, false},
		{"the cause", func(e *incident.Entry) { e.Cause = "y" }, false},
		{"the status", func(e *incident.Entry) { e.Status = incident.Resolved }, false},
		{"the role", func(e *incident.Entry) { e.Role = "y" }, false},
		{"the holder", func(e *incident.Entry) { e.Holder = "y" }, false},
		{"whom it is addressed to", func(e *incident.Entry) { e.To = []string{"y"} }, false},
		{"what it promises", func(e *incident.Entry) { e.Next.By = incidenttest.At(40) }, false},
		{"that it promises", func(e *incident.Entry) { e.Next = incident.Next{None: true} }, false},
		{"what it corrects", func(e *incident.Entry) { e.Corrects = "y" }, false},
		{"what it withdraws", func(e *incident.Entry) { e.Retracts = "y" }, false},
		{"a file", func(e *incident.Entry) { e.Attachments[0].SHA256 = "y" }, false},
		{"the name of a file", func(e *incident.Entry) { e.Attachments[0].Name = "y" }, false},
	} {
		t.Run("what differs: "+tt.rule, func(t *testing.T) {
			other := full()
			tt.change(&other)
			require.Equal(t, tt.same, incident.SameContent(full(), other))
			require.Equal(t, tt.same, incident.SameContent(other, full()))
		})
	}
}

func TestRoleName(t *testing.T) {
	for given, want := range map[string]string{
		"commander": incident.Commander, "IC": incident.Commander, " Incident  Commander ": incident.Commander, "lead": incident.Commander,
		"Comms": incident.Communications, "ops": incident.Operations, "Scribe": incident.Scribe, "Legal  Counsel": "legal counsel", "": "",
	} {
		require.Equal(t, want, incident.RoleName(given), "%q", given)
		require.Equal(t, want, incident.RoleName(want), "once is enough")
	}
}

func TestPersonString(t *testing.T) {
	require.Equal(t, "Ana Lima <ana@example.com>", incident.Person{Name: "Ana Lima", Email: "ana@example.com"}.String())
	require.Equal(t, "Ana Lima", incident.Person{Name: "Ana Lima"}.String())
}

func TestFactsIsZero(t *testing.T) {
	require.True(t, incident.Facts{}.IsZero())
	for rule, f := range map[string]incident.Facts{
		"title": {Title: "x"}, "headline": {Headline: "x"}, "severity": {Severity: 1}, "impact": {Impact: 1}, "components": {Components: make([]incident.Component, 1)},
		"started": {Started: incidenttest.At(0)}, "customers": {Customers: to(0)}, "share": {Share: to(0.0)}, "tags": {Tags: []string{""}}, "cause": {Cause: "x"},
	} {
		require.False(t, f.IsZero(), rule)
	}
}

func TestPromiseOfAnEntry(t *testing.T) {
	by := incidenttest.At(30)
	require.Equal(t, by, incident.Entry{Next: incident.Next{By: by}}.Promise())
	require.Zero(t, incident.Entry{}.Promise())
	require.Zero(t, incident.Entry{Next: incident.Next{By: by.AddDate(9000, 0, 0)}}.Promise(), "no file can spell it")
}
