package when

import (
	"fmt"
	"time"
)

// FormatDuration writes d for a screen: "under a minute", "41 min", "1 h 18 min", "19 h", "3 d 4 h". It
// rounds down, shows a second unit only beside a single digit, and counts in days only past 48 h, the
// term in which a postmortem is due. The sign is dropped: "late" and "in" are the caller's words.
func FormatDuration(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Minute:
		return "under a minute"
	case d < time.Hour:
		return fmt.Sprintf("%d min", d/time.Minute)
	case d < 49*time.Hour:
		return twoUnits(d/time.Hour, "h", d%time.Hour/time.Minute, "min")
	default:
		return twoUnits(d/day, "d", d%day/time.Hour, "h")
	}
}

func twoUnits(large time.Duration, largeName string, small time.Duration, smallName string) string {
	if large > 9 || small == 0 {
		return fmt.Sprintf("%d %s", large, largeName)
	}
	return fmt.Sprintf("%d %s %d %s", large, largeName, small, smallName)
}
