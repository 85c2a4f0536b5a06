package page

import (
	"slices"
	"time"

	"incident/pkg/tape"
	"incident/pkg/view"
)

// Source is where a page finds an incident: what is short of it at once, the rest when a file is made that needs it.
type Source struct {
	Brief   Brief
	Version string // names all that it gives: the same version, the same content. "" where nothing does
	View    func() (view.View, error)
	File    func(path string) ([]byte, error) // of Brief.Files
}

// Brief is what pages that many incidents share tell of one.
type Brief struct {
	Audience   view.Audience
	Visible    bool
	ID         string
	Title      string
	Given      string // the headline of the view
	Named      bool
	Hit        []view.Component
	Status     view.Status
	Since      time.Time
	Severity   view.Severity
	Impact     view.Impact
	Opened     time.Time
	Started    time.Time
	Confirmed  bool
	ResolvedAt time.Time
	Lasted     time.Duration
	Components []view.Component
	States     []view.StateMove
	Promise    time.Time   // when the audience hears next; zero: nothing is promised
	Newest     time.Time   // when anything of it happened last
	Changed    time.Time   // when something of it that its page tells did
	Recorded   time.Time   // when the newest of that was recorded
	Known      []string    // names all that it was made from that others may learn later: updates, moves, states, postmortems
	Items      []time.Time // what feeds tell of it
	Reports    int         // published postmortems
	Files      []string    // that came with updates and are published, below the incident's folder
}

// SourceOf is the source of a view that is at hand, and of files by their path below the incident's folder.
func SourceOf(v view.View, files map[string][]byte) Source {
	return Source{
		Brief: BriefOf(v, func(path string) bool { return files[path] != nil }),
		View:  func() (view.View, error) { return v, nil },
		File:  func(path string) ([]byte, error) { return files[path], nil },
	}
}

// BriefOf makes the short of a view. Of the files that [Shown] says yes to, those that can be read are published.
func BriefOf(v view.View, readable func(path string) bool) Brief {
	b := Brief{
		Audience: v.Audience, Visible: v.Visible, ID: v.ID, Title: v.Title, Given: v.Headline, Named: v.Named, Hit: v.Hit,
		Status: v.Status, Since: v.Since, Severity: v.Severity, Impact: v.Impact, Opened: v.Opened, Started: v.Started, Confirmed: v.Confirmed,
		ResolvedAt: v.ResolvedAt, Components: v.Components, States: v.States, Reports: len(v.Postmortems), Newest: v.Opened,
		Lasted: v.Lasted(), Recorded: v.Opened, Known: knownOf(v),
	}
	for _, p := range v.Promises {
		if p.Audience == v.Audience && !v.Status.Over() {
			b.Promise = p.By
			break
		}
	}
	updates := updatesOf(v, func(view.Move) string { return "" })
	b.Changed = later(last(v, updates), v.Since)
	for _, m := range v.Moves {
		b.Newest = later(b.Newest, m.At)
	}
	for _, m := range v.States {
		b.Newest = later(b.Newest, m.At)
	}
	for _, p := range v.Postmortems {
		b.Newest = later(b.Newest, p.At)
		b.Items = append(b.Items, p.At)
	}
	for _, u := range updates {
		b.Newest = later(b.Newest, u.At, u.CorrectedAt, u.WithdrawnAt)
		b.Recorded = later(b.Recorded, u.Recorded, u.CorrectedAt, u.WithdrawnAt)
		if at, tells := u.item(); tells {
			b.Items = append(b.Items, at)
		}
		for _, a := range u.Attachment {
			if Shown(a.Name) && readable(a.Path) && !slices.Contains(b.Files, a.Path) {
				b.Files = append(b.Files, a.Path)
			}
		}
	}
	return b
}

// knownOf names what a view tells, so that a clone can see whether it knows all that another one has told.
func knownOf(v view.View) []string {
	var list []string
	for _, u := range v.Updates {
		list = append(list, u.ID)
		if u.Corrected {
			list = append(list, u.CorrectedBy)
		}
		if u.Withdrawn {
			list = append(list, u.WithdrawnBy)
		}
	}
	for _, m := range v.Moves {
		list = append(list, m.ID)
	}
	for _, p := range v.Postmortems {
		list = append(list, p.ID)
	}
	for _, m := range v.States {
		list = append(list, mark(stampOf(m.At)+m.Component+m.State.String()))
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// later is the latest of some times.
func later(t time.Time, times ...time.Time) time.Time {
	for _, other := range times {
		if other.After(t) {
			t = other
		}
	}
	return t
}

// Lay writes a brief to a tape, or reads it from one.
func (b *Brief) Lay(t *tape.Tape) {
	components := func(list *[]view.Component) {
		tape.List(t, list, func(c *view.Component) {
			t.Text(&c.Name)
			tape.Small(t, &c.State)
		})
	}
	tape.Small(t, &b.Audience)
	t.Flag(&b.Visible)
	t.Text(&b.ID)
	t.Text(&b.Title)
	t.Text(&b.Given)
	t.Flag(&b.Named)
	components(&b.Hit)
	tape.Small(t, &b.Status)
	t.Time(&b.Since)
	tape.Small(t, &b.Severity)
	tape.Small(t, &b.Impact)
	t.Time(&b.Opened)
	t.Time(&b.Started)
	t.Flag(&b.Confirmed)
	t.Time(&b.ResolvedAt)
	took := int64(b.Lasted)
	t.Signed(&took)
	b.Lasted = time.Duration(took)
	components(&b.Components)
	tape.List(t, &b.States, func(m *view.StateMove) {
		t.Time(&m.At)
		t.Text(&m.Component)
		tape.Small(t, &m.State)
	})
	t.Time(&b.Promise)
	t.Time(&b.Newest)
	t.Time(&b.Changed)
	t.Time(&b.Recorded)
	tape.List(t, &b.Known, t.Text)
	tape.List(t, &b.Items, t.Time)
	reports := uint64(b.Reports)
	t.Number(&reports)
	b.Reports = int(reports)
	tape.List(t, &b.Files, t.Text)
}
