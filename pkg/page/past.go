package page

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"sync"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

// maxPast is how many of the newest incidents the history feeds and the lists for other programs hold, as at Statuspage.
const maxPast = 50

// addHistory adds the feeds with one item for each incident, under the names and in the structure of those of
// Statuspage, whose readers look for them.
func addHistory(w *writer) {
	newest := w.Incidents[:min(len(w.Incidents), maxPast)]
	key := w.key("history feed", versions(newest)+w.ifEmpty(newest))
	items := sync.OnceValues(func() ([]item, error) {
		var list []item
		for _, i := range newest {
			one, err := w.past(i)
			if err != nil {
				return nil, err
			}
			list = append(list, one)
		}
		return list, nil
	})
	with := func(form func(feed) ([]byte, error)) func() ([]byte, error) {
		return func() ([]byte, error) {
			list, err := items()
			if err != nil {
				return nil, err
			}
			return form(feed{title: w.Name + ": " + w.Words.Say("history"), path: "history", home: "history.html", items: list})
		}
	}
	w.add("history.atom", key, with(func(f feed) ([]byte, error) {
		doc := w.atomFeed(f)
		for n, i := range newest {
			one := f.items[n]
			e := atomEntry{
				ID: w.tag(i.Opened, i.ID), Title: one.title, Published: stampOf(one.first), Updated: stampOf(one.at),
				Link: atomLink{"alternate", "text/html", w.address(i.Path())},
			}
			e.Content.Type, e.Content.Text = "html", string(one.html)
			doc.Entries = append(doc.Entries, e)
		}
		return marshalXML(doc)
	}))
	w.add("history.rss", key, with(func(f feed) ([]byte, error) { return rss(w, f) }))
}

// ifEmpty is the time that a feed of no incidents tells.
func (w *writer) ifEmpty(incidents []*Incident) string {
	if len(incidents) > 0 {
		return ""
	}
	return stampOf(w.Until)
}

// past is an incident as one item: all that was told, newest first.
func (w *writer) past(i *Incident) (item, error) {
	t, err := w.tell(i)
	if err != nil {
		return item{}, err
	}
	one := item{id: i.ID, opened: i.Opened, at: last(t.View, t.Updates), first: first(t.View, t.Updates), title: markdown.Safe(i.Headline), path: i.Path()}
	var b strings.Builder
	for _, u := range t.Updates {
		said := u.Text
		if u.Withdrawn {
			said = w.Words.Say("withdrawn")
		}
		told, err := w.text.HTML(said)
		if err != nil {
			return one, err
		}
		at := w.moment(u.At, true)
		fmt.Fprintf(&b, "<p><small><time datetime=%q>%s</time></small><br>\n<strong>%s</strong>", at.ISO, html.EscapeString(at.Text), html.EscapeString(w.Words.Say("status_"+u.Status)))
		if rest, ok := strings.CutPrefix(string(told), "<p>"); ok {
			b.WriteString(" - " + rest)
		} else {
			b.WriteString("</p>\n" + string(told))
		}
	}
	one.html = template.HTML(b.String())
	return one, nil
}

// first is when the readers of the page first heard of an incident.
func first(v view.View, updates []Update) time.Time {
	if n := len(updates); n > 0 {
		return updates[n-1].At
	}
	return v.Opened
}

// last is when they last heard something new.
func last(v view.View, updates []Update) time.Time {
	at := first(v, updates)
	for _, p := range v.Postmortems {
		at = later(at, p.At)
	}
	for _, u := range updates {
		at = later(at, u.At, u.CorrectedAt, u.WithdrawnAt)
	}
	return at
}
