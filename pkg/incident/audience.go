package incident

// Audience says for whom something was written. The order is the rule: narrowest first. The zero
// value is nobody, so that a forgotten field shows too little, never too much.
type Audience uint8

// The audiences, narrowest first.
const (
	Technical   Audience = iota + 1 // the people fixing it
	Internal                        // the war room: everyone working on the incident
	Stakeholder                     // managers, account managers, support
	Customer                        // the public
)

var audiences = vocabulary{
	what:  "audience",
	names: []string{"nobody", "technical", "internal", "stakeholder", "customer"},
	aliases: map[string]uint8{
		"tech": 1, "engineer": 1, "engineers": 1, "engineering": 1,
		"war_room": 2, "warroom": 2, "team": 2,
		"stakeholders": 3, "management": 3, "managers": 3, "business": 3,
		"customers": 4, "public": 4, "everyone": 4,
	},
}

// Audiences lists them all, narrowest first.
func Audiences() []Audience { return []Audience{Technical, Internal, Stakeholder, Customer} }

// Sees reports whether a reader in a may see what was written for b: its own, and what is wider.
func (a Audience) Sees(b Audience) bool { return a.valid() && b.valid() && b >= a }

func (a Audience) valid() bool { return a >= Technical && a <= Customer }

// String is the audience's name, "nobody" for none.
func (a Audience) String() string { return audiences.name(uint8(a)) }

// Readers names the people of the audience, for a sentence: "customers", "the war room".
func (a Audience) Readers() string {
	switch a {
	case Technical:
		return "engineers"
	case Internal:
		return "the war room"
	case Stakeholder:
		return "stakeholders"
	case Customer:
		return "customers"
	default:
		return "nobody"
	}
}

// MarshalText implements [encoding.TextMarshaler].
func (a Audience) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (a *Audience) UnmarshalText(text []byte) error {
	i, err := audiences.parse(text)
	if err == nil {
		*a = Audience(i)
	}
	return err
}
