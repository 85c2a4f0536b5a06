package clarity

import (
	"slices"
	"strings"
	"sync"
)

// phrases are word sequences that mean something together, one a line:
//
//	as soon as        the words, in any case
//	look/looking      one of them
//	the?              may be missing
//	apologi*          a word that begins so
//	_                 any one word
//	~                 up to three words, or none
//
// The first word is written out. They are read when they are first used.
type phrases struct {
	text string
	once sync.Once
	by   map[string][][]element
}

// element is one place of a phrase.
type element struct {
	words []string
	stem  string
	any   bool
	gap   bool
}

func (p *phrases) read() {
	p.by = map[string][][]element{}
	for line := range strings.Lines(p.text) {
		p.add(nil, strings.Fields(line))
	}
}

func (p *phrases) add(head []element, rest []string) {
	if len(rest) == 0 {
		if len(head) > 0 {
			for _, w := range head[0].words {
				p.by[w] = append(p.by[w], head)
			}
		}
		return
	}
	w, optional := strings.CutSuffix(rest[0], "?")
	if optional {
		p.add(head, rest[1:])
	}
	var e element
	switch {
	case w == "_":
		e.any = true
	case w == "~":
		e.gap = true
	case strings.HasSuffix(w, "*"):
		e.stem = strings.TrimSuffix(w, "*")
	default:
		e.words = strings.Split(w, "/")
	}
	p.add(append(slices.Clip(head), e), rest[1:])
}

// at is how many of the tokens, from the first on, are one of the phrases; the longest. Zero for none.
func (p *phrases) at(tokens []token) int {
	p.once.Do(p.read)
	longest := 0
	for _, phrase := range p.by[tokens[0].low] {
		if n := match(phrase[1:], tokens[1:]); n >= 0 {
			longest = max(longest, n+1)
		}
	}
	return longest
}

func match(phrase []element, tokens []token) int {
	if len(phrase) == 0 {
		return 0
	}
	e := phrase[0]
	if e.gap {
		for skip := 0; skip <= 3 && skip <= len(tokens); skip++ {
			if n := match(phrase[1:], tokens[skip:]); n >= 0 {
				return skip + n
			}
		}
		return -1
	}
	if len(tokens) == 0 {
		return -1
	}
	low := tokens[0].low
	if !e.any && !(e.stem != "" && strings.HasPrefix(low, e.stem)) && !slices.Contains(e.words, low) {
		return -1
	}
	if n := match(phrase[1:], tokens[1:]); n >= 0 {
		return n + 1
	}
	return -1
}

// find is the first of the phrases among the tokens of one sentence.
func (p *phrases) find(tokens []token) (span, bool) {
	for i := range tokens {
		if n := p.at(tokens[i:]); n > 0 {
			return span{i, i + n}, true
		}
	}
	return span{}, false
}
