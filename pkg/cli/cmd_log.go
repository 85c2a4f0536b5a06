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
	"incident/pkg/view"
)

type logCmd struct {
	*deps
	audience incident.Audience
	kinds    []string
	since    string
}

func newLog(d *deps) *cobra.Command {
	c := logCmd{deps: d, audience: incident.Technical}
	cmd := &cobra.Command{
		Use:   "log [ID]",
		Short: "Print the timeline as the audit trail: recorded when, by whom, in which commit",
		Long: `Prints the timeline in the order it was recorded, with authors and commits. With --audience it holds what
that audience may see; stakeholders and customers see no authors, entry names and commits.`,
		Example:           "incident log\nincident log checkout --kind status --since \"2h ago\" -o json",
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	audienceFlag(cmd, &c.audience, "who is looking")
	cmd.Flags().StringSliceVarP(&c.kinds, "kind", "k", nil, "only this `KIND` (repeatable, or with commas): "+strings.Join(words(incident.Kinds()), ", "))
	cmd.Flags().StringVar(&c.since, "since", "", "recorded at that `TIME` or later: 14:05, 2h ago")
	must(cmd.RegisterFlagCompletionFunc("kind", fixed(words(incident.Kinds())...)))
	return cmd
}

func (c *logCmd) run(ctx context.Context, args []string) error {
	kinds := map[string]bool{}
	for _, k := range c.kinds {
		var kind incident.Kind
		if err := kind.UnmarshalText([]byte(k)); err != nil {
			return err
		}
		kinds[kind.String()] = true
	}
	since, err := c.moment("--since", c.since)
	if err != nil {
		return err
	}
	return c.withIncident(ctx, args, func(rec *record.Record, inc incident.Incident) error {
		history, err := rec.Log(ctx, inc)
		if err != nil {
			return err
		}
		return c.print(newLogged(inc, c.audience, c.Now(), history, func(u view.Update) bool {
			return (len(kinds) == 0 || kinds[u.Kind]) && !u.Recorded.Before(since)
		}))
	})
}

// logged is the answer to log.
type logged struct {
	Schema   string            `json:"schema"`
	Audience incident.Audience `json:"audience"`
	Visible  bool              `json:"visible"`
	Incident incidentJSON      `json:"incident"`
	Timeline []loggedJSON      `json:"timeline"`
}

// loggedJSON is an entry with what git knows of it.
type loggedJSON struct {
	entryJSON
	Commit      string     `json:"commit"`
	CommittedAt *timeJSON  `json:"committed_at"`
	CommittedBy personJSON `json:"committed_by"`
}

// newLogged puts a view into the order of the record and adds what git knows. Names of entries are for the
// war room, so that for wider audiences nothing of git is found either.
func newLogged(inc incident.Incident, a incident.Audience, now time.Time, history []record.Logged, keep func(view.Update) bool) logged {
	v := view.For(inc, a)
	l := logged{Schema: schema, Audience: a, Visible: v.Visible, Incident: wireIncident(v, inc, now), Timeline: []loggedJSON{}}
	git := map[string]record.Logged{}
	for _, h := range history {
		git[h.Entry.Name] = h
	}
	slices.SortStableFunc(v.Updates, func(a, b view.Update) int {
		return cmp.Or(a.Recorded.Compare(b.Recorded), cmp.Compare(a.Entry, b.Entry))
	})
	for _, u := range v.Updates {
		if !keep(u) {
			continue
		}
		e := loggedJSON{entryJSON: wireEntry(u)}
		if h, ok := git[u.Entry]; ok && u.Entry != "" {
			e.Commit, e.CommittedAt, e.CommittedBy = h.Commit, moment(h.Committed), personJSON(h.By)
		}
		l.Timeline = append(l.Timeline, e)
	}
	return l
}

func (l logged) ids() []string {
	var ids []string
	for _, e := range l.Timeline {
		ids = append(ids, firstOf(e.Name, e.ID))
	}
	return ids
}

func (l logged) table(d *deps) {
	if len(l.Timeline) == 0 {
		d.say("No entry to print.")
		return
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: "RECORDED"}, {Title: "ENTRY"}, {Title: "KIND"}, {Title: "AUDIENCE"}, {Title: "AUTHOR"}, {Title: "COMMIT"}, {Title: "TEXT", Flexible: true},
	}}
	for _, e := range l.Timeline {
		recorded := ""
		if e.RecordedAt != nil {
			recorded = time.Time(*e.RecordedAt).In(d.now().Location()).Format("2006-01-02 15:04:05 -07:00")
		}
		cells := []string{recorded, e.ID, e.Kind, e.Audience.String(), e.Author.Name, e.Commit[:min(10, len(e.Commit))], d.logText(e)}
		if d.outWidth < readable { // the text would be shortened to nothing
			d.out.Line(terminal.Dim(terminal.SafeLine(strings.Join(cells[:6], "  "))))
			d.out.Line(terminal.Wrap(terminal.SafeLine(cells[6]), d.outWidth, "    "))
			continue
		}
		var row []terminal.Span
		for _, c := range cells {
			row = append(row, terminal.Plain(c))
		}
		t.Rows = append(t.Rows, row)
	}
	if d.outWidth >= readable {
		d.out.Table(t)
	}
}

// logText is an entry on one line, in the words that it was recorded with as far as its reader may know
// them: what became of them is an entry of its own.
func (d *deps) logText(e loggedJSON) string {
	var parts []string
	if e.Status != nil {
		parts = append(parts, "→ "+e.Status.String())
	}
	if e.Withdrawn {
		parts = append(parts, "(withdrawn)")
	}
	if e.Corrected {
		parts = append(parts, "(corrected)")
	}
	if text := firstOf(e.OriginalText, e.Text); text != "" {
		parts = append(parts, text)
	}
	for _, a := range e.Accepted {
		parts = append(parts, fmt.Sprintf("(in spite of %s: %s)", a.Rule, a.Reason))
	}
	for _, c := range e.Changes {
		parts = append(parts, c.Fact+": "+d.factValue(view.Change(c)))
	}
	return strings.Join(parts, "  ")
}
