package when_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/when"
)

var typed = []string{
	"", "now", "14:05", "14:05:30", "today 14:05", "yesterday 14:05", "tomorrow 09:00", "in 30m", "15m ago", "1h30m",
	"2026-11-22", "2026-11-22 14:05", "2026-11-22 14:05:30 +01:00", "2026-11-22 14:05 +0100", "14:05 UTC", "23:59 -11:00",
	"2026-11-22T14:05:30.123456789+01:00", "2026-11-22t14:05:30z", "1970-01-01", "9999-12-31 23:59:59 Z",
	"2026-03-29 02:30", "2026-10-25 02:30", "2pm", "12 a.m.", "11/12/2026", "14:05 EST", "2026/1/2T3:04,5z", "\xff\x00 ago",
}

var places = []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "America/Havana"}

// nowFrom is any moment that a clock may show, and some that none will.
func nowFrom(t *testing.T, sec, nsec int64, place uint8) time.Time {
	loc, err := time.LoadLocation(places[int(place)%len(places)])
	require.NoError(t, err)
	return time.Unix(sec, nsec%1e9).In(loc)
}

func addMoments(f *testing.F) {
	for i, s := range typed {
		f.Add(s, int64(1795441400), int64(5678901), uint8(i)) // 2026-11-23 13:43:20 UTC
		f.Add(s, int64(1792888200), int64(0), uint8(1))       // 02:30 in Berlin, the first of two
		f.Add(s, int64(1<<62), int64(-1), uint8(i))
		f.Add(s, int64(-1<<63), int64(0), uint8(i))
	}
}

// requireSettled checks what holds for every moment that was read: its form, and that it reads as itself.
func requireSettled(t *testing.T, got time.Time) {
	require.Equal(t, time.UTC, got.Location())
	require.True(t, got.Equal(got.Truncate(time.Millisecond)))
	require.GreaterOrEqual(t, got.Year(), 1970)
	require.LessOrEqual(t, got.Year(), 9999)

	far := time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.000-07:00"} {
		again, err := when.Time(got.Format(layout), far)
		require.NoError(t, err)
		require.Equal(t, got, again)
	}
}

func FuzzTime(f *testing.F) {
	addMoments(f)
	f.Fuzz(func(t *testing.T, s string, sec, nsec int64, place uint8) {
		now := nowFrom(t, sec, nsec, place)
		got, err := when.Time(s, now)
		if err != nil {
			requireUnclear(t, err)
			require.Zero(t, got)
			return
		}
		requireSettled(t, got)
		require.False(t, got.After(now.Add(10*time.Minute)), "%s at %s is %s", s, now, got)

		spaced, err := when.Time(" "+strings.Join(strings.Fields(s), " \t")+"\n", now)
		require.NoError(t, err)
		require.Equal(t, got, spaced)
	})
}

func FuzzNext(f *testing.F) {
	addMoments(f)
	f.Fuzz(func(t *testing.T, s string, sec, nsec int64, place uint8) {
		now := nowFrom(t, sec, nsec, place)
		got, err := when.Next(s, now)
		if err != nil {
			requireUnclear(t, err)
			require.Zero(t, got)
			return
		}
		requireSettled(t, got)
		require.True(t, got.After(now), "%s at %s is %s", s, now, got)

		again, err := when.Next(got.Format(time.RFC3339Nano), now)
		require.NoError(t, err)
		require.Equal(t, got, again)
	})
}

// Every duration that is read can be written again by [time.Duration], and reads as the same.
func FuzzDuration(f *testing.F) {
	for _, s := range append(typed, "90s", "1w2d3h4m5s", "3650d", "999999999w", "1 h 18 min", "-5m", "1.5h") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := when.Duration(s)
		if err != nil {
			requireUnclear(t, err)
			require.Zero(t, got)
			return
		}
		require.GreaterOrEqual(t, got, time.Duration(0))
		require.LessOrEqual(t, got, 3650*24*time.Hour)
		require.Empty(t, strings.Trim(strings.TrimSpace(s), "0123456789wdhms"))

		again, err := when.Duration(got.String())
		require.NoError(t, err)
		require.Equal(t, got, again)
		require.NotEmpty(t, when.FormatDuration(got))
	})
}
