package incident

import "fmt"

// correct makes e hold the text of the entry it corrects. A correction of a correction is about the
// same first entry. It counts only for the very audience that read the first text: for a narrower one
// it would put words before people they were not written for, for a wider one they never read it.
func (i *Incident) correct(e Entry) error {
	root, err := i.root(e, e.Corrects)
	if err != nil {
		return err
	}
	i.roots[e.Name] = root.Name
	if _, gone := i.withdrawn[root.Name]; !gone {
		i.corrections[root.Name] = e.Name
	}
	return nil
}

// retract withdraws the text of an entry with all its corrections, for good.
func (i *Incident) retract(e Entry) error {
	root, err := i.root(e, e.Retracts)
	if err != nil {
		return err
	}
	i.roots[e.Name] = root.Name
	if _, gone := i.withdrawn[root.Name]; !gone {
		i.withdrawn[root.Name] = e.Name
	}
	return nil
}

// root finds the entry at the bottom of a chain of corrections. An entry can only be about an earlier
// one, so there are no circles.
func (i *Incident) root(e Entry, about string) (Entry, error) {
	target, ok := i.Entry(about)
	if !ok || about >= e.Name {
		return Entry{}, fmt.Errorf("is about %q, which is not an earlier entry of this incident", about)
	}
	if r, ok := i.roots[target.Name]; ok {
		target, _ = i.Entry(r)
	}
	if e.Kind != Retracted && target.Audience != e.Audience {
		return Entry{}, fmt.Errorf("corrects %s for another audience", about)
	}
	return target, nil
}

// Root is the entry that e corrects or retracts, at the bottom of a chain of corrections.
func (i Incident) Root(e Entry) (Entry, bool) {
	name, ok := i.roots[e.Name]
	if !ok {
		return Entry{}, false
	}
	return i.Entry(name)
}

// Correction is the entry that holds the text of e now, if it was corrected.
func (i Incident) Correction(e Entry) (Entry, bool) { return i.about(i.corrections, e) }

// Retraction is the entry that withdrew e, if any did.
func (i Incident) Retraction(e Entry) (Entry, bool) { return i.about(i.withdrawn, e) }

func (i Incident) about(index map[string]string, e Entry) (Entry, bool) {
	name, ok := index[e.Name]
	if !ok {
		return Entry{}, false
	}
	return i.Entry(name)
}
