package when

import (
	"strings"
	"time"
)

const (
	// slack is how far past now a moment may lie and still count as come: clocks of machines differ.
	slack = 10 * time.Minute

	// Outside of these years a moment cannot be written in RFC 3339, or was not meant.
	firstYear, lastYear = 1970, 9999
)

const timeForms = "now, 14:05, yesterday 14:05, 2026-11-22 14:05, 2026-11-22 14:05 +01:00, RFC 3339 or 15m ago"

// pastDays are the days that [Time] knows by name.
var pastDays = map[string]int{"today": 0, "yesterday": -1}

// Time reads s as a moment that has come, in one of the forms that the package comment lists. Clock times
// and dates without a zone are read in now's location. More than ten minutes after now is [ErrFuture].
func Time(s string, now time.Time) (time.Time, error) {
	words := strings.Fields(s)
	if len(words) == 0 {
		return time.Time{}, refuse("a time is missing; write %s", timeForms)
	}
	first, last := strings.ToLower(words[0]), strings.ToLower(words[len(words)-1])
	switch {
	case first == "now" && len(words) == 1:
		return settle(s, now)
	case last == "ago":
		return ago(s, strings.Join(words[:len(words)-1], " "), now)
	case first == "in" || first == "tomorrow":
		return time.Time{}, notYet(s)
	}
	if date, ok := readDate(first); ok && len(words) == 1 {
		return pastDay(s, date, now)
	}
	return pastClock(s, words, now)
}

// ago is that length of time before now.
func ago(s, length string, now time.Time) (time.Time, error) {
	d, err := Duration(length)
	if meant, ok := respellDuration(length); err != nil && ok {
		return time.Time{}, refuse("%s is not understood; did you mean %s?", quote(s), quote(meant+" ago"))
	}
	if err != nil {
		return time.Time{}, err
	}
	return settle(s, now.Add(-d))
}

// pastDay is the start of a day.
func pastDay(s string, date, now time.Time) (time.Time, error) {
	t, err := startOf(s, date, now.Location())
	if err != nil {
		return time.Time{}, err
	}
	if t.After(now.Add(slack)) {
		return time.Time{}, notYet(s)
	}
	return settle(s, t)
}

// pastClock reads words as a clock time, with or without a day and a zone.
func pastClock(s string, words []string, now time.Time) (time.Time, error) {
	w, ok := readWritten(words, now, pastDays)
	if !ok {
		if d, ok := respellDuration(s); ok {
			return time.Time{}, refuse("%s is a duration; did you mean %s?", quote(s), quote(d+" ago"))
		}
		return time.Time{}, explain(s, now, pastDays, timeForms)
	}
	t, err := momentOf(s, w.wall, w.loc)
	if err != nil {
		return time.Time{}, err
	}
	if !t.After(now.Add(slack)) {
		return settle(s, t)
	}
	if w.dated {
		return time.Time{}, notYet(s)
	}
	meant := "yesterday " + formatClock(w.wall)
	if w.zone != "" {
		w.wall = w.wall.AddDate(0, 0, -1)
		meant = w.String()
	}
	return time.Time{}, refuseFuture("%s has not come yet today; did you mean %q?", quote(s), meant)
}

func notYet(s string) error {
	return refuseFuture("%s has not come yet; write a moment that has, as in %q", quote(s), "15m ago")
}

// settle gives a moment the form in which the package returns it.
func settle(s string, t time.Time) (time.Time, error) {
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < firstYear || t.Year() > lastYear {
		return time.Time{}, refuse("%s lies outside the years %d to %d in UTC", quote(s), firstYear, lastYear)
	}
	return t, nil
}
