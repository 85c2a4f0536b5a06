package view_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

// leaks lists what a view holds that its audience may not read, in JSON and as text.
func leaks(t *testing.T, m *incidenttest.Marked, v view.View) []string {
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	found := append(m.Leaks(string(raw), v.Audience), m.Leaks(fmt.Sprintf("%+v", v), v.Audience)...)
	for fact, told := range map[string]bool{
		"severity": v.Severity != 0, "number of customers": v.Customers != nil, "share of customers": v.Share != nil,
	} {
		if told && v.Audience == incident.Customer {
			found = append(found, fact+" reaches customers")
		}
	}
	return found
}

// No word reaches an audience that it was not written for, in random incidents with a mark in every word.
func TestNoViewLeaks(t *testing.T) {
	for seed := range uint64(10_000) {
		m := incidenttest.Random(rand.New(rand.NewPCG(seed, 0)))
		inc := incident.Fold(m.ID, m.Entries)
		for _, a := range incident.Audiences() {
			v := view.For(inc, a)
			require.Empty(t, leaks(t, m, v), "seed %d: %s", seed, a)
			if a == incident.Customer && !inc.Public() {
				require.Equal(t, view.View{Audience: a}, v, "seed %d", seed)
			}
		}
	}
}
