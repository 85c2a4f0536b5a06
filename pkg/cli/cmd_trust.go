package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

type trustCmd struct{ *deps }

func newTrust(d *deps) *cobra.Command {
	c := trustCmd{d}
	return &cobra.Command{
		Use:   "trust",
		Short: "Let this clone use the templates that the record brings",
		Long: `Lets this clone use the templates in .incident/templates/. A record that you made yourself is trusted from
the start; of one that you cloned, read the templates first. It is remembered in git's configuration of this
clone (incident.trust), which nothing that is pulled can change.`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
}

// trustedJSON is the answer to trust.
type trustedJSON struct {
	Schema  string `json:"schema"`
	Dir     string `json:"dir"`
	Trusted bool   `json:"trusted"`
}

func (r trustedJSON) ids() []string { return []string{r.Dir} }

func (c *trustCmd) run(ctx context.Context) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	if err := rec.Trust(ctx); err != nil {
		return err
	}
	c.say(fmt.Sprintf("This clone now uses the templates of %s.", c.short(rec.Dir())))
	return c.print(trustedJSON{schema, rec.Dir(), true})
}
