package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/view"
)

type setCmd struct {
	writing
	textFlags
	factFlags
	title     string
	customers int
	share     string
	tags      []string
	cause     string
}

func newSet(d *deps) *cobra.Command {
	c := setCmd{writing: writing{deps: d}}
	cmd := &cobra.Command{
		Use:   "set",
		Short: "State facts that have changed",
		Long: `States facts of the incident: how severe it is, what customers notice, how its components are, what it is
called, when it began, how many it touches, what it came from. -m says why, for the war room.

The cause is a few words that other incidents may share, such as "connection pool exhausted": incident search --cause finds
them, and incident stats counts them. The completion of the shell offers causes and tags that were used before.`,
		Example: `incident set --severity sev1 -m "Bank transfers fail too."
incident set --component Checkout=operational --component Search=degraded_performance
incident set --impact major --customers 1200 --share 20%
incident set --started 13:40
incident set --cause "connection pool exhausted" --tag database`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	c.factFlags.addFlags(cmd)
	f.StringVarP(&c.title, "title", "t", "", "what the war room calls it, a `TITLE`")
	f.IntVar(&c.customers, "customers", 0, "how many customers are affected, a `NUMBER`")
	f.StringVar(&c.share, "share", "", "how many of all customers, `PERCENT`: 20%")
	f.StringArrayVar(&c.tags, "tag", nil, "a `WORD` to find it by (repeatable)")
	f.StringVar(&c.cause, "cause", "", "what it came from, in a few `WORDS` for the war room")
	must(cmd.RegisterFlagCompletionFunc("tag", d.completeUsed(tagsOf)))
	must(cmd.RegisterFlagCompletionFunc("cause", d.completeUsed(causesOf)))
	c.textFlags.addFlags(cmd, "why")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *setCmd) run(ctx context.Context) error {
	text, err := c.readSource(ctx, c.source(nil))
	if err != nil {
		return err
	}
	keep := draft{name: "set", resume: "incident set -F FILE"}
	rec, inc, err := c.begin(ctx, notClosed)
	if err != nil {
		return c.keepDraft(rec, keep, text, err)
	}
	e, err := c.facts(rec.Config)
	if err != nil {
		return c.keepDraft(rec, keep, text, err)
	}
	e.Text = c.readyText(e.Audience, text)
	return c.record(ctx, rec, job{inc: inc, entry: e, draft: keep, tell: func(done record.Written) { c.tell(inc, done) }})
}

// facts makes the entry.
func (c *setCmd) facts(config record.Config) (incident.Entry, error) {
	e, err := c.entry(incident.Set, incident.Internal, times{started: c.started})
	if err != nil {
		return e, err
	}
	c.fill(&e)
	if e.Components, err = c.components.stated(config); err != nil {
		return e, err
	}
	e.Title = strings.TrimSpace(c.title)
	for _, t := range c.tags {
		e.Tags = append(e.Tags, strings.TrimSpace(t))
	}
	e.Cause = strings.TrimSpace(c.cause)
	if c.flags.Changed("customers") {
		e.Customers = &c.customers
	}
	if c.share != "" {
		if e.Share, err = parseShare(c.share); err != nil {
			return e, err
		}
	}
	if e.Facts.IsZero() {
		return e, usage("incident set --help lists them", "no fact is given")
	}
	return e, nil
}

func (c *setCmd) tell(before incident.Incident, done record.Written) {
	var facts []string
	for _, u := range view.For(done.Incident, incident.Technical).Updates {
		if u.Entry == done.Entry.Name {
			for _, ch := range u.Changes {
				facts = append(facts, ch.Fact+" "+c.factValue(ch))
			}
		}
	}
	c.say("Set " + strings.Join(facts, ", ") + "." + customersSee(before, done.Incident))
}
