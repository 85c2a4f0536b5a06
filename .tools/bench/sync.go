package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

// team is a clone and the bare repository that it shares with others.
type team struct {
	*writer
	remote string
}

// newTeam clones a record twice: what the team shares, and a member's clone of that.
func (b *bench) newTeam(ctx context.Context, f *fixture, name string) (*team, error) {
	t := &team{remote: filepath.Join(b.scratch, name+".git")}
	dir := filepath.Join(b.scratch, name)
	for _, args := range [][]string{{"clone", "--quiet", "--bare", f.dir, t.remote}, {"clone", "--quiet", t.remote, dir}} {
		if _, err := b.git.run(ctx, "", args...); err != nil {
			return nil, err
		}
	}
	for _, d := range []string{t.remote, dir} {
		if err := b.git.configure(ctx, d); err != nil {
			return nil, err
		}
	}
	t.writer = &writer{bench: b, in: &fixture{shape: f.shape, dir: dir, git: b.git}}
	return t, nil
}

// part takes both sides apart by that many entries each. The last one of this side is made as its user
// makes them, so that each method meets what it left itself.
func (t *team) part(ctx context.Context, entries, round int, last func(context.Context) (sample, error)) error {
	base := time.Date(2026, 1, 1, round, 0, 0, 0, time.UTC)
	all := t.in.stories()
	for _, side := range []struct {
		dir   string
		about []story
		many  int
	}{{t.remote, all[:open/2], entries}, {t.in.dir, all[open/2:], entries - 1}} {
		var stream bytes.Buffer
		from := "refs/heads/main^0"
		for n := range side.many {
			s := side.about[n%len(side.about)]
			t.forms["note-technical"].fill(s, "note-technical", base.Add(time.Duration(n)*time.Second), 10_000+round*entries+n).commit(&stream, from)
			from = ""
		}
		if _, err := t.git.feed(ctx, side.dir, &stream, "fast-import", "--quiet", "--force"); err != nil {
			return err
		}
	}
	if _, err := t.git.run(ctx, t.in.dir, "reset", "--quiet", "--hard"); err != nil {
		return err
	}
	_, err := last(ctx)
	return err
}

// met makes sure that both sides hold all entries now, and answers how many these are.
func (t *team) met(ctx context.Context) (int, error) {
	if err := t.in.clean(ctx); err != nil {
		return 0, err
	}
	here, err := t.git.run(ctx, t.in.dir, "rev-parse", "HEAD")
	if err != nil {
		return 0, err
	}
	there, err := t.git.run(ctx, t.remote, "rev-parse", "refs/heads/main")
	if err != nil {
		return 0, err
	}
	if here != there {
		return 0, fmt.Errorf("%s is at %s, %s at %s", t.in.dir, here, t.remote, there)
	}
	out, err := t.git.run(ctx, t.in.dir, "ls-tree", "-r", "--name-only", "HEAD", "incidents")
	return strings.Count(out, "\n"), err
}

// sync compares an exchange of entries with the same one by git.
func (b *bench) sync(ctx context.Context, s shape, entries int) error {
	f, err := b.record(ctx, s)
	if err != nil {
		return err
	}
	var turns []turn
	for i, name := range []string{"by-incident", "by-git"} {
		t, err := b.newTeam(ctx, f, name)
		if err != nil {
			return err
		}
		have, err := t.met(ctx)
		if err != nil {
			return err
		}
		last, commands := t.note, [][]string{{b.program, "sync"}}
		if i == 1 {
			last, commands = t.gitNote(), [][]string{{b.git.program, "pull", "--no-rebase", "--quiet"}, {b.git.program, "push", "--quiet"}}
		}
		round := 0
		turns = append(turns, turn{
			func(ctx context.Context) error {
				round++
				return t.part(ctx, entries, round, last)
			},
			func(ctx context.Context) (sample, error) {
				took, err := t.clock.time(ctx, t.in.dir, commands...)
				if err != nil {
					return took, err
				}
				now, err := t.met(ctx)
				if want := have + 2*entries*round; err == nil && now != want {
					err = fmt.Errorf("%w: HEAD of %s holds %d files, want %d", errLost, t.in.dir, now, want)
				}
				return took, err
			},
		})
	}
	samples, err := b.rounds(ctx, turns...)
	if err != nil {
		return err
	}
	r := versus(fmt.Sprintf("sync/%s", s), fmt.Sprintf("sync of %d entries each way, against git pull, git push", entries), samples[0], samples[1], false)
	r.judge(goal{atMost, 1.1, "x"}, r.Paired, 1)
	b.rows = append(b.rows, r)
	return nil
}
