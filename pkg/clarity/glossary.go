package clarity

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"incident/pkg/incident"
)

// MaxTerm is how many characters a term, a spelling of it, or its plain words may have.
const MaxTerm = 200

// Term is a word that not everybody knows, and what to write instead.
type Term struct {
	Term, Plain string
	Hard        bool              // unknown outside engineering; else known to many, and empty to the rest
	Also        []string          // other spellings
	Audience    incident.Audience // the widest that knows the word; zero: internal
	Allowed     bool              // the team's readers know it
	Team        bool              // it is the team's own; set by [Glossary.With]
}

// knows reports whether readers in a know the word.
func (t *Term) knows(a incident.Audience) bool {
	return t.Allowed || a <= max(t.Audience, incident.Internal)
}

// Glossary finds terms in texts.
type Glossary struct {
	terms []Term
	ours  int // those from here on are the team's
	first map[string][]spelling
}

// spelling is one way to write a term, as tokens.
type spelling struct {
	words []string
	term  int
	team  bool
}

//go:generate go run incident/pkg/clarity/gen ../../templates/glossary.yaml glossary_table.go

var builtIn = sync.OnceValue(func() *Glossary {
	terms := parseTable(table)
	return index(terms, len(terms))
})

// BuiltIn is the glossary that comes with the program. It is read when it is first asked for.
func BuiltIn() *Glossary { return builtIn() }

// parseTable reads the generated table: a term a line, with tabs between its level, the widest audience that
// knows it, its plain words and its spellings.
func parseTable(table string) []Term {
	terms := make([]Term, 0, strings.Count(table, "\n"))
	for line := range strings.Lines(table) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		t := Term{Hard: f[0][0] == 'h', Audience: incident.Audience(f[0][1] - '0'), Plain: f[1], Term: f[2]}
		if len(f) > 3 {
			t.Also = f[3:]
		}
		terms = append(terms, t)
	}
	return terms
}

// index prepares terms for finding; those from ours on are the team's.
func index(terms []Term, ours int) *Glossary {
	g := &Glossary{terms: terms, ours: ours, first: make(map[string][]spelling, 3*len(terms))}
	taken := map[string]bool{}
	for i := len(terms) - 1; i >= 0; i-- { // the team's come last, and win
		for k := -1; k < len(terms[i].Also); k++ {
			words := terms[i].Term
			if k >= 0 {
				words = terms[i].Also[k]
			}
			list := split(words)
			if len(list) == 0 {
				continue
			}
			forms := [][]string{list}
			if i >= ours {
				forms = append(forms, formsOf(list)...)
			}
			for _, form := range forms {
				key := strings.Join(form, " ")
				if taken[key] {
					continue
				}
				taken[key] = true
				g.first[form[0]] = append(g.first[form[0]], spelling{words: form, term: i, team: i >= ours})
			}
		}
	}
	for _, list := range g.first {
		slices.SortStableFunc(list, func(a, b spelling) int { return len(b.words) - len(a.words) })
	}
	return g
}

// formsOf are the plural of a team's term, and its words with hyphens between them: nobody lists these. The built-in terms
// list what they are found by, since some have another meaning in the plural.
func formsOf(words []string) [][]string {
	plural := slices.Clone(words)
	plural[len(plural)-1] += "s"
	forms := [][]string{plural}
	if len(words) > 1 {
		forms = append(forms, []string{strings.Join(words, "-")}, []string{strings.Join(plural, "-")})
	}
	return forms
}

// TermError is an [incident.ErrInvalid] about a term of a team which cannot be used.
type TermError struct {
	Index        int // of the team's terms
	Term, Reason string
}

func (e *TermError) Error() string { return fmt.Sprintf("term %q: %s", e.Term, e.Reason) }
func (e *TermError) Unwrap() error { return incident.ErrInvalid }

// With is the glossary extended by a team's own terms, and what is left out of these because it cannot be used. A term
// of the team stands for the built-in one of the same name, and its spellings before those of all others.
func (g *Glossary) With(team []Term) (*Glossary, []*TermError) {
	var unusable []*TermError
	var usable []Term
	seen := map[string]bool{}
	for i := range team {
		term, reason := team[i].Term, team[i].wrong()
		for _, s := range team[i].spellings() {
			if key := strings.Join(split(s), " "); reason == "" && seen[key] {
				term, reason = s, "it is there twice"
			}
		}
		if reason != "" {
			unusable = append(unusable, &TermError{Index: i, Term: shorten(term), Reason: reason})
			continue
		}
		usable = append(usable, team[i])
		usable[len(usable)-1].Team = true
		for _, s := range team[i].spellings() {
			seen[strings.Join(split(s), " ")] = true
		}
	}
	return g.with(usable, seen), unusable
}

func (t *Term) spellings() []string { return append([]string{t.Term}, t.Also...) }

// with is the glossary extended by usable terms; seen are all their spellings.
func (g *Glossary) with(team []Term, seen map[string]bool) *Glossary {
	terms, ours := make([]Term, 0, len(g.terms)+len(team)), g.ours
	for i, t := range g.terms {
		if !seen[strings.Join(split(t.Term), " ")] {
			terms = append(terms, t)
			continue
		}
		if i < g.ours {
			ours--
		}
		own := slices.IndexFunc(team, func(o Term) bool { return slices.Equal(split(o.Term), split(t.Term)) })
		if own < 0 {
			continue
		}
		also := slices.Clone(team[own].Also) // who overrides "API" does not mean to lose "APIs"
		for _, s := range t.Also {
			if !seen[strings.Join(split(s), " ")] {
				also = append(also, s)
			}
		}
		team[own].Also = also
	}
	return index(append(terms, team...), ours)
}

// SameTerm reports whether two spellings are found as one: letter case, blanks and signs between words do not count.
func SameTerm(a, b string) bool { return slices.Equal(split(a), split(b)) }

// wrong says why a term cannot be used.
func (t *Term) wrong() string {
	for _, s := range t.spellings() {
		switch {
		case strings.TrimSpace(s) == "":
			return "it is empty, or one of its spellings is"
		case utf8.RuneCountInString(s) > MaxTerm:
			return fmt.Sprintf("it is longer than %d characters", MaxTerm)
		case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
			return "it holds characters that cannot be printed"
		case len(split(s)) == 0:
			return "it has neither letters nor digits"
		case !t.Allowed && grammatical(split(s)):
			return "it is an ordinary word, which would be found everywhere"
		}
	}
	switch {
	case utf8.RuneCountInString(t.Plain) > MaxTerm:
		return fmt.Sprintf("its plain words are longer than %d characters", MaxTerm)
	case !utf8.ValidString(t.Plain) || strings.ContainsFunc(t.Plain, unicode.IsControl):
		return "its plain words hold characters that cannot be printed"
	case !t.Allowed && contains(split(t.Plain), split(t.Term)):
		return "its plain words use it again"
	default:
		return ""
	}
}

// grammatical reports whether words are of grammar alone.
func grammatical(words []string) bool {
	for _, w := range words {
		if lexicon()[w]&english == 0 {
			return false
		}
	}
	return true
}

// contains reports whether words stand in text, one after another.
func contains(text, words []string) bool {
	for i := 0; len(words) > 0 && i+len(words) <= len(text); i++ {
		if slices.Equal(text[i:i+len(words)], words) {
			return true
		}
	}
	return false
}

func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Terms lists the terms by name.
func (g *Glossary) Terms() []Term {
	terms := slices.Clone(g.terms)
	slices.SortFunc(terms, func(a, b Term) int { return strings.Compare(strings.ToLower(a.Term), strings.ToLower(b.Term)) })
	return terms
}

// Find is the term that a word or its spelling belongs to.
func (g *Glossary) Find(word string) (Term, bool) {
	words := split(word)
	if len(words) == 0 {
		return Term{}, false
	}
	for _, s := range g.first[words[0]] {
		if slices.Equal(s.words, words) {
			return g.terms[s.term], true
		}
	}
	return Term{}, false
}
