package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// A write is killed before each of its system calls in turn. The next command must do its own work and end
// what was begun, without anybody's help.

// killPoints lists a point for each call of each write on each kind of repository.
func (h *harness) killPoints() error {
	for _, part := range []string{"kill", "alone"} {
		var on []string
		if part == "alone" {
			on = slow() // elsewhere there is nobody to go on
		}
		for _, c := range h.combinations(part, on, nil) {
			calls, whole, err := h.recordAll(c.kind, c.write)
			if err != nil {
				return err
			}
			who := family
			if part == "alone" {
				who = alone
			}
			for i, at := range pick(calls, changes) {
				h.add(part, c.kind, c.write, fmt.Sprint(i+1), at.label(h.boxes[0].dir), func(b *box, o *outcome) error {
					return killed(b, c.write, i+1, who, whole, o)
				})
			}
		}
	}
	return nil
}

// recordAll runs a write once, to see which calls it makes and how many files it adds.
func (h *harness) recordAll(k kind, w write) (calls []*call, whole int, err error) {
	if known, ok := h.recorded[k.name+w.name]; ok {
		return known.calls, known.whole, nil
	}
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
	if err != nil {
		return nil, 0, fmt.Errorf("%s on %s: %w", w.name, k.name, err)
	}
	if len(commits) == 0 {
		return nil, 0, fmt.Errorf("%s on %s: nothing was committed", w.name, k.name)
	}
	h.recorded[k.name+w.name] = recording{r.calls, len(commits[0].changes)}
	return r.calls, len(commits[0].changes), nil
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
	c.takes(w, r, o)
	if goOn == nil {
		next = b.next(&c, r.children)
	}
	o.acknowledged += len(c.done)
	if next != nil {
		return next
	}
	return b.check(c)
}

// takes adds what became of a write to the claim.
func (c *claim) takes(w write, r *run, o *outcome) {
	if r.hit != nil {
		o.hit = r.hit
	}
	answer := strings.Fields(r.stdout)
	if w.name == "init" {
		answer = nil // it names no entry
	}
	c.done = append(c.done, answer...)
	c.gitDied = c.gitDied || slices.ContainsFunc(r.calls, (*call).leavesLock)
	if r.code > 0 && strings.Contains(r.stderr, "it is not known whether it was committed") {
		c.maybe++
	}
	if r.code == -1 {
		c.gitDied = c.gitDied || r.children
		if len(answer) == 0 { // else it was killed after it had answered
			c.maybe++
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
