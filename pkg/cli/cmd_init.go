package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/record"
)

type initCmd struct{ *deps }

func newInit(d *deps) *cobra.Command {
	c := initCmd{d}
	return &cobra.Command{
		Use:   "init [DIR]",
		Short: "Make a repository of incident records, or keep them in one that is there",
		Long: `Makes a git repository for incident records in DIR (the working folder, if none is given). In a git
repository that is there already it adds .incident/ and a line of .gitattributes, commits these two, and
leaves everything else that is staged or changed as it is. Done a second time it changes nothing.`,
		Example: "incident init ~/incidents",
		Args:    arguments(0, 1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
}

// madeJSON is the answer to init.
type madeJSON struct {
	Schema  string `json:"schema"`
	Dir     string `json:"dir"`
	Created bool   `json:"created"`
	Changed bool   `json:"changed"`
	Commit  string `json:"commit"`
}

func (r madeJSON) ids() []string { return []string{r.Dir} }

func (c *initCmd) run(ctx context.Context, args []string) error {
	dir := firstOf(strings.Join(args, ""), c.repo, ".")
	dir = filepath.Clean(c.path(dir))
	made, err := record.Init(ctx, dir, c.recordOptions())
	if err != nil {
		return err
	}
	c.tell("configuration", made.Record.Mistakes)
	where := c.short(made.Record.Dir())
	switch {
	case made.Created:
		c.say(fmt.Sprintf("Made a repository of incident records in %s.", where))
	case made.Commit != "":
		c.say(fmt.Sprintf("Incident records are now kept in %s. Nothing else in it was touched.", where))
	default:
		c.say(fmt.Sprintf("Incident records are kept in %s already; nothing was changed.", where))
	}
	if made.Commit != "" {
		c.say(fmt.Sprintf("Components, teams and severities are settled in %s.", c.short(filepath.Join(made.Record.Dir(), filepath.FromSlash(record.ConfigPath)))))
		c.next(`incident open "Checkout errors"`, "")
	}
	return c.print(madeJSON{schema, made.Record.Dir(), made.Created, made.Commit != "", made.Commit})
}
