package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// The test program is what the tracer starts to become the one that is traced.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == launchWord {
		_ = launch(os.Args[2:])
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// script is a shell that makes three folders and tells of the last, with a child in between.
func script(dir string) program {
	return program{path: "/bin/sh", args: []string{"-c", "mkdir a && mkdir b && mkdir c && echo made"}, dir: dir, env: []string{"PATH=" + os.Getenv("PATH")}}
}

func mkdirs(c *call) bool { return c.name == "mkdir" || c.name == "mkdirat" }

func TestTrace(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		in     injection
		code   int
		stdout string
		made   []string
	}{
		{"nothing is in the way of a program that is only watched", injection{}, 0, "made\n", []string{"a", "b", "c"}},
		{"it is killed before the call is made", injection{at: 2, counts: mkdirs, kill: family}, -1, "", []string{"a"}},
		{"calls are counted over all processes", injection{at: 3, counts: mkdirs, kill: family}, -1, "", []string{"a", "b"}},
		{"a child goes on alone", injection{at: 2, counts: mkdirs, kill: alone}, -1, "", []string{"a", "b"}},
		{"a call that fails is not made", injection{at: 2, counts: mkdirs, fail: syscall.ENOSPC}, 1, "", []string{"a"}},
		{"a number too high is never met", injection{at: 4, counts: mkdirs, kill: family}, 0, "made\n", []string{"a", "b", "c"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			dir := t.TempDir()
			r, err := trace(script(dir), tt.in, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.code != tt.code || r.stdout != tt.stdout {
				t.Errorf("exit %d, %q (%s), want %d, %q", r.code, r.stdout, r.stderr, tt.code, tt.stdout)
			}
			made, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(made) != len(tt.made) {
				t.Errorf("made %v (%v), want %v", made, err, tt.made)
			}
			if n := len(pick(r.calls, mkdirs)); n < len(tt.made) {
				t.Errorf("%d calls were seen, %d folders made", n, len(tt.made))
			}
		})
	}
}

func TestFailuresGoOn(t *testing.T) {
	p := script(t.TempDir())
	p.args[1] = "mkdir a; mkdir b; mkdir c; echo $?"
	r, err := trace(p, injection{at: 2, counts: mkdirs, fail: syscall.EIO, on: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	failed := pick(r.calls, func(c *call) bool { return mkdirs(c) && errors.Is(c.failed, syscall.EIO) })
	if len(failed) != 2 || r.stdout != "1\n" {
		t.Errorf("%d calls failed, %q, want 2", len(failed), r.stdout)
	}
}
