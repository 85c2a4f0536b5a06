package incident

// Impact says what customers notice. Zero: nobody knows yet.
type Impact uint8

// The impacts. With [ImpactNone] nobody outside needs to know.
const (
	ImpactNone Impact = iota + 1
	ImpactMinor
	ImpactMajor
	ImpactCritical
)

var impacts = vocabulary{
	what:  "impact",
	names: []string{"unset", "none", "minor", "major", "critical"},
}

// Impacts lists them all, least first.
func Impacts() []Impact { return []Impact{ImpactNone, ImpactMinor, ImpactMajor, ImpactCritical} }

// String is the impact's name, "unset" for none said.
func (i Impact) String() string { return impacts.name(uint8(i)) }

// MarshalText implements [encoding.TextMarshaler].
func (i Impact) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (i *Impact) UnmarshalText(text []byte) error {
	n, err := impacts.parse(text)
	if err == nil {
		*i = Impact(n)
	}
	return err
}
