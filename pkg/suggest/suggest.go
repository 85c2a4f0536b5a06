package suggest

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agext/levenshtein"
)

// Closest returns the word of known that is most like word, or "" when none is near enough to be
// worth naming: more than a third of the letters are wrong, or the word is a single letter.
// Letter case is ignored. Of equally near words none is named: sev9 is no more sev1 than sev4. Where one
// begins like another that comes before it, the shorter is meant.
func Closest(word string, known []string) string {
	w := strings.ToLower(strings.TrimSpace(word))
	size := utf8.RuneCountInString(w)
	if size < 2 || size > 64 {
		return ""
	}
	best, bestDistance := "", 1+2*max(1, size/3)
	for _, k := range known {
		switch d := distance(w, strings.ToLower(k)); {
		case d < bestDistance:
			best, bestDistance = k, d
		case d == bestDistance && best != "" && strings.HasPrefix(k, best):
		case d == bestDistance && best != k:
			best = ""
		}
	}
	return best
}

// distance counts an unfinished word as nearest ("cust" means "customer"), then changed places, then wrong letters.
func distance(word, known string) int {
	if len(word) >= 3 && strings.HasPrefix(known, word) {
		return 0
	}
	if letters(word) == letters(known) { // changed places are the commonest slip
		return 1
	}
	return 2 * levenshtein.Distance(word, known, nil)
}

// letters are those of a word in the order of the alphabet.
func letters(word string) string {
	list := []rune(word)
	slices.Sort(list)
	return string(list)
}
