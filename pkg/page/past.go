package page

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"

	"incident/pkg/markdown"
)

// maxPast is how many of the newest incidents the history feeds and the lists for other programs hold, as at Statuspage.
const maxPast = 50

// addHistory adds the feeds with one item for each incident, under the names and in the structure of those of
// Statuspage, whose readers look for them.
func addHistory(w *writer, files Files) error {
	var items []item
	for _, i := range w.Incidents[:min(len(w.Incidents), maxPast)] {
		one, err := w.past(i)
		if err != nil {
			return err
		}
		items = append(items, one)
	}
	f := feed{title: w.Name + ": " + w.Words.Say("history"), path: "history", home: "history.html", items: items}
	doc := w.atomFeed(f)
	for n, i := range w.Incidents[:len(items)] {
		one := items[n]
		e := atomEntry{
			ID: w.tag(i.Opened, i.ID), Title: one.title, Published: stampOf(i.first()), Updated: stampOf(one.at),
			Link: atomLink{"alternate", "text/html", w.address(i.Path())},
		}
		e.Content.Type, e.Content.Text = "html", string(one.html)
		doc.Entries = append(doc.Entries, e)
	}
	var err error
	if files["history.atom"], err = marshalXML(doc); err != nil {
		return fmt.Errorf("%w: history.atom: %w", ErrInput, err)
	}
	if files["history.rss"], err = rss(w, f); err != nil {
		return fmt.Errorf("%w: history.rss: %w", ErrInput, err)
	}
	return nil
}

// past is an incident as one item: all that was told, newest first.
func (w *writer) past(i *Incident) (item, error) {
	one := item{id: i.ID, opened: i.Opened, at: i.last(), title: markdown.Safe(i.Headline), path: i.Path()}
	var b strings.Builder
	for _, u := range i.Updates {
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
func (i *Incident) first() time.Time {
	if n := len(i.Updates); n > 0 {
		return i.Updates[n-1].At
	}
	return i.Opened
}

// changed is when anything of it did, its status too.
func (i *Incident) changed() time.Time {
	if last := i.last(); last.After(i.Since) {
		return last
	}
	return i.Since
}

// last is when they last heard something new.
func (i *Incident) last() time.Time {
	last := i.first()
	for _, p := range i.Postmortems {
		if p.At.After(last) {
			last = p.At
		}
	}
	for _, u := range i.Updates {
		for _, t := range []time.Time{u.At, u.CorrectedAt, u.WithdrawnAt} {
			if t.After(last) {
				last = t
			}
		}
	}
	return last
}
