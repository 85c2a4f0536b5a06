package cli

import (
	"fmt"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

// seenBy says who can read what was written for an audience.
func seenBy(a incident.Audience) string {
	switch a {
	case incident.Technical:
		return "engineers"
	case incident.Internal:
		return "the war room and engineers"
	case incident.Stakeholder:
		return "stakeholders, the war room and engineers"
	default:
		return "everyone"
	}
}

// forWhom names an audience in words, with the word that flags take.
func forWhom(a incident.Audience) string {
	if a.Readers() == a.String()+"s" {
		return a.Readers()
	}
	return fmt.Sprintf("%s (%s)", a.Readers(), a)
}

// clock is a time of day as the user's own clock shows it; another day is named.
func (d *deps) clock(t time.Time) string {
	now := d.now()
	t = t.In(now.Location())
	switch {
	case sameDay(t, now):
		return t.Format("15:04")
	case sameDay(t, now.AddDate(0, 0, -1)):
		return "yesterday " + t.Format("15:04")
	case sameDay(t, now.AddDate(0, 0, 1)):
		return "tomorrow " + t.Format("15:04")
	case t.Year() == now.Year():
		return t.Format("2 Jan 15:04")
	default:
		return t.Format("2 Jan 2006 15:04")
	}
}

// clocks is a moment in the user's zone with its name, and in UTC where that differs.
func (d *deps) clocks(t time.Time) string {
	local := t.In(d.now().Location())
	if _, offset := local.Zone(); offset == 0 {
		return d.clock(t) + " UTC"
	}
	return fmt.Sprintf("%s %s (%s UTC)", d.clock(t), zoneName(local), t.UTC().Format("15:04"))
}

// zoneName is the zone's abbreviation, or its offset where it has none.
func zoneName(t time.Time) string {
	name, _ := t.Zone()
	if strings.HasPrefix(name, "+") || strings.HasPrefix(name, "-") || name == "" {
		return t.Format("-07:00")
	}
	return name
}

func sameDay(a, b time.Time) bool {
	y1, m1, d1 := a.Date()
	y2, m2, d2 := b.Date()
	return y1 == y2 && m1 == m2 && d1 == d2
}

// until says how far off a moment is, and colours what is late.
func until(t, now time.Time) terminal.Span {
	d := t.Sub(now)
	switch {
	case d < 0:
		return terminal.Red("late by " + when.FormatDuration(-d))
	case d <= 5*time.Minute:
		return terminal.Yellow("in " + when.FormatDuration(d))
	default:
		return terminal.Plain("in " + when.FormatDuration(d))
	}
}
