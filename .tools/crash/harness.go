package main

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// point is one thing that is tried: a name with levels, and what is done in a box of its own.
type point struct {
	part, name string
	kind       kind
	label      string // of the call that is struck
	try        func(*box, *outcome) error
}

// outcome is what a point tells besides whether it failed.
type outcome struct {
	acknowledged int
	hit          *call  // nil: there was no such call this time
	skipped      string // why nothing could be tried
}

// harness holds the points and tries them.
type harness struct {
	options
	levels   []*regexp.Regexp
	boxes    []*box
	recorded map[string]recording
	points   []point
}

// recording is what a write does where nothing is in its way.
type recording struct {
	calls []*call
	whole int // how many files it adds
}

func newHarness(o options, dir string) (*harness, error) {
	h := &harness{options: o, recorded: map[string]recording{}}
	for level := range strings.SplitSeq(o.run, "/") {
		re, err := regexp.Compile(level)
		if err != nil {
			return nil, fmt.Errorf("-run: %w", err)
		}
		h.levels = append(h.levels, re)
	}
	for i := range max(1, o.workers) {
		sub := filepath.Join(dir, fmt.Sprint(i))
		if err := os.Mkdir(sub, 0o777); err != nil {
			return nil, err
		}
		h.boxes = append(h.boxes, newBox(sub, o.bin))
	}
	return h, nil
}

// wants reports whether a point can be asked for whose name begins with these levels.
func (h *harness) wants(levels ...string) bool {
	for i, re := range h.levels {
		if i < len(levels) && !re.MatchString(levels[i]) {
			return false
		}
	}
	return true
}

func (h *harness) add(part string, k kind, w write, rest, label string, try func(*box, *outcome) error) {
	levels := []string{part, k.name, w.name, rest}
	if h.wants(levels...) {
		h.points = append(h.points, point{part, strings.Join(levels, "/"), k, label, try})
	}
}

// cost is how many points of a sample one of a part is worth, by the time that it takes.
var cost = map[string]int{"crowd": 20}

// choose takes a sample of each part, what takes long first, so that the time is kept.
func (h *harness) choose(r *rand.Rand) {
	r.Shuffle(len(h.points), func(i, j int) { h.points[i], h.points[j] = h.points[j], h.points[i] })
	taken := map[string]int{}
	h.points = slices.DeleteFunc(h.points, func(p point) bool {
		taken[p.part] += max(1, cost[p.part])
		pairs := (p.part == "again" || p.part == "refault") && len(h.levels) < 4 // else a pair is named
		return h.sample > 0 && taken[p.part] > h.sample || pairs && taken[p.part] > most
	})
	slices.SortStableFunc(h.points, func(a, b point) int { return cost[b.part] - cost[a.part] })
}

// tally is what the points of one part came to.
type tally struct {
	tried, missed, acknowledged, lost, failed int
	calls                                     map[string]bool
	skipped                                   map[string]int
}

// try tries the points, as many at a time as there are boxes.
func (h *harness) try() error {
	began := time.Now()
	fmt.Printf("%d points, seed %d\n", len(h.points), h.seed)
	if len(h.points) == 0 {
		return errors.New("nothing is called like that")
	}
	todo := make(chan point)
	tallies := map[string]*tally{}
	var failures []string
	var mu sync.Mutex
	var working sync.WaitGroup
	for _, b := range h.boxes {
		working.Go(func() {
			for p := range todo {
				var o outcome
				start := time.Now()
				err := b.restore(p.kind)
				if err == nil {
					err = p.try(b, &o)
				}
				mu.Lock()
				h.count(tallies, p, &o, err)
				if err != nil {
					failures = append(failures, p.name)
					fmt.Printf("FAILED %s\n", describe(p, err))
				} else if h.verbose {
					fmt.Printf("good   %s  %s  %.1f s\n", p.name, p.label, time.Since(start).Seconds())
				}
				mu.Unlock()
			}
		})
	}
	begun := 0
	for _, p := range h.points {
		if h.limit > 0 && time.Since(began) > h.limit {
			break
		}
		todo <- p
		begun++
	}
	close(todo)
	working.Wait()
	if begun == 0 {
		return errors.New("the time was over before anything was tried")
	}
	return h.report(tallies, failures, begun, time.Since(began))
}

func (h *harness) count(tallies map[string]*tally, p point, o *outcome, err error) {
	t := tallies[p.part]
	if t == nil {
		t = &tally{calls: map[string]bool{}, skipped: map[string]int{}}
		tallies[p.part] = t
	}
	if o.skipped != "" {
		t.skipped[o.skipped]++
		return
	}
	t.tried++
	t.acknowledged += o.acknowledged
	if o.hit != nil {
		t.calls[p.kind.name+" "+o.hit.label(h.boxes[0].dir)] = true
	} else if p.label != "" {
		t.missed++
	}
	if err != nil {
		t.failed++
	}
	if errors.Is(err, errLost) {
		t.lost++
	}
}

func describe(p point, err error) string {
	levels := strings.Split(p.name, "/")
	return fmt.Sprintf("%s  %s\n    %s\n    again: go run ./.tools/crash -run '^%s$'", p.name, p.label,
		strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "\n    "), strings.Join(levels, "$/^"))
}

func (h *harness) report(tallies map[string]*tally, failures []string, begun int, took time.Duration) error {
	fmt.Printf("\n%-12s %7s %7s %9s %13s %5s %7s\n", "part", "points", "calls", "not met", "acknowledged", "lost", "failed")
	for _, part := range slices.Sorted(maps.Keys(tallies)) {
		t := tallies[part]
		fmt.Printf("%-12s %7d %7d %9d %13d %5d %7d\n", part, t.tried, len(t.calls), t.missed, t.acknowledged, t.lost, t.failed)
		for why, times := range t.skipped {
			fmt.Printf("%-12s %7d not tried: %s\n", "", times, why)
		}
	}
	fmt.Printf("%d of %d points in %.0f s, seed %d\n", begun, len(h.points), took.Seconds(), h.seed)
	if len(failures) > 0 {
		return fmt.Errorf("%d points failed:\n  %s", len(failures), strings.Join(slices.Sorted(slices.Values(failures)), "\n  "))
	}
	return nil
}
