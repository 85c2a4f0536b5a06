package incident_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func BenchmarkFold(b *testing.B) {
	sorted := incidenttest.Long(640)
	b.Run("640 entries in order", func(b *testing.B) {
		for b.Loop() {
			incident.Fold(incidenttest.ID, sorted)
		}
	})
	for _, n := range []int{100, 2_000, 10_000} {
		entries := incidenttest.Long(n)
		rand.New(rand.NewPCG(1, 0)).Shuffle(n, func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
		b.Run(fmt.Sprintf("%d entries", n), func(b *testing.B) {
			for b.Loop() {
				incident.Fold(incidenttest.ID, entries)
			}
		})
	}
}

func BenchmarkNextRecorded(b *testing.B) {
	inc := incident.Fold(incidenttest.ID, incidenttest.Long(10_000))
	for b.Loop() {
		incident.NextRecorded(incidenttest.At(0), inc.Timeline)
	}
}
