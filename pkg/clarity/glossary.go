package clarity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"incident/pkg/incident"
)

// Term is a word of engineers and what their readers can read instead.
type Term struct {
	Term    string
	Plain   string
	Hard    bool     // people outside engineering do not know it
	Also    []string // other spellings of it
	Allowed bool     // a team's readers know it: it is no jargon here
}

// maxTerm is how long a spelling may be, in characters: it is a word or a few.
const maxTerm = 100

// Glossary knows terms by their words.
type Glossary struct {
	terms  []Term
	byWord map[string][]spelling // by the first word, the longest first
}

type spelling struct {
	words []token
	term  int
}

// BuiltIn makes the glossary that comes with the program.
func BuiltIn() *Glossary { return newGlossary(slices.Clone(builtIn[:])) }

func newGlossary(terms []Term) *Glossary {
	g := &Glossary{terms: terms, byWord: make(map[string][]spelling, 8*len(terms))}
	for i, t := range terms {
		for _, s := range t.spellings() {
			if words := tokenize(s); len(words) > 0 {
				g.byWord[words[0].word] = append(g.byWord[words[0].word], spelling{words, i})
			}
		}
	}
	for _, list := range g.byWord {
		slices.SortStableFunc(list, func(a, b spelling) int { return cmp.Compare(len(b.words), len(a.words)) })
	}
	return g
}

func (t Term) spellings() []string { return append([]string{t.Term}, t.Also...) }

// With is the glossary with a team's own terms, which stand in the place of built-in ones that are spelled
// so. The error, an [incident.ErrInvalid], names the first term that cannot be used.
func (g *Glossary) With(team []Term) (*Glossary, error) {
	theirs := map[string]bool{}
	for _, t := range team {
		for _, s := range t.spellings() {
			key := strings.ToLower(strings.TrimSpace(s))
			switch {
			case len(tokenize(s)) == 0:
				return nil, fmt.Errorf("term %q: %w: it has no letter and no digit", s, incident.ErrInvalid)
			case utf8.RuneCountInString(s) > maxTerm:
				return nil, fmt.Errorf("term %q…: %w: it is longer than %d characters", string([]rune(s)[:20]), incident.ErrInvalid, maxTerm)
			case theirs[key]:
				return nil, fmt.Errorf("term %q: %w: it is there twice", s, incident.ErrInvalid)
			}
			theirs[key] = true
		}
	}
	all := slices.Clone(team)
	for _, t := range g.terms {
		if theirs[strings.ToLower(t.Term)] { // all its spellings are the team's now
			continue
		}
		t.Also = slices.DeleteFunc(slices.Clone(t.Also), func(s string) bool { return theirs[strings.ToLower(s)] })
		all = append(all, t)
	}
	return newGlossary(all), nil
}

// Terms lists the terms, a team's own first.
func (g *Glossary) Terms() []Term { return slices.Clone(g.terms) }

// longest finds the longest term with which the words begin, and how many of them it takes.
func (g *Glossary) longest(words []token) (Term, int) {
	for _, key := range []string{words[0].word, strings.TrimSuffix(words[0].word, "s")} {
		for _, s := range g.byWord[key] {
			if matches(words, s.words) {
				return g.terms[s.term], len(s.words)
			}
		}
	}
	return Term{}, 0
}
