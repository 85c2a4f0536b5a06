package postmortem

import (
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// How much of a text the timeline shows, in characters: enough to follow the story, with a link to the rest.
const (
	rowLimit          = 480
	rowLimitTechnical = 160
	rowLimitLong      = 160 // in a timeline of more than long entries
	long              = 1000
)

// In a timeline of more than crowded entries, more than a few notes for engineers in a row are one line.
const (
	crowded = 100
	few     = 4
)

// days is the timeline, everything in the order in which it happened. What cannot be used is told with the
// anomalies; that the postmortem itself was drafted is no part of the incident.
func (b *builder) days() []Day {
	updates := slices.DeleteFunc(slices.Clone(b.team.Updates), func(u view.Update) bool {
		e, _ := b.inc.Entry(u.Entry)
		return e.Kind == incident.Postmortem || e.Kind == incident.Acknowledged || e.Kind.After() || !b.usable[u.Entry]
	})
	when := map[string]Moment{} // of what corrections and withdrawals are about
	for _, u := range updates {
		when[u.ID] = b.at(u.At)
	}
	var days []Day
	for i := 0; i < len(updates); {
		date := b.at(updates[i].At).Date
		if len(days) == 0 || days[len(days)-1].Date != date {
			days = append(days, Day{Date: date})
		}
		day := &days[len(days)-1]
		n := 0
		for ; i+n < len(updates) && plain(updates[i+n]) && b.at(updates[i+n].At).Date == date; n++ {
		}
		if len(updates) > crowded && n > few {
			day.Rows = append(day.Rows, b.group(updates[i:i+n]))
			i += n
			continue
		}
		for _, u := range updates[i : i+max(n, 1)] {
			day.Rows = append(day.Rows, b.row(u, when, len(updates)))
		}
		i += max(n, 1)
	}
	return days
}

// plain reports whether u is a note for engineers with nothing special about it.
func plain(u view.Update) bool {
	return u.Kind == incident.Note.String() && u.Audience == incident.Technical &&
		!u.Corrected && !u.Withdrawn && u.About == "" && len(u.Changes) == 0 && len(u.To) == 0
}

// group is several notes as one row, with a link to the first.
func (b *builder) group(notes []view.Update) Row {
	first, last := notes[0], notes[len(notes)-1]
	var who []string
	for _, u := range notes {
		if name := author(u.Author, u.Email); !slices.Contains(who, name) {
			who = append(who, name)
		}
	}
	return Row{
		At: b.at(first.At), Until: b.at(last.At), Count: len(notes), Who: listed(who), For: first.Audience.Readers(),
		Entry: inline(first.Entry), Link: entryLink(first.Entry),
	}
}

// listed is "Ana, Ben and Carl", and of many the first few.
func listed(names []string) string {
	const most = 4
	if len(names) > most {
		names = append(slices.Clone(names[:most]), "others")
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func (b *builder) row(u view.Update, when map[string]Moment, all int) Row {
	limit := rowLimit
	if u.Audience == incident.Technical {
		limit = rowLimitTechnical
	}
	if all > long {
		limit = min(limit, rowLimitLong)
	}
	r := Row{
		At: b.at(u.At), Who: author(u.Author, u.Email), What: what(u, when), For: u.Audience.Readers(), To: inline(strings.Join(u.To, ", ")),
		Facts: b.facts(u), Entry: inline(u.Entry), Link: entryLink(u.Entry),
	}
	text := u.Text
	switch {
	case u.Corrected:
		text = u.Original // what it says now stands where it was corrected
	case text == "" && u.Kind == incident.Opened.String():
		text = given(u, "title")
	}
	if !u.Withdrawn {
		r.Text, r.More = excerpt(text, limit)
	}
	r.Mark = strings.Join(b.marks(u), "; ")
	return r
}

// what names the entry, "" for a note.
func what(u view.Update, when map[string]Moment) string {
	about := when[u.About].Clock
	switch u.Kind {
	case incident.Note.String():
		if u.About != "" {
			return strings.TrimSpace("correction of " + about)
		}
		return ""
	case incident.Moved.String():
		if u.Status == 0 {
			return "status, not applied"
		}
		return u.Status.String()
	case incident.Retracted.String():
		return strings.TrimSpace("withdrawal of " + about)
	case incident.Set.String(), incident.Assigned.String():
		return "" // what was set says it
	default:
		return u.Kind
	}
}

// marks say what a reader must know about the entry.
func (b *builder) marks(u view.Update) []string {
	var list []string
	switch {
	case u.Withdrawn && u.WithdrawnAt.IsZero():
		list = append(list, "withdrawn")
	case u.Withdrawn:
		list = append(list, "withdrawn at "+b.at(u.WithdrawnAt).Local)
	case u.Corrected:
		list = append(list, "corrected at "+b.at(u.CorrectedAt).Local)
	}
	if u.Early {
		list = append(list, "before the incident was opened")
	}
	if b.anomalies[u.Entry] {
		list = append(list, "see the anomalies below")
	}
	if e, ok := b.inc.Entry(u.Entry); ok && !u.Withdrawn { // a corrected update has those of its correction too
		if n := names(e.Attachments); n != "" {
			list = append(list, "attached: "+n)
		}
	}
	return list
}

// given is the value of a fact that the entry states.
func given(u view.Update, fact string) string {
	for _, c := range u.Changes {
		if c.Fact == fact {
			return c.Value
		}
	}
	return ""
}

// facts are what an entry states, in words. The words of one that was withdrawn are left out.
func (b *builder) facts(u view.Update) string {
	var list []string
	for _, c := range u.Changes {
		value := inline(c.Value)
		switch c.Fact {
		case "title":
			if u.Withdrawn || u.Kind == incident.Opened.String() && (u.Text == "" || c.Value == u.Text) {
				continue // or it stands where the text does
			}
			value = "title “" + value + "”"
		case "headline", "tags", "cause":
			if u.Withdrawn {
				continue
			}
			value = c.Fact + " “" + value + "”"
		case "started":
			at, err := time.Parse(time.RFC3339, c.Value)
			if err == nil {
				value = b.at(at).Both
			}
			value = "customers noticed from " + value
		case "customers":
			value += " customers affected"
		case "share":
			value += " of all customers"
		case "severity", "impact":
			if c.Value == incident.Severity(0).String() { // none that is known
				continue
			}
			value = c.Fact + " " + value
		default:
			value = inline(c.Fact) + ": " + value
		}
		list = append(list, value)
	}
	if len(list) > 12 {
		list = append(list[:12], "and more")
	}
	return strings.Join(list, ", ")
}

func names(list []incident.Attachment) string {
	var all []string
	for _, a := range list {
		all = append(all, inline(a.Name))
	}
	return strings.Join(all, ", ")
}
