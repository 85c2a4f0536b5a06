//go:build !windows

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// At a terminal similar incidents are named once it is said that this one is open; elsewhere nobody pays for that.
func TestOpenNamesSimilarIncidents(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Card payments fail", "--component", "Checkout")
	d.quietly("set", "--cause", "pool exhausted")
	d.quietly("resolve")
	d.quietly("postmortem")
	d.quietly("close")

	screen := d.types("open", "Card payments failing").ends(0)
	require.Regexp(t, `(?s)Opened for the war room.*\nnext: .*\nseen before: \d{8}-card-payments-fail   closed, lasted 0 min.*\n  cause: pool exhausted\n  postmortem: .*card-payments-fail/postmortem\.md\n\d{8}-card-payments-failing`, screen)

	screen = d.types("open", "Mail is stuck").ends(0)
	require.NotContains(t, screen, "seen before")
	screen = d.types("open", "Card payments fail again", "--quiet").ends(0)
	require.NotContains(t, screen, "seen before")
	screen = d.types("open", "Card payments fail once more", "--dry-run").ends(0)
	require.NotContains(t, screen, "seen before", "nothing is opened")

	code, _, errs := runIncident(t, d.home, "open", "Card payments fail at last")
	require.Zero(t, code)
	require.NotContains(t, errs, "seen before", "this is no terminal")

	d.stdout = true
	p := d.types("open", "Card payments fail in the end")
	screen = p.ends(0)
	require.Contains(t, screen, "seen before")
	require.Regexp(t, `^\d{8}-card-payments-fail-in-the-end\n$`, p.stdout.String(), "the answer is on standard output alone")
}
