package incidenttest

import (
	"fmt"
	"time"

	"incident/pkg/incident"
)

// ID is the identifier of the incidents that are made by hand.
const ID = "20261123-checkout-errors"

// At is a moment of their day: so many minutes after 14:00.
func At(minute int) time.Time {
	return time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
}

// Entry completes an entry that is recorded at a minute: its name, its time unless it has one, and the
// war room for its audience unless it has one.
func Entry(minute int, suffix string, e incident.Entry) incident.Entry {
	if e.Audience == 0 {
		e.Audience = incident.Internal
	}
	if e.At.IsZero() {
		e.At = At(minute)
	}
	e.Name = incident.Name{Recorded: At(minute), Label: e.Label(), Suffix: suffix}.String()
	return e
}

// Rules are those of a team that owes something in every incident.
var Rules = incident.Rules{
	incident.Sev1: {Cadence: hourly, Postmortem: 48 * time.Hour}, incident.Sev2: {Cadence: hourly, Postmortem: 48 * time.Hour},
	incident.Sev3: {Cadence: hourly}, incident.Sev4: {},
}

var hourly = map[incident.Audience]incident.Rhythm{
	incident.Internal: {Open: time.Hour}, incident.Stakeholder: {Open: time.Hour},
	incident.Customer: {First: 10 * time.Minute, Open: 20 * time.Minute, Monitoring: 30 * time.Minute, Long: time.Hour},
}

// Opened is the opening that most timelines begin with, at 14:00.
func Opened() incident.Entry {
	return Entry(0, "open", incident.Entry{Kind: incident.Opened, Facts: incident.Facts{Title: "Checkout errors"}})
}

// Long is a timeline of n entries, of which many are corrections of corrections, retractions, retries
// under one key and moves that cannot be: what is slow if anything is.
func Long(n int) []incident.Entry {
	entries := []incident.Entry{Opened()}
	for len(entries) < n {
		m := len(entries)
		suffix := fmt.Sprintf("s%05d", m)
		e := incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "About one in five payments fails.", Key: suffix}
		switch m % 8 {
		case 1:
			e.Components = []incident.Component{{Name: "part " + suffix, State: incident.MajorOutage}}
			e.Tags = []string{suffix}
		case 2, 3, 4:
			e.Corrects = entries[m-1].Name
			e.Text = "About one in " + suffix + " payments fails."
		case 5:
			e = incident.Entry{Kind: incident.Retracted, Audience: incident.Customer, Text: "A wrong figure.", Retracts: entries[m-m%16].Name}
		case 6:
			e = incident.Entry{Kind: incident.Moved, Status: incident.Closed}
		case 7:
			e = entries[1]
		}
		entries = append(entries, Entry(m, suffix, e))
	}
	return entries
}
