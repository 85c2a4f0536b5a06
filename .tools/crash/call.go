package main

import (
	"errors"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// call is a system call that a traced program made.
type call struct {
	name     string
	path, to string // what it is about; of a file descriptor, the file behind it
	create   bool   // an open that can make or empty a file
	own      bool   // of incident itself, not of a git that it runs
	failed   error
	// When it began and ended, counted in beginnings and ends of calls; end is 0 where it never returned.
	begin, end int
}

// changes reports whether a call can change something that outlives the process, or is how a process begins
// or ends. Between any two of these, nothing that the next command could find is different.
func changes(c *call) bool {
	switch c.name {
	case "open", "openat":
		return c.create && onDisk(c)
	case "write", "pwrite64", "writev":
		return onDisk(c) || c.own && !strings.HasPrefix(c.path, "anon_inode:")
	}
	return true
}

// leavesLock reports whether a git could not remove one of its own locks.
func (c *call) leavesLock() bool {
	return !c.own && strings.HasPrefix(c.name, "unlink") && strings.HasSuffix(c.path, ".lock") && c.failed != nil && !errors.Is(c.failed, fs.ErrNotExist)
}

// onDisk reports whether a call is about a file.
func onDisk(c *call) bool {
	return strings.HasPrefix(c.path, "/") && !strings.HasPrefix(c.path, "/dev/") && !strings.HasPrefix(c.path, "/proc/")
}

// within reports whether a path lies in a folder, or is it.
func within(dir, path string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// How the parts of paths that are new in each run are told apart no longer.
var everyRun = []struct {
	old *regexp.Regexp
	now string
}{
	{regexp.MustCompile(`tmp_(obj|(?:incident_|gathered_)?(?:pack|idx))_\w+`), "tmp_${1}_X"},
	{regexp.MustCompile(`objects/[0-9a-f]{2}\b`), "objects/XX"},
	{regexp.MustCompile(`\b[0-9a-f]{38,40}\b`), "HASH"},
	{regexp.MustCompile(`\d{8}T\d{6}\.\d{3}Z`), "TIME"},
	{regexp.MustCompile(`-[0-9a-z]{6}\.md\b`), "-ID.md"},
	{regexp.MustCompile(`attachments/[0-9a-z]{6}-`), "attachments/ID-"},
	{regexp.MustCompile(`incidents/\d{4}/\d\d/\d\d`), "incidents/DAY"},
	{regexp.MustCompile(`\.\d+\.new$`), ".PID.new"},
	{regexp.MustCompile(`^(pipe|socket):.*`), "$1"},
}

// label names a call as it is called in every run.
func (c *call) label(dir string) string {
	who := "git "
	if c.own {
		who = ""
	}
	words := []string{who + c.name}
	for _, p := range []string{c.path, c.to} {
		words = append(words, everyTime(dir, p))
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// everyTime is a path as it is in every run.
func everyTime(dir, p string) string {
	if rel, err := filepath.Rel(dir, p); p != "" && err == nil && filepath.IsLocal(rel) {
		p = rel
	}
	for _, e := range everyRun {
		p = e.old.ReplaceAllString(p, e.now)
	}
	return p
}

// pick returns the calls that a rule is about, in their order.
func pick(calls []*call, rule func(*call) bool) []*call {
	return slices.DeleteFunc(slices.Clone(calls), func(c *call) bool { return !rule(c) })
}
