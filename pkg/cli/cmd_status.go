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
	kind          incident.Kind
	to            incident.Status
	by            order
	audience      incident.Audience
	message, file string
	given         bool
	promised      string
	components    componentFlag
}

func newStatus(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, by: openFirst}
	cmd := c.command(&cobra.Command{
		Use:     "status [NEW]",
		Aliases: []string{"move"},
		Short:   "Move the status, or say where it stands",
		Long: `Moves the incident to another status, with the commander's plain update: what it means for those who are
not technical. Without NEW it says where the incident stands and where it may go.

investigating → identified → monitoring → resolved → closed. Steps may be skipped; from monitoring it goes
back when it returns, and "incident reopen" opens a resolved or closed one again.`,
		Example: `incident status identified -m "A change to payments is the cause; it is being rolled back."
incident status monitoring -a customer --next 30m -m "Payments work again; we keep watching."`,
		Args:      cobra.MaximumNArgs(1),
		ValidArgs: words(incident.Statuses()),
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		c.given = cmd.Flags().Changed("message")
		if len(args) == 0 {
			return c.show(cmd.Context())
		}
		if err := c.to.UnmarshalText([]byte(args[0])); err != nil {
			return err
		}
		return c.run(cmd.Context())
	}
	return cmd
}

func newResolve(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, to: incident.Resolved, by: openFirst}
	return c.command(&cobra.Command{
		Use:     "resolve",
		Short:   "Say that it is over",
		Long:    "Moves the incident to resolved. Its components are operational again, unless --component says otherwise.",
		Example: `incident resolve -a customer -m "Card payments work again. About one in five failed from 14:02 to 15:20 UTC."`,
		Args:    cobra.NoArgs,
	})
}

func newClose(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Moved, to: incident.Closed, by: resolvedFirst}
	return c.command(&cobra.Command{
		Use:   "close",
		Short: "Say that the work after it is done",
		Long:  "Moves a resolved incident to closed, when the postmortem is written and nothing is left to do.",
		Args:  cobra.NoArgs,
	})
}

func newReopen(d *deps) *cobra.Command {
	c := statusCmd{writing: writing{deps: d}, kind: incident.Reopened, to: incident.Investigating, by: overFirst}
	return c.command(&cobra.Command{
		Use:     "reopen",
		Short:   "Open a resolved or closed incident again",
		Long:    "Moves a resolved or closed incident back to investigating, because it returned.",
		Example: `incident reopen -m "Payments fail again since 16:10."`,
		Args:    cobra.NoArgs,
	})
}

func (c *statusCmd) command(cmd *cobra.Command) *cobra.Command {
	c.audience = incident.Internal
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c.given = cmd.Flags().Changed("message")
		return c.run(cmd.Context())
	}
	f := cmd.Flags()
	f.StringVarP(&c.message, "message", "m", "", "the plain update that goes with it, a `TEXT`; - reads standard input")
	f.StringVarP(&c.file, "file", "F", "", "read the update from a `FILE`")
	audienceFlag(cmd, &c.audience, "who may read the update")
	f.StringVar(&c.promised, "next", "", "`WHEN` this audience hears again: 30m, 15:30, none")
	f.VarP(&c.components, "component", "c", "how a component is now: Checkout=operational (repeatable)")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *statusCmd) run(ctx context.Context) error {
	src := source{message: c.message, given: c.given, file: c.file}
	text, err := c.readSource(src)
	if err != nil {
		return err
	}
	draft := c.audience.String()
	rec, inc, err := c.begin(ctx, c.by)
	if err != nil {
		return c.keepDraft(rec, draft, text, err)
	}
	e, err := c.entry(c.kind, c.audience)
	if err == nil {
		err = c.promise(c.promised, &e)
	}
	if err == nil {
		e.Components, err = c.components.components(rec.Config, inc.Impact)
	}
	if err != nil {
		return c.keepDraft(rec, draft, text, err)
	}
	e.Status = c.to
	if text, err = c.askUpdate(ctx, inc, e, src, text); err != nil {
		return err
	}
	e.Text = c.readyText(c.audience, text)
	return c.record(ctx, rec, job{id: inc.ID, entry: e, draft: draft, tell: func(done record.Written) { c.tell(inc, done) }})
}

// askUpdate asks on a terminal for the plain update, if the move is possible and none was given.
func (c *statusCmd) askUpdate(ctx context.Context, inc incident.Incident, e incident.Entry, src source, text string) (string, error) {
	if src.isGiven() || !c.prompt.Interactive() || inc.Admit(e) != nil {
		return text, nil
	}
	return c.prompt.Input(ctx, terminal.Question{
		Message: fmt.Sprintf("What does that mean for %s?", c.audience.Readers()),
		Help:    "One plain sentence or two; Enter for none",
	})
}

func (c *statusCmd) tell(before incident.Incident, done record.Written) {
	inc, e := done.Incident, done.Entry
	now := c.Now()
	if e.Audience == incident.Customer && e.Text != "" {
		c.say(terminal.Bold("Told customers:"))
		c.quote(e.Text)
		c.say()
	}
	switch {
	case before.Status == inc.Status:
		c.say(fmt.Sprintf("Still %s, with an update for %s. Seen by: %s.", inc.Status, forWhom(e.Audience), seenBy(e.Audience)))
		return
	case inc.Status == incident.Resolved:
		c.say(fmt.Sprintf("Resolved after %s.%s", when.FormatDuration(inc.Duration(now)), keptPromises(inc)))
	case e.Kind == incident.Reopened:
		c.say("Reopened; it is investigating again." + c.readers(e))
	default:
		c.say(fmt.Sprintf("Now %s, %s since %s.%s", inc.Status, before.Status, c.clock(before.Since), c.readers(e)))
	}
	if inc.Status != before.Status && inc.Public() && e.Audience != incident.Customer && e.Kind != incident.Postmortem && inc.Status != incident.Closed {
		c.say("Customers see the new status, and no words about it.")
		c.next(`incident note --audience customer "…"`)
		return
	}
	c.nextStep(inc)
}

func (c *statusCmd) readers(e incident.Entry) string {
	if e.Text == "" {
		return ""
	}
	return fmt.Sprintf(" Update for %s. Seen by: %s.", forWhom(e.Audience), seenBy(e.Audience))
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
	if c.given || c.file != "" {
		text, err := c.readSource(source{message: c.message, given: c.given, file: c.file})
		err = errors.Join(err, usage("incident status identified -m \"…\"", "a new status is needed with a text"))
		return c.keepDraft(nil, c.audience.String(), text, err)
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, err := c.target(ctx, rec, "", c.by)
	if err != nil {
		return err
	}
	r := standing{Schema: schema, ID: inc.ID, Status: inc.Status, Since: inc.Since, May: []string{}, now: c.now()}
	for _, s := range inc.Status.Next() {
		r.May = append(r.May, s.String())
	}
	if inc.Status.Over() {
		r.May = append(r.May, "reopened")
	}
	return c.print(r)
}

// standing is the answer to status without a new one.
type standing struct {
	Schema string          `json:"schema"`
	ID     string          `json:"incident"`
	Status incident.Status `json:"status"`
	Since  time.Time       `json:"since"`
	May    []string        `json:"may_become"`

	now time.Time
}

func (s standing) ids() []string { return []string{s.Status.String()} }

func (s standing) table(d *deps) {
	d.out.Line(fmt.Sprintf("%s since %s (%s). May become: %s.", s.Status, d.clock(s.Since),
		when.FormatDuration(max(0, s.now.Sub(s.Since))), strings.Join(s.May, ", ")))
}
