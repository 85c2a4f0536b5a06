package when

import (
	"strings"
	"time"
)

// farthest is how far ahead a clock time without a day may lie. At 14:43, "14:40" is a slip and not
// tomorrow, and "2:00" may well be meant for the afternoon.
const farthest = 12 * time.Hour

const nextForms = "30m, 1h30m, 16:30, tomorrow 09:00, 2026-11-24 09:00, 2026-11-24 09:00 +01:00 or RFC 3339"

// nextDays are the days that [Next] knows by name.
var nextDays = map[string]int{"today": 0, "tomorrow": 1}

// Next reads s as a moment after now, in one of the forms that the package comment lists. Clock times
// and dates without a zone are read in now's location. A clock time alone is its next occurrence, if
// that is within twelve hours.
func Next(s string, now time.Time) (time.Time, error) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return time.Time{}, refuse("a time is missing; write %s", nextForms)
	}
	t, err := readNext(s, words, now)
	if err != nil {
		return time.Time{}, err
	}
	if t, err = settle(s, t); err != nil {
		return time.Time{}, err
	}
	if !t.After(now) {
		return time.Time{}, notAhead(s)
	}
	return t, nil
}

func readNext(s string, words []string, now time.Time) (time.Time, error) {
	first, last := strings.ToLower(words[0]), strings.ToLower(words[len(words)-1])
	length := strings.Join(words, " ")
	if first == "in" {
		length = strings.Join(words[1:], " ")
	}
	if _, ok := readUnits(length); ok || first == "in" {
		d, err := Duration(length)
		return now.Add(d), err
	}
	if first == "now" && len(words) == 1 || first == "yesterday" || last == "ago" {
		return time.Time{}, notAhead(s)
	}
	if _, ok := readDate(first); ok && len(words) == 1 {
		return time.Time{}, refuse("%s names no time of that day; write it as in %q", quote(s), first+" 14:05")
	}
	w, ok := readWritten(words, now, nextDays)
	if !ok {
		if d, ok := respellDuration(s); ok {
			return time.Time{}, refuse("%s is not understood; did you mean %s?", quote(s), quote(d))
		}
		return time.Time{}, explain(s, now, nextDays, nextForms)
	}
	if !w.dated {
		return nextClock(s, w, now)
	}
	return momentOf(s, w.wall, w.loc)
}

// nextClock is when clocks show w next.
func nextClock(s string, w written, now time.Time) (time.Time, error) {
	if !w.wall.After(shownBy(now.In(w.loc))) {
		w.wall = w.wall.AddDate(0, 0, 1)
	}
	t, err := momentOf(s, w.wall, w.loc)
	if err != nil {
		return time.Time{}, err
	}
	if t.Sub(now) > farthest {
		return time.Time{}, refuse("%s is more than 12 hours ahead; did you mean %q?", quote(s), w.String())
	}
	return t, nil
}

func notAhead(s string) error {
	return refuse("%s is not ahead of now; write a moment that is, as in %q or %q", quote(s), "30m", "tomorrow 09:00")
}
