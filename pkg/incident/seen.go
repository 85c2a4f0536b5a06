package incident

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// AckTerm is how long those to whom a note is addressed may take to say that they have seen it.
const AckTerm = 15 * time.Minute

// Seen is that somebody has seen a note that is addressed.
type Seen struct {
	Entry string // that says so
	By    Person
	As    []string // for whom: the teams and people to whom the note is addressed
	At    time.Time
}

// SeenBy lists who has seen a note, in the order of recording.
func (i Incident) SeenBy(e Entry) []Seen {
	var list []Seen
	for _, name := range i.fate(e.Name).acks {
		if ack, ok := i.Entry(name); ok {
			list = append(list, Seen{ack.Name, ack.Author, ack.As, ack.Happened()})
		}
	}
	return list
}

// Unseen lists the teams and people to whom a note is addressed and for whom nobody has seen it. Of words that were
// withdrawn nothing is left to see.
func (i Incident) Unseen(e Entry) []string {
	if _, gone := i.Retraction(e); gone || e.Kind == Retracted {
		return nil
	}
	if _, about := i.Root(e); about { // a correction is the same note
		return nil
	}
	now, _ := i.Correction(e) // what was seen before was something else
	var left []string
	for _, to := range e.To {
		seen := slices.ContainsFunc(i.SeenBy(e), func(s Seen) bool { return s.Entry > now.Name && holds(s.As, to) })
		if !seen && !holds(left, to) {
			left = append(left, to)
		}
	}
	return left
}

// holds reports whether a list has a name, in any letter case.
func holds(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}

// acknowledge remembers with each note that it was seen.
func (i *Incident) acknowledge(e *Entry) error {
	var problems []error
	for _, name := range e.Acks {
		target, ok := i.Entry(name)
		if !ok || name >= e.Name || len(target.To) == 0 {
			problems = append(problems, fmt.Errorf("acknowledges %q, which is no earlier note of this incident that is addressed to anybody", name))
			continue
		}
		if e.Audience < min(target.Audience, Internal) {
			problems = append(problems, fmt.Errorf("acknowledges %q, and is for narrower readers than that", name))
			continue
		}
		i.decide(name, func(f *fate) { f.acks = append(slices.Clip(f.acks), e.Name) })
	}
	return errors.Join(problems...)
}

func (i Incident) admitAck(e Entry) error {
	news := false
	for _, name := range e.Acks {
		target, ok := i.Entry(name)
		if !ok || len(target.To) == 0 {
			return refuse(ErrInvalid, "incident inbox shows what is", "%q is no note of this incident that is addressed to anybody", name)
		}
		if e.Audience < min(target.Audience, Internal) {
			return refuse(ErrAudience, "leave --audience out", "%s is for wider readers than its acknowledgement", name)
		}
		if _, gone := i.Retraction(target); gone {
			return refuse(ErrNotAllowed, "nothing of it is left to see", "%s was withdrawn", name)
		}
		for _, as := range e.As {
			news = news || holds(i.Unseen(target), as)
		}
	}
	if !news {
		return refuse(ErrNothing, "", "nothing to do: it is acknowledged already")
	}
	return nil
}
