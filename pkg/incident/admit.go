package incident

import (
	"slices"
	"time"
)

// Admit says why an entry may not be added to the incident as it stands: [ErrInvalid], [ErrNotAllowed],
// [ErrAudience], or [ErrNothing] where it would neither say nor change anything.
func (i Incident) Admit(e Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	switch {
	case e.Kind == Opened && i.PublicID != "":
		return refuse(ErrNotAllowed, "", "it is open already")
	case e.Kind != Opened && len(i.Timeline) == 0:
		return refuse(ErrNotAllowed, `incident open "Checkout errors"`, "it was never opened")
	case e.Kind == Moved, e.Kind == Reopened:
		if err := i.admitMove(e); err != nil {
			return err
		}
	case e.Corrects != "":
		return i.admitCorrection(e)
	case e.Kind == Retracted:
		return i.admitRetraction(e)
	case e.Kind == Acknowledged:
		return i.admitAck(e)
	case e.Kind == Action:
		return i.admitAction(e)
	case e.Kind == Published, e.Kind == Waived:
		return i.admitAfter(e)
	}
	if e.Text == "" && !i.changedBy(e) {
		return refuse(ErrNothing, "", "nothing to do: the record says so already")
	}
	return nil
}

// admitMove refuses a time before the opening, where evidence may lie but no status. Clocks that differ
// are no reason to refuse.
func (i Incident) admitMove(e Entry) error {
	if !e.At.IsZero() && i.Opened.Sub(e.At) > clockSlack {
		return refuse(ErrInvalid, "note what happened before: incident note --at", "the status cannot have changed before the opening, %s", i.Opened.Format(time.RFC3339))
	}
	return checkMove(i.Status, e.Status, e.Kind == Reopened)
}

// changedBy reports whether e states or promises anything that is not so already.
func (i Incident) changedBy(e Entry) bool {
	switch e.Kind {
	case Moved, Reopened:
		if e.Status != i.Status {
			return true
		}
	case Assigned:
		n, ok := i.roleAt[RoleName(e.Role)]
		if !ok || i.roles[n].Holder != e.Holder || i.roles[n].readers < widest(&e, Stakeholder) {
			return true
		}
	case Set:
	default:
		return true
	}
	return i.adds(e)
}

// adds reports whether e holds a promise, a file or a fact that is not so already, or that more people may
// now read.
func (i Incident) adds(e Entry) bool {
	differs := func(c Component) bool {
		n, ok := i.componentAt[caseless(c.Name)]
		return !ok || i.components[n].State != c.State || i.components[n].readers < widest(&e, Customer)
	}
	return e.Next.said() || len(e.Attachments) > 0 ||
		e.Title != "" && (e.Title != i.Title || i.TitleAudience < widest(&e, Internal)) ||
		e.Headline != "" && e.Headline != i.givenHeadline() ||
		e.Severity != 0 && e.Severity != i.Severity ||
		e.Impact != 0 && e.Impact != i.Impact ||
		!e.Started.IsZero() && !(i.Confirmed && e.Started.Equal(i.Started)) ||
		e.Customers != nil && !equalTo(e.Customers, i.Customers) ||
		e.Share != nil && !equalTo(e.Share, i.Share) ||
		e.Cause != "" && (e.Cause != i.Cause || i.CauseAudience < widest(&e, Internal)) ||
		slices.ContainsFunc(e.Components, differs) ||
		slices.ContainsFunc(e.Tags, func(t string) bool { _, ok := i.tagAt[caseless(t)]; return !ok })
}

func (i Incident) admitCorrection(e Entry) error {
	target, err := i.subject(e.Corrects)
	if err != nil {
		return err
	}
	if target.Audience != e.Audience {
		return refuse(ErrAudience, "leave --audience out: a correction is for the readers of what it corrects",
			"%s was written for %s, not for %s", e.Corrects, target.Audience.Readers(), e.Audience.Readers())
	}
	if _, gone := i.Retraction(target); gone {
		return refuse(ErrNotAllowed, "write a new note instead", "%s was withdrawn", e.Corrects)
	}
	current := target
	if now, ok := i.Correction(target); ok {
		current = now
	}
	if current.Text == e.Text && !i.adds(e) {
		return refuse(ErrNothing, "", "nothing to do: it says so already")
	}
	return nil
}

func (i Incident) admitRetraction(e Entry) error {
	target, err := i.subject(e.Retracts)
	if err != nil {
		return err
	}
	if e.Audience > target.Audience {
		return refuse(ErrAudience, "leave --audience out", "%s never read what is withdrawn", e.Audience.Readers())
	}
	if _, gone := i.Retraction(target); gone {
		return refuse(ErrNothing, "", "nothing to do: it is withdrawn already")
	}
	return nil
}

// subject is the entry at the bottom of what a correction or retraction is about. It has words of its
// own: facts are put right with set.
func (i Incident) subject(name string) (Entry, error) {
	target, ok := i.Entry(name)
	if !ok {
		return Entry{}, refuse(ErrInvalid, "incident log shows the names of entries", "no entry %q in this incident", name)
	}
	if root, ok := i.Root(target); ok {
		target = root
	}
	if !target.speaks() || target.Kind == Retracted {
		return Entry{}, refuse(ErrNotAllowed, "facts are put right with incident set", "%s holds no words that could be corrected or withdrawn", name)
	}
	return target, nil
}
