package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/record"
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
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	cmd.Flags().BoolVar(&c.none, "none", false, "choose none")
	return cmd
}

// used is the answer to use; its incident is null where none is chosen.
type used struct {
	Schema   string        `json:"schema"`
	Incident *incidentJSON `json:"incident"`
}

func (r used) ids() []string {
	if r.Incident == nil {
		return nil
	}
	return []string{r.Incident.ID}
}

func (c *useCmd) run(ctx context.Context, args []string) error {
	if c.none && len(args) > 0 {
		return usage("", "--none takes no incident")
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	if c.none {
		if err := rec.Use(""); err != nil {
			return err
		}
	}
	ref := firstOf(strings.Join(args, ""), rec.Current())
	if ref == "" {
		c.say("No incident is chosen.")
		return c.print(used{Schema: schema})
	}
	return c.choose(ctx, rec, ref, len(args) > 0)
}

// choose finds the incident, chooses it if that is new, and prints it.
func (c *useCmd) choose(ctx context.Context, rec *record.Record, ref string, isNew bool) (err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	inc, err := resolve(rd, ref)
	if err != nil {
		return err
	}
	if isNew {
		if err := rec.Use(inc.ID); err != nil {
			return err
		}
		c.say(fmt.Sprintf("From now on commands here are about %s (%s, %s), until \"incident use --none\".", inc.ID, inc.Status, inc.Severity))
	}
	wire := wireFull(inc, c.Now())
	return c.print(used{schema, &wire})
}
