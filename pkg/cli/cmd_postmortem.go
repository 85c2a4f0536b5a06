package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/postmortem"
	"incident/pkg/record"
)

type postmortemCmd struct{ writing }

func newPostmortem(d *deps) *cobra.Command {
	c := postmortemCmd{writing{deps: d}}
	cmd := &cobra.Command{
		Use:     "postmortem [ID]",
		Aliases: []string{"pm"},
		Short:   "Draft the postmortem from the record",
		Long: `Writes postmortem.md into the incident's folder and commits it: everything that the record knows is filled
in, and what people have to write is asked for in comments. A draft that nobody has edited is written anew; an
edited one is never touched.`,
		Example:           "incident postmortem\nincident postmortem checkout",
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	c.addFlags(cmd)
	addPapers(cmd, d)
	return cmd
}

func (c *postmortemCmd) run(ctx context.Context, args []string) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, err := c.target(ctx, rec, strings.Join(args, ""), resolvedFirst)
	if err != nil {
		return err
	}
	e, err := c.entry(incident.Postmortem, incident.Internal, times{})
	if err != nil {
		return err
	}
	template, err := rec.Template(ctx, "postmortem.md")
	if err != nil {
		return err
	}
	draft := func(inc incident.Incident) ([]byte, error) {
		return postmortem.Draft(template, c.draftOf(rec, inc))
	}
	return c.record(ctx, rec, job{inc: inc, entry: e, doc: draft, tell: func(done record.Written) { c.tell(rec, done) }})
}

func (c *postmortemCmd) tell(rec *record.Record, done record.Written) {
	inc := done.Incident
	c.say(fmt.Sprintf("Drafted the postmortem of %s: %s", inc.ID, c.short(documentOf(rec, inc.ID))))
	if term := rec.Config.Severities[inc.Severity].Postmortem; inc.Status == incident.Resolved && term > 0 {
		c.say(fmt.Sprintf("It is due %s.", c.clocks(inc.ResolvedAt.Add(term))))
	}
	if !inc.Status.Over() {
		c.say(fmt.Sprintf("The incident is still %s; draft it again when it is over.", inc.Status))
	}
	c.next("incident postmortem edit", "answers what only people know; then: incident postmortem publish")
}

// documentOf is the file of an incident's postmortem.
func documentOf(rec *record.Record, id string) string {
	return filepath.Join(rec.Dir(), filepath.FromSlash(record.PostmortemPath(id)))
}
