package record

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// maxDocument is how large a postmortem may be, in bytes.
const maxDocument = 16 << 20

// Reader reads what is recorded, as of one commit.
type Reader struct {
	snap *gitstore.Snapshot
	ids  []string
}

// Read opens the record as it is committed now. The caller closes the reader.
func (r *Record) Read(ctx context.Context) (*Reader, error) {
	snap, err := r.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return &Reader{snap: snap}, nil
}

// Close ends the reading.
func (d *Reader) Close() error { return d.snap.Close() }

// IDs lists all incidents, the newest day first.
func (d *Reader) IDs() ([]string, error) {
	if d.ids != nil {
		return d.ids, nil
	}
	dirs := []string{incidentsDir}
	for range 4 { // year, month, day, slug
		var below []string
		for _, dir := range dirs {
			items, err := d.snap.List(dir)
			if err != nil {
				return nil, err
			}
			for _, it := range items {
				if it.Kind == gitstore.Folder {
					below = append(below, dir+"/"+it.Name)
				}
			}
		}
		dirs = below
	}
	for _, dir := range dirs {
		parts := strings.Split(dir, "/")
		if id := parts[1] + parts[2] + parts[3] + "-" + parts[4]; validID(id) {
			d.ids = append(d.ids, id)
		}
	}
	slices.SortFunc(d.ids, newestFirst)
	return d.ids, nil
}

// newestFirst orders identifiers by day, backwards, then by slug.
func newestFirst(a, b string) int { return cmp.Or(cmp.Compare(b[:8], a[:8]), cmp.Compare(a, b)) }

// Incident reads one incident. It is an [ErrNotFound] where there is none of that identifier.
func (d *Reader) Incident(id string) (incident.Incident, error) {
	entries, err := d.entries(id)
	if err != nil {
		return incident.Incident{}, err
	}
	if len(entries) == 0 {
		return incident.Incident{}, fail(ErrNotFound, "incident list --all shows them", "no incident %s", id)
	}
	return incident.Fold(id, entries), nil
}

// timeline lists the files of an incident's timeline.
func (d *Reader) timeline(id string) ([]gitstore.Item, error) {
	dir, err := dirOf(id)
	if err != nil {
		return nil, err
	}
	return d.snap.List(path.Join(dir, timelineDir))
}

func (d *Reader) entries(id string) ([]incident.Entry, error) {
	items, err := d.timeline(id)
	if err != nil {
		return nil, err
	}
	var entries []incident.Entry
	seen := map[string]bool{}
	for _, it := range items {
		if !seen[it.Name] { // a tree that no git makes may hold one name twice
			seen[it.Name] = true
			entries = append(entries, d.entry(it))
		}
	}
	return entries, nil
}

// entry reads one entry. What is none is one too, so that it neither vanishes nor hides the others: its
// name has a slash, as no entry's has.
func (d *Reader) entry(it gitstore.Item) incident.Entry {
	name, ok := strings.CutSuffix(it.Name, entryEnding)
	switch {
	case it.Kind != gitstore.File:
		return incident.Entry{Name: timelineDir + "/" + it.Name, Problem: fmt.Errorf("is no ordinary file: %w", ErrInvalid)}
	case !ok:
		return incident.Entry{Name: timelineDir + "/" + it.Name, Problem: fmt.Errorf("does not end in %s: %w", entryEnding, ErrInvalid)}
	}
	raw, err := d.snap.ReadItem(it, maxEntry)
	switch {
	case errors.Is(err, gitstore.ErrTooLarge):
		return incident.Entry{Name: name, Problem: fmt.Errorf("it is larger than %d bytes: %w", maxEntry, ErrInvalid)}
	case err != nil:
		return incident.Entry{Name: name, Problem: fmt.Errorf("it cannot be read: %w", err)}
	}
	return decode(name, raw)
}

// openedWith finds the incident that a key has opened. Only openings are read.
func (d *Reader) openedWith(key string) (id string, first incident.Entry, err error) {
	ids, err := d.IDs()
	if err != nil {
		return "", incident.Entry{}, err
	}
	for _, id := range ids {
		items, err := d.timeline(id)
		if err != nil {
			return "", incident.Entry{}, err
		}
		for _, it := range items {
			if !strings.Contains(it.Name, "-"+incident.Opened.String()+"-") {
				continue
			}
			if e := d.entry(it); e.Kind == incident.Opened && e.Key == key {
				return id, e, nil
			}
		}
	}
	return "", incident.Entry{}, nil
}

// All reads every incident, the newest day first.
func (d *Reader) All() ([]incident.Incident, error) {
	ids, err := d.IDs()
	if err != nil {
		return nil, err
	}
	var all []incident.Incident
	for _, id := range ids {
		inc, err := d.Incident(id)
		if errors.Is(err, ErrNotFound) {
			continue // a folder without a timeline
		}
		if err != nil {
			return nil, err
		}
		all = append(all, inc)
	}
	return all, nil
}

// Resolve lists the incidents that a reference may mean: an identifier or public identifier exactly, else
// those whose identifier begins so, else those whose slug holds it. Of several, the open ones come alone
// where there is any: last year's outage of the same name is not what somebody means tonight.
func (d *Reader) Resolve(ref string) ([]incident.Incident, error) {
	ref = strings.ToLower(strings.TrimSpace(ref))
	ids, err := d.IDs()
	if err != nil || ref == "" {
		return nil, err
	}
	tests := []func(id string) bool{
		func(id string) bool { return id == ref },
		func(id string) bool { return strings.HasPrefix(id, ref) },
		func(id string) bool { return slugOf(id) == ref },
		func(id string) bool { return strings.Contains(slugOf(id), ref) },
	}
	for _, meant := range tests {
		var found []incident.Incident
		for _, id := range ids {
			if !meant(id) {
				continue
			}
			inc, err := d.Incident(id)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			if err == nil {
				found = append(found, inc)
			}
		}
		if len(found) > 0 {
			return preferOpen(found), nil
		}
	}
	return d.byPublicID(ref, ids)
}

func preferOpen(list []incident.Incident) []incident.Incident {
	var open []incident.Incident
	for _, inc := range list {
		if !inc.Status.Over() {
			open = append(open, inc)
		}
	}
	if len(open) > 0 {
		return open
	}
	return list
}

// byPublicID finds an incident by the name that people outside know it by: the day it was opened, which
// is its folder's, and the suffix of its opening.
func (d *Reader) byPublicID(ref string, ids []string) ([]incident.Incident, error) {
	for _, id := range ids {
		if len(ref) < 9 || !strings.HasPrefix(id, ref[:9]) {
			continue
		}
		inc, err := d.Incident(id)
		if err == nil && inc.PublicID == ref {
			return []incident.Incident{inc}, nil
		}
	}
	return nil, nil
}

// EntryRef is an entry and the incident that it belongs to.
type EntryRef struct{ Incident, Name string }

// FindEntry lists the entries of all incidents that a reference may mean: a whole name, a random suffix,
// or the beginning of a name. Only names are read.
func (d *Reader) FindEntry(ref string) ([]EntryRef, error) {
	ids, err := d.IDs()
	if err != nil || len(ref) < 4 {
		return nil, err
	}
	var exact, begins []EntryRef
	for _, id := range ids {
		items, err := d.timeline(id)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			name := strings.TrimSuffix(it.Name, entryEnding)
			switch {
			case name == ref, strings.HasSuffix(name, "-"+ref) && !strings.Contains(ref, "-"):
				exact = append(exact, EntryRef{id, name})
			case strings.HasPrefix(name, ref):
				begins = append(begins, EntryRef{id, name})
			}
		}
	}
	if len(exact) > 0 {
		return exact, nil
	}
	return begins, nil
}

// Postmortem is an incident's postmortem as it is committed; an [ErrNotFound] where there is none.
func (d *Reader) Postmortem(id string) ([]byte, error) {
	raw, err := d.snap.Read(PostmortemPath(id), maxDocument)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, fail(ErrNotFound, "incident postmortem -i "+id+" drafts it", "%s has no postmortem", id)
	}
	return raw, err
}

// Logged is one entry with what git knows of it.
type Logged struct {
	Entry  incident.Entry
	Commit string // "" where history does not tell
	// Committed is when the commit was made, and By who made it, as git says.
	Committed time.Time
	By        incident.Person
}

// Log reads an incident's timeline as the audit trail: by recording, with the commits.
func (r *Record) Log(ctx context.Context, inc incident.Incident) ([]Logged, error) {
	dir, err := dirOf(inc.ID)
	if err != nil {
		return nil, err
	}
	history, err := r.store.History(ctx, path.Join(dir, timelineDir))
	if err != nil {
		return nil, err
	}
	var list []Logged
	for _, e := range inc.Timeline {
		h := history[PathOf(inc.ID, e.Name)]
		list = append(list, Logged{e, h.Commit, h.Committed, incident.Person{Name: h.Author.Name, Email: h.Author.Email}})
	}
	return list, nil
}
