package incident

import (
	"slices"
	"strings"
	"time"
)

// Measure is one length of time in the life of an incident; docs/reference/metrics.md defines them.
type Measure string

// The measures, in the order of a life.
const (
	Detect      Measure = "detect"      // impact started → opened
	Acknowledge Measure = "acknowledge" // opened → the first entry by somebody else, or a commander
	FirstPublic Measure = "first_word"  // impact started → the first customer entry
	Identify    Measure = "identify"    // opened → the first identified
	Mitigate    Measure = "mitigate"    // impact started → the first monitoring
	Resolve     Measure = "resolve"     // impact started → the last resolved
	Publish     Measure = "postmortem"  // last resolved → the postmortem published
)

// MeasureList lists them.
func MeasureList() []Measure {
	return []Measure{Detect, Acknowledge, FirstPublic, Identify, Mitigate, Resolve, Publish}
}

// Length is what a measure came to.
type Length struct {
	Value time.Duration
	Known bool   // false: an entry that it rests on is missing, or the times contradict each other
	Why   string // it is not known
	From  string // the entries that it rests on; "" for a time that was said
	To    string
}

// Lifecycle measures an incident. Nothing is guessed: what rests on an entry that is missing is not known.
func (i Incident) Lifecycle() map[Measure]Length {
	list := map[Measure]Length{}
	between := func(m Measure, from, to time.Time, a, b string) {
		l := Length{From: a, To: b}
		switch {
		case from.IsZero() || to.IsZero():
			l.Why = "not recorded"
		case to.Before(from):
			l.Why = "the times contradict each other"
		default:
			l.Value, l.Known = to.Sub(from), true
		}
		list[m] = l
	}
	opening, started := i.openingName(), time.Time{}
	if i.Confirmed {
		started = i.Started
	}
	began := i.Started // the opening, where nobody said more
	between(Detect, started, i.Opened, "", opening)
	if started.IsZero() {
		list[Detect] = Length{Why: "when it started is not confirmed"}
	}
	at, by := i.acknowledged()
	between(Acknowledge, i.Opened, at, opening, by)
	word, said := i.firstPublic()
	between(FirstPublic, began, word, "", said)
	first := func(s Status) (time.Time, string) {
		for _, m := range i.Moves {
			if m.Status == s {
				return m.At, m.Entry
			}
		}
		return time.Time{}, ""
	}
	at, by = first(Identified)
	between(Identify, i.Opened, at, opening, by)
	at, by = first(Monitoring)
	between(Mitigate, began, at, "", by)
	at, by = time.Time{}, ""
	for _, m := range i.Moves {
		if m.Status == Resolved && i.Status.Over() {
			at, by = m.At, m.Entry
		}
	}
	between(Resolve, began, at, "", by)
	if p, ok := i.publishedSince(); ok && i.Status.Over() {
		between(Publish, i.ResolvedAt, p.At, by, p.Entry)
	} else {
		list[Publish] = Length{Why: "not published"}
	}
	return list
}

func (i Incident) openingName() string {
	for _, e := range i.Timeline {
		if e.Kind == Opened && e.Unusable() == nil {
			return e.Name
		}
	}
	return ""
}

// acknowledged is when somebody was first seen to work on it: the first entry by another author than that of the opening, or
// the first commander.
func (i Incident) acknowledged() (time.Time, string) {
	var opener Person
	for _, e := range i.Timeline {
		switch {
		case e.Unusable() != nil:
		case e.Kind == Opened && opener == (Person{}):
			if opener = e.Author; e.Holder != "" && RoleName(e.Role) == Commander {
				return e.Happened(), e.Name
			}
		case e.Kind == Assigned && RoleName(e.Role) == Commander, opener != (Person{}) && e.Author != opener && !e.Kind.After():
			return e.Happened(), e.Name
		}
	}
	return time.Time{}, ""
}

func (i Incident) firstPublic() (time.Time, string) {
	list := i.spoken(Customer)
	if len(list) == 0 {
		return time.Time{}, ""
	}
	return list[0].Happened(), list[0].Name
}

// Downtime is how long components did not work, by name: in partial or major outage, and degraded apart. What goes on counts
// until now.
type Downtime struct{ Outage, Degraded time.Duration }

// Downtimes adds up the states of each component.
func (i Incident) Downtimes(now time.Time) map[string]Downtime {
	sums := map[string]Downtime{}
	moves := slices.Clone(i.stateMoves)
	slices.SortStableFunc(moves, func(a, b stateMove) int { return a.at.Compare(b.at) })
	type since struct {
		at    time.Time
		state State
	}
	open := map[int]since{}
	add := func(component int, until time.Time) {
		s, d := open[component], sums[i.components[component].Name]
		if long := until.Sub(s.at); long > 0 {
			switch s.state {
			case PartialOutage, MajorOutage:
				d.Outage += long
			case DegradedPerformance:
				d.Degraded += long
			}
		}
		sums[i.components[component].Name] = d
	}
	for _, m := range moves {
		at := m.at
		if _, known := open[m.component]; !known && i.Confirmed && i.Started.Before(at) {
			at = i.Started // it was so from the start, and was said later
		}
		add(m.component, at)
		open[m.component] = since{at, m.state}
	}
	for component := range open {
		end := now
		if !i.ResolvedAt.IsZero() {
			end = i.ResolvedAt
		}
		add(component, end)
	}
	return sums
}

// CustomerMinutes is how many customers were affected, times minutes, over the periods for which a number was said, without
// the times between a resolution and its return. It is not known where no number was said.
func (i Incident) CustomerMinutes(now time.Time) (minutes float64, known bool) {
	end := now
	if !i.ResolvedAt.IsZero() {
		end = i.ResolvedAt
	}
	count, from := 0, i.Started
	for _, e := range i.Timeline {
		if e.Customers == nil || e.Unusable() != nil || *e.Customers < 0 {
			continue
		}
		at := e.Happened()
		if known && at.After(from) && !at.After(end) {
			minutes += float64(count) * i.lasting(from, at).Minutes()
			from = at
		}
		count, known = *e.Customers, true
	}
	if known && end.After(from) {
		minutes += float64(count) * i.lasting(from, end).Minutes()
	}
	return minutes, known
}

// lasting is how much of a time the incident was not over in.
func (i Incident) lasting(from, to time.Time) time.Duration {
	moves := slices.Clone(i.Moves)
	slices.SortStableFunc(moves, func(a, b Move) int { return a.At.Compare(b.At) })
	left := to.Sub(from)
	var over time.Time // since when it is, zero while it is not
	for _, m := range moves {
		switch {
		case m.Status.Over() && over.IsZero():
			over = m.At
		case !m.Status.Over() && !over.IsZero():
			left -= shared(from, to, over, m.At)
			over = time.Time{}
		}
	}
	return left
}

// shared is how long two times overlap.
func shared(from, to, since, until time.Time) time.Duration {
	if since.Before(from) {
		since = from
	}
	if until.After(to) {
		until = to
	}
	return max(0, until.Sub(since))
}

// Percentile is the smallest of durations that so many per cent of them do not exceed; 0 of none.
func Percentile(list []time.Duration, percent int) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	n := (len(sorted)*percent + 99) / 100
	return sorted[max(1, n)-1]
}

// Touches reports whether an incident names a component, in any letter case.
func (i Incident) Touches(component string) bool {
	return slices.ContainsFunc(i.Components, func(c Component) bool { return strings.EqualFold(c.Name, component) })
}
