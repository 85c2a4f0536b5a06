package notes

import (
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/sandbox"
	"incident/pkg/view"
	"incident/pkg/when"
	"incident/templates"
)

// Data is what a template knows. Times are in the team's zone, with the zone, and with the day where it is another than
// that of the incident's start: "14:02 UTC", "24 Nov 09:30 CET".
type Data struct {
	Audience, Status, Headline string
	Impact                     string // "major"; "" while it is not set
	Components                 []Component
	Failed                     string // the components with what was wrong with them: "Checkout (partial outage) and Search"
	Names                      string // of the components that were affected: "Checkout, Search and Card payments"
	Started                    string // when readers began to notice
	Ended                      string // when it was resolved; "" before
	Period                     string // from Started to Ended: "14:02 to 15:20 UTC"; "" before the end
	Duration                   string // of that: "1 h 18 min"
	LastHeard                  string // when this audience last had a word
	Promised                   string // when it was promised the next one
	Deadline                   string // when the postmortem is due; "" where none is, and before the end
}

// Component is something that the audience knows by name, in words: "partial outage".
type Component struct{ Name, State string }

// Input is what a text is made from.
type Input struct {
	View     view.View            // of those who will read it
	Hit      []incident.Component // of the view, each as it was when it last did not work
	Status   incident.Status      // that the note leads to, or the one it speaks of
	Now      time.Time            // when it is written: the end, where it is the note that says so
	Zone     *time.Location       // nil: UTC
	Deadline time.Duration        // how long after the end the postmortem is due; 0: never
}

// resolved is the template of the closing words.
const resolved = "resolved.md"

// Names lists the templates of a note for the audience in that status, the first that exists is used. There is none for
// those who need no questions.
func Names(a incident.Audience, s incident.Status) []string {
	if a < incident.Stakeholder {
		return nil
	}
	return []string{a.String() + "-" + s.String() + ".md", a.String() + ".md"}
}

// ResolvedNames lists the templates of the closing words for an audience, the first that exists is used.
func ResolvedNames(a incident.Audience) []string {
	return []string{"resolved-" + a.String() + ".md", resolved}
}

// BuiltIn is the template of that name that comes with the program, "" where there is none.
func BuiltIn(name string) string {
	raw, err := templates.Notes.ReadFile("notes/" + name)
	if err != nil {
		return ""
	}
	return string(raw)
}

// Make makes a text from a template; its name is for errors, which are those of [sandbox.Execute].
func Make(name, template string, in Input) (string, error) {
	text, err := sandbox.Execute(name, template, dataOf(in), 0)
	return strings.TrimSpace(text), err
}

func dataOf(in Input) Data {
	v := in.View
	d := Data{Audience: v.Audience.String(), Status: in.Status.String(), Headline: v.Headline}
	if v.Impact != 0 {
		d.Impact = v.Impact.String()
	}
	var names []string
	for _, c := range v.Components {
		d.Components = append(d.Components, Component{c.Name, c.State.Words()})
		names = append(names, c.Name)
	}
	d.Names = join(names)
	var failed []string
	for _, c := range in.Hit {
		if c.State > incident.Operational {
			failed = append(failed, c.Name+" ("+c.State.Words()+")")
		}
	}
	d.Failed = join(failed)
	clock := clockOf(v.Started, in.Zone)
	d.Started = clock(v.Started)
	for _, p := range v.Promises {
		if p.Audience == v.Audience {
			d.LastHeard, d.Promised = clock(p.LastHeard), clock(p.By)
		}
	}
	ended := v.ResolvedAt
	if ended.IsZero() && in.Status.Over() {
		ended = in.Now
	}
	if ended.IsZero() {
		return d
	}
	d.Ended = clock(ended)
	if lasted := ended.Sub(v.Started); lasted >= time.Minute && !v.Started.IsZero() {
		d.Period = strings.TrimSuffix(d.Started, zoneName(d.Ended)) + " to " + d.Ended
		d.Duration = when.FormatDuration(lasted)
	}
	if in.Deadline > 0 {
		d.Deadline = ended.Add(in.Deadline).In(zoneOf(in.Zone)).Format("2 Jan 15:04 MST")
	}
	return d
}

// clockOf spells times, those of another day than that of the start with their day.
func clockOf(start time.Time, zone *time.Location) func(time.Time) string {
	day := func(t time.Time) string { return t.In(zoneOf(zone)).Format(time.DateOnly) }
	return func(t time.Time) string {
		switch {
		case t.IsZero():
			return ""
		case day(t) == day(start):
			return t.In(zoneOf(zone)).Format("15:04 MST")
		default:
			return t.In(zoneOf(zone)).Format("2 Jan 15:04 MST")
		}
	}
}

// zoneName is the end of a time that names its zone.
func zoneName(clock string) string { return clock[strings.LastIndexByte(clock, ' '):] }

func zoneOf(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

// join is "a, b and c".
func join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
