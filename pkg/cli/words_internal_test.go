package cli

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is told as the next command is copied into a shell: it has to come out there as it was meant.
func TestCommandsCanBeCopied(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh on this system") // the test asks a real shell how it reads the words; Windows has none
	}
	args := []string{
		"incident", "note", "", "Card payments fail", `say "no"`, "it's", "$HOME", "`rm -rf ~`", "$(rm)", `back\slash\`, "a;b", "a&b|c",
		"*", "[a-z]", "{a,b}", "~/x", "#4711", "-x", "--", "Checkout=partial_outage", "two\nlines", "tab\there", "決済", "!", "100%", "a>b<c",
	}
	out, err := exec.Command(sh, "-c", `printf '%s\0' `+shellWords(args)).Output()
	require.NoError(t, err)
	require.Equal(t, args, strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"))
	require.Equal(t, `incident note -a customer "Card payments fail"`, shellWords([]string{"incident", "note", "-a", "customer", "Card payments fail"}))
}

func TestClock(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	nepal := time.FixedZone("", 5*3600+45*60)
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, berlin)
	for _, tt := range []struct {
		rule string
		at   time.Time
		want string
	}{
		{"today needs no day", noon.Add(2 * time.Hour), "14:00 CET (13:00 UTC)"},
		{"yesterday and tomorrow are words", noon.Add(-24 * time.Hour), "yesterday 12:00 CET (11:00 UTC)"},
		{"yesterday and tomorrow are words, ahead", noon.Add(24 * time.Hour), "tomorrow 12:00 CET (11:00 UTC)"},
		{"another day of this year has no year", noon.AddDate(0, -1, 0), "23 Oct 12:00 CEST (10:00 UTC)"},
		{"another year has", noon.AddDate(-1, 0, 0), "23 Nov 2025 12:00 CET (11:00 UTC)"},
		{"a day begins where the user is", time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC), "00:30 CET (23:30 UTC)"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			d := &deps{World: World{Now: func() time.Time { return noon }}}
			require.Equal(t, tt.want, d.clocks(tt.at))
		})
	}
	d := &deps{World: World{Now: func() time.Time { return noon.In(nepal) }}}
	require.Equal(t, "16:45 +05:45 (11:00 UTC)", d.clocks(noon), "a zone without a name has its offset")
	d.utc = true
	require.Equal(t, "11:00 UTC", d.clocks(noon), "UTC is said once")
}
