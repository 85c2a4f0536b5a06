package page

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
	"incident/templates"
)

// sheet is what the template of one page receives. All of it is ready to be shown.
type sheet struct {
	Kind, Title, Root string
	Site              *Site
	W                 Words
	Internal          bool
	Updated           *moment
	Verdict           stateText
	Open, List        []card
	Groups            []groupCard
	Recent, Months    []listed
	Incident          card
	Component         bars
	Feeds             []feedLink
	API               string
}

type (
	moment    struct{ ISO, Text string }
	stateText struct {
		State       view.State
		Shape, Text string
	}
	card struct {
		Path, Name, Span, Affects, Standing, PromiseLead string
		Promise                                          *moment
		Updates                                          []updateCard
	}
	updateCard struct {
		ID, Tag, Mark, By string
		When              *moment
		HTML              template.HTML
		Facts             []string
	}
	groupCard struct {
		Name       string
		State      stateText
		Components []bars
	}
	bars struct {
		Name, Description, Link, Uptime, Label, Ago, Today, Summary string
		State                                                       stateText
		Bars                                                        []bar
		Problems                                                    []string
	}
	bar struct {
		State int
		D     string // of all days in that state, as one path
	}
	feedLink struct{ Name, Title, Type, Path string }
	listed   struct {
		Date, ISO string
		Incidents []card
	}
)

// writer makes the files of one site.
type writer struct {
	*Site
	tmpl *template.Template
	text *markdown.Reader
}

func newWriter(s *Site) (*writer, error) {
	tmpl, err := template.New("").ParseFS(templates.Page, "page/page.html")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	return &writer{s, tmpl, markdown.New()}, nil
}

func addPages(w *writer, files Files) error {
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	files["style.css"] = css
	home, err := w.home()
	if err != nil {
		return err
	}
	if err := w.write(files, "index.html", home); err != nil {
		return err
	}
	for _, i := range w.Incidents {
		c, err := w.card(i, "../", true)
		if err != nil {
			return err
		}
		if err := w.write(files, i.Path(), sheet{Kind: "incident", Title: c.Name, Incident: c}); err != nil {
			return err
		}
	}
	for _, c := range w.AllComponents() {
		sh := sheet{Kind: "component", Title: c.Name, Component: w.bars(c, "../")}
		for _, i := range c.Incident {
			sh.List = append(sh.List, w.brief(i, "../"))
		}
		if err := w.write(files, c.Path, sh); err != nil {
			return err
		}
	}
	if err := w.write(files, "history.html", w.history()); err != nil {
		return err
	}
	return w.write(files, "404.html", sheet{Kind: "missing", Title: w.Words.Say("not_found")})
}

func (w *writer) write(files Files, path string, sh sheet) error {
	sh.Site, sh.W, sh.Root = w.Site, w.Words, strings.Repeat("../", strings.Count(path, "/"))
	sh.Title = markdown.Safe(sh.Title) + " · " + markdown.Safe(w.Name)
	sh.Internal = w.Audience.String() != "customer"
	if at := w.Site.Updated(); !at.IsZero() {
		sh.Updated = w.moment(at, true)
	}
	sh.Feeds, sh.API = w.feedLinks(path, sh.Root), sh.Root+"api/v2/summary.json"
	var b bytes.Buffer
	if err := w.tmpl.ExecuteTemplate(&b, "page", sh); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrInput, path, err)
	}
	files[path] = b.Bytes()
	return nil
}

// feedLinks are the feeds that belong to a page: its own where it is one of a component, else those of everything.
func (w *writer) feedLinks(path, root string) []feedLink {
	if w.Address == "" {
		return nil
	}
	name := "updates"
	if strings.HasPrefix(path, "components/") {
		name = strings.TrimSuffix(path, ".html")
	}
	var list []feedLink
	for _, f := range []feedLink{{"Atom", "", "application/atom+xml", ".atom"}, {"RSS", "", "application/rss+xml", ".rss"}, {"JSON Feed", "", "application/feed+json", ".json"}} {
		f.Title, f.Path = w.Words.Say("updates")+" ("+f.Name+")", root+name+f.Path
		list = append(list, f)
	}
	return list
}

func (w *writer) moment(t time.Time, day bool) *moment {
	text := clock(t, w.Zone)
	if day {
		text = w.Words.Day(t.In(w.Zone)) + ", " + text
	}
	return &moment{t.UTC().Format(time.RFC3339), text}
}

var shapes = [...]string{"●", "●", "◆", "▼", "▲", "■"}

func (w *writer) state(s view.State) stateText {
	return stateText{s, shapes[s], w.Words.Say("state_" + s.String())}
}

func (w *writer) home() (sheet, error) {
	sh := sheet{Kind: "home"}
	for _, g := range w.Groups {
		card := groupCard{Name: markdown.Safe(g.Name), State: w.state(g.State)}
		for _, c := range g.Components {
			card.Components = append(card.Components, w.bars(c, ""))
		}
		sh.Groups = append(sh.Groups, card)
	}
	for _, i := range w.Site.Open() {
		c, err := w.card(i, "", !w.sameDay(i.Started, w.AsOf))
		if err != nil {
			return sheet{}, err
		}
		sh.Open = append(sh.Open, c)
	}
	worst, verdict := w.Site.Verdict()
	sh.Verdict = w.state(worst)
	sh.Verdict.Text = markdown.Safe(verdict)
	sh.Title = sh.Verdict.Text
	today := w.AsOf.In(w.Zone)
	for n := range 14 {
		day := time.Date(today.Year(), today.Month(), today.Day()-n, 0, 0, 0, 0, w.Zone)
		l := listed{Date: w.Words.Day(day), ISO: day.Format(time.DateOnly)}
		for _, i := range w.Incidents {
			if w.sameDay(i.Started, day) {
				l.Incidents = append(l.Incidents, w.brief(i, ""))
			}
		}
		sh.Recent = append(sh.Recent, l)
	}
	return sh, nil
}

func (w *writer) sameDay(a, b time.Time) bool {
	return a.In(w.Zone).Format(time.DateOnly) == b.In(w.Zone).Format(time.DateOnly)
}

func (w *writer) history() sheet {
	sh := sheet{Kind: "history", Title: w.Words.Say("history")}
	for _, i := range w.Incidents {
		at := i.Started.In(w.Zone)
		name := fmt.Sprintf("%s %d", w.Words.Month(at), at.Year())
		if n := len(sh.Months); n == 0 || sh.Months[n-1].Date != name {
			sh.Months = append(sh.Months, listed{Date: name})
		}
		last := &sh.Months[len(sh.Months)-1]
		last.Incidents = append(last.Incidents, w.brief(i, ""))
	}
	return sh
}

// brief is an incident in a list.
func (w *writer) brief(i *Incident, root string) card {
	c := card{Path: root + i.Path(), Name: markdown.Safe(i.Headline)}
	from := w.moment(i.Started, true).Text
	if i.Over && !i.ResolvedAt.IsZero() {
		c.Span = w.Words.Say("lasted", "duration", w.Words.Duration(i.ResolvedAt.Sub(i.Started)), "from", from, "to", w.moment(i.ResolvedAt, !w.sameDay(i.Started, i.ResolvedAt)).Text)
	} else {
		c.Span = w.Words.Say("since", "time", from)
	}
	return c
}

func (w *writer) card(i *Incident, root string, days bool) (card, error) {
	c := w.brief(i, root)
	c.Standing = w.Words.Say("status_" + i.Status.String())
	var names []string
	for _, k := range i.Components {
		names = append(names, markdown.Safe(k.Name))
	}
	if len(names) > 0 {
		c.Affects = w.Words.Say("affects", "what", strings.Join(names, ", "))
	}
	if by := i.Promise(); !by.IsZero() {
		c.Promise, c.PromiseLead = w.moment(by, !w.sameDay(by, w.AsOf)), w.Words.Say("next_update")
		if by.Before(w.AsOf) {
			c.PromiseLead = w.Words.Say("was_due")
		}
	}
	for _, u := range i.Updates {
		card, err := w.update(u, days || !w.sameDay(u.At, w.AsOf))
		if err != nil {
			return c, err
		}
		c.Updates = append(c.Updates, card)
	}
	return c, nil
}

func (w *writer) update(u Update, day bool) (updateCard, error) {
	c := updateCard{ID: u.ID, Tag: w.Words.Say("status_" + u.Status), When: w.moment(u.At, day), By: markdown.Safe(u.Author)}
	text := u.Text
	switch {
	case u.Withdrawn:
		c.Mark, text = w.Words.Say("withdrawn_at", "time", clock(u.WithdrawnAt, w.Zone)), w.Words.Say("withdrawn")
	case u.Corrected:
		c.Mark = w.Words.Say("corrected", "time", clock(u.CorrectedAt, w.Zone))
	case u.Generated:
		c.Mark = w.Words.Say("from_record")
	}
	for _, f := range u.Changes {
		c.Facts = append(c.Facts, markdown.Safe(f.Fact+": "+f.Value))
	}
	var err error
	c.HTML, err = w.text.HTML(text)
	return c, err
}

func (w *writer) bars(c *ComponentState, root string) bars {
	name := markdown.Safe(c.Name)
	b := bars{
		Name: name, Description: markdown.Safe(c.Description), Link: root + c.Path, State: w.state(c.State),
		Uptime: w.Words.Say("uptime", "percent", percent(c.Uptime)), Ago: w.Words.Say("days_ago"), Today: w.Words.Say("today"),
	}
	paths := map[view.State]*strings.Builder{}
	for n, d := range c.Days {
		p := paths[d.Worst]
		if p == nil {
			p = &strings.Builder{}
			paths[d.Worst] = p
		}
		fmt.Fprintf(p, "M%d 0h4v28h-4z", n*6)
		problem := []any{"date", w.Words.Day(d.Date), "state", w.Words.Say("state_" + d.Worst.String())}
		switch {
		case d.Worst == operational:
		case !d.Since.IsZero():
			b.Problems = append(b.Problems, w.Words.Say("day_since", append(problem, "since", w.moment(d.Since, !w.sameDay(d.Since, d.Date)).Text)...))
		default:
			b.Problems = append(b.Problems, w.Words.Say("day_entry", append(problem, "duration", w.Words.Duration(d.Hit))...))
		}
	}
	for s := operational; s <= majorOutage; s++ {
		if p := paths[s]; p != nil {
			b.Bars = append(b.Bars, bar{int(s), p.String()})
		}
	}
	slices.Reverse(b.Problems)
	b.Label = w.Words.Say("bars_none", "name", name)
	if n := len(b.Problems); n > 0 {
		b.Label, b.Summary = w.Words.Count("bars", n, "name", name), w.Words.Count("days_list", n)
	}
	return b
}

// percent is never rounded up to 100, which would hide an outage.
func percent(p float64) string {
	if p >= 100 {
		return "100"
	}
	return fmt.Sprintf("%.2f", min(p, 99.99))
}
