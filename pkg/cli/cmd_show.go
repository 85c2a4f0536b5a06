package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/terminal"
	"incident/pkg/view"
	"incident/pkg/when"
)

type showCmd struct {
	*deps
	audience incident.Audience
}

func newShow(d *deps) *cobra.Command {
	c := showCmd{deps: d, audience: incident.Technical}
	cmd := &cobra.Command{
		Use:     "show [ID]",
		Aliases: []string{"view"},
		Short:   "Show an incident as one audience may see it",
		Long: `Shows one incident on a page: where it stands, who leads, what was promised, and its timeline, newest first.
With --audience it shows what that audience may see, and nothing else; without, everything.`,
		Example:           "incident show\nincident show checkout --audience customer",
		Args:              cobra.MaximumNArgs(1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	audienceFlag(cmd, &c.audience, "who is looking")
	return cmd
}

func (c *showCmd) run(ctx context.Context, args []string) (err error) {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	inc, _, err := c.pick(rec, rd, strings.Join(args, ""), openFirst)
	if err != nil {
		return err
	}
	c.tellDamage(inc)
	v := view.For(inc, c.audience)
	return c.print(newShown(v, inc.PublicID, inc.Public(), rec.Config.Deadline, c.Now()))
}

// tellDamage names entries that could not be read; they hide no others.
func (d *deps) tellDamage(incs ...incident.Incident) {
	for _, inc := range incs {
		for _, e := range inc.Timeline {
			if e.Kind == incident.Unreadable {
				d.warn(fmt.Sprintf("%s: %s cannot be read: %v; it is left out", inc.ID, e.Name, e.Problem))
			}
		}
	}
}

// shown is the answer to show.
type shown struct {
	Schema   string            `json:"schema"`
	Audience incident.Audience `json:"audience"`
	Visible  bool              `json:"visible"`
	Incident incidentJSON      `json:"incident"`
	Timeline []entryJSON       `json:"timeline"`

	view     view.View
	deadline time.Duration
	now      time.Time
}

func newShown(v view.View, publicID string, public bool, deadline time.Duration, now time.Time) shown {
	if !v.Visible {
		publicID, public = "", false
	}
	s := shown{
		Schema: schema, Audience: v.Audience, Visible: v.Visible, Incident: wireIncident(v, publicID, public, now),
		Timeline: []entryJSON{}, view: v, deadline: deadline, now: now,
	}
	for _, u := range v.Updates {
		s.Timeline = append(s.Timeline, wireEntry(u))
	}
	return s
}

func (s shown) ids() []string {
	if !s.Visible {
		return nil
	}
	return []string{s.Incident.ID}
}

func (s shown) table(d *deps) {
	v := s.view
	if !v.Visible {
		d.say("Customers see nothing yet: there is no entry for them.")
		return
	}
	s.heading(d)
	s.owed(d)
	s.timeline(d)
	for _, a := range v.Anomalies {
		d.out.Line(terminal.Yellow("anomaly: "), a.Entry, "  ", a.Problem)
	}
}

func (s shown) heading(d *deps) {
	v := s.view
	name := v.Title
	if name == "" {
		name = v.Headline
	}
	d.out.Line(terminal.Bold(strings.ToUpper(terminal.SafeLine(name))), "      ", v.ID)
	parts := []string{v.Status.String()}
	if v.Severity != 0 {
		parts = append(parts, v.Severity.String())
	}
	if v.Impact != 0 {
		parts = append(parts, "impact "+v.Impact.String())
	}
	if v.ResolvedAt.IsZero() {
		parts = append(parts, fmt.Sprintf("open %s, since %s", when.FormatDuration(lasted(v, s.now)), d.clocks(v.Started)))
	} else {
		parts = append(parts, fmt.Sprintf("lasted %s, from %s to %s", when.FormatDuration(lasted(v, s.now)), d.clocks(v.Started), d.clocks(v.ResolvedAt)))
	}
	if !v.Confirmed {
		parts[len(parts)-1] += " (start not confirmed)"
	}
	d.out.Line(strings.Join(parts, "   "))
	for _, c := range v.Components {
		d.out.Line(terminal.SafeLine(c.Name), ": ", state(c.State))
	}
	if v.Title != "" && v.Audience.Sees(incident.Customer) && s.Incident.Public {
		d.out.Line("customers see it as: ", terminal.SafeLine(v.Headline))
	}
	var roles []string
	for _, r := range v.Roles {
		roles = append(roles, terminal.SafeLine(r.Name+" "+r.Holder))
	}
	if len(roles) > 0 {
		d.out.Line(strings.Join(roles, "   "))
	}
	if v.Customers != nil || v.Share != nil {
		d.out.Line("affected: ", affected(v))
	}
	if len(v.Tags) > 0 {
		d.out.Line("tags: ", terminal.SafeLine(strings.Join(v.Tags, ", ")))
	}
}

func affected(v view.View) string {
	var parts []string
	if v.Customers != nil {
		parts = append(parts, fmt.Sprintf("%d customers", *v.Customers))
	}
	if v.Share != nil {
		parts = append(parts, fmt.Sprintf("%g%% of all", *v.Share))
	}
	return strings.Join(parts, ", ")
}

func state(s incident.State) terminal.Span {
	switch s {
	case incident.Operational:
		return terminal.Green(s.Words())
	case incident.PartialOutage, incident.MajorOutage:
		return terminal.Red(s.Words())
	default:
		return terminal.Yellow(s.Words())
	}
}

// owed is what the audiences wait for.
func (s shown) owed(d *deps) {
	var rows [][]terminal.Span
	for _, p := range s.view.Promises {
		if !p.By.IsZero() {
			rows = append(rows, []terminal.Span{terminal.Plain(p.Audience.Readers()), terminal.Plain(d.clock(p.By)), until(p.By, s.now)})
		}
	}
	if s.view.Status == incident.Resolved && s.deadline > 0 && !slices.ContainsFunc(s.view.Updates, isPostmortem) {
		by := s.view.ResolvedAt.Add(s.deadline)
		rows = append(rows, []terminal.Span{terminal.Plain("postmortem"), terminal.Plain(d.clock(by)), until(by, s.now)})
	}
	if len(rows) == 0 {
		return
	}
	d.out.Line()
	rows[0] = append([]terminal.Span{terminal.Bold("due")}, rows[0]...)
	for i := 1; i < len(rows); i++ {
		rows[i] = append([]terminal.Span{terminal.Plain("")}, rows[i]...)
	}
	d.out.Table(terminal.Table{Columns: make([]terminal.Column, 4), Rows: rows})
}

func isPostmortem(u view.Update) bool { return u.Kind == incident.Postmortem.String() }

// timeline is what happened, newest first, a heading for each day but today.
func (s shown) timeline(d *deps) {
	d.out.Line()
	day := ""
	for _, u := range slices.Backward(s.view.Updates) {
		at := u.At.In(d.now().Location())
		if this := at.Format("Monday, 2 January 2006"); this != day && (day != "" || !sameDay(at, d.now())) {
			d.out.Line(terminal.Dim(this))
			day = this
		} else {
			day = this
		}
		s.update(d, u, at)
	}
}

func (s shown) update(d *deps, u view.Update, at time.Time) {
	label := u.Audience.Readers()
	switch {
	case u.Status != 0 && u.Kind != incident.Opened.String():
		label = "→ " + u.Status.String()
	case u.Kind != incident.Note.String():
		label = u.Kind
	case u.Audience == incident.Technical:
		label = "technical"
	case u.Audience == incident.Internal:
		label = "internal"
	}
	lead := at.Format("15:04") + "  " + label
	lead += strings.Repeat(" ", max(1, 23-terminal.Width(lead)))
	text := strings.TrimLeft(terminal.Wrap(terminal.Safe(updateText(d, u)), d.width(), strings.Repeat(" ", 23)), " ")
	tail := ""
	if u.Author != "" {
		tail = "   " + terminal.SafeLine(u.Author)
	}
	d.out.Line(terminal.Dim(lead[:5]), lead[5:], text, terminal.Dim(tail+" "+u.ID))
}

// updateText is an update in words: its text, what it changed, and what became of it.
func updateText(d *deps, u view.Update) string {
	var parts []string
	if u.Early {
		parts = append(parts, "(before the incident was opened)")
	}
	switch {
	case u.Withdrawn && u.About != "":
		parts = append(parts, "(withdrawn)")
	case u.Withdrawn:
		parts = append(parts, fmt.Sprintf("(withdrawn %s)", d.clock(u.WithdrawnAt)))
	case u.Corrected:
		parts = append(parts, fmt.Sprintf("(corrected %s)", d.clock(u.CorrectedAt)))
	case u.About != "" && u.Kind == incident.Retracted.String():
		parts = append(parts, fmt.Sprintf("(withdraws %s)", u.About))
	case u.About != "":
		parts = append(parts, fmt.Sprintf("(corrects %s)", u.About))
	}
	if len(u.To) > 0 {
		parts = append(parts, "to "+strings.Join(u.To, ", ")+":")
	}
	if u.Text != "" {
		parts = append(parts, u.Text)
	}
	if u.Original != "" {
		parts = append(parts, "Before: "+u.Original)
	}
	var changes []string
	for _, c := range u.Changes {
		changes = append(changes, c.Fact+": "+c.Value)
	}
	if len(changes) > 0 {
		parts = append(parts, "["+strings.Join(changes, "; ")+"]")
	}
	for _, a := range u.Attachment {
		parts = append(parts, fmt.Sprintf("[%s, %d bytes: %s]", a.Name, a.Size, a.Path))
	}
	if !u.Next.IsZero() {
		parts = append(parts, "Next word by "+d.clocks(u.Next)+".")
	}
	return strings.Join(parts, " ")
}
