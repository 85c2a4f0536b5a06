package page_test

import (
	"html"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/page"
	"incident/pkg/view"
)

// mended is an outage that was over once, and came back.
func mended() incident.Incident {
	return outage(
		entry(20, "idnt", incident.Entry{Kind: incident.Moved, Status: incident.Identified, Text: "The pool to db-7."}),
		entry(30, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
		entry(50, "back", incident.Entry{Kind: incident.Reopened, Status: incident.Monitoring}),
		entry(60, "done", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
	)
}

// The page of an incident that is over draws how it went and says the same in words; what goes on is not drawn, for it
// would be another picture each time.
func TestLifeOfAnIncident(t *testing.T) {
	of := func(in page.Input) string { return string(build(t, in)["incidents/20261123-open.html"]) }
	over := of(input(t, incident.Customer, mended()))
	require.Contains(t, over, `aria-label="How it went: Checkout: partial outage. The parts are in the list below."`)
	for _, want := range []string{
		`<rect class="investigating" x="0" width="200" height="16"/><rect class="identified" x="200" width="100" height="16"/><rect class="monitoring" x="500" width="100" height="16"/>`,
		"Investigating from 14:00 UTC to 14:20 UTC: 20 minutes", "Identified from 14:20 UTC to 14:30 UTC: 10 minutes", "Monitoring from 14:50 UTC to 15:00 UTC: 10 minutes",
	} {
		require.Contains(t, over, want)
	}
	require.NotContains(t, over, "db-7")
	require.Empty(t, faults(build(t, input(t, incident.Customer, mended()))))

	later := input(t, incident.Customer, mended())
	later.AsOf = later.AsOf.AddDate(0, 0, 40)
	require.Equal(t, over, of(later), "the same record, the same page")
	require.NotContains(t, of(input(t, incident.Customer, outage())), `class="life"`)

	german := input(t, incident.Customer, mended())
	german.Settings.Language, german.Settings.Words, german.Settings.Zone = "de", words(t, "de"), time.FixedZone("CET", 3600)
	require.Contains(t, of(german), "15:00 CET (14:00 UTC) bis 15:20 CET (14:20 UTC): 20 Minuten")
}

// A postmortem that is taken along has the picture where the timeline is.
func TestArticleIsIllustrated(t *testing.T) {
	s := input(t, incident.Customer).Settings
	v := view.For(mended(), incident.Customer)
	for _, tt := range []struct{ rule, doc, before, after string }{
		{"above the timeline", "# The disk was full\n\n## Summary\n\nAll works.\n\n## Timeline\n\n- 14:00: It began.\n", "<h2>Timeline</h2>", "<li>14:00: It began.</li>"},
		{"below the title where there is no timeline", "# The disk was full\n\n## Summary\n\nAll works.\n", "<h1>The disk was full</h1>", "<h2>Summary</h2>"},
		{"first where there is no title", "All works.\n", "<main", "<p>All works.</p>"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			raw, err := page.Article(s, v, tt.doc)
			require.NoError(t, err)
			got := string(raw)
			picture := strings.Index(got, `<figure class="life">`)
			require.Greater(t, picture, strings.Index(got, tt.before))
			require.Less(t, picture, strings.Index(got, tt.after))
			require.Equal(t, 1, strings.Count(got, "<svg"))
			doc, err := nethtml.Parse(strings.NewReader(got))
			require.NoError(t, err)
			for n := range doc.Descendants() {
				require.NotEqual(t, "script", n.Data)
				for _, a := range n.Attr {
					require.NotEqual(t, "style", a.Key)
				}
			}
			again, err := page.Article(s, v, tt.doc)
			require.NoError(t, err)
			require.Equal(t, got, string(again))
		})
	}
	plain, err := page.Article(s, view.View{Audience: incident.Customer}, "# A draft\n")
	require.NoError(t, err)
	require.NotContains(t, string(plain), "<svg", "of what customers do not know nothing is drawn")
}

func TestNoArticleLeaks(t *testing.T) {
	s := input(t, incident.Customer).Settings
	for seed := range uint64(300) {
		m := incidenttest.Random(rand.New(rand.NewPCG(seed, 3)))
		raw, err := page.Article(s, view.For(incident.Fold(m.ID, m.Entries), incident.Customer), "# What happened\n\n## Timeline\n")
		require.NoError(t, err)
		require.Empty(t, m.Leaks(html.UnescapeString(string(raw)), incident.Customer), "seed %d", seed)
	}
}
