package record

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// maxDocument is how large a postmortem may be, in bytes.
const maxDocument = 16 << 20

// Reader reads what is recorded, as of one commit. What was read before comes from the cache.
type Reader struct {
	snap    *gitstore.Snapshot
	cache   shelves
	shelved map[string]*shelf   // that were used
	used    map[string]*shelf   // by readers that were closed
	months  []folder            // see allMonths
	open    []incident.Incident // see Open
	last    incident.Incident   // that was read alone
	decoded int                 // entries that were not in the cache
	hurried bool                // others wait until this is read: what it learns, the next one writes down

	read   map[string]incident.Entry // by this process, by object and file name
	folded *folded                   // see there
}

// folded is the incident that this process has read last, with the trees of its folder and of its timeline: a write reads
// its incident twice, the second time with the lock, when it mostly is as it was, or has a few entries more.
type folded struct {
	tree, timeline string
	inc            incident.Incident
}

// Read opens the record as it is committed now. The caller closes the reader.
func (r *Record) Read(ctx context.Context) (*Reader, error) {
	snap, err := r.store.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return r.reader(snap), nil
}

// reader reads a commit, with what another reader has used already: each shelf and each row says of which
// folder it tells, so that what has changed since is read again.
func (r *Record) reader(snap *gitstore.Snapshot) *Reader {
	return &Reader{snap: snap, cache: r.cache(), shelved: maps.Clone(r.shelved), used: r.shelved, read: r.read, folded: r.folded}
}

// Close ends the reading.
func (d *Reader) Close() error {
	maps.Copy(d.used, d.shelved)
	return d.snap.Close()
}

// rows visits all incidents, the newest day first, until visit says that it has seen enough.
func (d *Reader) rows(visit func(*row) (enough bool, err error)) error {
	months, err := d.allMonths()
	if err != nil {
		return err
	}
	for _, m := range months {
		s, err := d.month(m)
		if err != nil {
			return err
		}
		for _, p := range slices.Backward(s.parts) {
			for _, r := range p.rows {
				if r.names == "" {
					continue // a folder without a timeline
				}
				if enough, err := visit(r); err != nil || enough {
					return err
				}
			}
		}
	}
	return nil
}

// IDs lists all incidents, the newest day first.
func (d *Reader) IDs() ([]string, error) {
	var ids []string
	err := d.rows(func(r *row) (bool, error) {
		ids = append(ids, r.id)
		return false, nil
	})
	return ids, err
}

// newestFirst orders identifiers by day, backwards, then by slug.
func newestFirst(a, b string) int { return cmp.Or(cmp.Compare(b[:8], a[:8]), cmp.Compare(a, b)) }

// Incident reads one incident. It is an [ErrNotFound] where there is none of that identifier.
func (d *Reader) Incident(id string) (incident.Incident, error) {
	if d.last.ID == id && id != "" {
		return d.last, nil
	}
	dir, err := dirOf(id)
	if err != nil {
		return incident.Incident{}, err
	}
	tree, err := d.snap.Folder(dir)
	if err != nil {
		return incident.Incident{}, err
	}
	raw, _ := hex.DecodeString(tree) // git's own spelling
	if d.folded.inc.ID == id && d.folded.tree == string(raw) {
		d.last = d.folded.inc
		return d.last, nil
	}
	if d.folded.inc.ID == id {
		if inc, ok, err := d.grown(string(raw)); ok || err != nil {
			return inc, err
		}
	}
	entries, err := d.entriesOf(id, string(raw))
	if err != nil {
		return incident.Incident{}, err
	}
	if len(entries) == 0 {
		return incident.Incident{}, fail(ErrNotFound, "incident list --all shows them", "no incident %s", id)
	}
	return d.fold(string(raw), incident.Fold(id, entries))
}

// grown is the incident that was read last, where nothing has become of it since but that further entries came behind
// those that were there.
func (d *Reader) grown(tree string) (_ incident.Incident, ok bool, err error) {
	timeline, err := d.timelineOf(tree)
	if err != nil || timeline == "" || d.folded.timeline == "" {
		return incident.Incident{}, false, err
	}
	items, ok, err := d.snap.Added(hex.EncodeToString([]byte(d.folded.timeline)), hex.EncodeToString([]byte(timeline)))
	if err != nil || !ok {
		return incident.Incident{}, false, err
	}
	inc := d.folded.inc
	last := inc.Timeline[len(inc.Timeline)-1].Name
	var entries []incident.Entry
	for _, it := range items {
		e := d.take(it, nil)
		if e.Name <= last {
			return incident.Incident{}, false, nil
		}
		last, entries = e.Name, append(entries, e)
	}
	inc, err = d.fold(tree, inc.With(entries...))
	return inc, true, err
}

// fold goes on with an incident that was read alone.
func (d *Reader) fold(tree string, inc incident.Incident) (incident.Incident, error) {
	d.last = inc
	if len(inc.Anomalies) > 0 { // what could not be read may be read the next time
		return inc, nil
	}
	timeline, err := d.timelineOf(tree)
	*d.folded = folded{tree, timeline, inc}
	return inc, err
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
		return incident.Entry{Name: name, Problem: err}
	}
	return decode(name, raw)
}

// openedWith finds the incident that a key has opened, and the entry.
func (d *Reader) openedWith(key string) (id, entry string, err error) {
	months, err := d.allMonths()
	if err != nil {
		return "", "", err
	}
	for _, m := range months {
		s, err := d.month(m)
		if err != nil {
			return "", "", err
		}
		before := d.decoded
		for _, p := range slices.Backward(s.parts) {
			for _, r := range p.rows {
				keys, err := d.keysOf(r)
				if err != nil {
					return "", "", err
				}
				if i := slices.IndexFunc(keys, func(o opened) bool { return o.key == key }); i >= 0 {
					return r.id, keys[i].entry, nil
				}
			}
		}
		if d.decoded-before >= learnt {
			d.save(m.name, s)
		}
	}
	return "", "", nil
}

// Open reads the incidents that are not closed, the newest day first.
func (d *Reader) Open() ([]incident.Incident, error) {
	if d.open != nil {
		return d.open, nil
	}
	s, err := d.unclosed()
	if err != nil {
		return nil, err
	}
	s.fetch()
	for _, p := range s.parts {
		for _, r := range p.rows {
			entries, err := d.entries(r)
			if err != nil {
				return nil, err
			}
			// One that could not be read to its end when it was put there may be closed.
			if inc := incident.Fold(r.id, entries); inc.Status != incident.Closed {
				d.open = append(d.open, inc)
			}
		}
	}
	slices.SortFunc(d.open, func(a, b incident.Incident) int { return newestFirst(a.ID, b.ID) })
	return d.open, nil
}

// Closed lists the incidents that are closed, the newest day first.
func (d *Reader) Closed() ([]string, error) {
	open, err := d.Open()
	if err != nil {
		return nil, err
	}
	ids, err := d.IDs()
	still := map[string]bool{}
	for _, inc := range open {
		still[inc.ID] = true
	}
	return slices.DeleteFunc(ids, func(id string) bool { return still[id] }), err
}

// All reads every incident, the newest day first.
func (d *Reader) All() ([]incident.Incident, error) {
	return d.Find(func(incident.Incident) bool { return true })
}

// Find reads every incident and returns those that are to be kept, the newest day first. No more than some
// months of the others are in memory at once.
func (d *Reader) Find(keep func(incident.Incident) bool) ([]incident.Incident, error) {
	var found []incident.Incident
	err := Visit(d, nil, func(inc incident.Incident) incident.Incident { return inc }, func(inc incident.Incident) {
		if keep(inc) {
			found = append(found, inc)
		}
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// Resolve lists the incidents that a reference may mean: an identifier or public identifier exactly, else
// those whose identifier begins so, else those whose slug holds it. Of several, the open ones come alone
// where there is any: last year's outage of the same name is not what somebody means tonight.
func (d *Reader) Resolve(ref string) ([]string, error) {
	ref = strings.ToLower(strings.TrimSpace(ref))
	if ref == "" {
		return nil, nil
	}
	if validID(ref) {
		switch _, err := d.Incident(ref); {
		case err == nil:
			return []string{ref}, nil
		case !errors.Is(err, ErrNotFound):
			return nil, err
		}
	}
	ids, err := d.IDs()
	if err != nil {
		return nil, err
	}
	for _, meant := range []func(id string) bool{
		func(id string) bool { return strings.HasPrefix(id, ref) },
		func(id string) bool { return slugOf(id) == ref },
		func(id string) bool { return strings.Contains(slugOf(id), ref) },
	} {
		found := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !meant(id) })
		if len(found) > 1 {
			return d.preferOpen(found)
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return d.byPublicID(ref)
}

func (d *Reader) preferOpen(ids []string) ([]string, error) {
	open, err := d.Open()
	if err != nil {
		return nil, err
	}
	still := map[string]bool{}
	for _, inc := range open {
		still[inc.ID] = !inc.Status.Over()
	}
	found := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !still[id] })
	if len(found) > 0 {
		return found, nil
	}
	return ids, nil
}

// byPublicID finds an incident by the name that people outside know it by: the day it was opened, which
// is its folder's, and the suffix of its opening.
func (d *Reader) byPublicID(ref string) (found []string, err error) {
	day, suffix, _ := strings.Cut(ref, "-")
	err = d.rows(func(r *row) (bool, error) {
		if !strings.HasPrefix(r.id, day+"-") || !strings.Contains(r.names, "-"+suffix+entryEnding+"\x00") {
			return false, nil
		}
		entries, err := d.entries(r)
		if err != nil || incident.Fold(r.id, entries).PublicID != ref {
			return false, err
		}
		found = []string{r.id}
		return true, nil
	})
	return found, err
}

// EntryRef is an entry and the incident that it belongs to.
type EntryRef struct{ Incident, Name string }

// FindEntry lists the entries of all incidents that a reference may mean: a whole name, a random suffix,
// or the beginning of a name. Only names are read.
func (d *Reader) FindEntry(ref string) ([]EntryRef, error) {
	if len(ref) < 4 {
		return nil, nil
	}
	var exact, begins []EntryRef
	err := d.rows(func(r *row) (bool, error) {
		if !strings.Contains(r.names, ref) {
			return false, nil
		}
		for file := range strings.SplitSeq(strings.TrimSuffix(r.names, "\x00"), "\x00") {
			name := strings.TrimSuffix(file, entryEnding)
			switch {
			case name == ref, strings.HasSuffix(name, "-"+ref) && !strings.Contains(ref, "-"):
				exact = append(exact, EntryRef{r.id, name})
			case strings.HasPrefix(name, ref):
				begins = append(begins, EntryRef{r.id, name})
			}
		}
		return false, nil
	})
	if err != nil || len(exact) > 0 {
		return exact, err
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

// Attachment reads a file that came with an entry of an incident; an [ErrNotFound] where it is not recorded.
func (d *Reader) Attachment(id string, a incident.Attachment) ([]byte, error) {
	dir, err := dirOf(id)
	if err != nil || !a.Plain() {
		return nil, fail(ErrNotFound, "", "%s has no attachment %s", id, a.File)
	}
	raw, err := d.snap.Read(path.Join(dir, attachmentsDir, a.File), maxDocument)
	if errors.Is(err, gitstore.ErrNotFound) {
		return nil, fail(ErrNotFound, "", "%s has no attachment %s", id, a.File)
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
