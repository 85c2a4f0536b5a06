package when_test

import (
	"testing"
	"time"

	"incident/pkg/when"
)

func TestNext(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:20").Add(5678901 * time.Nanosecond) // 13:43:20 UTC
	for _, tt := range []struct{ rule, s, want string }{
		{"a duration counts from now", "30m", "2026-11-23T14:13:20.005Z"},
		{"a duration of several units", "1h30m", "2026-11-23T15:13:20.005Z"},
		{"a day is 24 hours", "2d", "2026-11-25T13:43:20.005Z"},
		{"in may be said", "in 30m", "2026-11-23T14:13:20.005Z"},
		{"words are read in any case", "IN 30m", "2026-11-23T14:13:20.005Z"},
		{"white space around and between does not matter", "  in \t 30m\n", "2026-11-23T14:13:20.005Z"},
		{"a clock time is today if it is to come", "16:30", "2026-11-23T15:30:00Z"},
		{"a clock time is tomorrow if it has passed", "02:43", "2026-11-24T01:43:00Z"},
		{"a clock time may have seconds", "14:43:21", "2026-11-23T13:43:21Z"},
		{"a clock time in a zone", "16:30 UTC", "2026-11-23T16:30:00Z"},
		{"a clock time in a zone where the date changes sooner", "01:00 +09:00", "2026-11-23T16:00:00Z"},
		{"today may be said", "today 16:30", "2026-11-23T15:30:00Z"},
		{"tomorrow is the day after, here", "tomorrow 09:00", "2026-11-24T08:00:00Z"},
		{"with its day a time may be far ahead", "tomorrow 23:59", "2026-11-24T22:59:00Z"},
		{"a date and a clock time are local", "2026-11-25 09:00", "2026-11-25T08:00:00Z"},
		{"an offset wins over the location", "2026-11-25 09:00 -0500", "2026-11-25T14:00:00Z"},
		{"RFC 3339", "2026-11-25T09:00:00+01:00", "2026-11-25T08:00:00Z"},
		{"there is no limit ahead", "9999-12-31 23:59 UTC", "9999-12-31T23:59:00Z"},
	} {
		t.Run(tt.rule, func(t *testing.T) { requireReads(t, when.Next, tt.s, now, tt.want) })
	}
}

func TestNextRefuses(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:20").Add(5678901 * time.Nanosecond)
	for _, tt := range []struct{ rule, s, says string }{
		{"nothing", "", "a time is missing; write 30m"},
		{"what it does not know, with what it does", "soon", `"soon" is not understood; write 30m, 1h30m, 16:30`},
		{"none, which its callers know", "none", "is not understood"},
		{"a number without a unit", "30", "is not understood"},

		{"a duration of nothing", "0m", "is not ahead of now"},
		{"a negative duration", "-30m", "is not understood"},
		{"a duration in words", "in 30 minutes", `did you mean "30m"?`},
		{"the same without in", "1 h 30 min", `did you mean "1h30m"?`},
		{"more than ten years", "3651d", "longer than ten years"},
		{"in with a clock time", "in 16:30", "is not understood"},
		{"in with nothing", "in", "is not understood"},

		{"a clock time that has just passed", "14:43:20", `more than 12 hours ahead; did you mean "2026-11-24 14:43:20"?`},
		{"a clock time a minute more than 12 hours ahead", "02:44", `did you mean "2026-11-24 02:44"?`},
		{"the same in a zone", "01:44 utc", `did you mean "2026-11-24 01:44 UTC"?`},
		{"today, passed", "today 14:00", "is not ahead of now"},
		{"a date, passed", "2026-11-22 14:05", "is not ahead of now"},
		{"RFC 3339, passed", "2026-11-23T13:43:20.005Z", "is not ahead of now"},
		{"what is ahead only until it is cut to milliseconds", "2026-11-23T13:43:20.0059Z", "is not ahead of now"},
		{"now", "now", "is not ahead of now"},
		{"yesterday", "yesterday 14:05", "is not ahead of now"},
		{"ago", "30m ago", "is not ahead of now"},

		{"a date alone: its start or its end?", "2026-11-25", `names no time of that day; write it as in "2026-11-25 14:05"`},
		{"tomorrow alone", "Tomorrow", `write it as in "tomorrow 14:05"`},
		{"tomorrow in a zone: there, or here?", "tomorrow 09:00 UTC", "with a zone, write the date"},
		{"the 12 hour clock", "4pm", `did you mean "16:00"?`},
		{"a date with the day or the month first", "11/12/2026 16:00", "day or month first?"},
		{"a zone that several countries use", "16:00 CST", `"CST" is no zone that is clear everywhere`},
		{"the year 10000 in UTC", "9999-12-31 23:59 -01:00", "outside the years 1970 to 9999"},
	} {
		t.Run(tt.rule, func(t *testing.T) { requireRefuses(t, when.Next, tt.s, now, tt.says) })
	}
}

func TestNextReachesTwelveHours(t *testing.T) {
	noon := in(t, "Europe/Berlin", "2026-11-23 12:00:00")
	requireReads(t, when.Next, "00:00", noon, "2026-11-23T23:00:00Z")
	requireRefuses(t, when.Next, "00:00:01", noon, `did you mean "2026-11-24 00:00:01"?`)
	requireRefuses(t, when.Next, "12:00", noon, `did you mean "2026-11-24 12:00"?`)
}
