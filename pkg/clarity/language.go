package clarity

import "unicode/utf8"

// isEnglish reports whether the rules that know English words apply.
func isEnglish(tokens []token, g *Glossary) bool {
	ours, theirs, known, other, words := 0, 0, 0, 0, 0
	for i := range tokens {
		t := &tokens[i]
		if t.low[0] <= '9' && t.low[0] >= '0' || t.code {
			continue
		}
		words++
		c := t.class
		if c&english != 0 {
			ours++
		}
		if c&foreign != 0 {
			theirs++
		}
		if _, term := g.first[t.low]; term || c&^foreign != 0 {
			known++
		}
		if first, _ := utf8.DecodeRuneInString(t.low); first > 0x24f { // neither Latin nor accented Latin
			other++
		}
	}
	switch {
	case words == 0:
		return true
	case other*3 > words:
		return false
	case theirs > ours:
		return false
	case ours == 0 && words >= 3:
		return known*4 >= words
	default:
		return true
	}
}
