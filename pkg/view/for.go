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
	v := facts(inc, a)
	if v.Visible {
		for _, m := range inc.StatesFor(a) {
			v.States = append(v.States, StateMove(m))
		}
		v.Promises = promises(inc, a)
		then := inc.Standings(a)
		v.Moves, v.Updates = moves(inc, then), updates(inc, a, then)
	}
	return v
}

// Words is the part of a view that somebody looks for words in, made in less time: all but the states of components,
// promises, moves and updates, and apart from it what the updates say.
func Words(inc incident.Incident, a Audience) (View, []Said) {
	v := facts(inc, a)
	if !v.Visible {
		return v, nil
	}
	return v, said(inc, a)
}

// facts are all of a view that is not told step by step.
func facts(inc incident.Incident, a Audience) View {
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
	v.Headline, v.Named, v.Hit = inc.Headline(), inc.Named(), inc.Hit()
	v.Status, v.Since = inc.Status, inc.Since
	v.Impact = inc.Impact
	v.Opened, v.Started, v.Confirmed = inc.Opened, inc.Started, inc.Confirmed
	v.ResolvedAt, v.ClosedAt = inc.ResolvedAt, inc.ClosedAt
	v.Components, v.Roles = inc.ComponentsFor(a), inc.RolesFor(a)
	if a.Sees(incident.Stakeholder) {
		v.Severity = inc.Severity
		v.Customers, v.Share = clone(inc.Customers), clone(inc.Share)
	}
	v.Postmortems = postmortems(inc, a)
	if a.Sees(incident.Internal) {
		v.Actions = actions(inc, a)
		v.Tags = tags(inc, a)
		if a.Sees(inc.CauseAudience) {
			v.Cause = inc.Cause
		}
		v.Anomalies = anomalies(inc, a)
	}
	return v
}

// said are the texts of those updates that have one now, in their order.
func said(inc incident.Incident, a Audience) []Said {
	list := make([]Said, 0, len(inc.Timeline))
	warRoom := a.Sees(incident.Internal)
	for _, e := range inc.Timeline {
		if !a.Sees(e.Audience) || !warRoom && !publishable(inc, e) {
			continue
		}
		text, ok := textNow(inc, e)
		if root, about := inc.Root(e); about && e.Kind != incident.Retracted {
			_, gone := inc.Retraction(root)
			ok = ok && !gone
		}
		if ok && text != "" {
			list = append(list, Said{e.Audience, e.Happened(), text})
		}
	}
	slices.SortStableFunc(list, func(x, y Said) int { return x.At.Compare(y.At) })
	return list
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// postmortems are those that the audience may read, as they read now, without those that were withdrawn.
func postmortems(inc incident.Incident, a Audience) []Postmortem {
	var list []Postmortem
	for _, p := range inc.Published {
		if text, ok := words(inc, p.Entry); ok && a.Sees(p.Audience) {
			list = append(list, Postmortem{incident.Entry{Name: p.Entry}.Suffix(), p.At, p.Audience, text})
		}
	}
	return list
}

// actions are those whose words the audience may read, without those that were withdrawn.
func actions(inc incident.Incident, a Audience) []Action {
	var list []Action
	for _, i := range inc.Actions {
		text, ok := words(inc, i.Entry)
		if !ok || !a.Sees(i.Audience) {
			continue
		}
		item := Action{
			ID: incident.Entry{Name: i.Entry}.Suffix(), Text: text, Owner: i.Owner, Due: i.Due, For: i.For, Link: i.Link, State: i.State.String(),
			Added: i.Added, Settled: i.Settled,
		}
		if by, ok := inc.Entry(i.By); ok && a.Sees(by.Audience) {
			item.Reason, _ = words(inc, i.By)
		}
		list = append(list, item)
	}
	return list
}

// words are the text of an entry as it reads now; false where it was withdrawn.
func words(inc incident.Incident, name string) (string, bool) {
	e, _ := inc.Entry(name)
	return textNow(inc, e)
}

func textNow(inc incident.Incident, e incident.Entry) (string, bool) {
	if _, gone := inc.Retraction(e); gone {
		return "", false
	}
	if now, ok := inc.Correction(e); ok {
		return now.Text, true
	}
	return e.Text, true
}

// tags are words of the entries that set them.
func tags(inc incident.Incident, a Audience) []string {
	var list []string
	seen := map[string]bool{}
	for _, e := range inc.Timeline {
		for _, t := range e.Tags {
			if key := strings.ToLower(t); a.Sees(e.Audience) && !seen[key] {
				seen[key] = true
				list = append(list, t)
			}
		}
	}
	return list
}

// anomalies tells what is wrong with an entry to those who may read that; of one that could not be read,
// nobody knows for whom it was.
func anomalies(inc incident.Incident, a Audience) []Anomaly {
	var list []Anomaly
	for _, p := range inc.Anomalies {
		problem := "engineers can see what is wrong with it"
		if e, _ := inc.Entry(p.Entry); a == incident.Technical || a.Sees(e.Audience) && e.Kind != incident.Unreadable {
			problem = strings.ReplaceAll(p.Err.Error(), "\n", "; ")
		}
		list = append(list, Anomaly{p.Entry, problem})
	}
	return list
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

// moves are those of the status, whoever their words were for.
func moves(inc incident.Incident, then []incident.Standing) []Move {
	list, left := slices.Grow([]Move(nil), len(inc.Moves)), inc.Moves
	for n, e := range inc.Timeline {
		for ; len(left) > 0 && left[0].Entry == e.Name; left = left[1:] {
			list = append(list, Move{e.Suffix(), left[0].At, left[0].Status, Standing(then[n])})
		}
	}
	return list
}

// updates are the entries that the audience may read, in the order things happened.
func updates(inc incident.Incident, a Audience, then []incident.Standing) []Update {
	var list []Update
	for n, e := range inc.Timeline {
		switch {
		case !a.Sees(e.Audience):
			continue
		case a.Sees(incident.Internal):
			if list == nil { // nearly all the rest: they are large, and to grow would copy them again and again
				list = make([]Update, 0, len(inc.Timeline)-n)
			}
			list = append(list, forWarRoom(inc, e, a))
		case publishable(inc, e):
			list = append(list, update(inc, e))
		default:
			continue
		}
		list[len(list)-1].Then = Standing(then[n])
	}
	slices.SortStableFunc(list, func(x, y Update) int { return x.At.Compare(y.At) })
	return list
}

// publishable reports whether people outside the war room read an entry as an update of its own. They do
// not read why words were withdrawn; a correction they read in its place, facts alone in the view itself.
func publishable(inc incident.Incident, e incident.Entry) bool {
	_, about := inc.Root(e)
	return !about && e.Kind != incident.Retracted && e.Kind != incident.Published && e.Kind != incident.Action && e.Kind != incident.Waived && e.Unusable() == nil && (e.Text != "" || len(e.Attachments) > 0)
}

// update is one entry as it reads now: what was corrected or withdrawn is not in it.
func update(inc incident.Incident, e incident.Entry) Update {
	u := Update{
		ID: e.Suffix(), At: e.Happened(), Recorded: e.Recorded(), Kind: e.Kind.String(), Audience: e.Audience,
		Status: inc.Became(e), Text: e.Text, Next: e.Promise(), Attachment: attachments(e),
	}
	u.Early = !inc.Opened.IsZero() && u.At.Before(inc.Opened)
	if now, ok := inc.Correction(e); ok {
		u.Corrected, u.CorrectedAt, u.CorrectedBy, u.Text = true, now.Happened(), now.Suffix(), now.Text
		u.Attachment = append(u.Attachment, attachments(now)...)
		if by := now.Promise(); !by.IsZero() || !u.Next.After(u.CorrectedAt) { // what had passed by then is promised no more
			u.Next = by
		}
	}
	if gone, ok := inc.Retraction(e); ok {
		u.withdraw(gone)
	}
	return u
}

func (u *Update) withdraw(gone incident.Entry) {
	u.Withdrawn, u.WithdrawnAt, u.WithdrawnBy = true, gone.Happened(), gone.Suffix()
	u.Text, u.Next, u.Attachment = "", time.Time{}, nil
}

// forWarRoom adds to an update what only the people working on the incident see: who wrote it, its facts,
// and what it said before it was corrected or withdrawn.
func forWarRoom(inc incident.Incident, e incident.Entry, a Audience) Update {
	u := update(inc, e)
	u.Entry, u.Author, u.Email, u.To = e.Name, e.Author.Name, e.Author.Email, slices.Clone(e.To)
	u.Changes, u.Because = append(changes(e), acknowledged(inc, e, a)...), e.Next.Because
	for _, s := range inc.SeenBy(e) {
		u.Seen = append(u.Seen, Seen{s.By.Name, slices.Clone(s.As), s.At})
	}
	u.Unseen = inc.Unseen(e)
	for _, a := range e.Accepted {
		u.Accepted = append(u.Accepted, Accepted(a))
	}
	if root, ok := inc.Root(e); ok {
		u.About, u.Repeats = root.Suffix(), e.Corrects == "" && e.Retracts == ""
		if gone, ok := inc.Retraction(root); ok && e.Kind != incident.Retracted {
			u.withdraw(gone)
		}
	}
	if u.Corrected || u.Withdrawn {
		u.Original = e.Text
	}
	return u
}

func attachments(e incident.Entry) []Attachment {
	var list []Attachment
	for _, a := range e.Attachments {
		if a.Plain() {
			list = append(list, Attachment{a.Name, "attachments/" + a.File, a.Size, a.SHA256})
		}
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
	add("cause", e.Cause)
	add(e.Role, e.Holder)
	return list
}

// acknowledged tells which notes an entry says were seen, those that the audience may know of, and for whom.
func acknowledged(inc incident.Incident, e incident.Entry, a Audience) []Change {
	var list []Change
	for _, name := range e.Acks {
		if note, ok := inc.Entry(name); ok && a.Sees(note.Audience) {
			list = append(list, Change{"seen", note.Suffix()})
		}
	}
	if len(list) > 0 && len(list) == len(e.Acks) {
		list = append(list, Change{"for", strings.Join(e.As, ", ")})
	}
	return list
}
