package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type noteCmd struct {
	writing
	audience      incident.Audience
	audienceGiven bool
	message, file string
	messageGiven  bool
	to            []string
	promised      string
	components    componentFlag
	attach        []string
	correct       string
	retract       string
	reason        string
	draft         bool
}

func newNote(d *deps) *cobra.Command {
	c := noteCmd{writing: writing{deps: d}, audience: incident.Technical}
	cmd := &cobra.Command{
		Use:     "note [TEXT | -]",
		Aliases: []string{"comment", "say"},
		Short:   "Add a note for one audience to the timeline",
		Long: `Adds a note for one audience: technical (the engineers; the default), internal (the war room), stakeholder
or customer. It is seen by that audience and by every narrower one, never by a wider one.

The text is the argument, -m, a file (-F) or standard input (-). Without any, on a terminal, your editor
opens.

What was said wrongly is put right by a further note: --correct ENTRY replaces the text for the same
readers, --retract ENTRY --reason TEXT withdraws it. An entry is named by the six letters at its end.`,
		Example: `incident note "p99 of payments-api at 9 s since deploy 4711"
kubectl get events -n payments | incident note -
incident note -a customer --next 30m "Some card payments fail. We are rolling back the change that caused it."
incident note --correct m2x8ra "p99 of payments-api at 19 s since deploy 4711"
incident note --retract p9c4we --reason "It was sent to the wrong incident."`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.audienceGiven = cmd.Flags().Changed("audience")
			c.messageGiven = cmd.Flags().Changed("message")
			return c.run(cmd.Context(), args)
		},
	}
	f := cmd.Flags()
	audienceFlag(cmd, &c.audience, "who may read it")
	f.StringVarP(&c.message, "message", "m", "", "the `TEXT`, instead of the argument")
	f.StringVarP(&c.file, "file", "F", "", "read the text from a `FILE`")
	f.StringArrayVar(&c.to, "to", nil, "`WHO` it is addressed to, a team or a person (repeatable)")
	f.StringVar(&c.promised, "next", "", "`WHEN` this audience hears again: 30m, 15:30, none")
	f.VarP(&c.components, "component", "c", "how a component is now: Checkout=operational (repeatable)")
	f.StringArrayVar(&c.attach, "attach", nil, "keep a `FILE` with the note (repeatable)")
	f.StringVar(&c.correct, "correct", "", "the `ENTRY` whose text this one replaces")
	f.StringVar(&c.retract, "retract", "", "the `ENTRY` whose text is withdrawn")
	f.StringVar(&c.reason, "reason", "", "`WHY` it is withdrawn")
	f.BoolVar(&c.draft, "draft", false, "go on with the text that was kept when a note failed")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *noteCmd) run(ctx context.Context, args []string) error {
	src := source{message: c.message, given: c.messageGiven, file: c.file, argGiven: len(args) > 0, arg: strings.Join(args, "")}
	text, err := c.readSource(src)
	if err != nil {
		return err
	}
	if err := c.checkFlags(src); err != nil {
		return c.keepDraft(nil, c.audience.String(), text, err)
	}
	rec, err := c.openRecord(ctx) // only now: --help and a wrong flag must not need a repository
	if err != nil {
		return c.keepDraft(nil, c.audience.String(), text, err)
	}
	j, err := c.prepare(ctx, rec, text)
	if err != nil {
		return c.keepDraft(rec, c.audience.String(), text, err)
	}
	if j.entry.Text == "" && c.retract == "" && (len(c.attach) == 0 || src.isGiven()) {
		if j.entry.Text, err = c.compose(ctx, rec, src.isGiven(), j); err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx) // an interrupt meant for the editor is no wish to lose what was written
	}
	return c.record(ctx, rec, j)
}

func (c *noteCmd) checkFlags(src source) error {
	switch {
	case c.correct != "" && c.retract != "":
		return usage("", "--correct and --retract exclude each other")
	case c.retract != "" && src.isGiven():
		return usage(`incident note --retract ENTRY --reason "…"`, "a retraction has no text but its --reason")
	case c.retract != "" && strings.TrimSpace(c.reason) == "":
		return usage(`incident note --retract `+c.retract+` --reason "…"`, "a retraction needs a --reason")
	case c.retract == "" && c.reason != "":
		return usage("", "--reason goes with --retract")
	case c.draft && src.isGiven():
		return usage("", "--draft takes the text that was kept; leave the other away")
	}
	return nil
}

// prepare makes the note, or the correction or retraction, with all but a text that is still to be written.
func (c *noteCmd) prepare(ctx context.Context, rec *record.Record, text string) (job, error) {
	inc, about, err := c.about(ctx, rec)
	if err != nil {
		return job{}, err
	}
	e, err := c.entry(incident.Note, c.audience)
	if err != nil {
		return job{}, err
	}
	switch {
	case c.correct != "":
		e.Corrects = about.Name
	case c.retract != "":
		e.Kind, e.Retracts = incident.Retracted, about.Name
		text = c.reason
	}
	e.Text = c.readyText(c.audience, text)
	for _, to := range c.to {
		e.To = append(e.To, strings.TrimSpace(to))
	}
	if err := c.promise(c.promised, &e); err != nil {
		return job{}, err
	}
	if e.Components, err = c.components.components(rec.Config, inc.Impact); err != nil {
		return job{}, err
	}
	j := job{id: inc.ID, entry: e, draft: c.audience.String(), tell: func(done record.Written) { c.tell(inc, done) }}
	for _, f := range c.attach {
		a, err := record.ReadAttachment(c.path(f))
		if err != nil {
			return job{}, err
		}
		j.attach = append(j.attach, a)
	}
	return j, nil
}

// about finds the incident, and the entry that is corrected or withdrawn. Without --audience a correction
// is for the readers of what it corrects, and a reason for withdrawing stays in the war room.
func (c *noteCmd) about(ctx context.Context, rec *record.Record) (inc incident.Incident, about incident.Entry, err error) {
	ref := firstOf(c.correct, c.retract)
	if ref == "" {
		inc, err = c.target(ctx, rec, "", openFirst)
		return inc, about, err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return inc, about, err
	}
	defer func() { err = joinClose(err, rd) }()
	found, err := c.findEntry(rd, ref)
	if err != nil {
		return inc, about, err
	}
	if inc, err = rd.Incident(found.Incident); err != nil {
		return inc, about, err
	}
	about, _ = inc.Entry(found.Name)
	switch {
	case c.audienceGiven:
	case c.correct != "":
		c.audience = about.Audience
	default:
		c.audience = min(about.Audience, incident.Internal)
	}
	return inc, about, nil
}

// compose lets the user write the text: in an editor, beginning with what was kept of an earlier try.
func (c *noteCmd) compose(ctx context.Context, rec *record.Record, given bool, j job) (string, error) {
	kept, haveDraft := rec.Drafts().Load(c.audience.String())
	switch {
	case given:
		return "", usage(`incident note "…"`, "the text is empty")
	case c.draft && !haveDraft:
		return "", &advised{record.ErrNotFound, fmt.Sprintf("there is no draft for %s", c.audience.Readers()), `incident note -a ` + c.audience.String() + ` "…"`}
	case c.prompt.Interactive():
		text, err := c.edit(ctx, rec, c.audience.String(), kept, c.below(ctx, rec, j))
		if err != nil {
			return "", err
		}
		if haveDraft && incident.NormalizeText(kept) != text { // it lives on in what was just written
			if err := rec.Drafts().Drop(c.audience.String()); err != nil {
				c.warn(err.Error())
			}
		}
		return c.readyText(c.audience, text), nil
	case c.draft:
		return c.readyText(c.audience, kept), nil
	default:
		return "", usage(`incident note "…", or - to read standard input`, "a text is needed")
	}
}

// below is what the editor shows under the scissors.
func (c *noteCmd) below(ctx context.Context, rec *record.Record, j job) string {
	var b strings.Builder
	b.WriteString("Everything below this line is ignored.\n")
	fmt.Fprintf(&b, "A note for %s in %s. It is seen by %s.\n", forWhom(c.audience), j.id, seenBy(c.audience))
	if inc, err := c.target(ctx, rec, j.id, openFirst); err == nil {
		w := inc.Words(c.audience)
		if last, ok := inc.Entry(w.LastEntry); ok {
			if now, corrected := inc.Correction(last); corrected {
				last = now
			}
			fmt.Fprintf(&b, "They last heard at %s:\n\n", c.clock(w.Last))
			b.WriteString(terminal.Wrap(terminal.Safe(last.Text), 100, "    ") + "\n")
		} else {
			b.WriteString("They have heard nothing yet.\n")
		}
		if !w.Promised.IsZero() {
			fmt.Fprintf(&b, "They were promised the next word by %s.\n", c.clocks(w.Promised))
		}
	}
	return b.String()
}

func (c *noteCmd) tell(before incident.Incident, done record.Written) {
	e, inc := done.Entry, done.Incident
	switch {
	case e.Kind == incident.Retracted:
		c.say(fmt.Sprintf("Withdrew %s. Its words are gone from what stakeholders and customers see; the record keeps them.", e.Retracts))
		return
	case e.Audience == incident.Customer && e.Corrects != "":
		c.say(terminal.Bold("Corrected for customers; they now read:"))
	case e.Audience == incident.Customer:
		c.say(terminal.Bold("Told customers:"))
	case e.Corrects != "":
		c.say(fmt.Sprintf("Corrected %s for %s. Seen by: %s.", e.Corrects, forWhom(e.Audience), seenBy(e.Audience)))
	default:
		c.say(fmt.Sprintf("Noted for %s. Seen by: %s.%s", forWhom(e.Audience), seenBy(e.Audience), c.nextBy(e)))
	}
	if e.Audience == incident.Customer {
		c.toldCustomers(before, done)
		return
	}
	if !inc.Public() && inc.Impact != incident.ImpactNone && inc.Status != incident.Closed {
		c.next(`incident note --audience customer "…"        customers have heard nothing yet`)
	}
}

func (c *noteCmd) nextBy(e incident.Entry) string {
	if e.Next.By.IsZero() {
		return ""
	}
	return " Next word by " + c.clocks(e.Next.By) + "."
}
