package incident

import (
	"slices"
	"strings"
	"time"
)

// Kind says what an entry records.
type Kind uint8

// The kinds of entries. The zero value is an entry that could not be read.
const (
	Unreadable Kind = iota
	Opened
	Note
	Moved // the status
	Reopened
	Set // facts
	Assigned
	Retracted
	Postmortem // drafted
)

var kinds = vocabulary{
	what:  "kind of entry",
	names: []string{"unreadable", "opened", "note", "status", "reopened", "set", "assigned", "retracted", "postmortem"},
	aliases: map[string]uint8{
		"open": 1, "notes": 2, "statuses": 3, "assign": 6, "retract": 7,
	},
}

// Kinds lists those that can be recorded.
func Kinds() []Kind {
	return []Kind{Opened, Note, Moved, Reopened, Set, Assigned, Retracted, Postmortem}
}

// String is the kind's name.
func (k Kind) String() string { return kinds.name(uint8(k)) }

// MarshalText implements [encoding.TextMarshaler].
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (k *Kind) UnmarshalText(text []byte) error {
	i, err := kinds.parse(text)
	if err == nil {
		*k = Kind(i)
	}
	return err
}

// Person is an author as git knows one.
type Person struct{ Name, Email string }

// String is the person as git writes one: Ana Lima <ana@example.com>.
func (p Person) String() string {
	if p.Email == "" {
		return p.Name
	}
	return p.Name + " <" + p.Email + ">"
}

// Attachment is a file that came with an entry.
type Attachment struct {
	Name   string // as the person called it
	File   string // its name in the incident's attachments folder
	Size   int64  // bytes
	SHA256 string // of the content, hexadecimal
}

// Next is what an entry promises its audience: that it hears again by a time, or (None) that no
// further word is to be expected. The zero value says nothing.
type Next struct {
	By   time.Time
	None bool
}

// Facts are what an entry says of the incident itself. What is zero is not said.
type Facts struct {
	Title      string
	Headline   string
	Severity   Severity
	Impact     Impact
	Components []Component
	Started    time.Time // when customers began to notice
	Customers  *int      // how many are affected
	Share      *float64  // of all customers, per cent
	Tags       []string
}

// IsZero reports whether no fact is said.
func (f Facts) IsZero() bool {
	return f.Title == "" && f.Headline == "" && f.Severity == 0 && f.Impact == 0 && len(f.Components) == 0 &&
		f.Started.IsZero() && f.Customers == nil && f.Share == nil && len(f.Tags) == 0
}

// Entry is one thing that happened, as it was recorded. Entries are never changed: what was wrong is
// put right by a further one.
type Entry struct {
	Name     string // see [Name]; unique in its incident
	Kind     Kind
	Audience Audience  // for whom its words are
	At       time.Time // when it happened, UTC; when it was recorded is in the name
	Author   Person
	Key      string // of a write that may be tried again; empty for none
	Text     string // Markdown

	Facts
	Status Status // of Opened, Moved, Reopened: what it became
	Role   string // of Assigned
	Holder string // of Assigned: who has it
	To     []string
	Next   Next

	Corrects string // of Note: the entry whose text this one replaces
	Retracts string // of Retracted: the entry whose text is withdrawn

	Attachments []Attachment
	Document    string // of Postmortem: the SHA-256 of the draft, by which an edited one is known
	Problem     error  // of Unreadable: why
}

// Label is the middle of the entry's name: what it is, and for whom or to which status.
func (e Entry) Label() string {
	switch e.Kind {
	case Note:
		return "note-" + e.Audience.String()
	case Moved:
		return "status-" + e.Status.String()
	default:
		return e.Kind.String()
	}
}

// Recorded is when the entry was written down, zero when its name does not say.
func (e Entry) Recorded() time.Time {
	n, err := ParseName(e.Name)
	if err != nil {
		return time.Time{}
	}
	return n.Recorded
}

// Suffix is the random end of the entry's name.
func (e Entry) Suffix() string { return suffixOf(e.Name) }

// Check says why the entry, whatever its incident, cannot be written: an [ErrInvalid].
func (e Entry) Check() error {
	if !e.Audience.valid() {
		return refuse(ErrInvalid, "", "the entry has no audience")
	}
	if e.Kind == Unreadable {
		return refuse(ErrInvalid, "", "the entry has no kind")
	}
	if e.Kind == Note && e.Text == "" && len(e.Attachments) == 0 {
		return refuse(ErrInvalid, `say something: incident note "…", or - to read standard input`, "the text is empty")
	}
	if err := checkText(e.Text); err != nil {
		return err
	}
	for _, l := range e.lines() {
		if err := checkLine(l.what, l.value); err != nil {
			return err
		}
	}
	if e.Customers != nil && *e.Customers < 0 {
		return refuse(ErrInvalid, "", "the number of customers is negative")
	}
	if e.Share != nil && !(*e.Share >= 0 && *e.Share <= 100) { // written so that NaN is refused too
		return refuse(ErrInvalid, "", "the share of customers is not between 0%% and 100%%")
	}
	for _, c := range e.Components {
		if c.State == 0 {
			return refuse(ErrInvalid, "", "component %q has no state", c.Name)
		}
	}
	return nil
}

type namedLine struct{ what, value string }

// lines are the entry's values of one line, those that are given.
func (e Entry) lines() []namedLine {
	all := []namedLine{
		{"title", e.Title}, {"headline", e.Headline}, {"key", e.Key}, {"role", e.Role}, {"holder", e.Holder},
		{"author's name", e.Author.Name}, {"author's address", e.Author.Email},
	}
	given := slices.DeleteFunc(all, func(l namedLine) bool { return l.value == "" })
	for _, c := range e.Components {
		given = append(given, namedLine{"component's name", c.Name})
	}
	for _, t := range e.Tags {
		given = append(given, namedLine{"tag", t})
	}
	for _, t := range e.To {
		given = append(given, namedLine{"addressee", t})
	}
	for _, a := range e.Attachments {
		given = append(given, namedLine{"attachment's name", a.Name}, namedLine{"attachment's file", a.File})
	}
	return given
}

// SameContent reports whether a and b say the same, so that the second is a retry of the first. Author
// and At are left out, since a retry comes later; so is how an attached file was stored.
func SameContent(a, b Entry) bool {
	return a.Kind == b.Kind && a.Audience == b.Audience && a.Text == b.Text && a.Status == b.Status &&
		a.Role == b.Role && a.Holder == b.Holder && a.Corrects == b.Corrects && a.Retracts == b.Retracts &&
		a.Title == b.Title && a.Headline == b.Headline && a.Severity == b.Severity && a.Impact == b.Impact &&
		slices.Equal(a.Components, b.Components) && sameAhead(a.Started, b.Started, a, b) &&
		equalTo(a.Customers, b.Customers) && equalTo(a.Share, b.Share) &&
		slices.Equal(a.Tags, b.Tags) && slices.Equal(a.To, b.To) && sameNext(a, b) &&
		slices.EqualFunc(a.Attachments, b.Attachments, func(x, y Attachment) bool { return x.Name == y.Name && x.SHA256 == y.SHA256 })
}

func sameNext(a, b Entry) bool {
	return a.Next.None == b.Next.None && sameAhead(a.Next.By, b.Next.By, a, b)
}

// sameAhead reports whether x of a and y of b are one moment, or lie equally far from when each happened:
// "in 30 minutes", asked again a minute later, is the same wish.
func sameAhead(x, y time.Time, a, b Entry) bool {
	if x.IsZero() || y.IsZero() {
		return x.IsZero() && y.IsZero()
	}
	return x.Equal(y) || x.Sub(a.At) == y.Sub(b.At)
}

func equalTo[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// RoleName is the one spelling of a role: lower case, and the field's word for its common short forms.
func RoleName(s string) string {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	switch s {
	case "ic", "incident commander", "lead":
		return Commander
	case "comms", "communication", "communications lead":
		return Communications
	case "ops", "operations lead":
		return Operations
	}
	return s
}

// The roles that most incidents have; any other name is allowed.
const (
	Commander      = "commander"
	Communications = "communications"
	Operations     = "operations"
	Scribe         = "scribe"
)
