package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

func TestStories(t *testing.T) {
	for _, n := range []int{10, 1000, 10_000, 100_000} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			ids, names, notOver := map[string]bool{}, map[string]bool{}, 0
			before := storyOf(0, n).opened
			for i := range n {
				s := storyOf(i, n)
				require.False(t, ids[s.id], "%s is there twice", s.id)
				ids[s.id] = true
				require.True(t, strings.HasPrefix(s.id, s.opened.Format("20060102-")), "%s was opened on %s", s.id, s.opened)
				require.False(t, s.opened.Before(before), "%s is older than the one before it", s.id)
				before = s.opened
				if !s.over {
					notOver++
				}
				require.Len(t, s.steps(), 4)
				for nth, e := range s.steps() {
					name := s.name(e.label, s.opened.Add(e.after), nth)
					_, err := incident.ParseName(name)
					require.NoError(t, err)
					require.False(t, names[name], "%s is there twice", name)
					names[name] = true
				}
			}
			require.Equal(t, 10, notOver)
			require.Equal(t, firstDay, storyOf(0, n).opened)
			if n >= days {
				require.Equal(t, "2025-12-31", before.Format("2006-01-02"), "ten years, each day of them")
			}
		})
	}
}
