package incident

import (
	"cmp"
	"time"
)

// Rhythm is how long an audience may go without a word while an incident lasts. 0: nothing is owed by the clock, only
// when the status moves.
type Rhythm struct {
	First      time.Duration // from the opening to the first word; 0: as Open
	Open       time.Duration // while it is investigated or identified
	Monitoring time.Duration // while it is watched; 0: as Open
	Long       time.Duration // once it lasts longer than [LongAfter]; 0: as before
}

// LongAfter is when an incident has become a long one, counted from when it was last opened.
const LongAfter = 2 * time.Hour

// IsZero reports whether nothing is owed by the clock.
func (r Rhythm) IsZero() bool { return r == Rhythm{} }

// every is how long the audience waits for the next word after one at an age of the incident, in a status.
func (r Rhythm) every(s Status, age time.Duration) time.Duration {
	switch {
	case s.Over():
		return 0
	case r.Long > 0 && age > LongAfter:
		return r.Long
	case s == Monitoring:
		return cmp.Or(r.Monitoring, r.Open)
	default:
		return r.Open
	}
}

// Rules are what a team has settled for incidents of each severity.
type Rules map[Severity]Rule

// Rule is what is owed in incidents of one severity.
type Rule struct {
	Cadence    map[Audience]Rhythm
	Postmortem time.Duration // from the resolution until it is due; 0: none is due
}

// Every is how long an audience waits for the next word after one, in an incident of a severity, status and age. 0: until
// the status moves.
func (r Rules) Every(s Severity, a Audience, st Status, age time.Duration) time.Duration {
	return r[s].Cadence[a].every(st, age)
}

// Began is when the incident was last opened: by its opening, or by the last reopening. From then on waits count.
func (i Incident) Began() time.Time {
	began := i.Opened
	for n, m := range i.Moves {
		if n > 0 && i.Moves[n-1].Status.Over() && !m.Status.Over() {
			began = m.At
		}
	}
	return began
}

// first is how long an audience waits for its first word, from the opening. Customers who may not notice anything
// wait for none; where a severity has no rhythm for them, only what they are known to notice counts.
func (i Incident) first(a Audience, r Rhythm) time.Duration {
	if a == Customer && (i.Impact == ImpactNone || i.Impact == 0 && r.Open == 0) {
		return 0
	}
	return cmp.Or(r.First, r.Open)
}
