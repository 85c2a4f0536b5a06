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

// narrowing knows what the readers of a page may not see.
type narrowing struct {
	audience incident.Audience
	narrow   map[uint64][]narrowWords // by how they begin
	theirs   []string                 // what was written for them
}

func (n *narrowing) add(inc incident.Incident) {
	if n.narrow == nil {
		n.narrow = map[uint64][]narrowWords{}
	}
	for _, e := range inc.Timeline {
		said := letters(e.Text)
		if n.audience.Sees(e.Audience) {
			n.theirs = append(n.theirs, said)
		} else if len(said) >= least {
			n.narrow[beginning(said)] = append(n.narrow[beginning(said)], narrowWords{said, e.Name, e.Author.Name, e.Audience, inc.ID})
		}
		if e.Headline != "" {
			n.theirs = append(n.theirs, letters(e.Headline))
		}
	}
}

// check looks once more at what a page says: views are made so that nothing narrower can be in them, but a headline, a name
// in the configuration or a template may repeat what engineers wrote. What was written for the readers of the page too is
// theirs. It compares letters and digits alone, whatever marks and tags stand between them.
func (n *narrowing) check(files page.Files) error {
	if len(n.narrow) == 0 {
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		for _, w := range narrowIn(letters(html.UnescapeString(withoutTags(string(files[name])))), n.narrow) {
			if slices.ContainsFunc(n.theirs, func(said string) bool { return strings.Contains(said, w.said) }) {
				continue
			}
			return &advised{
				incident.ErrAudience,
				fmt.Sprintf("%s would hold what %s wrote for %s only, in %s", name, w.author, w.audience.Readers(), w.entry),
				"see who repeats it: the headline, a component, a template, or the name of the page; incident show " + w.id,
			}
		}
	}
	return nil
}

// narrowWords are what an entry says that the readers of a page may not see.
type narrowWords struct {
	said          string
	entry, author string
	audience      incident.Audience
	id            string
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
