package view

import (
	"slices"
	"time"
)

// Lasted is how long customers noticed it until it was over: all periods together, where it came back. 0 while it goes
// on, and where the record contradicts itself.
func (v View) Lasted() time.Duration {
	if v.ResolvedAt.IsZero() || !v.Status.Over() {
		return 0
	}
	moves := slices.Clone(v.Moves)
	slices.SortStableFunc(moves, func(a, b Move) int { return a.At.Compare(b.At) })
	var sum time.Duration
	from := v.Started
	for _, m := range moves {
		switch over := m.Status.Over(); {
		case over && !from.IsZero():
			if m.At.Before(from) {
				return 0
			}
			sum += m.At.Sub(from)
			from = time.Time{}
		case !over && from.IsZero():
			from = m.At
		}
	}
	if !from.IsZero() {
		return max(0, v.ResolvedAt.Sub(v.Started)) // its end is not among the moves that this audience knows
	}
	return sum
}
