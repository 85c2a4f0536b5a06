package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
)

type assignCmd struct{ writing }

func newAssign(d *deps) *cobra.Command {
	c := assignCmd{writing{deps: d}}
	cmd := &cobra.Command{
		Use:     "assign ROLE WHO",
		Short:   "Give somebody a role",
		Long:    "Gives a role to somebody: commander, communications, operations, scribe, or any other. The newest holds it.",
		Example: "incident assign commander \"Ana Lima\"\nincident assign communications ben@example.com",
		Args:    arguments(2, 2),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0], args[1]) },
		ValidArgs: []string{
			incident.Commander, incident.Communications, incident.Operations, incident.Scribe,
		},
	}
	c.addFlags(cmd)
	return cmd
}

func (c *assignCmd) run(ctx context.Context, first, second string) error {
	role, who := incident.RoleName(first), strings.TrimSpace(second)
	if role == "" || who == "" {
		return usage(`incident assign commander "Ana Lima"`, "a role and a name are needed")
	}
	usual := []string{incident.Commander, incident.Communications, incident.Operations, incident.Scribe}
	if slices.Contains(usual, incident.RoleName(who)) && !slices.Contains(usual, role) {
		return usage("", "the role comes first: incident assign %s", shellWords([]string{incident.RoleName(who), strings.TrimSpace(first)}))
	}
	rec, inc, err := c.begin(ctx, notClosed)
	if err != nil {
		return err
	}
	e, err := c.entry(incident.Assigned, incident.Internal, times{})
	if err != nil {
		return err
	}
	e.Role, e.Holder = role, who
	return c.record(ctx, rec, job{inc: inc, entry: e, tell: func(record.Written) {
		c.say(fmt.Sprintf("%s is %s of %s.", who, role, inc.ID))
	}})
}
