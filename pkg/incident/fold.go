package incident

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Fold computes what an incident is from its entries, in whatever order they come. Their names are
// unique. It never fails: an entry that cannot be applied is kept as an anomaly, so that one bad entry
// hides no good one.
func Fold(id string, entries []Entry) Incident {
	inc := Incident{
		ID: id, IDAudience: Technical, TitleAudience: Technical, // until an entry for others says more
		fates: map[string]fate{}, componentAt: map[string]int{}, roleAt: map[string]int{}, tagAt: map[string]int{}, actionAt: map[string]int{},
	}
	inc.Timeline = slices.Clone(entries)
	if !inOrder(entries) {
		slices.SortFunc(inc.Timeline, byName)
	}
	keyed := map[string][]*Entry{}
	for n := range inc.Timeline {
		e := &inc.Timeline[n]
		inc.take(e, keyed[e.Key])
		if e.Key != "" {
			keyed[e.Key] = append(keyed[e.Key], e)
		}
	}
	inc.complete()
	return inc
}

// With is the incident with further entries: what [Fold] makes of all of them. Those that were recorded after the ones
// that are there cost no more than themselves.
func (i Incident) With(entries ...Entry) Incident {
	if len(entries) == 0 {
		return i
	}
	later := len(i.Timeline) > 0 && i.Timeline[len(i.Timeline)-1].Name < entries[0].Name
	if i.orphaned || !later || !inOrder(entries) {
		return Fold(i.ID, slices.Concat(i.Timeline, entries))
	}
	before := len(i.Timeline)
	i = i.apart()
	i.extend(entries)
	for n := before; n < len(i.Timeline); n++ {
		e := &i.Timeline[n]
		var keyed []*Entry
		if e.Key != "" {
			for earlier := range n {
				if i.Timeline[earlier].Key == e.Key {
					keyed = append(keyed, &i.Timeline[earlier])
				}
			}
		}
		i.take(e, keyed)
	}
	i.complete()
	return i
}

// apart is an incident that shares nothing with this one that a further entry changes.
func (i Incident) apart() Incident {
	i.Actions, i.components, i.roles = slices.Clone(i.Actions), slices.Clone(i.components), slices.Clone(i.roles)
	for a := range i.words {
		i.words[a].Promises = slices.Clone(i.words[a].Promises)
	}
	i.fates, i.componentAt, i.roleAt = maps.Clone(i.fates), maps.Clone(i.componentAt), maps.Clone(i.roleAt)
	i.tagAt, i.actionAt = maps.Clone(i.tagAt), maps.Clone(i.actionAt)
	i.Moves, i.Anomalies = slices.Clip(i.Moves), slices.Clip(i.Anomalies)
	i.Published, i.Waived, i.Tags = slices.Clip(i.Published), slices.Clip(i.Waived), slices.Clip(i.Tags)
	i.headlines, i.stateMoves = slices.Clip(i.headlines), slices.Clip(i.stateMoves)
	return i
}

// extend puts entries behind the timeline. Entries are large, so the room that was left behind it is used, unless another
// incident that was made of the same one has taken it.
func (i *Incident) extend(entries []Entry) {
	before, after := len(i.Timeline), len(i.Timeline)+len(entries)
	if i.taken == nil || after > cap(i.Timeline) || !i.taken.CompareAndSwap(int64(before), int64(after)) {
		i.Timeline = append(make([]Entry, 0, after+after/4+spare), i.Timeline...)
		i.taken = new(atomic.Int64)
		i.taken.Store(int64(after))
	}
	i.Timeline = append(i.Timeline, entries...)
}

// spare is the room behind a short timeline.
const spare = 16

// inOrder reports whether entries are sorted by name. They are large, so that none is copied for it.
func inOrder(entries []Entry) bool {
	for n := range len(entries) - 1 {
		if entries[n].Name > entries[n+1].Name {
			return false
		}
	}
	return true
}

func byName(a, b Entry) int { return cmp.Compare(a.Name, b.Name) }

// take adds one entry to what the earlier ones made, unless it is unusable or says again what was said
// under its key: a retry that another clone had not seen. Two entries that say different things under one
// key were both acknowledged, each on its clone, so both count.
func (i *Incident) take(e *Entry, keyed []*Entry) {
	if err := i.takeKeyed(e, keyed); err != nil {
		i.Anomalies = append(i.Anomalies, Anomaly{Entry: e.Name, Err: err})
	}
}

func (i *Incident) takeKeyed(e *Entry, keyed []*Entry) error {
	if err := e.Unusable(); err != nil {
		return err
	}
	var first *Entry // of those under its key
	for _, earlier := range keyed {
		if earlier.Unusable() != nil {
			continue
		}
		if SameContent(*earlier, *e) {
			i.repeat(e, earlier)
			return fmt.Errorf("repeats %s", earlier.Name)
		}
		first = cmp.Or(first, earlier)
	}
	err := i.apply(*e)
	if first != nil {
		err = errors.Join(fmt.Errorf("has the key of %s and says something else", first.Name), err)
	}
	return err
}

// apply adds what an entry says. What it reports was still applied as far as it makes sense.
func (i *Incident) apply(e Entry) error {
	facts, problems := e.Facts.sound()
	e.Facts = facts
	if ahead := e.At.Sub(e.Happened()); ahead > 0 {
		problems = append(problems, fmt.Errorf("happened %s after it was recorded; a clock is off", ahead.Round(time.Minute)))
	}
	if !e.Promise().Equal(e.Next.By) {
		problems = append(problems, fmt.Errorf("promises the next update for the year %d", e.Next.By.Year()))
		e.Next.By = time.Time{}
	}
	if slices.ContainsFunc(e.Attachments, func(a Attachment) bool { return !a.Plain() }) {
		problems = append(problems, errors.New("has an attachment outside the folder of attachments"))
	}
	if e.Headline != "" && e.Audience == Technical {
		problems = append(problems, errors.New("gives a headline, which customers read, in an entry for engineers"))
		e.Headline = ""
	}
	switch e.Kind {
	case Opened:
		problems = append(problems, i.open(&e))
	case Moved, Reopened:
		problems = append(problems, i.move(&e))
	case Assigned:
		problems = append(problems, e.checkRole())
	case Retracted:
		problems = append(problems, i.retract(&e))
	case Acknowledged:
		problems = append(problems, i.acknowledge(&e))
	case Action:
		problems = append(problems, i.act(&e))
	case Published:
		i.Published = append(i.Published, Publication{e.Name, e.Happened(), e.Audience, e.Text})
	case Waived:
		i.Waived = append(i.Waived, Waiver{e.Name, e.Happened(), e.Author, e.Text})
	}
	if e.Corrects != "" {
		problems = append(problems, i.correct(&e))
	}
	if e.Kind != Opened {
		i.set(&e)
	}
	i.hear(&e)
	return errors.Join(problems...)
}

// open takes the facts of the earliest opening. A later one, made on another clone before the two met,
// only adds what the first left unsaid; unless the incident was over by then, which it no longer is.
func (i *Incident) open(e *Entry) error {
	if i.PublicID == "" {
		i.PublicID = publicID(e)
		i.Opened = e.Happened()
		i.IDAudience = widest(e, Internal)
		if i.Status == 0 {
			i.become(Investigating, e)
		}
		i.set(e)
		return nil
	}
	i.IDAudience = min(i.IDAudience, e.Audience)
	if i.Status.Over() {
		i.become(Investigating, e)
		i.set(e)
	} else {
		i.setUnsaid(e)
	}
	return fmt.Errorf("opens the incident a second time; %s was first", i.PublicID)
}

// publicID names an incident by when an entry was recorded and by its suffix, and so without words.
func publicID(e *Entry) string { return e.Recorded().Format("20060102") + "-" + e.Suffix() }

// widest is the widest audience that may read words which an entry gives as a fact: what engineers say
// among themselves stays there, anything else is for all that such facts are for.
func widest(e *Entry, facts Audience) Audience {
	if e.Audience == Technical {
		return Technical
	}
	return facts
}

// move takes the status that an entry asks for, if it may be.
func (i *Incident) move(e *Entry) error {
	if !e.Status.valid() {
		return errors.New("says no status")
	}
	if i.Status != 0 { // else its opening is missing; this is the first that is known
		if err := checkMove(i.Status, e.Status, e.Kind == Reopened); err != nil {
			return err
		}
	}
	i.become(e.Status, e)
	return nil
}

func (i *Incident) become(s Status, e *Entry) {
	i.decide(e.Name, func(f *fate) { f.became = s })
	if s == i.Status {
		return
	}
	at := e.Happened()
	i.Status, i.Since = s, at
	i.Moves = append(i.Moves, Move{e.Name, at, s})
	switch s {
	case Resolved:
		i.ResolvedAt = at
		for n := range i.components { // what does not work any more after all, the entry itself says
			if i.components[n].State != Operational {
				i.stateMoves = append(i.stateMoves, stateMove{e.Name, at, n, Operational})
			}
			i.components[n].State = Operational
		}
	case Closed:
		i.ClosedAt = at
		if i.ResolvedAt.IsZero() { // its resolution is missing
			i.ResolvedAt = at
		}
	default:
		i.ResolvedAt, i.ClosedAt = time.Time{}, time.Time{}
	}
}

// set takes the facts that an entry states.
func (i *Incident) set(e *Entry) {
	if e.Title != "" && (e.Title != i.Title || widest(e, Internal) > i.TitleAudience) {
		i.Title, i.TitleAudience = e.Title, widest(e, Internal)
	}
	if e.Headline != "" {
		i.headlines = append(i.headlines, headline{e.Name, e.Headline})
	}
	i.Severity = cmp.Or(e.Severity, i.Severity)
	i.Impact = cmp.Or(e.Impact, i.Impact)
	for _, c := range e.Components {
		i.setComponent(c, widest(e, Customer), e)
	}
	if !e.Started.IsZero() {
		i.Started, i.Confirmed = e.Started, true
	}
	i.Customers = cmp.Or(e.Customers, i.Customers)
	i.Share = cmp.Or(e.Share, i.Share)
	if (e.Kind == Assigned || e.Kind == Opened) && e.Role != "" && e.Holder != "" {
		i.assign(e)
	}
	if e.Cause != "" && (e.Cause != i.Cause || widest(e, Internal) > i.CauseAudience) {
		i.Cause, i.CauseAudience = e.Cause, widest(e, Internal)
	}
	for _, t := range e.Tags {
		if _, ok := i.tagAt[caseless(t)]; !ok {
			i.tagAt[caseless(t)] = len(i.Tags)
			i.Tags = append(i.Tags, t)
		}
	}
}

// setUnsaid takes those facts that nobody stated before.
func (i *Incident) setUnsaid(said *Entry) {
	e := *said
	if i.Title != "" {
		e.Title = ""
	}
	if i.givenHeadline() != "" {
		e.Headline = ""
	}
	if _, ok := i.roleAt[RoleName(e.Role)]; ok {
		e.Role = ""
	}
	if i.Severity != 0 {
		e.Severity = 0
	}
	if i.Impact != 0 {
		e.Impact = 0
	}
	if i.Confirmed {
		e.Started = time.Time{}
	}
	if i.Customers != nil {
		e.Customers = nil
	}
	if i.Share != nil {
		e.Share = nil
	}
	if i.Cause != "" {
		e.Cause = ""
	}
	e.Components = slices.Clone(e.Components)
	for n, c := range e.Components {
		if at, ok := i.componentAt[caseless(c.Name)]; ok {
			e.Components[n].State = i.components[at].State
		}
	}
	i.set(&e)
}

// caseless is the key under which names that differ in letter case alone are one.
func caseless(name string) string { return strings.ToLower(name) }

// setComponent replaces the state of the component of that name, or adds it.
func (i *Incident) setComponent(c Component, readers Audience, e *Entry) {
	n, ok := i.componentAt[caseless(c.Name)]
	if !ok {
		n = len(i.components)
		i.componentAt[caseless(c.Name)] = n
		i.components = append(i.components, namedComponent{Component: c, readers: readers})
	}
	known := &i.components[n]
	if readers > known.readers {
		known.Name, known.readers = c.Name, readers
	}
	if known.State != c.State || !ok {
		i.stateMoves = append(i.stateMoves, stateMove{e.Name, e.Happened(), n, c.State})
	}
	known.State = c.State
	if c.State != Operational {
		known.hit = c.State
	}
}

// assign gives a role to its newest holder.
func (i *Incident) assign(e *Entry) {
	r := givenRole{Role{RoleName(e.Role), e.Holder}, widest(e, Stakeholder)}
	n, ok := i.roleAt[r.Name]
	switch {
	case !ok:
		i.roleAt[r.Name] = len(i.roles)
		i.roles = append(i.roles, r)
	case r.Role != i.roles[n].Role || r.readers > i.roles[n].readers:
		i.roles[n] = r
	}
}

// complete fills in what can only be known at the end.
func (i *Incident) complete() {
	i.Components, i.Roles = i.ComponentsFor(Technical), i.RolesFor(Technical)
	if len(i.Timeline) > 0 && i.PublicID == "" {
		i.completeOpening()
	}
	if !i.Confirmed {
		i.Started = i.Opened
	}
}

// completeOpening makes do without the opening. It may be there and only not be readable; its name then
// still tells the public id.
func (i *Incident) completeOpening() {
	i.orphaned = true
	i.Anomalies = append(i.Anomalies, Anomaly{Entry: i.Timeline[0].Name, Err: errors.New("the opening entry is missing")})
	named := slices.DeleteFunc(slices.Clone(i.Timeline), func(e Entry) bool { return e.Recorded().IsZero() })
	if len(named) == 0 {
		return
	}
	first := slices.IndexFunc(named, func(e Entry) bool {
		n, _ := ParseName(e.Name)
		return n.Label == Opened.String()
	})
	i.PublicID = publicID(&named[max(0, first)])
	i.Opened = named[0].Happened()
	if i.Status == 0 {
		i.become(Investigating, &Entry{At: i.Opened})
	}
}
