package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"

	"incident/pkg/record"
)

// errLost is what must never be seen.
var errLost = errors.New("an acknowledged entry is missing")

// writers lets many processes add notes to one incident at once, each the next one when it is done.
func (b *bench) writers(ctx context.Context, s shape, many, each int) error {
	f, err := b.record(ctx, s)
	if err != nil {
		return err
	}
	if err := f.calm(ctx, b.tell); err != nil { // other groups write much, and remove it
		return err
	}
	about := f.stories()[1].id // not the newest: that is what notes are compared with
	before, err := f.entries(ctx, about)
	if err != nil {
		return err
	}
	var slower []sample
	measure := func() error {
		for range 5 {
			s, err := b.gitVersion(ctx)
			if err != nil {
				return err
			}
			slower = append(slower, s)
		}
		return nil
	}
	if err := measure(); err != nil {
		return err
	}
	took := make([][]sample, many)
	refused := make([]error, many)
	start := time.Now()
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() { took[i], refused[i] = b.writeOn(ctx, f, about, i, each) })
	}
	all.Wait()
	whole := time.Since(start)
	if err := errors.Join(refused...); err != nil {
		b.tell("writers: some gave up: %v", err)
	}
	if err := measure(); err != nil {
		return err
	}
	var flat []sample
	for _, t := range took {
		flat = append(flat, t...)
	}
	factor := median(walls(slower)) / unit
	speed := row{Name: "writers/rate", What: fmt.Sprintf("%d processes x %d notes on one incident: notes a second", many, each), Ours: summarize(flat)}
	speed.judge(goal{rate, 100, "/s"}, float64(len(flat))/whole.Seconds(), factor)
	late := row{Name: "writers/p99", What: "the slowest one in a hundred of them"}
	late.judge(goal{within, 1000, " ms"}, percentile(walls(flat), 99), factor)
	after, err := f.entries(ctx, about)
	if err != nil {
		return err
	}
	if after-before < len(flat) {
		return fmt.Errorf("%w: %d were acknowledged, HEAD holds %d", errLost, len(flat), after-before)
	}
	kept := row{Name: "writers/kept", What: "how many of them HEAD holds, all that were acknowledged among them"}
	kept.judge(goal{atLeast, float64(many * each), ""}, float64(after-before), 1)
	b.rows = append(b.rows, speed, late, kept)
	if _, err := f.git.run(ctx, f.dir, "fsck", "--strict", "--no-dangling"); err != nil {
		return err
	}
	return f.clean(ctx)
}

// writeOn is one of the many. It gives up where a note is refused.
func (b *bench) writeOn(ctx context.Context, f *fixture, about string, who, each int) ([]sample, error) {
	c, err := newClock(b.git.env)
	if err != nil {
		return nil, err
	}
	defer c.close()
	var took []sample
	for n := range each {
		s, err := c.time(ctx, f.dir, []string{b.program, "note", "-i", about, fmt.Sprintf("Observation %d of responder %d.", n, who)})
		if err != nil {
			return took, err
		}
		took = append(took, s)
	}
	return took, nil
}

// entries counts what the newest commit holds of an incident.
func (f *fixture) entries(ctx context.Context, id string) (int, error) {
	out, err := f.git.run(ctx, f.dir, "ls-tree", "-r", "--name-only", "HEAD", path.Dir(record.PathOf(id, "any")))
	return strings.Count(out, "\n"), err
}
