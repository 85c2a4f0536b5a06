package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"incident/pkg/report"
)

// Every chart has its figures in a table, and whatever a name holds is only text.
func TestHTML(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	raw, err := report.HTML(report.Report{
		Title: "Figures", Made: at, Notes: []string{"<b>note</b>"},
		Charts:    []report.Chart{{Title: "Long", Columns: []string{"Name", "Median"}, Bars: []report.Bar{{Name: "<script>alert(1)</script>", Value: 60, Cells: []string{"1 min"}}, {Name: "half", Value: 30, Cells: []string{"30 s"}}}}, {Title: "Empty"}},
		Timelines: []report.Timeline{{Name: "one", Spans: []report.Span{{Name: "investigating", From: at, To: at.Add(time.Hour)}, {Name: "monitoring", From: at.Add(time.Hour), To: at.Add(2 * time.Hour)}}}, {Name: "none"}},
	})
	require.NoError(t, err)
	got := string(raw)
	require.NotContains(t, got, "<script")
	require.NotContains(t, got, "<b>")
	require.Contains(t, got, `width="410" height="16"`)
	require.Contains(t, got, `width="205" height="16"`)
	require.Contains(t, got, "monitoring from 15:00 to 16:00 UTC")
	require.Contains(t, got, "Nothing is recorded of this.")
	doc, err := nethtml.Parse(strings.NewReader(got))
	require.NoError(t, err)
	pictures, labelled := 0, 0
	for n := range doc.Descendants() {
		if n.Type == nethtml.ElementNode && n.Data == "svg" {
			pictures++
			for _, a := range n.Attr {
				if a.Key == "aria-label" && a.Val != "" {
					labelled++
				}
			}
		}
	}
	require.Equal(t, 2, pictures, "one for each chart and life of which something is known")
	require.Equal(t, pictures, labelled)
}
