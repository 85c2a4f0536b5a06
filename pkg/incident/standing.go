package incident

import "slices"

// Standing is how an incident stood for its readers once an entry was recorded.
type Standing struct {
	Status     Status
	Headline   string
	Named      bool        // somebody gave the headline; else it is made from Hit
	Components []Component // that the readers may know of, in the order they were named
	Hit        []Component // those of them that customers may know of, each as it was when it last did not work
}

// Standings tells for each entry of the timeline, at the same place, how the incident stood after it, as far as an
// audience may know of it. What is recorded later changes none of them, but for a headline that is withdrawn and a
// component that is named differently, or to a wider audience, afterwards. Their slices are shared: read them only.
func (i Incident) Standings(a Audience) []Standing {
	list := make([]Standing, len(i.Timeline))
	states := make([]Component, len(i.components)) // those named so far
	hit := make([]State, len(i.components))
	var now Standing
	given := ""
	moves, changes, headlines := i.Moves, i.stateMoves, i.headlines
	for n, e := range i.Timeline {
		changed := n == 0
		for ; len(moves) > 0 && moves[0].Entry <= e.Name; moves = moves[1:] {
			now.Status = moves[0].Status
		}
		for ; len(changes) > 0 && changes[0].entry <= e.Name; changes = changes[1:] {
			m := changes[0]
			states[m.component] = Component{i.components[m.component].Name, m.state}
			if m.state != Operational {
				hit[m.component] = m.state
			}
			changed = true
		}
		for ; len(headlines) > 0 && headlines[0].entry <= e.Name; headlines = headlines[1:] {
			if !i.withdrawn(headlines[0].entry) {
				given, changed = headlines[0].text, true
			}
		}
		if changed {
			now.Components, now.Headline, now.Named, now.Hit = i.known(states, a), given, given != "", i.hit(hit)
			if !now.Named {
				now.Headline = DefaultHeadline(now.Hit)
			}
		}
		list[n] = now
	}
	return list
}

// known are the components of some states that an audience may know of.
func (i Incident) known(states []Component, a Audience) []Component {
	var list []Component
	for n, c := range states {
		if c.Name != "" && a.Sees(i.components[n].readers) {
			list = append(list, c)
		}
	}
	return slices.Clip(list)
}

// hit is what customers may know of components that did not work, by their places.
func (i Incident) hit(states []State) []Component {
	var list []Component
	for n, state := range states {
		if c := i.components[n]; state > Operational && Customer.Sees(c.readers) {
			list = append(list, Component{c.Name, state})
		}
	}
	return list
}

// withdrawn reports whether what an entry says no longer holds.
func (i Incident) withdrawn(entry string) bool {
	fate := i.fate(entry)
	return fate.gone != "" || i.fate(fate.about).gone != ""
}
