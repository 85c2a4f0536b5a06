package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// group is what is measured together; it may give several rows.
type group struct {
	name string
	run  func(context.Context, *bench) error
}

// groups are those that the records at hand allow.
func groups(sizes []int) []group {
	var all []group
	for _, n := range sizes {
		all = append(all, group{fmt.Sprintf("note/%d", n), func(ctx context.Context, b *bench) error { return b.notes(ctx, n) }})
	}
	if small, large := 10, 100_000; slices.Contains(sizes, small) && slices.Contains(sizes, large) {
		all = append(all, group{"growth", func(ctx context.Context, b *bench) error { return b.growth(ctx, small, large) }})
	}
	for _, n := range sizes {
		all = append(all, group{fmt.Sprintf("list/%d", n), func(ctx context.Context, b *bench) error {
			return b.alone(ctx, shape{n, 0, 0}, fmt.Sprintf("list/%d", n), "list of the open ones, warm", listGoals[n], "list")
		}})
	}
	return append(all,
		group{"show/500", func(ctx context.Context, b *bench) error {
			s := shape{open, 496, 0}
			return b.alone(ctx, s, "show/500", "show of 500 entries", &goal{within, 15, " ms"}, "show", storyOf(open-1, open).id)
		}},
		group{"draft/500", func(ctx context.Context, b *bench) error {
			return b.drafts(ctx, shape{open, 496, 0}, goal{within, 50, " ms"})
		}},
		group{"stats/10000", func(ctx context.Context, b *bench) error {
			return b.stats(ctx, 10_000, goal{within, 300, " ms"}, goal{atMost, 300, " MB"})
		}},
		group{"search/10000", func(ctx context.Context, b *bench) error { return b.searches(ctx, 10_000, goal{within, 200, " ms"}) }},
		group{"version", func(ctx context.Context, b *bench) error {
			return b.alone(ctx, shape{open, 0, 0}, "version", "version", &goal{within, 10, " ms"}, "version")
		}},
		group{"size", func(_ context.Context, b *bench) error { return b.size() }},
		group{"page/1000", func(ctx context.Context, b *bench) error {
			return b.pages(ctx, 1000, goal{within, 1500, " ms"}, goal{within, 60, " ms"})
		}},
		group{"page/10000", func(ctx context.Context, b *bench) error {
			return b.pages(ctx, 10_000, goal{within, 12_000, " ms"}, goal{within, 600, " ms"})
		}},
		group{"writers", func(ctx context.Context, b *bench) error { return b.writers(ctx, shape{1000, 0, 0}, 32, 20) }},
		group{"sync/10000", func(ctx context.Context, b *bench) error { return b.sync(ctx, shape{10_000, 0, 0}, 100) }},
	)
}

var (
	noteGoals   = map[int]float64{10: 1.8, 1000: 3, 10_000: 12, 100_000: 60}
	listGoals   = map[int]*goal{10_000: {within, 12, " ms"}, 100_000: {within, 25, " ms"}}
	growthGoal  = goal{atMost, 2, "x"}
	memoryGoals = map[int]goal{100_000: {atMost, 60, " MB"}}
)

// turn is one method of a comparison: what is done first and not timed, and what is timed.
type turn struct {
	settle func(context.Context) error
	timed  func(context.Context) (sample, error)
}

// warmups are the rounds that do not count: caches fill, and the first write of ours into a large
// repository splits its index.
const warmups = 2

// rounds runs the turns in turn, and gives the samples of each.
func (b *bench) rounds(ctx context.Context, turns ...turn) ([][]sample, error) {
	all := make([][]sample, len(turns))
	for round := range warmups + b.runs {
		for i, t := range turns {
			if err := t.settle(ctx); err != nil {
				return nil, err
			}
			s, err := t.timed(ctx)
			if err != nil {
				return nil, err
			}
			if round >= warmups {
				all[i] = append(all[i], s)
			}
		}
	}
	return all, nil
}

// twice is a method that settles what it meets by being run once, after what puts is done.
func twice(put func(context.Context) error, timed func(context.Context) (sample, error)) turn {
	return turn{func(ctx context.Context) error {
		if err := put(ctx); err != nil {
			return err
		}
		_, err := timed(ctx)
		return err
	}, timed}
}

func nothing(context.Context) error { return nil }

// writer makes the changes that are compared, to one open incident after the other.
type writer struct {
	*bench
	in  *fixture
	nth int
}

func (w *writer) next() (story, int) {
	w.nth++
	all := w.in.stories()
	return all[w.nth%len(all)], w.nth
}

// note is a note by incident.
func (w *writer) note(ctx context.Context) (sample, error) {
	s, nth := w.next()
	return w.noteOn(ctx, s, nth)
}

func (w *writer) noteOn(ctx context.Context, s story, nth int) (sample, error) {
	return w.clock.time(ctx, w.in.dir, []string{w.program, "note", "-i", s.id, fmt.Sprintf("All replicas wait for the same lock; attempt %d.", nth)})
}

// gitNote is a note whose file somebody has written, added and committed with git, with some settings.
func (w *writer) gitNote(settings ...string) func(context.Context) (sample, error) {
	return func(ctx context.Context) (sample, error) {
		s, nth := w.next()
		e := w.forms["note-technical"].fill(s, "note-technical", time.Now(), 1000+nth)
		if err := os.WriteFile(filepath.Join(w.in.dir, filepath.FromSlash(e.path)), e.raw, 0o644); err != nil {
			return sample{}, err
		}
		command := func(args ...string) []string { return slices.Concat([]string{w.git.program}, settings, args) }
		return w.clock.time(ctx, w.in.dir, command("add", e.path), command("commit", "--quiet", "-m", e.message))
	}
}

// whole puts a split index together again, as those have it who work with git alone.
func (w *writer) whole(ctx context.Context) error {
	if !w.in.split() {
		return nil
	}
	_, err := w.git.run(ctx, w.in.dir, "update-index", "--no-split-index")
	return err
}

// notes compares notes with what people would do with git.
func (b *bench) notes(ctx context.Context, n int) error {
	f, err := b.record(ctx, shape{n, 0, 0})
	if err != nil {
		return err
	}
	w := &writer{bench: b, in: f}
	plain := w.gitNote()
	after := turn{func(ctx context.Context) error { _, err := plain(ctx); return err }, w.note}
	durable := w.gitNote("-c", "core.fsync=all", "-c", "core.fsyncMethod=fsync")
	s, err := b.rounds(ctx, twice(nothing, w.note), after, twice(nothing, plain), twice(w.whole, plain), twice(nothing, durable))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("note/%d", n)
	first := versus(name, "durable note, faster than git add, git commit", s[0], s[3], true)
	if limit := noteGoals[n]; limit > 0 {
		first.judge(goal{atLeast, limit, "x"}, first.Paired, 1)
	}
	b.rows = append(b.rows, first, versus(name+"/durable", "the same, git with core.fsync=all", s[0], s[4], true))
	b.rows = append(b.rows, versus(name+"/after", "note straight after somebody's git commit, against note", s[1], s[0], false))
	if f.split() {
		b.rows = append(b.rows, versus(name+"/split", "faster than git in the index that we have split", s[0], s[2], true))
	}
	if err := f.clean(ctx); err != nil {
		return err
	}
	_, err = f.git.run(ctx, f.dir, "fsck", "--connectivity-only", "--no-dangling")
	return err
}

// growth compares notes in a large and a small record.
func (b *bench) growth(ctx context.Context, small, large int) error {
	var turns []turn
	for _, n := range []int{large, small} {
		f, err := b.record(ctx, shape{n, 0, 0})
		if err != nil {
			return err
		}
		w := &writer{bench: b, in: f}
		turns = append(turns, twice(nothing, w.note))
	}
	s, err := b.rounds(ctx, turns...)
	if err != nil {
		return err
	}
	r := versus("growth", fmt.Sprintf("note at %d against note at %d", large, small), s[0], s[1], false)
	r.judge(growthGoal, r.Paired, 1)
	m := row{Name: fmt.Sprintf("memory/%d", large), What: fmt.Sprintf("memory of a note at %d, git included", large)}
	m.judge(memoryGoals[large], summarize(s[0]).Peak, 1)
	b.rows = append(b.rows, r, m)
	return nil
}

// alone times a command that changes nothing, beside `git version`.
func (b *bench) alone(ctx context.Context, s shape, name, what string, g *goal, args ...string) error {
	f, err := b.record(ctx, s)
	if err != nil {
		return err
	}
	command := append([]string{b.program}, args...)
	both, err := b.rounds(ctx,
		turn{nothing, func(ctx context.Context) (sample, error) { return b.clock.time(ctx, f.dir, command) }},
		turn{nothing, b.gitVersion},
	)
	if err != nil {
		return err
	}
	r := versus(name, what+" · git version", both[0], both[1], false)
	r.Value, r.Scaled, r.Unit = r.Ours.Median, r.Ours.Median, " ms"
	if g != nil {
		r.judge(*g, r.Ours.Median, r.Ours.Median/(r.Paired*unit))
	}
	b.rows = append(b.rows, r)
	return nil
}

func (b *bench) gitVersion(ctx context.Context) (sample, error) {
	return b.clock.time(ctx, b.scratch, []string{b.git.program, "version"})
}

// size compares the size of the program.
func (b *bench) size() error {
	info, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	r := row{Name: "size", What: "the program as it is released"}
	r.judge(goal{atMost, 20, " MB"}, float64(info.Size())/1e6, 1)
	b.rows = append(b.rows, r)
	return nil
}
