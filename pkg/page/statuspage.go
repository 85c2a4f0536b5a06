package page

import (
	"crypto/sha256"
	"math/big"
	"slices"
	"strings"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

// The public JSON of Atlassian Statuspage, version 2, which clients and aggregators of status pages read. The shape and
// the meaning of each field are in docs/reference/page-json.md. Fields that tell nothing here are there all the same:
// some clients fail without them.
type (
	spPage struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		URL      string `json:"url"`
		TimeZone string `json:"time_zone"`
		Updated  spTime `json:"updated_at"`
	}
	spStatus struct {
		Indicator   string `json:"indicator"`
		Description string `json:"description"`
	}
	spComponent struct {
		ID           string   `json:"id"`
		Name         string   `json:"name"`
		Status       string   `json:"status"`
		Created      spTime   `json:"created_at"`
		Updated      spTime   `json:"updated_at"`
		Position     int      `json:"position"`
		Description  *string  `json:"description"`
		Showcase     bool     `json:"showcase"`
		StartDate    *string  `json:"start_date"`
		GroupID      *string  `json:"group_id"`
		PageID       string   `json:"page_id"`
		Group        bool     `json:"group"`
		OnlyDegraded bool     `json:"only_show_if_degraded"`
		Components   []string `json:"components,omitempty"`
	}
	spIncident struct {
		ID         string        `json:"id"`
		Name       string        `json:"name"`
		Status     string        `json:"status"`
		Created    spTime        `json:"created_at"`
		Updated    spTime        `json:"updated_at"`
		Monitoring *spTime       `json:"monitoring_at"`
		Resolved   *spTime       `json:"resolved_at"`
		Impact     string        `json:"impact"`
		Shortlink  string        `json:"shortlink"`
		Started    spTime        `json:"started_at"`
		PageID     string        `json:"page_id"`
		Updates    []spUpdate    `json:"incident_updates"`
		Components []spComponent `json:"components"`
		Reminders  *string       `json:"reminder_intervals"`
	}
	spUpdate struct {
		ID         string       `json:"id"`
		Status     string       `json:"status"`
		Body       string       `json:"body"`
		IncidentID string       `json:"incident_id"`
		Created    spTime       `json:"created_at"`
		Updated    spTime       `json:"updated_at"`
		Display    spTime       `json:"display_at"`
		Affected   []spAffected `json:"affected_components"`
		Deliver    bool         `json:"deliver_notifications"`
		Tweet      *string      `json:"custom_tweet"`
		TweetID    *int         `json:"tweet_id"`
	}
	spAffected struct {
		Code string `json:"code"`
		Name string `json:"name"`
		Old  string `json:"old_status"`
		New  string `json:"new_status"`
	}
	spMaintenance struct{} // there is none yet

	// spTime is a time as clients with a fixed layout expect it.
	spTime struct{ time.Time }
)

// MarshalText implements [encoding.TextMarshaler].
func (t spTime) MarshalText() ([]byte, error) {
	return []byte(t.UTC().Format("2006-01-02T15:04:05.000Z")), nil
}

// MarshalJSON implements [json.Marshaler]; the time that is embedded would do it otherwise.
func (t spTime) MarshalJSON() ([]byte, error) {
	return []byte(`"` + t.UTC().Format("2006-01-02T15:04:05.000Z") + `"`), nil
}

// spID is an identifier as those of Statuspage are: twelve digits of 31 that spell no words. It is made from what
// readers of the page know and stays the same.
func spID(kind, name string) string {
	const digits = "0123456789bcdfghjklmnpqrstvwxyz"
	sum := sha256.Sum256([]byte(kind + ":" + name))
	n, base, digit := new(big.Int).SetBytes(sum[:]), big.NewInt(int64(len(digits))), new(big.Int)
	id := make([]byte, 12)
	for i := range id {
		n.DivMod(n, base, digit)
		id[i] = digits[digit.Int64()]
	}
	return string(id)
}

// addStatuspage adds the JSON in the shape of Statuspage. It holds whole addresses, so there is none where the page's own
// is not known.
func addStatuspage(w *writer) {
	if w.Address == "" {
		return
	}
	m := spMaker{writer: w, pageID: spID("page", w.Address)}
	m.all = m.components()
	none := []spMaintenance{}
	listed := func(which []*Incident) func() (map[string]any, error) {
		return func() (map[string]any, error) {
			list, err := m.incidents(which)
			return map[string]any{"incidents": list}, err
		}
	}
	fixed := func(doc map[string]any) func() (map[string]any, error) {
		return func() (map[string]any, error) { return doc, nil }
	}
	for _, file := range []struct {
		name string
		fill func() (map[string]any, error)
	}{
		{"summary", func() (map[string]any, error) {
			open, err := m.incidents(w.Open())
			return map[string]any{"status": m.status(), "components": m.all, "incidents": open, "scheduled_maintenances": none}, err
		}},
		{"status", fixed(map[string]any{"status": m.status()})},
		{"components", fixed(map[string]any{"components": m.all})},
		{"incidents", listed(w.Incidents[:min(len(w.Incidents), maxPast)])},
		{"incidents/unresolved", listed(w.Open())},
		{"scheduled-maintenances", fixed(map[string]any{"scheduled_maintenances": none})},
		{"scheduled-maintenances/active", fixed(map[string]any{"scheduled_maintenances": none})},
		{"scheduled-maintenances/upcoming", fixed(map[string]any{"scheduled_maintenances": none})},
	} {
		w.add("api/v2/"+file.name+".json", "", func() ([]byte, error) {
			doc, err := file.fill()
			if err != nil {
				return nil, err
			}
			doc["page"] = m.page()
			return marshalJSON(doc)
		})
	}
}

// spMaker makes the objects of one page.
type spMaker struct {
	*writer
	pageID string
	all    []spComponent
}

func (m spMaker) page() spPage {
	zone := m.Zone.String()
	if zone == "UTC" {
		zone = "Etc/UTC"
	}
	return spPage{m.pageID, markdown.Safe(m.Name), m.Address, zone, spTime{m.changed()}}
}

// changed is when the newest thing happened or was recorded, else the day that the page tells of.
func (w *writer) changed() time.Time {
	if w.Changed.IsZero() {
		return w.Until
	}
	return later(w.Changed, w.Recorded)
}

// status rolls all up: the worst state of a component or impact of an open incident. The words are those that clients
// compare.
func (m spMaker) status() spStatus {
	worst, _ := m.Verdict()
	switch worst {
	case maintenance:
		return spStatus{"none", "Service Under Maintenance"}
	case degraded:
		return spStatus{"minor", "Partially Degraded Service"}
	case partialOutage:
		return spStatus{"major", "Partial System Outage"}
	case majorOutage:
		return spStatus{"critical", "Major Service Outage"}
	}
	return spStatus{"none", "All Systems Operational"}
}

// components are the groups and their members in one list, as they are shown.
func (m spMaker) components() []spComponent {
	list := []spComponent{}
	top := 0
	for _, g := range m.Groups {
		if g.Name == "" {
			for _, c := range g.Components {
				top++
				list = append(list, m.component(c, top, nil))
			}
			continue
		}
		top++
		id := spID("group", g.Name)
		group := spComponent{ID: id, Name: markdown.Safe(g.Name), Status: g.State.String(), Position: top, PageID: m.pageID, Group: true}
		group.Created, group.Updated = spTime{m.since()}, spTime{m.since()}
		var members []spComponent
		for n, c := range g.Components {
			one := m.component(c, n+1, &id)
			if one.Updated.After(group.Updated.Time) {
				group.Updated = one.Updated
			}
			members = append(members, one)
			group.Components = append(group.Components, one.ID)
		}
		list = append(append(list, group), members...)
	}
	return list
}

func (m spMaker) component(c *ComponentState, position int, group *string) spComponent {
	one := spComponent{
		ID: spID("component", strings.ToLower(c.Name)), Name: markdown.Safe(c.Name), Status: c.State.String(), Position: position,
		Showcase: true, GroupID: group, PageID: m.pageID, Created: spTime{m.since()},
	}
	if c.Description != "" {
		said := markdown.Safe(c.Description)
		one.Description = &said
	}
	one.Updated = one.Created
	for _, i := range c.Incident {
		for _, s := range i.States {
			if strings.EqualFold(s.Component, c.Name) && s.At.After(one.Updated.Time) {
				one.Updated = spTime{s.At}
			}
		}
	}
	return one
}

// since is when the page began: with its oldest incident. Nothing says when a component was made.
func (w *writer) since() time.Time {
	first := w.Until
	for _, i := range w.Incidents {
		if i.Opened.Before(first) {
			first = i.Opened
		}
	}
	return first
}

func (m spMaker) incidents(which []*Incident) ([]spIncident, error) {
	list := []spIncident{}
	for _, i := range which {
		one, err := m.incident(i)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b spIncident) int { return b.Created.Compare(a.Created.Time) })
	return list, nil
}

func (m spMaker) incident(i *Incident) (spIncident, error) {
	t, err := m.tell(i)
	if err != nil {
		return spIncident{}, err
	}
	one := spIncident{
		ID: spID("incident", i.ID), Name: short(markdown.Safe(i.Headline), 255), Status: spWord(i.Status.String()), Created: spTime{i.Opened},
		Updated: spTime{later(i.Changed, i.Recorded)}, Impact: i.Impact.String(), Shortlink: m.address(i.Path()), Started: spTime{i.Started},
		PageID: m.pageID, Updates: []spUpdate{}, Components: []spComponent{},
	}
	if i.Impact == 0 {
		one.Impact = "minor"
	}
	for _, move := range t.Moves {
		if move.Status.String() == "monitoring" {
			one.Monitoring = &spTime{move.At}
		}
	}
	if i.Over {
		one.Resolved = &spTime{i.ResolvedAt}
	}
	for _, all := range m.all {
		if slices.ContainsFunc(i.Components, func(c view.Component) bool { return !all.Group && strings.EqualFold(markdown.Safe(c.Name), all.Name) }) {
			one.Components = append(one.Components, all)
		}
	}
	before := map[string]view.State{}
	for _, u := range slices.Backward(t.Updates) {
		one.Updates = append(one.Updates, m.update(one.ID, u, before))
	}
	if n := len(t.Postmortems); n > 0 && i.Over {
		p := t.Postmortems[n-1]
		one.Status = "postmortem"
		one.Updates = append(one.Updates, spUpdate{
			ID: spID("update", one.ID+"/"+p.ID), Status: "postmortem", IncidentID: one.ID, Created: spTime{p.At}, Updated: spTime{p.At}, Display: spTime{p.At}, Deliver: true,
			Body: short(m.docs.Text(p.Text), 600) + "\n\n" + m.address(i.Path()+"#postmortem"),
		})
	}
	slices.Reverse(one.Updates)
	return one, nil
}

// update tells an update, and what it found of the components beside what was told before.
func (m spMaker) update(incident string, u Update, before map[string]view.State) spUpdate {
	one := spUpdate{
		ID: spID("update", incident+"/"+u.ID), Status: spWord(u.Status), Body: m.text.Text(u.Text), IncidentID: incident, Deliver: true,
		Created: spTime{u.Recorded}, Updated: spTime{u.Recorded}, Display: spTime{u.At},
	}
	for _, f := range u.Changes {
		one.Body = strings.TrimSpace(one.Body + "\n" + markdown.Safe(f.Fact+": "+f.Value))
	}
	switch {
	case u.Withdrawn:
		one.Body, one.Updated = m.Words.Say("withdrawn"), spTime{u.WithdrawnAt}
	case u.Corrected:
		one.Updated = spTime{u.CorrectedAt}
	}
	for _, c := range u.Then.Components {
		old, known := before[c.Name]
		if !known {
			old = operational
		}
		before[c.Name] = c.State
		one.Affected = append(one.Affected, spAffected{spID("component", strings.ToLower(c.Name)), m.grouped(c.Name), old.String(), c.State.String()})
	}
	return one
}

// grouped is a component's name with that of its group.
func (m spMaker) grouped(name string) string {
	for _, g := range m.Groups {
		for _, c := range g.Components {
			if g.Name != "" && strings.EqualFold(c.Name, name) {
				return markdown.Safe(g.Name + " - " + c.Name)
			}
		}
	}
	return markdown.Safe(name)
}

// spWord is a status by the name that it has there.
func spWord(status string) string {
	switch status {
	case closed:
		return resolved
	case "":
		return "investigating"
	}
	return status
}

// short cuts a text to so many characters.
func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
