package record

import (
	"encoding/hex"
	"slices"

	"incident/pkg/incident"
)

// Each visits all incidents, the newest day first, and reads those that are wanted. A version names all that the record
// holds of an incident: the same version, the same content.
func (d *Reader) Each(want func(id, version string) bool, visit func(inc incident.Incident, version string)) error {
	months, err := d.allMonths()
	if err != nil {
		return err
	}
	for _, m := range months {
		s, err := d.month(m)
		if err != nil {
			return err
		}
		var wanted []*row
		for _, p := range slices.Backward(s.parts) {
			for _, r := range p.rows {
				if r.names != "" && want(r.id, hex.EncodeToString([]byte(r.tree))) {
					wanted = append(wanted, r)
				}
			}
		}
		if len(wanted) > few {
			s.fetch()
		}
		before := d.decoded
		for _, r := range wanted {
			entries, err := d.entries(r)
			if err != nil {
				return err
			}
			visit(incident.Fold(r.id, entries), versionOf(r, entries))
		}
		if d.decoded-before >= learnt {
			d.cache.save(m.name, s)
		}
		if len(wanted) > few {
			delete(d.shelved, m.name)
		}
	}
	return nil
}

// few is how many incidents of a month are read one by one, not with all of the month.
const few = 8

// versionOf names what was read, "" where something could not be read that may be the next time.
func versionOf(r *row, entries []incident.Entry) string {
	for _, e := range entries {
		if !lasting(e.Problem) {
			return ""
		}
	}
	return hex.EncodeToString([]byte(r.tree))
}

// Again reads an incident that [Reader.Each] has named.
func (d *Reader) Again(id string) (incident.Incident, error) {
	months, err := d.allMonths()
	if err != nil {
		return incident.Incident{}, err
	}
	for _, m := range months {
		if m.name != id[:4]+"-"+id[4:6] {
			continue
		}
		s, err := d.month(m)
		if err != nil {
			return incident.Incident{}, err
		}
		if r := s.row(id); r != nil {
			entries, err := d.entries(r)
			return incident.Fold(id, entries), err
		}
	}
	return incident.Incident{}, fail(ErrNotFound, "incident list --all shows them", "no incident %s", id)
}
