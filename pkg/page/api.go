package page

import (
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
	"incident/templates"
)

// apiSchema names the shape of the page's own JSON; templates/page/schema.json describes it. Fields are added, never
// changed or removed, under one name.
const apiSchema = "incident-page/1"

// The page's own JSON, api/incident/v1. It tells all that the pages do, and addresses from the top of the site.
type (
	apiHead struct {
		Schema   string `json:"schema"`
		Name     string `json:"name"`
		Address  string `json:"address,omitempty"`
		Language string `json:"language"`
		TimeZone string `json:"time_zone"`
		Audience string `json:"audience"`
		Changed  string `json:"changed,omitempty"` // "" where nothing has happened
	}
	apiStatus struct {
		apiHead
		State      string         `json:"state"`
		Verdict    string         `json:"verdict"`
		Components []apiComponent `json:"components"`
		Open       []apiIncident  `json:"open"`
	}
	apiComponents struct {
		apiHead
		Components []apiComponent `json:"components"`
	}
	apiComponent struct {
		Name        string   `json:"name"`
		Group       string   `json:"group,omitempty"`
		Description string   `json:"description,omitempty"`
		State       string   `json:"state"`
		Uptime      float64  `json:"uptime_percent"`
		Days        []apiDay `json:"days,omitempty"`
		Path        string   `json:"path"`
	}
	apiDay struct {
		Date    string `json:"date"`
		State   string `json:"state"`
		Seconds int    `json:"seconds"`
		Since   string `json:"since,omitempty"`
	}
	apiIncidents struct {
		apiHead
		Incidents []apiIncident `json:"incidents"`
	}
	apiOne struct {
		apiHead
		Incident apiIncident `json:"incident"`
	}
	apiIncident struct {
		ID         string         `json:"id"`
		Headline   string         `json:"headline"`
		Title      string         `json:"title,omitempty"`
		Status     string         `json:"status"`
		Since      string         `json:"since"`
		Severity   string         `json:"severity,omitempty"`
		Impact     string         `json:"impact,omitempty"`
		Started    string         `json:"started"`
		Resolved   string         `json:"resolved,omitempty"`
		NextUpdate string         `json:"next_update,omitempty"`
		Components []apiState     `json:"components"`
		Path       string         `json:"path"`
		Data       string         `json:"data"`
		Known      string         `json:"known"`
		Rests      []string       `json:"rests_on,omitempty"`
		Postmortem *apiPostmortem `json:"postmortem,omitempty"`
		Updates    []apiUpdate    `json:"updates,omitempty"`
	}
	apiPostmortem struct {
		At       string `json:"at"`
		Markdown string `json:"markdown"`
		HTML     string `json:"html"`
		Path     string `json:"path"`
	}
	apiState struct {
		Name  string `json:"name"`
		State string `json:"state"`
	}
	apiUpdate struct {
		ID         string     `json:"id"`
		At         string     `json:"at"`
		Status     string     `json:"status,omitempty"`
		Markdown   string     `json:"markdown"`
		Text       string     `json:"text"`
		HTML       string     `json:"html"`
		NextUpdate string     `json:"next_update,omitempty"`
		Corrected  string     `json:"corrected,omitempty"`
		Withdrawn  string     `json:"withdrawn,omitempty"`
		FromRecord bool       `json:"from_record,omitempty"`
		Components []apiState `json:"components,omitempty"`
		Path       string     `json:"path"`
	}
)

// finely is a time to the millisecond, by which what is newer is told.
func finely(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// of is the head of what is told of one incident, which does not change when another does.
func (h apiHead) of(i *Incident) apiHead {
	h.Changed = finely(i.Changed)
	return h
}

func addAPI(w *writer) {
	head := apiHead{
		apiSchema, markdown.Safe(w.Name), w.Address, w.Language, w.Zone.String(), w.Audience.String(), finely(w.Changed),
	}
	const dir = "api/incident/v1/"
	w.add(dir+"status.json", "", func() ([]byte, error) { return w.apiStatus(head) })
	w.add(dir+"components.json", "", func() ([]byte, error) {
		doc := apiComponents{head, []apiComponent{}}
		for _, c := range w.AllComponents() {
			doc.Components = append(doc.Components, w.apiComponent(c))
		}
		return marshalJSON(doc)
	})
	w.add(dir+"incidents.json", "", func() ([]byte, error) {
		doc := apiIncidents{head, []apiIncident{}}
		for _, i := range w.Incidents {
			doc.Incidents = append(doc.Incidents, w.apiBrief(i))
		}
		return marshalJSON(doc)
	})
	for _, i := range w.Incidents {
		w.add(i.data(), w.key("data", i.source.Version), func() ([]byte, error) {
			one, err := w.apiIncident(i)
			if err != nil {
				return nil, err
			}
			return marshalJSON(apiOne{head.of(i), one})
		})
	}
	w.add(dir+"schema.json", w.key("fixed"), func() ([]byte, error) { return templates.Page.ReadFile("page/schema.json") })
}

func (w *writer) apiStatus(head apiHead) ([]byte, error) {
	state, verdict := w.Verdict()
	doc := apiStatus{apiHead: head, State: state.String(), Verdict: markdown.Safe(verdict), Components: []apiComponent{}, Open: []apiIncident{}}
	for _, c := range w.AllComponents() {
		one := w.apiComponent(c)
		one.Days = nil
		doc.Components = append(doc.Components, one)
	}
	for _, i := range w.Open() {
		one, err := w.apiIncident(i)
		if err != nil {
			return nil, err
		}
		doc.Open = append(doc.Open, one)
	}
	return marshalJSON(doc)
}

func (w *writer) apiComponent(c *ComponentState) apiComponent {
	one := apiComponent{
		Name: markdown.Safe(c.Name), Group: markdown.Safe(c.Group), Description: markdown.Safe(c.Description), State: c.State.String(),
		Uptime: float64(int(c.Uptime*100)) / 100, Path: c.Path,
	}
	for _, d := range c.Days {
		if d.Worst > operational {
			day := apiDay{Date: d.Date.Format("2006-01-02"), State: d.Worst.String(), Seconds: int(d.Hit.Seconds())}
			if !d.Since.IsZero() {
				day.Since = stampOf(d.Since)
			}
			one.Days = append(one.Days, day)
		}
	}
	return one
}

// data is the path of an incident's own JSON.
func (i *Incident) data() string { return "api/incident/v1/incidents/" + i.ID + ".json" }

// apiBrief is an incident in a list.
func (w *writer) apiBrief(i *Incident) apiIncident {
	one := apiIncident{
		ID: i.ID, Headline: markdown.Safe(i.Headline), Title: markdown.Safe(i.Title), Status: i.Status.String(), Since: stampOf(i.Since),
		Started: stampOf(i.Started), Components: apiStates(i.Components), Path: i.Path(), Data: i.data(), Known: mark(strings.Join(i.Known, " ")),
	}
	if i.Severity != 0 {
		one.Severity = i.Severity.String()
	}
	if i.Impact != 0 {
		one.Impact = i.Impact.String()
	}
	if i.Over && !i.ResolvedAt.IsZero() {
		one.Resolved = stampOf(i.ResolvedAt)
	}
	if by := i.Promise; !by.IsZero() {
		one.NextUpdate = stampOf(by)
	}
	return one
}

// apiIncident is an incident with all that is told of it.
func (w *writer) apiIncident(i *Incident) (apiIncident, error) {
	one := w.apiBrief(i)
	one.Rests = i.Known
	t, err := w.tell(i)
	if err != nil {
		return one, err
	}
	if n := len(t.Postmortems); n > 0 {
		p := t.Postmortems[n-1]
		text, err := w.docs.HTML(p.Text)
		if err != nil {
			return one, err
		}
		one.Postmortem = &apiPostmortem{stampOf(p.At), markdown.Safe(p.Text), string(text), i.Path() + "#postmortem"}
	}
	for _, u := range t.Updates {
		told, err := w.apiUpdate(u)
		if err != nil {
			return one, err
		}
		told.Path = i.Path() + "#u-" + u.ID
		one.Updates = append(one.Updates, told)
	}
	return one, nil
}

func (w *writer) apiUpdate(u Update) (apiUpdate, error) {
	html, err := w.text.HTML(u.Text)
	one := apiUpdate{
		ID: u.ID, At: stampOf(u.At), Status: u.Status, Markdown: markdown.Safe(u.Text), Text: w.text.Text(u.Text), HTML: string(html),
		FromRecord: u.Generated, Components: apiStates(u.Then.Components),
	}
	if !u.Next.IsZero() {
		one.NextUpdate = stampOf(u.Next)
	}
	if u.Corrected {
		one.Corrected = stampOf(u.CorrectedAt)
	}
	if u.Withdrawn {
		one.Withdrawn = stampOf(u.WithdrawnAt)
	}
	return one, err
}

func apiStates(components []view.Component) []apiState {
	list := []apiState{}
	for _, c := range components {
		list = append(list, apiState{markdown.Safe(c.Name), c.State.String()})
	}
	return list
}
