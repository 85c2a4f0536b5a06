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
	Site                          *Site
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

// writer makes the files of one site.
type writer struct {
	*Site
	tmpl *sandbox.HTML
	text *markdown.Reader
	docs *markdown.Reader // of postmortems
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
	return &writer{s, set, markdown.New(), markdown.NewDocument(3)}, nil
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

func addPages(w *writer, files Files) error {
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return err
	}
	style, err := coloured(string(css), w.Colours)
	if err != nil {
		return err
	}
	files["style.css"] = append([]byte(style), w.Own.Style...)
	if w.Own.LogoName != "" {
		files[w.Own.LogoName] = w.Own.Logo
	}
	home, err := w.home()
	if err != nil {
		return err
	}
	if err := w.write(files, "index.html", home); err != nil {
		return err
	}
	for _, i := range w.Incidents {
		c, err := w.card(i, "../")
		if err != nil {
			return err
		}
		for _, u := range i.Updates {
			for _, a := range u.Attachment {
				if raw, ok := w.attached[i.ID+"/"+a.Path]; ok {
					files[i.file(a)] = raw
				}
			}
		}
		if err := w.write(files, i.Path(), sheet{Kind: "incident", Title: c.Name, Incident: c, Updated: w.moment(i.changed(), true)}); err != nil {
			return err
		}
	}
	for _, c := range w.AllComponents() {
		sh := sheet{Kind: "component", Title: c.Name, Component: w.bars(c, "../")}
		for _, i := range c.Incident {
			sh.List = append(sh.List, w.brief(i, "../"))
		}
		if err := w.write(files, c.Path, sh); err != nil {
			return err
		}
	}
	if err := w.write(files, "history.html", w.history()); err != nil {
		return err
	}
	// A host shows it under any address, so what it links to begins at the top of the site.
	return w.write(files, "404.html", sheet{Kind: "missing", Title: w.Words.Say("not_found")})
}

func (w *writer) write(files Files, path string, sh sheet) error {
	sh.Site, sh.W, sh.Root, sh.Name, sh.Links = w.Site, w.Words, strings.Repeat("../", strings.Count(path, "/")), markdown.Safe(w.Name), w.Links
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
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	files[path] = []byte(made)
	return nil
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
