package cli

import (
	"fmt"
	"os"
	"slices"
	"time"

	"incident/pkg/incident"
	"incident/pkg/report"
)

// maxLines is how many incidents are drawn one by one.
const maxLines = 100

// timelineOf is the life of an incident, from status to status.
func timelineOf(inc incident.Incident, now time.Time) report.Timeline {
	t := report.Timeline{Name: inc.ID}
	moves := slices.Clone(inc.Moves)
	slices.SortStableFunc(moves, func(a, b incident.Move) int { return a.At.Compare(b.At) })
	for n, m := range moves {
		if m.Status.Over() {
			continue
		}
		end := now
		if n+1 < len(moves) {
			end = moves[n+1].At
		}
		t.Spans = append(t.Spans, report.Span{Name: m.Status.String(), From: m.At, To: end})
	}
	return t
}

// writeReport writes the figures as a page.
func (c *statsCmd) writeReport(r measured, lines []report.Timeline) error {
	raw, err := report.HTML(report.Report{Title: "Incidents in figures", Made: c.Now(), Charts: chartsOf(r), Timelines: lines, Notes: []string{
		fmt.Sprintf("Incidents: %d. Promises to %s: %d kept, %d kept late, %d broken.", r.Total.Incidents, r.Audience.Readers(), r.Total.Kept, r.Total.KeptLate, r.Total.Broken),
		fmt.Sprintf("Postmortems: %d in time, %d late, %d not published in time, %d still to come, %d waived. Actions: %d open, of which %d late; %d done.",
			r.Life.Postmortems.Met, r.Life.Postmortems.Late, r.Life.Postmortems.Broken, r.Life.Postmortems.Open, r.Life.Postmortems.Waived, r.Life.Actions.Open, r.Life.Actions.Late, r.Life.Actions.Done),
	}})
	if err != nil {
		return err
	}
	file := c.path(c.html)
	if err := os.WriteFile(file, raw, 0o644); err != nil {
		return &advised{errOutput, err.Error(), "choose another file: --html FILE"}
	}
	c.say("The figures are in " + c.short(file) + ".")
	return nil
}

func chartsOf(r measured) []report.Chart {
	length := func(seconds int64) string { return inShort(time.Duration(seconds) * time.Second) }
	measures := report.Chart{Title: "How long it took (median)", Columns: []string{"Measure", "Median", "P90", "Incidents"}}
	for _, m := range r.Life.Measures {
		if m.Count > 0 {
			measures.Bars = append(measures.Bars, report.Bar{Name: measureNames[m.Measure], Value: float64(m.Median), Cells: []string{length(m.Median), length(m.P90), fmt.Sprint(m.Count)}})
		}
	}
	charts := []report.Chart{measures}
	for _, by := range []struct{ key, title string }{{"month", "Incidents by month"}, {"severity", "Incidents by severity"}, {"component", "Incidents by component"}, {"cause", "Incidents by cause"}} {
		chart := report.Chart{Title: by.title, Columns: []string{by.key, "Incidents", "Resolved after (median)"}}
		for _, g := range r.Life.Groups {
			if g.By != by.key {
				continue
			}
			chart.Bars = append(chart.Bars, report.Bar{Name: g.Name, Value: float64(g.Incidents), Cells: []string{fmt.Sprint(g.Incidents), g.resolved()}})
		}
		charts = append(charts, chart)
	}
	down := report.Chart{Title: "How long components did not work", Columns: []string{"Component", "Out", "Degraded"}}
	for _, d := range r.Life.Components {
		down.Bars = append(down.Bars, report.Bar{Name: d.Component, Value: float64(d.Outage), Cells: []string{length(d.Outage), length(d.Degraded)}})
	}
	return append(charts, down)
}
