package incident

import (
	"strings"
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

	Components []Component // in the order they were named, as they are now
	Roles      []Role      // in the order they were given, by who holds them now

	Timeline  []Entry // by recording, everything that was read
	Anomalies []Anomaly

	public      bool
	headline    string      // given by somebody
	hit         []Component // as they were when they last did not work
	words       [Customer + 1]Words
	corrections map[string]string // the root entry's name → the entry that holds its text now
	withdrawn   map[string]string // the root entry's name → the entry that withdrew it
	roots       map[string]string // a correction's or retraction's name → the entry it is about, at the bottom
}

// Role is a task in the incident and who has it.
type Role struct{ Name, Holder string }

// Anomaly is something that the fold could not apply. The entry is kept in the timeline all the same.
type Anomaly struct {
	Entry string // its name
	Err   error
}

// Public reports whether customers may know of the incident: from the first entry for them on.
func (i Incident) Public() bool { return i.public }

// Headline is what customers see as the incident's name; see [DefaultHeadline].
func (i Incident) Headline() string {
	if i.headline != "" {
		return i.headline
	}
	return DefaultHeadline(i.hit)
}

// Words tells when an audience was spoken to, and what it was promised.
func (i Incident) Words(a Audience) Words {
	if !a.valid() {
		return Words{}
	}
	return i.words[a]
}

// Entry finds an entry by its name.
func (i Incident) Entry(name string) (Entry, bool) {
	for _, e := range i.Timeline {
		if e.Name == name {
			return e, true
		}
	}
	return Entry{}, false
}

// Find lists the entries that ref may mean: a whole name, a random suffix, or the beginning of either.
func (i Incident) Find(ref string) []Entry {
	var found []Entry
	for _, e := range i.Timeline {
		switch {
		case ref == "":
		case e.Name == ref || e.Suffix() == ref:
			return []Entry{e}
		case len(ref) >= 3 && (strings.HasPrefix(e.Name, ref) || strings.HasPrefix(e.Suffix(), ref)):
			found = append(found, e)
		}
	}
	return found
}

// Duration is how long customers were disturbed, from start to resolution, or to now while it goes on.
// It is never negative.
func (i Incident) Duration(now time.Time) time.Duration {
	end := now
	if !i.ResolvedAt.IsZero() {
		end = i.ResolvedAt
	}
	return max(0, end.Sub(i.Started))
}

// component returns the state that a component has now, zero for one that was never named.
func component(list []Component, name string) State {
	for _, c := range list {
		if strings.EqualFold(c.Name, name) {
			return c.State
		}
	}
	return 0
}

// setComponent replaces the component of that name, whatever its letter case, or adds it.
func setComponent(list []Component, c Component) []Component {
	for i := range list {
		if strings.EqualFold(list[i].Name, c.Name) {
			list[i].State = c.State
			return list
		}
	}
	return append(list, c)
}
