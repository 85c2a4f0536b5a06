package incident

import (
	"cmp"
	"slices"
	"time"
)

// Debt is a kind of thing that somebody waits for.
type Debt string

// What can be owed.
const (
	OwedUpdate     Debt = "update"     // the next word to an audience
	OwedCommander  Debt = "commander"  // somebody who leads
	OwedAck        Debt = "ack"        // that somebody has seen a note that is addressed to them
	OwedPostmortem Debt = "postmortem" // what happened, why, and what changes
	OwedAction     Debt = "action"     // something that limits the next one
)

// Why says by what something is owed.
type Why string

// The reasons.
const (
	WhyPromised Why = "promised" // an entry said when
	WhyFirst    Why = "first"    // the audience has heard nothing yet
	WhyEvery    Why = "every"    // the team's rhythm for the severity
	WhyMoved    Why = "moved"    // the status moved, and nobody said what that means
	WhySeverity Why = "severity" // an incident of that severity needs it
	WhyAsked    Why = "asked"    // a note is addressed to them
	WhyResolved Why = "resolved" // it is over
	WhyDated    Why = "dated"    // it was to be done by a day
)

// Owed is something that somebody waits for.
type Owed struct {
	What     Debt
	Audience Audience // of an update; who waits for the rest: the war room, of a postmortem customers
	By       time.Time
	Why      Why
	Every    time.Duration // of [WhyEvery] and [WhyFirst]
	Entry    string        // of [OwedAck] and [OwedAction]: the note, the action
	To       string        // of [OwedAck]: the team or person that has not seen it; of [OwedAction]: its owner
}

const (
	// MoveTerm is how long a move of the status may go without the word that says what it means.
	MoveTerm = 5 * time.Minute
	// LeadTerm is how long an incident of the two gravest severities may go without a commander.
	LeadTerm = 5 * time.Minute
	// Soon is how long before its time something is about to fall due.
	Soon = 5 * time.Minute
)

// Owed lists what the incident owes, the most urgent first; a closed one owes its actions alone. An update is owed by the earliest of what was promised, the
// team's rhythm and a move of the status, once for each audience.
func (i Incident) Owed(rules Rules) []Owed {
	var owed []Owed
	if i.Status == Closed {
		return i.owedActions()
	}
	for _, a := range Audiences() {
		if o, ok := i.owedWord(a, rules[i.Severity].Cadence[a]); ok {
			owed = append(owed, o)
		}
	}
	if i.unled() {
		owed = append(owed, Owed{What: OwedCommander, Audience: Internal, By: i.Began().Add(LeadTerm), Why: WhySeverity})
	}
	owed = append(owed, i.owedAcks()...)
	if by := i.PostmortemDue(rules); !by.IsZero() {
		owed = append(owed, Owed{What: OwedPostmortem, Audience: Customer, By: by, Why: WhyResolved})
	}
	owed = append(owed, i.owedActions()...)
	slices.SortStableFunc(owed, func(a, b Owed) int { return a.By.Compare(b.By) })
	return owed
}

// owedWord is the next word that an audience waits for.
func (i Incident) owedWord(a Audience, r Rhythm) (Owed, bool) {
	w := i.words[a]
	o := Owed{What: OwedUpdate, Audience: a}
	take := func(by time.Time, why Why, every time.Duration) {
		if !by.IsZero() && (o.By.IsZero() || by.Before(o.By)) {
			o.By, o.Why, o.Every = by, why, every
		}
	}
	take(w.Promised, WhyPromised, 0)
	untouched := a == Customer && i.Impact == ImpactNone // they wait for what was promised alone
	if a > Technical && !i.Status.Over() && !untouched {
		switch {
		case w.Last.IsZero():
			if first := i.first(a, r); first > 0 {
				take(i.Opened.Add(first), WhyFirst, first)
			}
		case !w.Ended && (!w.reasoned() || i.worsened(w)):
			if every := r.every(i.Status, w.Last.Sub(i.Began())); every > 0 {
				take(w.Last.Add(every), WhyEvery, every)
			}
		}
	}
	if at, ok := i.unexplained(a); ok && !untouched {
		take(at.Add(MoveTerm), WhyMoved, 0)
	}
	return o, !o.By.IsZero()
}

// worsened reports whether the incident has become worse since an audience was promised what stands: a reason for a
// long wait was given for what it was then.
func (i Incident) worsened(w Words) bool {
	p, _ := w.Standing()
	var then Severity
	for _, e := range i.Timeline {
		if e.Name > p.Entry {
			break
		}
		if e.Unusable() == nil && e.Severity <= Sev4 {
			then = cmp.Or(e.Severity, then)
		}
	}
	return i.Severity < then
}

// unexplained reports whether the status moved, first when, and an audience that must be told was not: neither by the words of the
// move nor since, in words that it can read. Customers must be told of what is public, nobody of a closing.
func (i Incident) unexplained(a Audience) (moved time.Time, is bool) {
	if a == Technical || a == Customer && !i.public || i.Status == Closed || len(i.Moves) < 2 {
		return moved, false
	}
	for n := len(i.Moves) - 1; n > 0 && !i.explained(a, i.Moves[n]); n-- { // the first is the opening
		moved, is = i.Moves[n].At, true // a further move gives no more time
	}
	return moved, is
}

// explained reports whether an audience could read a word since a move, or with it. Clocks differ: a word that was
// recorded after the move counts though its own clock was a little behind.
func (i Incident) explained(a Audience, move Move) bool {
	for wider := a; wider <= Customer; wider++ {
		w := i.words[wider]
		if !w.Last.Before(move.At) || w.LastEntry > move.Entry && move.At.Sub(w.Last) <= clockSlack {
			return true
		}
	}
	return false
}

// owedAcks are the notes that those to whom they are addressed have not acknowledged.
func (i Incident) owedAcks() []Owed {
	var owed []Owed
	for _, e := range i.Timeline {
		if len(e.To) == 0 {
			continue
		}
		for _, to := range i.Unseen(e) {
			owed = append(owed, Owed{What: OwedAck, Audience: Internal, By: e.Happened().Add(AckTerm), Why: WhyAsked, Entry: e.Name, To: to})
		}
	}
	return owed
}

// owedActions are the action items that have a day.
func (i Incident) owedActions() []Owed {
	var owed []Owed
	for _, a := range i.Actions {
		if a.State == ActionOpen && !a.Due.IsZero() {
			owed = append(owed, Owed{What: OwedAction, Audience: Internal, By: a.Due.AddDate(0, 0, 1), Why: WhyDated, Entry: a.Entry, To: a.Owner})
		}
	}
	return owed
}

// unled reports whether an incident that needs somebody to lead it has nobody.
func (i Incident) unled() bool {
	if i.Status.Over() || i.Severity != Sev1 && i.Severity != Sev2 {
		return false
	}
	_, led := i.roleAt[Commander]
	return !led
}

// Drafted reports whether the postmortem has been drafted since the incident was last opened again.
func (i Incident) Drafted() bool {
	for _, e := range slices.Backward(i.Timeline) {
		if e.Kind == Postmortem || e.Kind == Reopened {
			return e.Kind == Postmortem
		}
	}
	return false
}
