package main

import (
	"fmt"
	"time"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// The incidents that are measured: spread evenly over ten years of days, four entries each, all but the
// newest ten closed. Everything of them follows from their number, so that every machine has the same.

const (
	days = 3653 // of the ten years from firstDay on
	open = 10   // that many of the newest are not closed
)

var firstDay = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

// titles are so many that a day of the smaller records has each once.
var titles = []string{
	"Checkout errors", "Slow search", "Login fails for some", "Images do not load", "Mail is late", "Reports are empty",
	"API answers with 502", "Payments declined", "Prices out of date", "App crashes at start", "Uploads hang", "Wrong invoices",
}

// story is one incident.
type story struct {
	id, title string
	opened    time.Time
	over      bool
	told      int // updates for customers
	serial    int // tells its words and suffixes from those of all others
}

// storyOf is the i-th of n incidents, the oldest first.
func storyOf(i, n int) story {
	day := i * days / n
	first := (day*n + days - 1) / days // of that day
	nth, many := i-first, (n+days-1)/days
	title := titles[(day*7+nth)%len(titles)]
	if round := nth / len(titles); round > 0 {
		title = fmt.Sprintf("%s %d", title, round+1)
	}
	opened := firstDay.AddDate(0, 0, day).Add(time.Duration(nth) * 23 * time.Hour / time.Duration(many))
	return story{
		id: opened.Format("20060102") + "-" + record.Slug(title), title: title,
		opened: opened.Truncate(time.Millisecond), over: i < n-open, serial: i,
	}
}

// step is one entry of a story.
type step struct {
	label string // see [incident.Entry.Label]
	after time.Duration
}

func (s story) steps() []step {
	if s.told > 0 {
		return s.public()
	}
	if s.over {
		return []step{{"opened", 0}, {"note-technical", 5 * time.Minute}, {"status-resolved", 25 * time.Minute}, {"status-closed", 40 * time.Minute}}
	}
	return []step{{"opened", 0}, {"note-technical", 5 * time.Minute}, {"note-customer", 15 * time.Minute}, {"status-identified", 20 * time.Minute}}
}

// public are the steps of a story that customers are told.
func (s story) public() []step {
	steps := []step{{"opened", 0}}
	for n := range s.told {
		steps = append(steps, step{"note-customer", time.Duration(n+1) * 10 * time.Minute})
	}
	if s.over {
		return append(steps, step{"status-resolved", 2 * time.Hour}, step{"status-closed", 3 * time.Hour})
	}
	return steps
}

// name is that of an entry of the story; nth tells entries of one story apart.
func (s story) name(label string, at time.Time, nth int) string {
	return incident.Name{Recorded: at, Label: label, Suffix: suffix(uint64(s.serial)<<20 | uint64(nth))}.String()
}

// suffix makes the end of an entry's name from its number. As the numbers go up it jumps about, as one
// that was drawn at random does: sorted ones would compress better than those of real records.
func suffix(n uint64) string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz"
	n = (n + 1) * 0x9e3779b97f4a7c15
	n ^= n >> 29
	n *= 0xbf58476d1ce4e5b9
	n ^= n >> 32
	var out [6]byte
	for i := range out {
		out[i] = letters[n%uint64(len(letters))]
		n /= uint64(len(letters))
	}
	return string(out[:])
}
