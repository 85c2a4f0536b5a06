package page

import (
	"cmp"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

// maxItems is how many of the newest items a feed holds.
const maxItems = 100

// item is one thing that was told. It never changes: a correction and a withdrawal are items of their own, and what they
// are about is no longer listed.
type item struct {
	id     string    // "20261123-7k3fqd/p9c4we"
	opened time.Time // the incident
	first  time.Time // of an item for a whole incident: when readers first heard of it
	at     time.Time
	title  string
	html   template.HTML
	text   string
	path   string // from the top of the site
	parts  []string
}

// items are those of some incidents, newest first.
func (w *writer) items(incidents []*Incident) ([]item, error) {
	var all []item
	for _, i := range incidents {
		list, err := w.itemsOf(i)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.id, a.id)) })
	return all[:min(len(all), maxItems)], nil
}

// itemsOf are those of one incident. They are made once: the feeds of several components tell them.
func (w *writer) itemsOf(i *Incident) ([]item, error) {
	if list, made := w.itemed[i]; made {
		return list, nil
	}
	t, err := w.tell(i)
	if err != nil {
		return nil, err
	}
	var list []item
	for _, u := range t.Updates {
		if _, tells := u.item(); !tells {
			continue
		}
		one, err := w.item(i, u)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	for _, p := range t.Postmortems {
		text, err := w.docs.HTML(p.Text)
		if err != nil {
			return nil, err
		}
		list = append(list, item{
			id: i.ID + "/" + p.ID, opened: i.Opened, at: p.At, path: i.Path() + "#postmortem", html: text, text: w.docs.Text(p.Text),
			title: w.Words.Say("title_postmortem") + ": " + w.postmortemName(i, t, p),
		})
	}
	w.itemed[i] = list
	return list, nil
}

// item is when an update became news, and whether it is told as one: of a correction and a withdrawal the update tells that
// they are about.
func (u Update) item() (at time.Time, tells bool) {
	switch {
	case u.About != "":
		return time.Time{}, false
	case u.Withdrawn:
		return u.WithdrawnAt, true
	case u.Corrected:
		return u.CorrectedAt, true
	}
	return u.At, true
}

func (w *writer) item(i *Incident, u Update) (item, error) {
	at, _ := u.item()
	one := item{id: u.ID, opened: i.Opened, at: at, path: i.Path() + "#u-" + u.ID, title: w.Words.Say("status_" + u.Then.Status.String())}
	said := u.Text
	switch {
	case u.Withdrawn:
		one.id, one.title, said = u.ID+"-"+u.WithdrawnBy, w.Words.Say("title_withdrawn"), w.Words.Say("withdrawn")
	case u.Corrected:
		one.id, one.title = u.ID+"-"+u.CorrectedBy, w.Words.Say("title_corrected")
	}
	one.id = i.ID + "/" + one.id
	one.title += ": " + w.headline(u.Then.Headline, u.Then.Named, u.Then.Hit)
	for _, c := range u.Then.Components {
		one.parts = append(one.parts, markdown.Safe(c.Name))
	}
	for _, f := range u.Changes {
		said += "\n\n" + markdown.Literal(f.Fact+": "+f.Value)
	}
	if !u.Next.IsZero() && !u.Withdrawn {
		said += "\n\n" + markdown.Literal(w.Words.Say("next_update")+" "+w.moment(u.Next, true).Text)
	}
	var err error
	one.html, err = w.text.HTML(said)
	one.text = w.text.Text(said)
	return one, err
}

// postmortemName is the headline of an incident when its postmortem was published.
func (w *writer) postmortemName(i *Incident, t *told, p view.Postmortem) string {
	name := i.Headline
	for _, m := range t.Moves {
		if !m.At.After(p.At) {
			name = w.headline(m.Then.Headline, m.Then.Named, m.Then.Hit)
		}
	}
	return name
}

// address is that of a path of the site on the web.
func (s *Site) address(path string) string {
	return s.Address + "/" + strings.TrimPrefix(path, "index.html")
}

// tag names something for ever, by RFC 4151: the host of the page with a day on which it had that, and what it names.
func (s *Site) tag(day time.Time, what string) string {
	host := "localhost"
	if u, err := url.Parse(s.Address); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "tag:" + host + "," + day.UTC().Format(time.DateOnly) + ":" + what
}
