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

type listCmd struct {
	*deps
	all          bool
	status       []string
	severity     []string
	component    string
	since, until string
	limit        int
}

func newList(d *deps) *cobra.Command {
	c := listCmd{deps: d}
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "List incidents: the open ones, newest first",
		Long: `Lists incidents, newest first: those that are not closed, or with --all, or with a --status of its own,
the others too.`,
		Example: "incident list\nincident list --all --since 2026-11-01 --severity sev1,sev2",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.all, "all", false, "closed ones too")
	f.StringSliceVar(&c.status, "status", nil, "only this `STATUS` (repeatable, or with commas)")
	f.StringSliceVarP(&c.severity, "severity", "s", nil, "only this `SEVERITY` (repeatable, or with commas)")
	f.StringVarP(&c.component, "component", "c", "", "only those that touch the component `NAME`")
	f.StringVar(&c.since, "since", "", "opened at that `TIME` or later: 2026-11-01, 7d ago")
	f.StringVar(&c.until, "until", "", "opened before that `TIME`")
	f.IntVar(&c.limit, "limit", 0, "at most `N` (0: all)")
	must(cmd.RegisterFlagCompletionFunc("status", fixed(words(incident.Statuses())...)))
	must(cmd.RegisterFlagCompletionFunc("severity", fixed(words(incident.Severities())...)))
	return cmd
}

func (c *listCmd) run(ctx context.Context) error {
	keep, closedToo, err := c.filter()
	if err != nil {
		return err
	}
	place, err := c.locate()
	if err != nil {
		return err
	}
	if !place.Exists && place.How == record.ByUser {
		c.say("There are no incident records yet.")
		c.next(`incident open "Checkout errors"`, "")
		return c.print(newListed(nil, nil, c.Now()))
	}
	return c.withRecord(ctx, func(rec *record.Record, rd *record.Reader) error {
		found, err := c.find(rd, keep, closedToo)
		if err != nil {
			return err
		}
		slices.SortStableFunc(found, newestFirst)
		if c.limit > 0 && len(found) > c.limit {
			found = found[:c.limit]
		}
		if len(found) == 0 {
			c.say(fmt.Sprintf("No incident to list in %s.", c.short(rec.Dir())))
		}
		return c.print(newListed(found, rec.Config.Rules(), c.Now()))
	})
}

// find reads what is to be listed. Entries that cannot be read are named for all that had to be read.
func (c *listCmd) find(rd *record.Reader, keep func(incident.Incident) bool, closedToo bool) ([]incident.Incident, error) {
	if !closedToo {
		open, err := rd.Open()
		c.tellDamage(open...)
		return slices.DeleteFunc(slices.Clone(open), func(i incident.Incident) bool { return !keep(i) }), err
	}
	var damaged []incident.Incident
	found, err := rd.Find(func(i incident.Incident) bool {
		if slices.ContainsFunc(i.Timeline, unreadable) {
			damaged = append(damaged, i)
		}
		return keep(i)
	})
	c.tellDamage(damaged...)
	return found, err
}

func newestFirst(a, b incident.Incident) int {
	return cmp.Or(b.Opened.Compare(a.Opened), cmp.Compare(b.ID, a.ID))
}

// filter reads the flags that narrow the list. It also tells whether any that is closed can be in it.
func (c *listCmd) filter() (keep func(incident.Incident) bool, closedToo bool, err error) {
	var statuses []incident.Status
	for _, s := range c.status {
		var status incident.Status
		if err := status.UnmarshalText([]byte(s)); err != nil {
			return nil, false, err
		}
		statuses = append(statuses, status)
	}
	var severities []incident.Severity
	for _, s := range c.severity {
		var severity incident.Severity
		if err := severity.UnmarshalText([]byte(s)); err != nil {
			return nil, false, err
		}
		severities = append(severities, severity)
	}
	if c.limit < 0 {
		return nil, false, usage("", "--limit is negative")
	}
	since, err := c.moment("--since", c.since)
	if err != nil {
		return nil, false, err
	}
	until, err := c.moment("--until", c.until)
	if err != nil {
		return nil, false, err
	}
	closedToo = statuses == nil && c.all || slices.Contains(statuses, incident.Closed)
	return func(i incident.Incident) bool {
		switch {
		case statuses == nil && !c.all && i.Status == incident.Closed:
		case statuses != nil && !slices.Contains(statuses, i.Status):
		case severities != nil && !slices.Contains(severities, i.Severity):
		case c.component != "" && !slices.ContainsFunc(i.Components, func(k incident.Component) bool { return strings.EqualFold(k.Name, c.component) }):
		case !since.IsZero() && i.Opened.Before(since):
		case !until.IsZero() && !i.Opened.Before(until):
		default:
			return true
		}
		return false
	}, closedToo, nil
}

// moment reads a time of a flag, zero where it was not given.
func (d *deps) moment(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := when.Time(s, d.now())
	if err != nil {
		return t, fmt.Errorf("%s: %w", flag, err)
	}
	return t, nil
}

// listed is the answer to list.
type listed struct {
	Schema    string         `json:"schema"`
	Incidents []incidentJSON `json:"incidents"`

	incidents []incident.Incident
	rules     incident.Rules
	now       time.Time
}

func newListed(incs []incident.Incident, rules incident.Rules, now time.Time) listed {
	l := listed{Schema: schema, Incidents: []incidentJSON{}, incidents: incs, rules: rules, now: now}
	for _, inc := range incs {
		l.Incidents = append(l.Incidents, wireFull(inc, now))
	}
	return l
}

func (l listed) ids() []string {
	var ids []string
	for _, i := range l.Incidents {
		ids = append(ids, i.ID)
	}
	return ids
}

func (l listed) table(d *deps) {
	if len(l.incidents) == 0 {
		return
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: "ID", Flexible: true}, {Title: "SEV"}, {Title: "STATUS"}, {Title: "OPEN"}, {Title: "CUSTOMERS HEARD"}, {Title: "DUE", Flexible: true},
	}}
	causes := slices.ContainsFunc(l.incidents, func(inc incident.Incident) bool { return inc.Cause != "" })
	if causes {
		t.Columns = append(t.Columns, terminal.Column{Title: "CAUSE", Flexible: true})
	}
	for _, inc := range l.incidents {
		heard := "never"
		if last := inc.Words(incident.Customer).Last; !last.IsZero() {
			heard = inShort(l.now.Sub(last)) + " ago"
		}
		row := []terminal.Span{
			terminal.Plain(inc.ID), severity(inc.Severity), terminal.Plain(inc.Status.String()),
			terminal.Plain(inShort(inc.Duration(l.now))), terminal.Plain(heard), l.due(inc),
		}
		if causes {
			row = append(row, terminal.Plain(inc.Cause))
		}
		t.Rows = append(t.Rows, row)
	}
	d.out.Table(t)
}

// due is the most urgent thing that the incident owes.
func (l listed) due(inc incident.Incident) terminal.Span {
	owed := debts(l.rules, inc)
	if len(owed) == 0 {
		return terminal.Plain("")
	}
	what := owed[0].what()
	if late := l.now.Sub(owed[0].By); late > 0 {
		return terminal.Red(fmt.Sprintf("late: %s %s", what, inShort(late)))
	}
	return terminal.Plain(fmt.Sprintf("%s in %s", what, inShort(owed[0].By.Sub(l.now))))
}

// inShort is a duration for a table.
func inShort(d time.Duration) string {
	if d < time.Minute {
		return "0 min"
	}
	return when.FormatDuration(d)
}

func severity(s incident.Severity) terminal.Span {
	switch s {
	case incident.Sev1:
		return terminal.Red(s.String())
	case incident.Sev2:
		return terminal.Yellow(s.String())
	default:
		return terminal.Plain(s.String())
	}
}
