package postmortem

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones are the same on every machine

	"github.com/stretchr/testify/require"
)

func TestMoment(t *testing.T) {
	for _, tt := range []struct {
		rule, zone, began, at string
		short, both, date     string
	}{
		{"on the day it began the day is not named", "Europe/Berlin", "2026-11-23T13:02:00Z", "2026-11-23T14:20:00Z", "15:20 (14:20 UTC)", "15:20 CET (14:20 UTC)", "23 November 2026"},
		{"after midnight it is, and UTC's where it differs", "Europe/Berlin", "2026-11-23T22:02:00Z", "2026-11-23T23:20:00Z", "00:20 (23 November, 23:20 UTC)", "24 November, 00:20 CET (23 November, 23:20 UTC)", "24 November 2026"},
		{"west of Greenwich UTC's day is ahead", "America/New_York", "2026-11-24T03:00:00Z", "2026-11-24T03:40:00Z", "22:40 (24 November, 03:40 UTC)", "22:40 EST (24 November, 03:40 UTC)", "23 November 2026"},
		{"in another year the year is named", "Europe/Berlin", "2026-12-31T13:00:00Z", "2027-01-01T08:00:00Z", "09:00 (08:00 UTC)", "1 January 2027, 09:00 CET (08:00 UTC)", "1 January 2027"},
		{"the hour that comes twice is told apart", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "02:30 (00:30 UTC)", "02:30 CEST (00:30 UTC)", "25 October 2026"},
		{"the second time too", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T01:30:00Z", "02:30 (01:30 UTC)", "02:30 CET (01:30 UTC)", "25 October 2026"},
		{"a zone without a short name is called by its offset", "America/Sao_Paulo", "2026-11-23T13:00:00Z", "2026-11-23T13:02:00Z", "10:02 (13:02 UTC)", "10:02 UTC-03:00 (13:02 UTC)", "23 November 2026"},
		{"in UTC there is one time", "UTC", "2026-11-23T13:00:00Z", "2026-11-23T13:02:00Z", "13:02 UTC", "13:02 UTC", "23 November 2026"},
		{"with its day", "Etc/UTC", "2026-11-23T13:00:00Z", "2026-11-24T00:02:00Z", "00:02 UTC", "24 November, 00:02 UTC", "24 November 2026"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			require.NoError(t, err)
			began, err := time.Parse(time.RFC3339, tt.began)
			require.NoError(t, err)
			at, err := time.Parse(time.RFC3339, tt.at)
			require.NoError(t, err)
			m := newClock(zone, began).at(at)
			require.Equal(t, [3]string{tt.short, tt.both, tt.date}, [3]string{m.Short, m.Both, m.Date})
		})
	}
	require.Zero(t, newClock(nil, time.Time{}).at(time.Time{}))
}

func TestZoneName(t *testing.T) {
	winter := time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)
	require.Equal(t, "UTC", newClock(nil, winter).name())
	require.Equal(t, "UTC+01:00", newClock(time.FixedZone("", 3600), winter).name())
	ny, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	require.Equal(t, "America/New_York", newClock(ny, winter).name())
}
