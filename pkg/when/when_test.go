package when_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the tests name places, and not every machine knows them
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/when"
)

type reader func(s string, now time.Time) (time.Time, error)

// in is a moment as clocks in a place show it.
func in(t testing.TB, place, wall string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation(place)
	require.NoError(t, err)
	now, err := time.ParseInLocation(time.DateTime, wall, loc)
	require.NoError(t, err)
	return now
}

// requireReads checks that s is read as want, which is RFC 3339 in UTC.
func requireReads(t *testing.T, read reader, s string, now time.Time, want string) {
	t.Helper()
	got, err := read(s, now)
	require.NoError(t, err)
	require.Equal(t, time.UTC, got.Location())
	require.Equal(t, want, got.Format(time.RFC3339Nano))
}

var suggestion = regexp.MustCompile(`(?:did you mean|" or) "([^"]+)"`)

// requireRefuses checks that s is refused in words that hold says, and that all they suggest works.
func requireRefuses(t *testing.T, read reader, s string, now time.Time, says string) {
	t.Helper()
	got, err := read(s, now)
	requireUnclear(t, err)
	require.ErrorContains(t, err, says)
	require.Zero(t, got)
	if !strings.Contains(err.Error(), "did you mean") {
		return
	}
	for _, m := range suggestion.FindAllStringSubmatch(err.Error(), -1) {
		_, err := read(m[1], now)
		require.NoError(t, err, "it suggests %s", m[1])
	}
}

// requireUnclear checks what holds for every refusal, whatever was typed.
func requireUnclear(t *testing.T, err error) {
	t.Helper()
	require.ErrorIs(t, err, when.ErrUnclear)
	require.Less(t, len(err.Error()), 1000)
	require.True(t, utf8.ValidString(err.Error()))
	for _, r := range err.Error() {
		require.True(t, r == ' ' || r > ' ' && r != 0x7f, "a control character in %q", err)
	}
}

func TestRefusalsAreToldApart(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:00")

	_, err := when.Time("15:00", now)
	require.ErrorIs(t, err, when.ErrFuture)
	require.ErrorIs(t, err, when.ErrUnclear)

	_, err = when.Time("noon", now)
	require.NotErrorIs(t, err, when.ErrFuture)
}

func TestHostileTextIsOnlyQuoted(t *testing.T) {
	now := in(t, "Europe/Berlin", "2026-11-23 14:43:00")
	for _, tt := range []struct{ rule, s string }{
		{"a terminal escape", "\x1b[2J14:05"},
		{"text that turns round", "14:05 \u202eCTU"},
		{"bytes that are no text", "\xff\xfe 14:\x8005"},
		{"nothing but nulls", "\x00\x00"},
		{"a megabyte of one letter", strings.Repeat("x", 1<<20)},
		{"a megabyte of digits", strings.Repeat("1", 1<<20) + "m"},
		{"a megabyte of words", strings.Repeat("14:05 ", 1<<17)},
		{"a megabyte of bytes that are no text", strings.Repeat("\xff", 1<<20)},
		{"digits of another script", "١٤:٠٥"},
		{"a long s for an s", "ye\u017fterday 14:05"},
		{"a format verb", "%d%s%!"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			requireRefuses(t, when.Time, tt.s, now, "")
			requireRefuses(t, when.Next, tt.s, now, "")
			_, err := when.Duration(tt.s)
			requireUnclear(t, err)
		})
	}
}
