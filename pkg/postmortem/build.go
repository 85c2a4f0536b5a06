package postmortem

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/pattern"
	"incident/pkg/view"
	"incident/pkg/when"
)

// builder makes the data of a template. It takes what is told to customers from their view, and the rest
// from the view of those who see everything.
type builder struct {
	clock
	inc       incident.Incident
	team      view.View
	customer  view.View
	usable    map[string]bool // the names of entries that count
	anomalies map[string]bool // the names of entries that have one
	now       time.Time
}

func dataOf(in Input) Data {
	inc := in.Incident
	b := builder{
		clock: newClock(in.Zone, inc.Started), inc: inc, now: in.Now,
		team: view.For(inc, incident.Technical), customer: view.For(inc, incident.Customer),
		usable: map[string]bool{}, anomalies: map[string]bool{},
	}
	for _, p := range inc.Anomalies {
		b.anomalies[p.Entry] = true
	}
	applied := b.applied()
	d := Data{
		Drafted: b.at(in.Now), Zone: b.name(),
		ID: inline(inc.ID), PublicID: inline(inc.PublicID), Title: inline(inc.Title), Headline: inline(inc.Headline()),
		Public: b.customer.Visible, Tags: inline(strings.Join(inc.Tags, ", ")), Cause: inline(inc.Cause), Status: inc.Status.String(), Since: b.at(inc.Since), Over: inc.Status.Over(),
		Opened: b.at(inc.Opened), Started: b.at(inc.Started), Confirmed: inc.Confirmed,
		Resolved: b.at(inc.ResolvedAt), Closed: b.at(inc.ClosedAt),
		Parts: b.parts(applied), Figures: b.figures(),
		Summary: b.summary(), Told: b.told(applied),
		Moves: b.moves(), Roles: b.roles(applied), Promises: b.promises(),
		Attachments: b.attachments(applied), Entries: len(inc.Timeline),
	}
	d.Name = d.Headline
	if !d.Public && d.Title != "" {
		d.Name = d.Title
	}
	if inc.Severity != 0 {
		d.Severity = inc.Severity.String()
	}
	if inc.Impact != 0 {
		d.Impact = inc.Impact.String()
	}
	if inc.Customers != nil {
		d.Customers = strconv.Itoa(*inc.Customers)
	}
	if inc.Share != nil {
		d.Share = fmt.Sprintf("%g%%", *inc.Share)
	}
	if in.Deadline > 0 {
		d.Deadline = when.FormatDuration(in.Deadline)
		if !inc.ResolvedAt.IsZero() {
			d.Due = b.at(inc.ResolvedAt.Add(in.Deadline))
		}
	}
	d.Periods, d.Lasted = b.periods()
	d.Watched = b.watched()
	d.Days = b.days()
	d.Others = b.others(d.Roles)
	d.Actions = b.actions()
	for _, p := range inc.Anomalies {
		problem := strings.ReplaceAll(p.Err.Error(), "\n", "; ") // errors that were joined
		d.Anomalies = append(d.Anomalies, Anomaly{inline(p.Entry), entryLink(p.Entry), inline(problem)})
	}
	return d
}

// applied are the entries that count, as the fold takes them: those that can be used, without retries.
func (b *builder) applied() []incident.Entry {
	var list []incident.Entry
	keyed := map[string][]incident.Entry{}
	for _, e := range b.inc.Timeline {
		if e.Unusable() != nil {
			continue
		}
		if e.Key != "" {
			if slices.ContainsFunc(keyed[e.Key], func(first incident.Entry) bool { return incident.SameContent(first, e) }) {
				continue
			}
			keyed[e.Key] = append(keyed[e.Key], e)
		}
		b.usable[e.Name] = true
		list = append(list, e)
	}
	return list
}

// withdrawn reports whether the words of e were, with those that it corrects.
func (b *builder) withdrawn(e incident.Entry) bool {
	_, gone := b.inc.Retraction(e)
	if root, ok := b.inc.Root(e); ok && !gone && e.Kind != incident.Retracted {
		_, gone = b.inc.Retraction(root)
	}
	return gone
}

// parts are the components in the order in which they were named, each in its worst state.
func (b *builder) parts(applied []incident.Entry) []Part {
	var worst []incident.Component
	for _, e := range applied {
		for _, c := range e.Components {
			known := slices.ContainsFunc(b.inc.Components, func(k incident.Component) bool { return strings.EqualFold(k.Name, c.Name) })
			if !known || c.State > incident.MajorOutage { // of an entry whose facts cannot be
				continue
			}
			i := slices.IndexFunc(worst, func(w incident.Component) bool { return strings.EqualFold(w.Name, c.Name) })
			if i < 0 {
				worst = append(worst, c)
			} else {
				worst[i].State = max(worst[i].State, c.State)
			}
		}
	}
	return partsOf(worst)
}

func partsOf(list []incident.Component) []Part {
	var parts []Part
	for _, c := range list {
		parts = append(parts, Part{inline(c.Name), c.State.Words()})
	}
	return parts
}

// periods are the times in which it went on, and how long they took together.
func (b *builder) periods() ([]Period, string) {
	var list []Period
	var sum time.Duration
	sound := true
	from := b.team.Started
	end := func(to time.Time, ongoing bool) {
		p := Period{From: b.at(from), To: b.at(to), Lasted: lasted(from, to), Ongoing: ongoing}
		if ongoing {
			p.To = Moment{}
		}
		if p.Lasted == "" {
			sound = false
		}
		sum += to.Sub(from)
		list = append(list, p)
		from = time.Time{}
	}
	for _, m := range b.team.Moves {
		switch {
		case m.Status.Over() && !from.IsZero():
			end(m.At, false)
		case !m.Status.Over() && from.IsZero():
			from = m.At
		}
	}
	if !from.IsZero() {
		end(b.now, true)
	}
	if !sound || len(list) == 0 {
		return list, ""
	}
	return list, when.FormatDuration(sum)
}

// watched is since when the last repair was in place and only watched; zero where it went otherwise.
func (b *builder) watched() Moment {
	moves := slices.DeleteFunc(slices.Clone(b.team.Moves), func(m view.Move) bool { return m.Status.Over() })
	if n := len(moves); n > 0 && moves[n-1].Status == incident.Monitoring {
		return b.at(moves[n-1].At)
	}
	return Moment{}
}

func (b *builder) figures() Figures {
	var f Figures
	inc := b.inc
	if inc.Confirmed {
		f.Noticed = lasted(inc.Started, inc.Opened)
	}
	f.FirstWord = lasted(inc.Started, inc.Words(incident.Customer).First)
	f.Resolved = lasted(inc.Started, inc.ResolvedAt)
	for _, m := range slices.Backward(b.team.Moves) { // the first counts
		switch m.Status {
		case incident.Identified:
			f.Identified = lasted(inc.Opened, m.At)
		case incident.Monitoring:
			f.Mitigated = lasted(inc.Started, m.At)
		}
	}
	return f
}

func (b *builder) moves() []Move {
	var list []Move
	for i, m := range b.team.Moves {
		row := Move{Status: m.Status.String(), At: b.at(m.At)}
		switch {
		case i+1 < len(b.team.Moves):
			row.Lasted = lasted(m.At, b.team.Moves[i+1].At)
		case !m.Status.Over():
			row.Lasted, row.Now = lasted(m.At, b.now), true
		}
		list = append(list, row)
	}
	return list
}

func (b *builder) roles(applied []incident.Entry) []Role {
	var list []Role
	for _, e := range applied {
		if e.Role != "" && (e.Kind == incident.Assigned || e.Kind == incident.Opened) {
			list = append(list, Role{inline(e.Role), inline(e.Holder), b.at(e.Happened())})
		}
	}
	return list
}

// others are those who wrote in the record and hold no role, each once.
func (b *builder) others(roles []Role) []string {
	known := map[string]bool{}
	for _, r := range roles {
		known[strings.ToLower(r.Holder)] = true
	}
	var list []string
	for _, u := range b.team.Updates {
		who := author(u.Author, u.Email)
		names := []string{who, inline(u.Email), inline(incident.Person{Name: u.Author, Email: u.Email}.String())}
		if slices.ContainsFunc(names, func(n string) bool { return known[strings.ToLower(n)] }) {
			continue
		}
		known[strings.ToLower(who)] = true
		list = append(list, who)
	}
	return list
}

// actions are what limits the next one, what was dropped last.
func (b *builder) actions() []Action {
	var list, dropped []Action
	for _, a := range b.team.Actions {
		row := Action{What: inline(a.Text), Kind: inline(a.For), Owner: inline(a.Owner), Link: inline(a.Link), URL: webAddress(a.Link), State: a.State, Reason: inline(a.Reason)}
		if !a.Due.IsZero() {
			row.Due = a.Due.Format(longDate)
		}
		if a.State == incident.ActionDropped.String() {
			dropped = append(dropped, row)
		} else {
			list = append(list, row)
		}
	}
	return append(list, dropped...)
}

// webAddress spells an address for the place of a link in Markdown, "" for what is none.
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return ""
	}
	return inline(strings.NewReplacer("(", "%28", ")", "%29", " ", "%20").Replace(u.String()))
}

func author(name, email string) string {
	switch {
	case name != "":
		return inline(name)
	case email != "":
		return inline(email)
	default:
		return "somebody"
	}
}

func (b *builder) promises() []Kept {
	var list []Kept
	for _, p := range b.team.Promises {
		if p.Audience != incident.Customer && p.Kept+p.Late > 0 {
			list = append(list, Kept{p.Audience.Readers(), p.Kept, p.Late})
		}
	}
	return list
}

// attachments are the files that came with entries, each once, without those that were withdrawn.
func (b *builder) attachments(applied []incident.Entry) []Attachment {
	var list []Attachment
	for _, e := range applied {
		if b.withdrawn(e) {
			continue
		}
		for _, a := range e.Attachments {
			if !a.Plain() {
				continue
			}
			row := Attachment{
				Name: inline(a.Name), Size: size(a.Size), SHA256: inline(a.SHA256),
				At: b.at(e.Happened()), Who: author(e.Author.Name, e.Author.Email), For: e.Audience.Readers(),
			}
			if filePattern.MatchString(a.File) {
				row.Link = "attachments/" + a.File
			}
			list = append(list, row)
		}
	}
	return list
}

var filePattern = pattern.New(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// entryLink is the file of an entry, from the incident's folder.
func entryLink(name string) string {
	if _, err := incident.ParseName(name); err != nil {
		return ""
	}
	return "timeline/" + name + ".md"
}

func size(n int64) string {
	switch {
	case n < 1<<10:
		return strconv.FormatInt(n, 10) + " B"
	case n < 1<<20:
		return strconv.FormatInt(n>>10, 10) + " KiB"
	default:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	}
}
