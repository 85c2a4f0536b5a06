package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"incident/pkg/clarity"
	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/postmortem"
	"incident/pkg/record"
	"incident/pkg/view"
)

// paper is what the commands about a postmortem that is there have in common.
type paper struct {
	writing
}

// of finds the incident and its document as it lies in the work tree, with whether that is what is committed.
func (p *paper) of(ctx context.Context, args []string) (rec *record.Record, inc incident.Incident, doc []byte, committed bool, err error) {
	rec, err = p.openRecord(ctx)
	if err != nil {
		return nil, inc, nil, false, err
	}
	if inc, err = p.target(ctx, rec, strings.Join(args, ""), resolvedFirst); err != nil {
		return rec, inc, nil, false, err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return rec, inc, nil, false, err
	}
	defer func() { err = joinClose(err, rd) }()
	kept, err := rd.Postmortem(inc.ID)
	if err != nil {
		return rec, inc, nil, false, err
	}
	doc, err = rec.Store().ReadFile(record.PostmortemPath(inc.ID), maxPaper)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return rec, inc, nil, false, &advised{record.ErrNotFound, record.PostmortemPath(inc.ID) + " is recorded, and was removed from the work tree", "git checkout HEAD -- " + record.PostmortemPath(inc.ID)}
	case errors.Is(err, gitstore.ErrDisk):
		return rec, inc, nil, false, err
	case err != nil:
		return rec, inc, nil, false, &advised{record.ErrInvalid, err.Error(), "put an ordinary file in its place"}
	}
	return rec, inc, doc, bytes.Equal(normalEnds(doc), normalEnds(kept)), nil
}

// maxPaper is how many bytes of a document are read.
const maxPaper = 16 << 20

func normalEnds(doc []byte) []byte { return bytes.ReplaceAll(doc, []byte("\r\n"), []byte("\n")) }

// fresh is a draft of the incident as it is recorded now.
func (p *paper) fresh(ctx context.Context, rec *record.Record, inc incident.Incident) ([]byte, error) {
	template, err := rec.Template(ctx, "postmortem.md")
	if err != nil {
		return nil, err
	}
	return postmortem.Draft(template, p.draftOf(rec, inc))
}

func (d *deps) draftOf(rec *record.Record, inc incident.Incident) postmortem.Input {
	return postmortem.Input{Incident: inc, Zone: rec.Config.TimeZone, Now: d.Now(), Deadline: rec.Config.Severities[inc.Severity].Postmortem}
}

// findings are what the document still lacks.
func (p *paper) findings(ctx context.Context, rec *record.Record, inc incident.Incident, doc []byte) ([]postmortem.Finding, error) {
	fresh, err := p.fresh(ctx, rec, inc)
	if err != nil {
		return nil, err
	}
	known := p.readersKnow(rec, inc, incident.Entry{Audience: incident.Customer})
	known.Earlier = nil
	return postmortem.Check(postmortem.Checked{
		Doc: doc, Fresh: fresh, Incident: inc, Zone: rec.Config.TimeZone, Due: inc.PostmortemDue(rec.Config.Rules()), Now: p.Now(),
		Plain: func(text string) []string {
			var list []string
			for _, f := range clarity.Check(text, known) {
				if f.Level == clarity.Error && (strings.HasPrefix(f.Rule, "jargon/") || strings.HasPrefix(f.Rule, "sanitised/")) {
					list = append(list, advice(f.Message, f.Suggestion)+" ("+f.Rule+")")
				}
			}
			return list
		},
	}), nil
}

// release is what the public form of the document is made from.
func (p *paper) release(rec *record.Record, inc incident.Incident, doc []byte) postmortem.Release {
	r := postmortem.Release{Doc: doc, View: view.For(inc, incident.Customer), Zone: rec.Config.TimeZone, Questions: rec.Config.Page.Questions}
	r.Title = inc.Title
	if !r.View.Visible { // it becomes public with this
		r.View, r.Unheard = oncePublic(inc), true
	}
	if !rec.Config.Page.Names {
		r.People = postmortem.Roles(inc)
	}
	return r
}

// oncePublic is what customers will see of an incident that they have not been told of, once they are.
func oncePublic(inc incident.Incident) view.View {
	told := incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "."}
	recorded := incident.NextRecorded(inc.Opened, inc.Timeline)
	told.Name, told.At = incident.Name{Recorded: recorded, Label: told.Label(), Suffix: "public"}.String(), recorded
	v := view.For(incident.Fold(inc.ID, append(slices.Clone(inc.Timeline), told)), incident.Customer)
	v.Postmortems = nil
	return v
}

// public is the form of the document that everybody may read.
func (p *paper) public(rec *record.Record, inc incident.Incident, doc []byte) (string, error) {
	text, err := postmortem.Public(p.release(rec, inc, doc))
	if err != nil {
		return "", &advised{record.ErrInvalid, err.Error(), "incident postmortem check tells where"}
	}
	return incident.NormalizeText(text), nil
}

// paperJSON is the answer to postmortem check.
type paperJSON struct {
	Schema   string             `json:"schema"`
	Incident string             `json:"incident"`
	Document string             `json:"document"`
	Findings []paperFindingJSON `json:"findings"`
}

// paperFindingJSON is something that a document lacks.
type paperFindingJSON struct {
	Line   int    `json:"line"`
	Rule   string `json:"rule"`
	What   string `json:"what"`
	Remedy string `json:"remedy"`
}

func newPaper(rec *record.Record, inc incident.Incident, found []postmortem.Finding) paperJSON {
	r := paperJSON{Schema: schema, Incident: inc.ID, Document: documentOf(rec, inc.ID), Findings: []paperFindingJSON{}}
	for _, f := range found {
		r.Findings = append(r.Findings, paperFindingJSON(f))
	}
	return r
}

func (r paperJSON) ids() []string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, fmt.Sprintf("%s:%d", r.Document, f.Line))
	}
	return list
}

func (r paperJSON) table(d *deps) {
	for _, f := range r.Findings {
		where := d.short(r.Document)
		if f.Line > 0 {
			where += fmt.Sprintf(":%d", f.Line)
		}
		d.out.Line(fmt.Sprintf("%s: %s: %s; %s", where, f.Rule, f.What, f.Remedy))
	}
}

// warnOfNarrow tells what of a text was written for a narrower audience, word for word. That a person has taken it over may be
// meant.
func (p *paper) warnOfNarrow(inc incident.Incident, text string) {
	var n narrowing
	n.add(inc.ID, narrowOf(inc, incident.Customer))
	warned := map[string]bool{}
	for _, w := range n.in(letters(text)) {
		if !warned[w.Entry] {
			p.warn(fmt.Sprintf("it says word for word what %s wrote for %s, in %s", w.Author, w.Audience.Readers(), w.Entry))
		}
		warned[w.Entry] = true
	}
}
