package record

import (
	"cmp"
	"encoding/hex"
	"errors"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// The cache spares reading what was read before. What is asked for is always what the newest commit holds:
// trees are compared by name, from the top down, and only what differs is read again.

const (
	cacheDir  = "cache" // in the private folder
	openShelf = "open"  // all that is not closed
	// learnt is how many entries or incidents must have been read again before a large shelf is written
	// again: a note should not cost the writing of its whole month.
	learnt = 16
	// smallShelf is how many bytes a shelf may have that is written again for less.
	smallShelf = 256 << 10
	// maxRead is how many entries are kept for a second reading.
	maxRead = 2000
)

// folder is a folder of the record with the name of its tree, not in hexadecimal.
type folder struct{ name, tree string }

// shelf is a shelf that was used before, or is read from the cache.
func (d *Reader) shelf(name string) *shelf {
	s, ok := d.shelved[name]
	if !ok {
		s = d.cache.load(name)
		d.shelved[name] = s
	}
	return s
}

// save writes a shelf again, unless others wait.
func (d *Reader) save(name string, s *shelf) {
	if !d.hurried {
		d.cache.save(name, s)
	}
}

// list lists a folder by the name of its tree, each name once: a tree that no git makes may hold one twice.
func (d *Reader) list(tree string) ([]gitstore.Item, error) {
	if tree == "" {
		return nil, nil
	}
	items, err := d.snap.ListID(hex.EncodeToString([]byte(tree)))
	if err != nil {
		return nil, err
	}
	last := ""
	for i, it := range items {
		if i > 0 && it.Name <= last { // git sorts, but for folders not quite by name
			return distinct(items), nil
		}
		last = it.Name
	}
	return items, nil
}

func distinct(items []gitstore.Item) []gitstore.Item {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(items), func(it gitstore.Item) bool {
		was := seen[it.Name]
		seen[it.Name] = true
		return was
	})
}

// folders lists the folders in a folder.
func (d *Reader) folders(tree string) ([]folder, error) {
	items, err := d.list(tree)
	var out []folder
	for _, it := range items {
		if it.Kind == gitstore.Folder {
			out = append(out, folder{it.Name, it.Object})
		}
	}
	return out, err
}

// top is the tree of all incidents, "" where there is none.
func (d *Reader) top() (string, error) {
	id, err := d.snap.Folder(incidentsDir)
	raw, _ := hex.DecodeString(id) // git's own spelling
	return string(raw), err
}

// allMonths lists the months that hold incidents, the newest first, under names like 2026-11.
func (d *Reader) allMonths() ([]folder, error) {
	if d.months != nil {
		return d.months, nil
	}
	top, err := d.top()
	if err != nil {
		return nil, err
	}
	years, err := d.folders(top)
	if err != nil {
		return nil, err
	}
	for _, year := range years {
		months, err := d.folders(year.tree)
		if err != nil {
			return nil, err
		}
		for _, month := range months {
			if len(year.name) == 4 && isNumber(year.name) && len(month.name) == 2 && isNumber(month.name) {
				d.months = append(d.months, folder{year.name + "-" + month.name, month.tree})
			}
		}
	}
	slices.SortFunc(d.months, func(a, b folder) int { return cmp.Compare(b.name, a.name) })
	return d.months, nil
}

// idIn is the identifier of an incident in the folder of a day of a month, "" where it is none.
func idIn(month, day, slug string) string {
	id := dayOf(month, day) + slug
	if !validID(id) {
		return ""
	}
	return id
}

// dayOf is what the identifiers of a day begin with.
func dayOf(month, day string) string { return strings.ReplaceAll(month, "-", "") + day + "-" }

// month brings the shelf of a month up to date, names only.
func (d *Reader) month(m folder) (*shelf, error) {
	old := d.shelf(m.name)
	if old.tree == m.tree {
		return old, nil
	}
	fresh := &shelf{tree: m.tree, file: old.file}
	days, err := d.folders(m.tree)
	if err != nil {
		return nil, err
	}
	before := map[string]part{}
	for _, p := range old.parts {
		before[p.name] = p
	}
	for _, day := range days {
		p := before[day.name]
		if p.tree != day.tree {
			if p, err = d.day(m.name, day, p.rows, fresh); err != nil {
				return nil, err
			}
		}
		fresh.parts = append(fresh.parts, p)
	}
	d.shelved[m.name] = fresh
	if old.tree == "" || fresh.news >= learnt {
		d.save(m.name, fresh)
	}
	return fresh, nil
}

// day lists the incidents of a day anew. What is as it was keeps its row.
func (d *Reader) day(month string, day folder, known []*row, home *shelf) (part, error) {
	before := map[string]*row{}
	for _, r := range known {
		before[r.id] = r
	}
	p := part{name: day.name, tree: day.tree}
	slugs, err := d.folders(day.tree)
	if err != nil {
		return p, err
	}
	for _, slug := range slugs {
		id := idIn(month, day.name, slug.name)
		if id == "" {
			continue
		}
		r := before[id]
		if r == nil || r.tree != slug.tree {
			if r, err = d.renewed(id, slug.tree, r); err != nil {
				return p, err
			}
			home.news++
		}
		p.rows = append(p.rows, r)
	}
	slices.SortFunc(p.rows, func(a, b *row) int { return cmp.Compare(a.id, b.id) })
	return p, nil
}

// renewed is the row of an incident that has changed. The entries that it had are kept, since most of them
// are still the same.
func (d *Reader) renewed(id, tree string, old *row) (*row, error) {
	items, err := d.timeline(tree)
	if err != nil {
		return nil, err
	}
	r := &row{id: id, tree: tree}
	if old != nil {
		r.memos, r.changed = *old.unpack(), true
	}
	var names strings.Builder
	for _, it := range items {
		names.WriteString(it.Name + "\x00")
	}
	r.names = names.String()
	return r, nil
}

// timeline lists the files of the timeline of an incident, by the tree of its folder.
func (d *Reader) timeline(tree string) ([]gitstore.Item, error) {
	timeline, err := d.timelineOf(tree)
	if err != nil {
		return nil, err
	}
	return d.list(timeline)
}

// timelineOf is the tree of the timeline, "" where there is none.
func (d *Reader) timelineOf(tree string) (string, error) {
	items, err := d.list(tree)
	i := slices.IndexFunc(items, func(it gitstore.Item) bool { return it.Name == timelineDir })
	if err != nil || i < 0 || items[i].Kind != gitstore.Folder {
		return "", err
	}
	return items[i].Object, nil
}

// known are the entries that were read before, by several sources.
type known []*memos

func (k known) find(it gitstore.Item) *incident.Entry {
	for _, m := range k {
		if e := m.find(it); e != nil {
			return e
		}
	}
	return nil
}

// take reads an entry, unless it is known.
func (d *Reader) take(it gitstore.Item, k known) incident.Entry {
	if e := k.find(it); e != nil {
		return *e
	}
	e, again := d.read[it.Object+it.Name]
	if again && it.Kind == gitstore.File {
		return e
	}
	if e = d.entry(it); keeps(&e) {
		d.decoded++
		if len(d.read) < maxRead {
			d.read[it.Object+it.Name] = e
		}
	}
	return e
}

// keeps reports whether an entry is the same whenever its object is read.
func keeps(e *incident.Entry) bool { return e.Problem == nil && e.Kind != incident.Unreadable }

// takeAll reads the entries of a timeline that are not known.
func (d *Reader) takeAll(items []gitstore.Item, k known) []incident.Entry {
	entries := make([]incident.Entry, 0, len(items)) // they are large: to grow would copy them again and again
	for _, it := range items {
		entries = append(entries, d.take(it, k))
	}
	return entries
}

// fill reads the entries of a row that are not on it.
func (d *Reader) fill(r *row, items []gitstore.Item, k known) []incident.Entry {
	before := d.decoded
	entries := d.takeAll(items, k)
	r.hold(items, entries)
	r.changed = r.changed || d.decoded > before
	return entries
}

// hold puts entries on a row, as far as they can be kept.
func (r *row) hold(items []gitstore.Item, entries []incident.Entry) {
	r.memos = memos{entries: entries}
	for n, it := range items {
		if keeps(&entries[n]) {
			r.memos.objects = append(r.memos.objects, it.Object)
		}
	}
	r.whole = len(r.memos.objects) == len(entries)
	if !r.whole {
		r.memos.entries = slices.DeleteFunc(slices.Clone(entries), func(e incident.Entry) bool { return !keeps(&e) })
	}
}

// entries are those of a row, from the cache as far as they are there.
func (d *Reader) entries(r *row) ([]incident.Entry, error) {
	memos := r.unpack()
	if r.whole {
		return memos.entries, nil
	}
	items, err := d.timeline(r.tree)
	if err != nil {
		return nil, err
	}
	return d.fill(r, items, known{memos}), nil
}

// unclosed brings the shelf of what is not closed up to date. Of what has changed since, only those entries
// are read that decide whether it is closed, and the others where it is not.
func (d *Reader) unclosed() (*shelf, error) {
	old := d.shelf(openShelf)
	top, err := d.top()
	if err != nil || old.tree == top {
		return old, err
	}
	months, err := d.allMonths()
	if err != nil {
		return nil, err
	}
	old.fetch()
	decoded := d.decoded
	before := map[string]part{}
	for _, p := range old.parts {
		before[p.name] = p
	}
	fresh := &shelf{tree: top, file: old.file}
	for _, m := range months {
		p := before[m.name]
		if p.tree != m.tree {
			if p, err = d.judge(m, p, fresh); err != nil {
				return nil, err
			}
		}
		fresh.parts = append(fresh.parts, p)
	}
	d.shelved[openShelf] = fresh
	if old.tree == "" || fresh.news+d.decoded-decoded >= learnt || len(old.bodies) < smallShelf {
		d.save(openShelf, fresh)
	}
	return fresh, nil
}

// judge finds what is not closed in a month that has changed.
func (d *Reader) judge(m folder, old part, home *shelf) (part, error) {
	p := part{name: m.name, tree: m.tree}
	rows := map[string]*row{}
	for _, r := range old.rows {
		rows[r.id] = r
	}
	daysBefore := d.treesIn(old.tree)
	days, err := d.folders(m.tree)
	if err != nil {
		return p, err
	}
	for _, day := range days {
		if daysBefore[day.name] == day.tree {
			for _, r := range old.rows {
				if strings.HasPrefix(r.id, dayOf(m.name, day.name)) {
					p.rows = append(p.rows, r)
				}
			}
			continue
		}
		slugsBefore := d.treesIn(daysBefore[day.name])
		slugs, err := d.folders(day.tree)
		if err != nil {
			return p, err
		}
		for _, slug := range slugs {
			id := idIn(m.name, day.name, slug.name)
			if id == "" {
				continue
			}
			r := rows[id]
			if slugsBefore[slug.name] != slug.tree {
				if r, err = d.unlessClosed(id, slug.tree, r); err != nil {
					return p, err
				}
				home.news++
			}
			if r != nil {
				p.rows = append(p.rows, r)
			}
		}
	}
	return p, nil
}

// takenOn are the names that the folder of a day holds already.
func (d *Reader) takenOn(day time.Time) (map[string]bool, error) {
	items, err := d.snap.List(incidentsDir + day.UTC().Format("/2006/01/02"))
	taken := map[string]bool{}
	for _, it := range items {
		taken[it.Name] = true
	}
	return taken, err
}

// treesIn are the trees in one of an earlier commit, by name; none where it is no longer there.
func (d *Reader) treesIn(tree string) map[string]string {
	trees := map[string]string{}
	list, _ := d.folders(tree) // then all of it counts as changed
	for _, f := range list {
		trees[f.name] = f.tree
	}
	return trees
}

// unlessClosed is the row of an incident that has changed, nil where it is closed or none.
func (d *Reader) unlessClosed(id, tree string, old *row) (*row, error) {
	items, err := d.timeline(tree)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	var k known
	if old != nil {
		k = known{old.unpack()}
	}
	var deciding []incident.Entry
	sure := true
	for _, it := range items {
		if !incident.MovesStatus(strings.TrimSuffix(it.Name, entryEnding)) {
			continue
		}
		e := d.take(it, k)
		deciding = append(deciding, e)
		sure = sure && lasting(e.Problem)
	}
	if sure && incident.Fold(id, deciding).Status == incident.Closed {
		return nil, nil
	}
	r := &row{id: id, tree: tree, changed: true}
	d.fill(r, items, k)
	return r, nil
}

// lasting reports whether a problem is one of what the entry says, which is the same for ever, and not of
// reading it.
func lasting(problem error) bool {
	return problem == nil || errors.Is(problem, ErrInvalid) || errors.Is(problem, incident.ErrInvalid)
}

// keysOf are the keys of a row's openings. Only these are read.
func (d *Reader) keysOf(r *row) ([]opened, error) {
	if r.keyed {
		return r.keys, nil
	}
	items, err := d.timeline(r.tree)
	if err != nil {
		return nil, err
	}
	k := known{r.unpack()}
	r.keys, r.keyed = nil, true
	for _, it := range items {
		if !strings.Contains(it.Name, "-"+incident.Opened.String()+"-") {
			continue
		}
		e := d.take(it, k)
		if e.Kind == incident.Opened && e.Key != "" {
			r.keys = append(r.keys, opened{e.Key, e.Name})
		}
		r.keyed = r.keyed && lasting(e.Problem)
	}
	return r.keys, nil
}

// entriesOf are the entries of one incident, by the tree of its folder. The cache helps where it can, but
// nothing else is read to bring it up to date.
func (d *Reader) entriesOf(id, tree string) ([]incident.Entry, error) {
	month := id[:4] + "-" + id[4:6]
	r := d.shelf(openShelf).row(id)
	if r == nil {
		r = d.shelf(month).row(id)
	}
	var k known
	there := 0
	if r != nil {
		memos := r.unpack() // which may show that it is not whole
		if r.tree == tree && r.whole {
			return memos.entries, nil
		}
		k, there = known{memos}, len(memos.entries)
	}
	items, err := d.timeline(tree)
	if err != nil {
		return nil, err
	}
	if len(items) > there+learnt {
		if r := d.shelf(month).row(id); r != nil {
			k = append(k, r.unpack())
		}
	}
	before := d.decoded
	entries := d.takeAll(items, k)
	if d.decoded-before >= learnt && !d.hurried {
		r = &row{id: id, tree: tree}
		r.hold(items, entries)
		d.keep(month, r)
	}
	return entries, nil
}

// keep puts an incident on the shelf of its month, for the next who asks for it.
func (d *Reader) keep(month string, r *row) {
	months, err := d.allMonths()
	i := slices.IndexFunc(months, func(m folder) bool { return m.name == month })
	if err != nil || i < 0 {
		return // what was asked for is read already
	}
	s, err := d.month(months[i])
	if err != nil {
		return // as above
	}
	if known := s.row(r.id); known != nil && known.tree == r.tree {
		known.memos, known.whole, known.changed = r.memos, r.whole, true
		d.save(month, s)
	}
}
