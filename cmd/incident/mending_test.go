//go:build !windows

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const refused = "Card payments fail for one in five; BGP is wrong."

// refusal is a desk where an update for customers was just refused.
func refusal(t *testing.T) (*desk, *person) {
	t.Helper()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	p := d.types("note", "-a", "customer", "--next", "30m", refused)
	p.sees("What now?")
	screen := p.screen()
	require.Contains(t, screen, "not recorded: one thing that customers cannot use")
	require.Contains(t, screen, strings.Repeat(" ", strings.Index(refused, "BGP"))+"^^^\n", "the place is marked")
	require.Contains(t, screen, "In plain words:")
	require.Equal(t, 2, d.commits(), "nothing is recorded while it is being asked")
	return d, p
}

func (d *desk) drafts() []string {
	files, err := filepath.Glob(filepath.Join(d.records(), ".git", "incident", "drafts", "*.md"))
	require.NoError(d.t, err)
	return files
}

func TestRefusedWordsAreEdited(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	d.editor(`cp "$1" seen; sed 's/; BGP is wrong//' "$1" >new; mv new "$1"`)
	p := d.types("note", "-a", "customer", "--next", "30m", refused)
	p.answers("What now?", enter)
	p.ends(0)
	require.Equal(t, "Card payments fail for one in five.", d.last())
	require.True(t, strings.HasPrefix(d.seen(), refused), "the editor begins with what was written")
	require.Contains(t, d.seen(), `"BGP" is jargon: the routing information`)
	require.Empty(t, d.drafts())
}

func TestPlainWordsAreTaken(t *testing.T) {
	t.Parallel()
	d, p := refusal(t)
	p.types("plain" + enter)
	p.ends(0)
	require.Equal(t, "Card payments fail for one in five; the routing information that tells the internet how to reach us is wrong.", d.last())
}

func TestWordsPassWithAReason(t *testing.T) {
	t.Parallel()
	d, p := refusal(t)
	p.types("anyway" + enter)
	p.answers("Why is it right as it is?", "Our customers run networks."+enter)
	p.ends(0)
	require.Equal(t, refused, d.last())
	require.Contains(t, d.quietly("log"), "(in spite of jargon/term: Our customers run networks.)")
}

func TestRefusedWordsAreKept(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		keys string
		exit int
	}{"stop": {"stop" + enter, 3}, "leave": {ctrlC, 130}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, p := refusal(t)
			p.types(c.keys)
			require.Contains(t, p.ends(c.exit), "incident note -a customer --draft")
			require.Equal(t, 2, d.commits())
			require.Len(t, d.drafts(), 1)
			text, err := os.ReadFile(d.drafts()[0])
			require.NoError(t, err)
			require.Equal(t, refused, strings.TrimSpace(string(text)))
		})
	}
}

// What is mended is read again: a second try may fail too.
func TestEditedWordsAreReadAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	d.editor(`sed 's/BGP/edge-3/' "$1" >new; mv new "$1"`)
	p := d.types("note", "-a", "customer", "--next", "30m", refused)
	p.answers("What now?", enter)
	p.sees(`"edge-3" is an internal name`)
	p.sees("What now?")
	p.types("stop" + enter)
	p.ends(3)
	text, err := os.ReadFile(d.drafts()[0])
	require.NoError(t, err)
	require.Contains(t, string(text), "edge-3")

	// An editor that empties the text records nothing, and loses nothing.
	d.editor(`: >"$1"`)
	p = d.types("note", "-a", "customer", "--next", "30m", "Card payments fail for one in ten; BGP is wrong.")
	p.answers("What now?", enter)
	require.Contains(t, p.ends(3), "the text is empty; nothing was recorded")
	require.Len(t, d.drafts(), 2)
	require.Equal(t, 2, d.commits())
}

// In a narrow window every word of a finding can be read.
func TestFindingsFitTheWindow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.width = 50
	d.quietly("open", "Checkout errors")
	p := d.types("note", "-a", "customer", "--next", "30m", "--no-input", "We are looking into it.")
	require.Contains(t, strings.Join(strings.Fields(p.ends(7)), " "),
		"tells nothing that customers do not know: what is affected, and for whom; what you are doing; what they can do meanwhile pointless/says-nothing")
}

// At a terminal each write ends with what falls due within ten minutes; a script is not told.
func TestWhatFallsDueIsTold(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	screen := d.types("open", "Checkout errors", "--severity", "sev1").ends(0)
	require.Regexp(t, `(?m)^due: commander (tomorrow )?\d\d:\d\d, in [45] min; customers (tomorrow )?\d\d:\d\d, in (9|10) min$`, screen)
	require.NotContains(t, d.types("note", "-a", "internal", "--quiet", "We withdraw deploy 4711.").ends(0), "due:")
	require.Contains(t, d.types("status").ends(0), "due: commander ")
}

// A watch draws what is owed anew, and rings once.
func TestDueIsWatched(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "--severity", "sev4")
	p := d.types("due", "--watch", "--within", "10m")
	p.sees("Nothing.")
	d.quietly("note", "-a", "customer", "--next", "8m", "Card payments fail for one in five. We are withdrawing a change.")
	p.sees("customers")
	p.types(ctrlC)
	p.ends(0)
	require.Equal(t, 1, strings.Count(p.raw(), "\a"))
}
