package record

import (
	"encoding/hex"
	"slices"

	"incident/pkg/incident"
)

// Each reads the incidents that are wanted, the newest day first. A version names all that the record
// holds of an incident: the same version, the same content.
func (d *Reader) Each(want func(id, version string) bool, take func(inc incident.Incident, version string)) error {
	versions := map[string]string{} // of those that are wanted
	wanted := func(r *row) bool {
		version := hex.EncodeToString([]byte(r.tree))
		if r.names == "" || !want(r.id, version) { // the first: a folder without a timeline
			return false
		}
		versions[r.id] = version
		return true
	}
	same := func(inc incident.Incident) incident.Incident { return inc }
	return visitWanted(d, wanted, nil, same, func(inc incident.Incident) {
		if slices.ContainsFunc(inc.Timeline, func(e incident.Entry) bool { return !lasting(e.Problem) }) {
			take(inc, "") // what could not be read may be the next time
			return
		}
		take(inc, versions[inc.ID])
	})
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
