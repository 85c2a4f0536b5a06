package view

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"incident/pkg/incident"
)

// For copies what an audience may see of an incident, and nothing else. Words are for the audience that
// they were written for and for narrower ones; every other fact has its own widest reader, as the table in
// docs/reference/record-format.md lists them.
func For(inc incident.Incident, a Audience) View {
	v := View{Audience: a}
	if !a.Sees(incident.Customer) || a == incident.Customer && !inc.Public() { // the first: not an audience
		return v
	}
	v.Visible = true
	v.ID = inc.PublicID
	if a.Sees(inc.IDAudience) {
		v.ID = inc.ID
	}
	if a.Sees(inc.TitleAudience) {
		v.Title = inc.Title
	}
	v.Headline = inc.Headline()
	v.Status, v.Since = inc.Status, inc.Since
	v.Impact = inc.Impact
	v.Opened, v.Started, v.Confirmed = inc.Opened, inc.Started, inc.Confirmed
	v.ResolvedAt, v.ClosedAt = inc.ResolvedAt, inc.ClosedAt
	v.Components = slices.Clone(inc.Components)
	if a.Sees(incident.Stakeholder) {
		v.Severity = inc.Severity
		v.Roles = slices.Clone(inc.Roles)
		v.Customers, v.Share = clone(inc.Customers), clone(inc.Share)
	}
	v.Promises = promises(inc, a)
	v.Updates, v.Moves = timeline(inc, a)
	if a.Sees(incident.Internal) {
		v.Tags = tags(inc, a)
		for _, p := range inc.Anomalies {
			v.Anomalies = append(v.Anomalies, Anomaly{p.Entry, p.Err.Error()})
		}
	}
	return v
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// tags are words of the entries that set them.
func tags(inc incident.Incident, a Audience) []string {
	var seen []string
	for _, e := range inc.Timeline {
		if !a.Sees(e.Audience) {
			continue
		}
		for _, t := range e.Tags {
			if slices.Contains(inc.Tags, t) && !slices.Contains(seen, t) {
				seen = append(seen, t)
			}
		}
	}
	return seen
}

func promises(inc incident.Incident, a Audience) []Promise {
	var list []Promise
	for _, to := range incident.Audiences() {
		w := inc.Words(to)
		if a.Sees(to) && (!w.Last.IsZero() || !w.Promised.IsZero()) {
			list = append(list, Promise{to, w.Promised, w.Last, w.Kept, w.Late})
		}
	}
	return list
}

// timeline is the entries that the audience may read, and the moves of the status, which it may know of
// whoever the words were for.
func timeline(inc incident.Incident, a Audience) ([]Update, []Move) {
	var updates []Update
	var moves []Move
	var status Status
	for _, e := range inc.Timeline {
		if applied(inc, e) && e.Status != 0 && e.Status != status {
			status = e.Status
			moves = append(moves, Move{e.At, e.Status})
		}
		if !a.Sees(e.Audience) {
			continue
		}
		if u, ok := update(inc, e, a); ok {
			updates = append(updates, u)
		}
	}
	slices.SortStableFunc(updates, func(x, y Update) int { return x.At.Compare(y.At) })
	return updates, moves
}

// applied reports whether the fold took the entry.
func applied(inc incident.Incident, e incident.Entry) bool {
	return !slices.ContainsFunc(inc.Anomalies, func(p incident.Anomaly) bool { return p.Entry == e.Name })
}

// update is one entry as the audience may read it; false where it may read nothing of it.
func update(inc incident.Incident, e incident.Entry, a Audience) (Update, bool) {
	warRoom := a.Sees(incident.Internal)
	root, about := inc.Root(e)
	if !warRoom && (about || e.Text == "" && len(e.Attachments) == 0) {
		return Update{}, false // a correction is read in its place, and facts alone are in the view itself
	}
	u := Update{
		ID: e.Suffix(), At: e.At, Recorded: e.Recorded(), Kind: e.Kind.String(), Audience: e.Audience,
		Status: e.Status, Text: e.Text, Next: e.Next.By, Early: !inc.Opened.IsZero() && e.At.Before(inc.Opened),
		Attachment: attachments(e),
	}
	if now, ok := inc.Correction(e); ok {
		u.Corrected, u.CorrectedAt, u.Text, u.Original = true, now.At, now.Text, e.Text
	}
	if gone, ok := inc.Retraction(e); ok {
		u.Withdrawn, u.WithdrawnAt, u.Original = true, gone.At, u.Text
		u.Text, u.Attachment = "", nil
	}
	if !warRoom {
		u.Original = ""
		return u, true
	}
	u.Entry, u.Author, u.Email, u.To = e.Name, e.Author.Name, e.Author.Email, slices.Clone(e.To)
	u.Changes = changes(e)
	if about {
		u.About = root.Suffix()
		if _, gone := inc.Retraction(root); gone && e.Kind != incident.Retracted {
			u.Original, u.Text, u.Withdrawn = u.Text, "", true // a withdrawn correction
		}
	}
	return u, true
}

func attachments(e incident.Entry) []Attachment {
	var list []Attachment
	for _, a := range e.Attachments {
		list = append(list, Attachment{a.Name, "attachments/" + a.File, a.Size, a.SHA256})
	}
	return list
}

// changes are the facts that an entry states, in words.
func changes(e incident.Entry) []Change {
	var list []Change
	add := func(fact, value string) {
		if value != "" {
			list = append(list, Change{fact, value})
		}
	}
	add("title", e.Title)
	add("headline", e.Headline)
	if e.Severity != 0 {
		add("severity", e.Severity.String())
	}
	if e.Impact != 0 {
		add("impact", e.Impact.String())
	}
	for _, c := range e.Components {
		add(c.Name, c.State.Words())
	}
	if !e.Started.IsZero() {
		add("started", e.Started.UTC().Format(time.RFC3339))
	}
	if e.Customers != nil {
		add("customers", strconv.Itoa(*e.Customers))
	}
	if e.Share != nil {
		add("share", fmt.Sprintf("%g%%", *e.Share))
	}
	add("tags", strings.Join(e.Tags, ", "))
	add(e.Role, e.Holder)
	return list
}
