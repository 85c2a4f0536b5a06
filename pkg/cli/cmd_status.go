package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

// statusCmd moves the status: status NEW, resolve, close and reopen.
type statusCmd struct {
	writing
	textFlags
	again      string // how the command is typed, without its words
	kind       incident.Kind
	to         incident.Status
	by         order
	audience   incident.Audience
	promised   string
	components componentFlag
	closing    string // what the record can say of the end
}

func newStatus(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, by: notClosed}
	cmd := c.command(&cobra.Command{
		Use:     "status [NEW [TEXT | -]]",
		Aliases: []string{"move"},
		Short:   "Move the status, or say where it stands",
		Long: `Moves the incident to another status, with the commander's plain update: what it means for those who are
not technical. Without NEW it says where the incident stands and where it may go.

investigating → identified → monitoring → resolved → closed. Steps may be skipped; from monitoring it goes
back when it returns, and "incident reopen" opens a resolved or closed one again.`,
		Example: `incident status identified -m "A change to payments is the cause; it is being rolled back."
incident status monitoring -a customer --next 30m -m "Payments work again; we keep watching."`,
		Args:      arguments(0, 2),
		ValidArgs: words(incident.Statuses()),
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return c.show(cmd.Context())
		}
		if err := c.to.UnmarshalText([]byte(args[0])); err != nil {
			return err
		}
		c.again = "incident status " + c.to.String()
		return c.run(cmd.Context(), args[1:])
	}
	return cmd
}

func newResolve(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, to: incident.Resolved, by: notClosed}
	return c.command(&cobra.Command{
		Use:     "resolve [TEXT | -]",
		Short:   "Say that it is over",
		Long:    "Moves the incident to resolved. Its components are operational again, unless --component says otherwise.",
		Example: `incident resolve -a customer -m "Card payments work again. About one in five failed from 14:02 to 15:20 UTC."`,
	})
}

func newClose(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, to: incident.Closed, by: order{resolved, unresolved}}
	return c.command(&cobra.Command{
		Use:     "close [TEXT | -]",
		Short:   "Say that the work after it is done",
		Long:    "Moves a resolved incident to closed, when the postmortem is written and nothing is left to do.",
		Example: `incident close -m "The disk alarm now rings at 80 per cent."`,
	})
}

func newReopen(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Reopened, to: incident.Investigating, by: overFirst}
	return c.command(&cobra.Command{
		Use:     "reopen [TEXT | -]",
		Short:   "Open a resolved or closed incident again",
		Long:    "Moves a resolved or closed incident back to investigating, because it returned.",
		Example: `incident reopen -m "Payments fail again since 16:10."`,
	})
}

func (c *statusCmd) command(cmd *cobra.Command) *cobra.Command {
	c.audience = incident.Internal
	c.again = "incident " + cmd.Name()
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) }
	if cmd.Args == nil {
		cmd.Args = arguments(0, 1)
	}
	c.textFlags.addFlags(cmd, "the plain update that goes with it")
	f := cmd.Flags()
	audienceFlag(cmd, &c.audience, "who may read the update")
	c.toFlags(cmd)
	c.nextFlags(cmd, &c.promised)
	f.VarP(&c.components, "component", "c", "how a component is now: Checkout=operational (repeatable)")
	c.accepting.addFlags(cmd, "`WHY` a finding is let pass")
	c.writing.addFlags(cmd)
	return cmd
}

// run moves the status; args is the update, if it is given as an argument.
func (c *statusCmd) run(ctx context.Context, args []string) error {
	src := c.source(args)
	text, err := c.readSource(ctx, src)
	if err != nil {
		return err
	}
	rec, inc, err := c.begin(ctx, c.by)
	keep := c.draft(inc.ID)
	if err != nil {
		return c.keepDraft(rec, keep, text, err)
	}
	e, err := c.move(ctx, rec)
	if err != nil {
		return c.keepDraft(rec, keep, text, err)
	}
	admitted := inc.Admit(e)
	if !src.isGiven() && (admitted == nil || c.closes() && errors.Is(admitted, incident.ErrNothing)) {
		if text, err = c.unsaid(ctx, rec, inc, &e); err != nil {
			return err
		}
	}
	e.Text = c.readyText(c.audience, text)
	return c.record(ctx, rec, job{inc: inc, entry: e, draft: keep, tell: func(done record.Written) { c.tell(inc, done) }})
}

// draft says where the update is kept if it cannot be recorded.
func (c *statusCmd) draft(id string) draft {
	again := c.again
	if c.audience != incident.Internal {
		again += " -a " + c.audience.String()
	}
	if id == "" {
		return draft{name: "status", resume: again + " -F FILE"}
	}
	return draft{name: id + "-status-" + c.to.String(), resume: again + " -F FILE -i " + id, early: "status"}
}

// move makes the entry, but for its text.
func (c *statusCmd) move(ctx context.Context, rec *record.Record) (incident.Entry, error) {
	e, err := c.entry(c.kind, c.audience, times{next: c.promised})
	if err != nil {
		return e, err
	}
	e.Status = c.to
	if e.To, err = c.addressees(ctx, rec.Config); err != nil {
		return e, err
	}
	e.Components, err = c.components.stated(rec.Config)
	return e, err
}

// closes reports whether it is said to those outside that it is over.
func (c *statusCmd) closes() bool {
	return c.to == incident.Resolved && c.audience >= incident.Stakeholder
}

// unsaid is the plain update where none was given: what a person answers, and for those outside, once it is over, what
// the record can say by itself. Nobody is told "this incident has been resolved".
func (c *statusCmd) unsaid(ctx context.Context, rec *record.Record, inc incident.Incident, e *incident.Entry) (string, error) {
	outside := c.closes()
	if outside {
		var err error
		if c.closing, err = c.closingWords(ctx, rec, inc, *e); err != nil {
			return "", err
		}
	}
	if !c.prompt.Interactive() && outside && c.closing == "" {
		return "", usage(c.again+" -a "+c.audience.String()+` "…", or without -a for the war room alone`, "the record knows nothing that it could tell %s; what was wrong, and what works again?", c.audience.Readers())
	}
	if !c.prompt.Interactive() {
		return c.closing, nil
	}
	q := terminal.Question{Message: fmt.Sprintf("What does that mean for %s? (a plain sentence or two; Enter for none)", c.audience.Readers()), Default: c.closing}
	switch {
	case outside && c.closing == "":
		q.Message, q.Required = "What was wrong, and what works again?", true
	case c.closing != "":
		c.quote("The record can say:", c.closing)
		q.Message = fmt.Sprintf("What do you tell %s? (Enter for that)", c.audience.Readers())
	}
	text, err := c.prompt.Input(ctx, q)
	if err != nil {
		return "", err
	}
	return text, c.date(e, times{next: c.promised}) // what takes thought moves the status when it is answered
}

func (c *statusCmd) tell(before incident.Incident, done record.Written) {
	inc, e := done.Incident, done.Entry
	if e.Audience == incident.Customer && e.Text != "" {
		c.toldCustomers("Told customers:", done)
	} else if c.closing != "" && e.Text == c.closing {
		c.quote("Told "+e.Audience.Readers()+":", e.Text)
	}
	c.say(c.moved(before, done) + wentPublic(before, inc) + customersSee(before, inc))
	owed := promisedTo(incident.Stakeholder, inc)
	if inc.Status == incident.Closed && before.Status != incident.Closed {
		for _, o := range before.Owed(nil) {
			if o.What == incident.OwedAck {
				c.say(fmt.Sprintf("Nobody has seen %s for %s; it is in no inbox any more.", suffixes([]string{o.Entry})[0], o.To))
			}
		}
	}
	switch {
	case inc.Status == incident.Closed && before.Status != incident.Closed && len(owed) > 0:
		c.say(fmt.Sprintf("It closes with a word still promised to %s, by %s.", owed[0].what(), c.clocks(owed[0].By)))
	case e.Kind == incident.Reopened && len(inc.Components) > 0 && len(e.Components) == 0:
		c.say("Its components stand as operational. If they are not:")
		c.next("incident set --component "+shellWords([]string{inc.Components[0].Name + "=partial_outage"}), "")
		return
	}
	if inc.Status != before.Status && before.Public() && e.Audience != incident.Customer && inc.Status != incident.Closed {
		c.say("Customers see the new status, and no words about it.")
		c.next(`incident note --audience customer "…"`, "")
		return
	}
	c.nextStep(inc)
}

// moved says what became of the status, and who reads the update.
func (c *statusCmd) moved(before incident.Incident, done record.Written) string {
	inc, e := done.Incident, done.Entry
	switch {
	case before.Status == inc.Status:
		return fmt.Sprintf("Still %s.%s", inc.Status, c.readers(e))
	case inc.Status == incident.Resolved:
		return fmt.Sprintf("Resolved after %s.%s%s", when.FormatDuration(inc.Duration(c.Now())), keptPromises(inc), c.readers(e))
	case e.Kind == incident.Reopened:
		return fmt.Sprintf("Reopened; it is %s again.%s", inc.Status, c.readers(e))
	default:
		was := when.FormatDuration(max(0, inc.Since.Sub(before.Since)))
		return fmt.Sprintf("Now %s (was %s for %s).%s", inc.Status, before.Status, was, c.readers(e))
	}
}

func (c *statusCmd) readers(e incident.Entry) string {
	if e.Text == "" {
		return ""
	}
	return fmt.Sprintf(" Update seen by: %s.", seenBy(e.Audience))
}

func keptPromises(inc incident.Incident) string {
	w := inc.Words(incident.Customer)
	if w.Kept+w.Late == 0 {
		return ""
	}
	return fmt.Sprintf(" Promises to customers: %d kept, %d late.", w.Kept, w.Late)
}

// show says where the incident stands and where it may go.
func (c *statusCmd) show(ctx context.Context) error {
	if src := c.source(nil); src.isGiven() {
		text, err := c.readSource(ctx, src)
		if err == nil {
			err = usage(`incident status identified -m "…"`, "a new status is needed with a text")
		}
		return c.keepDraft(nil, noteDraft("", c.audience), text, err)
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, err := c.target(ctx, rec, "", openFirst)
	if err != nil {
		return err
	}
	if err := c.print(newStanding(inc, c.now())); err != nil {
		return err
	}
	c.remind(inc)
	return nil
}

// standing is the answer to status without a new one.
type standing struct {
	Schema    string            `json:"schema"`
	Incident  incidentJSON      `json:"incident"`
	May       []incident.Status `json:"may_become"`
	MayReopen bool              `json:"may_reopen"`

	inc incident.Incident
	now time.Time
}

func newStanding(inc incident.Incident, now time.Time) standing {
	may := append([]incident.Status{}, inc.Status.Next()...)
	return standing{Schema: schema, Incident: wireFull(inc, now), May: may, MayReopen: inc.Status.Over(), inc: inc, now: now}
}

func (s standing) ids() []string { return []string{s.inc.Status.String()} }

func (s standing) table(d *deps) {
	may := words(s.May)
	if s.MayReopen {
		may = append(may, "open again (incident reopen)")
	}
	d.out.Line(fmt.Sprintf("%s since %s (%s). May become: %s.", s.inc.Status, d.clock(s.inc.Since),
		when.FormatDuration(max(0, s.now.Sub(s.inc.Since))), strings.Join(may, ", ")))
}
