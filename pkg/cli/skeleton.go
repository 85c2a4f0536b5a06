package cli

import (
	"context"

	"incident/pkg/incident"
	"incident/pkg/notes"
	"incident/pkg/record"
	"incident/pkg/view"
)

// skeleton is what the editor begins a note with: the questions that its readers ask, and what the record knows of the
// answers. Their lines are taken away again.
func (w *writing) skeleton(ctx context.Context, rec *record.Record, inc incident.Incident, e incident.Entry) (string, error) {
	status := e.Status
	if status == 0 {
		status = inc.Status
	}
	return w.fromTemplate(ctx, rec, inc, e, status, notes.Names(e.Audience, status))
}

// closingWords are what the record can say by itself of the end of an incident.
func (w *writing) closingWords(ctx context.Context, rec *record.Record, inc incident.Incident, e incident.Entry) (string, error) {
	return w.fromTemplate(ctx, rec, inc, e, incident.Resolved, notes.ResolvedNames(e.Audience))
}

// fromTemplate makes a text from the first of the templates that exists: the record's own, else the one that is built in.
func (w *writing) fromTemplate(ctx context.Context, rec *record.Record, inc incident.Incident, e incident.Entry, s incident.Status, names []string) (string, error) {
	for _, name := range names {
		template, err := rec.Template(ctx, "notes/"+name)
		if err != nil {
			return "", err
		}
		if template == "" {
			template = notes.BuiltIn(name)
		}
		if template == "" {
			continue
		}
		return notes.Make("notes/"+name, template, notes.Input{
			View: publicView(inc, e.Audience), Hit: inc.ComponentsHit(e.Audience), Status: s, Now: e.At, Zone: rec.Config.TimeZone, Deadline: rec.Config.Severities[inc.Severity].Postmortem,
		})
	}
	return "", nil
}

// publicView is what an audience may see; for customers who have not heard of the incident, what they will see with the
// first word for them.
func publicView(inc incident.Incident, a incident.Audience) view.View {
	v := view.For(inc, a)
	if v.Visible {
		return v
	}
	return view.View{
		Audience: a, Headline: inc.Headline(), Impact: inc.Impact, Components: inc.ComponentsFor(a), Started: inc.Started, ResolvedAt: inc.ResolvedAt,
	}
}
