package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/page"
)

// correct and withdraw are entries about what was told.
func correct(minute int, of incident.Entry, text string) incident.Entry {
	return entry(minute, "corr", incident.Entry{Kind: incident.Note, Audience: of.Audience, Text: text, Corrects: of.Name})
}

func withdraw(minute int, suffix string, of incident.Entry) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Retracted, Retracts: of.Name, Text: "db-7 was not it"})
}

func feedOf(t *testing.T, files page.Files, name string) *gofeed.Feed {
	t.Helper()
	require.Contains(t, files, name)
	f, err := gofeed.NewParser().Parse(bytes.NewReader(files[name]))
	require.NoError(t, err, name)
	return f
}

// A feed reader finds the same in each form: one item for each update, a correction and a withdrawal as items of their
// own, in the place of what they are about.
func TestFeeds(t *testing.T) {
	wrong, gone := told(10, "wron", "One in **five** fails."), told(20, "gone", "It was db-7.")
	inc := outage(wrong, gone, correct(30, wrong, "One in **six** fails."), withdraw(40, "with", gone))
	files := build(t, input(t, incident.Customer, inc))
	for _, name := range []string{"updates.atom", "updates.rss", "updates.json", "components/checkout.atom", "components/checkout.rss", "components/checkout.json"} {
		f := feedOf(t, files, name)
		var titles, ids []string
		for _, i := range f.Items {
			titles, ids = append(titles, i.Title), append(ids, i.GUID)
		}
		require.Equal(t, []string{"Withdrawn: Checkout: partial outage", "Corrected: Checkout: partial outage", "Investigating: Checkout: partial outage"}, titles, name)
		require.Equal(t, []string{
			"tag:status.shop.example,2026-11-23:20261123-open/gone-with", "tag:status.shop.example,2026-11-23:20261123-open/wron-corr",
			"tag:status.shop.example,2026-11-23:20261123-open/told",
		}, ids, name)
		require.Equal(t, "https://status.shop.example/incidents/20261123-open.html#u-wron", f.Items[1].Link, name)
		require.True(t, incidenttest.At(30).Equal(*f.Items[1].PublishedParsed), name)
		require.Contains(t, f.Items[1].Content+f.Items[1].Description, "One in <strong>six</strong> fails.", name)
		require.Equal(t, "en", f.Language, name)
		for _, never := range []string{"five", "db-7"} {
			require.NotContains(t, string(files[name]), never, name)
		}
	}
	require.Empty(t, feedOf(t, files, "components/mail.atom").Items)
	require.Contains(t, string(files["index.html"]), `<link rel="alternate" type="application/atom&#43;xml"`)
}

// What a feed has told it never tells otherwise: whatever is recorded later, an item of one name is the same.
func TestItemsNeverChange(t *testing.T) {
	said := map[string]string{}
	wrong := told(10, "wron", "One in five fails.")
	later := []incident.Entry{
		wrong,
		entry(15, "name", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Headline: "Cards fail", Impact: incident.ImpactMajor}}),
		entry(20, "idnt", incident.Entry{Kind: incident.Moved, Status: incident.Identified}),
		correct(30, wrong, "One in six fails."),
		entry(35, "more", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Components: []incident.Component{{Name: "Mail", State: incident.MajorOutage}}}}),
		entry(40, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved}),
		entry(45, "strt", incident.Entry{Kind: incident.Set, Facts: incident.Facts{Started: incidenttest.At(-30)}}),
		entry(50, "agai", incident.Entry{Kind: incident.Reopened, Status: incident.Investigating, Audience: incident.Customer, Text: "It is back."}),
	}
	for n := range len(later) + 1 {
		for _, i := range feedOf(t, build(t, input(t, incident.Customer, outage(later[:n]...))), "updates.json").Items {
			now := fmt.Sprint(i.Title, i.Content, i.Published, i.Link, i.Categories)
			if before, ok := said[i.GUID]; ok {
				require.Equal(t, before, now, "%s after %d entries", i.GUID, n)
			}
			said[i.GUID] = now
		}
	}
	require.Len(t, said, 6, "two updates, a correction, two ends told from the record, one more update")
}

func TestHistoryFeeds(t *testing.T) {
	inc := outage(told(20, "more", "More."))
	files := build(t, input(t, incident.Customer, inc))
	for _, name := range []string{"history.atom", "history.rss"} {
		f := feedOf(t, files, name)
		require.Len(t, f.Items, 1, name)
		require.Equal(t, "Checkout: partial outage", f.Items[0].Title)
		require.Regexp(t, `(?s)14:20 UTC.*<strong>Investigating</strong> - More\..*14:05 UTC.*Some payments fail`, f.Items[0].Content+f.Items[0].Description)
	}
	require.True(t, incidenttest.At(5).Equal(*feedOf(t, files, "history.atom").Items[0].PublishedParsed))
	require.True(t, incidenttest.At(20).Equal(*feedOf(t, files, "history.atom").Items[0].UpdatedParsed))
}

func TestNoFeedsWithoutAnAddress(t *testing.T) {
	in := input(t, incident.Customer, outage())
	in.Settings.Address = ""
	for name := range build(t, in) {
		require.NotRegexp(t, `\.(atom|rss)$|^api/v2/|sitemap`, name)
	}
}

// TestStatuspage holds the JSON to the fields, kinds and words that clients of Statuspage know.
func TestStatuspage(t *testing.T) {
	fixed := entry(40, "fixd", incident.Entry{Kind: incident.Moved, Status: incident.Monitoring, Audience: incident.Customer, Text: "It works **again**.", Facts: incident.Facts{
		Components: []incident.Component{{Name: "Checkout", State: incident.DegradedPerformance}},
	}})
	in := input(t, incident.Customer, outage(fixed))
	files := build(t, in)
	get := func(path string) map[string]any {
		var doc map[string]any
		require.NoError(t, json.Unmarshal(files["api/v2/"+path+".json"], &doc), path)
		return doc
	}
	summary := get("summary")
	id := regexp.MustCompile(`^[0-9bcdfghjklmnpqrstvwxyz]{12}$`)
	clock := regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	is := func(kind string, v any) bool {
		s, text := v.(string)
		switch kind {
		case "id":
			return text && id.MatchString(s)
		case "time":
			return text && clock.MatchString(s)
		case "time?":
			return v == nil || text && clock.MatchString(s)
		case "text":
			return text && s != ""
		case "text?":
			return v == nil || text
		case "null":
			return v == nil
		case "bool":
			_, ok := v.(bool)
			return ok
		case "number":
			_, ok := v.(float64)
			return ok
		case "list":
			_, ok := v.([]any)
			return ok
		}
		return false
	}
	shape := func(what string, object any, fields map[string]string) map[string]any {
		o := object.(map[string]any)
		for f, kind := range fields {
			require.Contains(t, o, f, what)
			require.True(t, is(kind, o[f]), "%s.%s is %v, not %s", what, f, o[f], kind)
		}
		return o
	}
	component := map[string]string{
		"id": "id", "name": "text", "status": "text", "created_at": "time", "updated_at": "time", "position": "number", "description": "text?", "showcase": "bool",
		"start_date": "text?", "group_id": "text?", "page_id": "id", "group": "bool", "only_show_if_degraded": "bool",
	}
	p := shape("page", summary["page"], map[string]string{"id": "id", "name": "text", "url": "text", "time_zone": "text", "updated_at": "time"})
	require.Equal(t, "https://status.shop.example", p["url"])
	require.Equal(t, "Etc/UTC", p["time_zone"])
	require.Equal(t, map[string]any{"indicator": "minor", "description": "Partially Degraded Service"}, summary["status"])
	require.Equal(t, []any{}, summary["scheduled_maintenances"])
	var names []string
	for _, c := range summary["components"].([]any) {
		names = append(names, shape("component", c, component)["name"].(string))
	}
	require.Equal(t, []string{"Mail", "Shop", "Checkout"}, names)
	group := summary["components"].([]any)[1].(map[string]any)
	checkout := summary["components"].([]any)[2].(map[string]any)
	require.Equal(t, []any{checkout["id"]}, group["components"])
	require.Equal(t, group["id"], checkout["group_id"])
	require.Equal(t, "degraded_performance", checkout["status"])
	require.NotContains(t, checkout, "components", "only a group has members")

	one := shape("incident", summary["incidents"].([]any)[0], map[string]string{
		"id": "id", "name": "text", "status": "text", "created_at": "time", "updated_at": "time", "monitoring_at": "time?", "resolved_at": "null", "impact": "text",
		"shortlink": "text", "started_at": "time", "page_id": "id", "incident_updates": "list", "components": "list", "reminder_intervals": "null",
	})
	require.Equal(t, "monitoring", one["status"])
	require.Equal(t, "minor", one["impact"], "not known yet counts as minor")
	require.Equal(t, "2026-11-23T14:40:00.000Z", one["monitoring_at"])
	require.Equal(t, []any{checkout}, one["components"])
	updates := one["incident_updates"].([]any)
	require.Len(t, updates, 2)
	newest := shape("update", updates[0], map[string]string{
		"id": "id", "status": "text", "body": "text", "incident_id": "id", "created_at": "time", "updated_at": "time", "display_at": "time", "affected_components": "list",
		"deliver_notifications": "bool", "custom_tweet": "null", "tweet_id": "null",
	})
	require.Equal(t, "It works again.", newest["body"])
	require.Equal(t, []any{map[string]any{"code": checkout["id"], "name": "Shop - Checkout", "old_status": "partial_outage", "new_status": "degraded_performance"}}, newest["affected_components"])
	require.Equal(t, "operational", updates[1].(map[string]any)["affected_components"].([]any)[0].(map[string]any)["old_status"])

	require.Equal(t, summary["incidents"], get("incidents")["incidents"])
	require.Equal(t, summary["incidents"], get("incidents/unresolved")["incidents"])
	require.Equal(t, summary["components"], get("components")["components"])
	require.Equal(t, summary["status"], get("status")["status"])
	for _, path := range []string{"scheduled-maintenances", "scheduled-maintenances/active", "scheduled-maintenances/upcoming"} {
		require.Equal(t, []any{}, get(path)["scheduled_maintenances"], path)
	}

	closed := entry(60, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved})
	files = build(t, input(t, incident.Customer, outage(closed, entry(70, "clos", incident.Entry{Kind: incident.Moved, Status: incident.Closed}))))
	require.Equal(t, []any{}, get("incidents/unresolved")["incidents"])
	over := get("incidents")["incidents"].([]any)[0].(map[string]any)
	require.Equal(t, "resolved", over["status"])
	require.Equal(t, "2026-11-23T15:00:00.000Z", over["resolved_at"])
	require.Equal(t, "All Systems Operational", get("status")["status"].(map[string]any)["description"])
}

func TestStatuspageHoldsFifty(t *testing.T) {
	in := input(t, incident.Customer)
	for n := range 60 {
		opened := incidenttest.Entry(n, fmt.Sprintf("op%02d", n), incident.Entry{Kind: incident.Opened, Audience: incident.Customer, Text: "It fails."})
		in.Sources = append(in.Sources, input(t, incident.Customer, incident.Fold(fmt.Sprintf("20261123-x-%d", n), []incident.Entry{opened})).Sources...)
	}
	var doc struct {
		Incidents []struct {
			Created time.Time `json:"created_at"`
		}
	}
	require.NoError(t, json.Unmarshal(build(t, in)["api/v2/incidents.json"], &doc))
	require.Len(t, doc.Incidents, 50)
	require.True(t, incidenttest.At(59).Equal(doc.Incidents[0].Created), "the newest first")
}

// What the page's own JSON holds is what its schema says, for any audience.
func TestOwnJSONFollowsItsSchema(t *testing.T) {
	over := entry(40, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved, Facts: incident.Facts{Severity: incident.Sev1}})
	wrong := told(10, "wron", "a")
	for _, incs := range [][]incident.Incident{nil, {outage()}, {outage(wrong, correct(12, wrong, "b"), over)}} {
		for _, a := range []incident.Audience{incident.Customer, incident.Internal} {
			files := build(t, input(t, a, incs...))
			schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(files["api/incident/v1/schema.json"]))
			require.NoError(t, err)
			c := jsonschema.NewCompiler()
			c.AssertFormat()
			require.NoError(t, c.AddResource("schema.json", schema))
			compiled, err := c.Compile("schema.json")
			require.NoError(t, err)
			checked := 0
			for name, raw := range files {
				if !strings.HasPrefix(name, "api/incident/v1/") || strings.HasSuffix(name, "schema.json") {
					continue
				}
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
				require.NoError(t, err)
				require.NoError(t, compiled.Validate(doc), name)
				doc.(map[string]any)["surplus"] = true
				require.Error(t, compiled.Validate(doc), "the schema can fail")
				checked++
			}
			require.Equal(t, 3+len(incs), checked)
		}
	}
}

func TestBadges(t *testing.T) {
	in := input(t, incident.Customer, outage())
	in.Settings.Name = `A & <b>"`
	files := build(t, in)
	require.Contains(t, string(files["badges/status.svg"]), `<title>A &amp; &lt;b&gt;&#34;: Partial outage</title>`)
	require.Contains(t, string(files["badges/components/checkout.svg"]), "Checkout: Partial outage")
	require.JSONEq(t, `{"schemaVersion": 1, "label": "Checkout", "message": "Partial outage", "color": "#a83f0a", "isError": true}`, string(files["badges/components/checkout.json"]))
	require.NotEqual(t, string(build(t, input(t, incident.Customer))["favicon.svg"]), string(files["favicon.svg"]), "the icon follows the state")
}

// A published postmortem is on the page of its incident, the newest in full, and told to programs.
func TestPublishedPostmortem(t *testing.T) {
	over := entry(30, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved})
	first := entry(40, "pubi", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "# What happened\n\nThe *old* disk.\n\n| a |\n| - |\n| b |"})
	again := entry(50, "pubj", incident.Entry{Kind: incident.Published, Audience: incident.Customer, Text: "# What happened\n\nThe new disk."})
	secret := entry(60, "publ", incident.Entry{Kind: incident.Published, Audience: incident.Internal, Text: "db-7 was full."})
	in := input(t, incident.Customer, outage(over, first, again, secret))
	files := build(t, in)
	require.Empty(t, faults(files))
	got := string(files["incidents/20261123-open.html"])
	require.Regexp(t, `(?s)<section class="postmortem" id="postmortem".*<h3>What happened</h3>\s*<p>The new disk\..*<h2>Updates</h2>.*id="postmortem-pubi".*<details>.*The <em>old</em> disk\.`, got)
	require.Contains(t, string(files["index.html"]), `<a href="incidents/20261123-open.html#postmortem">What happened, and what we change</a>`)
	for name, raw := range files {
		require.NotContains(t, string(raw), "db-7", name)
	}
	f := feedOf(t, files, "updates.json")
	require.Equal(t, "Postmortem: Checkout: partial outage", f.Items[0].Title)
	require.Contains(t, string(files["api/v2/incidents.json"]), `"status":"postmortem"`)
	require.Contains(t, string(files["api/v2/incidents.json"]), "https://status.shop.example/incidents/20261123-open.html#postmortem")
	require.Contains(t, string(files["api/incident/v1/incidents/20261123-open.json"]), "The new disk.")
}

// Components whose names are alike in file names have a page each.
func TestComponentsHavePagesOfTheirOwn(t *testing.T) {
	in := input(t, incident.Customer)
	in.Settings.Components = []page.Component{{Name: "Check out"}, {Name: "Check-out"}, {Name: "日本"}, {Name: "中国"}, {Name: "../x"}, {Name: strings.Repeat("long ", 40)}}
	site, err := page.New(in)
	require.NoError(t, err)
	paths := map[string]bool{}
	for _, c := range site.AllComponents() {
		require.Regexp(t, `^components/[a-z0-9-]{1,80}\.html$`, c.Path)
		paths[c.Path] = true
	}
	require.Len(t, paths, 6)
	require.Empty(t, faults(build(t, in)))

	// In another order each keeps its own.
	of := func() map[string]string {
		site, err := page.New(in)
		require.NoError(t, err)
		paths := map[string]string{}
		for _, c := range site.AllComponents() {
			paths[c.Name] = c.Path
		}
		return paths
	}
	want := of()
	slices.Reverse(in.Settings.Components)
	require.Equal(t, want, of())
}
