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
		for _, u := range i.Updates {
			if u.About != "" {
				continue // the update that it is about tells what became of it
			}
			one, err := w.item(i, u)
			if err != nil {
				return nil, err
			}
			all = append(all, one)
		}
	}
	for _, i := range incidents {
		for _, p := range i.Postmortems {
			text, err := w.docs.HTML(p.Text)
			if err != nil {
				return nil, err
			}
			all = append(all, item{
				id: i.ID + "/" + p.ID, opened: i.Opened, at: p.At, path: i.Path() + "#postmortem", html: text, text: w.docs.Text(p.Text),
				title: w.Words.Say("title_postmortem") + ": " + w.postmortemName(i, p),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b item) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.id, a.id)) })
	return all[:min(len(all), maxItems)], nil
}

func (w *writer) item(i *Incident, u Update) (item, error) {
	one := item{id: u.ID, opened: i.Opened, at: u.At, path: i.Path() + "#u-" + u.ID, title: w.Words.Say("status_" + u.Then.Status.String())}
	said := u.Text
	switch {
	case u.Withdrawn:
		one.id, one.at, one.title, said = u.ID+"-"+u.WithdrawnBy, u.WithdrawnAt, w.Words.Say("title_withdrawn"), w.Words.Say("withdrawn")
	case u.Corrected:
		one.id, one.at, one.title = u.ID+"-"+u.CorrectedBy, u.CorrectedAt, w.Words.Say("title_corrected")
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
func (w *writer) postmortemName(i *Incident, p view.Postmortem) string {
	name := i.Headline
	for _, m := range i.Moves {
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
