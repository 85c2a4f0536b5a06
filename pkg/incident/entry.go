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
	Acknowledged
	Action    // something that limits the next one, or what became of it
	Published // the postmortem, in the words of the entry
	Waived    // no postmortem is owed
)

var kinds = vocabulary{
	what:  "kind of entry",
	names: []string{"unreadable", "opened", "note", "status", "reopened", "set", "assigned", "retracted", "postmortem", "acknowledged", "action", "published", "waived"},
	aliases: map[string]uint8{
		"open": 1, "notes": 2, "statuses": 3, "assign": 6, "retract": 7, "ack": 9,
	},
}

// Kinds lists those that can be recorded.
func Kinds() []Kind {
	return []Kind{Opened, Note, Moved, Reopened, Set, Assigned, Retracted, Postmortem, Acknowledged, Action, Published, Waived}
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

// Accepted is a finding on the words of an entry that their writer let pass: the rule, as the check of
// wording names it, and why.
type Accepted struct{ Rule, Reason string }

// Next is what an entry promises its audience: that it hears again by a time, or (None) that no
// further word is to be expected. The zero value says nothing.
type Next struct {
	By      time.Time
	None    bool
	Because string // why By is as far ahead as it is
	Cadence bool   // nobody named By; it follows from what was settled when it was promised
}

func (n Next) said() bool { return n.None || !n.By.IsZero() }

// named reports whether somebody said it.
func (n Next) named() bool { return n.said() && !n.Cadence }

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
	Cause      string // what it came from, in a few words that other incidents may share
}

// IsZero reports whether no fact is said.
func (f Facts) IsZero() bool {
	return f.Title == "" && f.Headline == "" && f.Severity == 0 && f.Impact == 0 && len(f.Components) == 0 &&
		f.Started.IsZero() && f.Customers == nil && f.Share == nil && len(f.Tags) == 0 && f.Cause == ""
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
	Status Status // of Moved, Reopened: what it became; an opening is always investigating
	Role   string // of Assigned, and of Opened where somebody leads it from the first moment
	Holder string // of the role: who has it
	To     []string
	Next   Next

	Corrects string // of Note: the entry whose text this one replaces
	Retracts string // of Retracted: the entry whose text is withdrawn

	Acks []string // of Acknowledged: the notes that were seen
	As   []string // and for whom: those of their To

	Action ActionFacts // of Action

	Accepted []Accepted // findings on its words that their writer let pass

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

// clockSlack is how far clocks may differ before it is worth telling.
const clockSlack = 10 * time.Minute

// Happened is At as far as it can be believed. Nothing happens after it was written down: a time further
// ahead than clocks differ counts as the time of recording. So does one that was not said.
func (e Entry) Happened() time.Time {
	rec := e.Recorded()
	if !datable(e.At) || !rec.IsZero() && (e.At.IsZero() || e.At.Sub(rec) > clockSlack) {
		return rec
	}
	return e.At
}

// Promise is when the entry's audience hears next, zero where it does not say or where that cannot be.
func (e Entry) Promise() time.Time {
	if !datable(e.Next.By) {
		return time.Time{}
	}
	return e.Next.By
}

// Suffix is the random end of the entry's name.
func (e Entry) Suffix() string { return suffixOf(e.Name) }

// speaks reports whether the entry has words of its own, and not only facts.
func (e Entry) speaks() bool { return e.Text != "" || len(e.Attachments) > 0 }

// SameContent reports whether a and b say the same, so that the second is a retry of the first. Author
// and At are left out, since a retry comes later; so are how an attached file was stored, and what was let pass.
func SameContent(a, b Entry) bool {
	return a.Kind == b.Kind && a.Audience == b.Audience && a.Text == b.Text && a.Status == b.Status &&
		a.Role == b.Role && a.Holder == b.Holder && a.Corrects == b.Corrects && a.Retracts == b.Retracts && slices.Equal(a.Acks, b.Acks) && slices.Equal(a.As, b.As) && a.Action == b.Action &&
		a.Title == b.Title && a.Headline == b.Headline && a.Severity == b.Severity && a.Impact == b.Impact &&
		slices.Equal(a.Components, b.Components) && sameAhead(a.Started, b.Started, a, b) &&
		equalTo(a.Customers, b.Customers) && equalTo(a.Share, b.Share) &&
		slices.Equal(a.Tags, b.Tags) && a.Cause == b.Cause && slices.Equal(a.To, b.To) && sameNext(a, b) &&
		slices.EqualFunc(a.Attachments, b.Attachments, func(x, y Attachment) bool { return x.Name == y.Name && x.SHA256 == y.SHA256 })
}

// sameNext leaves out why, and when by what is settled, which may have been settled anew since.
func sameNext(a, b Entry) bool {
	if !a.Next.named() && !b.Next.named() {
		return true
	}
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
