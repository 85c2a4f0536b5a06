package main

import (
	"errors"
	"os"
	"path/filepath"
)

// kind is a repository that writes are tried on.
type kind struct {
	name   string
	record string // where its work tree is, from the box
	slow   bool   // the git program makes its commits
	build  func(*box) error
	// Where nothing is recorded yet: the one write that can be made, and what comes after it.
	only *write
	then [][]string
}

// tried lists the writes that are tried on a kind.
func (k kind) tried() []write {
	if k.only != nil {
		return []write{*k.only}
	}
	return writes
}

// following lists the commands that come after a crash.
func (k kind) following(b *box) [][]string {
	if k.then != nil {
		return k.then
	}
	return [][]string{{"note", "-i", b.before.id, markNext}}
}

// args are a write's arguments in the box.
func (b *box) args(w write) []string {
	if w.name == "open" || w.name == "init" {
		return w.args
	}
	return append([]string{w.args[0], "-i", b.before.id}, w.args[1:]...)
}

var kinds = []kind{
	{name: "plain", record: "record", build: plain},
	{name: "packs", record: "record", build: packs},
	{name: "midx", record: "record", build: midx},
	{name: "packed", record: "record", build: with("gc", "--quiet", "--prune=now")},
	{name: "detached", record: "record", build: with("checkout", "--quiet", "--detach")},
	{name: "split", record: "record", build: with("update-index", "--split-index")},
	{name: "worktree", record: "linked", build: with("worktree", "add", "--quiet", "-b", "linked", "../linked")},
	{name: "person", record: "record", build: person},
	{name: "hook", record: "record", slow: true, build: hook},
}

// slow names the kinds where the git program makes the commits.
func slow() []string {
	var names []string
	for _, k := range kinds {
		if k.slow {
			names = append(names, k.name)
		}
	}
	return names
}

// Where nothing is recorded yet, only what makes a record can be tried.
var beginnings = []kind{
	{
		name: "unborn", record: "record", build: unborn, only: &write{"init", []string{"init", "record"}},
		then: [][]string{{"init", "record"}, {"open", "Search " + markNext}},
	},
	{
		name: "home", record: "home/.local/share/incident/records", build: func(*box) error { return nil }, only: &writes[1],
		then: [][]string{{"open", "Payments " + markNext}},
	},
}

// plain is a record with one incident.
func plain(b *box) error {
	_, err := b.must("init", "--quiet", b.record)
	if err != nil {
		return err
	}
	id, err := b.must("open", "--quiet", "Checkout errors")
	if err != nil {
		return err
	}
	for _, text := range []string{"p99 of payments-api at 9 s", "deploy 4711 was at 14:01"} {
		if _, err := b.must("note", "--quiet", text); err != nil {
			return err
		}
	}
	return errors.Join(b.file("attachment.txt", "what was seen\n", 0o666), b.file("id", id, 0o666))
}

// packs is a record with so many small packs that the next write puts them together, and removes those that were put
// together before.
func packs(b *box) error { return errors.Join(plain(b), pile(b, 31)) }

// midx is the same beside git's index over many packs, which names a few of them.
func midx(b *box) error {
	if err := plain(b); err != nil {
		return err
	}
	few, err := filepath.Glob(filepath.Join(b.record, ".git/objects/pack/*.pack"))
	if err == nil {
		_, err = b.git("multi-pack-index", "write")
	}
	return errors.Join(err, pile(b, len(few)+31))
}

// pile adds notes until there are so many packs.
func pile(b *box, many int) error {
	for {
		files, err := filepath.Glob(filepath.Join(b.record, ".git/objects/pack/*.pack"))
		if err != nil || len(files) >= many {
			return err
		}
		if _, err := b.must("note", "--quiet", "one more pack"); err != nil {
			return err
		}
	}
}

// with is a plain record in which a git command was run.
func with(args ...string) func(*box) error {
	return func(b *box) error {
		if err := plainIn(b, "record"); err != nil {
			return err
		}
		_, err := b.gitIn(filepath.Join(b.dir, "record"), args...)
		return err
	}
}

// plainIn is plain in another folder than the box's record.
func plainIn(b *box, dir string) error {
	record := b.record
	b.record = filepath.Join(b.dir, dir)
	defer func() { b.record = record }()
	return plain(b)
}

// person is a record in which somebody is in the middle of something.
func person(b *box) error {
	err := errors.Join(plain(b), b.file("record/theirs.txt", "one\n", 0o666))
	for _, args := range [][]string{{"add", "theirs.txt"}, {"commit", "--quiet", "-m", "theirs"}} {
		if _, gitErr := b.git(args...); gitErr != nil {
			return errors.Join(err, gitErr)
		}
	}
	err = errors.Join(err, b.file("record/theirs.txt", "two\n", 0o666), b.file("record/staged.txt", "staged\n", 0o666), b.file("record/untracked.txt", "", 0o666))
	_, gitErr := b.git("add", "staged.txt")
	return errors.Join(err, gitErr)
}

// hook is a record in which the git program makes the commits.
func hook(b *box) error {
	return errors.Join(plain(b), b.file("record/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n", 0o777))
}

func unborn(b *box) error {
	_, err := b.git("init", "--quiet")
	return errors.Join(err, os.RemoveAll(filepath.Join(b.record, ".git", "hooks")))
}

// write is a command that records something. Its text holds markFirst, where it has one.
type write struct {
	name string
	args []string
}

const (
	markFirst = "mark-first"
	markNext  = "mark-next"
)

var writes = []write{
	{"note", []string{"note", "--key", "first", markFirst}},
	{"open", []string{"open", "--key", "first", "Search " + markFirst}},
	{"postmortem", []string{"postmortem", "--key", "first"}},
	{"attach", []string{"note", "--key", "first", "--attach", "attachment.txt", markFirst}},
	{"resolve", []string{"resolve", "--key", "first", "-m", markFirst}},
}
