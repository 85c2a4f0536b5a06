package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/view"
	"incident/pkg/when"
)

type briefCmd struct {
	*deps
	audience incident.Audience
}

func newBrief(d *deps) *cobra.Command {
	c := briefCmd{deps: d, audience: incident.Internal}
	cmd := &cobra.Command{
		Use:   "brief [ID]",
		Short: "Say in ten lines where it stands, for somebody who joins now",
		Long: `Says in at most ten lines of plain text where an incident stands: what is affected and since when, what is known,
what is being done, who leads, who was last told what, and what is due. It holds nothing that its audience may not
know, and can be pasted anywhere. Times are in UTC.`,
		Example:           "incident brief | pbcopy\nincident brief --audience stakeholder",
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	audienceFlag(cmd, &c.audience, "who reads it")
	return cmd
}

func (c *briefCmd) run(ctx context.Context, args []string) error {
	return c.withIncident(ctx, args, func(rec *record.Record, inc incident.Incident) error {
		v := view.For(inc, c.audience)
		var owed []debt
		switch {
		case c.audience.Sees(incident.Internal):
			owed = debts(c.owes, inc)
		case inc.Status != incident.Closed:
			owed = promisedTo(c.audience, inc)
		}
		r := briefing{Schema: schema, Audience: c.audience, Visible: v.Visible, Lines: []string{}}
		if v.Visible {
			r.Incident, r.Lines = v.ID, briefOf(v, inc.Duration(c.Now()), owed, c.Now())
		} else {
			c.say("Customers see nothing yet: there is no entry for them.")
		}
		return c.print(r)
	})
}

// briefing is the answer to brief.
type briefing struct {
	Schema   string            `json:"schema"`
	Audience incident.Audience `json:"audience"`
	Visible  bool              `json:"visible"`
	Incident string            `json:"incident"`
	Lines    []string          `json:"lines"`
}

func (r briefing) ids() []string { return []string{r.Incident} }

func (r briefing) table(d *deps) {
	for _, l := range r.Lines {
		d.out.Line(terminal.SafeLine(l))
	}
}

// said is how much of a note a briefing quotes, in cells.
const said = 240

// briefOf is where an incident stands, in lines.
func briefOf(v view.View, lasts time.Duration, owed []debt, now time.Time) []string {
	clock := func(t time.Time) string { return briefClock(t, now) }
	name := v.Title
	if name == "" {
		name = v.Headline
	}
	facts := []string{v.Status.String()}
	if v.Severity != 0 {
		facts = append(facts, v.Severity.String())
	}
	if v.Impact != 0 {
		facts = append(facts, "impact "+v.Impact.String())
	}
	lines := []string{fmt.Sprintf("%s (%s): %s, for %s", name, v.ID, strings.Join(facts, ", "), when.FormatDuration(lasts))}
	add := func(lead, text string) {
		if text != "" {
			lines = append(lines, lead+": "+text)
		}
	}
	add("Affected", briefAffected(v, clock))
	known, doing := briefLately(v)
	add("Known", briefQuoted(known, clock))
	add("Now", briefQuoted(doing, clock))
	add("Leads", briefRoles(v))
	for _, to := range []incident.Audience{incident.Customer, incident.Stakeholder} {
		if v.Audience.Sees(to) {
			add("Told "+to.Readers(), briefTold(v, to, clock))
		}
	}
	add("Due", briefDue(owed, now, clock))
	return lines
}

func briefAffected(v view.View, clock func(time.Time) string) string {
	var parts []string
	for _, c := range v.Components {
		parts = append(parts, c.Name+" ("+c.State.Words()+")")
	}
	text := strings.Join(parts, ", ")
	if v.Customers != nil {
		text += fmt.Sprintf("; %d customers", *v.Customers)
	}
	if v.Share != nil {
		text += fmt.Sprintf("; %g%% of customers", *v.Share)
	}
	since := "since " + clock(v.Started)
	if !v.Confirmed {
		since += " (not confirmed)"
	}
	if !v.ResolvedAt.IsZero() {
		since += ", resolved " + clock(v.ResolvedAt)
	}
	return strings.TrimLeft(text+", ", ";, ") + since
}

// briefLately are the words of the last move, which tell what is known, and the newest since, which tell what goes on.
func briefLately(v view.View) (known, doing *view.Update) {
	for i := len(v.Updates) - 1; i >= 0; i-- {
		u := &v.Updates[i]
		if u.Text == "" || u.About != "" || u.Kind == incident.Retracted.String() {
			continue
		}
		switch {
		case known == nil && u.Status != 0:
			known = u
		case doing == nil && known == nil: // what is older than the last move is over
			doing = u
		}
	}
	return known, doing
}

func briefQuoted(u *view.Update, clock func(time.Time) string) string {
	if u == nil {
		return ""
	}
	return fmt.Sprintf("%s (%s)", terminal.Truncate(terminal.SafeLine(strings.Join(strings.Fields(u.Text), " ")), said), clock(u.At))
}

func briefRoles(v view.View) string {
	var parts []string
	for _, r := range v.Roles {
		parts = append(parts, r.Holder+" ("+r.Name+")")
	}
	if len(parts) == 0 && v.Audience.Sees(incident.Internal) {
		return "nobody yet"
	}
	return strings.Join(parts, ", ")
}

// briefTold is what an audience was last told.
func briefTold(v view.View, to incident.Audience, clock func(time.Time) string) string {
	for i := len(v.Updates) - 1; i >= 0; i-- {
		if u := &v.Updates[i]; u.Audience == to && u.Text != "" && u.About == "" && u.Kind != incident.Retracted.String() {
			return briefQuoted(u, clock)
		}
	}
	return "nothing yet"
}

func briefDue(owed []debt, now time.Time, clock func(time.Time) string) string {
	var parts []string
	for _, o := range owed {
		late := ""
		if o.By.Before(now) {
			late = " (late)"
		}
		parts = append(parts, o.what()+" "+clock(o.By)+late)
	}
	return strings.Join(parts, ", ")
}

// briefClock is a time for somebody who may read it anywhere.
func briefClock(t, now time.Time) string {
	t, now = t.UTC(), now.UTC()
	if sameDay(t, now) {
		return t.Format("15:04 UTC")
	}
	return t.Format("2 Jan 15:04 UTC")
}
