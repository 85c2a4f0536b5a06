package gitstore

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// What follows looks at a repository and says how it is. It takes no lock for longer than it takes to see
// that it is free, and changes nothing.

// GitVersion is the version of the git program, an [ErrNoGit] where there is none.
func (s *Store) GitVersion(ctx context.Context) (string, error) {
	out, err := s.git.run(ctx, "version")
	return strings.TrimPrefix(strings.TrimSpace(string(out)), "git version "), err
}

// HalfDone is an [ErrBusy] for a merge, rebase or the like that waits for a person.
func (s *Store) HalfDone() error {
	if s.waits(s.mergePath()) {
		return nil // ours, and the next command takes it back
	}
	return s.idle()
}

func (s *Store) waits(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

// Writing reports whether a program of ours is writing now.
func (s *Store) Writing() (bool, error) {
	path := filepath.Join(s.PrivateDir(), "lock")
	if !s.waits(path) {
		return false, nil
	}
	l := flock.New(path, flock.SetPermissions(0o666))
	free, err := l.TryLock()
	if err != nil {
		return false, writeError(fmt.Errorf("lock %s: %w", path, err))
	}
	return !free, l.Unlock()
}

// Writable tries, and leaves nothing, whether new files can be made where a commit needs them.
func (s *Store) Writable() error {
	dirs := []string{s.root, s.gitDir, filepath.Join(s.commonDir, "objects")}
	for _, dir := range []string{s.PrivateDir(), s.ownDir(), s.packs(), filepath.Join(s.commonDir, "refs", "heads"), filepath.Join(s.gitDir, "logs")} {
		if s.waits(dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		f, err := os.CreateTemp(dir, ".incident-doctor-*")
		if err != nil {
			return writeError(err)
		}
		err = fill(f, make([]byte, 16<<10)) // as much as a small commit takes
		if err := errors.Join(err, os.Remove(f.Name())); err != nil {
			return writeError(err)
		}
	}
	return nil
}

// Lock is one of git's locks that is there.
type Lock struct {
	Path string
	Age  time.Duration
	Ours bool // left by a crash of ours: the next write removes it
}

// Locks lists git's locks. Most are there for milliseconds.
func (s *Store) Locks() []Lock {
	files := []string{filepath.Join(s.gitDir, "index.lock")}
	for _, dir := range slices.Compact([]string{s.gitDir, s.commonDir}) {
		for _, name := range []string{"HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock"} {
			files = append(files, filepath.Join(dir, name))
		}
	}
	_ = filepath.WalkDir(filepath.Join(s.commonDir, "refs"), func(name string, _ fs.DirEntry, _ error) error {
		if strings.HasSuffix(name, ".lock") {
			files = append(files, name)
		}
		return nil // what cannot be read is told by who needs it
	})
	var locks []Lock
	sameFile := func(info os.FileInfo, file string) bool {
		other, err := os.Lstat(file)
		return err == nil && os.SameFile(info, other)
	}
	for _, file := range files {
		info, err := os.Lstat(file)
		if err != nil {
			continue
		}
		ours := slices.ContainsFunc([]string{"index", "head", "ref"}, func(name string) bool {
			return sameFile(info, filepath.Join(s.ownDir(), name+".new"))
		})
		locks = append(locks, Lock{file, max(0, s.now().Sub(info.ModTime())), ours})
	}
	return locks
}

// CutShort says which changes a crash has left for the next write to finish or to take back.
func (s *Store) CutShort() ([]string, error) {
	var left []string
	raw, err := os.ReadFile(s.journalPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, writeError(err)
	}
	if _, there := journaled(raw); there && raw[0] == takenBack {
		left = append(left, "a change that was refused and is to be taken back")
	} else if there {
		left = append(left, "a change that is to be committed")
	}
	if s.waits(s.mergePath()) {
		left = append(left, "a merge that is to be taken back")
	}
	return left, nil
}

// Finish ends what a crash has cut short, as every write does first.
func (s *Store) Finish(ctx context.Context) error {
	release, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.recover(ctx)
}

// wholeIndex reports whether the checksum at the end of an index is that of what stands before it. Git can be
// told to leave it out.
func wholeIndex(raw []byte, sha256s bool) bool {
	sum := func(b []byte) []byte { s := sha1.Sum(b); return s[:] }
	if sha256s {
		sum = func(b []byte) []byte { s := sha256.Sum256(b); return s[:] }
	}
	size := len(sum(nil))
	if len(raw) < indexHeader+size || string(raw[:4]) != "DIRC" {
		return false
	}
	told := raw[len(raw)-size:]
	return bytes.Equal(told, make([]byte, size)) || bytes.Equal(told, sum(raw[:len(raw)-size]))
}

// IndexMode is how git's index is kept, and how large that is.
type IndexMode struct {
	Split bool
	Bytes int64
}

// IndexMode asks git how the index is kept.
func (s *Store) IndexMode(ctx context.Context) (IndexMode, error) {
	raw, err := os.ReadFile(filepath.Join(s.gitDir, "index"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return IndexMode{}, s.indexProblem(err.Error())
	}
	if err == nil && !wholeIndex(raw, s.sha256) {
		return IndexMode{}, s.indexProblem("its checksum is wrong")
	}
	out, err := s.git.run(ctx, "rev-parse", "--shared-index-path")
	if err != nil {
		return IndexMode{}, err
	}
	shared := strings.TrimSpace(string(out))
	mode := IndexMode{Split: shared != ""}
	for _, file := range []string{filepath.Join(s.gitDir, "index"), filepath.Join(s.gitDir, filepath.Base(shared))} {
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			mode.Bytes += info.Size()
		}
	}
	return mode, nil
}

// Difference is a file below a folder that the newest commit, the index and the work tree do not all have
// alike.
type Difference struct {
	Path     string
	Missing  bool // from the work tree, while the commit has it
	Untold   bool // git was never told of it
	Unmerged bool
}

// Differences lists what differs below some folders, what git was told to ignore included.
func (s *Store) Differences(ctx context.Context, dirs ...string) ([]Difference, error) {
	out, err := s.git.run(ctx, append([]string{
		"--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=all", "--ignored=matching", "--no-renames", "--ignore-submodules=all",
	}, exact(dirs...)...)...)
	if err != nil {
		return nil, err
	}
	var list []Difference
	for line := range strings.SplitSeq(string(out), "\x00") {
		if len(line) < 4 {
			continue
		}
		code, file := line[:2], line[3:]
		list = append(list, Difference{
			Path: file, Missing: strings.Contains(code, "D"), Untold: code == "??" || code == "!!" || code[0] == 'A',
			Unmerged: strings.Contains(code, "U") || code == "AA" || code == "DD",
		})
	}
	return list, nil
}

// Untracked reports whether git was neither told of a file of the work tree nor told to ignore it.
func (s *Store) Untracked(ctx context.Context, file string) (bool, error) {
	out, err := s.git.run(ctx, append([]string{
		"--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=normal", "--no-renames", "--ignore-submodules=all",
	}, exact(file)...)...)
	return strings.HasPrefix(string(out), "?? "), err
}

// Restore makes index and work tree hold files as the newest commit does. What lay there is handed to keep
// first; where keep fails, nothing is restored.
func (s *Store) Restore(ctx context.Context, paths []string, keep func(path string, data []byte) error) error {
	release, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := errors.Join(s.recover(ctx), s.idle()); err != nil {
		return err
	}
	for _, p := range paths {
		now, err := s.ReadFile(p, 1<<30)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = keep(p, now)
		}
		if err != nil {
			return fmt.Errorf("keep what lies at %s: %w", p, err)
		}
	}
	return s.insist(ctx, func() error {
		if err := s.waitForGit(ctx); err != nil {
			return err
		}
		_, err := s.git.run(ctx, append([]string{"checkout", "--quiet", "HEAD"}, exact(paths...)...)...)
		return err
	})
}

// Reach asks the upstream whether it is there, and returns the newest commit of its branch, "" where it has
// none. Nothing is asked of a person. The errors are those of Fetch.
func (s *Store) Reach(ctx context.Context, u Upstream) (string, error) {
	if s.alone() {
		remote, err := s.remoteAlone(u.Remote, false)
		if err != nil {
			return "", err
		}
		heads, _, err := remote.heads(ctx)
		return heads[u.Branch], reachError(u.Remote, err)
	}
	out, err := s.talk(ctx, u, false, "ls-remote", "--", u.Remote, u.Branch)
	if err != nil {
		return "", farError(u.Remote, err)
	}
	id, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\t")
	return id, nil
}

// LastAdded lists the files that the last so many commits have added.
func (s *Store) LastAdded(ctx context.Context, commits int) ([]string, error) {
	if head, err := s.Head(ctx); err != nil || head == "" {
		return nil, err
	}
	out, err := s.git.run(ctx, "log", "-z", "--no-renames", "--no-color", "--no-ext-diff", "--diff-filter=A", "--name-only", "--format=", fmt.Sprintf("--max-count=%d", commits))
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 || r == '\n' }), err
}
