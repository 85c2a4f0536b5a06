package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

// debt is something owed, and the incident that owes it.
type debt struct {
	incident.Owed
	inc incident.Incident
}

// debts are what incidents owe, the most urgent first.
func debts(rules incident.Rules, incidents ...incident.Incident) []debt {
	var list []debt
	for _, inc := range incidents {
		for _, o := range inc.Owed(rules) {
			list = append(list, debt{o, inc})
		}
	}
	slices.SortStableFunc(list, func(a, b debt) int {
		if c := a.By.Compare(b.By); c != 0 {
			return c
		}
		return strings.Compare(a.inc.ID, b.inc.ID)
	})
	return list
}

// promisedTo is what an audience and the wider ones were promised, which is all that people outside know to be owed.
func promisedTo(a incident.Audience, inc incident.Incident) []debt {
	var list []debt
	for _, to := range incident.Audiences() {
		if by := inc.Words(to).Promised; a.Sees(to) && !by.IsZero() {
			list = append(list, debt{incident.Owed{What: incident.OwedUpdate, Audience: to, By: by, Why: incident.WhyPromised}, inc})
		}
	}
	slices.SortStableFunc(list, func(a, b debt) int { return a.By.Compare(b.By) })
	return list
}

// within are the debts that are late, or fall due within a time from now.
func within(list []debt, now time.Time, d time.Duration) []debt {
	return slices.DeleteFunc(slices.Clone(list), func(o debt) bool { return o.By.Sub(now) > d })
}

// what names it for a table.
func (o debt) what() string {
	switch o.What {
	case incident.OwedUpdate:
		return o.Audience.Readers()
	case incident.OwedAck:
		return o.To
	case incident.OwedAction:
		return firstOf(o.To, "an action")
	case owedPublish:
		return "the page"
	default:
		return string(o.What)
	}
}

// why tells by what it is owed.
func (d *deps) why(o debt) string {
	switch o.Why {
	case incident.WhyFirst:
		return fmt.Sprintf("first word within %s (%s)", when.FormatDuration(o.Every), o.inc.Severity)
	case incident.WhyEvery:
		return fmt.Sprintf("every %s (%s)", when.FormatDuration(o.Every), o.inc.Severity)
	case incident.WhyMoved:
		return fmt.Sprintf("%s since %s, unexplained", o.inc.Status, d.clock(o.inc.Since))
	case incident.WhySeverity:
		return fmt.Sprintf("a %s needs one", o.inc.Severity)
	case incident.WhyAsked:
		return "asked to see " + o.Entry[strings.LastIndexByte(o.Entry, '-')+1:]
	case whyNotPublic:
		return fmt.Sprintf("not published %s: %s", d.clock(o.By), o.To)
	case incident.WhyDated:
		return "action: " + o.action()
	case incident.WhyResolved:
		return "resolved " + d.clock(o.inc.ResolvedAt)
	default:
		return "promised " + d.clock(o.By)
	}
}

// action is what is to be done, in a few words.
func (o debt) action() string {
	for _, a := range o.inc.Actions {
		if a.Entry == o.Entry {
			return oneLine(a.Text)
		}
	}
	return ""
}

// settle is the command that settles it.
func (o debt) settle() string {
	id := shellWords([]string{o.inc.ID})
	switch o.What {
	case owedPublish:
		return "incident page publish"
	case incident.OwedCommander:
		return `incident assign commander "…" -i ` + id
	case incident.OwedPostmortem:
		if o.inc.Drafted() {
			return "incident postmortem publish " + id
		}
		return "incident postmortem " + id
	case incident.OwedAction:
		return "incident action done " + o.Entry[strings.LastIndexByte(o.Entry, '-')+1:]
	case incident.OwedAck:
		return "incident ack " + o.Entry[strings.LastIndexByte(o.Entry, '-')+1:] + " --as " + shellWords([]string{o.To})
	default:
		return fmt.Sprintf("incident note -i %s -a %s", id, o.Audience)
	}
}

// owed prints what is waited for, with the names of incidents where there may be several.
func (d *deps) owed(list []debt, now time.Time, several bool) {
	if len(list) == 0 {
		return
	}
	t := terminal.Table{Columns: make([]terminal.Column, 5)}
	for i, o := range list {
		row := []terminal.Span{terminal.Plain(""), terminal.Plain(o.what()), terminal.Plain(d.clock(o.By)), until(o.By, now)}
		if i == 0 {
			row[0] = terminal.Bold("due")
		}
		if several {
			row = append(row, terminal.Plain(o.inc.ID))
		}
		t.Rows = append(t.Rows, row)
	}
	d.out.Line()
	d.out.Table(t)
}

// shortly is how long before its time a person at a terminal is told of something, whatever they do in its incident.
const shortly = 10 * time.Minute

// remind tells a person at a terminal in one line what the incident owes now.
func (d *deps) remind(inc incident.Incident) {
	if !terminal.IsTerminal(file(d.Stderr)) {
		return
	}
	now := d.Now()
	var parts []string
	for _, o := range within(debts(d.owes, inc), now, shortly) {
		parts = append(parts, fmt.Sprintf("%s %s, %s", o.what(), d.clock(o.By), until(o.By, now)))
	}
	if len(parts) > 0 {
		d.line(terminal.Yellow("due: "), strings.Join(parts, "; "))
	}
}
