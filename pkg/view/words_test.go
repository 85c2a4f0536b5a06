package view_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// What can be looked for is what the whole view holds of it, to every audience, whatever was corrected or withdrawn.
func TestWordsAreThoseOfTheWholeView(t *testing.T) {
	texts, changed := 0, 0
	for seed := range uint64(1000) {
		_, inc := random(seed)
		for _, a := range append(incident.Audiences(), 0, 200) {
			want := view.For(inc, a)
			want.States, want.Promises, want.Moves = nil, nil, nil
			var list []view.Update
			for _, u := range want.Updates {
				if u.Corrected || u.Withdrawn {
					changed++
				}
				if u.Text != "" {
					list = append(list, view.Update{At: u.At, Audience: u.Audience, Text: u.Text})
				}
			}
			want.Updates = list
			texts += len(list)
			require.Equal(t, want, view.Words(inc, a))
		}
	}
	require.Greater(t, texts, 3000)
	require.Greater(t, changed, 300)
}
