package postmortem

import (
	"strings"
	"time"

	"incident/pkg/when"
)

// Moment is a time as a document writes it. The day is named where it is not the day on which the incident
// began. Where the people's zone is UTC, all times are that alone. All fields are "" for no time.
type Moment struct {
	Clock string // 14:02
	Local string // 14:02 CET
	UTC   string // 13:02 UTC
	Short string // 14:02 (13:02 UTC), for lists whose zone and day are told elsewhere
	Both  string // 14:02 CET (13:02 UTC)
	Date  string // 23 November 2026, there
}

// clock writes times for people of one zone.
type clock struct {
	zone *time.Location
	utc  bool      // the zone is UTC
	day  time.Time // on which the incident began
}

func newClock(zone *time.Location, began time.Time) clock {
	if zone == nil {
		zone = time.UTC
	}
	c := clock{zone: zone, day: began.In(zone)}
	switch zone.String() {
	case "UTC", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu":
		c.utc = true
	}
	return c
}

// name is the zone's name for readers.
func (c clock) name() string {
	switch s := c.zone.String(); {
	case c.utc:
		return "UTC"
	case s == "" || s == "Local":
		return abbreviation(c.day)
	default:
		return inline(s)
	}
}

func (c clock) at(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	local, utc := t.In(c.zone), t.UTC()
	m := Moment{Clock: local.Format("15:04"), UTC: other(utc, local) + utc.Format("15:04 UTC"), Date: local.Format(longDate)}
	if c.utc {
		m.Local = other(utc, c.day) + m.UTC
		m.Short, m.Both = m.UTC, m.Local
		return m
	}
	m.Local = other(local, c.day) + m.Clock + " " + abbreviation(local)
	m.Short = m.Clock + " (" + m.UTC + ")"
	m.Both = m.Local + " (" + m.UTC + ")"
	return m
}

const longDate = "2 January 2006"

// other names the day of t, in its own zone, where it is not that of day.
func other(t, day time.Time) string {
	switch {
	case t.Format(longDate) == day.Format(longDate):
		return ""
	case t.Year() == day.Year():
		return t.Format("2 January, ")
	default:
		return t.Format(longDate + ", ")
	}
}

// abbreviation is the short name of t's zone; one that has none is called by its offset.
func abbreviation(t time.Time) string {
	if name := t.Format("MST"); !strings.HasPrefix(name, "+") && !strings.HasPrefix(name, "-") {
		return inline(name)
	}
	return t.Format("UTC-07:00")
}

// lasted is how long something took, "" where it ended before it began.
func lasted(from, to time.Time) string {
	if from.IsZero() || to.IsZero() || to.Before(from) {
		return ""
	}
	return when.FormatDuration(to.Sub(from))
}
