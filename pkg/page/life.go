package page

import (
	"html/template"
	"slices"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/picture"
	"incident/pkg/view"
)

// life is how an incident went, from status to status, as a picture with its words. It is drawn once that is over: what
// goes on would be drawn otherwise with every minute, and a page that nobody has changed is to stay the same.
func (w *writer) life(headline string, v view.View) template.HTML {
	if !v.Status.Over() {
		return ""
	}
	moves := slices.Clone(v.Moves)
	slices.SortStableFunc(moves, func(a, b view.Move) int { return a.At.Compare(b.At) })
	var parts []picture.Part
	for n, m := range moves {
		if m.Status.Over() || n+1 == len(moves) {
			continue
		}
		parts = append(parts, w.part(m, moves[n+1].At, v.Started))
	}
	return picture.Life(w.Words.Say("life", "name", markdown.Safe(headline)), parts)
}

// part is a status and how long it lasted. The day of a time without one is that of the beginning.
func (w *writer) part(m view.Move, to, started time.Time) picture.Part {
	day := func(t time.Time) string { return w.moment(t, !w.sameDay(t, started)).Text }
	return picture.Part{Name: m.Status.String(), From: m.At, To: to, Said: w.Words.Say("life_part",
		"status", w.Words.Say("status_"+m.Status.String()), "from", day(m.At), "to", day(to), "duration", w.Words.Duration(to.Sub(m.At)))}
}
