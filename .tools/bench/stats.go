package main

import (
	"slices"
	"time"
)

// median is the middle of a list, of two middles the mean; 0 of an empty one.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// percentile is the smallest value that p per cent of the list do not exceed.
func percentile(list []float64, p int) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[max(0, (len(sorted)*p+99)/100-1)]
}

// ratios divides pair by pair: two that ran one after the other met the same machine.
func ratios(over, under []float64) []float64 {
	var out []float64
	for i := range min(len(over), len(under)) {
		if under[i] > 0 {
			out = append(out, over[i]/under[i])
		}
	}
	return out
}

// sample is what one process, with all that it started, took.
type sample struct {
	wall, cpu time.Duration
	peak      int64 // bytes of memory of the largest of them
}

// summary is what is told of the samples of one method.
type summary struct {
	Runs   int     `json:"runs"`
	Median float64 `json:"median_ms"`
	Min    float64 `json:"min_ms"`
	Max    float64 `json:"max_ms"`
	CPU    float64 `json:"cpu_ms"` // median of user and system time together
	Peak   float64 `json:"peak_mb"`
}

func summarize(samples []sample) *summary {
	if len(samples) == 0 {
		return nil
	}
	wall, s := walls(samples), summary{Runs: len(samples)}
	s.Median, s.Min, s.Max = median(wall), slices.Min(wall), slices.Max(wall)
	var cpu []float64
	for _, x := range samples {
		cpu = append(cpu, ms(x.cpu))
		s.Peak = max(s.Peak, float64(x.peak)/1e6)
	}
	s.CPU = median(cpu)
	return &s
}

func walls(samples []sample) []float64 {
	var out []float64
	for _, x := range samples {
		out = append(out, ms(x.wall))
	}
	return out
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
