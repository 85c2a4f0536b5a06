package clarity

import (
	"cmp"
	"fmt"
	"slices"

	"incident/pkg/incident"
)

// Level says what a finding does to an update.
type Level uint8

// The levels. An error is refused unless its writer gives a reason; a warning is shown and goes on.
const (
	Off Level = iota
	Warning
	Error
)

var levelNames = [...]string{"off", "warning", "error"}

// String is the level's name.
func (l Level) String() string { return levelNames[min(int(l), len(levelNames)-1)] }

// MarshalText implements [encoding.TextMarshaler].
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [incident.ErrUnknown].
func (l *Level) UnmarshalText(text []byte) error {
	i := slices.Index(levelNames[:], string(text))
	if i < 0 {
		return &incident.UnknownError{What: "level", Word: string(text), Known: levelNames[:]}
	}
	*l = Level(i)
	return nil
}

// Finding is something in a text that its readers cannot use.
type Finding struct {
	Rule       string // "jargon/term"
	Level      Level
	Start, End int    // bytes of the text
	Message    string // for the writer, one line
	Suggestion string // what to do instead, one line
}

// Context is what is known around a text.
type Context struct {
	Audience incident.Audience // for whom it is; engineers are left alone
	Known    []string          // names that its readers know: components, the product's own words
	Glossary *Glossary         // nil: the built-in one
	Strict   bool              // shorter sentences
}

// Rule is one kind of finding.
type Rule struct {
	ID      string
	Summary string // what it finds, and why that fails the reader
	levels  [3]Level
}

// rules are all there are, with their levels for customers, stakeholders and the war room.
var rules = [...]Rule{
	{"jargon/term", "a word of the glossary that people outside engineering do not know", [3]Level{Error, Warning, Off}},
	{"jargon/insider", "a word of the glossary that many know, and that says little to the rest", [3]Level{Warning, Off, Off}},
	{"jargon/acronym", "an abbreviation that is not written out", [3]Level{Warning, Warning, Off}},
	{"jargon/identifier", "the name of a machine, a version, a path, a ticket: it means something inside only", [3]Level{Error, Warning, Off}},
	{"jargon/long-sentence", "a sentence of over 40 words, which nobody reads twice in an outage", [3]Level{Warning, Warning, Off}},
	{"jargon/hard-to-read", "30 words or more with a reading ease (Flesch) below 30, that of a legal text", [3]Level{Warning, Off, Off}},
}

// Rules lists all rules.
func Rules() []Rule { return slices.Clone(rules[:]) }

// Level is what a finding of the rule does to an update for an audience.
func (r Rule) Level(a incident.Audience) Level {
	switch a {
	case incident.Customer:
		return r.levels[0]
	case incident.Stakeholder:
		return r.levels[1]
	case incident.Internal:
		return r.levels[2]
	default:
		return Off
	}
}

// Check finds what the readers of a text cannot use, in the order of the text.
func Check(text string, c Context) []Finding {
	if c.Audience <= incident.Internal { // no rule is on for them
		return nil
	}
	k := &checker{Context: c, text: text, tokens: tokenize(text)}
	k.exempt()
	k.terms()
	k.identifiers()
	if english(k.tokens) {
		k.acronyms()
		k.readability()
	}
	slices.SortStableFunc(k.findings, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return k.findings
}

// checker goes over one text.
type checker struct {
	Context
	text     string
	tokens   []token
	names    []string // the single words of known names
	findings []Finding
}

// find adds a finding about the tokens from i to before j, at the level that its rule has.
func (k *checker) find(rule string, i, j int, message, suggestion string) {
	at := slices.IndexFunc(rules[:], func(r Rule) bool { return r.ID == rule })
	if level := rules[at].Level(k.Audience); level != Off {
		k.findings = append(k.findings, Finding{rule, level, k.tokens[i].start, k.tokens[j-1].end, message, suggestion})
	}
}

// said is the text of the tokens from i to before j.
func (k *checker) said(i, j int) string { return k.text[k.tokens[i].start:k.tokens[j-1].end] }

// exempt marks the words that the readers know.
func (k *checker) exempt() {
	for _, name := range k.Known {
		words := tokenize(name)
		for _, w := range words {
			k.names = append(k.names, w.word)
		}
		for i := range k.tokens {
			if n := len(words); n > 0 && matches(k.tokens[i:], words) {
				for j := range n {
					k.tokens[i+j].known = true
				}
			}
		}
	}
}

func quote(s string) string { return fmt.Sprintf("%q", s) }
