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

type ackCmd struct {
	writing
	all bool
	as  string
}

func newAck(d *deps) *cobra.Command {
	c := ackCmd{writing: writing{deps: d}}
	cmd := &cobra.Command{
		Use:   "ack [ENTRY...]",
		Short: "Say that you have seen a note that is addressed to you",
		Long: `Records that you have seen notes which are addressed to you, or to a team of yours. An entry is named by the six
letters at its end; --all means all that incident inbox lists. --as TEAM says for whom, where the configuration
does not know that you belong to it.`,
		Example: "incident ack m2x8ra\nincident ack --all\nincident ack m2x8ra --as support",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.all, "all", false, "all that is addressed to you and not acknowledged")
	f.StringVar(&c.as, "as", "", "for a `TEAM` or a person, instead of you and your teams")
	c.addFlags(cmd)
	return cmd
}

func (c *ackCmd) run(ctx context.Context, args []string) error {
	switch {
	case c.all && len(args) > 0:
		return usage("leave one of them out", "--all and names of entries exclude each other")
	case !c.all && len(args) == 0:
		return usage("incident ack ENTRY, or --all; incident inbox lists them", "a note is needed")
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	names := rec.Config.Answers(rec.Me(ctx, c.author))
	if c.as != "" {
		names = []string{strings.TrimSpace(c.as)}
	}
	letters, err := c.letters(ctx, rec, names, args)
	if err != nil {
		return err
	}
	if len(letters) == 0 && c.as != "" {
		if _, err := rec.Config.Addressee(names[0]); err != nil {
			return err
		}
	}
	if len(letters) == 0 {
		c.say("Nothing to do: nothing is waiting for " + strings.Join(names, ", ") + ".")
	}
	return c.write(ctx, rec, letters)
}

// letters finds the notes that are meant, and for whom each is acknowledged.
func (c *ackCmd) letters(ctx context.Context, rec *record.Record, names, refs []string) (list []letter, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, rd) }()
	if c.all {
		open, err := rd.Open()
		if err == nil && c.incident != "" {
			var only incident.Incident
			only, err = resolve(rd, c.incident)
			open = []incident.Incident{only}
		}
		return lettersTo(names, open...), err
	}
	for _, ref := range refs {
		found, err := c.findEntry(rd, ref)
		if err != nil {
			return nil, err
		}
		inc, err := rd.Incident(found.Incident)
		if err != nil {
			return nil, err
		}
		l, err := addressed(inc, found.Name, names)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

// addressed is a note with those of the names to whom it is addressed, seen or not.
func addressed(inc incident.Incident, name string, names []string) (letter, error) {
	e, _ := inc.Entry(name)
	if len(e.To) == 0 {
		return letter{}, &advised{incident.ErrNotAllowed, name + " is addressed to nobody", "incident inbox lists what is"}
	}
	if _, gone := inc.Retraction(e); gone {
		return letter{}, &advised{incident.ErrNotAllowed, name + " was withdrawn", "nothing of it is left to see"}
	}
	l := letter{inc: inc, note: e}
	for _, to := range e.To {
		for _, n := range names {
			if strings.EqualFold(n, to) {
				l.to = append(l.to, to)
				break
			}
		}
	}
	if len(l.to) == 0 {
		return letter{}, &advised{
			incident.ErrNotAllowed, fmt.Sprintf("%s is addressed to %s, not to %s", name, strings.Join(e.To, ", "), strings.Join(names, ", ")),
			"incident ack " + e.Suffix() + " --as " + shellWords(e.To[:1]),
		}
	}
	return l, nil
}

// write records one entry for each incident and audience: what engineers were told stays among them.
func (c *ackCmd) write(ctx context.Context, rec *record.Record, letters []letter) error {
	type of struct {
		id       string
		audience incident.Audience
	}
	var order []of
	together := map[of][]letter{}
	for _, l := range letters {
		k := of{l.inc.ID, min(l.note.Audience, incident.Internal)}
		if together[k] == nil {
			order = append(order, k)
		}
		together[k] = append(together[k], l)
	}
	for _, k := range order {
		e, err := c.entry(incident.Acknowledged, k.audience, times{})
		if err != nil {
			return err
		}
		for _, l := range together[k] {
			e.Acks = append(e.Acks, l.note.Name)
			for _, to := range l.to {
				if !slices.Contains(e.As, to) {
					e.As = append(e.As, to)
				}
			}
		}
		inc := together[k][0].inc
		err = c.record(ctx, rec, job{inc: inc, entry: e, tell: func(record.Written) {
			c.say(fmt.Sprintf("Seen for %s, in %s: %s.", strings.Join(e.As, ", "), inc.ID, strings.Join(suffixes(e.Acks), ", ")))
		}})
		if err != nil {
			return err
		}
	}
	return nil
}

func suffixes(names []string) []string {
	var list []string
	for _, n := range names {
		list = append(list, n[strings.LastIndexByte(n, '-')+1:])
	}
	return list
}
