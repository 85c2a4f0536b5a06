package incident

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// nameTime is how an entry's name spells the moment it was recorded: UTC, milliseconds.
const nameTime = "20060102T150405.000Z"

var namePattern = regexp.MustCompile(`^(\d{8}T\d{6}\.\d{3}Z)-([a-z]+(?:-[a-z]+)*)-([0-9a-z]{4,26})$`)

// Name is an entry's name, the file name without its ending: when it was recorded, what it is, and a
// random suffix. Sorting by name is sorting by recording.
type Name struct {
	Recorded time.Time // UTC, whole milliseconds
	Label    string    // "note-customer"; see [Entry.Label]
	Suffix   string    // alone it names the entry where it is unique
}

// String is the name as files spell it: 20261123T141500.120Z-note-customer-p9c4we.
func (n Name) String() string {
	return n.Recorded.UTC().Format(nameTime) + "-" + n.Label + "-" + n.Suffix
}

// ParseName reads a name; anything but what [Name.String] writes is an [ErrInvalid].
func ParseName(s string) (Name, error) {
	m := namePattern.FindStringSubmatch(s)
	if m == nil {
		return Name{}, fmt.Errorf("entry name %q: %w", s, ErrInvalid)
	}
	at, err := time.Parse(nameTime, m[1])
	if err != nil {
		return Name{}, fmt.Errorf("entry name %q: %w", s, ErrInvalid)
	}
	return Name{Recorded: at, Label: m[2], Suffix: m[3]}, nil
}

// NextRecorded is the time under which an entry is recorded now: the clock's, but always at least one
// millisecond after the newest entry present, so that inside an incident time never goes back. A name
// from the last year that names can spell is no newest entry but damage, and is passed over.
func NextRecorded(now time.Time, present []Entry) time.Time {
	at := now.UTC().Truncate(time.Millisecond)
	for _, e := range present {
		if n, err := ParseName(e.Name); err == nil && n.Recorded.Year() < 9999 && !at.After(n.Recorded) {
			at = n.Recorded.Add(time.Millisecond)
		}
	}
	return at
}

// suffixOf is the random end of a name, or the whole name where it has none.
func suffixOf(name string) string { return name[strings.LastIndexByte(name, '-')+1:] }
