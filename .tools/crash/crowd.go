package main

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
)

// Many write at once, and beside them a person uses git, as fast as it goes. None of ours is refused, and
// everything acknowledged is in HEAD once in the end.

// crowd is who is there.
type crowd struct {
	name          string
	writers, each int
	person        string // what they do over and over, a shell script; $i counts
	// A second clone writes too, and both exchange what they have through a remote.
	clone string // how the clone does that
	// What they do leaves git half done for moments, in which a write is refused with exit 5, as it says: a
	// script tries again.
	busy bool
}

// crowdTimes is how often each is let at a record: what happens hangs on luck.
const crowdTimes = 3

var crowds = []crowd{
	{name: "writers", writers: 32, each: 4},
	{name: "commit", writers: 4, each: 6, person: `echo $i >mine; git add mine; git commit -qm $i`},
	{name: "commit-all", writers: 4, each: 6, person: `echo $i >mine; git commit -qam $i`},
	{name: "add", writers: 4, each: 6, person: `echo $i >mine-$i; git add mine-$i`},
	{name: "stash", writers: 4, each: 6, person: `echo $i >>mine; git stash -q; git stash pop -q`},
	{name: "gc", writers: 4, each: 6, person: `git gc --quiet --prune=now`},
	{name: "repack", writers: 4, each: 6, person: `git pack-refs --all --prune; git repack -adq; git prune-packed`},
	{name: "midx", writers: 4, each: 24, person: `git multi-pack-index write; git maintenance run -q --task=incremental-repack; sleep 0.2`},
	{name: "rebase-side", writers: 4, each: 6, person: `cd ../side; echo $i >side; git add side; git commit -qm $i; git rebase -q main || git rebase --abort`},
	{
		name: "rebase", writers: 4, each: 6, busy: true,
		person: `echo $i >mine; git commit -qam $i; echo $i >mine; git commit -q --allow-empty -m $i; git rebase -q --no-ff HEAD~2 || git rebase --abort`,
	},
	{
		name: "pull-merge", writers: 4, each: 6, person: `git pull -q --no-rebase --no-edit && git push -q`,
		clone: `git pull -q --no-rebase --no-edit && git push -q`, busy: true,
	},
	{
		name: "pull-rebase", writers: 4, each: 6, person: `git pull -q --rebase && git push -q || git rebase --abort`,
		clone: `git pull -q --rebase && git push -q || git rebase --abort`, busy: true,
	},
}

func (h *harness) crowdPoints() error {
	for _, c := range crowds {
		if h.sample > 0 {
			c.each = max(1, c.each/4)
		}
		for i := range crowdTimes {
			h.add("crowd", kinds[0], write{name: c.name}, fmt.Sprint(i+1), "", c.try)
		}
	}
	return nil
}

// try lets the crowd at a record.
func (c crowd) try(b *box, o *outcome) error {
	if err := c.prepare(b); err != nil {
		return err
	}
	records := []string{b.record}
	if c.clone != "" {
		records = append(records, filepath.Join(b.dir, "clone"))
	}
	var writing, others sync.WaitGroup
	var over atomic.Bool
	loop := func(dir, script string) {
		for i := 1; !over.Load(); i++ {
			cmd := exec.Command("sh", "-c", script)
			cmd.Dir, cmd.Env = dir, append(b.env(), fmt.Sprint("i=", i))
			_ = cmd.Run() // a person's git that loses a race says so, and they try again
		}
	}
	if c.person != "" {
		others.Go(func() { loop(b.record, c.person) })
	}
	if c.clone != "" {
		others.Go(func() { loop(records[1], c.clone) })
	}
	said := make([]told, c.writers)
	for i := range said {
		writing.Go(func() { said[i] = c.writes(b, records[i%len(records)], i) })
	}
	writing.Wait()
	over.Store(true)
	others.Wait()
	var all told
	for _, s := range said {
		all.names, all.texts = append(all.names, s.names...), append(all.texts, s.texts...)
		all.refused = append(all.refused, s.refused...)
	}
	o.acknowledged = len(all.names)
	return errors.Join(c.end(b, records), all.check(b))
}

// prepare makes what the crowd needs besides a record.
func (c crowd) prepare(b *box) error {
	script := `echo 0 >mine && git add mine && git commit -qm mine`
	if c.name == "rebase-side" {
		script += ` && git worktree add -q -b side ../side`
	}
	if c.name == "midx" {
		script += ` && git config gc.auto 0` // a gc beside it can end in a crash of its own
	}
	if c.clone != "" {
		script += ` && git init -q --bare ../remote && git remote add origin ../remote && git push -q -u origin main && git clone -q ../remote ../clone`
	}
	return b.shell(b.record, script)
}

func (b *box) shell(dir, script string) error {
	cmd := exec.Command("sh", "-c", script)
	cmd.Dir, cmd.Env = dir, b.env()
	out, err := cmd.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", script, err, out)
	}
	return err
}

// told is what writers were told.
type told struct {
	names, texts []string // acknowledged
	refused      []string
}

// writes is one writer. Where it has to, it tries again, as a script does.
func (c crowd) writes(b *box, record string, number int) (t told) {
	for n := range c.each {
		text := fmt.Sprintf("writer-%d-%d-", number, n)
		for try := 1; ; try++ {
			r := b.incident("note", "--repo", record, "-i", b.before.id, "--key", text, text)
			if r.code == 0 {
				t.names, t.texts = append(t.names, strings.TrimSpace(r.stdout)), append(t.texts, text)
				break
			}
			halfDone := c.busy && r.code == 5 && strings.Contains(r.stderr, "half done")
			if !halfDone || try == 1000 {
				t.refused = append(t.refused, fmt.Sprintf("exit %d: %s", r.code, strings.TrimSpace(r.stderr)))
				break
			}
		}
	}
	return t
}

// end brings what everybody has together, and lets one more write heal what the last race left.
func (c crowd) end(b *box, records []string) error {
	if c.clone != "" {
		for range 2 {
			for _, dir := range records {
				if err := b.shell(dir, `git pull -q --no-rebase --no-edit && git push -q`); err != nil {
					return err
				}
			}
		}
	}
	for _, dir := range records {
		if r := b.incident("note", "--repo", dir, "-i", b.before.id, "the last one"); r.code != 0 {
			return fmt.Errorf("the last note: exit %d: %s", r.code, r.stderr)
		}
	}
	return nil
}

// check compares what the writers were told with what is there.
func (t told) check(b *box) error {
	var errs []error
	for _, said := range t.refused {
		errs = append(errs, errors.New("refused: "+said))
	}
	held, err := b.git("ls-tree", "-r", "--name-only", "HEAD")
	errs = append(errs, err)
	texts, err := b.git("grep", "-h", "-o", "^writer-[0-9]*-[0-9]*-$", "HEAD", "--", ":(glob)incidents/**/timeline/**")
	errs = append(errs, err)
	times := map[string]int{}
	for line := range strings.Lines(texts) {
		times[strings.TrimSpace(line)]++
	}
	for i, name := range t.names {
		if !strings.Contains(held, "/"+name+".md") {
			errs = append(errs, fmt.Errorf("%w: %s was acknowledged and is not in HEAD", errLost, name))
		}
		if n := times[t.texts[i]]; n != 1 {
			errs = append(errs, fmt.Errorf("%s was acknowledged once and is in HEAD %d times", t.texts[i], n))
		}
	}
	_, fsck := b.git("fsck", "--strict", "--full", "--no-dangling")
	status, err := b.git("status", "--porcelain", "--", "incidents")
	if err == nil && status != "" {
		err = fmt.Errorf("git status says %q", status)
	}
	all := errors.Join(append(errs, fsck, err, b.checkLeft(claim{}))...)
	if errors.Is(all, errLost) {
		diary, _ := b.git("reflog", "-30") // tells who was in the way
		all = fmt.Errorf("%w\n%s", all, diary)
	}
	return all
}
