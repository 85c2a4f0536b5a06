package page

import (
	"fmt"
	"strings"
	"time"
)

// Words are the texts of a page in one language, by key; {name} in a text stands for a value.
type Words map[string]string

// Say is the text of a key, with values in the place of their names: Say("since", "time", "14:02 UTC").
func (w Words) Say(key string, pairs ...any) string {
	text, ok := w[key]
	if !ok {
		return key
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+fmt.Sprint(pairs[i])+"}", fmt.Sprint(pairs[i+1]))
	}
	return text
}

// Count is the text of a key for a number: the key with _one or _other.
func (w Words) Count(key string, n int, pairs ...any) string {
	form := "_other"
	if n == 1 {
		form = "_one"
	}
	return w.Say(key+form, append(pairs, "n", n)...)
}

// Duration is a length of time, to the minute.
func (w Words) Duration(d time.Duration) string {
	minutes := max(1, int(d.Round(time.Minute)/time.Minute))
	var parts []string
	for _, unit := range []struct {
		key  string
		size int
	}{{"days", 24 * 60}, {"hours", 60}, {"minutes", 1}} {
		if n := minutes / unit.size; n > 0 && len(parts) < 2 {
			parts = append(parts, w.Count(unit.key, n))
			minutes -= n * unit.size
		} else if len(parts) > 0 {
			break
		}
	}
	return strings.Join(parts, " ")
}

// Day is a date for readers.
func (w Words) Day(t time.Time) string {
	return w.Say("date", "day", t.Day(), "month", w.Month(t), "year", t.Year())
}

// Month is the name of a month.
func (w Words) Month(t time.Time) string { return w.Say(fmt.Sprintf("month_%d", int(t.Month()))) }

// clock is a time of day with its zone; where that is not UTC, with UTC too.
func clock(t time.Time, zone *time.Location) string {
	local := t.In(zone).Format("15:04 MST")
	if utc := t.UTC().Format("15:04 UTC"); local != utc {
		return local + " (" + utc + ")"
	}
	return local
}
