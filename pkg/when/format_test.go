package when_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/when"
)

func TestFormatDuration(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	for _, tt := range []struct {
		rule string
		d    time.Duration
		want string
	}{
		{"nothing", 0, "under a minute"},
		{"seconds are not counted", 59 * time.Second, "under a minute"},
		{"the first minute", time.Minute, "1 min"},
		{"it rounds down", 2*time.Minute + 59*time.Second, "2 min"},
		{"minutes below an hour", 41 * time.Minute, "41 min"},
		{"the last minute below an hour", hour - 1, "59 min"},
		{"an hour without minutes", hour, "1 h"},
		{"hours and minutes", 78 * time.Minute, "1 h 18 min"},
		{"minutes up to nine hours", 10*hour - time.Minute, "9 h 59 min"},
		{"no minutes from ten hours on", 19*hour + 25*time.Minute, "19 h"},
		{"hours past a day", 26 * hour, "26 h"},
		{"the term of a postmortem is 48 h", 48 * hour, "48 h"},
		{"it stays 48 h until an hour is full", 49*hour - 1, "48 h"},
		{"days past 48 h", 49 * hour, "2 d 1 h"},
		{"a day without hours", 3 * day, "3 d"},
		{"days and hours", 76 * hour, "3 d 4 h"},
		{"no hours from ten days on", 12*day + 5*hour, "12 d"},
		{"there is no unit above the day", 400 * day, "400 d"},
		{"the sign is the caller's word", -55 * time.Minute, "55 min"},
		{"the longest", math.MaxInt64, "106751 d"},
		{"the most negative", math.MinInt64, "106751 d"},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, when.FormatDuration(tt.d)) })
	}
}

// What is shown is never more than what is, and less only by what its last unit cannot show.
func TestFormatDurationRoundsDown(t *testing.T) {
	units := strings.NewReplacer(" min", "m", " h", "h", " d", "d", " ", "")
	for d := time.Minute; d < 20*24*time.Hour; d += 89 * time.Second {
		shown := when.FormatDuration(d)
		got, err := when.Duration(units.Replace(shown))
		require.NoError(t, err)
		require.LessOrEqual(t, got, d)
		require.Less(t, d-got, max(time.Minute, d/10), fmt.Sprint(d, " is shown as ", shown))
	}
}
