package incident

// Severity says how bad an incident is for the business, 1 the worst. Zero is not said yet.
type Severity uint8

// The severities, worst first. What each means is the team's configuration.
const (
	Sev1 Severity = iota + 1
	Sev2
	Sev3
	Sev4
)

var severities = vocabulary{
	what:  "severity",
	names: []string{"unset", "sev1", "sev2", "sev3", "sev4"},
	aliases: map[string]uint8{
		"1": 1, "2": 2, "3": 3, "4": 4,
		"s1": 1, "s2": 2, "s3": 3, "s4": 4,
		"p1": 1, "p2": 2, "p3": 3, "p4": 4,
		"sev_1": 1, "sev_2": 2, "sev_3": 3, "sev_4": 4,
	},
}

// Severities lists them all, worst first.
func Severities() []Severity { return []Severity{Sev1, Sev2, Sev3, Sev4} }

// String is the severity's name, "unset" for none.
func (s Severity) String() string { return severities.name(uint8(s)) }

// MarshalText implements [encoding.TextMarshaler].
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (s *Severity) UnmarshalText(text []byte) error {
	i, err := severities.parse(text)
	if err == nil {
		*s = Severity(i)
	}
	return err
}
