package main

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What exit 0 promises must be on disk by then: the bytes of each file, and its name, which lives in the
// folder. A power cut cannot be had here; that each was synced after its last change can be seen.

// needless are files that a power cut may take or leave, and why.
var needless = []struct {
	name *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`\.git/(worktrees/\w+/)?logs(/|$)`), "git's diaries, which git never syncs: no record hangs on them"},
	{regexp.MustCompile(`\.git/(worktrees/\w+/)?incident/((lock|verified|settings|gathered)[^/]*|cache(/.*)?)$`), "made again where it is missing or odd"},
	{regexp.MustCompile(`\.git/(worktrees/\w+/)?(COMMIT_EDITMSG|ORIG_HEAD)$`), "git's note to itself"},
	{regexp.MustCompile(`\.git/(hooks/.*\.sample|description|info/exclude)$`), "comes with each repository, and only says how it could be"},
	{regexp.MustCompile(`\.git/(hooks|branches|info|objects/info|objects/pack|refs/tags)$`), "git makes the folder again, or does without"},
}

// content is what a file holds, whatever it is called.
type content struct{ changed, before, synced int }

// unsynced lists what the calls changed under a folder and left unsynced, by the time of the last answer.
func unsynced(dir string, calls []*call) []string {
	files := map[string]*content{}
	names := map[string]int{}   // and when they came to be
	folders := map[string]int{} // and when they were last synced
	said := 1 << 62
	for _, c := range calls {
		if c.own && strings.HasPrefix(c.name, "write") && !onDisk(c) && !strings.HasPrefix(c.path, "anon_inode:") {
			said = c.begin
		}
	}
	at := func(name string) *content {
		if files[name] == nil {
			files[name] = &content{}
		}
		return files[name]
	}
	for _, c := range slices.SortedFunc(slices.Values(calls), func(a, b *call) int { return a.end - b.end }) {
		if c.end == 0 || c.end > said || c.failed != nil || !within(dir, c.path) {
			continue
		}
		switch c.name {
		case "open", "openat":
			if _, there := names[c.path]; c.create && !there {
				at(c.path)
				names[c.path] = c.end
			}
		case "mkdir", "mkdirat":
			names[c.path] = c.end
		case "write", "pwrite64", "writev", "copy_file_range", "truncate", "ftruncate", "fallocate":
			f := at(c.path)
			f.before, f.changed = f.changed, c.end
		case "fsync", "fdatasync":
			at(c.path).synced = max(at(c.path).synced, c.begin)
			folders[c.path] = max(folders[c.path], c.begin)
		case "rename", "renameat", "renameat2":
			files[c.to], names[c.to] = at(c.path), c.end
			delete(files, c.path)
			delete(names, c.path)
		case "link", "linkat":
			files[c.to], names[c.to] = at(c.path), c.end
		case "unlink", "unlinkat", "rmdir":
			delete(files, c.path)
			delete(names, c.path)
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if f := files[name]; f.late(name) > f.synced && needed(dir, name) {
			out = append(out, everyTime(dir, name)+" was changed and not synced")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if folder := filepath.Dir(name); names[name] > folders[folder] && needed(dir, name) && within(dir, folder) {
			out = append(out, everyTime(dir, name)+" got its name, and its folder was not synced")
		}
	}
	return out
}

// late is when a file was changed so that it must be on disk. The last change of a journal says that nothing is left to do:
// without it, the next command sees that the change is committed.
func (c *content) late(name string) int {
	if filepath.Base(name) == "journal" {
		return c.before
	}
	return c.changed
}

func needed(dir, name string) bool {
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		return true
	}
	for _, n := range needless {
		if n.name.MatchString(rel) {
			return false
		}
	}
	return true
}

// syncedPoints lists a point for each write on each kind of repository.
func (h *harness) syncedPoints() error {
	for _, c := range h.combinations("synced", nil, nil) {
		h.add("synced", c.kind, c.write, "0", "", func(b *box, o *outcome) error {
			r, err := trace(b.program(b.args(c.write)...), injection{}, nil)
			if err != nil {
				return err
			}
			if r.code != 0 {
				return fmt.Errorf("exit %d: %s", r.code, r.stderr)
			}
			o.acknowledged++
			var errs []error
			for _, line := range unsynced(b.dir, r.calls) {
				errs = append(errs, errors.New(line))
			}
			return errors.Join(errs...)
		})
	}
	return nil
}
