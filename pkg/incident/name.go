package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// nameTime is how an entry's name spells the moment it was recorded: UTC, milliseconds.
const nameTime = "20060102T150405.000Z"

// lastYear is the first year that no name may hold. What is recorded then could never be followed by
// anything: it would be the newest entry for good.
const lastYear = 9999

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

// ParseName reads a name; anything but what [Name.String] writes is an [ErrInvalid]. Whoever folds an incident
// reads each name several times, so it is done without time.Parse.
func ParseName(s string) (Name, error) {
	if len(s) > len(nameTime) && s[len(nameTime)] == '-' {
		rest := s[len(nameTime)+1:]
		n := Name{Label: rest[:max(0, strings.LastIndexByte(rest, '-'))], Suffix: suffixOf(rest)}
		var ok bool
		if n.Recorded, ok = recorded(s[:len(nameTime)]); ok && labelled(n.Label) && suffixed(n.Suffix) {
			return n, nil
		}
	}
	return Name{}, fmt.Errorf("entry name %q: %w", s, ErrInvalid)
}

// recorded reads a moment as [nameTime] spells it, of a year that a name may hold.
func recorded(stamp string) (time.Time, bool) {
	var part [8]int // century, year, month, day, hour, minute, second, hundredths
	for n, at := range [...]int{0, 2, 4, 6, 9, 11, 13, 16} {
		tens, ones := stamp[at]-'0', stamp[at+1]-'0'
		if tens > 9 || ones > 9 {
			return time.Time{}, false
		}
		part[n] = 10*int(tens) + int(ones)
	}
	year, month, day, hour, minute, second := 100*part[0]+part[1], part[2], part[3], part[4], part[5], part[6]
	if stamp[8] != 'T' || stamp[15] != '.' || !digit(stamp[18]) || stamp[19] != 'Z' || year >= lastYear ||
		month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	millis := 10*part[7] + int(stamp[18]-'0')
	return time.Date(year, time.Month(month), day, hour, minute, second, millis*int(time.Millisecond), time.UTC), true
}

// daysIn is how many days a month has.
func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func letter(c byte) bool { return 'a' <= c && c <= 'z' }

// MovesStatus reports whether an entry of that name can have a say in the status. Those that have decide
// alone whether an incident is closed: Fold of them and Fold of all agree on it.
func MovesStatus(name string) bool {
	n, err := ParseName(name)
	return err == nil && (n.Label == Opened.String() || n.Label == Reopened.String() || strings.HasPrefix(n.Label, Moved.String()+"-"))
}

// labelled reports whether s is words of small letters with hyphens between them.
func labelled(s string) bool {
	before := byte('-')
	for _, c := range []byte(s) {
		if !letter(c) && (c != '-' || before == '-') {
			return false
		}
		before = c
	}
	return before != '-'
}

// suffixed reports whether s can be the random end of a name.
func suffixed(s string) bool {
	for _, c := range []byte(s) {
		if !letter(c) && !digit(c) {
			return false
		}
	}
	return len(s) >= 4 && len(s) <= 26
}

// NextRecorded is the time under which an entry is recorded now: the clock's, but always at least one
// millisecond after the newest entry present, so that inside an incident time never goes back. What is
// recorded so late that no name could come after it is passed over.
func NextRecorded(now time.Time, present []Entry) time.Time {
	at, newest := now.UTC().Truncate(time.Millisecond), ""
	for _, e := range slices.Backward(present) { // mostly sorted: the first is the newest
		if e.Name <= newest {
			continue
		}
		n, err := ParseName(e.Name)
		next := n.Recorded.Add(time.Millisecond)
		if err != nil || next.Year() >= lastYear {
			continue
		}
		newest = e.Name
		if next.After(at) {
			at = next
		}
	}
	return at
}

// suffixOf is the random end of a name, or the whole name where it has none.
func suffixOf(name string) string { return name[strings.LastIndexByte(name, '-')+1:] }
