package cli

import (
	"encoding/binary"
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"incident/pkg/incident"
	"incident/pkg/pagememo"
)

// least is how many letters and digits words must have before finding them elsewhere means something.
const least = 16

// narrowing knows what the readers of a page may not see.
type narrowing struct {
	words []narrowWords
	begun map[uint64][]int // words by how they begin
	// theirs is what was written for the readers of the page. It is asked for only where narrower words are found.
	theirs func() ([]string, error)
}

// narrowWords are what an entry says that the readers of a page may not see.
type narrowWords struct {
	pagememo.Words
	id string // of the incident
}

// add adds what an incident holds.
func (n *narrowing) add(id string, words []pagememo.Words) {
	if n.begun == nil {
		n.begun = map[uint64][]int{}
	}
	for _, w := range words {
		key := beginning(w.Letters)
		n.begun[key] = append(n.begun[key], len(n.words))
		n.words = append(n.words, narrowWords{w, id})
	}
}

// leastLine is how many a line of a longer text must have.
const leastLine = 32

// narrowOf is what an incident holds that an audience may not see, as far as finding it elsewhere means something: texts, and
// each line of them.
func narrowOf(inc incident.Incident, a incident.Audience) []pagememo.Words {
	var list []pagememo.Words
	for _, e := range inc.Timeline {
		if a.Sees(e.Audience) {
			continue
		}
		whole := letters(e.Text)
		add := func(said string) {
			list = append(list, pagememo.Words{Letters: said, Entry: e.Name, Author: e.Author.Name, Audience: e.Audience})
		}
		if len(whole) >= least {
			add(whole)
		}
		for line := range strings.Lines(e.Text) {
			if said := letters(line); len(said) >= leastLine && said != whole {
				add(said)
			}
		}
	}
	return list
}

// writtenFor is what an incident holds that was written for an audience.
func writtenFor(inc incident.Incident, a incident.Audience) []string {
	var list []string
	for _, e := range inc.Timeline {
		if a.Sees(e.Audience) {
			list = append(list, letters(e.Text))
		}
	}
	return list
}

// check looks once more at what a page says: views are made so that nothing narrower can be in them, but a headline, a name
// in the configuration or a template may repeat what engineers wrote. What was written for the readers of the page too is
// theirs. It compares letters and digits alone, whatever marks and tags stand between them.
func (n *narrowing) check(name, letters string) error {
	for _, w := range n.in(letters) {
		theirs, err := n.theirs()
		if err != nil {
			return err
		}
		if slices.ContainsFunc(theirs, func(said string) bool { return strings.Contains(said, w.Letters) }) {
			continue
		}
		return &advised{
			incident.ErrAudience,
			fmt.Sprintf("%s would hold what %s wrote for %s only, in %s", name, w.Author, w.Audience.Readers(), w.Entry),
			"see who repeats it: the headline, a component, a template, or the name of the page; incident show " + w.id,
		}
	}
	return nil
}

// lettersOf are the letters and digits that readers of an HTML page see, and after them those of attributes that hold more
// than a word.
func lettersOf(page []byte) string {
	text, attributes := withoutTags(string(page))
	said := letters(html.UnescapeString(text))
	for _, a := range attributes {
		said += "\x00" + letters(html.UnescapeString(a))
	}
	return said
}

// in are the words that a text holds.
func (n *narrowing) in(text string) []narrowWords {
	var found []narrowWords
	if len(n.words) < 64 { // then each is looked for faster by itself
		for _, w := range n.words {
			if strings.Contains(text, w.Letters) {
				found = append(found, w)
			}
		}
		return found
	}
	for at := 0; at+least <= len(text); at++ {
		for _, w := range n.begun[beginning(text[at:])] {
			if strings.HasPrefix(text[at:], n.words[w].Letters) {
				found = append(found, n.words[w])
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

// withoutTags is the text of an HTML page, and of its tags the attributes with a space.
func withoutTags(s string) (text string, attributes []string) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			return b.String(), attributes
		}
		var tag string
		tag, s, _ = strings.Cut(rest, ">")
		for n, value := range strings.FieldsFunc(tag, func(r rune) bool { return r == '"' || r == '\'' }) {
			if n%2 == 1 && strings.Contains(value, " ") {
				attributes = append(attributes, value)
			}
		}
	}
}
