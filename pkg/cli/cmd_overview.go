package cli

import (
	"context"
	"slices"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/view"
)

// overviewCmd is incident without a command: what is open, and what is owed.
type overviewCmd struct{ *deps }

func (c *overviewCmd) run(ctx context.Context) (err error) {
	place, err := c.locate()
	if err != nil {
		return err
	}
	if !place.Exists && place.How == record.ByUser {
		return c.welcome()
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	all, err := rd.All()
	if err != nil {
		return err
	}
	c.tellDamage(all...)
	open := slices.DeleteFunc(all, func(i incident.Incident) bool { return i.Status == incident.Closed })
	if len(open) == 1 && c.output != outputJSON && c.output != outputID {
		inc := open[0]
		if err := c.print(newShown(view.For(inc, incident.Technical), inc.PublicID, inc.Public(), rec.Config.Deadline, c.Now())); err != nil {
			return err
		}
		(&writing{deps: c.deps}).nextStep(inc)
		return nil
	}
	if len(open) == 0 {
		c.say("No incident is open.")
		c.next(`incident open "Checkout errors"`, "incident list --all")
	}
	return c.print(newListed(open, rec.Config.Deadline, c.Now()))
}

// welcome names the three commands that matter to somebody who has nothing yet.
func (c *overviewCmd) welcome() error {
	c.say("There are no incident records yet. Begin with one of these:")
	for _, line := range [][2]string{
		{`incident open "Checkout errors"`, "opens an incident; records are made for you"},
		{"incident init DIR", "makes records where you want them, or in a repository you have"},
		{"incident demo", "plays a two-hour incident for you to explore"},
	} {
		c.say("  ", terminal.Cyan(line[0]), "    ", line[1])
	}
	return c.print(listed{Schema: schema, Incidents: []incidentJSON{}})
}
