package notes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/notes"
	"incident/pkg/sandbox"
	"incident/pkg/view"
)

func at(clock string) time.Time {
	t, err := time.Parse("2 Jan 2006 15:04", clock)
	if err != nil {
		panic(err)
	}
	return t
}

var outage = view.View{
	Audience: incident.Customer, Visible: true, Headline: "Card payments: partial outage", Impact: incident.ImpactMajor,
	Started:    at("23 Nov 2026 14:02"),
	Components: []incident.Component{{Name: "Card payments", State: incident.PartialOutage}, {Name: "Search", State: incident.DegradedPerformance}},
	Promises: []view.Promise{
		{Audience: incident.Stakeholder, By: at("23 Nov 2026 16:00")},
		{Audience: incident.Customer, By: at("23 Nov 2026 14:45"), LastHeard: at("23 Nov 2026 14:15")},
	},
}

func TestMake(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, tt := range []struct {
		rule, template string
		in             notes.Input
		want           string
	}{
		{
			"what is going on", "{{.Names}}|{{.Started}}|{{.LastHeard}}|{{.Promised}}|{{.Impact}}|{{.Ended}}{{.Period}}{{.Duration}}{{.Deadline}}",
			notes.Input{View: outage, Status: incident.Identified, Deadline: 48 * time.Hour},
			"Card payments and Search|14:02 UTC|14:15 UTC|14:45 UTC|major|",
		},
		{
			"its end", "{{.Ended}}|{{.Period}}|{{.Duration}}|{{.Deadline}}",
			notes.Input{View: outage, Status: incident.Resolved, Now: at("23 Nov 2026 15:20"), Deadline: 48 * time.Hour},
			"15:20 UTC|14:02 to 15:20 UTC|1 h 18 min|25 Nov 15:20 UTC",
		},
		{
			"an end on another day", "{{.Period}}",
			notes.Input{View: outage, Status: incident.Resolved, Now: at("24 Nov 2026 01:20")},
			"14:02 to 24 Nov 01:20 UTC",
		},
		{
			"the team's zone", "{{.Period}}",
			notes.Input{View: outage, Status: incident.Resolved, Now: at("23 Nov 2026 15:20"), Zone: berlin},
			"15:02 to 16:20 CET",
		},
		{
			"an end in the first minute", "{{.Ended}}|{{.Period}}|{{.Duration}}",
			notes.Input{View: outage, Status: incident.Resolved, Now: at("23 Nov 2026 14:02")},
			"14:02 UTC||",
		},
		{"parts, each by itself", "{{range .Components}}{{.Name}} ({{.State}});{{end}}", notes.Input{View: outage}, "Card payments (partial outage);Search (degraded performance);"},
		{"nothing known", "[{{.Names}}{{.Started}}{{.Promised}}]", notes.Input{View: view.View{Audience: incident.Customer}}, "[]"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			text, err := notes.Make("x.md", tt.template, tt.in)
			require.NoError(t, err)
			require.Equal(t, tt.want, text)
		})
	}
}

func TestFaultyTemplate(t *testing.T) {
	_, err := notes.Make("customer.md", "a\n{{.Nope}}", notes.Input{View: outage})
	require.ErrorIs(t, err, sandbox.ErrTemplate)
	require.EqualError(t, err, "template customer.md, line 2, column 3: Data has no field Nope")
}

// Every audience outside has questions in every status; whatever is known or not, they are lines of comments alone.
func TestBuiltInQuestions(t *testing.T) {
	for _, a := range []incident.Audience{incident.Stakeholder, incident.Customer} {
		for _, s := range incident.Statuses() {
			source := ""
			for _, name := range notes.Names(a, s) {
				if source == "" {
					source = notes.BuiltIn(name)
				}
			}
			require.NotEmpty(t, source)
			for _, v := range []view.View{outage, {Audience: a}} {
				text, err := notes.Make("x", source, notes.Input{View: v, Status: s, Now: at("24 Nov 2026 01:20"), Deadline: time.Hour})
				require.NoError(t, err)
				for line := range strings.SplitSeq(text, "\n") {
					require.True(t, line == "" || strings.HasPrefix(line, "<!-- ") && strings.HasSuffix(line, " -->"), "%q", line)
				}
			}
		}
	}
	require.Empty(t, notes.Names(incident.Internal, incident.Investigating))
	require.Empty(t, notes.BuiltIn("../config.yaml"))
}
