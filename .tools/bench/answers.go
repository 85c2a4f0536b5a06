package main

import (
	"context"
	"fmt"
	"slices"
)

// stats times the figures of n incidents, and says what memory they take.
func (b *bench) stats(ctx context.Context, n int, time, memory goal) error {
	name := fmt.Sprintf("stats/%d", n)
	if err := b.alone(ctx, shape{n, 0, 0}, name, "stats of all, warm", &time, "stats"); err != nil {
		return err
	}
	m := row{Name: name + "/memory", What: "memory of that"}
	m.judge(memory, b.rows[len(b.rows)-1].Ours.Peak, 1)
	b.rows = append(b.rows, m)
	return nil
}

// sought are the words that searches are timed with, by what they find: one incident, and every one.
var sought = []struct {
	name  string
	words func(story) []string
}{
	{"one", func(s story) []string { return []string{"change", fmt.Sprintf("%d-3", s.serial), "cause"} }},
	{"all", func(story) []string { return []string{"replicas", "lock"} }},
}

// searches times a search over n incidents, beside `git grep` for the files that hold the same words. What
// git finds are files that hold any of the words, and no more than their names.
func (b *bench) searches(ctx context.Context, n int, g goal) error {
	f, err := b.record(ctx, shape{n, 0, 0})
	if err != nil {
		return err
	}
	for _, s := range sought {
		words := s.words(storyOf(n-1, n))
		ours := slices.Concat([]string{b.program, "search"}, words)
		grep := []string{b.git.program, "grep", "--ignore-case", "--fixed-strings", "--files-with-matches", "--all-match"}
		for _, w := range words {
			grep = append(grep, "-e", w)
		}
		t, err := b.rounds(ctx,
			turn{nothing, func(ctx context.Context) (sample, error) { return b.clock.time(ctx, f.dir, ours) }},
			turn{nothing, func(ctx context.Context) (sample, error) { return b.clock.time(ctx, f.dir, grep) }},
			turn{nothing, b.gitVersion},
		)
		if err != nil {
			return err
		}
		r := versus(fmt.Sprintf("search/%d/%s", n, s.name), "search that finds "+s.name+", warm, faster than git grep", t[0], t[1], true)
		r.judge(g, r.Ours.Median, slower(t[2]))
		b.rows = append(b.rows, r)
	}
	return nil
}

// drafts times the draft of a postmortem, straight after a note to the same incident.
func (b *bench) drafts(ctx context.Context, s shape, g goal) error {
	f, err := b.record(ctx, s)
	if err != nil {
		return err
	}
	newest := storyOf(s.incidents-1, s.incidents)
	entries := len(newest.steps()) + s.notes
	w := &writer{bench: b, in: f}
	t, err := b.rounds(ctx,
		turn{func(ctx context.Context) error {
			// The draft goes with the note after it, so that each is made from as many entries.
			if _, err := f.git.run(ctx, f.dir, "reset", "--quiet", "--hard", "base"); err != nil {
				return err
			}
			w.nth++
			_, err := w.noteOn(ctx, newest, w.nth)
			return err
		}, func(ctx context.Context) (sample, error) {
			return b.clock.time(ctx, f.dir, []string{b.program, "postmortem", newest.id})
		}},
		turn{nothing, b.gitVersion},
	)
	if err != nil {
		return err
	}
	r := versus(fmt.Sprintf("draft/%d", entries), fmt.Sprintf("draft of the postmortem of %d entries · git version", entries), t[0], t[1], false)
	r.judge(g, r.Ours.Median, slower(t[1]))
	b.rows = append(b.rows, r)
	return nil
}

// slower is by how much this machine is slower than the one of the goals, as `git version` ran beside.
func slower(version []sample) float64 { return median(walls(version)) / unit }
