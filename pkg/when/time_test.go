package when_test

import (
	"testing"
	"time"

	"incident/pkg/when"
)

func TestTime(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:20").Add(5678901 * time.Nanosecond) // 13:43:20 UTC
	for _, tt := range []struct{ rule, s, want string }{
		{"now is now, cut to milliseconds", "now", "2026-11-23T13:43:20.005Z"},
		{"a clock time is today, here", "14:05", "2026-11-23T13:05:00Z"},
		{"a clock time may have seconds", "14:05:30", "2026-11-23T13:05:30Z"},
		{"midnight is the start of today", "00:00", "2026-11-22T23:00:00Z"},
		{"ten minutes ahead is a clock that differs", "14:53:20", "2026-11-23T13:53:20Z"},
		{"today may be said", "today 14:05", "2026-11-23T13:05:00Z"},
		{"yesterday is the day before, here", "yesterday 23:59", "2026-11-22T22:59:00Z"},
		{"a date and a clock time are local", "2026-11-22 14:05", "2026-11-22T13:05:00Z"},
		{"a date and a clock time may have seconds", "2026-11-22 14:05:30", "2026-11-22T13:05:30Z"},
		{"a date in summer has the summer's offset", "2026-07-22 14:05", "2026-07-22T12:05:00Z"},
		{"an offset wins over the location", "2026-11-22 14:05 +05:30", "2026-11-22T08:35:00Z"},
		{"an offset needs no colon", "2026-11-22 14:05 -0800", "2026-11-22T22:05:00Z"},
		{"an offset may follow seconds", "2026-11-22 14:05:30 +01:00", "2026-11-22T13:05:30Z"},
		{"UTC is a zone", "2026-11-22 14:05 UTC", "2026-11-22T14:05:00Z"},
		{"Z is a zone", "2026-11-22 14:05 Z", "2026-11-22T14:05:00Z"},
		{"GMT is a zone", "2026-11-22 14:05 GMT", "2026-11-22T14:05:00Z"},
		{"RFC 3339 in UTC", "2026-11-22T14:05:30Z", "2026-11-22T14:05:30Z"},
		{"RFC 3339 with an offset", "2026-11-22T14:05:30+01:00", "2026-11-22T13:05:30Z"},
		{"RFC 3339 with a fraction", "2026-11-22T14:05:30.25Z", "2026-11-22T14:05:30.25Z"},
		{"a finer fraction is cut off, not rounded", "2026-11-22T14:05:59.99999999999999999999+01:00", "2026-11-22T13:05:59.999Z"},
		{"RFC 3339 allows small letters", "2026-11-22t14:05:30z", "2026-11-22T14:05:30Z"},
		{"a date alone is the start of that day, here", "2026-11-22", "2026-11-21T23:00:00Z"},
		{"today's date is the start of today", "2026-11-23", "2026-11-22T23:00:00Z"},
		{"a duration ago", "15m ago", "2026-11-23T13:28:20.005Z"},
		{"a duration of several units ago", "1h30m ago", "2026-11-23T12:13:20.005Z"},
		{"a day ago is 24 hours", "2d ago", "2026-11-21T13:43:20.005Z"},
		{"nothing ago is now", "0s ago", "2026-11-23T13:43:20.005Z"},
		{"a clock time in UTC", "13:05 UTC", "2026-11-23T13:05:00Z"},
		{"a clock time with an offset", "08:05 -05:00", "2026-11-23T13:05:00Z"},
		{"a clock time with an offset may have seconds", "13:05:30 +0000", "2026-11-23T13:05:30Z"},
		{"words are read in any case", "YesterDAY 14:05", "2026-11-22T13:05:00Z"},
		{"zones are read in any case", "2026-11-22 14:05 utc", "2026-11-22T14:05:00Z"},
		{"white space around and between does not matter", "\t yesterday \n  14:05 ", "2026-11-22T13:05:00Z"},
		{"29 February exists in a leap year", "2024-02-29 12:00", "2024-02-29T11:00:00Z"},
		{"the first moment of 1970", "1970-01-01 00:00 UTC", "1970-01-01T00:00:00Z"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			requireReads(t, when.Time, tt.s, now, tt.want)
		})
	}
}

func TestTimeRefuses(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:20")
	for _, tt := range []struct{ rule, s, says string }{
		{"nothing", "", "a time is missing; write now, 14:05"},
		{"white space", " \t\n", "a time is missing"},
		{"what it does not know, with what it does", "noon", `"noon" is not understood; write now, 14:05, yesterday 14:05`},
		{"a clock time twice", "14:05 14:05", `"14:05" is no zone`},
		{"words after a time", "now please", "is not understood"},
		{"words after a zone", "14:05 UTC please", "is not understood"},
		{"words after RFC 3339", "2026-11-22T14:05:30Z UTC", "is not understood"},

		{"a clock time that has not come today", "14:54", `did you mean "yesterday 14:54"?`},
		{"one second more than ten minutes ahead", "14:53:21", `did you mean "yesterday 14:53:21"?`},
		{"a clock time elsewhere that has not come", "13:54 UTC", `did you mean "2026-11-22 13:54 UTC"?`},
		{"the same with an offset", "18:30 +0400", `did you mean "2026-11-22 18:30 +0400"?`},
		{"a time that was said to be today, and has not come", "today 15:00", "has not come yet"},
		{"a date ahead", "2026-11-24", "has not come yet"},
		{"a date and a clock time ahead", "2026-11-24 09:00", "has not come yet"},
		{"RFC 3339 ahead", "2026-11-23T13:54:00Z", "has not come yet"},
		{"tomorrow", "tomorrow 09:00", "has not come yet"},
		{"tomorrow, though it is near", "tomorrow 00:00", "has not come yet"},
		{"a duration ahead", "in 5m", "has not come yet"},

		{"a duration that may be ahead or ago", "15m", `did you mean "15m ago"?`},
		{"the same in words", "15 Minutes", `did you mean "15m ago"?`},
		{"a duration that is nearly right", "1h 30M ago", `did you mean "1h30m ago"?`},
		{"a negative duration", "-15m ago", "is not understood"},
		{"more than ten years ago", "11000d ago", "longer than ten years"},
		{"no duration", "ago", "is not understood"},

		{"the 12 hour clock", "2pm", `"2pm" is on the 12 hour clock; did you mean "14:00"?`},
		{"the 12 hour clock with minutes", "yesterday 2:05 p.m.", `did you mean "yesterday 14:05"?`},
		{"the 12 hour clock with seconds", "2026-11-22 02:05:30 PM", `did you mean "2026-11-22 14:05:30"?`},
		{"12 am is midnight", "12am", `did you mean "00:00"?`},
		{"12 pm is noon", "12 pm", `did you mean "12:00"?`},
		{"13 pm is nothing", "13pm", "is not understood"},
		{"one digit of the hour: morning or afternoon?", "9:05", `did you mean "09:05"?`},

		{"a date with the day or the month first", "11/12/2026", "day or month first? Write 2026-12-11 or 2026-11-12"},
		{"the same with a clock time", "11.12.2026 14:05", "day or month first?"},
		{"the day first", "22/11/2026", "write the date as 2026-11-22"},
		{"the month first", "11-22-2026", "write the date as 2026-11-22"},
		{"the same number twice", "11/11/2026", "write the date as 2026-11-11"},
		{"neither a day nor a month", "33/33/2026", "is not understood"},
		{"a date with slashes", "2026/11/2 9:05", `did you mean "2026-11-02 09:05"?`},

		{"a zone that several countries use", "14:05 EST", `"EST" is no zone that is clear everywhere; write UTC or an offset`},
		{"the same with a date", "2026-11-22 14:05 IST", `"IST" is no zone that is clear everywhere`},
		{"the name of a place", "2026-11-22 14:05 Europe/Berlin", "is no zone that is clear everywhere"},
		{"an offset without minutes", "2026-11-22 14:05 +01", "is no zone that is clear everywhere"},
		{"an offset of more than a day", "2026-11-22 14:05 +24:00", "is no zone that is clear everywhere"},
		{"a zone glued to a clock time", "13:05Z", `did you mean "13:05 Z"?`},
		{"yesterday in a zone: there, or here?", "yesterday 23:30 UTC", "with a zone, write the date"},

		{"yesterday without a clock time", "yesterday", `names no time of that day; write it as in "yesterday 14:05"`},
		{"a word between", "yesterday at 9:05", `did you mean "yesterday 09:05"?`},
		{"RFC 3339 without an offset", "2026-11-22T14:05:30", `did you mean "2026-11-22 14:05:30"?`},
		{"RFC 3339 without seconds", "2026-11-22T14:05+01:00", `did you mean "2026-11-22 14:05 +01:00"?`},
		{"RFC 3339 with a comma", "2026-11-22T14:05:30,5Z", `did you mean "2026-11-22 14:05:30 Z"?`},
		{"RFC 3339 with a point and no digit", "2026-11-22T14:05:30.Z", "is not understood"},
		{"RFC 3339 with a wrong offset", "2026-11-22T14:05:30+0100", `did you mean "2026-11-22 14:05:30 +0100"?`},
		{"RFC 3339 with a zone's name", "2026-11-22T14:05:30UTC", `did you mean "2026-11-22 14:05:30 UTC"?`},
		{"a fraction outside of RFC 3339", "14:05:30.5", `did you mean "14:05:30"?`},

		{"hour 24", "24:00", "is not understood"},
		{"minute 60", "14:60", "is not understood"},
		{"a leap second", "2016-12-31T23:59:60Z", "is not understood"},
		{"a sign in a clock time", "+1:05", "is not understood"},
		{"a day that the month does not have", "2026-11-31 14:05", "2026-11-31 is not a day in the years 1970 to 9999"},
		{"29 February in a common year", "2026-02-29", "2026-02-29 is not a day"},
		{"a year before 1970", "1969-12-31 23:59", "1969-12-31 is not a day in the years 1970 to 9999"},
		{"the year 1, which the zero time is in", "0001-01-01 14:05", "0001-01-01 is not a day"},
		{"a year of five digits", "12026-11-22 14:05", "is not understood"},
		{"1970 here and 1969 in UTC", "1970-01-01", "outside the years 1970 to 9999 in UTC"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			requireRefuses(t, when.Time, tt.s, now, tt.says)
		})
	}
}

// Around midnight UTC and here have different dates: a bare clock time follows the clock that it names.
func TestTimeTakesTodayFromTheZone(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-24 00:30:00") // 23:30 on the 23rd in UTC
	requireReads(t, when.Time, "00:10", now, "2026-11-23T23:10:00Z")
	requireReads(t, when.Time, "23:10 UTC", now, "2026-11-23T23:10:00Z")
	requireRefuses(t, when.Time, "23:10", now, `did you mean "yesterday 23:10"?`)
	requireReads(t, when.Time, "yesterday 23:10", now, "2026-11-23T22:10:00Z")
}

func TestTimeStaysInItsYears(t *testing.T) {
	requireRefuses(t, when.Time, "2d ago", time.Unix(0, 0).Add(24*time.Hour), "outside the years 1970 to 9999")
	requireRefuses(t, when.Time, "now", time.Time{}, "outside the years 1970 to 9999")
	requireRefuses(t, when.Time, "now", time.Unix(1<<62, 0), "outside the years 1970 to 9999")
}
