package cli

import (
	"slices"
	"strings"

	"incident/pkg/incident"
)

// letter is a note that is addressed to somebody who has not seen it yet.
type letter struct {
	inc  incident.Incident
	note incident.Entry
	to   []string // those of the names that were asked for, for whom nobody has seen it
}

// lettersTo finds the notes of incidents that are addressed to any of the names and not acknowledged, the oldest first.
func lettersTo(names []string, incidents ...incident.Incident) []letter {
	var list []letter
	for _, inc := range incidents {
		for _, e := range inc.Timeline {
			var mine []string
			for _, to := range inc.Unseen(e) {
				if slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, to) }) {
					mine = append(mine, to)
				}
			}
			if len(mine) > 0 {
				list = append(list, letter{inc, e, mine})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b letter) int { return a.note.Happened().Compare(b.note.Happened()) })
	return list
}

// text is what the note says now.
func (l letter) text() string {
	if now, ok := l.inc.Correction(l.note); ok {
		return now.Text
	}
	return l.note.Text
}
