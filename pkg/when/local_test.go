package when_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/when"
)

func TestTimeWhereClocksChange(t *testing.T) {
	for _, tt := range []struct{ rule, place, s, want string }{
		{"the last minute before clocks jump", "Europe/Berlin", "2026-03-29 01:59", "2026-03-29T00:59:00Z"},
		{"the first minute after clocks jump", "Europe/Berlin", "2026-03-29 03:00", "2026-03-29T01:00:00Z"},
		{"the last minute before the hour that comes twice", "Europe/Berlin", "2026-10-25 01:59", "2026-10-24T23:59:00Z"},
		{"the first minute after the hour that comes twice", "Europe/Berlin", "2026-10-25 03:00", "2026-10-25T02:00:00Z"},
		{"an offset says which of the two", "Europe/Berlin", "2026-10-25 02:30 +02:00", "2026-10-25T00:30:00Z"},
		{"and which other", "Europe/Berlin", "2026-10-25 02:30 +01:00", "2026-10-25T01:30:00Z"},
		{"west of Greenwich too, before the jump", "America/New_York", "2026-03-08 01:59", "2026-03-08T06:59:00Z"},
		{"west of Greenwich too, after the jump", "America/New_York", "2026-03-08 03:00", "2026-03-08T07:00:00Z"},
		{"west of Greenwich too, after the hour that comes twice", "America/New_York", "2026-11-01 02:00", "2026-11-01T07:00:00Z"},
		{"a jump may be half an hour", "Australia/Lord_Howe", "2026-10-04 02:30", "2026-10-03T15:30:00Z"},
		{"and so may be what comes twice", "Australia/Lord_Howe", "2026-04-05 01:29", "2026-04-04T14:29:00Z"},
		{"a day of 23 hours starts at midnight", "Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"a day starts after the jump where clocks skip midnight", "America/Havana", "2026-03-08", "2026-03-08T05:00:00Z"},
		{"a day starts at the first midnight of two", "America/Havana", "2026-11-01", "2026-11-01T04:00:00Z"},
		{"a day starts after the hour before midnight came twice", "Africa/Cairo", "2026-10-30", "2026-10-29T22:00:00Z"},
		{"the day after a day that was left out", "Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			requireReads(t, when.Time, tt.s, in(t, tt.place, "2026-12-24 12:00:00"), tt.want)
		})
	}
}

func TestTimeRefusesWhatClocksDoNotShowOnce(t *testing.T) {
	for _, tt := range []struct{ rule, place, s, says string }{
		{
			"clocks jump over it", "Europe/Berlin", "2026-03-29 02:00",
			`does not exist on 2026-03-29, when clocks change from +01:00 to +02:00; ` +
				`did you mean "2026-03-29 02:00 +01:00" or "2026-03-29 02:00 +02:00"?`,
		},
		{"clocks jump over its last second", "Europe/Berlin", "2026-03-29 02:59:59", `"2026-03-29 02:59:59 +02:00"`},
		{
			"it comes twice", "Europe/Berlin", "2026-10-25 02:00",
			`comes twice on 2026-10-25, when clocks change from +02:00 to +01:00; ` +
				`did you mean "2026-10-25 02:00 +02:00" or "2026-10-25 02:00 +01:00"?`,
		},
		{"its last second comes twice", "Europe/Berlin", "2026-10-25 02:59:59", "comes twice"},
		{"clocks jump over it in New York", "America/New_York", "2026-03-08 02:30", "from -05:00 to -04:00"},
		{"it comes twice in New York", "America/New_York", "2026-11-01 01:30", "from -04:00 to -05:00"},
		{"clocks jump over half an hour", "Australia/Lord_Howe", "2026-10-04 02:15", "from +10:30 to +11:00"},
		{"half an hour comes twice", "Australia/Lord_Howe", "2026-04-05 01:45", "from +11:00 to +10:30"},
		{"midnight is skipped", "America/Havana", "2026-03-08 00:00", "does not exist"},
		{"a clock time on a day that was left out", "Pacific/Apia", "2011-12-30 12:00", "from -10:00 to +14:00"},
		{"a day that was left out", "Pacific/Apia", "2011-12-30", "the calendar leaves that day out"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			requireRefuses(t, when.Time, tt.s, in(t, tt.place, "2026-12-24 12:00:00"), tt.says)
		})
	}
}

func TestTimeOnTheDayThatClocksChange(t *testing.T) {
	short, long := in(t, "Europe/Berlin", "2026-03-29 12:00:00"), in(t, "Europe/Berlin", "2026-10-25 12:00:00")
	requireRefuses(t, when.Time, "02:30", short, "does not exist on 2026-03-29")
	requireRefuses(t, when.Time, "today 02:30", long, "comes twice on 2026-10-25")
	requireReads(t, when.Time, "02:30 +02:00", long, "2026-10-25T00:30:00Z")
	requireReads(t, when.Time, "1d ago", short, "2026-03-28T10:00:00Z") // 11:00 there: elapsed time
	requireReads(t, when.Time, "yesterday 12:00", short, "2026-03-28T11:00:00Z")
}

func TestNextWhereClocksChange(t *testing.T) {
	beforeShort, beforeLong := in(t, "Europe/Berlin", "2026-03-28 22:00:00"), in(t, "Europe/Berlin", "2026-10-24 22:00:00")
	requireRefuses(t, when.Next, "02:30", beforeShort, "does not exist on 2026-03-29")
	requireRefuses(t, when.Next, "02:30", beforeLong, "comes twice on 2026-10-25")
	requireRefuses(t, when.Next, "tomorrow 02:30", beforeLong, "comes twice on 2026-10-25")
	requireReads(t, when.Next, "1d", beforeShort, "2026-03-29T21:00:00Z") // 23:00 there: elapsed time
	requireReads(t, when.Next, "tomorrow 22:00", beforeShort, "2026-03-29T20:00:00Z")

	// Twelve hours are elapsed time too: on the short day clocks show thirteen.
	requireReads(t, when.Next, "11:00", beforeShort, "2026-03-29T09:00:00Z")
	requireRefuses(t, when.Next, "10:00", beforeLong, "more than 12 hours ahead")

	// Clocks pass 02:30 for the second time only after now; which one is meant is not for us to say.
	between := time.Date(2026, 10, 25, 0, 45, 0, 0, time.UTC).In(beforeLong.Location())
	requireRefuses(t, when.Next, "02:50", between, "comes twice")
	requireRefuses(t, when.Next, "02:30", between, "more than 12 hours ahead")
}

// In a year of each place, a local time is read as the one moment when clocks show it, or not at all.
func TestTimeIsWhatClocksShow(t *testing.T) {
	for _, place := range []string{
		"Europe/Berlin", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Havana",
		"Africa/Cairo", "Atlantic/Azores", "Asia/Kathmandu", "Pacific/Chatham", "UTC",
	} {
		t.Run(place, func(t *testing.T) {
			now := in(t, place, "2027-06-01 00:00:00")
			shown := map[string][]time.Time{}
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for at := start; at.Year() == 2026; at = at.Add(15 * time.Minute) {
				wall := at.In(now.Location()).Format("2006-01-02 15:04")
				shown[wall] = append(shown[wall], at)
			}
			for at := start.Add(24 * time.Hour); at.Month() != time.December; at = at.Add(30 * time.Minute) {
				wall := at.Format("2006-01-02 15:04")
				got, err := when.Time(wall, now)
				if len(shown[wall]) != 1 {
					requireUnclear(t, err)
					continue
				}
				require.NoError(t, err)
				require.True(t, got.Equal(shown[wall][0]), wall)
			}
		})
	}
}
