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
	textFlags
	answers
	audience   incident.Audience
	promised   string
	components componentFlag
	attach     []string
	correct    string
	retract    string
	resume     bool
	asked      bool
	from       string
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
opens, with the questions that readers of an update ask. Such an update can be made of the answers: by --ask, which
asks you, or by --affected, --doing, --advice and --next. --from ENTRY shows what engineers wrote while you put it
into plain words.

An update that tells customers nothing, or in words that they do not know, is refused with what to say instead;
incident check finds the same in any text. A time for the next update in the text, or --next, or else the cadence of
the severity, is promised to its readers.

What was said wrongly is put right by a further note: --correct ENTRY replaces the text for the same
readers, --retract ENTRY --reason TEXT withdraws it. An entry is named by the six letters at its end.`,
		Example: `incident note "p99 of payments-api at 9 s since deploy 4711"
kubectl get events -n payments | incident note -
incident note -a customer --next 30m "One in five card payments fails. We are withdrawing the change that caused it."
incident note -a customer --affected "One in five card payments fails" --doing "We are withdrawing today's change" \
  --advice "Bank transfer works" --next 30m
incident note --correct m2x8ra "p99 of payments-api at 19 s since deploy 4711"
incident note --retract p9c4we --reason "It was sent to the wrong incident."`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	audienceFlag(cmd, &c.audience, "who may read it")
	c.textFlags.addFlags(cmd, "what it says")
	c.answers.addFlags(cmd)
	c.toFlags(cmd)
	c.nextFlags(cmd, &c.promised)
	f.VarP(&c.components, "component", "c", "how a component is now: Checkout=operational (repeatable)")
	f.StringArrayVar(&c.attach, "attach", nil, "keep a `FILE` with the note (repeatable)")
	f.StringVar(&c.correct, "correct", "", "the `ENTRY` whose text this one replaces")
	f.StringVar(&c.retract, "retract", "", "the `ENTRY` whose text is withdrawn")
	c.accepting.addFlags(cmd, "`WHY` it is withdrawn, or a finding is let pass")
	f.BoolVar(&c.asked, "ask", false, "be asked what the update's readers ask, one question after the other")
	f.StringVar(&c.from, "from", "", "the `ENTRY` that this note puts into plain words; what it knew and the note does not say is named")
	f.BoolVar(&c.resume, "draft", false, "go on with the text that was kept when a note failed")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *noteCmd) run(ctx context.Context, args []string) error {
	src := c.source(args)
	text, err := c.readSource(ctx, src)
	if err != nil {
		return err
	}
	if flag := c.answers.flag(); flag != "" && !c.asked {
		src.named = append(src.named, flag)
		text = strings.TrimLeft(text+"\n\n"+c.answers.text(), "\n")
	}
	if err := c.checkFlags(src, text); err != nil {
		if c.asked {
			text = strings.TrimLeft(text+"\n\n"+c.answers.text(), "\n")
		}
		return c.keepDraft(nil, c.draft(""), text, err)
	}
	rec, err := c.openRecord(ctx) // only now: --help and a wrong flag must not need a repository
	if err != nil {
		return c.keepDraft(nil, c.draft(""), text, err)
	}
	inc, j, err := c.prepare(ctx, rec, text)
	if err != nil {
		return c.keepDraft(rec, c.draft(inc.ID), text, err)
	}
	if c.asked {
		if err := c.ask(ctx, rec, &j); err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx)
	}
	if j.entry.Text == "" && len(c.attach) == 0 {
		if j.entry.Text, err = c.compose(ctx, rec, inc, j.entry); err != nil {
			return err
		}
		if err := c.date(&j.entry, times{next: c.promised}); err != nil {
			return c.keepDraft(rec, j.draft, j.entry.Text, err)
		}
		ctx = context.WithoutCancel(ctx) // an interrupt meant for the editor is no wish to lose what was written
	}
	return c.record(ctx, rec, j)
}

// draft says where the text is kept if it cannot be recorded. What corrects or withdraws an entry is no
// note that a later one could go on with.
func (c *noteCmd) draft(id string) draft {
	switch {
	case c.correct != "":
		return draft{name: "correct-" + c.audience.String(), resume: "incident note --correct " + shellWords([]string{c.correct}) + " -F FILE"}
	case c.retract != "":
		return draft{name: "retract-" + c.audience.String(), resume: "incident note --retract " + shellWords([]string{c.retract}) + " -F FILE"}
	}
	return noteDraft(id, c.audience)
}

func (c *noteCmd) checkFlags(src source, text string) error {
	answered := c.answers.flag()
	empty := src.isGiven() && strings.TrimSpace(text) == "" && len(c.attach) == 0
	switch {
	case len(src.named) > 1:
		return usage("leave one of them out", "the text is given twice, by %s", strings.Join(src.named, " and "))
	case c.asked && (c.retract != "" || c.resume || src.isGiven()):
		return usage("leave one of them out", "--ask makes the text itself")
	case c.asked && !c.prompt.Interactive():
		return usage("--affected, --doing, --advice and --next say the same without a question", "nobody to ask: this is not a terminal, or --no-input was given")
	case c.from != "" && c.audience <= incident.Technical && c.correct == "":
		return usage("--audience customer", "for whom is it? --from is for those who do not mend it")
	case answered != "" && c.retract != "":
		return usage("--reason says why", "%s does not go with --retract", answered)
	case answered != "" && !c.flags.Changed("audience") && c.correct == "":
		return usage("--audience customer", "for whom is it? %s is for those who do not mend it", answered)
	case c.correct != "" && c.retract != "":
		return usage("", "--correct and --retract exclude each other")
	case c.retract != "" && len(c.toWhom)+len(c.components)+len(c.attach)+len(c.promised) > 0:
		return usage("say the rest in a note of its own", "--retract takes nothing but a reason")
	case c.retract != "" && c.reason != "" && src.isGiven():
		return usage("leave one of them out", "the reason is given twice, by --reason and by %s", src.named[0])
	case c.retract != "" && strings.TrimSpace(c.reason+text) == "":
		return usage("incident note --retract "+shellWords([]string{c.retract})+` --reason "…"`, "a retraction needs a reason")
	case c.retract == "" && c.reason != "" && len(c.rules) == 0:
		return usage("", "--reason goes with --retract or --accept")
	case c.resume && src.isGiven():
		return usage("leave one of them out", "the text is given twice, by --draft and by %s", src.named[0])
	case len(c.attach) > 0 && strings.TrimSpace(text) == "" && c.audience == incident.Customer && c.retract == "":
		return usage("-m \"…\"", "say what the file shows: customers are told something in words")
	case empty:
		return usage(`say something: incident note "…"`, "the text is empty")
	}
	return nil
}

// prepare makes the note, or the correction or retraction, with all but a text that is still to be written.
func (c *noteCmd) prepare(ctx context.Context, rec *record.Record, text string) (incident.Incident, job, error) {
	inc, about, err := c.about(ctx, rec)
	if err != nil {
		return inc, job{}, err
	}
	e, err := c.entry(incident.Note, c.audience, times{next: c.promised})
	if err != nil {
		return inc, job{}, err
	}
	switch {
	case c.correct != "":
		e.Corrects = about.Name
	case c.retract != "":
		e.Kind, e.Retracts = incident.Retracted, about.Name
		text = c.reason + text
	}
	e.Text = c.readyText(c.audience, text)
	if e.To, err = c.addressees(ctx, rec.Config); err != nil {
		return inc, job{}, err
	}
	if e.Components, err = c.components.stated(rec.Config); err != nil {
		return inc, job{}, err
	}
	if err := c.putPlainly(inc); err != nil {
		return inc, job{}, err
	}
	j := job{inc: inc, entry: e, draft: c.draft(inc.ID), tell: func(done record.Written) { c.tell(inc, done) }}
	for _, f := range c.attach {
		a, err := record.ReadAttachment(c.path(f))
		if err != nil {
			return inc, job{}, err
		}
		j.attach = append(j.attach, a)
	}
	return inc, j, nil
}

// about finds the incident, and the entry that is corrected or withdrawn. Without --audience a correction
// is for the readers of what it corrects, and a reason for withdrawing stays in the war room.
func (c *noteCmd) about(ctx context.Context, rec *record.Record) (inc incident.Incident, about incident.Entry, err error) {
	ref := firstOf(c.correct, c.retract, c.from)
	if ref == "" {
		inc, err = c.target(ctx, rec, "", notClosed)
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
	case c.correct+c.retract == "":
	case c.flags.Changed("audience"):
	case c.correct != "":
		c.audience = about.Audience
	default:
		c.audience = min(about.Audience, incident.Internal)
	}
	return inc, about, nil
}

// putPlainly reads the note that this one puts into plain words, as it reads now.
func (c *noteCmd) putPlainly(inc incident.Incident) error {
	if c.from == "" {
		return nil
	}
	found := inc.Find(strings.TrimSuffix(c.from, ".md"))
	if len(found) != 1 {
		return &advised{record.ErrNotFound, fmt.Sprintf("no entry %q in %s", c.from, inc.ID), "incident log shows the names of entries"}
	}
	from := found[0]
	if _, gone := inc.Retraction(from); gone {
		return &advised{incident.ErrNotAllowed, fmt.Sprintf("%s was withdrawn", from.Name), "incident log shows what was written since"}
	}
	if now, corrected := inc.Correction(from); corrected {
		from = now
	}
	c.narrower = from.Text
	return nil
}

// ask asks what readers of an update ask, and makes the text and the promise of the answers. What flags answer already
// is not asked.
func (c *noteCmd) ask(ctx context.Context, rec *record.Record, j *job) error {
	if c.narrower != "" {
		c.quote("It was written:", c.narrower)
	}
	for _, q := range []struct {
		answer        *string
		message, help string
	}{
		{&c.affected, "What does not work, and for whom?", "A number says more than \"some\": one in five card payments fails."},
		{&c.doing, "What are you doing about it?", "We are withdrawing the change that caused it."},
		{&c.advice, "What can they do meanwhile?", "Bank transfer works. Or: there is nothing you need to do."},
		{&c.promised, "When do they hear next? (30m, 15:30, none)", "They see it with the update; due reminds you of it."},
	} {
		if *q.answer != "" {
			continue
		}
		for {
			answer, err := c.prompt.Input(ctx, terminal.Question{Message: q.message, Help: q.help})
			if err != nil {
				return c.keepDraft(rec, j.draft, c.answers.text(), err)
			}
			if q.answer == &c.promised {
				if _, err := c.promise(answer, c.now()); err != nil {
					c.warn(err.Error())
					continue
				}
			}
			*q.answer = answer
			break
		}
	}
	j.entry.Text = c.readyText(c.audience, c.answers.text())
	if j.entry.Text == "" {
		return &advised{errAborted, "the text is empty; nothing was recorded", ""}
	}
	if err := c.date(&j.entry, times{next: c.promised}); err != nil {
		return c.keepDraft(rec, j.draft, j.entry.Text, err)
	}
	return nil
}

// compose lets the user write the text: in an editor, beginning with what was kept of an earlier try.
func (c *noteCmd) compose(ctx context.Context, rec *record.Record, inc incident.Incident, e incident.Entry) (string, error) {
	keep := c.draft(inc.ID)
	drafts := c.loadDrafts(rec, keep.name)
	switch {
	case c.resume && len(drafts) == 0:
		return "", &advised{record.ErrNotFound, fmt.Sprintf("no draft for %s in %s is kept", c.audience.Readers(), inc.ID), `incident note -a ` + c.audience.String() + ` "…"`}
	case c.prompt.Interactive() && len(drafts) == 0:
		questions, err := c.skeleton(ctx, rec, inc, e)
		if err != nil {
			return "", err
		}
		text, err := c.edit(ctx, rec, keep, sheet{questions: questions, below: c.below(inc, false)})
		return c.readyText(c.audience, text), err
	case c.prompt.Interactive():
		kept := drafts[0]
		text, err := c.edit(ctx, rec, keep, sheet{text: kept.Text, below: c.below(inc, true)})
		if err == nil && incident.NormalizeText(kept.Text) != text { // it lives on in what was just written
			if err := rec.Drafts().Drop(kept); err != nil {
				c.warn(err.Error())
			}
		}
		return c.readyText(c.audience, text), err
	case c.resume:
		return c.readyText(c.audience, drafts[0].Text), nil
	case len(drafts) > 0:
		return "", usage("- reads it from standard input; --draft goes on with what was kept when a note failed", "a text is needed")
	default:
		return "", usage(`incident note "…", or - to read standard input`, "a text is needed")
	}
}

// below is what the editor shows under the line that ends the text.
func (c *noteCmd) below(inc incident.Incident, resumed bool) string {
	var b strings.Builder
	if resumed {
		b.WriteString("The text above was kept when an earlier note could not be recorded.\n")
	}
	fmt.Fprintf(&b, "A note for %s in %s. Seen by: %s.\n", forWhom(c.audience), inc.ID, seenBy(c.audience))
	if c.narrower != "" {
		fmt.Fprintf(&b, "It puts this into plain words:\n\n%s\n\n", terminal.Wrap(terminal.Safe(c.narrower), readable, "    "))
	}
	w := inc.Words(c.audience)
	last, ok := inc.Entry(w.LastEntry)
	_, gone := inc.Retraction(last)
	if now, corrected := inc.Correction(last); corrected {
		last = now
	}
	switch {
	case !ok:
		b.WriteString("They have heard nothing yet.\n")
	case gone:
		fmt.Fprintf(&b, "They last heard at %s; that was withdrawn.\n", c.clock(w.Last))
	default:
		fmt.Fprintf(&b, "They last heard at %s:\n\n%s\n\n", c.clock(w.Last), terminal.Wrap(terminal.Safe(last.Text), readable, "    "))
	}
	if !w.Promised.IsZero() {
		fmt.Fprintf(&b, "They were promised the next word by %s.\n", c.clocks(w.Promised))
	}
	// An editor may take settings from the last lines of a file: no words of others stand there.
	b.WriteString(strings.Repeat("\n", 5))
	return b.String()
}

func (c *noteCmd) tell(before incident.Incident, done record.Written) {
	e, inc := done.Entry, done.Incident
	switch {
	case e.Kind == incident.Retracted:
		c.say("Withdrew " + e.Retracts + c.withdrawn(done))
	case e.Audience == incident.Customer:
		lead := "Told customers:"
		if e.Corrects != "" {
			lead = "Corrected for customers; they now read:"
		}
		c.toldCustomers(lead, done)
		c.say("Seen by: everyone." + wentPublic(before, inc) + customersSee(before, inc))
		c.nextStep(inc)
	default:
		did := "Noted"
		if e.Corrects != "" {
			did = "Corrected " + e.Corrects
		}
		c.say(fmt.Sprintf("%s for %s. Seen by: %s.%s%s", did, forWhom(e.Audience), seenBy(e.Audience), c.nextBy(e), customersSee(before, inc)))
		if !inc.Public() && inc.Impact != incident.ImpactNone && !inc.Status.Over() {
			c.next(`incident note --audience customer "…"`, "customers have heard nothing yet")
		}
	}
}

func (c *noteCmd) nextBy(e incident.Entry) string {
	if e.Next.By.IsZero() {
		return ""
	}
	return " Next word by " + c.clocks(e.Next.By) + "."
}

// withdrawn says who does not see the words any more. With a correction goes what it corrected.
func (c *noteCmd) withdrawn(done record.Written) string {
	root, ok := done.Incident.Root(done.Entry)
	with := ""
	if ok && root.Name != done.Entry.Retracts {
		with = ", and with it " + root.Name + ", which it corrected"
	}
	if !ok || root.Audience <= incident.Internal {
		return with + ". It is marked as withdrawn; its words stay in the record."
	}
	return with + ". " + strings.ToUpper(root.Audience.Readers()[:1]) + root.Audience.Readers()[1:] + " do not see its words any more; the record keeps them."
}
