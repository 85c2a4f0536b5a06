package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// claim is what was said of the commands that were run since the repository was as it was before.
type claim struct {
	done  []string // what was printed by those that ended with 0: names of entries, or an incident
	maybe int      // how many were killed, which may be there or not
	never []string // marks of what was refused
	whole []int    // how many files a command adds
	loose bool     // commits besides ours are there
	// A git was killed, too, or could not remove a lock. Its locks are nobody's but a person's to remove, even those in nobody's way.
	gitDied bool
}

// commit is one that was made since.
type commit struct {
	id, tree string
	changes  map[string]string // a path, and what git calls that change
}

// check compares what was claimed with what the repository holds.
func (b *box) check(c claim) error {
	_, fsck := b.git("fsck", "--strict", "--full", "--no-dangling")
	commits, err := b.since()
	if err != nil {
		return errors.Join(fsck, err)
	}
	return errors.Join(fsck, b.checkClean(commits), b.checkLeft(c), b.checkHeld(c, commits), b.checkSeen(commits), b.checkNever(c))
}

// since lists the commits since before, the newest first.
func (b *box) since() ([]commit, error) {
	span := "HEAD"
	if b.before.commit != "" {
		span = b.before.commit + "..HEAD"
	}
	out, err := b.git("log", "--format=%x01%H %T", "--name-status", "--no-renames", "-z", span)
	if err != nil {
		return nil, err
	}
	var commits []commit
	for _, part := range strings.Split(out, "\x01")[1:] {
		fields := strings.Split(strings.TrimRight(part, "\x00"), "\x00")
		c := commit{changes: map[string]string{}}
		c.id, c.tree, _ = strings.Cut(strings.TrimSpace(fields[0]), " ")
		fields = slices.DeleteFunc(fields[1:], func(f string) bool { return f == "" })
		for i := 0; i+1 < len(fields); i += 2 {
			c.changes[fields[i+1]] = strings.TrimSpace(fields[i])
		}
		commits = append(commits, c)
	}
	return commits, nil
}

// checkClean demands that commit, index and work tree agree, but for what a person had changed.
func (b *box) checkClean(commits []commit) error {
	status, err := b.git("status", "--porcelain", "--ignored")
	if err == nil && status != b.before.status {
		err = fmt.Errorf("git status says %q, not %q", status, b.before.status)
	}
	tree, treeErr := b.git("write-tree")
	if treeErr == nil && len(commits) > 0 && b.before.status == "" && tree != commits[0].tree {
		treeErr = fmt.Errorf("git write-tree is %s, HEAD has %s", tree, commits[0].tree)
	}
	return errors.Join(err, treeErr)
}

// halfDone are names, in our folders in .git, of files that only a write has.
var halfDone = regexp.MustCompile(`(\.new|\.lock)$|^refused\b`)

// settled reports whether a journal tells of nothing that is to be done.
func settled(journal string) bool {
	raw, err := os.ReadFile(journal)
	return err == nil && !strings.HasPrefix(string(raw), "+") && !strings.HasPrefix(string(raw), "-")
}

// checkLeft demands that nothing half done lies about.
func (b *box) checkLeft(c claim) error {
	var errs []error
	walk := func(top string, bad func(name string, d fs.DirEntry) bool) {
		errs = append(errs, filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			if err == nil && bad(name, d) {
				errs = append(errs, errors.New(name+" was left"))
			}
			return nil
		}))
	}
	for _, dir := range []string{filepath.Join(b.record, ".git"), filepath.Join(b.dir, "record", ".git")} {
		walk(dir, func(name string, d fs.DirEntry) bool {
			ours := filepath.Base(filepath.Dir(name)) == "incident"
			locked := strings.HasSuffix(name, ".lock") && !c.gitDied && !strings.HasPrefix(d.Name(), "next-index-") // of a git that could not remove it
			return locked || ours && (halfDone.MatchString(d.Name()) || d.Name() == "journal" && !settled(name))
		})
		if b.record == filepath.Join(b.dir, "record") {
			break
		}
	}
	for _, dir := range []string{"incidents", ".incident"} {
		walk(filepath.Join(b.record, dir), func(name string, d fs.DirEntry) bool {
			inside, err := os.ReadDir(name)
			return d.IsDir() && err == nil && len(inside) == 0
		})
	}
	return errors.Join(errs...)
}

// checkHeld demands that what was done is there once, and that what was cut short is there as a whole or not
// at all.
func (b *box) checkHeld(c claim, commits []commit) error {
	var errs []error
	held := map[string]int{}
	rest := 0
	for _, made := range commits {
		var acknowledged []string
		for p, how := range made.changes {
			if how != "A" && !c.loose {
				errs = append(errs, fmt.Errorf("commit %.12s: %s %s", made.id, how, p))
			}
			if name := entryOf(p); name != "" && how == "A" {
				held[name]++
				acknowledged = append(acknowledged, name)
				if path.Base(path.Dir(p)) == "timeline" && strings.Contains(name, "-opened-") {
					held[incidentOf(p)]++
					acknowledged = append(acknowledged, incidentOf(p))
				}
			}
		}
		if !slices.ContainsFunc(acknowledged, func(name string) bool { return slices.Contains(c.done, name) }) {
			if _, settings := made.changes[".incident/config.yaml"]; settings {
				continue // the record was made besides
			}
			rest++
			if len(c.whole) > 0 && !slices.Contains(c.whole, len(made.changes)) && !c.loose {
				errs = append(errs, fmt.Errorf("commit %.12s holds %d files, which no command adds: %v", made.id, len(made.changes), made.changes))
			}
		}
	}
	for _, name := range c.done {
		if held[name] != 1 {
			errs = append(errs, fmt.Errorf("%w: %s was acknowledged and is in HEAD %d times", errLost, name, held[name]))
		}
	}
	if rest > c.maybe && !c.loose {
		errs = append(errs, fmt.Errorf("%d commits were made that were not acknowledged, of %d commands that were killed", rest, c.maybe))
	}
	return errors.Join(errs...)
}

var errLost = errors.New("LOST")

// entryOf is the name of the entry that a path of the record is, or "".
func entryOf(p string) string {
	if path.Base(path.Dir(p)) != "timeline" {
		return ""
	}
	return strings.TrimSuffix(path.Base(p), ".md")
}

// incidentOf is the identifier of the incident that a path of the record belongs to, or "".
func incidentOf(p string) string {
	parts := strings.Split(p, "/")
	if len(parts) < 6 || parts[0] != "incidents" {
		return ""
	}
	return strings.Join(parts[1:4], "") + "-" + parts[4]
}

// checkSeen demands that incident shows the entries of the commits.
func (b *box) checkSeen(commits []commit) error {
	shown := map[string]string{}
	var errs []error
	for _, made := range commits {
		for p := range made.changes {
			name, id := entryOf(p), incidentOf(p)
			if name == "" || id == "" {
				continue
			}
			if _, asked := shown[id]; !asked {
				r := b.incident("log", "-i", id, "-o", "json")
				if r.code != 0 || r.stderr != "" {
					errs = append(errs, fmt.Errorf("incident log -i %s: exit %d: %s", id, r.code, r.stderr))
				}
				shown[id] = r.stdout
			}
			if !strings.Contains(shown[id], name) {
				errs = append(errs, fmt.Errorf("%s is committed, but incident log does not show it", name))
			}
		}
	}
	return errors.Join(errs...)
}

// checkNever demands that what was refused is nowhere in HEAD.
func (b *box) checkNever(c claim) error {
	for _, mark := range c.never {
		if out, err := b.git("grep", "-l", "-F", "-e", mark, "HEAD"); err == nil {
			return fmt.Errorf("what was refused is committed: %s", out)
		}
	}
	return nil
}
