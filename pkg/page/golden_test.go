package page_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

var update = flag.Bool("update", false, "rewrite golden files; read the diff as a customer would")

// One rich incident in each form that is published: corrected, withdrawn, reopened, resolved, with a postmortem.
func TestPageGolden(t *testing.T) {
	wrong, gone := told(10, "wron", "One in **five** fails. [More](https://shop.example/help)"), told(15, "gone", "It was db-7.")
	inc := outage(
		wrong, gone, correct(12, wrong, "One in **six** fails. [More](https://shop.example/help)"), withdraw(16, "with", gone),
		entry(20, "idnt", incident.Entry{Kind: incident.Moved, Status: incident.Identified, Text: "The pool to db-7."}),
		entry(25, "impa", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Impact: incident.ImpactMajor, Started: incidenttest.At(-6)}}),
		entry(30, "moni", incident.Entry{Kind: incident.Moved, Status: incident.Monitoring, Audience: incident.Customer, Text: "It works again. We watch it.", Next: incident.Next{By: incidenttest.At(60)}}),
		entry(40, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
		entry(50, "back", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating, Audience: incident.Customer, Text: "It is back."}),
		entry(70, "done", incident.Entry{Kind: incident.Moved, Status: incident.Resolved, Audience: incident.Customer, Text: "All payments work. There is nothing you need to do."}),
		entry(80, "publ", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "# What happened\n\nThe disk was full.\n\n| a | b |\n| - | - |\n| 1 | 2 |"}),
	)
	in := input(t, incident.Customer, inc)
	files := build(t, in)
	require.Empty(t, faults(files))
	for golden, name := range map[string]string{
		"home.golden.html": "index.html", "incident.golden.html": "incidents/20261123-open.html", "component.golden.html": "components/checkout.html", "history.golden.html": "history.html",
		"updates.golden.atom": "updates.atom", "updates.golden.rss": "updates.rss", "updates.golden.json": "updates.json", "history.golden.atom": "history.atom",
		"summary.golden.json": "api/v2/summary.json", "incidents.golden.json": "api/v2/incidents.json", "one.golden.json": "api/incident/v1/incidents/20261123-open.json",
		"badge.golden.svg": "badges/components/checkout.svg", "sitemap.golden.xml": "sitemap.xml", "headers.golden.txt": "_headers",
	} {
		file, got := filepath.Join("testdata", golden), files[name]
		if path.Ext(name) == ".json" {
			var lines bytes.Buffer
			require.NoError(t, json.Indent(&lines, got, "", " "))
			got = lines.Bytes()
		}
		if *update {
			require.NoError(t, os.WriteFile(file, got, 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), name)
	}
}
