package incident

import (
	"cmp"
	"errors"
	"fmt"
)

// fate is what became of an entry.
type fate struct {
	about  string   // the entry that it corrects, withdraws or repeats, at the bottom of the chain
	now    string   // the correction that holds its text
	gone   string   // the retraction that withdrew it
	became Status   // see [Incident.Became]
	acks   []string // the entries that say that it was seen
}

// fate tells what became of an entry; of most there is nothing to tell.
func (i *Incident) fate(name string) fate { return i.fates[name] }

// decide changes what became of an entry. What has no name has no fate.
func (i *Incident) decide(name string, change func(*fate)) {
	if name == "" {
		return
	}
	f := i.fates[name]
	change(&f)
	i.fates[name] = f
}

// correct makes e hold the text of the entry it corrects. A correction of a correction is about the
// same first entry. It counts only for the very audience that read the first text: for a narrower one
// it would put words before people they were not written for, for a wider one they never read it.
func (i *Incident) correct(e *Entry) error {
	if e.Kind != Note {
		return errors.New("corrects another entry, which only a note does")
	}
	target, root, err := i.root(e, e.Corrects)
	switch {
	case err != nil:
		return err
	case target.Kind == Retracted:
		// A reason is for the war room, and so is what is said about it.
		i.decide(e.Name, func(f *fate) { f.about = root.Name })
		return fmt.Errorf("corrects %s, a retraction", e.Corrects)
	case root.Audience != e.Audience:
		return fmt.Errorf("corrects %s for another audience", e.Corrects)
	case e.Text == "" || !root.speaks():
		return fmt.Errorf("corrects %s, but one of the two has no words", e.Corrects)
	}
	i.decide(e.Name, func(f *fate) { f.about = root.Name })
	i.decide(root.Name, func(f *fate) { f.now = e.Name })
	return nil
}

// retract withdraws the words of an entry with all its corrections, for good.
func (i *Incident) retract(e *Entry) error {
	_, root, err := i.root(e, e.Retracts)
	if err != nil {
		return err
	}
	i.decide(e.Name, func(f *fate) { f.about = root.Name })
	i.decide(root.Name, func(f *fate) { f.gone = cmp.Or(f.gone, e.Name) })
	return nil
}

// repeat ties a retry to the entry that it repeats, so that it shares its fate: words that are withdrawn
// are withdrawn in both.
func (i *Incident) repeat(e, first *Entry) {
	about := cmp.Or(i.fate(first.Name).about, first.Name)
	i.decide(e.Name, func(f *fate) { f.about = about })
}

// root finds the entry that e names, and the one at the bottom of the chain that this may be part of. An
// entry can only be about an earlier one, so there are no circles.
func (i *Incident) root(e *Entry, about string) (target, root Entry, err error) {
	target, ok := i.Entry(about)
	if !ok || about >= e.Name {
		return Entry{}, Entry{}, fmt.Errorf("is about %q, which is not an earlier entry of this incident", about)
	}
	root, ok = i.Root(target)
	if !ok {
		root = target
	}
	return target, root, nil
}

// Root is the entry that e corrects, withdraws or repeats, at the bottom of a chain of corrections.
func (i Incident) Root(e Entry) (Entry, bool) { return i.Entry(i.fate(e.Name).about) }

// Correction is the entry that holds the text of e now, if it was corrected.
func (i Incident) Correction(e Entry) (Entry, bool) { return i.Entry(i.fate(e.Name).now) }

// Retraction is the entry that withdrew e, if any did.
func (i Incident) Retraction(e Entry) (Entry, bool) { return i.Entry(i.fate(e.Name).gone) }
