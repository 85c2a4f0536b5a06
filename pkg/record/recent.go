package record

import (
	"slices"

	"incident/pkg/incident"
)

// byGit is how much more work an entry or a folder is that git must be asked for than an entry on a shelf of the cache.
const byGit = 10

// Recent visits incidents, the newest day first, until an amount of work is done: 1 for an entry that the cache holds,
// [byGit] for an entry or a folder that must be read from git. It is for hints, which must never take long: in a record
// of any size, with a cache or without one, it does no more than that, and what it did not come to is left out.
func (d *Reader) Recent(work int, visit func(incident.Incident)) error {
	months, err := d.allMonths()
	if err != nil {
		return err
	}
	open := d.shelf(openShelf)
	open.fetch()
	onOpen := rowsOf(open)
	for _, m := range months {
		s := d.shelf(m.name)
		s.fetch()
		onMonth, trees := rowsOf(s), map[string]part{}
		for _, p := range s.parts {
			trees[p.name] = p
		}
		days, err := d.folders(m.tree)
		if err != nil {
			return err
		}
		work -= byGit
		for _, day := range slices.Backward(days) {
			slugs, cost, err := d.slugs(m.name, day, trees[day.name])
			if err != nil {
				return err
			}
			work -= cost
			for _, slug := range slugs {
				if work <= 0 {
					return nil
				}
				entries, cost, err := d.within(work, slug.tree, onOpen[slug.name], onMonth[slug.name])
				if err != nil {
					return err
				}
				if work -= cost; len(entries) > 0 {
					visit(incident.Fold(slug.name, entries))
				}
			}
			if work <= 0 {
				return nil
			}
		}
	}
	return nil
}

// slugs lists the incidents of a day, by their identifiers; from the cache, where that knows the day as it is.
func (d *Reader) slugs(month string, day folder, known part) (list []folder, cost int, err error) {
	if known.tree == day.tree {
		for _, r := range known.rows {
			list = append(list, folder{r.id, r.tree})
		}
		return list, 0, nil
	}
	slugs, err := d.folders(day.tree)
	for _, slug := range slugs {
		if id := idIn(month, day.name, slug.name); id != "" {
			list = append(list, folder{id, slug.tree})
		}
	}
	return list, byGit, err
}

func rowsOf(s *shelf) map[string]*row {
	rows := map[string]*row{}
	for _, p := range s.parts {
		for _, r := range p.rows {
			rows[r.id] = r
		}
	}
	return rows
}

// within reads the entries of an incident, none where that is more work than there may be, and tells how much it was.
func (d *Reader) within(work int, tree string, shelved ...*row) (entries []incident.Entry, cost int, err error) {
	var k known
	for _, r := range shelved {
		if r == nil {
			continue
		}
		memos := r.unpack()
		if r.tree == tree && r.whole {
			return memos.entries, len(memos.entries), nil
		}
		k = append(k, memos)
	}
	items, err := d.timeline(tree)
	cost = 2 * byGit // the incident's folder, and that of its timeline
	if err != nil {
		return nil, cost, err
	}
	more := len(items)
	for _, it := range items {
		if k.find(it) == nil {
			more += byGit
		}
	}
	if cost+more > work {
		return nil, cost, nil
	}
	return d.takeAll(items, k), cost + more, nil
}
