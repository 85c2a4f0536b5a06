package view_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

const incidents = 10_000

func random(seed uint64) (*incidenttest.Marked, incident.Incident) {
	m := incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
	return m, incident.Fold(m.ID, m.Entries)
}

// leaks lists what a view holds that its audience may not read, in JSON and as text.
func leaks(t *testing.T, m *incidenttest.Marked, v view.View) []string {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	found := append(m.Leaks(string(raw), v.Audience), m.Leaks(fmt.Sprintf("%+v", v), v.Audience)...)
	for fact, told := range map[string]bool{"severity": v.Severity != 0, "customers": v.Customers != nil, "share": v.Share != nil} {
		if told && v.Audience == incident.Customer {
			found = append(found, fact+", for stakeholder, reaches customer")
		}
	}
	return found
}

// No word reaches an audience that it was not written for, in random incidents with a mark in every word.
func TestNoViewLeaks(t *testing.T) {
	for seed := range uint64(incidents) {
		m, inc := random(seed)
		for _, a := range incident.Audiences() {
			v := view.For(inc, a)
			if found := leaks(t, m, v); len(found) > 0 {
				require.Empty(t, found, "seed %d", seed)
			}
			if a == incident.Customer && !inc.Public() {
				require.Equal(t, view.View{Audience: a}, v, "seed %d", seed)
			}
		}
	}
}

// The same for as many more as there is time for.
func FuzzNoViewLeaks(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed uint64) {
		m, inc := random(seed)
		for _, a := range incident.Audiences() {
			require.Empty(t, leaks(t, m, view.For(inc, a)))
		}
	})
}

// The search for leaks finds them: each of these faults is caught within a few incidents.
func TestLeaksAreFound(t *testing.T) {
	for fault, leak := range map[string]func(incident.Incident, *view.View){
		"the title as the headline":     func(inc incident.Incident, v *view.View) { v.Headline = inc.Title },
		"the identifier":                func(inc incident.Incident, v *view.View) { v.ID = inc.ID },
		"all components":                func(inc incident.Incident, v *view.View) { v.Components = inc.Components },
		"all roles":                     func(inc incident.Incident, v *view.View) { v.Roles = inc.Roles },
		"all tags":                      func(inc incident.Incident, v *view.View) { v.Tags = inc.Tags },
		"the cause":                     func(inc incident.Incident, v *view.View) { v.Cause = inc.Cause },
		"the severity":                  func(inc incident.Incident, v *view.View) { v.Severity = inc.Severity },
		"the share of customers":        func(inc incident.Incident, v *view.View) { v.Share = inc.Share },
		"problems in full":              each(func(p incident.Anomaly) view.Anomaly { return view.Anomaly{Problem: p.Err.Error()} }),
		"every text":                    every(func(e incident.Entry) view.Update { return view.Update{Text: e.Text} }),
		"what its own texts first said": own(func(e incident.Entry) view.Update { return view.Update{Original: e.Text} }),
		"authors":                       own(func(e incident.Entry) view.Update { return view.Update{Author: e.Author.Name} }),
		"addresses":                     own(func(e incident.Entry) view.Update { return view.Update{Email: e.Author.Email} }),
		"addressees":                    own(func(e incident.Entry) view.Update { return view.Update{To: e.To} }),
		"names of entries":              own(func(e incident.Entry) view.Update { return view.Update{Entry: e.Name} }),
		"keys":                          own(func(e incident.Entry) view.Update { return view.Update{About: e.Key} }),
		"files": own(func(e incident.Entry) view.Update {
			u := view.Update{}
			for _, a := range e.Attachments {
				u.Attachment = append(u.Attachment, view.Attachment{Path: a.File})
			}
			return u
		}),
	} {
		t.Run(fault, func(t *testing.T) {
			for seed := range uint64(incidents) {
				m, inc := random(seed)
				for _, a := range []incident.Audience{incident.Internal, incident.Stakeholder, incident.Customer} {
					v := view.For(inc, a)
					leak(inc, &v)
					if len(leaks(t, m, v)) > 0 {
						return
					}
				}
			}
			require.Fail(t, "the fault is not found")
		})
	}
}

// every adds something of every entry, own of those that the audience may read.
func every(u func(incident.Entry) view.Update) func(incident.Incident, *view.View) {
	return func(inc incident.Incident, v *view.View) {
		for _, e := range inc.Timeline {
			v.Updates = append(v.Updates, u(e))
		}
	}
}

func own(u func(incident.Entry) view.Update) func(incident.Incident, *view.View) {
	return func(inc incident.Incident, v *view.View) {
		for _, e := range inc.Timeline {
			if v.Audience.Sees(e.Audience) {
				v.Updates = append(v.Updates, u(e))
			}
		}
	}
}

func each(a func(incident.Anomaly) view.Anomaly) func(incident.Incident, *view.View) {
	return func(inc incident.Incident, v *view.View) {
		for _, p := range inc.Anomalies {
			v.Anomalies = append(v.Anomalies, a(p))
		}
	}
}

// Each view builds on the wider: it holds every update of it, with the same words, and all that it lists.
func TestNarrowerViewsHoldTheWider(t *testing.T) {
	for seed := range uint64(incidents) {
		_, inc := random(seed)
		narrow := view.For(inc, incident.Technical)
		for _, a := range incident.Audiences()[1:] {
			wide := view.For(inc, a)
			require.True(t, narrow.Visible || !wide.Visible, "seed %d", seed)
			holds(t, seed, byID(narrow.Updates), byID(wide.Updates))
			holds(t, seed, narrow.Components, wide.Components)
			holds(t, seed, narrow.Roles, wide.Roles)
			holds(t, seed, narrow.Promises, wide.Promises)
			holds(t, seed, times(narrow.Moves), times(wide.Moves))
			narrow = wide
		}
	}
}

// times are moves without how things stood, of which narrower readers know more.
func times(moves []view.Move) []view.Move {
	moves = slices.Clone(moves)
	for n := range moves {
		moves[n].Then = view.Standing{}
	}
	return moves
}

// byID is the words of updates.
func byID(updates []view.Update) [][2]string {
	var words [][2]string
	for _, u := range updates {
		words = append(words, [2]string{u.ID, u.Text})
	}
	return words
}

func holds[T any](t *testing.T, seed uint64, narrow, wide []T) {
	t.Helper()
	for _, w := range wide {
		found := false
		for _, n := range narrow {
			found = found || reflect.DeepEqual(n, w)
		}
		if !found {
			require.Contains(t, narrow, w, "seed %d", seed)
		}
	}
}
