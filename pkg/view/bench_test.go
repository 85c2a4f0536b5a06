package view_test

import (
	"fmt"
	"testing"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

func BenchmarkView(b *testing.B) {
	for _, n := range []int{100, 2_000, 10_000} {
		inc := incident.Fold(incidenttest.ID, incidenttest.Long(n))
		for _, a := range []incident.Audience{incident.Technical, incident.Customer} {
			b.Run(fmt.Sprintf("%d entries/%s", n, a), func(b *testing.B) {
				for b.Loop() {
					view.For(inc, a)
				}
			})
		}
	}
}
