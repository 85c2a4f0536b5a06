package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"incident/pkg/gitstore"
	"incident/pkg/record"
)

type cloneCmd struct{ *deps }

func newClone(d *deps) *cobra.Command {
	c := cloneCmd{d}
	return &cobra.Command{
		Use:   "clone URL [DIR]",
		Short: "Get a team's record, and check it over",
		Long: `Gets a record from a git remote into DIR (a folder named after it, if none is given) and reads all of it
once: what cannot be read is named. Templates that it brings are not used before "incident trust". What is no
record is removed again.`,
		Example: "incident clone git@git.example.com:ops/incidents.git\nincident clone /srv/git/incidents.git ~/incidents",
		Args:    arguments(1, 2),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
}

// clonedJSON is the answer to clone.
type clonedJSON struct {
	Schema    string       `json:"schema"`
	Dir       string       `json:"dir"`
	Incidents int          `json:"incidents"`
	Entries   int          `json:"entries"`
	Damages   []damageJSON `json:"damages"`
	Trusted   bool         `json:"trusted"`
}

type damageJSON struct {
	Incident string `json:"incident"`
	Entry    string `json:"entry"`
	Problem  string `json:"problem"`
}

func (r clonedJSON) ids() []string { return []string{r.Dir} }

func (c *cloneCmd) run(ctx context.Context, args []string) error {
	from, into := args[0], record.DirOf(args[0])
	if len(args) == 2 {
		into = args[1]
	}
	switch {
	case from == "":
		return usage("incident clone URL [DIR]", "the address is empty")
	case into == "":
		return usage("incident clone URL DIR", "name the folder that %q goes to", gitstore.Shown(from))
	}
	if c.progress() != nil {
		c.progress()("getting " + gitstore.Shown(from))
	}
	got, err := record.Get(ctx, record.Clone{From: from, In: c.Dir, Dir: c.path(into), Ask: c.canAsk()}, c.recordOptions())
	if err != nil {
		return err
	}
	c.tell("configuration", got.Record.Mistakes)
	where := c.short(got.Record.Dir())
	c.say(fmt.Sprintf("Got %s with %s into %s.", plural(got.Incidents, "incident"), entries(got.Entries), where))
	r := clonedJSON{Schema: schema, Dir: got.Record.Dir(), Incidents: got.Incidents, Entries: got.Entries, Damages: []damageJSON{}, Trusted: got.Record.Trusted(ctx)}
	for i, dmg := range got.Damages {
		r.Damages = append(r.Damages, damageJSON{dmg.Incident, dmg.Entry, dmg.Err.Error()})
		if i < most {
			c.warn(dmg.String())
		}
	}
	if n := len(got.Damages); n > 0 {
		c.warn(fmt.Sprintf("%s cannot be read or applied as meant; incident show tells which; nothing else is touched by it", entries(n)))
	}
	if got.Templates && !r.Trusted {
		c.say("It brings its own templates, which this clone does not trust. Read them in " + c.short(got.Record.Dir()) + "/.incident/templates, then: incident trust")
	}
	c.next("incident --repo "+shellWords([]string{where}), "shows what is open")
	return c.print(r)
}
