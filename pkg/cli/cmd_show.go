package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/record"
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
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	audienceFlag(cmd, &c.audience, "who is looking")
	return cmd
}

func (c *showCmd) run(ctx context.Context, args []string) error {
	return c.withIncident(ctx, args, func(rec *record.Record, inc incident.Incident) error {
		return c.print(newShown(inc, c.audience, rec.Config.Rules(), c.Now()))
	})
}

// tellDamage names entries that could not be read; they hide no others.
func (d *deps) tellDamage(incs ...incident.Incident) {
	damaged, lost := 0, 0
	for _, inc := range incs {
		lost += lostIn(inc)
		for _, e := range inc.Timeline {
			if !unreadable(e) {
				continue
			}
			if damaged++; damaged <= most {
				d.warn(fmt.Sprintf("%s: %s cannot be read: %v; it is left out", inc.ID, e.Name, e.Problem))
			}
		}
	}
	if damaged > most {
		d.warn(fmt.Sprintf("%d more entries cannot be read; incident show ID lists them", damaged-most))
	}
	if lost > 0 {
		d.warn(repositoryDamaged)
	}
}

const repositoryDamaged = "the repository is damaged: incident doctor names what is, and says how to get it back"

// lostIn counts the entries of an incident that were recorded, and that git's objects no longer hold.
func lostIn(inc incident.Incident) (n int) {
	for _, e := range inc.Timeline {
		if errors.Is(e.Problem, gitstore.ErrDamaged) {
			n++
		}
	}
	return n
}

func unreadable(e incident.Entry) bool { return e.Kind == incident.Unreadable }

// shown is the answer to show.
type shown struct {
	Schema   string            `json:"schema"`
	Audience incident.Audience `json:"audience"`
	Visible  bool              `json:"visible"`
	Incident incidentJSON      `json:"incident"`
	Timeline []entryJSON       `json:"timeline"` // see wire

	view  view.View
	owed  []debt
	now   time.Time
	brief bool // a line for each entry
}

func newShown(inc incident.Incident, a incident.Audience, rules incident.Rules, now time.Time) shown {
	v := view.For(inc, a)
	s := shown{Schema: schema, Audience: a, Visible: v.Visible, Incident: wireIncident(v, inc, now), view: v, now: now}
	switch {
	case a.Sees(incident.Internal):
		s.owed = debts(rules, inc)
	case v.Visible:
		s.owed = promisedTo(a, inc)
	}
	return s
}

func (s shown) wire() any {
	s.Timeline = []entryJSON{}
	for _, u := range s.view.Updates {
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
	if !s.Visible {
		d.say("Customers see nothing yet: there is no entry for them.")
		return
	}
	s.heading(d)
	d.owed(s.owed, s.now, false)
	s.timeline(d)
	for _, a := range s.view.Anomalies {
		d.out.Line(terminal.Yellow("anomaly: "), a.Entry, "  ", a.Problem)
	}
}

func (s shown) heading(d *deps) {
	v := s.view
	name, gap := strings.ToUpper(terminal.SafeLine(firstOf(v.Title, v.Headline))), "      "
	if terminal.Width(name+gap+v.ID) > d.outWidth {
		gap = "\n"
	}
	d.out.Line(terminal.Bold(terminal.Wrap(name, d.outWidth, "")), gap, v.ID)
	d.out.Line(terminal.Wrap(s.standing(d), d.outWidth, ""))
	for _, c := range v.Components {
		d.out.Line(terminal.SafeLine(c.Name), ": ", state(c.State))
	}
	if v.Title != "" && s.Incident.Public {
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
	if v.Cause != "" {
		d.out.Line("cause: ", terminal.SafeLine(v.Cause))
	}
	if len(v.Tags) > 0 {
		d.out.Line("tags: ", terminal.SafeLine(strings.Join(v.Tags, ", ")))
	}
}

// standing is where the incident stands, on one line.
func (s shown) standing(d *deps) string {
	v := s.view
	parts := []string{v.Status.String()}
	if v.Severity != 0 {
		parts = append(parts, v.Severity.String())
	}
	if v.Impact != 0 {
		parts = append(parts, "impact "+v.Impact.String())
	}
	lasted := when.FormatDuration(time.Duration(s.Incident.Duration) * time.Second)
	span := fmt.Sprintf("open %s, since %s", lasted, d.clocks(v.Started))
	if !v.ResolvedAt.IsZero() {
		span = fmt.Sprintf("lasted %s, from %s to %s", lasted, d.clocks(v.Started), d.clocks(v.ResolvedAt))
	}
	if !v.Confirmed {
		span += " (start not confirmed)"
	}
	return strings.Join(append(parts, span), "   ")
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

// timeline is what happened, newest first, with a heading for each day but today.
func (s shown) timeline(d *deps) {
	var parts []any // of all lines: to write each by itself takes longer than to make it
	last := d.now()
	for _, u := range slices.Backward(s.view.Updates) {
		at := u.At.In(last.Location())
		if !sameDay(at, last) {
			parts = append(parts, "\n", terminal.Dim(at.Format("Monday, 2 January 2006")))
		}
		last = at
		parts = append(parts, s.update(d, u, at)...)
	}
	d.out.Line(parts...)
}

// Cells before the text of an update, where the screen is wide enough for columns, and where it is not.
const (
	textColumn   = 23
	narrowColumn = 7
	narrowScreen = 60
)

func (s shown) update(d *deps, u view.Update, at time.Time) []any {
	label, who := labelOf(u)
	indent, gap := strings.Repeat(" ", textColumn), ""
	if d.outWidth < narrowScreen {
		indent = strings.Repeat(" ", narrowColumn)
		gap = "\n" + indent
	}
	label += strings.Repeat(" ", max(1, len(indent)-narrowColumn-terminal.Width(label)))
	tail := "   " + terminal.SafeLine(who+u.ID)
	text := terminal.Safe(d.updateText(u))
	if s.brief {
		first, _, _ := strings.Cut(text, "\n")
		text = terminal.Truncate(first, max(20, d.outWidth-len(indent)-terminal.Width(tail)))
	}
	text = terminal.Wrap(text, d.outWidth, indent)
	if last := text[strings.LastIndexByte(text, '\n')+1:]; terminal.Width(last)+terminal.Width(tail) > d.outWidth {
		tail = "\n" + indent + strings.TrimSpace(tail)
	}
	return []any{"\n", terminal.Dim(at.Format("15:04")), "  ", label, gap, strings.TrimLeft(text, " "), terminal.Dim(tail)}
}

// labelOf says what an update is: whom it was for, or what it did and then for whom.
func labelOf(u view.Update) (label, who string) {
	for _, s := range []string{u.Author, u.Audience.String()} {
		if s != "" {
			who += s + ", "
		}
	}
	switch {
	case u.Status != 0 && u.Kind != incident.Opened.String():
		return "→ " + u.Status.String(), who
	case u.Kind != incident.Note.String():
		return u.Kind, who
	}
	who = ""
	if u.Author != "" {
		who = u.Author + ", "
	}
	return u.Audience.String(), who
}

// updateText is an update in words: its text, what it changed, and what became of it.
func (d *deps) updateText(u view.Update) string {
	parts := d.fate(u)
	if len(u.To) > 0 {
		parts = append(parts, "to "+strings.Join(u.To, ", ")+":")
	}
	said := u.Changes
	if u.Kind == incident.Opened.String() && len(said) > 0 && said[0].Fact == "title" {
		parts, said = append(parts, said[0].Value), said[1:]
	}
	if u.Text != "" {
		parts = append(parts, u.Text)
	}
	if u.Original != "" {
		parts = append(parts, "Before: "+u.Original)
	}
	var changes []string
	for _, c := range said {
		changes = append(changes, c.Fact+": "+d.factValue(c))
	}
	if len(changes) > 0 {
		parts = append(parts, "["+strings.Join(changes, "; ")+"]")
	}
	for _, a := range u.Accepted {
		parts = append(parts, fmt.Sprintf("[in spite of %s: %s]", a.Rule, a.Reason))
	}
	for _, a := range u.Attachment {
		parts = append(parts, fmt.Sprintf("[%s, %d bytes: %s]", a.Name, a.Size, a.Path))
	}
	if !u.Next.IsZero() {
		because := ""
		if u.Because != "" {
			because = ", because " + u.Because
		}
		parts = append(parts, "Next word by "+d.clocks(u.Next)+strings.TrimRight(because, ".")+".")
	}
	for _, seen := range u.Seen {
		parts = append(parts, fmt.Sprintf("(seen %s by %s for %s)", d.clock(seen.At), seen.Name, strings.Join(seen.As, ", ")))
	}
	if len(u.Unseen) > 0 {
		parts = append(parts, "(not yet seen: "+strings.Join(u.Unseen, ", ")+")")
	}
	return strings.Join(parts, " ")
}

// fate says what became of an update, or what it is to another.
func (d *deps) fate(u view.Update) []string {
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
	case u.Repeats:
		parts = append(parts, fmt.Sprintf("(repeats %s)", u.About))
	case u.About != "":
		parts = append(parts, fmt.Sprintf("(corrects %s)", u.About))
	}
	return parts
}
