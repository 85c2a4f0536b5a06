package page

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"incident/pkg/view"
)

// The states of components, from well to worst, as the words of the page name them.
const (
	operational = view.State(iota + 1)
	maintenance
	degraded
	partialOutage
	majorOutage
)

// Day is how a component was on one day of the page's zone.
type Day struct {
	Date  time.Time // its beginning
	Worst view.State
	Hit   time.Duration // in anything but operational
	In    [majorOutage + 1]time.Duration
	Now   view.State // that still goes on; 0 on other days than the last
	Since time.Time  // when that began
}

// span is a time in which a component was not operational.
type span struct {
	from, to time.Time
	state    view.State
	open     bool // it goes on
}

// components puts those of the configuration into groups, then those that only the record still knows.
func (s *Site) components() {
	spans := map[string][]span{}
	names := map[string]string{}
	of := map[string][]*Incident{}
	var order []string
	for _, i := range slices.Backward(s.Incidents) {
		for _, c := range i.Components {
			key := strings.ToLower(c.Name)
			if _, ok := names[key]; !ok {
				names[key] = c.Name
				order = append(order, key)
			}
			of[key] = append(of[key], i)
			spans[key] = append(spans[key], s.spans(i, c.Name)...)
		}
	}
	for _, list := range of {
		slices.Reverse(list)
	}
	groups := map[string]*Group{}
	first := map[string]string{} // by file, the first in the alphabet of the names that it would stand for: "Check out", not "Check-out"
	for _, c := range s.Settings.Components {
		names[strings.ToLower(c.Name)] = c.Name
	}
	for _, name := range names {
		file := slug(name)
		if one, ok := first[file]; !ok || strings.ToLower(name) < strings.ToLower(one) {
			first[file] = name
		}
	}
	add := func(c Component) {
		key := strings.ToLower(c.Name)
		file := slug(c.Name)
		if !strings.EqualFold(first[file], c.Name) {
			file += "-" + mark(c.Name)
		}
		g, ok := groups[c.Group]
		if !ok {
			g = &Group{Name: c.Group, State: operational}
			groups[c.Group] = g
			s.Groups = append(s.Groups, g)
		}
		st := &ComponentState{Component: c, State: operational, Path: "components/" + file + ".html", Incident: of[key]}
		for _, p := range spans[key] {
			if p.open {
				st.State = max(st.State, p.state)
			}
		}
		st.Days, st.Uptime = s.days(spans[key])
		g.Components = append(g.Components, st)
		g.State = max(g.State, st.State)
		delete(names, key)
	}
	for _, c := range s.Settings.Components {
		add(c)
	}
	for _, key := range order {
		name, left := names[key]
		if !left {
			continue
		}
		hit := slices.ContainsFunc(spans[key], func(p span) bool { return p.open })
		if len(s.Settings.Components) == 0 || hit {
			add(Component{Name: name})
		}
	}
	slices.SortStableFunc(s.Groups, func(a, b *Group) int { return cmp.Compare(b2i(a.Name != ""), b2i(b.Name != "")) })
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// spans are the times in which one incident kept a component from working.
func (s *Site) spans(i *Incident, name string) []span {
	var list []span
	state, since := view.State(0), time.Time{}
	end := func(at time.Time) {
		if state > operational && at.After(since) {
			list = append(list, span{from: since, to: at, state: state})
		}
	}
	moves := i.States
	byTime := func(a, b view.StateMove) int { return a.At.Compare(b.At) }
	if !slices.IsSortedFunc(moves, byTime) {
		moves = slices.Clone(moves)
		slices.SortStableFunc(moves, byTime)
	}
	for _, m := range moves {
		if m.Component != name || m.At.After(s.Until) {
			continue
		}
		at := m.At
		if state == 0 && i.Confirmed && i.Started.Before(at) {
			at = i.Started // it was so from the start, and was said later
		}
		end(at)
		state, since = m.State, at
	}
	if i.Over && !i.ResolvedAt.IsZero() && !i.ResolvedAt.After(s.Until) {
		end(i.ResolvedAt)
	} else if state > operational {
		list = append(list, span{since, s.Until, state, true})
	}
	return list
}

// days cuts the spans of a component into days, and adds up its uptime. The worst state counts where they overlap.
func (s *Site) days(spans []span) ([]Day, float64) {
	now := s.AsOf.In(s.Zone)
	first := time.Date(now.Year(), now.Month(), now.Day()-Window+1, 0, 0, 0, 0, s.Zone)
	spans = slices.DeleteFunc(slices.Clone(spans), func(p span) bool { return p.to.Before(first) })
	days := make([]Day, Window)
	var lost, whole time.Duration
	for n := range days {
		from := first.AddDate(0, 0, n)
		to := first.AddDate(0, 0, n+1)
		if to.After(s.Until) {
			to = s.Until
		}
		whole += max(0, to.Sub(from))
		d := Day{Date: from, Worst: operational}
		cuts := []time.Time{from, to}
		for _, p := range spans {
			for _, t := range []time.Time{p.from, p.to} {
				if t.After(from) && t.Before(to) {
					cuts = append(cuts, t)
				}
			}
		}
		slices.SortFunc(cuts, time.Time.Compare)
		for k := 0; k+1 < len(cuts); k++ {
			worst := operational
			for _, p := range spans {
				if p.from.Before(cuts[k+1]) && p.to.After(cuts[k]) {
					worst = max(worst, p.state)
				}
			}
			long := cuts[k+1].Sub(cuts[k])
			if worst > operational {
				d.Hit += long
				d.In[worst] += long
			}
			switch worst {
			case majorOutage:
				lost += long
			case partialOutage:
				lost += time.Duration(float64(long) * s.PartialWeight)
			}
			d.Worst = max(d.Worst, worst)
		}
		days[n] = d
	}
	today := &days[Window-1]
	for _, p := range spans {
		if p.open {
			today.Worst = max(today.Worst, p.state)
			if p.state > today.Now || p.state == today.Now && p.from.Before(today.Since) {
				today.Now, today.Since = p.state, p.from
			}
		}
	}
	if whole <= 0 {
		return days, 100
	}
	return days, 100 * (1 - float64(lost)/float64(whole))
}

// slug makes a file's name from a component's: its letters and digits, and a mark that tells apart what they do not.
func slug(name string) string {
	var b strings.Builder
	odd := false
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == ' ' || r == '-':
			b.WriteByte('-')
		default:
			odd = true
		}
	}
	text := strings.Trim(b.String(), "-")
	if odd || text == "" || len(text) > 60 || text != strings.ToLower(name) && strings.ReplaceAll(strings.ToLower(name), " ", "-") != text {
		text = text[:min(len(text), 60)] + "-" + mark(strings.ToLower(name))
	}
	return strings.TrimPrefix(text, "-")
}

// mark tells names apart that have one spelling in files.
func mark(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // a hash takes anything
	return fmt.Sprintf("%08x", h.Sum32())
}
