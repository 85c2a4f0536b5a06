package incidenttest

import (
	"cmp"
	"slices"

	"incident/pkg/incident"
)

// narrow limits those marks whose readers depend on the other entries. It says in its own words what the
// fold and the view are to do, so that a fault in those is not repeated here.
func (m *Marked) narrow() {
	sorted := slices.SortedFunc(slices.Values(m.Entries), func(a, b incident.Entry) int { return cmp.Compare(a.Name, b.Name) })
	m.narrowNames(sorted)
	m.narrowWords(sorted)
}

// narrowNames limits the identifier to the readers of every opening, and each component to those of the
// entries that name it, until a sound one for more than engineers does.
func (m *Marked) narrowNames(sorted []incident.Entry) {
	var openings []incident.Audience
	readers := map[string]incident.Audience{} // of the components, by mark
	for _, e := range sorted {
		widest := min(e.Audience, incident.Internal)
		if e.Unusable() == nil && e.Audience > incident.Technical {
			widest = incident.Customer
		}
		for _, c := range e.Components {
			at := c.Name[len(c.Name)-markLength:]
			readers[at] = max(readers[at], widest)
		}
		if e.Unusable() == nil && e.Kind == incident.Opened {
			openings = append(openings, e.Audience)
		}
	}
	for name, widest := range readers {
		m.limit(name, widest)
	}
	if len(openings) == 0 {
		openings = append(openings, incident.Technical)
	}
	m.limit(m.ID, slices.Min(openings))
}

// said is what an entry says together with its corrections.
type said struct {
	texts     []string
	others    []string // headlines, names of attachments
	withdrawn bool
}

// narrowWords limits what was corrected or withdrawn to the war room.
func (m *Marked) narrowWords(sorted []incident.Entry) {
	byName, roots, words := map[string]incident.Entry{}, map[string]incident.Entry{}, map[string]*said{}
	for n, e := range sorted {
		target, known := byName[e.Corrects+e.Retracts]
		root := roots[target.Name]
		if e.Name != "" {
			byName[e.Name], roots[e.Name] = e, e
		}
		words[e.Name] = &said{}
		if e.Unusable() != nil {
			continue
		}
		switch again := slices.IndexFunc(sorted[:n], func(o incident.Entry) bool { return repeats(o, e) }); {
		case again >= 0:
			roots[e.Name] = roots[sorted[again].Name]
			continue
		case e.Kind == incident.Retracted: // its reason is for the war room anyway
			if known {
				roots[e.Name] = root
				words[root.Name].withdrawn = true
				m.hide(words[root.Name].texts, words[root.Name].others)
			}
			continue
		case known && e.Kind == incident.Note && target.Kind == incident.Retracted:
			roots[e.Name] = root
			m.hide([]string{e.Text})
		case known && corrects(e, root):
			roots[e.Name] = root
			if !words[root.Name].withdrawn {
				m.hide(words[root.Name].texts)
			}
		}
		all := words[roots[e.Name].Name]
		all.texts, all.others = append(all.texts, e.Text), append(all.others, e.Headline)
		for _, a := range e.Attachments {
			all.others = append(all.others, a.Name, a.File)
		}
		if all.withdrawn { // before this was said
			m.hide(all.texts, all.others)
		}
	}
}

func (m *Marked) hide(lists ...[]string) {
	for _, list := range lists {
		for _, word := range list {
			m.limit(word, incident.Internal)
		}
	}
}

func repeats(first, e incident.Entry) bool {
	return e.Key != "" && first.Key == e.Key && first.Unusable() == nil && incident.SameContent(first, e)
}

func corrects(e, root incident.Entry) bool {
	return e.Kind == incident.Note && e.Text != "" && root.Audience == e.Audience && (root.Text != "" || len(root.Attachments) > 0)
}
