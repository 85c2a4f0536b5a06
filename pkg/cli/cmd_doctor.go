package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/record"
	"incident/pkg/terminal"
)

type doctorCmd struct {
	*deps
	offline, fix bool
}

func newDoctor(d *deps) *cobra.Command {
	c := doctorCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look for what keeps the record from being written, read or shared",
		Long: `Looks at the repository, at who you are to git, how commits are made, at locks and what a crash has left, at damaged
packs and objects that are missing, at files that differ from what was recorded, at the remote, the clock and the
configuration. One line each, what somebody has to do first; exit 12 if there is anything. Nothing is changed, unless
--fix is given.`,
		Example: "incident doctor\nincident doctor --fix\nincident doctor --offline -o json",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.offline, "offline", false, "do not ask the remote whether it is there")
	f.BoolVar(&c.fix, "fix", false, "finish what a crash cut short, bring back recorded files that were changed or removed, remove an index of packs that is wrong")
	return cmd
}

func (c *doctorCmd) run(ctx context.Context) error {
	place, err := c.locate()
	if err != nil {
		return err
	}
	if !place.Exists && place.How == record.ByUser {
		return noRecordsYet()
	}
	rec, err := record.Open(ctx, place, c.recordOptions())
	if err != nil {
		return err
	}
	found, err := rec.Examine(ctx, record.Exam{Place: place, Offline: c.offline, Fix: c.fix})
	for _, said := range found.Fixed {
		c.say(said)
	}
	if err != nil {
		return err
	}
	r := newExamined(rec.Dir(), found)
	if err := c.print(r); err != nil {
		return err
	}
	if len(r.ids()) > 0 {
		return errFound
	}
	c.say("Nothing needs to be done.")
	return nil
}

// examinedJSON is the answer to doctor.
type examinedJSON struct {
	Schema string      `json:"schema"`
	Dir    string      `json:"dir"`
	Checks []checkJSON `json:"checks"`
	Fixed  []string    `json:"fixed"`
}

type checkJSON struct {
	Name    string       `json:"name"`
	State   record.State `json:"state"`
	Message string       `json:"message"`
	Remedy  string       `json:"remedy"`
}

func newExamined(dir string, found record.Examined) examinedJSON {
	r := examinedJSON{Schema: schema, Dir: dir, Checks: []checkJSON{}, Fixed: list(found.Fixed)}
	for _, c := range found.Checks {
		r.Checks = append(r.Checks, checkJSON{c.Name, c.State, c.Message, c.Remedy})
	}
	return r
}

func (r examinedJSON) ids() []string {
	var ids []string
	for _, c := range r.Checks {
		if c.State == record.Problem {
			ids = append(ids, c.Name)
		}
	}
	return ids
}

// table shows a line a check, what somebody has to do first.
func (r examinedJSON) table(d *deps) {
	checks := slices.Clone(r.Checks)
	slices.SortStableFunc(checks, func(a, b checkJSON) int { return cmp.Compare(b.State, a.State) })
	width := 0
	for _, c := range checks {
		width = max(width, len(c.Name))
	}
	colour := map[record.State]func(string) terminal.Span{record.OK: terminal.Dim, record.Note: terminal.Yellow, record.Problem: terminal.Red}
	for _, c := range checks {
		state := c.State.String()
		d.out.Line(colour[c.State](state), strings.Repeat(" ", len("problem")-len(state)+2), c.Name, strings.Repeat(" ", width-len(c.Name)+2), c.Message)
		for line := range strings.Lines(c.Remedy) {
			d.out.Line(strings.Repeat(" ", len("problem")+2+width+2), strings.TrimRight(line, "\n"))
		}
	}
}
