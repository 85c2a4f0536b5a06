package incident

import (
	"fmt"
	"net/url"
	"time"
)

// ActionState is how far an action item is.
type ActionState uint8

// The states of action items. The zero value adds one.
const (
	ActionOpen ActionState = iota
	ActionDone
	ActionDropped
)

var actionStates = vocabulary{what: "state of an action", names: []string{"open", "done", "dropped"}}

// String is the state's name.
func (s ActionState) String() string { return actionStates.name(uint8(s)) }

// MarshalText implements [encoding.TextMarshaler].
func (s ActionState) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (s *ActionState) UnmarshalText(text []byte) error {
	i, err := actionStates.parse(text)
	if err == nil {
		*s = ActionState(i)
	}
	return err
}

// ActionKinds are what an action can be good for.
var ActionKinds = [...]string{"prevent", "detect", "mitigate", "process"}

// ActionFacts are what an entry of the kind [Action] says: an item that is to be done, whose words are the entry's text,
// or what became of one, whose reason they are.
type ActionFacts struct {
	Owner   string
	Due     time.Time // the day, by its beginning in UTC; zero: none
	For     string    // one of [ActionKinds]; "" for none
	Link    string
	Settles string // the entry that added the item; "" for one that adds it
	State   ActionState
}

// ActionItem is something that limits the next incident.
type ActionItem struct {
	Entry    string // that added it
	Text     string
	Owner    string
	Due      time.Time
	For      string
	Link     string
	Audience Audience
	Added    time.Time
	State    ActionState
	Settled  time.Time // zero while it is open
	By       string    // the entry that settled it
	Reason   string    // for the readers of that entry
}

// Late reports whether the day by which an item is to be done is over.
func (a ActionItem) Late(now time.Time) bool {
	return a.State == ActionOpen && !a.Due.IsZero() && !now.Before(a.Due.AddDate(0, 0, 1))
}

// Publication is a postmortem as it was published.
type Publication struct {
	Entry    string
	At       time.Time
	Audience Audience
	Text     string // Markdown
}

// Waiver is a decision that no postmortem is owed.
type Waiver struct {
	Entry  string
	At     time.Time
	By     Person
	Reason string
}

// act takes what an entry says of an action item.
func (i *Incident) act(e *Entry) error {
	f := e.Action
	if f.Settles == "" {
		i.actionAt[e.Name] = len(i.Actions)
		i.Actions = append(i.Actions, ActionItem{
			Entry: e.Name, Text: e.Text, Owner: f.Owner, Due: f.Due, For: f.For, Link: f.Link, Audience: e.Audience, Added: e.Happened(),
		})
		return nil
	}
	n, ok := i.actionAt[f.Settles]
	if !ok || f.Settles >= e.Name {
		return fmt.Errorf("settles %q, which is no earlier action of this incident", f.Settles)
	}
	if a := &i.Actions[n]; a.State == ActionOpen {
		a.State, a.Settled, a.By, a.Reason = f.State, e.Happened(), e.Name, e.Text
	}
	return nil
}

// admitAction refuses to settle what is none, or is settled.
func (i Incident) admitAction(e Entry) error {
	if e.Action.Settles == "" {
		return nil
	}
	n, ok := i.actionAt[e.Action.Settles]
	if !ok {
		return refuse(ErrInvalid, "incident action list shows them", "%q is no action of this incident", e.Action.Settles)
	}
	if a := i.Actions[n]; a.State != ActionOpen {
		return refuse(ErrNothing, "", "nothing to do: it is %s already", a.State)
	}
	return nil
}

// checkAction says why an action cannot be written.
func (e Entry) checkAction() error {
	f := e.Action
	switch {
	case e.Kind != Action && f != (ActionFacts{}):
		return refuse(ErrInvalid, "", "only an action has an owner, a day or a link")
	case e.Kind != Action:
		return nil
	case f.Settles == "" && f.State != ActionOpen, f.Settles != "" && f.State == ActionOpen:
		return refuse(ErrInvalid, "", "what becomes of an action is said in an entry about it")
	case f.State > ActionDropped:
		return refuse(ErrInvalid, "", "the action has no state that is known")
	case f.Settles == "" && e.Text == "":
		return refuse(ErrInvalid, `incident action add "…" --owner WHO --due DATE`, "an action needs words: what will be different")
	case f.State == ActionDropped && e.Text == "":
		return refuse(ErrInvalid, `incident action drop ID --reason "…"`, "an action that is dropped needs a reason")
	}
	if f.For != "" && !holds(ActionKinds[:], f.For) {
		return &UnknownError{What: "kind of action", Word: f.For, Known: ActionKinds[:]}
	}
	if u, err := url.Parse(f.Link); err != nil || f.Link != "" && (u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		return refuse(ErrInvalid, "--link https://tracker.example/123", "%q is no address of the web", f.Link)
	}
	for what, value := range map[string]string{"owner": f.Owner, "link": f.Link, "action": f.Settles} {
		if value != "" {
			if err := checkLine(what, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// After tells apart what is written when it is over from what an audience hears while it goes on.
func (k Kind) After() bool { return k == Published || k == Waived || k == Action }

// PostmortemDue is when the postmortem of an incident that is over has to be published by; zero where none is owed, or
// where it is published or waived since it was resolved last.
func (i Incident) PostmortemDue(rules Rules) time.Time {
	term := rules[i.Severity].Postmortem
	if term <= 0 || !i.Status.Over() || i.ResolvedAt.IsZero() {
		return time.Time{}
	}
	if _, published := i.publishedSince(); published || i.waivedSince() {
		return time.Time{}
	}
	return i.ResolvedAt.Add(term)
}

// publishedSince is the first publication since the incident was resolved last.
func (i Incident) publishedSince() (Publication, bool) {
	for _, p := range i.Published {
		if p.Audience == Customer && !p.At.Before(i.ResolvedAt) && !i.withdrawn(p.Entry) {
			return p, true
		}
	}
	return Publication{}, false
}

func (i Incident) waivedSince() bool {
	n := len(i.Waived)
	return n > 0 && !i.Waived[n-1].At.Before(i.ResolvedAt)
}

// The outcomes of a postmortem that was owed.
const (
	PostmortemNone   = "none"   // none is owed
	PostmortemOpen   = "open"   // there is time
	PostmortemMet    = "met"    // published in time
	PostmortemLate   = "late"   // published, late
	PostmortemBroken = "broken" // not published, and the time is over
	PostmortemWaived = "waived"
)

// PostmortemOutcome is what became of the postmortem of the last resolution.
func (i Incident) PostmortemOutcome(rules Rules, now time.Time) string {
	term := rules[i.Severity].Postmortem
	if !i.Status.Over() || i.ResolvedAt.IsZero() {
		return PostmortemNone
	}
	p, published := i.publishedSince()
	switch {
	case published && (term <= 0 || !p.At.After(i.ResolvedAt.Add(term))):
		return PostmortemMet
	case published:
		return PostmortemLate
	case term <= 0:
		return PostmortemNone
	case i.waivedSince():
		return PostmortemWaived
	case now.After(i.ResolvedAt.Add(term)):
		return PostmortemBroken
	}
	return PostmortemOpen
}

// admitAfter refuses to publish or waive the postmortem of what is not over, and what was said already.
func (i Incident) admitAfter(e Entry) error {
	if !i.Status.Over() {
		return refuse(ErrNotAllowed, "incident resolve", "it is still %s; its postmortem comes when it is over", i.Status)
	}
	if n := len(i.Published); e.Kind == Published && n > 0 && i.Published[n-1].Text == e.Text && i.Published[n-1].Audience == e.Audience {
		return refuse(ErrNothing, "", "nothing to do: the same was published already")
	}
	return nil
}
