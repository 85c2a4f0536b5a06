package incident

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// clockSlack is how far clocks may differ before it is worth telling.
const clockSlack = 10 * time.Minute

// Fold computes what an incident is from its entries, in whatever order they come. Their names are
// unique. It never fails: an entry that cannot be applied is kept as an anomaly, so that one bad entry
// hides no good one.
func Fold(id string, entries []Entry) Incident {
	inc := Incident{
		ID: id, IDAudience: Internal, TitleAudience: Internal,
		corrections: map[string]string{}, withdrawn: map[string]string{}, roots: map[string]string{},
	}
	keys := map[string]Entry{}
	for _, e := range slices.SortedFunc(slices.Values(entries), byName) {
		inc.Timeline = append(inc.Timeline, e)
		first, again := keys[e.Key]
		if again = again && e.Key != ""; !again {
			keys[e.Key] = e
		}
		var err error
		switch {
		case e.Kind == Unreadable:
			err = cmp.Or(e.Problem, errors.New("cannot be read"))
		case again && SameContent(first, e): // a retry that another clone had not seen
			err = fmt.Errorf("repeats %s", first.Name)
		case again:
			err = fmt.Errorf("has the key of %s and says something else", first.Name)
		default:
			err = inc.apply(e)
		}
		if err != nil {
			inc.Anomalies = append(inc.Anomalies, Anomaly{Entry: e.Name, Err: err})
		}
	}
	inc.complete()
	return inc
}

func byName(a, b Entry) int { return cmp.Compare(a.Name, b.Name) }

// apply adds one entry to what the earlier ones made. What it reports was still applied as far as it
// makes sense.
func (i *Incident) apply(e Entry) error {
	var problems []error
	if rec := e.Recorded(); !rec.IsZero() && e.At.Sub(rec) > clockSlack {
		problems = append(problems, fmt.Errorf("happened %s after it was recorded; a clock is off", e.At.Sub(rec).Round(time.Minute)))
	}
	switch e.Kind {
	case Opened:
		problems = append(problems, i.open(e))
	case Moved, Reopened:
		problems = append(problems, i.move(e))
	case Assigned:
		i.assign(Role{e.Role, e.Holder})
	case Retracted:
		problems = append(problems, i.retract(e))
	}
	if e.Corrects != "" {
		problems = append(problems, i.correct(e))
	}
	if e.Kind != Opened {
		i.set(e)
	}
	i.hear(e)
	return errors.Join(problems...)
}

// open takes the facts of the earliest opening. A later one, made on another clone before the two met,
// only adds what the first left unsaid.
func (i *Incident) open(e Entry) error {
	if i.PublicID == "" {
		i.PublicID = e.Recorded().Format("20060102") + "-" + e.Suffix()
		i.Opened = e.At
		i.IDAudience = min(Internal, e.Audience)
		if i.Status == 0 {
			i.Status, i.Since = cmp.Or(e.Status, Investigating), e.At
		}
		i.set(e)
		return nil
	}
	i.IDAudience = min(i.IDAudience, e.Audience)
	later := e
	if i.Title != "" {
		later.Title = ""
	}
	if i.headline != "" {
		later.Headline = ""
	}
	if i.Severity != 0 {
		later.Severity = 0
	}
	if i.Impact != 0 {
		later.Impact = 0
	}
	if i.Confirmed {
		later.Started = time.Time{}
	}
	later.Components = slices.DeleteFunc(slices.Clone(e.Components), func(c Component) bool { return component(i.Components, c.Name) != 0 })
	i.set(later)
	return fmt.Errorf("opens the incident a second time; %s was first", i.PublicID)
}

func (i *Incident) move(e Entry) error {
	err := checkMove(i.Status, e.Status, e.Kind == Reopened)
	if i.Status == 0 { // its opening is missing; this is the first that is known
		err = nil
	}
	if err != nil {
		return err
	}
	if e.Status == i.Status {
		return nil
	}
	i.Status, i.Since = e.Status, e.At
	switch e.Status {
	case Resolved:
		i.ResolvedAt = e.At
		for n := range i.Components { // what does not work any more after all, the entry itself says
			i.Components[n].State = Operational
		}
	case Closed:
		i.ClosedAt = e.At
	default:
		i.ResolvedAt, i.ClosedAt = time.Time{}, time.Time{}
	}
	return nil
}

// set takes the facts that an entry states.
func (i *Incident) set(e Entry) {
	if e.Title != "" {
		i.Title, i.TitleAudience = e.Title, min(Internal, e.Audience)
	}
	if e.Headline != "" {
		i.headline = e.Headline
	}
	i.Severity = cmp.Or(e.Severity, i.Severity)
	i.Impact = cmp.Or(e.Impact, i.Impact)
	for _, c := range e.Components {
		i.Components = setComponent(i.Components, c)
		if c.State != Operational {
			i.hit = setComponent(i.hit, c)
		}
	}
	if !e.Started.IsZero() {
		i.Started, i.Confirmed = e.Started, true
	}
	i.Customers = cmp.Or(e.Customers, i.Customers)
	i.Share = cmp.Or(e.Share, i.Share)
	for _, t := range e.Tags {
		if !slices.ContainsFunc(i.Tags, func(known string) bool { return strings.EqualFold(known, t) }) {
			i.Tags = append(i.Tags, t)
		}
	}
}

// assign gives a role to its newest holder.
func (i *Incident) assign(r Role) {
	for n := range i.Roles {
		if i.Roles[n].Name == r.Name {
			i.Roles[n].Holder = r.Holder
			return
		}
	}
	i.Roles = append(i.Roles, r)
}

// complete fills in what can only be known at the end.
func (i *Incident) complete() {
	if len(i.Timeline) == 0 {
		return
	}
	if i.PublicID == "" {
		first := i.Timeline[0]
		i.Opened = first.At
		i.IDAudience = Technical // the opening would have said who may read it
		i.Anomalies = append(i.Anomalies, Anomaly{Entry: first.Name, Err: errors.New("the opening entry is missing")})
		if date, _, ok := strings.Cut(i.ID, "-"); ok {
			i.PublicID = date + "-" + first.Suffix()
		}
		if i.Status == 0 {
			i.Status, i.Since = Investigating, first.At
		}
	}
	if !i.Confirmed {
		i.Started = i.Opened
	}
}
