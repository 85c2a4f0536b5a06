package incident

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
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
	case e.Kind == Moved, e.Kind == Reopened:
		if err := checkMove(i.Status, e.Status, e.Kind == Reopened); err != nil {
			return err
		}
	case e.Corrects != "":
		return i.admitCorrection(e)
	case e.Kind == Retracted:
		return i.admitRetraction(e)
	}
	if e.Text == "" && !i.changedBy(e) {
		return fmt.Errorf("%w: the record says so already", ErrNothing)
	}
	return nil
}

// changedBy reports whether e states anything that is not so already.
func (i Incident) changedBy(e Entry) bool {
	switch e.Kind {
	case Moved, Reopened:
		if e.Status != i.Status {
			return true
		}
	case Assigned:
		return !slices.Contains(i.Roles, Role{e.Role, e.Holder})
	case Set:
	default:
		return true
	}
	after := i
	after.Components, after.hit, after.Tags = slices.Clone(i.Components), slices.Clone(i.hit), slices.Clone(i.Tags)
	after.set(e)
	return after.Title != i.Title || after.headline != i.headline || after.Severity != i.Severity || after.Impact != i.Impact ||
		!slices.Equal(after.Components, i.Components) || !after.Started.Equal(i.Started) || after.Confirmed != i.Confirmed ||
		!reflect.DeepEqual(after.Customers, i.Customers) || !reflect.DeepEqual(after.Share, i.Share) ||
		!slices.Equal(after.Tags, i.Tags) || !e.Next.By.IsZero() || e.Next.None || len(e.Attachments) > 0
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
	now := cmp.Or(i.corrections[target.Name], target.Name)
	if current, _ := i.Entry(now); current.Text == e.Text && !i.changedBy(Entry{Kind: Set, Facts: e.Facts, Next: e.Next, Attachments: e.Attachments}) {
		return fmt.Errorf("%w: it says so already", ErrNothing)
	}
	return nil
}

func (i Incident) admitRetraction(e Entry) error {
	target, err := i.subject(e.Retracts)
	if err != nil {
		return err
	}
	if e.Text == "" {
		return refuse(ErrInvalid, `say why: --reason "…"`, "a retraction needs a reason")
	}
	if e.Audience > target.Audience {
		return refuse(ErrAudience, "leave --audience out", "%s never read what is withdrawn", e.Audience.Readers())
	}
	if _, gone := i.Retraction(target); gone {
		return fmt.Errorf("%w: it is withdrawn already", ErrNothing)
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
	if target.Text == "" && len(target.Attachments) == 0 || target.Kind == Retracted {
		return Entry{}, refuse(ErrNotAllowed, "facts are put right with incident set", "%s holds no words that could be corrected or withdrawn", name)
	}
	return target, nil
}
