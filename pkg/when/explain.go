package when

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"incident/pkg/pattern"
)

// What people type that is nearly a time. Words are joined by single spaces before these look at them.
var (
	twelveHours = pattern.New(`(?i)^(.* )?(\d\d?)(:\d\d)?(:\d\d)? ?([ap])\.?m\.?$`)
	dayOrMonth  = pattern.New(`^(\d\d?)[/.-](\d\d?)[/.-](\d{4})\b`)
	likeDate    = pattern.New(`^\d{4}-\d\d-\d\d\b`)
	likeTime    = pattern.New(`(?i)^(?:(\d{4})[-/.](\d\d?)[-/.](\d\d?)[t ]|(\pL+) )?(?:at )?` +
		`(\d\d?):(\d\d)(:\d\d)?(?:[.,]\d+)? ?(utc|gmt|z|[+-]\d\d:?\d\d)?$`)
)

// explain refuses s, which [readWritten] could not read: with what was meant where that is clear, else
// with the forms that work.
func explain(s string, now time.Time, days map[string]int, forms string) error {
	words := strings.Fields(s)
	text := strings.Join(words, " ")
	if len(text) > 100 { // not nearly a time, and looking for one in a whole file takes long
		return refuse("%s is not understood; write %s", quote(s), forms)
	}
	readable := func(meant string) bool {
		_, ok := readWritten(strings.Fields(meant), now, days)
		return ok
	}
	if meant, ok := in24Hours(text); ok && readable(meant) {
		return refuse("%s is on the 12 hour clock; did you mean %q?", quote(s), meant)
	}
	if m := dayOrMonth.FindStringSubmatch(text); m != nil {
		return explainDayOrMonth(s, m[1], m[2], m[3])
	}
	if date := likeDate.FindString(text); date != "" {
		if _, ok := readDate(date); !ok {
			return refuse("%s: %s is not a day in the years %d to %d", quote(s), date, firstYear, lastYear)
		}
	}
	if meant, ok := respell(text); ok && readable(meant) {
		return refuse("%s is not understood; did you mean %q?", quote(s), meant)
	}
	_, named := days[strings.ToLower(words[0])]
	if named && len(words) == 1 {
		return refuse("%s names no time of that day; write it as in %q", quote(s), strings.ToLower(text)+" 14:05")
	}
	last := words[len(words)-1]
	if w, ok := readWritten(words[:len(words)-1], now, days); ok && w.zone == "" {
		if named {
			return refuse("%s: with a zone, write the date, as in %q", quote(s), "2026-11-22 14:05 +01:00")
		}
		return refuse("%s: %s is no zone that is clear everywhere; write UTC or an offset, as in %q",
			quote(s), quote(last), "14:05 +01:00")
	}
	return refuse("%s is not understood; write %s", quote(s), forms)
}

// explainDayOrMonth refuses "11/12/2026", of which either number may be the month.
func explainDayOrMonth(s, a, b, year string) error {
	dayFirst, monthFirst := isoDate(year, b, a), isoDate(year, a, b)
	_, dayOK := readDate(dayFirst)
	_, monthOK := readDate(monthFirst)
	switch {
	case dayOK && monthOK && dayFirst != monthFirst:
		return refuse("%s: day or month first? Write %s or %s", quote(s), dayFirst, monthFirst)
	case dayOK:
		return refuse("%s: write the date as %s", quote(s), dayFirst)
	case monthOK:
		return refuse("%s: write the date as %s", quote(s), monthFirst)
	}
	return refuse("%s is not understood; write the date as 2026-11-22", quote(s))
}

// in24Hours turns "2:05 pm" into "14:05".
func in24Hours(text string) (string, bool) {
	m := twelveHours.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	prefix, minutes, seconds := m[1], m[3], m[4]
	if minutes == "" {
		minutes = ":00"
	}
	hour, _ := strconv.Atoi(m[2])
	if hour < 1 || hour > 12 {
		return "", false
	}
	hour %= 12
	if strings.EqualFold(m[5], "p") {
		hour += 12
	}
	return fmt.Sprintf("%s%02d%s%s", prefix, hour, minutes, seconds), true
}

// respell turns "2026/11/2T9:05Z" into "2026-11-02 09:05 Z", and "yesterday at 9:05" into "yesterday 09:05".
func respell(text string) (string, bool) {
	m := likeTime.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	year, month, date, name, zone := m[1], m[2], m[3], m[4], m[8]
	clock := pad(m[5]) + ":" + m[6] + m[7]
	if year != "" {
		name = isoDate(year, month, date)
	}
	return strings.Join(strings.Fields(name+" "+clock+" "+zone), " "), true
}

func isoDate(year, month, date string) string { return year + "-" + pad(month) + "-" + pad(date) }

// pad writes one digit or two as two.
func pad(digits string) string {
	if len(digits) == 1 {
		return "0" + digits
	}
	return digits
}
