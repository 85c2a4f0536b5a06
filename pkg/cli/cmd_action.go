package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

func newAction(d *deps) *cobra.Command {
	cmd := &cobra.Command{
		Use: "action", Short: "What limits the next incident: add, finish, drop and list action items",
		Long: `Keeps what is to change so that the next incident is rarer, smaller or shorter: each item with one owner, a day and a link to
where the work is tracked. Items are entries of the incident's timeline, can be added while it goes on and long after it is
closed, stand in its postmortem, and are in "incident due" until they are done.`,
	}
	cmd.AddCommand(newActionAdd(d), newActionSettle(d, incident.ActionDone), newActionSettle(d, incident.ActionDropped), newActionList(d))
	return cmd
}

type actionAddCmd struct {
	writing
	owner, due, kind, link string
	audience               incident.Audience
}

func newActionAdd(d *deps) *cobra.Command {
	c := actionAddCmd{writing: writing{deps: d}, audience: incident.Internal}
	cmd := &cobra.Command{
		Use: "add TEXT", Short: "Add an action item to an incident",
		Long: `Adds what will be different once it is done, in words: "The disk alarm rings at 80 per cent". - reads them from standard
input. Its identifier is the end of the entry's name.`,
		Example: `incident action add "The disk alarm rings at 80 per cent" --owner "Chen Wu" --due 2026-12-15 --kind detect`,
		Args:    arguments(1, 1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	c.addFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&c.owner, "owner", "", "`WHO` sees to it: one person or team")
	f.StringVar(&c.due, "due", "", "the `DAY` by which it is done: 2026-12-15, in 2 weeks, friday")
	f.StringVar(&c.kind, "kind", "", "what it is good for: prevent, detect, mitigate or process")
	f.StringVar(&c.link, "link", "", "the `URL` where the work is tracked")
	audienceFlag(cmd, &c.audience, "who may read it")
	must(cmd.RegisterFlagCompletionFunc("kind", fixed(incident.ActionKinds[:]...)))
	return cmd
}

func (c *actionAddCmd) run(ctx context.Context, text string) error {
	if text == "-" {
		var err error
		if text, err = c.readInput(ctx); err != nil {
			return err
		}
	}
	rec, inc, err := c.begin(ctx, resolvedFirst)
	if err != nil {
		return err
	}
	e, err := c.entry(incident.Action, c.audience, times{})
	if err != nil {
		return err
	}
	e.Text, e.Action = incident.NormalizeText(text), incident.ActionFacts{Owner: strings.TrimSpace(c.owner), For: c.kind, Link: c.link}
	if c.due != "" {
		due, err := dueDay(c.due, c.now())
		if err != nil {
			return err
		}
		e.Action.Due = due
	}
	return c.record(ctx, rec, job{
		inc: inc, entry: e, draft: draft{name: inc.ID + "-action", resume: "incident action add - -i " + inc.ID + " < FILE"},
		tell: func(done record.Written) {
			c.say(fmt.Sprintf("Added to %s as %s.", inc.ID, done.Entry.Suffix()))
			if c.owner == "" || c.due == "" {
				c.warn("an action without an owner and a day is seldom done: --owner WHO --due DAY")
			}
		},
	})
}

// dueDay reads a day, by its beginning in UTC: a time of day, or a length from now, names the day that it falls on.
func dueDay(s string, now time.Time) (time.Time, error) {
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return day, nil
	}
	at, err := when.Time(s, now)
	if d, long := when.Duration(strings.TrimPrefix(s, "in ")); err != nil && long == nil {
		at, err = now.Add(d), nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("--due: %w", err)
	}
	return time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC), nil
}

type actionSettleCmd struct {
	writing
	state  incident.ActionState
	reason string
}

func newActionSettle(d *deps, state incident.ActionState) *cobra.Command {
	c := actionSettleCmd{writing: writing{deps: d}, state: state}
	cmd := &cobra.Command{
		Use: "done ID", Short: "Record that an action item is done",
		Example: "incident action done k7m2qa",
		Args:    arguments(1, 1),
		RunE:    func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args[0]) },
	}
	if state == incident.ActionDropped {
		cmd.Use, cmd.Short, cmd.Example = "drop ID", "Record that an action item will not be done, and why", `incident action drop k7m2qa --reason "The service is switched off"`
	}
	c.addFlags(cmd)
	cmd.Flags().StringVar(&c.reason, "reason", "", "why, or what came of it")
	return cmd
}

func (c *actionSettleCmd) run(ctx context.Context, ref string) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, item, err := c.find(ctx, rec, ref)
	if err != nil {
		return err
	}
	added, _ := inc.Entry(item.Entry)
	e, err := c.entry(incident.Action, min(added.Audience, incident.Internal), times{})
	if err != nil {
		return err
	}
	e.Text, e.Action = incident.NormalizeText(c.reason), incident.ActionFacts{Settles: item.Entry, State: c.state}
	return c.record(ctx, rec, job{inc: inc, entry: e, tell: func(record.Written) {
		c.say(fmt.Sprintf("%s: %s", c.state, oneLine(item.Text)))
	}})
}

// find reads the action that a reference means.
func (c *actionSettleCmd) find(ctx context.Context, rec *record.Record, ref string) (inc incident.Incident, item incident.ActionItem, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return inc, item, err
	}
	defer func() { err = joinClose(err, rd) }()
	at, err := c.findEntry(rd, ref)
	if err != nil {
		return inc, item, err
	}
	if inc, err = rd.Incident(at.Incident); err != nil {
		return inc, item, err
	}
	for _, a := range inc.Actions {
		if a.Entry == at.Name {
			return inc, a, nil
		}
	}
	return inc, item, &advised{record.ErrNotFound, fmt.Sprintf("%s is no action", ref), "incident action list shows them"}
}

type actionListCmd struct {
	*deps
	all, overdue bool
	owner        string
}

func newActionList(d *deps) *cobra.Command {
	c := actionListCmd{deps: d}
	cmd := &cobra.Command{
		Use: "list", Short: "List action items over all incidents, the most urgent first",
		Long:    "Lists the action items that are open, of one incident with --incident; exit 0 also where there is none.",
		Example: "incident action list --overdue -o json\nincident action list --owner \"Chen Wu\"",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	cmd.Flags().BoolVar(&c.all, "all", false, "also those that are done or dropped")
	cmd.Flags().BoolVar(&c.overdue, "overdue", false, "only those whose day is over")
	cmd.Flags().StringVar(&c.owner, "owner", "", "only those of this `WHO`")
	return cmd
}

// actionsJSON is the answer to action list.
type actionsJSON struct {
	Schema  string       `json:"schema"`
	Actions []actionJSON `json:"actions"`
}

// actionJSON is one action item.
type actionJSON struct {
	Incident string            `json:"incident"`
	Entry    string            `json:"entry"`
	Text     string            `json:"text"`
	Owner    string            `json:"owner"`
	Due      string            `json:"due"`
	Kind     string            `json:"kind"`
	Link     string            `json:"link"`
	Audience incident.Audience `json:"audience"`
	State    string            `json:"state"`
	Late     bool              `json:"late"`
	Added    *timeJSON         `json:"added"`
	Settled  *timeJSON         `json:"settled"`
	Reason   string            `json:"reason"`
}

func (r actionsJSON) ids() []string {
	var list []string
	for _, a := range r.Actions {
		list = append(list, a.Entry)
	}
	return list
}

func (r actionsJSON) table(d *deps) {
	if len(r.Actions) == 0 {
		return
	}
	t := terminal.Table{Columns: []terminal.Column{{Title: "ID"}, {Title: "DUE"}, {Title: "OWNER"}, {Title: "STATE"}, {Title: "INCIDENT", Flexible: true}, {Title: "WHAT CHANGES", Flexible: true}}}
	for _, a := range r.Actions {
		state := terminal.Plain(a.State)
		if a.Late {
			state = terminal.Red("LATE")
		}
		t.Rows = append(t.Rows, []terminal.Span{
			terminal.Plain(a.Entry[strings.LastIndexByte(a.Entry, '-')+1:]), terminal.Plain(firstOf(a.Due, "–")), terminal.Plain(firstOf(a.Owner, "nobody")), state,
			terminal.Plain(a.Incident), terminal.Plain(oneLine(a.Text)),
		})
	}
	d.out.Table(t)
}

func (c *actionListCmd) run(ctx context.Context) error {
	return c.withRecord(ctx, func(_ *record.Record, rd *record.Reader) error {
		incs, err := c.incidents(rd)
		if err != nil {
			return err
		}
		r := actionsJSON{Schema: schema, Actions: []actionJSON{}}
		for _, inc := range incs {
			for _, a := range inc.Actions {
				j := c.wire(inc, a)
				if a.State != incident.ActionOpen && !c.all || c.overdue && !j.Late || c.owner != "" && !strings.EqualFold(c.owner, a.Owner) {
					continue
				}
				r.Actions = append(r.Actions, j)
			}
		}
		slices.SortStableFunc(r.Actions, func(a, b actionJSON) int {
			return cmp.Or(cmp.Compare(rankOf(a.State), rankOf(b.State)), cmp.Compare(firstOf(a.Due, "9999"), firstOf(b.Due, "9999")))
		})
		if err := c.print(r); err != nil {
			return err
		}
		if len(r.Actions) == 0 {
			c.say("There is no such action.")
		}
		return nil
	})
}

// incidents are all, or the one that was named.
func (c *actionListCmd) incidents(rd *record.Reader) ([]incident.Incident, error) {
	if c.incident == "" {
		return rd.Find(func(inc incident.Incident) bool { return len(inc.Actions) > 0 })
	}
	inc, err := resolve(rd, c.incident)
	return []incident.Incident{inc}, err
}

func (c *actionListCmd) wire(inc incident.Incident, a incident.ActionItem) actionJSON {
	j := actionJSON{
		Incident: inc.ID, Entry: a.Entry, Text: a.Text, Owner: a.Owner, Kind: a.For, Link: a.Link, Audience: a.Audience, State: a.State.String(),
		Late: a.Late(c.Now()), Added: moment(a.Added), Settled: moment(a.Settled), Reason: a.Reason,
	}
	if !a.Due.IsZero() {
		j.Due = a.Due.Format(time.DateOnly)
	}
	return j
}

// rankOf puts what is open first.
func rankOf(state string) int { return slices.Index([]string{"open", "done", "dropped"}, state) }
