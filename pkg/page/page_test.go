package page_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"math/rand/v2"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/page"
	"incident/pkg/record"
	"incident/pkg/view"
	"incident/templates"
)

func words(t testing.TB, language string) page.Words {
	t.Helper()
	raw, err := templates.Page.ReadFile("page/locales/" + language + ".yaml")
	require.NoError(t, err)
	list, err := record.ParseWords(raw)
	require.NoError(t, err)
	return list
}

func input(t testing.TB, a incident.Audience, incs ...incident.Incident) page.Input {
	in := page.Input{AsOf: incidenttest.At(90), Settings: page.Settings{
		Name: "Example Shop", Address: "https://status.shop.example", Language: "en", Words: words(t, "en"), Audience: a, PartialWeight: .3,
		Components: []page.Component{{Name: "Checkout", Group: "Shop", Description: "Paying"}, {Name: "Mail"}},
	}}
	for _, inc := range incs {
		in.Sources = append(in.Sources, page.SourceOf(view.For(inc, a), nil))
	}
	return in
}

func entry(minute int, suffix string, e incident.Entry) incident.Entry {
	return incidenttest.Entry(minute, suffix, e)
}

func told(minute int, suffix, text string) incident.Entry {
	return entry(minute, suffix, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: text})
}

func outage(extra ...incident.Entry) incident.Incident {
	hit := told(5, "told", "Some payments fail. <script>alert(1)</script> [x](javascript:alert(1)) ![i](https://evil.example/i.png) \u202eabc")
	hit.Components = []incident.Component{{Name: "Checkout", State: incident.PartialOutage}}
	hit.Next.By = incidenttest.At(60)
	return incident.Fold(incidenttest.ID, append([]incident.Entry{incidenttest.Opened(), hit}, extra...))
}

func build(t testing.TB, in page.Input) page.Files {
	t.Helper()
	files, err := page.Build(in)
	require.NoError(t, err)
	return files
}

func TestHome(t *testing.T) {
	home := string(build(t, input(t, incident.Customer, outage()))["index.html"])
	for _, want := range []string{"Checkout: partial outage", "Some payments fail.", "The next update was due at", "Partial outage", "Operational", "1 day with a problem in 90"} {
		require.Contains(t, home, want)
	}
	for _, never := range []string{"<script", "javascript:", "evil.example", "\u202e", "ago</time>"} {
		require.NotContains(t, home, never)
	}
	require.Contains(t, string(build(t, input(t, incident.Customer))["index.html"]), "All systems work")
}

// A day tells each state that a component was in, and what still goes on apart from what is over.
func TestDayOfSeveralStates(t *testing.T) {
	worse := told(20, "wors", "Now nobody can pay.")
	worse.Components = []incident.Component{{Name: "Checkout", State: incident.MajorOutage}}
	better := told(65, "bett", "It is slow, and works.")
	better.Components = []incident.Component{{Name: "Checkout", State: incident.DegradedPerformance}}
	home := string(build(t, input(t, incident.Customer, outage(worse, better)))["index.html"])
	require.Contains(t, home, "23 November 2026: Major outage, 45 minutes; Partial outage, 15 minutes; Degraded performance since 15:05 UTC")
}

// Resolved is told from the record where nobody wrote words for it.
func TestResolvedIsToldFromTheRecord(t *testing.T) {
	over := entry(30, "over", incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: incident.Resolved, Text: "db-7 is back"})
	inc := outage(over)
	got := string(build(t, input(t, incident.Customer, inc))["incidents/"+inc.PublicID+".html"])
	require.Contains(t, got, "This works again: Checkout.")
	require.NotContains(t, got, "db-7")
	over.Audience, over.Text = incident.Customer, "Payments work."
	require.NotContains(t, string(build(t, input(t, incident.Customer, outage(over)))["incidents/"+inc.PublicID+".html"]), "This works again")
}

func TestUptime(t *testing.T) {
	over := entry(65, "over", incident.Entry{Kind: incident.Moved, Status: incident.Resolved})
	site, err := page.New(input(t, incident.Customer, outage(over)))
	require.NoError(t, err)
	until := incidenttest.At(65) // the last change; what is later is not known yet
	whole := until.Sub(time.Date(until.Year(), until.Month(), until.Day()-page.Window+1, 0, 0, 0, 0, time.UTC))
	checkout, mail := site.AllComponents()[1], site.AllComponents()[0]
	require.InDelta(t, 100*(1-.3*float64(time.Hour)/float64(whole)), checkout.Uptime, 1e-9)
	require.Equal(t, page.Day{Date: midnight(until), Worst: incident.PartialOutage, Hit: time.Hour, In: [6]time.Duration{incident.PartialOutage: time.Hour}}, checkout.Days[page.Window-1])
	require.Equal(t, incident.Operational, checkout.State)
	require.InDelta(t, 100, mail.Uptime, 0)
}

func midnight(t time.Time) time.Time { return t.Truncate(24 * time.Hour) }

// What goes on is told with its beginning, which does not go stale.
func TestOngoingOutage(t *testing.T) {
	in := input(t, incident.Customer, outage())
	site, err := page.New(in)
	require.NoError(t, err)
	checkout := site.AllComponents()[1]
	require.Equal(t, incident.PartialOutage, checkout.State)
	require.Equal(t, page.Day{Date: midnight(in.AsOf), Worst: incident.PartialOutage, Now: incident.PartialOutage, Since: incidenttest.At(5)}, checkout.Days[page.Window-1])
	require.Contains(t, string(build(t, in)["index.html"]), "23 November 2026: Partial outage since 14:05 UTC")
	later := in
	later.AsOf = in.AsOf.Add(5 * time.Hour)
	require.Equal(t, build(t, in), build(t, later), "of one day, one page")
	later.AsOf = in.AsOf.Add(26 * time.Hour)
	site, err = page.New(later)
	require.NoError(t, err)
	require.Equal(t, midnight(incidenttest.At(0)).AddDate(0, 0, 1), site.Until)
	require.InDelta(t, 10*float64(time.Hour), float64(site.AllComponents()[1].Days[page.Window-2].Hit), float64(5*time.Minute))
}

func TestViewsOfAnotherAudienceAreRefused(t *testing.T) {
	in := input(t, incident.Customer)
	in.Sources = []page.Source{page.SourceOf(view.For(outage(), incident.Internal), nil)}
	_, err := page.Build(in)
	require.ErrorIs(t, err, page.ErrInput)
}

func TestSameInputSameBytes(t *testing.T) {
	once := build(t, input(t, incident.Customer, outage()))
	again := build(t, input(t, incident.Customer, outage()))
	require.Equal(t, once, again)
}

func TestWordsAreComplete(t *testing.T) {
	en, de := words(t, "en"), words(t, "de")
	require.ElementsMatch(t, keys(en), keys(de))
	slot := regexp.MustCompile(`\{\w+\}`)
	for k := range en {
		require.ElementsMatch(t, slot.FindAllString(en[k], -1), slot.FindAllString(de[k], -1), k)
	}
}

func keys(w page.Words) (list []string) {
	for k := range maps.Keys(w) {
		list = append(list, k)
	}
	return list
}

// No word reaches a page that was not written for its readers, in random records with a mark in every word; what is
// found in another spelling counts too.
func TestNoPageLeaks(t *testing.T) {
	in64 := regexp.MustCompile(`[A-Za-z0-9+/_-]{12,}={0,2}`)
	for seed := range uint64(300) {
		m := incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
		inc := incident.Fold(m.ID, m.Entries)
		for _, a := range []incident.Audience{incident.Internal, incident.Stakeholder, incident.Customer} {
			for name, raw := range build(t, input(t, a, inc)) {
				text := string(raw)
				forms := []string{name, text, html.UnescapeString(text)}
				if u, err := url.QueryUnescape(text); err == nil {
					forms = append(forms, u)
				}
				for _, word := range in64.FindAllString(text, -1) {
					if plain, err := base64.StdEncoding.DecodeString(word); err == nil {
						forms = append(forms, string(plain))
					}
				}
				for _, f := range forms {
					require.Empty(t, m.Leaks(f, a), "seed %d, %s", seed, name)
				}
			}
		}
	}
}

// faults are what keeps a page from being read by everybody.
func faults(files page.Files) (list []string) {
	for name, raw := range files {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		doc, err := nethtml.Parse(bytes.NewReader(raw))
		if err != nil {
			return []string{err.Error()}
		}
		count, level, ids := map[string]int{}, 0, map[string]bool{}
		var links []string
		find := func(problem string) { list = append(list, name+": "+problem) }
		for n := range doc.Descendants() {
			if n.Type != nethtml.ElementNode {
				continue
			}
			attr := map[string]string{}
			for _, a := range n.Attr {
				attr[a.Key] = a.Val
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
					find("attribute " + a.Key)
				}
			}
			count[n.Data]++
			if id := attr["id"]; id != "" && ids[id] {
				find("id twice: " + id)
			} else {
				ids[id] = true
			}
			if len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6' {
				if now := int(n.Data[1] - '0'); now > level+1 {
					find("heading skipped before " + n.Data)
				} else {
					level = now
				}
			}
			if n.Data == "html" && attr["lang"] == "" {
				find("no language")
			}
			if n.Data == "svg" && attr["aria-label"] == "" && attr["aria-hidden"] != "true" {
				find("picture without text")
			}
			if n.Data == "script" || n.Data == "img" || n.Data == "iframe" || n.Data == "form" {
				find("holds " + n.Data)
			}
			if n.Data == "a" || n.Data == "link" {
				links = append(links, attr["href"])
			}
		}
		for _, one := range []string{"h1", "main", "header", "footer", "nav", "title"} {
			if count[one] != 1 {
				find("not one " + one)
			}
		}
		for _, link := range links {
			u, err := url.Parse(link)
			switch {
			case err != nil || link == "":
				find("bad link " + link)
			case u.Host != "" || u.Scheme == "mailto":
			case u.Path == "":
				if !ids[u.Fragment] {
					find("no place " + link)
				}
			case files[path.Join(path.Dir(name), u.Path)] == nil:
				find("dead link " + link)
			}
		}
	}
	return list
}

func TestPagesCanBeReadByEverybody(t *testing.T) {
	over := entry(30, "over", incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: incident.Resolved})
	for _, incs := range [][]incident.Incident{nil, {outage()}, {outage(over)}} {
		for _, a := range []incident.Audience{incident.Internal, incident.Customer} {
			files := build(t, input(t, a, incs...))
			require.Empty(t, faults(files))
			broken := page.Files{}
			maps.Copy(broken, files)
			broken["index.html"] = []byte("<h1>a</h1><h3>b</h3><script></script><a href=no.html>x</a>")
			require.GreaterOrEqual(t, len(faults(broken)), 8, "the audit can fail")
		}
	}
}

// A phone on a bad line reads the home page of a shop of twenty components on its worst day.
func TestHomeIsLight(t *testing.T) {
	in := input(t, incident.Customer)
	in.Settings.Components = nil
	for n := range 20 {
		in.Settings.Components = append(in.Settings.Components, page.Component{Name: fmt.Sprintf("Component %d", n), Group: fmt.Sprintf("Group %d", n/5), Description: "What customers know it for"})
	}
	for n := range 5 {
		hit := told(5, "told", "Card payments fail for some customers at the last step. PayPal and vouchers work. We are putting the earlier version back, and test it before it goes out.")
		hit.Components = []incident.Component{{Name: fmt.Sprintf("Component %d", 3*n), State: incident.PartialOutage}}
		entries := []incident.Entry{incidenttest.Opened(), hit}
		for u := range 5 {
			entries = append(entries, told(10+5*u, fmt.Sprintf("tol%d", u), "About one in five card payments still fails. The earlier version is back on half of the machines; the rest follows within the hour."))
		}
		v := view.For(incident.Fold(incidenttest.ID, entries), incident.Customer)
		v.ID += fmt.Sprint(n)
		in.Sources = append(in.Sources, page.SourceOf(v, nil))
	}
	files := build(t, in)
	require.Equal(t, 30, strings.Count(string(files["index.html"]), "<li class=\"update\""))
	require.Less(t, len(files["index.html"]), 60_000)
}

func BenchmarkBuild1000(b *testing.B) {
	in := input(b, incident.Customer)
	for range 1000 {
		inc := outage(told(10, "aaaa", "One."), told(20, "bbbb", "Two."), told(30, "cccc", "Three."), told(40, "dddd", "Four."), told(50, "eeee", "Five."))
		v := view.For(inc, incident.Customer)
		v.ID += "-" + string(rune('a'+len(in.Sources)%26)) + strings.Repeat("x", len(in.Sources)/26)
		in.Sources = append(in.Sources, page.SourceOf(v, nil))
	}
	for b.Loop() {
		build(b, in)
	}
}
