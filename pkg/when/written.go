package when

import (
	"strconv"
	"strings"
	"time"
)

// What clocks show is held as a [time.Time] in UTC whose zone means nothing; it is called wall.

// written is a clock time with the day and the zone that stand beside it, or else today and here.
type written struct {
	wall  time.Time
	loc   *time.Location
	dated bool   // a day was written
	zone  string // as it was written, if it was
}

// String is w with its date, in a form that this package reads.
func (w written) String() string { return strings.TrimSpace(formatWall(w.wall) + " " + w.zone) }

// readWritten reads words as RFC 3339 or as [day] clock [zone]. A day is a date or one of days, which
// says how far from today each is.
func readWritten(words []string, now time.Time, days map[string]int) (w written, ok bool) {
	if len(words) == 1 {
		if w, ok := readRFC3339(words[0]); ok {
			return w, true
		}
	}
	if len(words) == 0 {
		return written{}, false
	}
	var date time.Time
	w.loc = now.Location()
	// A named day takes no zone. "yesterday 23:30 UTC": the day before is another one there than here
	// for some hours.
	if n, named := days[strings.ToLower(words[0])]; named && len(words) == 2 {
		date, w.dated, words = dateOf(now).AddDate(0, 0, n), true, words[1:]
	} else if d, ok := readDate(words[0]); ok {
		date, w.dated, words = d, true, words[1:]
	}
	if len(words) == 2 {
		if w.loc, ok = readZone(words[1]); !ok {
			return written{}, false
		}
		w.zone, words = strings.ToUpper(words[1]), words[:1]
	}
	if len(words) != 1 {
		return written{}, false
	}
	clock, ok := readClock(words[0])
	if !w.dated {
		date = dateOf(now.In(w.loc))
	}
	w.wall = date.Add(clock)
	return w, ok
}

// readRFC3339 is stricter than [time.Parse], which also takes one-digit hours and a comma.
func readRFC3339(s string) (w written, ok bool) {
	const dateLen, clockEnd = len("2006-01-02"), len("2006-01-02T15:04:05")
	if len(s) <= clockEnd || s[dateLen] != 'T' && s[dateLen] != 't' {
		return written{}, false
	}
	date, dateOK := readDate(s[:dateLen])
	clock, clockOK := readClock(s[dateLen+1 : clockEnd])
	rest := s[clockEnd:]
	if rest[0] == '.' {
		zone := strings.TrimLeft(rest[1:], "0123456789")
		digits := rest[1 : len(rest)-len(zone)]
		if digits == "" {
			return written{}, false
		}
		millis, _ := strconv.Atoi((digits + "00")[:3]) // what is finer is cut off in any case
		clock, rest = clock+time.Duration(millis)*time.Millisecond, zone
	}
	zone, zoneOK := readZone(rest)
	zoneOK = zoneOK && (len(rest) == len("Z") || len(rest) == len("+01:00"))
	return written{wall: date.Add(clock), loc: zone, dated: true, zone: rest}, dateOK && clockOK && zoneOK
}

func readDate(s string) (time.Time, bool) {
	date, err := time.Parse(time.DateOnly, s)
	return date, err == nil && date.Year() >= firstYear
}

// readClock checks the length because [time.Parse] takes one-digit hours and fractions unasked.
func readClock(s string) (time.Duration, bool) {
	layout := "15:04:05"
	if len(s) == len("15:04") {
		layout = "15:04"
	}
	t, err := time.Parse(layout, s)
	clock := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	return clock, err == nil && len(s) == len(layout)
}

func readZone(s string) (*time.Location, bool) {
	switch strings.ToUpper(s) {
	case "UTC", "GMT", "Z":
		return time.UTC, true
	}
	if len(s) == len("+0100") {
		s = s[:3] + ":" + s[3:]
	}
	if len(s) != len("+01:00") || s[0] != '+' && s[0] != '-' {
		return nil, false
	}
	offset, ok := readClock(s[1:])
	if s[0] == '-' {
		offset = -offset
	}
	return time.FixedZone(s, int(offset.Seconds())), ok
}
