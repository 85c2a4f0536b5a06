package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

type useCmd struct {
	*deps
	none bool
}

func newUse(d *deps) *cobra.Command {
	c := useCmd{deps: d}
	cmd := &cobra.Command{
		Use:               "use [ID]",
		Short:             "Choose the current incident of this clone",
		Long:              "Chooses the incident that commands are about when none is named, in this clone of the record. Alone, it prints which that is.",
		Example:           "incident use checkout\nincident use --none",
		Args:              cobra.MaximumNArgs(1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	cmd.Flags().BoolVar(&c.none, "none", false, "choose none")
	return cmd
}

// usedJSON is the answer to use.
type usedJSON struct {
	Schema   string `json:"schema"`
	Incident string `json:"incident"`
}

func (r usedJSON) ids() []string {
	if r.Incident == "" {
		return nil
	}
	return []string{r.Incident}
}

func (c *useCmd) run(ctx context.Context, args []string) (err error) {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	if c.none {
		if len(args) > 0 {
			return usage("", "--none takes no incident")
		}
		c.say("No incident is chosen.")
		return firstError(rec.Use(""), c.print(usedJSON{Schema: schema}))
	}
	if len(args) == 0 {
		if rec.Current() == "" {
			c.say("No incident is chosen.")
			c.next("incident use ID")
		}
		return c.print(usedJSON{schema, rec.Current()})
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	inc, err := resolve(rd, args[0])
	if err != nil {
		return err
	}
	if err := rec.Use(inc.ID); err != nil {
		return err
	}
	c.say(fmt.Sprintf("From now on commands here are about %s (%s, %s), until \"incident use --none\".", inc.ID, inc.Status, inc.Severity))
	return c.print(usedJSON{schema, inc.ID})
}

func firstError(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}
