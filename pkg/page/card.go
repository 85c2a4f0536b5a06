package page

import (
	"fmt"
	"html/template"
	"path"
	"slices"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

type (
	moment    struct{ ISO, Text string }
	stateText struct {
		Number      int // 1 operational, 2 under maintenance, 3 degraded, 4 partial outage, 5 major outage
		Shape, Text string
	}
	card struct {
		Report, ReportText                                      string // where its postmortem is
		Path, Name, Span, Affects, Standing, PromiseLead, Shape string
		Number                                                  int // of the state that it is as bad as
		Promise                                                 *moment
		Updates                                                 []updateCard
		Postmortems                                             []postmortemCard // newest first
		Life                                                    template.HTML    // how it went, once it is over
	}
	updateCard struct {
		ID, Link, Tag, Mark, By string
		When                    *moment
		HTML                    template.HTML
		Facts                   []string
		Files                   []fileLink
	}
	postmortemCard struct {
		ID, Title, Said string
		Older           bool // a newer one has taken its place
		When            *moment
		HTML            template.HTML
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
	fileLink struct{ Name, Path string } // no path: it is only named
	feedLink struct{ Name, Title, Type, Path string }
	listed   struct {
		Date      string
		Incidents []card
	}
)

// file is the path of a file that came with an update, by where it is below the incident's folder.
func (i *Incident) file(below string) string {
	return "incidents/" + i.ID + "/" + path.Base(below)
}

// brief is an incident in a list.
func (w *writer) brief(i *Incident, root string) card {
	c := card{Path: root + i.Path(), Name: markdown.Safe(i.Headline)}
	from := w.moment(i.Started, true).Text
	if i.Over && i.Lasted > 0 {
		c.Span = w.Words.Say("lasted", "duration", w.Words.Duration(i.Lasted), "from", from, "to", w.moment(i.ResolvedAt, !w.sameDay(i.Started, i.ResolvedAt)).Text)
	} else {
		c.Span = w.Words.Say("since", "time", from)
	}
	if i.Reports > 0 {
		c.Report, c.ReportText = c.Path+"#postmortem", w.Words.Say("postmortem")
	}
	return c
}

func (w *writer) card(i *Incident, root string) (card, error) {
	c := w.brief(i, root)
	c.Number = int(i.amounts())
	c.Shape = shapes[c.Number]
	c.Standing = w.Words.Say("status_" + i.Status.String())
	var names []string
	for _, k := range i.Components {
		names = append(names, markdown.Safe(k.Name))
	}
	if len(names) > 0 {
		c.Affects = w.Words.Say("affects", "what", strings.Join(names, ", "))
	}
	if by := i.Promise; !by.IsZero() {
		c.Promise, c.PromiseLead = w.moment(by, !w.sameDay(by, i.Started)), w.Words.Say("next_update")
		if by.Before(w.AsOf) {
			c.PromiseLead = w.Words.Say("was_due")
		}
	}
	t, err := w.tell(i)
	if err != nil {
		return c, err
	}
	c.Life = w.life(i.Headline, t.View)
	if err := w.postmortems(t, &c); err != nil {
		return c, err
	}
	for _, u := range t.Updates {
		card, err := w.update(u, !w.sameDay(u.At, i.Started)) // the day of a time without one is that of the beginning
		if err != nil {
			return c, err
		}
		card.Link = "#u-" + u.ID
		for _, a := range u.Attachment {
			link := fileLink{Name: markdown.Safe(a.Name)}
			if slices.Contains(i.Files, a.Path) {
				link.Path = root + i.file(a.Path)
			}
			card.Files = append(card.Files, link)
		}
		if root == "" {
			card.Link = i.Path() + card.Link
		}
		c.Updates = append(c.Updates, card)
	}
	return c, nil
}

// postmortems are the published ones, the newest first.
func (w *writer) postmortems(t *told, c *card) error {
	for n, p := range slices.Backward(t.Postmortems) {
		text, err := w.docs.HTML(p.Text)
		if err != nil {
			return err
		}
		one := postmortemCard{ID: "postmortem", Title: w.Words.Say("postmortem"), Said: w.Words.Say("published"), When: w.moment(p.At, true), HTML: text}
		if n < len(t.Postmortems)-1 {
			one.ID, one.Title, one.Older = "postmortem-"+p.ID, w.Words.Say("postmortem_older"), true
		}
		c.Postmortems = append(c.Postmortems, one)
	}
	return nil
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
		Uptime: w.Words.Say("uptime", "percent", strings.Replace(percent(c.Uptime), ".", w.Words.Say("decimal"), 1)), Ago: w.Words.Say("days_ago"), Today: w.Words.Say("today"),
	}
	paths := map[view.State]*strings.Builder{}
	first, hit := "", 0 // the first of days that are alike; the days with a problem
	run := 0            // where the days of one state that go on began
	for n, d := range c.Days {
		if n+1 == len(c.Days) || c.Days[n+1].Worst != d.Worst {
			p := paths[d.Worst]
			if p == nil {
				p = &strings.Builder{}
				paths[d.Worst] = p
			}
			fmt.Fprintf(p, "M%d 14H%d", run*6, n*6+4) // a line with a dash for each day
			run = n + 1
		}
		day := w.Words.Day(d.Date)
		if whole(d) && n > 0 && whole(c.Days[n-1]) && c.Days[n-1].Worst == d.Worst { // one line for days that are alike
			b.Problems = b.Problems[:len(b.Problems)-1]
			day = w.Words.Say("date_range", "from", first, "to", day)
		} else {
			first = day
		}
		problem := []any{"date", day, "state", w.Words.Say("state_" + d.Worst.String())}
		if d.Worst > operational {
			hit++
		}
		switch {
		case d.Worst == operational:
		case whole(d):
			b.Problems = append(b.Problems, w.Words.Say("day_whole", problem...))
		default:
			b.Problems = append(b.Problems, w.problem(d, problem))
		}
	}
	for s := operational; s <= majorOutage; s++ {
		if p := paths[s]; p != nil {
			b.Bars = append(b.Bars, bar{int(s), p.String()})
		}
	}
	slices.Reverse(b.Problems)
	b.Label, b.Summary = w.Words.Say("bars_none", "name", name), w.Words.Say("days_list_none")
	if hit > 0 {
		b.Label, b.Summary = w.Words.Count("bars", hit, "name", name), w.Words.Count("days_list", hit)
	}
	return b
}

// problem tells of a day in which states a component was, the worst first, and for how long, or since when it still is.
func (w *writer) problem(d Day, problem []any) string {
	var told []string
	for s := majorOutage; s > operational; s-- {
		name := w.Words.Say("state_" + s.String())
		switch {
		case s == d.Now:
			since := w.moment(d.Since, !w.sameDay(d.Since, d.Date)).Text
			told = append(told, w.Words.Say("day_part_since", "state", name, "since", since))
		case d.In[s] > 0:
			told = append(told, w.Words.Say("day_part", "state", name, "duration", w.Words.Duration(d.In[s])))
		}
	}
	return w.Words.Say("day_parts", append(problem, "parts", strings.Join(told, "; "))...)
}

// whole reports whether a component was in one state for all of a day, and did not work in it.
func whole(d Day) bool {
	return d.Worst > operational && d.Since.IsZero() && d.In[d.Worst] >= 23*time.Hour
}

// percent is never rounded up to 100, which would hide an outage.
func percent(p float64) string {
	if p >= 100 {
		return "100"
	}
	return fmt.Sprintf("%.2f", min(p, 99.99))
}
