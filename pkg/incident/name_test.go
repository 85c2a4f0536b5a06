package incident_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestParseName(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 15, 0, 120e6, time.UTC)
	for _, tt := range []struct {
		name string
		want incident.Name
	}{
		{"20261123T141500.120Z-note-customer-p9c4we", incident.Name{Recorded: at, Label: "note-customer", Suffix: "p9c4we"}},
		{"20261123T141500.120Z-opened-7k3f", incident.Name{Recorded: at, Label: "opened", Suffix: "7k3f"}},
		{"20261123T141500.120Z-set-abcdefghijklmnopqrstuvwxyz", incident.Name{Recorded: at, Label: "set", Suffix: "abcdefghijklmnopqrstuvwxyz"}},
		{"00000101T000000.000Z-set-0000", incident.Name{Recorded: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), Label: "set", Suffix: "0000"}},
		{"99981231T235959.999Z-set-0000", incident.Name{Recorded: time.Date(9998, 12, 31, 23, 59, 59, 999e6, time.UTC), Label: "set", Suffix: "0000"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := incident.ParseName(tt.name)
			require.NoError(t, err)
			require.Equal(t, tt.want, got)
			require.Equal(t, tt.name, got.String())
		})
	}
}

func TestParseNameRefuses(t *testing.T) {
	for rule, name := range map[string]string{
		"nothing":                          "",
		"a word":                           "notes",
		"a path":                           "../20261123T141500.120Z-note-customer-p9c4we",
		"an ending":                        "20261123T141500.120Z-note-customer-p9c4we.md",
		"no label":                         "20261123T141500.120Z-p9c4we",
		"an empty label":                   "20261123T141500.120Z--p9c4we",
		"a label with an empty word":       "20261123T141500.120Z-note--customer-p9c4we",
		"a label in capitals":              "20261123T141500.120Z-Note-p9c4we",
		"a suffix of three":                "20261123T141500.120Z-note-p9c",
		"a suffix of twenty-seven":         "20261123T141500.120Z-note-abcdefghijklmnopqrstuvwxyz0",
		"a suffix in capitals":             "20261123T141500.120Z-note-P9C4",
		"a suffix of another script":       "20261123T141500.120Z-note-абвг",
		"a day that is none":               "20260230T141500.120Z-note-p9c4we",
		"an hour that is none":             "20261123T241500.120Z-note-p9c4we",
		"a leap second":                    "20261123T235960.000Z-note-p9c4we",
		"no milliseconds":                  "20261123T141500Z-note-p9c4we",
		"microseconds":                     "20261123T141500.120000Z-note-p9c4we",
		"a comma":                          "20261123T141500,120Z-note-p9c4we",
		"another zone":                     "20261123T141500.120+01:00-note-p9c4we",
		"a line end":                       "20261123T141500.120Z-note-p9c4we\n",
		"a year that nothing could follow": "99990101T000000.000Z-note-p9c4we",
		"a year of five digits":            "100000101T000000.000Z-note-p9c4we",
	} {
		t.Run(rule, func(t *testing.T) {
			_, err := incident.ParseName(name)
			require.ErrorIs(t, err, incident.ErrInvalid)
		})
	}
}

func TestLabels(t *testing.T) {
	for want, e := range map[string]incident.Entry{
		"note-customer":     {Kind: incident.Note, Audience: incident.Customer},
		"note-nobody":       {Kind: incident.Note},
		"status-identified": {Kind: incident.Moved, Status: incident.Identified},
		"opened":            {Kind: incident.Opened}, "reopened": {Kind: incident.Reopened}, "set": {Kind: incident.Set},
		"assigned": {Kind: incident.Assigned}, "retracted": {Kind: incident.Retracted}, "postmortem": {Kind: incident.Postmortem},
		"unreadable": {},
	} {
		require.Equal(t, want, e.Label())
		parsed, err := incident.ParseName(incident.Name{Recorded: incidenttest.At(0), Label: want, Suffix: "p9c4we"}.String())
		require.NoError(t, err)
		require.Equal(t, want, parsed.Label)
	}
}

func TestNextRecorded(t *testing.T) {
	now := incidenttest.At(0)
	named := func(names ...string) []incident.Entry {
		var list []incident.Entry
		for _, n := range names {
			list = append(list, incident.Entry{Name: n})
		}
		return list
	}
	for _, tt := range []struct {
		rule    string
		now     time.Time
		present []incident.Entry
		want    string
	}{
		{"the clock counts", now, nil, "20261123T140000.000Z"},
		{"in whole milliseconds", now.Add(1999 * time.Microsecond), nil, "20261123T140000.001Z"},
		{"in UTC", now.In(time.FixedZone("", 3600)), nil, "20261123T140000.000Z"},
		{"what is older does not matter", now, named("20261123T135959.999Z-note-p9c4we"), "20261123T140000.000Z"},
		{"two in one millisecond are told apart", now, named("20261123T140000.000Z-note-p9c4we"), "20261123T140000.001Z"},
		{"time never goes back, though this clock is slow", now, named("20261124T000000.000Z-note-p9c4we"), "20261124T000000.001Z"},
		{"the newest counts, wherever it is", now, named("20261124T000000.000Z-note-p9c4we", "20261126T000000.000Z-note-p9c4we", "20261125T000000.000Z-note-p9c4we"), "20261126T000000.001Z"},
		{"a name that is none is passed over", now, named("zzzz", "20261124T000000.000Z-note-p9c4we", "99999999T000000.000Z-note-p9c4we"), "20261124T000000.001Z"},
		{"a far year counts as long as something can follow it", now, named("99981231T235959.998Z-note-p9c4we"), "99981231T235959.999Z"},
		{"the last moment of all is passed over", now, named("99981231T235959.999Z-note-p9c4we", "20261124T000000.000Z-note-p9c4we"), "20261124T000000.001Z"},
		{"a year that no name may hold is passed over", now, named("99990101T000000.000Z-note-p9c4we"), "20261123T140000.000Z"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := incident.NextRecorded(tt.now, tt.present)
			require.Equal(t, tt.want, got.Format("20060102T150405.000Z"))
			slices.Reverse(tt.present)
			require.Equal(t, got, incident.NextRecorded(tt.now, tt.present), "in any order")
		})
	}
}

// Whatever the clock does, each entry is newer than all before it.
func TestRecordedTimeNeverGoesBack(t *testing.T) {
	var present []incident.Entry
	for n, clock := range []int{0, 0, -60, 5, 5, 1e6, 3, -1e6, 6} {
		name := incident.Name{Recorded: incident.NextRecorded(incidenttest.At(clock), present), Label: "note", Suffix: "aaaa"}.String()
		if n > 0 {
			require.Greater(t, name, present[n-1].Name)
		}
		present = append(present, incident.Entry{Name: name})
	}
}

// ParseName accepts only what String writes, to the letter.
func FuzzParseName(f *testing.F) {
	f.Add("20261123T141500.120Z-note-customer-p9c4we")
	f.Add("20261123T141500,120Z-note--p9c4we")
	f.Add("99981231T235959.999Z-opened-0000")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := incident.ParseName(s)
		if err != nil {
			require.ErrorIs(t, err, incident.ErrInvalid)
			return
		}
		require.Equal(t, s, n.String())
		require.NotContains(t, s, "/")
		next := incident.NextRecorded(incidenttest.At(0), []incident.Entry{{Name: s}})
		require.False(t, next.Before(incidenttest.At(0)))
		_, err = incident.ParseName(incident.Name{Recorded: next, Label: n.Label, Suffix: n.Suffix}.String())
		require.NoError(t, err, "what is recorded next can be read again")
	})
}

// ParseName agrees with the plain reading of the format, on what is a name and on what it says.
func FuzzParseNameAgainstTimeParse(f *testing.F) {
	for _, seed := range []string{
		"20261123T141500.120Z-note-customer-p9c4we", "20260230T141500.120Z-note-p9c4we", "20240229T000000.000Z-set-0000", "19000229T000000.000Z-set-0000",
		"00000101T000000.000Z-set-0000", "99990101T000000.000Z-note-p9c4we", "20261300T141500.120Z-note-p9c4we", "20260001T141500.120Z-note-p9c4we",
		"20261123T246000.120Z-note-p9c4we", "20261123T235960.120Z-note-p9c4we", "20261123T141500.120Z--a-p9c4we", "20261123T141500.120Z-a-", "20261123T141500.120Z",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := incident.ParseName(s)
		want, ok := plainName(s)
		require.Equal(t, ok, err == nil, s)
		require.Equal(t, want, got, s)
	})
}

var plainRest = regexp.MustCompile(`^((?:[a-z]+-)*[a-z]+)-([0-9a-z]{4,26})$`)

func plainName(s string) (incident.Name, bool) {
	const layout = "20060102T150405.000Z"
	stamp, rest, _ := strings.Cut(s, "-")
	at, err := time.Parse(layout, stamp)
	m := plainRest.FindStringSubmatch(rest)
	if err != nil || m == nil || at.Year() >= 9999 || at.Format(layout) != stamp {
		return incident.Name{}, false
	}
	return incident.Name{Recorded: at, Label: m[1], Suffix: m[2]}, true
}

// Every day that a calendar could be asked for, and each hour, minute and second beyond the last one.
func TestParseNameOfEveryDay(t *testing.T) {
	for _, year := range []int{0, 1600, 1900, 2000, 2023, 2024, 9998, 9999} {
		for month := range 100 {
			for day := range 100 {
				requirePlain(t, fmt.Sprintf("%04d%02d%02dT141500.120Z-set-0000", year, month, day))
			}
		}
	}
	for n := range 100 {
		for _, form := range []string{"20261123T%02d1500.120Z-set-0000", "20261123T14%02d00.120Z-set-0000", "20261123T1415%02d.120Z-set-0000"} {
			requirePlain(t, fmt.Sprintf(form, n))
		}
	}
}

// requirePlain is fast where all is well, since there are many.
func requirePlain(t *testing.T, s string) {
	t.Helper()
	got, err := incident.ParseName(s)
	if want, ok := plainName(s); ok != (err == nil) || got != want {
		require.Equal(t, want, got, s)
		require.Equal(t, ok, err == nil, s)
	}
}
