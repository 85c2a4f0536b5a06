package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type syncCmd struct {
	*deps
	fetchOnly, pushOnly, dryRun bool
}

func newSync(d *deps) *cobra.Command {
	c := syncCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "sync [REMOTE]",
		Short: "Exchange entries with the team: receive, merge, send",
		Long: `Gets what others have recorded from a git remote, merges it, and sends what was recorded here; if somebody
was faster, again. Entries never conflict. Where a postmortem or the settings were changed on both sides, the
merge is taken back, and the commands that settle it are named.

git carries the bytes, so whatever lets "git push" in works here too. Nothing is sent by itself, unless this
clone is told to: "git config incident.sync push" sends after each entry, "full" receives as well.`,
		Example:           "incident sync\nincident sync --dry-run\nincident sync backup --push-only",
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeRemotes,
	}
	f := cmd.Flags()
	f.BoolVar(&c.fetchOnly, "fetch-only", false, "receive and merge, send nothing")
	f.BoolVar(&c.pushOnly, "push-only", false, "send, receive nothing")
	f.BoolVar(&c.dryRun, "dry-run", false, "ask what is new, show what would be exchanged, and change nothing")
	return cmd
}

func (c *syncCmd) run(ctx context.Context, args []string) error {
	if c.fetchOnly && c.pushOnly {
		return usage("leave both out to receive and send", "--fetch-only and --push-only exclude each other")
	}
	if len(args) == 1 && args[0] == "" {
		return usage("incident sync, or incident sync origin", "the name of the remote is empty")
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	done, err := rec.Sync(ctx, record.Sync{
		Remote: strings.Join(args, ""), FetchOnly: c.fetchOnly, PushOnly: c.pushOnly, DryRun: c.dryRun, SentToo: c.output == outputJSON, Ask: c.canAsk(), Tell: c.progress(),
	})
	if err != nil {
		if done.Merged { // that is not lost because sending failed
			c.say("Received from " + done.Remote + ": " + firstOf(strings.Join(told(done.Received, true), "; "), "other files"))
		}
		return err
	}
	c.tell(done)
	return c.print(newSynced(done, c.dryRun))
}

// canAsk reports whether a person sits at the terminal who can be asked.
func (d *deps) canAsk() bool {
	return !d.noInput && terminal.IsTerminal(file(d.Stdin)) && terminal.IsTerminal(file(d.Stderr))
}

// progress tells a person what is waited for; nil where nobody looks.
func (d *deps) progress() func(string) {
	if d.quiet || d.output == outputJSON || !terminal.IsTerminal(file(d.Stderr)) {
		return nil
	}
	return func(what string) { d.errw.Line(terminal.Dim(what + " …")) }
}

func (c *syncCmd) tell(done record.Synced) {
	if c.dryRun {
		c.line(terminal.Bold("Nothing is exchanged; this is what would be:"))
	}
	if done.Settings {
		c.say("The team's settings have changed.")
	}
	sent := 0
	for _, e := range done.Sent {
		sent += e.Entries
	}
	switch {
	case sent > 0 && c.dryRun:
		c.say(fmt.Sprintf("To send to %s: %s.", done.Remote, entries(sent)))
	case sent > 0:
		c.say(fmt.Sprintf("Sent %s to %s.", entries(sent), done.Remote))
	case done.Pushed:
		c.say(fmt.Sprintf("Sent to %s.", done.Remote))
	case len(done.Received) > 0 || done.Merged:
	case c.fetchOnly:
		c.say(fmt.Sprintf("Nothing new in %s.", done.Remote))
	case c.pushOnly:
		c.say(fmt.Sprintf("Nothing to send; %s has it all.", done.Remote))
	default:
		c.say(fmt.Sprintf("Nothing to exchange: %s and this clone hold the same.", done.Remote))
	}
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// syncedJSON is the answer to sync.
type syncedJSON struct {
	Schema   string          `json:"schema"`
	Remote   string          `json:"remote"`
	Received []exchangedJSON `json:"received"`
	Sent     []exchangedJSON `json:"sent"`
	Merged   bool            `json:"merged"`
	Pushed   bool            `json:"pushed"`
	Commit   string          `json:"commit"`
	DryRun   bool            `json:"dry_run"`

	received []record.Exchanged
}

type exchangedJSON struct {
	Incident string           `json:"incident"`
	Entries  int              `json:"entries"`
	Files    int              `json:"files"`
	Status   *incident.Status `json:"status"`
}

func newSynced(done record.Synced, dryRun bool) syncedJSON {
	return syncedJSON{
		Schema: schema, Remote: done.Remote, Received: wireExchanged(done.Received), Sent: wireExchanged(done.Sent),
		Merged: done.Merged, Pushed: done.Pushed, Commit: done.Commit, DryRun: dryRun, received: done.Received,
	}
}

func wireExchanged(list []record.Exchanged) []exchangedJSON {
	out := []exchangedJSON{}
	for _, e := range list {
		out = append(out, exchangedJSON{e.Incident, e.Entries, e.Files, known(e.Status)})
	}
	return out
}

func (r syncedJSON) ids() []string {
	var ids []string
	for _, e := range r.Received {
		ids = append(ids, e.Incident)
	}
	return ids
}

func (r syncedJSON) table(d *deps) {
	for _, line := range told(r.received, !r.DryRun) {
		d.out.Line(line)
	}
}

// told says in one line each what came of incidents, and what became of them where that is known yet.
func told(list []record.Exchanged, merged bool) []string {
	var lines []string
	for _, e := range list {
		var came []string
		if e.Entries > 0 {
			came = append(came, strings.Replace(entries(e.Entries), " ", " new ", 1))
		}
		if e.Files > 0 {
			came = append(came, plural(e.Files, "file")+" besides")
		}
		if merged && known(e.Status) != nil {
			came = append(came, "now "+e.Status.String())
		}
		lines = append(lines, e.Incident+"  "+strings.Join(came, ", "))
	}
	return lines
}

// completeRemotes offers the names of remotes to the shell.
func (d *deps) completeRemotes(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	place, err := d.locate()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	rec, err := record.Open(cmd.Context(), place, d.recordOptions())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names, _ := rec.Remotes(cmd.Context()) // without, nothing is offered
	return names, cobra.ShellCompDirectiveNoFileComp
}
