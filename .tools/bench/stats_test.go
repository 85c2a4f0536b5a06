package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		rule string
		list []float64
		want float64
	}{
		{"the middle, in whatever order they came", []float64{9, 1, 5}, 5},
		{"of two middles the mean", []float64{4, 1, 2, 100}, 3},
		{"one outlier does not move it", []float64{1, 1, 1000}, 1},
		{"nothing was measured", nil, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.InDelta(t, tt.want, median(tt.list), 1e-9) })
	}
}

func TestPercentile(t *testing.T) {
	hundred := make([]float64, 100)
	for i := range hundred {
		hundred[99-i] = float64(i + 1)
	}
	for _, tt := range []struct {
		rule string
		list []float64
		p    int
		want float64
	}{
		{"one in a hundred may be slower", hundred, 99, 99},
		{"none may be slower", hundred, 100, 100},
		{"of a few it is the slowest", []float64{3, 1, 2}, 99, 3},
		{"nothing was measured", nil, 99, 0},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.InDelta(t, tt.want, percentile(tt.list, tt.p), 1e-9) })
	}
}

func TestRatios(t *testing.T) {
	// The machine became three times slower after the first pair. Its medians know nothing of that.
	require.Equal(t, []float64{2, 2, 2}, ratios([]float64{2, 6, 6}, []float64{1, 3, 3}))
	require.Equal(t, []float64{2}, ratios([]float64{2, 7}, []float64{1}), "what has no other half is left out")
	require.Empty(t, ratios([]float64{2}, []float64{0}))
}

func TestSummarize(t *testing.T) {
	got := summarize([]sample{
		{wall: 4 * time.Millisecond, cpu: 1 * time.Millisecond, peak: 10e6},
		{wall: 2 * time.Millisecond, cpu: 3 * time.Millisecond, peak: 30e6},
		{wall: 9 * time.Millisecond, cpu: 2 * time.Millisecond, peak: 20e6},
	})
	require.Equal(t, &summary{Runs: 3, Median: 4, Min: 2, Max: 9, CPU: 2, Peak: 30}, got)
	require.Nil(t, summarize(nil))
}
