package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/record"
	"incident/pkg/terminal"
)

type demoCmd struct{ *deps }

func newDemo(d *deps) *cobra.Command {
	c := demoCmd{d}
	return &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Play a two-hour incident into a new record, to explore",
		Long: `Makes a new record in DIR (incident-demo, if none is given) and plays a realistic incident of two hours into
it, with several people and all audiences, besides one that is resolved and one that is closed. It runs the
real commands and shows them, and leaves the record to you.`,
		Example: "incident demo\nincident demo /tmp/practice",
		Args:    arguments(0, 1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
}

// scene is one command of the demo: who ran it, how long before now, and what they typed. IDs of entries
// that earlier scenes made are written {NAME}.
type scene struct {
	before time.Duration
	who    string
	args   []string
	name   string // to refer to what it made
}

func (c *demoCmd) run(ctx context.Context, args []string) error {
	dir := filepath.Clean(c.path(firstOf(strings.Join(args, ""), "incident-demo")))
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return &advised{record.ErrConflict, c.short(dir) + " is there already, and not empty", "remove it, or name another folder: incident demo DIR"}
	}
	if _, err := c.step(ctx, dir, scene{args: []string{"init", dir}}); err != nil {
		return err
	}
	names := map[string]string{}
	for _, s := range scenes {
		for i, a := range s.args {
			if ref, ok := strings.CutPrefix(a, "{"); ok {
				s.args = append([]string(nil), s.args...)
				s.args[i] = names[strings.TrimSuffix(ref, "}")]
			}
		}
		made, err := c.step(ctx, dir, s)
		if err != nil {
			return err
		}
		names[s.name] = made
	}
	where := c.short(dir)
	c.line()
	c.say(fmt.Sprintf("Played %d commands into %s, each of them a commit. Look around:", len(scenes), where))
	for _, line := range []string{"incident", "incident show --audience customer", "incident list --all", "incident log", "git log --stat"} {
		c.line("  ", terminal.Cyan("cd "+where+" && "+line))
	}
	return c.print(madeJSON{Schema: schema, Dir: dir, Created: true, Changed: true})
}

// step runs one command as somebody would have run it at that time, and returns what it printed.
func (c *demoCmd) step(ctx context.Context, dir string, s scene) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	start := c.now()
	var out, errs bytes.Buffer
	w := c.World
	w.Args = append(s.args, "--repo", dir, "--no-input", "--color=never")
	if s.who != "" {
		w.Args = append(w.Args, "--author", s.who)
		who, _, _ := strings.Cut(s.who, " <")
		c.line(terminal.Dim(start.Add(-s.before).Format("Mon 15:04")), "  ", who, strings.Repeat(" ", max(1, 12-len(who))), terminal.Cyan("incident "+shellWords(s.args)))
	}
	w.Stdin, w.Stdout, w.Stderr = strings.NewReader(""), &out, &errs
	w.Now = func() time.Time { return start.Add(-s.before) }
	w.Env = without(c.Env, "INCIDENT_ID", "INCIDENT_REPO", "INCIDENT_AUTHOR")
	if code := Run(ctx, w); code != 0 {
		return "", fmt.Errorf("incident %s: exit %d: %s", shellWords(s.args), code, strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

func without(env func(string) string, names ...string) func(string) string {
	return func(name string) string {
		for _, n := range names {
			if n == name {
				return ""
			}
		}
		return env(name)
	}
}
