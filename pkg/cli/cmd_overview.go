package cli

import (
	"context"
	"slices"
	"strings"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// overviewCmd is incident without a command: what is open, and what is owed.
type overviewCmd struct{ *deps }

func (c *overviewCmd) run(ctx context.Context) error {
	place, err := c.locate()
	if err != nil {
		return err
	}
	if !place.Exists && place.How == record.ByUser {
		return c.welcome()
	}
	return c.withRecord(ctx, func(rec *record.Record, rd *record.Reader) error {
		if c.incident != "" {
			inc, err := resolve(rd, c.incident)
			if err != nil {
				return err
			}
			c.tellDamage(inc)
			return c.show([]incident.Incident{inc}, rec.Config.Rules())
		}
		open, err := rd.Open()
		if err != nil {
			return err
		}
		c.tellDamage(open...)
		open = slices.Clone(open)
		slices.SortStableFunc(open, newestFirst)
		return c.show(open, rec.Config.Rules())
	})
}

// show prints one incident on a page, several as a list with what they owe.
func (c *overviewCmd) show(open []incident.Incident, rules incident.Rules) error {
	if len(open) == 0 {
		c.say("No incident is open.")
		c.next(`incident open "Checkout errors"`, "or, to see those that are closed: incident list --all")
	}
	if len(open) == 1 && (c.output == outputUnset || c.output == outputTable) {
		page := newShown(open[0], incident.Technical, rules, c.Now())
		page.brief = terminal.IsTerminal(file(c.Stdout)) // nothing is shortened for anybody else
		if err := c.print(page); err != nil {
			return err
		}
		c.nextStep(open[0])
		return nil
	}
	return c.print(overview{newListed(open, rules, c.Now())})
}

// overview is a list with everything that is owed below it, the most urgent first.
type overview struct{ listed }

func (o overview) table(d *deps) {
	o.listed.table(d)
	d.owed(debts(o.rules, o.incidents...), o.now, true)
}

// welcome names the three commands that matter to somebody who has nothing yet.
func (c *overviewCmd) welcome() error {
	c.say("There are no incident records yet. Begin with one of these:")
	for _, line := range [][2]string{
		{`incident open "Checkout errors"`, "opens an incident; records are made for you"},
		{"incident init DIR", "makes records where you want them, or in a repository you have"},
		{"incident demo", "plays a two-hour incident for you to explore"},
	} {
		c.line("  ", terminal.Cyan(line[0]), strings.Repeat(" ", 36-len(line[0])), line[1])
	}
	return c.print(newListed(nil, nil, c.Now()))
}
