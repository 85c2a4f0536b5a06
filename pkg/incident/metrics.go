package incident

import (
	"slices"
	"time"
)

// Metrics tell how an audience was served; docs/reference/metrics.md defines them.
type Metrics struct {
	Updates   int             // words for the audience; corrections are none of their own
	Silent    bool            // it heard nothing
	FirstWord time.Duration   // from when customers began to notice to the first word; 0 if silent
	Gaps      []time.Duration // between words, and from the last one to the end or until now; of a silent incident its length
	Promises  map[Outcome]int // what became of what was promised to it
	Overrides int             // updates with findings that their writer let pass
}

// Metrics measures how an audience was served until now.
func (i Incident) Metrics(a Audience, now time.Time) Metrics {
	m := Metrics{Promises: map[Outcome]int{}}
	for _, o := range Outcomes() {
		m.Promises[o] = 0
	}
	for _, p := range i.words[a].Promises {
		m.Promises[p.Outcome(now)]++
	}
	end := now
	if !i.ResolvedAt.IsZero() {
		end = i.ResolvedAt
	}
	last := i.Started
	for _, e := range i.spoken(a) {
		m.Updates++
		if len(e.Accepted) > 0 {
			m.Overrides++
		}
		at := e.Happened()
		if m.Updates == 1 {
			m.FirstWord = max(0, at.Sub(i.Started))
		} else if at.After(last) && !last.After(end) {
			until := at
			if until.After(end) {
				until = end
			}
			m.Gaps = append(m.Gaps, i.lasting(last, until))
		}
		last = at
	}
	m.Silent = m.Updates == 0
	if left := i.lasting(last, end); left > 0 {
		m.Gaps = append(m.Gaps, left)
	}
	return m
}

// spoken are the words for an audience, in the order in which they were said.
func (i *Incident) spoken(a Audience) []*Entry {
	var list []*Entry
	for n := range i.Timeline {
		e := &i.Timeline[n]
		if e.Audience != a || !e.speaks() || e.Kind == Retracted || e.Kind.After() || e.Unusable() != nil {
			continue
		}
		if _, about := i.Root(*e); !about {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *Entry) int { return a.Happened().Compare(b.Happened()) })
	return list
}

// Median is the middle of durations, the mean of the two in the middle of an even number; 0 of none.
func Median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
