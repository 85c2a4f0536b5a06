package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// shape says what a record to be measured holds.
type shape struct {
	incidents int
	notes     int // more for the newest incident
	told      int // updates for customers, of each incident
}

func (s shape) String() string {
	switch {
	case s.told > 0:
		return fmt.Sprintf("%dx%d", s.incidents, s.told)
	case s.notes > 0:
		return fmt.Sprintf("%d+%d", s.incidents, s.notes)
	}
	return fmt.Sprint(s.incidents)
}

// stream is the whole history of such a record for `git fast-import`, as pieces.
func (s shape) stream(forms map[string]form, yield func([]byte) error) error {
	var out bytes.Buffer
	from := "refs/heads/main^0"
	add := func(st story, label string, at time.Time, nth int) error {
		out.Reset()
		forms[label].fill(st, label, at, nth).commit(&out, from)
		from = ""
		return yield(out.Bytes())
	}
	for i := range s.incidents {
		st := storyOf(i, s.incidents)
		st.told = s.told
		for nth, e := range st.steps() {
			if err := add(st, e.label, st.opened.Add(e.after), nth); err != nil {
				return err
			}
		}
	}
	newest := storyOf(s.incidents-1, s.incidents)
	for nth := range s.notes {
		if err := add(newest, "note-technical", newest.opened.Add(time.Hour+time.Duration(nth)*time.Minute), 10+nth); err != nil {
			return err
		}
	}
	return nil
}

// layout is to be raised when something about fixtures changes that their streams do not show.
const layout = 2

// key tells the records of this generator from those of another one, by what it makes of a few stories.
func key(forms map[string]form) (string, error) {
	sum := sha256.New()
	fmt.Fprintln(sum, layout)
	for _, s := range []shape{{40, 3, 0}, {2 * days, 0, 0}, {20, 0, 6}} {
		if err := s.stream(forms, func(piece []byte) error { _, err := sum.Write(piece); return err }); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6]), nil
}

// fixture is a record on disk. It stays there for the next run, which begins with putting it back.
type fixture struct {
	shape
	dir string
	git git
}

// stories are the open ones, the newest first.
func (f *fixture) stories() []story {
	var out []story
	for i := range min(open, f.incidents) {
		out = append(out, storyOf(f.incidents-1-i, f.incidents))
	}
	return out
}

// make builds the record, and gives it its name once it is found good.
func (f *fixture) make(ctx context.Context, forms map[string]form, program string) error {
	final := f.dir
	f.dir += ".part"
	if err := os.RemoveAll(f.dir); err != nil {
		return err
	}
	if err := f.lay(ctx, forms); err != nil {
		return err
	}
	if err := f.check(ctx, program); err != nil {
		return fmt.Errorf("the record that was made in %s: %w", f.dir, err)
	}
	err := os.Rename(f.dir, final)
	f.dir = final
	return err
}

// lay makes the repository. Its files are written by git, so that its index knows them.
func (f *fixture) lay(ctx context.Context, forms map[string]form) error {
	if err := f.git.init(ctx, f.dir); err != nil {
		return err
	}
	if _, err := record.Init(ctx, f.dir, f.git.options(func() time.Time { return firstDay })); err != nil {
		return err
	}
	if err := f.fill(ctx, forms); err != nil {
		return err
	}
	for _, args := range [][]string{{"gc", "--quiet", "--prune=now"}, {"reset", "--quiet", "--hard"}, {"tag", "base"}} {
		if _, err := f.git.run(ctx, f.dir, args...); err != nil {
			return err
		}
	}
	// By this the packs of the record are told from what comes to it when it is measured.
	packs, err := filepath.Glob(filepath.Join(f.dir, ".git", "objects", "pack", "*.pack"))
	for _, file := range packs {
		err = errors.Join(err, os.WriteFile(strings.TrimSuffix(file, ".pack")+".keep", nil, 0o644))
	}
	return err
}

func (f *fixture) fill(ctx context.Context, forms map[string]form) error {
	read, write := io.Pipe()
	var writing sync.WaitGroup
	writing.Go(func() {
		w := bufio.NewWriterSize(write, 1<<20)
		err := f.stream(forms, func(piece []byte) error { _, err := w.Write(piece); return err })
		_ = write.CloseWithError(errors.Join(err, w.Flush())) // git's input ends with it
	})
	_, err := f.git.feed(ctx, f.dir, read, "fast-import", "--quiet", "--force")
	_ = read.Close() // ends the writing where git has not read it all
	writing.Wait()
	return err
}

// check makes sure that incident reads all that was made, and finds nothing wrong with it.
func (f *fixture) check(ctx context.Context, program string) error {
	cmd := exec.CommandContext(ctx, program, "list", "--all", "-o", "json")
	cmd.Dir, cmd.Env, cmd.Stderr = f.dir, f.git.env, os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	listed, notClosed, err := sound(out)
	if err := errors.Join(err, cmd.Wait()); err != nil {
		return fmt.Errorf("incident list --all: %w", err)
	}
	if listed != f.incidents || notClosed != open {
		return fmt.Errorf("incident list --all shows %d incidents, %d of them open; want %d and %d", listed, notClosed, f.incidents, open)
	}
	return f.clean(ctx)
}

// clean makes sure that git sees nothing to commit.
func (f *fixture) clean(ctx context.Context) error {
	if out, err := f.git.run(ctx, f.dir, "status", "--porcelain"); err != nil || out != "" {
		return fmt.Errorf("%s is not clean: %w%.500s", f.dir, err, out)
	}
	return nil
}

// sound counts the incidents of a list in JSON, and those of them that are not closed. One with an anomaly
// is an error. It keeps one at a time: what lies in our memory counts as that of what we start.
func sound(list io.Reader) (listed, notClosed int, err error) {
	dec := json.NewDecoder(list)
	for {
		t, err := dec.Token()
		if err != nil {
			return 0, 0, err
		}
		if t == json.Delim('[') {
			break
		}
	}
	for ; dec.More(); listed++ {
		var inc struct {
			ID, Status string
			Anomalies  []struct{ Entry, Problem string }
		}
		if err := dec.Decode(&inc); err != nil {
			return 0, 0, err
		}
		if len(inc.Anomalies) > 0 {
			return 0, 0, fmt.Errorf("%s: %v", inc.ID, inc.Anomalies)
		}
		if inc.Status != incident.Closed.String() {
			notClosed++
		}
	}
	_, err = io.Copy(io.Discard, list)
	return listed, notClosed, err
}

// putBack takes back what earlier runs have added: commits, what incident keeps beside them, loose objects
// (what was made lies in one pack), git's split index.
func (f *fixture) putBack(ctx context.Context) error {
	inside := filepath.Join(f.dir, ".git")
	for _, gone := range []string{"incident", "index.lock"} {
		if err := os.RemoveAll(filepath.Join(inside, gone)); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"update-index", "--no-split-index"}, {"reset", "--quiet", "--hard", "base"}, {"clean", "-fdq"}} {
		if _, err := f.git.run(ctx, f.dir, args...); err != nil {
			return err
		}
	}
	for _, pattern := range []string{"objects/??", "objects/pack/*", "sharedindex.*", "logs"} {
		found, err := filepath.Glob(filepath.Join(inside, pattern))
		if err != nil {
			return err
		}
		for _, path := range found {
			if _, err := os.Stat(strings.TrimSuffix(path, filepath.Ext(path)) + ".keep"); err == nil {
				continue // it came with the record
			}
			if err := os.RemoveAll(path); err != nil {
				return err
			}
		}
	}
	return f.clean(ctx)
}

// split reports whether git's index of it is in two parts.
func (f *fixture) split() bool {
	found, _ := filepath.Glob(filepath.Join(f.dir, ".git", "sharedindex.*"))
	return len(found) > 0
}
