package page

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

// ErrInput reports an input that no page can be made from.
var ErrInput = errors.New("the page cannot be made")

// Window is how far back bars and uptime go, in days.
const Window = 90

// The names of statuses that the package tells apart.
const (
	resolved = "resolved"
	closed   = "closed"
)

// Site is the model of all that is published.
type Site struct {
	Settings
	telling   sync.Mutex
	AsOf      time.Time   // promises that it has passed are late
	Changed   time.Time   // when the newest thing on the page happened; zero: nothing has
	Recorded  time.Time   // when the newest of that was recorded
	Until     time.Time   // states and uptime are told until then: the last change or the last midnight
	Incidents []*Incident // by start, newest first
	Groups    []*Group    // in the order of the configuration; components without a group first
}

// Incident is one incident.
type Incident struct {
	Brief
	Headline string // in the language of the page
	Over     bool
	source   Source
	told     *told
}

// told is all that is told of an incident.
type told struct {
	view.View
	Updates []Update // newest first
}

// Update is what was said at a time.
type Update struct {
	view.Update
	Status    string // at the time, by its name
	Generated bool   // told from the record: nobody wrote words for it
}

// Group is components under one name.
type Group struct {
	Name       string
	State      view.State // the worst
	Components []*ComponentState
}

// ComponentState is a component as it is and as it was.
type ComponentState struct {
	Component
	State    view.State
	Path     string // of its page
	Uptime   float64
	Days     []Day // oldest first
	Incident []*Incident
}

// New makes the model. It is an [ErrInput] where a view is of another audience than the page.
func New(in Input) (*Site, error) {
	s := &Site{Settings: in.Settings, AsOf: in.AsOf.UTC()}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	s.Name = cmp.Or(strings.TrimSpace(s.Name), s.Words.Say("status"))
	for _, source := range in.Sources {
		b := source.Brief
		if b.Audience != in.Settings.Audience {
			return nil, fmt.Errorf("%w: an incident as %s see it on a page for %s", ErrInput, b.Audience, in.Settings.Audience)
		}
		if b.Visible {
			s.Incidents = append(s.Incidents, &Incident{Brief: b, Headline: s.headline(b.Given, b.Named, b.Hit), Over: b.Status.Over(), source: source})
			s.Changed, s.Recorded = later(s.Changed, b.Newest), later(s.Recorded, b.Recorded)
		}
	}
	slices.SortStableFunc(s.Incidents, func(a, b *Incident) int {
		return cmp.Or(b.Started.Compare(a.Started), cmp.Compare(b.ID, a.ID))
	})
	now := s.AsOf.In(s.Zone)
	s.Until = time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, s.Zone).UTC()
	if s.Changed.After(s.Until) {
		s.Until = s.Changed
		if s.AsOf.Before(s.Changed) {
			s.Until = s.AsOf
		}
	}
	s.components()
	return s, nil
}

// headline is the name of an incident, in the language of the page where nobody gave one.
func (s *Site) headline(given string, named bool, hit []view.Component) string {
	if named {
		return markdown.Safe(given)
	}
	var parts []string
	for state := majorOutage; state > operational; state-- {
		var names []string
		for _, c := range hit {
			if c.State == state {
				names = append(names, markdown.Safe(c.Name))
			}
		}
		if len(names) > 0 {
			parts = append(parts, strings.Join(names, ", ")+": "+s.Words.Say("headline_"+state.String()))
		}
	}
	if len(parts) == 0 {
		return s.Words.Say("headline")
	}
	return strings.Join(parts, "; ")
}

// Verdict is how things stand in all: the worst state of a component, or what the impact of an open incident amounts
// to where that is worse, and in one sentence.
func (s *Site) Verdict() (view.State, string) {
	worst := operational
	for _, g := range s.Groups {
		worst = max(worst, g.State)
	}
	open := s.Open()
	for _, i := range open {
		worst = max(worst, i.amounts())
	}
	switch {
	case len(open) == 1 && open[0].Status.String() == "monitoring":
		return worst, open[0].Headline + " · " + s.Words.Say("status_monitoring")
	case len(open) == 1:
		return worst, open[0].Headline
	case len(open) > 1:
		return worst, s.Words.Say("problems_open", "n", len(open))
	case worst > operational:
		return worst, s.Words.Say("problem_component")
	}
	return worst, s.Words.Say("all_well")
}

// amounts is the state of a component that an incident is as bad as: its impact, or the worst of its components where that
// is worse. An impact that is not known yet counts as minor.
func (i *Incident) amounts() view.State {
	worst := operational
	for _, c := range i.Components {
		worst = max(worst, c.State)
	}
	switch impact := i.Impact.String(); {
	case i.Over || impact == "none":
		return operational
	case i.Status.String() == "monitoring" && len(i.Components) > 0 && worst == operational:
		return degraded // it works again, and is watched
	case impact == "critical":
		return majorOutage
	case impact == "major":
		return max(worst, partialOutage)
	}
	return max(worst, degraded)
}

// Open lists the incidents that are not over.
func (s *Site) Open() []*Incident {
	var open []*Incident
	for _, i := range s.Incidents {
		if !i.Over {
			open = append(open, i)
		}
	}
	return open
}

// Components lists them all, as they are shown.
func (s *Site) AllComponents() []*ComponentState {
	var all []*ComponentState
	for _, g := range s.Groups {
		all = append(all, g.Components...)
	}
	return all
}

// tell reads all that is told of an incident.
func (s *Site) tell(i *Incident) (*told, error) {
	s.telling.Lock()
	defer s.telling.Unlock()
	if i.told == nil {
		v, err := i.source.View()
		if err != nil {
			return nil, err
		}
		i.told = &told{v, updatesOf(v, func(m view.Move) string { return s.recovered(v, m) })}
	}
	return i.told, nil
}

// updatesOf are the updates of a view, newest first. That all works again is told in any case: of a move to resolved that
// nobody wrote words for, recovered tells from the record.
func updatesOf(v view.View, recovered func(view.Move) string) []Update {
	var updates []Update
	moves := slices.Clone(v.Moves)
	slices.SortStableFunc(moves, func(a, b view.Move) int { return a.At.Compare(b.At) })
	told := map[string]bool{} // times of moves that have words
	for _, u := range v.Updates {
		status := ""
		for _, m := range moves {
			if !m.At.After(u.At) {
				status = m.Status.String()
			}
		}
		if u.Status != 0 {
			status = u.Status.String()
			if u.Text != "" || u.Withdrawn {
				told[stamp(u.At)+status] = true
			}
		}
		if u.Text == "" && len(u.Attachment) == 0 && len(u.Changes) == 0 && !u.Withdrawn {
			continue // a move alone, which the state above the updates tells
		}
		updates = append(updates, Update{Update: u, Status: status})
	}
	for _, m := range moves {
		if m.Status.String() == resolved && !told[stamp(m.At)+resolved] {
			updates = append(updates, Update{
				Update: view.Update{
					ID: fmt.Sprintf("%s-%x", m.ID, v.Started.Unix()), // another start, another text
					At: m.At, Recorded: m.At, Audience: v.Audience, Text: recovered(m), Status: m.Status, Then: m.Then,
				},
				Status: resolved, Generated: true,
			})
		}
	}
	slices.SortStableFunc(updates, func(a, b Update) int { return a.At.Compare(b.At) })
	slices.Reverse(updates)
	return updates
}

func stamp(t time.Time) string { return t.UTC().Format("20060102T150405") }

// recovered says from the record what works again, and from when to when it did not.
func (s *Site) recovered(v view.View, m view.Move) string {
	var names []string
	for _, c := range m.Then.Components {
		names = append(names, markdown.Literal(c.Name))
	}
	at := m.At
	from, to := clock(v.Started, s.Zone), clock(at, s.Zone)
	if day := s.Words.Day(v.Started.In(s.Zone)); day != s.Words.Day(at.In(s.Zone)) {
		from, to = day+", "+from, s.Words.Day(at.In(s.Zone))+", "+to
	}
	if len(names) == 0 {
		return s.Words.Say("recovered", "from", from, "to", to)
	}
	return s.Words.Say("recovered_what", "what", strings.Join(names, ", "), "from", from, "to", to)
}

// Path is the address of an incident's page from the top of the site.
func (i *Incident) Path() string { return "incidents/" + i.ID + ".html" }
