package incident

import (
	"slices"
	"time"
)

// Words tells when one audience was spoken to, and what it was promised. A word is an entry with a
// text or a file for that very audience; the wider ones that it can read too do not count. Nor does a
// correction: it is the same word put right, and can only move what that promised.
type Words struct {
	First, Last time.Time // zero: never
	LastEntry   string    // the name of the last word

	Promised   time.Time // when the next word is due; zero: nothing is promised
	Kept, Late int       // promises that a later word met, in time or not

	made time.Time // when Promised was
}

// hear tells the entry's audience what the entry says.
func (i *Incident) hear(e Entry) {
	if e.Kind == Retracted {
		return
	}
	if e.Audience == Customer {
		i.public = true
	}
	if i.fate(e.Name).about != "" { // an earlier word put right: no new word, but it may move the promise
		e.Text, e.Attachments = "", nil
	}
	if e.Next.said() || e.speaks() {
		i.words[e.Audience].hear(e)
	}
}

// hear counts an entry: its words meet what was promised before, and it may promise anew. Withdrawing
// words takes no promise back, for it was heard.
func (w *Words) hear(e Entry) {
	at := e.Happened()
	if e.speaks() {
		if w.First.IsZero() || at.Before(w.First) {
			w.First = at
		}
		if !at.Before(w.Last) {
			w.Last, w.LastEntry = at, e.Name
		}
	}
	standing := !w.Promised.IsZero()
	switch {
	case at.Before(w.made): // it was noted down afterwards, and meets nothing that was promised since
		if !standing || !e.Next.By.After(w.made) || e.Next.By.After(w.Promised) {
			return // they have heard since; and of two promises the sooner stands
		}
	case standing && at.After(w.Promised):
		w.Late++
	case standing && e.speaks():
		w.Kept++
	}
	w.Promised, w.made = e.Next.By, at
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
