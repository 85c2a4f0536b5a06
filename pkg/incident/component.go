package incident

import (
	"slices"
	"strings"
)

// State is how a component is for those who use it, from well to worst.
type State uint8

// The states, by the names that status pages share.
const (
	Operational State = iota + 1
	UnderMaintenance
	DegradedPerformance
	PartialOutage
	MajorOutage
)

var states = vocabulary{
	what:  "component state",
	names: []string{"unset", "operational", "under_maintenance", "degraded_performance", "partial_outage", "major_outage"},
	aliases: map[string]uint8{
		"up": 1, "ok": 1, "works": 1,
		"maintenance": 2,
		"degraded":    3, "slow": 3,
		"partial": 4,
		"major":   5, "down": 5, "outage": 5,
	},
}

// States lists them all, from well to worst.
func States() []State {
	return []State{Operational, UnderMaintenance, DegradedPerformance, PartialOutage, MajorOutage}
}

// String is the state's name as files and flags spell it: "partial_outage".
func (s State) String() string { return states.name(uint8(s)) }

// Words is the state for a sentence: "partial outage".
func (s State) Words() string { return strings.ReplaceAll(s.String(), "_", " ") }

// MarshalText implements [encoding.TextMarshaler].
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (s *State) UnmarshalText(text []byte) error {
	i, err := states.parse(text)
	if err == nil {
		*s = State(i)
	}
	return err
}

// StateFor is the state of a component that was named without one, as far as the impact tells.
func StateFor(i Impact) State {
	switch i {
	case ImpactNone:
		return Operational
	case ImpactMajor:
		return PartialOutage
	case ImpactCritical:
		return MajorOutage
	default: // minor, or not known yet: claim no more than that
		return DegradedPerformance
	}
}

// Component is something that customers know by name, in a state.
type Component struct {
	Name  string
	State State
}

const (
	unnamed   = "Service disruption" // the headline of an incident without components
	headMarks = ",:;"                // what may follow a word of a headline that is made
)

// DefaultHeadline names an incident for customers from the components it touches: "Checkout: partial
// outage". It is made of nothing else, so that no word of the title can reach them.
func DefaultHeadline(components []Component) string {
	var parts []string
	for _, s := range slices.Backward(States()) {
		if s == Operational {
			continue
		}
		var names []string
		for _, c := range components {
			if c.State == s {
				names = append(names, c.Name)
			}
		}
		if len(names) > 0 {
			parts = append(parts, strings.Join(names, ", ")+": "+s.Words())
		}
	}
	if len(parts) == 0 {
		return unnamed
	}
	return strings.Join(parts, "; ")
}

// GivenPart is the part of a word, in lower case and without blanks, that must stand in the name of a component where
// the word stands in a headline which [DefaultHeadline] makes: that adds words of its own, and marks after those of
// names. It is "" where its own words hold the word.
func GivenPart(word string) string {
	part := strings.TrimRight(word, headMarks)
	own := []string{strings.ToLower(unnamed)}
	for _, s := range States() {
		own = append(own, s.Words())
	}
	if slices.ContainsFunc(own, func(s string) bool { return strings.Contains(s, part) }) {
		return ""
	}
	return part
}
