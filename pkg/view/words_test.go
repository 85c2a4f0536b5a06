package view_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// What can be looked for is what the whole view holds of it, to every audience, whatever was corrected or withdrawn.
func TestWordsAreThoseOfTheWholeView(t *testing.T) {
	all, changed := 0, 0
	for seed := range uint64(1000) {
		_, inc := random(seed)
		for _, a := range append(incident.Audiences(), 0, 200) {
			want := view.For(inc, a)
			var texts []view.Said
			for _, u := range want.Updates {
				if u.Corrected || u.Withdrawn {
					changed++
				}
				if u.Text != "" {
					texts = append(texts, view.Said{Audience: u.Audience, At: u.At, Text: u.Text})
				}
			}
			want.States, want.Promises, want.Moves, want.Updates = nil, nil, nil, nil
			got, said := view.Words(inc, a)
			require.Equal(t, want, got)
			require.True(t, slices.Equal(texts, said), "%v\n%v", texts, said)
			all += len(texts)
		}
	}
	require.Greater(t, all, 3000)
	require.Greater(t, changed, 300)
}
