package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/report"
	"incident/pkg/terminal"
)

type statsCmd struct {
	*deps
	audience            incident.Audience
	since, until        string
	component, severity string
	html                string
}

func newStats(d *deps) *cobra.Command {
	c := statsCmd{deps: d, audience: incident.Customer}
	cmd := &cobra.Command{
		Use:   "stats [ID...]",
		Short: "Measure incidents: how long they took, how readers were served, what came of it",
		Long: `Measures for each incident, and for all together, how long customers waited for the first word, how long they
heard nothing, which promises were kept, kept late and broken, and how many updates needed an override. Of all together it
also tells how long it took until they were detected, worked on, understood, mended and resolved, with median and the
length that nine of ten do not exceed; how long components did not work; what became of postmortems and actions.
docs/reference/metrics.md defines the figures; what rests on something that is not recorded is not guessed.

Without ID it takes all incidents; --since, --until, --component and --severity narrow that. -o csv and -o md print a row
for each incident.`,
		Example:           "incident stats --since 2026-01-01\nincident stats checkout -a stakeholder -o json\nincident stats --severity sev1 -o csv > sev1.csv",
		Args:              cobra.ArbitraryArgs,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	audienceFlag(cmd, &c.audience, "who was served")
	cmd.Flags().StringVar(&c.html, "html", "", "also write a page with charts to this `FILE`")
	cmd.Flags().StringVar(&c.until, "until", "", "only incidents opened before a `TIME`")
	cmd.Flags().StringVar(&c.component, "component", "", "only incidents that touched this `COMPONENT`")
	cmd.Flags().StringVar(&c.severity, "severity", "", "only incidents of this `SEVERITY`")
	cmd.Flags().StringVar(&c.since, "since", "", "only incidents opened since a `TIME`: 2026-01-01, 30d ago")
	return cmd
}

func (c *statsCmd) run(ctx context.Context, args []string) error {
	since, err := c.moment("--since", c.since)
	if err != nil {
		return err
	}
	until, err := c.moment("--until", c.until)
	if err != nil {
		return err
	}
	var severity incident.Severity
	if c.severity != "" {
		if err := severity.UnmarshalText([]byte(c.severity)); err != nil {
			return err
		}
	}
	return c.withRecord(ctx, func(rec *record.Record, rd *record.Reader) error {
		var lines []report.Timeline
		m := newMeasuring(c.audience, rec.Config.Rules(), c.Now())
		look := func(i incident.Incident) *figures {
			if i.Opened.Before(since) || !until.IsZero() && !i.Opened.Before(until) || severity != 0 && i.Severity != severity || c.component != "" && !i.Touches(c.component) {
				return nil
			}
			return m.figures(i)
		}
		err := c.each(rd, args, look, func(f *figures) {
			if f == nil {
				return
			}
			c.tellDamage(f.Incident)
			m.add(f)
			if c.html != "" && len(lines) < maxLines {
				lines = append(lines, timelineOf(f.Incident, m.now))
			}
		})
		if err != nil {
			return err
		}
		r := m.wire()
		if len(r.Incidents) == 0 {
			c.say("No incident to measure.")
		}
		if c.html != "" {
			if err := c.writeReport(r, lines); err != nil {
				return err
			}
		}
		return c.print(r)
	})
}

// each visits the incidents that were named, else all, as [record.Visit] does; none of them has to stay in memory.
func (c *statsCmd) each(rd *record.Reader, refs []string, look func(incident.Incident) *figures, take func(*figures)) error {
	if len(refs) == 0 && c.incident != "" {
		refs = []string{c.incident}
	}
	if len(refs) == 0 {
		return record.Visit(rd, nil, look, take)
	}
	seen := map[string]bool{}
	for _, ref := range refs {
		inc, err := resolve(rd, ref)
		if err != nil {
			return err
		}
		if !seen[inc.ID] {
			seen[inc.ID] = true
			take(look(inc))
		}
	}
	return nil
}

// measured is the answer to stats.
type measured struct {
	Schema    string            `json:"schema"`
	Audience  incident.Audience `json:"audience"`
	Incidents []metricsJSON     `json:"incidents"`
	Total     totalJSON         `json:"total"`
	Life      lifeJSON          `json:"life"`
}

// metricsJSON is how an audience was served in one incident.
type metricsJSON struct {
	Incident   string `json:"incident"`
	Updates    int    `json:"updates"`
	FirstWord  *int64 `json:"first_word_seconds"`
	MedianGap  int64  `json:"median_gap_seconds"`
	LongestGap int64  `json:"longest_gap_seconds"`
	promisesKeptJSON
	Overrides int          `json:"overrides"`
	Severity  string       `json:"severity"`
	Opened    string       `json:"opened"`
	Lifecycle []lengthJSON `json:"lifecycle"`
}

// promisesKeptJSON is what became of promises.
type promisesKeptJSON struct {
	Open     int `json:"promises_open"`
	Kept     int `json:"promises_kept"`
	KeptLate int `json:"promises_kept_late"`
	Broken   int `json:"promises_broken"`
}

// totalJSON is how an audience was served in all incidents together.
type totalJSON struct {
	Incidents  int    `json:"incidents"`
	Silent     int    `json:"silent"`
	Updates    int    `json:"updates"`
	FirstWord  *int64 `json:"median_first_word_seconds"`
	MedianGap  int64  `json:"median_gap_seconds"`
	LongestGap int64  `json:"longest_gap_seconds"`
	promisesKeptJSON
	Overrides int `json:"overrides"`
}

// measuring measures incidents, one after the other.
type measuring struct {
	measured
	lives        *lives
	now          time.Time
	opened       map[string]time.Time
	firsts, gaps []time.Duration
}

func newMeasuring(a incident.Audience, rules incident.Rules, now time.Time) *measuring {
	return &measuring{measured: measured{Schema: schema, Audience: a, Incidents: []metricsJSON{}}, lives: newLives(rules, now), now: now, opened: map[string]time.Time{}}
}

// figures are what is measured of one incident.
type figures struct {
	incident.Incident
	served incident.Metrics
	life   life
	row    metricsJSON
}

// figures measures one incident, while others may be measured.
func (r *measuring) figures(inc incident.Incident) *figures {
	m, life := inc.Metrics(r.Audience, r.now), r.lives.of(inc)
	return &figures{Incident: inc, served: m, life: life, row: metricsJSON{
		Incident: inc.ID, Updates: m.Updates, MedianGap: seconds(incident.Median(m.Gaps)), LongestGap: seconds(longestOf(m.Gaps)), Overrides: m.Overrides,
		Severity: severityName(inc), Opened: inc.Opened.UTC().Format(time.RFC3339), Lifecycle: lengthsOf(life.lengths),
		promisesKeptJSON: promisesKeptJSON{m.Promises[incident.Open], m.Promises[incident.Kept], m.Promises[incident.KeptLate], m.Promises[incident.Broken]},
	}}
}

// add adds what was measured of one incident to the rest.
func (r *measuring) add(f *figures) {
	m, j := f.served, f.row
	r.lives.add(f.Incident, f.life)
	t := &r.Total
	t.Incidents++
	if m.Silent {
		t.Silent++
	} else {
		first := seconds(m.FirstWord)
		j.FirstWord = &first
		r.firsts = append(r.firsts, m.FirstWord)
	}
	r.gaps = append(r.gaps, m.Gaps...)
	t.Updates += m.Updates
	t.Overrides += m.Overrides
	t.Open += j.Open
	t.Kept += j.Kept
	t.KeptLate += j.KeptLate
	t.Broken += j.Broken
	r.Incidents = append(r.Incidents, j)
	r.opened[f.ID] = f.Opened
}

// wire is what was measured, the newest incident first.
func (r *measuring) wire() measured {
	t := &r.Total
	if len(r.firsts) > 0 {
		first := seconds(incident.Median(r.firsts))
		t.FirstWord = &first
	}
	t.MedianGap, t.LongestGap = seconds(incident.Median(r.gaps)), seconds(longestOf(r.gaps))
	r.Life = r.lives.wire()
	slices.SortStableFunc(r.Incidents, func(a, b metricsJSON) int {
		return cmp.Or(r.opened[b.Incident].Compare(r.opened[a.Incident]), cmp.Compare(b.Incident, a.Incident))
	})
	return r.measured
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func longestOf(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	return slices.Max(list)
}

func (r measured) ids() []string {
	var ids []string
	for _, m := range r.Incidents {
		ids = append(ids, m.Incident)
	}
	return ids
}

func (r measured) table(d *deps) {
	if len(r.Incidents) == 0 {
		return
	}
	t := terminal.Table{Columns: []terminal.Column{
		{Title: "INCIDENT", Flexible: true},
		{Title: "UPDATES", Right: true},
		{Title: "FIRST WORD", Right: true},
		{Title: "MEDIAN GAP", Right: true},
		{Title: "LONGEST GAP", Right: true},
		{Title: "KEPT", Right: true},
		{Title: "LATE", Right: true},
		{Title: "BROKEN", Right: true},
		{Title: "OVERRIDES", Right: true},
	}}
	add := func(name terminal.Span, updates int, first *int64, median, longest int64, p promisesKeptJSON, overrides int) {
		waited := "never"
		if first != nil {
			waited = inShort(time.Duration(*first) * time.Second)
		}
		row := []terminal.Span{name}
		for _, cell := range []string{
			fmt.Sprint(updates), waited, inShort(time.Duration(median) * time.Second), inShort(time.Duration(longest) * time.Second),
			fmt.Sprint(p.Kept), fmt.Sprint(p.KeptLate), fmt.Sprint(p.Broken), fmt.Sprint(overrides),
		} {
			row = append(row, terminal.Plain(cell))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, m := range r.Incidents {
		add(terminal.Plain(m.Incident), m.Updates, m.FirstWord, m.MedianGap, m.LongestGap, m.promisesKeptJSON, m.Overrides)
	}
	if len(r.Incidents) > 1 {
		x := r.Total
		add(terminal.Bold(fmt.Sprintf("all %d", x.Incidents)), x.Updates, x.FirstWord, x.MedianGap, x.LongestGap, x.promisesKeptJSON, x.Overrides)
	}
	d.out.Table(t)
	d.lifeTables(r.Life)
	if r.Total.Silent > 0 {
		d.say(fmt.Sprintf("In %d of them %s heard nothing.", r.Total.Silent, r.Audience.Readers()))
	}
}
