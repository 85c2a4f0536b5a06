package incident

import (
	"slices"
	"sort"
	"strings"
	"sync/atomic"
	"time"
)

// Incident is what a timeline adds up to. [Fold] makes it; nothing changes it afterwards.
type Incident struct {
	ID       string // YYYYMMDD-slug; holds words of the title
	PublicID string // YYYYMMDD-suffix of the opening entry; holds no words
	Title    string

	// IDAudience and TitleAudience are the widest readers of the identifier and of the title: the war
	// room, or engineers alone where the entry they came with was for engineers alone.
	IDAudience, TitleAudience Audience

	Status   Status
	Since    time.Time // when the status was reached
	Severity Severity
	Impact   Impact

	Opened    time.Time // when the opening happened
	Started   time.Time // when customers began to notice; the opening, until Confirmed
	Confirmed bool      // Started was said by somebody
	ResolvedAt,
	ClosedAt time.Time // zero while it is open

	Customers *int
	Share     *float64
	Tags      []string
	Cause     string // the newest that was given; "" where nobody said

	// CauseAudience are its widest readers: as of the title.
	CauseAudience Audience

	// Components in the order they were named, as they are now, and Roles in the order they were given, by
	// who holds them now. Both are for engineers; for others see ComponentsFor and RolesFor.
	Components []Component
	Roles      []Role

	Moves     []Move  // of the status, by recording
	Timeline  []Entry // by recording, everything that was read
	Anomalies []Anomaly

	Actions   []ActionItem  // in the order they were added
	Published []Publication // of the postmortem, the newest last
	Waived    []Waiver      // of the postmortem

	public     bool
	headlines  []headline // that were given, the newest last
	components []namedComponent
	stateMoves []stateMove // by recording
	roles      []givenRole
	words      [Customer + 1]Words
	fates      map[string]fate // of the entries that have one, by name
	orphaned   bool            // its opening is missing
	taken      *atomic.Int64   // how much of the room under the timeline is, once that is more than the timeline needs

	componentAt, roleAt, tagAt, actionAt map[string]int // by name; letter case counts for actions alone
}

// namedComponent is a component with what its name and its past tell.
type namedComponent struct {
	Component
	hit     State    // as it was when it last did not work
	readers Audience // the widest that may read its name
}

// stateMove is a state that a component came to.
type stateMove struct {
	entry     string // its name
	at        time.Time
	component int // its place
	state     State
}

// StateMove is a component's state from a time on.
type StateMove struct {
	At        time.Time
	Component string
	State     State
}

type givenRole struct {
	Role
	readers Audience // the widest that may read it
}

type headline struct{ entry, text string }

// Role is a task in the incident and who has it.
type Role struct{ Name, Holder string }

// Anomaly is something that the fold could not apply. The entry is kept in the timeline all the same.
type Anomaly struct {
	Entry string // its name
	Err   error
}

// Move is a change of the status.
type Move struct {
	Entry  string // its name
	At     time.Time
	Status Status
}

// Public reports whether customers may know of the incident: from the first entry for them on.
func (i Incident) Public() bool { return i.public }

// Named reports whether somebody gave the headline.
func (i Incident) Named() bool { return i.givenHeadline() != "" }

// Headline is what customers see as the incident's name: the newest that was given and not withdrawn,
// else it is made from what they may know of components; see [DefaultHeadline].
func (i Incident) Headline() string {
	if given := i.givenHeadline(); given != "" {
		return given
	}
	return DefaultHeadline(i.Hit())
}

// Hit lists the components that customers may know of and that did not work, each as it was when it last did not.
func (i Incident) Hit() []Component {
	states := make([]State, len(i.components))
	for n, c := range i.components {
		states[n] = c.hit
	}
	return i.hit(states)
}

func (i Incident) givenHeadline() string {
	for _, h := range slices.Backward(i.headlines) {
		if !i.withdrawn(h.entry) {
			return h.text
		}
	}
	return ""
}

// ComponentsFor lists the components that an audience may know of. A name that only engineers' entries
// hold is theirs, until an entry for others names it too; the state is then what it is, whoever said so.
func (i Incident) ComponentsFor(a Audience) []Component {
	var list []Component
	for _, c := range i.components {
		if a.Sees(c.readers) {
			list = append(list, c.Component)
		}
	}
	return list
}

// StatesFor tells how the components that an audience may know of came to be as they are, in the order that was
// recorded.
func (i Incident) StatesFor(a Audience) []StateMove {
	var list []StateMove
	for _, m := range i.stateMoves {
		if c := i.components[m.component]; a.Sees(c.readers) {
			list = append(list, StateMove{m.at, c.Name, m.state})
		}
	}
	return list
}

// ComponentsHit lists the components that an audience may know of, each as it was when it last did not work;
// one that is [Operational] worked all the time.
func (i Incident) ComponentsHit(a Audience) []Component {
	var list []Component
	for _, c := range i.components {
		if a.Sees(c.readers) {
			list = append(list, Component{c.Name, max(c.hit, Operational)})
		}
	}
	return list
}

// RolesFor lists the roles whose holder an audience may know. One that was last given in an entry for
// engineers is theirs.
func (i Incident) RolesFor(a Audience) []Role {
	var list []Role
	for _, r := range i.roles {
		if a.Sees(r.readers) {
			list = append(list, r.Role)
		}
	}
	return list
}

// Became is the status that an entry led to or left as it was; zero for one that does not speak of the
// status, and for one that asked for what could not be.
func (i Incident) Became(e Entry) Status { return i.fate(e.Name).became }

// Words tells when an audience was spoken to, and what it was promised.
func (i Incident) Words(a Audience) Words {
	if !a.valid() {
		return Words{}
	}
	return i.words[a]
}

// Entry finds an entry by its name.
func (i Incident) Entry(name string) (Entry, bool) {
	n := sort.Search(len(i.Timeline), func(n int) bool { return i.Timeline[n].Name >= name })
	if name == "" || n == len(i.Timeline) || i.Timeline[n].Name != name {
		return Entry{}, false
	}
	return i.Timeline[n], true
}

// Find lists the entries that ref may mean: a whole name, a random suffix, else the beginning of either.
func (i Incident) Find(ref string) []Entry {
	if e, ok := i.Entry(ref); ok {
		return []Entry{e}
	}
	var whole, begun []Entry
	for _, e := range i.Timeline {
		switch {
		case ref == "":
		case e.Suffix() == ref:
			whole = append(whole, e)
		case len(ref) >= 3 && (strings.HasPrefix(e.Name, ref) || strings.HasPrefix(e.Suffix(), ref)):
			begun = append(begun, e)
		}
	}
	if len(whole) > 0 {
		return whole
	}
	return begun
}

// Duration is how long customers were disturbed, from start to resolution, or to now while it goes on.
// It is never negative.
func (i Incident) Duration(now time.Time) time.Duration {
	end := now
	if !i.ResolvedAt.IsZero() {
		end = i.ResolvedAt
	}
	if i.Started.IsZero() { // nothing happened
		return 0
	}
	return max(0, end.Sub(i.Started))
}
