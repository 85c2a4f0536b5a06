package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// A call of a write fails, once or from there on. Whatever that was, the answer must be true: 0 and it is
// committed, or not 0, the reason, and it never is; and the next command works.

// fault is a way in which calls fail.
type fault struct {
	name   string
	errno  syscall.Errno
	said   string // how people read it
	counts func(*call) bool
}

var faults = []fault{
	{"ENOSPC", syscall.ENOSPC, "no space left on device", func(c *call) bool { return makes(c) }},
	{"EIO", syscall.EIO, "input/output error", func(c *call) bool { return makes(c) || syncs(c) || strings.HasPrefix(c.name, "unlink") }},
	{"EACCES", syscall.EACCES, "permission denied", func(c *call) bool { return opens(c) || makes(c) && !fills(c) || strings.HasPrefix(c.name, "unlink") }},
	{"EMFILE", syscall.EMFILE, "too many open files", opens},
}

func opens(c *call) bool { return strings.HasPrefix(c.name, "open") && onDisk(c) }

func syncs(c *call) bool {
	switch c.name {
	case "fsync", "fdatasync", "sync_file_range", "syncfs":
		return true
	}
	return false
}

func fills(c *call) bool {
	switch c.name {
	case "write", "pwrite64", "writev", "copy_file_range":
		return onDisk(c)
	}
	return false
}

// makes reports whether a call needs room on the disk, or may.
func makes(c *call) bool {
	switch c.name {
	case "open", "openat":
		return opens(c) && c.create
	case "rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat", "symlink", "symlinkat", "fallocate":
		return true
	}
	return fills(c)
}

// faultPoints lists a point for each call that can fail in each way.
func (h *harness) faultPoints() error {
	for _, c := range h.combinations("fault", []string{"plain", "packs", "hook", "worktree", "unborn"}, []string{"note", "attach", "postmortem", "init"}) {
		calls, whole, err := h.recordAll(c.kind, c.write)
		if err != nil {
			return err
		}
		for _, f := range faults {
			for i, struck := range pick(calls, f.counts) {
				in := injection{at: i + 1, counts: f.counts, fail: f.errno}
				label := struck.label(h.boxes[0].dir)
				h.add("fault", c.kind, c.write, fmt.Sprintf("%s.%d", f.name, in.at), label, func(b *box, o *outcome) error {
					return failed(b, c.write, in, f, whole, o)
				})
				from := in
				from.on = true
				h.add("fault", c.kind, c.write, fmt.Sprintf("%s.%d+", f.name, in.at), label, func(b *box, o *outcome) error {
					return failed(b, c.write, from, f, whole, o)
				})
			}
		}
	}
	return nil
}

// failed lets a write meet a fault, and sees what is true afterwards.
func failed(b *box, w write, in injection, f fault, whole int, o *outcome) error {
	c := claim{whole: []int{whole}}
	r, err := trace(b.program(b.args(w)...), in, nil)
	if err != nil {
		return err
	}
	c.takes(w, r, o)
	if err := b.answered(r, f.said, o); err != nil {
		return err
	}
	return b.afterRefusal(w, r, &c, o)
}

// afterRefusal runs the next command and then, where a write was refused, the same once more.
func (b *box) afterRefusal(w write, r *run, c *claim, o *outcome) error {
	err := b.next(c, r.children)
	if err == nil {
		commits, sinceErr := b.since()
		// What was refused must not be there now, and once when it is tried again.
		err = errors.Join(sinceErr, b.checkHeld(*c, commits))
	}
	if err == nil && r.code != 0 && b.kind.only == nil {
		again := b.incident(b.args(w)...)
		if again.code != 0 {
			err = fmt.Errorf("tried again: exit %d: %s", again.code, again.stderr)
		}
		c.done = append(c.done, strings.Fields(again.stdout)...)
	}
	o.acknowledged += len(c.done)
	if err == nil {
		err = b.check(*c)
	}
	if err != nil {
		err = fmt.Errorf("%w\nit had ended with %d: %s", err, r.code, r.stderr)
	}
	return err
}

// answered demands of a command that failed that it said why, in words for people.
func (b *box) answered(r *run, said string, o *outcome) error {
	lower := strings.ReplaceAll(strings.ToLower(r.stderr), "out of diskspace", "no space left on device") // git says both
	if strings.Contains(lower, "couldn't write '") && strings.Contains(lower, "the disk is not full") {
		lower += said // git does not say why, and incident what it may be
	}
	switch {
	case r.code == 0:
		return nil
	case o.hit != nil && !within(b.dir, o.hit.path):
		// The runtime, a library or git's own files: a program that cannot start says what it can.
		return nil
	case strings.Contains(lower, "error while loading shared libraries"):
		return nil // git itself could not start, and its loader says why
	case strings.Contains(lower, "goroutine ") || strings.Contains(lower, "panic:"):
		return fmt.Errorf("exit %d: it panics: %s", r.code, r.stderr)
	case r.code != 9 && r.code != 6:
		return fmt.Errorf("exit %d is not how a disk's failure is told: %s", r.code, r.stderr)
	case !strings.Contains(lower, said) && (o.hit == nil || o.hit.own): // git has its own words
		return fmt.Errorf("exit %d does not say %q: %s", r.code, said, r.stderr)
	case !strings.Contains(r.stderr, "/"):
		return fmt.Errorf("exit %d names no path: %s", r.code, r.stderr)
	}
	return nil
}
