package clarity

import (
	"strings"

	"incident/pkg/incident"
)

// SaidNext is the time of the next update as a text gives it: a clock time ("13:00"), with utc where it says so, or a
// length ("20m", "2h"). It is "" where the text gives none, or in another form.
func SaidNext(text string) (time string, utc bool) {
	r := read(text, &Context{Audience: incident.Customer})
	if !r.english {
		return "", false
	}
	for _, s := range r.sentences {
		tokens := r.tokens[s.start:s.end]
		at, found := r.next(tokens)
		if !found {
			continue
		}
		for i := at.start; i < at.end; i++ {
			t, after := &tokens[i], ""
			if i+1 < len(tokens) {
				after = tokens[i+1].low
			}
			switch {
			case t.class&clock != 0 && len(t.low) <= len("15:04") && strings.Contains(t.low, ":"):
				return t.low, after == "utc" || after == "gmt"
			case t.class&number != 0 && t.low[0] <= '9' && (strings.HasPrefix(after, "min") || strings.HasPrefix(after, "hour")):
				return t.low + after[:1], false
			}
		}
	}
	return "", false
}
