package when

import (
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day

	// longest is ten years: nothing in an incident takes longer, so more is a slip of the finger.
	longest = 3650 * day
)

// units are the units of a duration, in the order in which they are written.
var units = [...]struct {
	letter string
	length time.Duration
}{{"w", week}, {"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}}

// Duration reads s as a length of time: "90s", "30m", "1h30m", "2d", "1w". It is elapsed time, so a day
// is 24 hours exactly. It may be zero, and at most ten years of 365 days.
func Duration(s string) (time.Duration, error) {
	d, ok := readUnits(strings.TrimSpace(s))
	if !ok {
		if meant, ok := respellDuration(s); ok {
			return 0, refuse("duration %s is not understood; did you mean %s?", quote(s), quote(meant))
		}
		return 0, refuse("duration %s is not understood; write whole numbers with w, d, h, m or s, "+
			"largest first: 30m, 1h30m, 2d", quote(s))
	}
	if d > longest {
		return 0, refuse("duration %s is longer than ten years", quote(s))
	}
	return d, nil
}

// readUnits adds up what s says. Past longest the sum is only known to be more than that.
func readUnits(s string) (sum time.Duration, ok bool) {
	rest := s
	for _, unit := range units {
		digits, after, found := strings.Cut(rest, unit.letter)
		if !found {
			continue
		}
		// Nine digits hold ten years of seconds. ParseUint takes no sign and, in base 10, no underscore.
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || len(digits) > 9 {
			return 0, false
		}
		rest = after
		if n > uint64(longest/unit.length) {
			sum = longest + 1
			continue
		}
		sum = min(sum+time.Duration(n)*unit.length, longest+1)
	}
	return sum, s != "" && rest == ""
}

// longUnits turns the names of units, also those of [FormatDuration], into their letters.
var longUnits = strings.NewReplacer(
	"weeks", "w", "week", "w",
	"days", "d", "day", "d",
	"hours", "h", "hour", "h", "hrs", "h", "hr", "h",
	"minutes", "m", "minute", "m", "mins", "m", "min", "m",
	"seconds", "s", "second", "s", "secs", "s", "sec", "s",
)

// respellDuration writes "1 h 30 min" or "30M" as [Duration] reads it.
func respellDuration(s string) (string, bool) {
	short := longUnits.Replace(strings.ToLower(strings.Join(strings.Fields(s), "")))
	d, ok := readUnits(short)
	return short, ok && d <= longest
}
