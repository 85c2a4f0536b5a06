package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

type dueCmd struct {
	*deps
	within string
	all    bool

	waits, watches bool
	exec           string
}

func newDue(d *deps) *cobra.Command {
	c := dueCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "due",
		Short: "Say what is owed, to whom, by when; exit 12 if anything is late",
		Long: `Lists what the open incidents owe, the most urgent first: the next word to each audience, by what was promised or
by the cadence of the severity, whichever is earlier; a move of the status that nobody has explained; a commander;
notes that those to whom they are addressed have not acknowledged; the postmortem; a page that could not be published by
itself. Each line ends with the command
that settles it.

It shows what is late and what falls due within a day; --within narrows that, --all shows everything, also the actions of
incidents that are closed. Exit 12 if anything is late.

--wait returns when the next thing falls due, at once if something is late. --watch goes on: it shows what is owed and
tells of each thing as it falls due, by the bell of the terminal, or by a line where there is none; --exec runs a command
for each, with the thing as JSON on its standard input. With --within they tell that much earlier. Both see what others
write meanwhile.`,
		Example: `incident due
incident due --within 15m || notify "an update is late"
incident due --watch --within 5m --exec ./call-the-commander`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&c.within, "within", "", "only what is late or falls due within a `DURATION`: 15m, 2h")
	f.BoolVar(&c.all, "all", false, "everything that is owed, however far ahead")
	f.BoolVar(&c.waits, "wait", false, "return when the next thing falls due")
	f.BoolVar(&c.watches, "watch", false, "go on, and tell of each thing as it falls due")
	f.StringVar(&c.exec, "exec", "", "with --watch: run a `COMMAND` for each thing that falls due")
	return cmd
}

// ahead is how far ahead things are listed where nobody says.
const ahead = 24 * time.Hour

func (c *dueCmd) run(ctx context.Context) error {
	far := ahead
	if c.within != "" {
		var err error
		if far, err = when.Duration(c.within); err != nil {
			return usage("--within 15m", "--within: %s", err)
		}
		if c.all {
			return usage("leave one of them out", "--within and --all exclude each other")
		}
	}
	switch {
	case c.waits && c.watches:
		return usage("leave one of them out", "--wait and --watch exclude each other")
	case c.exec != "" && !c.watches:
		return usage(`incident due --watch --exec "…"`, "--exec goes with --watch")
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	early := far
	if c.within == "" {
		early = 0
	}
	switch {
	case c.waits:
		return c.wait(ctx, rec, early)
	case c.watches:
		return c.watch(ctx, rec, early, max(ahead, far))
	}
	list, err := c.find(ctx, rec)
	if err != nil {
		return err
	}
	if !c.all {
		list = within(list, c.Now(), far)
	}
	r := newOwing(list, c.deps)
	if err := c.print(r); err != nil {
		return err
	}
	switch {
	case r.Late > 0:
		return errFound
	case len(list) == 0:
		c.say("Nothing is due.")
	}
	return nil
}

// find reads what all incidents owe that are not closed, or the one that was named.
func (c *dueCmd) find(ctx context.Context, rec *record.Record) (_ []debt, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, rd) }()
	if c.incident != "" {
		inc, err := resolve(rd, c.incident)
		return debts(c.owes, inc), err
	}
	open, err := rd.Open()
	if err == nil && c.all { // what is closed owes its actions alone, and all of it has to be read for them
		var closed []incident.Incident
		closed, err = rd.Find(func(inc incident.Incident) bool { return inc.Status == incident.Closed && len(inc.Actions) > 0 })
		open = append(closed, open...)
	}
	c.tellDamage(open...)
	return append(owedPage(rec), debts(c.owes, open...)...), err
}

// owing is the answer to due.
type owing struct {
	Schema string     `json:"schema"`
	Owed   []owedJSON `json:"owed"`
	Late   int        `json:"late"`

	debts []debt
}

// owedJSON is something that somebody waits for.
type owedJSON struct {
	Incident string            `json:"incident"`
	What     incident.Debt     `json:"what"`
	Audience incident.Audience `json:"audience"`
	To       string            `json:"to"`
	Entry    string            `json:"entry"`
	DueAt    *timeJSON         `json:"due_at"`
	Seconds  int64             `json:"seconds_left"`
	State    string            `json:"state"`
	Why      incident.Why      `json:"why"`
	Every    int64             `json:"every_seconds"`
	Command  string            `json:"command"`
}

func newOwing(list []debt, d *deps) owing {
	r := owing{Schema: schema, Owed: []owedJSON{}, debts: list}
	for _, o := range list {
		j := wireOwed(o, d.Now())
		if j.State == "late" {
			r.Late++
		}
		r.Owed = append(r.Owed, j)
	}
	return r
}

func wireOwed(o debt, now time.Time) owedJSON {
	left := o.By.Sub(now)
	return owedJSON{
		Incident: o.inc.ID, What: o.What, Audience: o.Audience, To: o.To, Entry: o.Entry, DueAt: moment(o.By), Seconds: int64(left / time.Second),
		State: dueState(left), Why: o.Why, Every: int64(o.Every / time.Second), Command: o.settle(),
	}
}

// dueState says how urgent something is, by the time that is left.
func dueState(left time.Duration) string {
	switch {
	case left < 0:
		return "late"
	case left <= incident.Soon:
		return "soon"
	default:
		return "ahead"
	}
}

func (r owing) ids() []string {
	var ids []string
	for _, o := range r.Owed {
		ids = append(ids, o.Incident)
	}
	return ids
}

func (r owing) table(d *deps) {
	if len(r.debts) == 0 {
		return
	}
	t := terminal.Table{Columns: []terminal.Column{{}, {Right: true}, {Flexible: true}, {}, {Flexible: true}, {}}}
	for _, o := range r.debts {
		left := o.By.Sub(d.Now())
		state, length := terminal.Plain("in"), when.FormatDuration(left)
		switch dueState(left) {
		case "late":
			state = terminal.Red("LATE")
		case "soon":
			state = terminal.Yellow("soon")
		}
		t.Rows = append(t.Rows, []terminal.Span{
			state, terminal.Plain(length), terminal.Plain(o.inc.ID), terminal.Plain(o.what()), terminal.Plain(d.why(o)), terminal.Cyan(o.settle()),
		})
	}
	d.out.Table(t)
}
