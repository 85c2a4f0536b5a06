package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// A write is killed before each of its system calls in turn. The next command must do its own work and end
// what was begun, without anybody's help.

// killPoints lists a point for each call of each write on each kind of repository.
func (h *harness) killPoints() error {
	for _, k := range append(kinds, beginnings...) {
		for _, w := range k.tried() {
			if !h.wants("kill", k.name, w.name) && !h.wants("alone", k.name, w.name) {
				continue
			}
			calls, whole, err := h.record(k, w)
			if err != nil {
				return err
			}
			for i, c := range calls {
				number, label := i+1, c.label(h.boxes[0].dir)
				h.add("kill", k, w, fmt.Sprint(number), label, func(b *box, o *outcome) error { return killed(b, w, number, family, whole, o) })
				if k.slow {
					h.add("alone", k, w, fmt.Sprint(number), label, func(b *box, o *outcome) error { return killed(b, w, number, alone, whole, o) })
				}
			}
		}
	}
	return nil
}

// record runs a write once, to see which calls it makes and how many files it adds.
func (h *harness) record(k kind, w write) (calls []*call, whole int, err error) {
	b := h.boxes[0]
	if err := b.restore(k); err != nil {
		return nil, 0, err
	}
	r, err := trace(b.program(b.args(w)...), injection{}, nil)
	if err == nil && r.code != 0 {
		err = fmt.Errorf("exit %d: %s", r.code, r.stderr)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%s on %s: %w", w.name, k.name, err)
	}
	commits, err := b.since()
	if err != nil || len(commits) == 0 {
		return nil, 0, fmt.Errorf("%s on %s: nothing was committed: %w", w.name, k.name, err)
	}
	return pick(r.calls, changes), len(commits[0].changes), nil
}

// killed kills a write at a call, and sees what the next command makes of it.
func killed(b *box, w write, number int, who victim, whole int, o *outcome) error {
	c := claim{whole: []int{whole}}
	var goOn func()
	var next error
	if who == alone {
		goOn = func() { next = b.next(&c, false) } // beside the git that is left
	}
	r, err := trace(b.program(b.args(w)...), injection{at: number, kill: who}, goOn)
	if err != nil {
		return err
	}
	c.takes(r, o)
	if goOn == nil {
		next = b.next(&c, r.children)
	}
	o.acknowledged += len(c.done)
	if next != nil {
		return next
	}
	return b.check(c)
}

// takes adds what became of a command to the claim.
func (c *claim) takes(r *run, o *outcome) {
	if r.hit != nil {
		o.hit = r.hit
	}
	switch r.code {
	case 0:
		c.done = append(c.done, strings.Fields(r.stdout)...)
	case -1:
		c.maybe++
		if out := strings.Fields(r.stdout); len(out) > 0 { // it was killed after it had answered
			c.done, c.maybe = append(c.done, out...), c.maybe-1
		}
	}
}

var lockNamed = regexp.MustCompile(`\S+\.lock\b`)

// next runs the commands that follow a crash. A lock that git itself has left is nobody's to remove but a
// person's: then they do as they are told.
func (b *box) next(c *claim, gitDied bool) error {
	for _, args := range b.kind.following(b) {
		r := b.incident(args...)
		for range 3 {
			lock := lockNamed.FindString(r.stderr)
			if r.code != 6 || lock == "" || !gitDied {
				break
			}
			if !filepath.IsAbs(lock) {
				lock = filepath.Join(b.dir, lock)
			}
			if err := os.Remove(lock); err != nil {
				return fmt.Errorf("incident names a lock that is not there: %w: %s", err, r.stderr)
			}
			r = b.incident(args...)
		}
		if r.code != 0 {
			return fmt.Errorf("the next command, incident %s: exit %d: %s", strings.Join(args, " "), r.code, r.stderr)
		}
		if args[0] != "init" {
			c.done = append(c.done, strings.Fields(r.stdout)...)
		}
	}
	return nil
}
