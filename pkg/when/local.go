package when

import "time"

// shownBy is what clocks in t's location show at t, as a wall: see [written].
func shownBy(t time.Time) time.Time {
	year, month, date := t.Date()
	return time.Date(year, month, date, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// dateOf is the date that they show.
func dateOf(t time.Time) time.Time { return shownBy(t).Truncate(day) }

// momentsOf lists when clocks in loc show wall: once as a rule, never where they jump over it, twice
// where they go back over it. The offsets are those in force before and after; they are equal unless
// clocks change within a day. No location has changed its clocks twice in two days since 1970.
func momentsOf(wall time.Time, loc *time.Location) (moments []time.Time, before, after time.Duration) {
	year, month, date := wall.Date()
	near := time.Date(year, month, date, wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), loc)
	before, after = offsetOf(near.Add(-day)), offsetOf(near.Add(day))
	offsets := []time.Duration{before}
	if after != before {
		offsets = append(offsets, after)
	}
	for _, offset := range offsets {
		if t := wall.Add(-offset).In(loc); offsetOf(t) == offset {
			moments = append(moments, t)
		}
	}
	return moments, before, after
}

func offsetOf(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// momentOf is the one moment when clocks in loc show wall. s is what was typed.
func momentOf(s string, wall time.Time, loc *time.Location) (time.Time, error) {
	moments, before, after := momentsOf(wall, loc)
	if len(moments) == 1 {
		return moments[0], nil
	}
	problem := "does not exist"
	if len(moments) > 1 {
		problem = "comes twice"
	}
	shown, first, second := formatWall(wall), formatOffset(before), formatOffset(after)
	return time.Time{}, refuse("%s %s on %s, when clocks change from %s to %s; did you mean %q or %q?",
		quote(s), problem, wall.Format(time.DateOnly), first, second, shown+" "+first, shown+" "+second)
}

// startOf is the first moment of a date in loc, which is not midnight where clocks jump over that.
func startOf(s string, date time.Time, loc *time.Location) (time.Time, error) {
	moments, before, _ := momentsOf(date, loc)
	if len(moments) > 0 {
		return moments[0], nil
	}
	// The old offset puts the skipped midnight after the jump, so the jump is where that stretch began.
	start, _ := date.Add(-before).In(loc).ZoneBounds()
	if !dateOf(start).Equal(date) {
		return time.Time{}, refuse("%s does not exist here: the calendar leaves that day out", quote(s))
	}
	return start, nil
}

// formatWall writes wall in a form that this package reads.
func formatWall(wall time.Time) string {
	return wall.Format(time.DateOnly) + " " + formatClock(wall)
}

func formatClock(wall time.Time) string {
	if wall.Second() == 0 {
		return wall.Format("15:04")
	}
	return wall.Format("15:04:05")
}

func formatOffset(offset time.Duration) string {
	return time.Time{}.In(time.FixedZone("", int(offset.Seconds()))).Format("-07:00")
}
