package incident

import (
	"slices"
	"time"
)

// Words tells when one audience was spoken to, and what it was promised. A word is an entry with a
// text for that very audience; the wider ones that it can read too do not count.
type Words struct {
	First, Last time.Time // zero: never
	LastEntry   string    // the name of the last word

	Promised   time.Time // when the next word is due; zero: nothing is promised
	Kept, Late int       // promises that a later word met, in time or not
}

// hear counts an entry as a word to its audience: it meets what was promised before, and may promise
// anew.
func (i *Incident) hear(e Entry) {
	if e.Audience == Customer {
		i.public = true
	}
	speaks := e.Text != "" || len(e.Attachments) > 0 || !e.Next.By.IsZero()
	if !speaks || !e.Audience.valid() || e.Kind == Retracted {
		return
	}
	w := &i.words[e.Audience]
	switch {
	case w.Promised.IsZero():
	case e.At.After(w.Promised):
		w.Late++
	default:
		w.Kept++
	}
	if w.First.IsZero() || e.At.Before(w.First) {
		w.First = e.At
	}
	if !e.At.Before(w.Last) {
		w.Last, w.LastEntry = e.At, e.Name
	}
	w.Promised = e.Next.By
}

// Owed is something that somebody waits for.
type Owed struct {
	What     string // "update" or "postmortem"
	Audience Audience
	By       time.Time
}

// Owed lists what the incident owes, the most urgent first: the updates that were promised and, for a
// resolved one, the postmortem. deadline is how long after resolution that is due; 0: never.
func (i Incident) Owed(deadline time.Duration) []Owed {
	var owed []Owed
	for _, a := range Audiences() {
		if by := i.words[a].Promised; !by.IsZero() {
			owed = append(owed, Owed{"update", a, by})
		}
	}
	if deadline > 0 && i.Status == Resolved && !i.drafted() {
		owed = append(owed, Owed{"postmortem", Customer, i.ResolvedAt.Add(deadline)})
	}
	slices.SortStableFunc(owed, func(a, b Owed) int { return a.By.Compare(b.By) })
	return owed
}

// drafted reports whether the postmortem has been drafted.
func (i Incident) drafted() bool {
	for _, e := range i.Timeline {
		if e.Kind == Postmortem {
			return true
		}
	}
	return false
}
