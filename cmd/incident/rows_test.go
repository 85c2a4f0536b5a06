//go:build !windows

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// At a terminal each action that somebody wrote into the postmortem's table is asked for, and only those are recorded that
// are wanted.
func TestRefreshAsksForEachAction(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	d.quietly("resolve")
	var drafted struct {
		Document string `json:"document"`
	}
	require.NoError(t, json.Unmarshal([]byte(d.quietly("postmortem", "-o", "json")), &drafted))
	doc, err := os.ReadFile(drafted.Document)
	require.NoError(t, err)
	byHand := strings.Replace(string(doc), "No action is recorded yet.\n", `| What changes | Kind | Owner | Due | Link | State |
| --- | --- | --- | --- | --- | --- |
| The alarm rings earlier | detect | Chen Wu | 2030-12-15 | | |
| We sleep more | | | | | |
`, 1)
	require.NotEqual(t, string(doc), byHand)
	require.NoError(t, os.WriteFile(drafted.Document, []byte(byHand), 0o666))
	require.NoError(t, exec.Command("git", "-C", d.records(), "-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-qam", "Write actions").Run())

	p := d.types("postmortem", "refresh")
	p.answers(`Record the action "The alarm rings earlier"? (Chen Wu, due 15 December 2030)`, enter)
	p.answers(`Record the action "We sleep more"? (no owner, no day)`, "n"+enter)
	screen := p.ends(0)
	require.Contains(t, screen, "The alarm rings earlier\n")
	require.Contains(t, screen, `"We sleep more"; --record-actions records it`)
	require.Contains(t, screen, "is kept")
	list := d.quietly("action", "list", "-o", "json")
	require.Contains(t, list, `"text": "The alarm rings earlier"`)
	require.NotContains(t, list, "sleep")

	p = d.types("postmortem", "refresh")
	p.answers("We sleep more", "y"+enter)
	screen = p.ends(0)
	require.NotContains(t, screen, "The alarm rings")
	require.Contains(t, screen, "Made anew")
	doc, err = os.ReadFile(drafted.Document)
	require.NoError(t, err)
	require.Contains(t, string(doc), "| The alarm rings earlier | detect | Chen Wu | 15 December 2030 | | open |\n| We sleep more | | | | | open |\n")

	// Who leaves the question has recorded nothing more.
	require.NoError(t, os.WriteFile(drafted.Document, []byte(strings.Replace(string(doc), "| We sleep more", "| Third | | | | | |\n| We sleep more", 1)), 0o666))
	require.NoError(t, exec.Command("git", "-C", d.records(), "-c", "user.name=Ana", "-c", "user.email=ana@example.com", "commit", "-qam", "Write one more").Run())
	commits := d.commits()
	p = d.types("postmortem", "refresh")
	p.answers("Third", ctrlC)
	p.ends(130)
	require.Equal(t, commits, d.commits())
}
