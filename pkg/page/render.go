package page

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/sandbox"
	"incident/pkg/view"
	"incident/templates"
)

// sheet is what the template of one page receives. All of it is ready to be shown.
type sheet struct {
	Kind, Title, Root, Name, Logo string
	Site                          siteFacts
	W                             Words
	Internal                      bool
	Updated                       *moment
	Verdict                       stateText
	Open, List                    []card
	Groups                        []groupCard
	Recent, Months                []listed
	Incident                      card
	Component                     bars
	Feeds                         []feedLink
	API                           string
	Links                         []Link
}

// siteFacts are what every page knows of the site. No page knows more, so that none changes with what is on another.
type siteFacts struct{ Language, Zone, Name, Address string }

// writer makes the files of one site.
type writer struct {
	*Site
	tmpl   *sandbox.HTML
	text   *markdown.Reader
	docs   *markdown.Reader // of postmortems
	given  string           // names what all files are made from
	parts  []Part
	itemed map[*Incident][]item
}

func newWriter(s *Site) (*writer, error) {
	tmpl, err := template.New("").ParseFS(templates.Page, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInput, err)
	}
	for name := range s.Own.Templates {
		if tmpl.Lookup(name) == nil {
			return nil, fmt.Errorf("%w: there is no template %s.html of the page; one of %s", ErrInput, name, strings.Join(names(tmpl), ", "))
		}
	}
	set, err := sandbox.NewHTML(tmpl, s.Own.Templates)
	if err != nil {
		return nil, err
	}
	return &writer{Site: s, tmpl: set, text: markdown.New(), docs: markdown.NewDocument(3), itemed: map[*Incident][]item{}}, nil
}

// names are those of the templates that a team may replace.
func names(tmpl *template.Template) []string {
	var list []string
	for _, t := range tmpl.Templates() {
		if name := t.Name(); name != "" && !strings.HasSuffix(name, ".html") {
			list = append(list, name)
		}
	}
	slices.Sort(list)
	return list
}

func addPages(w *writer) error {
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	style, err := coloured(string(css), w.Colours)
	if err != nil {
		return err
	}
	w.addFixed("style.css", append([]byte(style), w.Own.Style...))
	if w.Own.LogoName != "" {
		w.addFixed(w.Own.LogoName, w.Own.Logo)
	}
	w.addPage("index.html", "", w.home)
	for _, i := range w.Incidents {
		w.addIncident(i)
	}
	for _, c := range w.AllComponents() {
		bars := w.bars(c, "../")
		w.addPage(c.Path, w.key("component", fmt.Sprintf("%#v", bars), listings(c.Incident)), func() (sheet, error) {
			sh := sheet{Kind: "component", Title: c.Name, Component: bars}
			for _, i := range c.Incident {
				sh.List = append(sh.List, w.brief(i, "../"))
			}
			return sh, nil
		})
	}
	w.addPage("history.html", w.key("history", listings(w.Incidents)), func() (sheet, error) { return w.history(), nil })
	// A host shows it under any address, so what it links to begins at the top of the site.
	w.addPage("404.html", w.key("missing"), func() (sheet, error) {
		return sheet{Kind: "missing", Title: w.Words.Say("not_found")}, nil
	})
	return nil
}

// addIncident adds the page of an incident, and the files that are shown with it.
func (w *writer) addIncident(i *Incident) {
	key := w.key("incident", i.source.Version, fmt.Sprint(i.Promise.Before(w.AsOf)))
	w.addPage(i.Path(), key, func() (sheet, error) {
		c, err := w.card(i, "../")
		return sheet{Kind: "incident", Title: c.Name, Incident: c, Updated: w.moment(i.Changed, true)}, err
	})
	for _, file := range i.Files {
		w.add(i.file(file), w.key("file", i.source.Version, file), func() ([]byte, error) { return i.source.File(file) })
	}
}

func (w *writer) addPage(path, key string, fill func() (sheet, error)) {
	w.add(path, key, func() ([]byte, error) {
		sh, err := fill()
		if err != nil {
			return nil, err
		}
		return w.page(path, sh)
	})
}

func (w *writer) page(path string, sh sheet) ([]byte, error) {
	sh.Site = siteFacts{w.Language, w.Zone.String(), markdown.Safe(w.Name), w.Address}
	sh.W, sh.Root, sh.Name, sh.Links = w.Words, strings.Repeat("../", strings.Count(path, "/")), markdown.Safe(w.Name), w.Links
	if at, err := url.Parse(w.Address); path == "404.html" && err == nil && at.Host != "" {
		sh.Root = at.EscapedPath() + "/"
	}
	sh.Title = markdown.Safe(sh.Title) + " · " + sh.Name
	sh.Internal = w.Audience.String() != "customer"
	sh.Feeds, sh.API = w.feedLinks(path, sh.Root), sh.Root+"api/incident/v1/status.json"
	if w.Own.LogoName != "" {
		sh.Logo = sh.Root + w.Own.LogoName
	}
	made, err := w.tmpl.Execute("page", sh, stepsOf(sh))
	return []byte(made), err
}

// stepsOf are the steps that a template may take for what a page lists.
func stepsOf(sh sheet) int {
	lines := len(sh.List) + len(sh.Incident.Updates)
	for _, l := range slices.Concat(sh.Recent, sh.Months) {
		lines += len(l.Incidents)
	}
	for _, c := range sh.Open {
		lines += len(c.Updates)
	}
	return 200 * lines
}

// feedLinks are the feeds that belong to a page: its own where it is one of a component, else those of everything.
func (w *writer) feedLinks(path, root string) []feedLink {
	if w.Address == "" {
		return nil
	}
	name := "updates"
	if strings.HasPrefix(path, "components/") {
		name = strings.TrimSuffix(path, ".html")
	}
	var list []feedLink
	for _, f := range []feedLink{{"Atom", "", "application/atom+xml", ".atom"}, {"RSS", "", "application/rss+xml", ".rss"}, {"JSON Feed", "", "application/feed+json", ".json"}} {
		f.Title, f.Path = w.Words.Say("updates")+" ("+f.Name+")", root+name+f.Path
		list = append(list, f)
	}
	return list
}

func (w *writer) moment(t time.Time, day bool) *moment {
	text := clock(t, w.Zone)
	if day {
		text = w.Words.Day(t.In(w.Zone)) + ", " + text
	}
	return &moment{t.UTC().Format(time.RFC3339), text}
}

var shapes = [...]string{"●", "●", "◆", "▼", "▲", "■"}

func (w *writer) state(s view.State) stateText {
	return stateText{int(s), shapes[s], w.Words.Say("state_" + s.String())}
}

func (w *writer) home() (sheet, error) {
	sh := sheet{Kind: "home"}
	if !w.Changed.IsZero() {
		sh.Updated = w.moment(w.Changed, true)
	}
	for _, g := range w.Groups {
		card := groupCard{Name: markdown.Safe(g.Name), State: w.state(g.State)}
		for _, c := range g.Components {
			card.Components = append(card.Components, w.bars(c, ""))
		}
		sh.Groups = append(sh.Groups, card)
	}
	for _, i := range w.Site.Open() {
		c, err := w.card(i, "")
		if err != nil {
			return sheet{}, err
		}
		sh.Open = append(sh.Open, c)
	}
	worst, verdict := w.Site.Verdict()
	sh.Verdict = w.state(worst)
	sh.Verdict.Text = markdown.Safe(verdict)
	sh.Title = sh.Verdict.Text
	sh.Recent = w.recent()
	return sh, nil
}

// recent lists the incidents of the last two weeks by day; days without one are joined.
func (w *writer) recent() []listed {
	today := w.AsOf.In(w.Zone)
	left := w.Incidents
	var list []listed
	var quiet time.Time // the newest of the days without an incident that are joined
	for n := range 14 {
		day := time.Date(today.Year(), today.Month(), today.Day()-n, 0, 0, 0, 0, w.Zone)
		one := listed{Date: w.Words.Day(day)}
		for ; len(left) > 0 && !left[0].Started.Before(day); left = left[1:] {
			one.Incidents = append(one.Incidents, w.brief(left[0], ""))
		}
		switch last := len(list) - 1; {
		case len(one.Incidents) > 0:
			quiet = time.Time{}
		case quiet.IsZero():
			quiet = day
		default:
			list[last].Date = w.Words.Say("date_range", "from", w.Words.Day(day), "to", w.Words.Day(quiet))
			continue
		}
		list = append(list, one)
	}
	return list
}

func (w *writer) sameDay(a, b time.Time) bool {
	return a.In(w.Zone).Format(time.DateOnly) == b.In(w.Zone).Format(time.DateOnly)
}

func (w *writer) history() sheet {
	sh := sheet{Kind: "history", Title: w.Words.Say("history")}
	for _, i := range w.Incidents {
		at := i.Started.In(w.Zone)
		name := fmt.Sprintf("%s %d", w.Words.Month(at), at.Year())
		if n := len(sh.Months); n == 0 || sh.Months[n-1].Date != name {
			sh.Months = append(sh.Months, listed{Date: name})
		}
		last := &sh.Months[len(sh.Months)-1]
		last.Incidents = append(last.Incidents, w.brief(i, ""))
	}
	return sh
}
