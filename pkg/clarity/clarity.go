package clarity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
)

// Level says what a finding does to an update.
type Level uint8

// The levels. A warning is shown, an error keeps the update from its readers.
const (
	Off Level = iota
	Warning
	Error
)

var levelNames = [...]string{"off", "warning", "error"}

// String is the level's name, as files spell it.
func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return levelNames[Error]
	}
	return levelNames[l]
}

// MarshalText implements [encoding.TextMarshaler].
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [incident.ErrUnknown].
func (l *Level) UnmarshalText(text []byte) error {
	i := slices.Index(levelNames[:], strings.ToLower(strings.TrimSpace(string(text))))
	if i < 0 {
		return fmt.Errorf("level %q: %w, use one of %s", text, incident.ErrUnknown, strings.Join(levelNames[:], ", "))
	}
	*l = Level(i)
	return nil
}

// Finding is one place, or one lack, that fails those who read the text.
type Finding struct {
	Rule        string // "jargon/term"
	Level       Level
	Start, End  int    // bytes of the text; equal: the text as a whole
	Message     string // one line for the writer: `"BGP" is jargon`
	Suggestion  string // what to write or do instead, one line; may be empty
	Replacement string // words that can stand for text[Start:End]; empty where none can
}

// Defaults are the levels of a rule where nobody has set others. Engineers' notes are never checked.
type Defaults struct{ Customer, Stakeholder, Internal Level }

// Rule is what the documentation says of a rule.
type Rule struct {
	ID            string // fault and rule: "jargon/term"
	Summary       string // what it finds
	Why           string // why that fails its reader
	Before, After string // a sample that it finds, and one that it does not
	Defaults      Defaults
}

// rule is a Rule with what finds it.
type rule struct {
	Rule
	anyLanguage bool
	find        func(*reading) []Finding
}

// groups are the rules by fault, in the order of the documentation.
func groups() [][]rule {
	return [][]rule{jargonRules, pointlessRules, sanitisedRules, needlessRules}
}

// Rules lists all rules, fault by fault.
func Rules() []Rule {
	var all []Rule
	for _, group := range groups() {
		for _, r := range group {
			all = append(all, r.Rule)
		}
	}
	return all
}

// Names lists the rules and the faults, each fault before its rules.
func Names() []string {
	var names []string
	for _, r := range Rules() {
		fault, _, _ := strings.Cut(r.ID, "/")
		if !slices.Contains(names, fault) {
			names = append(names, fault)
		}
		names = append(names, r.ID)
	}
	return names
}

func (d Defaults) of(a incident.Audience) Level {
	switch a {
	case incident.Customer:
		return d.Customer
	case incident.Stakeholder:
		return d.Stakeholder
	case incident.Internal:
		return d.Internal
	default:
		return Off
	}
}

// Levels are a team's own levels, by rule ("jargon/term") or by fault ("jargon"); a rule's own wins.
type Levels map[string]map[incident.Audience]Level

func (l Levels) of(r *Rule, a incident.Audience) Level {
	fault, _, _ := strings.Cut(r.ID, "/")
	for _, key := range [...]string{r.ID, fault} {
		if level, set := l[key][a]; set {
			return level
		}
	}
	return r.Defaults.of(a)
}

// Component is something that customers know by name, as it was when it last did not work; [incident.Operational]
// is one that worked all the time.
type Component struct {
	Name    string
	Aliases []string
	State   incident.State
}

// Update is one that went out before.
type Update struct {
	Text string
	Ago  time.Duration
	At   string // as it is shown: "14:05"
}

// Context is what is known of an incident when a text is checked. The zero value reads as an update to an
// open incident of which nothing is known, for nobody: nothing is checked.
type Context struct {
	Audience        incident.Audience
	Status          incident.Status // after the update; zero reads as investigating
	Moved           bool            // the status changes with this update
	Severity        incident.Severity
	Impact          incident.Impact
	Components      []Component // of the incident
	Known           []string    // other names that customers know: components, aliases, words of the product
	Title, Headline string
	Earlier         []Update  // to the same or a wider audience, oldest first
	Next            bool      // a time for the next update goes with the text
	Narrower        string    // the note that is put into plain words
	Glossary        *Glossary // nil: the built-in one
	Levels          Levels
	Strict          bool // sentences of over 25 words are long, not only those of over 40
}

// Check reads a text as its audience would. Findings come in the order of the text, those of one place by rule.
// Engineers may write to engineers as they like.
func Check(text string, c Context) []Finding {
	if c.Audience < incident.Internal || c.Audience > incident.Customer {
		return nil
	}
	var found []Finding
	var r *reading
	for _, group := range groups() {
		for i := range group {
			rule := &group[i]
			level := c.Levels.of(&rule.Rule, c.Audience)
			if level == Off {
				continue
			}
			if r == nil {
				r = read(text, &c)
			}
			if !rule.anyLanguage && !r.english {
				continue
			}
			for _, f := range rule.find(r) {
				f.Rule = rule.ID
				if f.Level == Off || f.Level > level { // a rule can be milder in one case, never harsher
					f.Level = level
				}
				found = append(found, f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Rule, b.Rule))
	})
	return found
}

// English reports whether a text is taken for English, so that all rules are applied to it.
func English(text string) bool { return isEnglish(scan(text).tokens, BuiltIn()) }

// mostReplaced is how many places [Plainer] changes at most.
const mostReplaced = 100

// Plainer is a text with plain words wherever a finding has some that can stand in its place. The rest of it is as it was.
func Plainer(text string, c Context) string {
	done := 0 // up to where the text is plain: what was put in is not put into plainer words again
	for range mostReplaced {
		found := Check(text, c)
		i := slices.IndexFunc(found, func(f Finding) bool { return f.Replacement != "" && f.Start >= done })
		if i < 0 {
			break
		}
		text = text[:found[i].Start] + found[i].Replacement + text[found[i].End:]
		done = found[i].Start + len(found[i].Replacement)
	}
	return text
}
