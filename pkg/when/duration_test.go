package when_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/when"
)

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		rule, s string
		want    time.Duration
	}{
		{"seconds", "90s", 90 * time.Second},
		{"minutes", "30m", 30 * time.Minute},
		{"hours may be more than a day's", "48h", 48 * time.Hour},
		{"a day is 24 hours", "2d", 48 * time.Hour},
		{"a week is 7 days", "1w", 7 * 24 * time.Hour},
		{"units add up", "1w2d3h4m5s", 9*24*time.Hour + 3*time.Hour + 4*time.Minute + 5*time.Second},
		{"units may be left out", "1h30s", time.Hour + 30*time.Second},
		{"nothing is a length of time", "0m", 0},
		{"zeros before a number mean nothing", "05m", 5 * time.Minute},
		{"white space around does not matter", " 30m\n", 30 * time.Minute},
		{"ten years are the most", "3650d", 3650 * 24 * time.Hour},
		{"ten years in seconds", "315360000s", 3650 * 24 * time.Hour},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := when.Duration(tt.s)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestDurationRefuses(t *testing.T) {
	for _, tt := range []struct{ rule, s, says string }{
		{"nothing", "", `duration "" is not understood; write whole numbers with w, d, h, m or s`},
		{"a number without a unit", "30", "is not understood"},
		{"a unit without a number", "m", "is not understood"},
		{"zero without a unit", "0", "is not understood"},
		{"a minus", "-5m", "is not understood"},
		{"a plus", "+5m", "is not understood"},
		{"a minus between", "1h-5m", "is not understood"},
		{"a fraction", "1.5h", "is not understood"},
		{"a unit it does not know", "5y", "is not understood"},
		{"units smaller than a second", "500ms", "is not understood"},
		{"a smaller unit first", "30m1h", "is not understood"},
		{"a unit twice", "1h1h", "is not understood"},
		{"a number after the last unit", "1h30", "is not understood"},
		{"groups of digits", "1_000s", "is not understood"},
		{"digits of another script", "٣٠m", "is not understood"},
		{"ISO 8601", "PT30M", "is not understood"},
		{"a capital: minutes or months?", "30M", `did you mean "30m"?`},
		{"white space between", "1h 30m", `did you mean "1h30m"?`},
		{"units in words", "2 hours 5 mins", `did you mean "2h5m"?`},
		{"what a screen shows", "1 h 18 min", `did you mean "1h18m"?`},
		{"a second more than ten years", "3650d1s", "longer than ten years"},
		{"ten years in each of two units", "521w3650d", "longer than ten years"},
		{"more than 64 bits hold", "999999999w999999999d", "longer than ten years"},
		{"ten digits", "1000000000s", "is not understood"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := when.Duration(tt.s)
			requireUnclear(t, err)
			require.ErrorContains(t, err, tt.says)
			require.Zero(t, got)
		})
	}
}
