package cli

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/terminal"
)

type inboxCmd struct {
	*deps
	who string
}

func newInbox(d *deps) *cobra.Command {
	c := inboxCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "inbox",
		Short: "List the notes that are addressed to you and not yet acknowledged",
		Long: `Lists the notes of all incidents that are not closed which are addressed to you, or to a team of yours, and which
nobody has acknowledged for you yet. You are who your entries are signed by; teams are in the configuration.`,
		Example: "incident inbox\nincident inbox --for support -o json",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&c.who, "for", "", "a `TEAM` or a person, instead of you")
	return cmd
}

// inboxJSON is the answer to inbox.
type inboxJSON struct {
	Schema string       `json:"schema"`
	For    []string     `json:"for"`
	Notes  []letterJSON `json:"notes"`

	letters []letter
}

type letterJSON struct {
	Incident string            `json:"incident"`
	Entry    string            `json:"entry"`
	At       *timeJSON         `json:"at"`
	Author   personJSON        `json:"author"`
	Audience incident.Audience `json:"audience"`
	To       []string          `json:"to"`
	Text     string            `json:"text"`
}

func (r inboxJSON) ids() []string {
	var ids []string
	for _, n := range r.Notes {
		ids = append(ids, n.Entry)
	}
	return ids
}

func (r inboxJSON) table(d *deps) {
	for i, l := range r.letters {
		if i > 0 {
			d.out.Line()
		}
		d.out.Line(terminal.Bold(l.note.Suffix()), "  ", l.inc.ID, terminal.Dim("  "+d.clock(l.note.Happened())+"  "+l.note.Author.Name+" to "+strings.Join(l.to, ", ")))
		d.out.Line(terminal.Wrap(terminal.Safe(l.text()), d.outWidth, "  "))
	}
}

func (c *inboxCmd) run(ctx context.Context) (err error) {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	names := rec.Config.Answers(rec.Me(ctx, ""))
	if c.who != "" {
		names = []string{strings.TrimSpace(c.who)}
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	open, err := rd.Open()
	if err != nil {
		return err
	}
	r := inboxJSON{Schema: schema, For: names, Notes: []letterJSON{}, letters: lettersTo(names, open...)}
	if c.who != "" && len(r.letters) == 0 { // else it was written to somebody whom the configuration does not know
		if _, err := rec.Config.Addressee(names[0]); err != nil {
			return err
		}
	}
	for _, l := range r.letters {
		r.Notes = append(r.Notes, letterJSON{l.inc.ID, l.note.Name, moment(l.note.Happened()), personJSON(l.note.Author), l.note.Audience, l.to, l.text()})
	}
	if err := c.print(r); err != nil {
		return err
	}
	if len(r.letters) == 0 {
		c.say("Nothing is waiting for " + strings.Join(names, ", ") + ".")
		return nil
	}
	command := "incident ack --all"
	if c.who != "" {
		command += " --as " + shellWords(names)
	}
	c.next(command, "or the six letters of one")
	return nil
}
