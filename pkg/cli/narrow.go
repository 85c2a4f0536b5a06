package cli

import (
	"encoding/binary"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"unicode"

	"incident/pkg/incident"
	"incident/pkg/page"
)

// least is how many letters and digits words must have before finding them elsewhere means something.
const least = 16

// noNarrowWords looks once more at what a page says: views are made so that nothing narrower can be in them, but a
// headline, a name in the configuration or a template may repeat what engineers wrote. What was written for the readers of
// the page too is theirs. It compares letters and digits alone, whatever marks and tags stand between them.
func noNarrowWords(files page.Files, all []incident.Incident, a incident.Audience) error {
	narrow := map[uint64][]narrowWords{} // by how they begin
	var theirs []string
	for _, inc := range all {
		for _, e := range inc.Timeline {
			said := letters(e.Text)
			if a.Sees(e.Audience) {
				theirs = append(theirs, said)
			} else if len(said) >= least {
				narrow[beginning(said)] = append(narrow[beginning(said)], narrowWords{said, e, inc.ID})
			}
			theirs = append(theirs, letters(e.Headline))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, w := range narrowIn(letters(html.UnescapeString(withoutTags(string(files[name])))), narrow) {
			if slices.ContainsFunc(theirs, func(said string) bool { return strings.Contains(said, w.said) }) {
				continue
			}
			return &advised{
				incident.ErrAudience,
				fmt.Sprintf("%s would hold what %s wrote for %s only, in %s", name, w.entry.Author.Name, w.entry.Audience.Readers(), w.entry.Name),
				"see who repeats it: the headline, a component, a template, or the name of the page; incident show " + w.id,
			}
		}
	}
	return nil
}

// narrowWords are what an entry says that the readers of a page may not see.
type narrowWords struct {
	said  string
	entry incident.Entry
	id    string
}

// narrowIn are the words that a text holds.
func narrowIn(text string, narrow map[uint64][]narrowWords) []narrowWords {
	var found []narrowWords
	for n := 0; n+least <= len(text); n++ {
		for _, w := range narrow[beginning(text[n:])] {
			if strings.HasPrefix(text[n:], w.said) {
				found = append(found, w)
			}
		}
	}
	return found
}

// beginning is the first eight bytes of a text that has them.
func beginning(s string) uint64 { return binary.LittleEndian.Uint64([]byte(s[:8])) }

// letters are the letters and digits of a text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < unicode.MaxASCII && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
			return r
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func withoutTags(s string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, s, _ = strings.Cut(rest, ">")
	}
}
