package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Commands of git's that run at the same time as ours can undo it, although nobody meant to:
//
//   - `git commit` and `git add` read the index before they take the lock on it. They write an old one back,
//     and the next commit then drops our files from the tree.
//   - `git stash` and others reset to HEAD, which they read before they take any lock. The branch is then set
//     back behind a commit that came in between.
//
// So each commit of ours leaves a mark, and where something has moved since, the next one looks for what is
// gone, and commits it again. What a person has removed or set back on purpose stays so.

func (s *Store) markPath() string { return filepath.Join(s.ownDir(), "verified") }

// mark tells a state of the repository: the newest commit, and the index by its size, time and checksum.
func (s *Store) mark(commit string) string { return markOf(commit, filepath.Join(s.gitDir, "index")) }

const unknown = " unknown" // no two of these are the same

func markOf(commit, index string) string {
	f, err := os.Open(index)
	if errors.Is(err, fs.ErrNotExist) {
		return commit + " none"
	}
	if err != nil {
		return commit + unknown
	}
	defer func() { _ = f.Close() }() // opened for reading
	state, _, err := stateOfIndex(f)
	if err != nil {
		return commit + unknown
	}
	return commit + " " + state
}

// remember leaves the mark of a commit that is known to be right.
func (s *Store) remember(commit string) { s.leaveMark(s.mark(commit)) }

func (s *Store) leaveMark(mark string) {
	if s.keep != nil && !s.doubt && !strings.HasSuffix(mark, unknown) {
		_ = overwrite(s.markPath(), []byte(mark)) // without it, the next commit looks more closely
	}
}

// overwrite writes a small file in its place, mostly with as many bytes as it had: to give back its room on the disk
// and to take it again would cost more than the rest.
func overwrite(name string, data []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(data, 0)
	info, statErr := f.Stat()
	if err == nil && statErr == nil && info.Size() > int64(len(data)) {
		err = f.Truncate(int64(len(data)))
	}
	return errors.Join(err, statErr, f.Close())
}

// heal commits again what was undone by mistake since the last mark, as the author of c, and puts the index
// right. It returns the commit that nothing is missing from, and whether anything was.
func (s *Store) heal(ctx context.Context, c Change) (good string, healed bool, err error) {
	for range tries {
		at, err := s.newest(ctx)
		if err != nil || s.keep == nil || at == "" {
			return at, healed, err
		}
		marked, err := os.ReadFile(s.markPath())
		if err == nil && string(marked) == s.mark(at) {
			return at, healed, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", healed, writeError(err)
		}
		last, _, _ := strings.Cut(string(marked), " ")
		files, err := s.undone(ctx, last, at)
		if err != nil {
			return "", healed, err
		}
		if len(files) == 0 {
			return at, healed, s.putIndexRight(ctx, at)
		}
		healed = true
		c.Files, c.Message = files, "Keep what another commit had dropped\n\nIt was made at the same time as an entry, from an older list of files.\n"
		j := &journal{Change: c, Fresh: (&Change{Files: files}).paths()}
		if _, err := s.carryOut(ctx, j); err != nil {
			return "", healed, err
		}
		s.warn(fmt.Sprintf("a git command that ran at the same time had dropped %s; it is committed again", files[0].Path))
	}
	return "", healed, &problem{ErrLocked, "HEAD of " + s.root + " moved each time", "somebody else commits at the same time; try again"}
}

// putIndexRight lists in the index what it should hold, and leaves a mark.
func (s *Store) putIndexRight(ctx context.Context, at string) error {
	if _, err := os.Lstat(filepath.Join(s.gitDir, "index")); errors.Is(err, fs.ErrNotExist) {
		_, err := s.git.run(ctx, "reset", "--quiet") // somebody has removed it: git lists all of the commit again
		if err == nil {
			s.remember(at)
		}
		return s.explained(err)
	}
	lost, err := s.unlisted(ctx)
	if errors.Is(err, ErrNoGit) {
		s.doubt = true // whoever has git looks again
		return nil
	}
	if err == nil && len(lost) > 0 {
		err = s.unstage(ctx, lost)
	}
	if err == nil {
		s.remember(at)
	}
	return s.explained(err)
}

// undone lists the files to keep that a commit held and a later state of the branch does not, although
// nobody meant that.
func (s *Store) undone(ctx context.Context, last, at string) ([]NewFile, error) {
	if last == "" || last == at {
		return nil, nil
	}
	files, err := s.dropped(ctx, last, at)
	if err != nil {
		return nil, err
	}
	more, err := s.setBack(ctx, last, at)
	for _, f := range more {
		if !slices.ContainsFunc(files, func(g NewFile) bool { return g.Path == f.Path }) {
			files = append(files, f)
		}
	}
	return files, err
}

// unlisted asks git for the files to keep that the newest commit holds, and the index does not.
func (s *Store) unlisted(ctx context.Context) ([]string, error) {
	out, err := s.git.run(ctx, "diff", "--cached", "--no-renames", "--name-only", "-z", "--diff-filter=D", "--")
	if err != nil {
		return nil, err
	}
	root, err := openTree(s.root)
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { _ = root.Close() }() // opened for reading
	var paths []string
	for p := range strings.SplitSeq(string(out), "\x00") {
		if p == "" || !s.keep(p) {
			continue
		}
		info, err := root.lstat(p)
		if err == nil && info.Mode().IsRegular() {
			paths = append(paths, p)
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, writeError(err)
		}
	}
	return paths, nil
}

// dropped lists the files to keep that a commit held, one that came from it does not, and nobody has removed
// from the work tree.
func (s *Store) dropped(ctx context.Context, from, to string) (files []NewFile, err error) {
	if came, err := s.descends(ctx, from, to); err != nil || !came {
		return nil, err
	}
	lost, err := s.lost(ctx, from, to)
	for _, f := range lost {
		now, err := s.ReadFile(f.Path, 2*int64(len(f.Data)))
		if unread(err) {
			return nil, err
		}
		if err == nil && bytes.Equal(withLF(now), withLF(f.Data)) {
			files = append(files, f)
		}
	}
	return files, err
}

// setBack lists the files to keep that the branch had lost when it was set back by mistake, and does not
// hold now. Nobody removed them from the work tree: that was set back, too.
func (s *Store) setBack(ctx context.Context, since, at string) (files []NewFile, err error) {
	moves, err := s.movesSince(since)
	if err != nil {
		return nil, err
	}
	for _, m := range moves {
		if !m.unmeant() {
			continue
		}
		lost, err := s.lost(ctx, m.old, m.new)
		if unread(err) {
			return nil, err
		}
		if err != nil {
			continue // git has removed what it names; nothing can be had of it
		}
		free, err := s.free(ctx, at, lost)
		if err != nil {
			return nil, err
		}
		files = append(files, free...)
	}
	return files, nil
}

// free lists those of some files that a commit does not hold, and whose place nobody has taken in the work tree.
func (s *Store) free(ctx context.Context, commit string, files []NewFile) (free []NewFile, err error) {
	snap, err := s.SnapshotOf(ctx, commit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	for _, f := range files {
		held, err := snap.Has(f.Path)
		if err != nil {
			return nil, err
		}
		there, err := s.ReadFile(f.Path, 2*int64(len(f.Data)))
		if unread(err) {
			return nil, err
		}
		if !held && (errors.Is(err, fs.ErrNotExist) || err == nil && bytes.Equal(withLF(there), withLF(f.Data))) {
			free = append(free, f)
		}
	}
	return free, nil
}

// lost lists the files to keep that a commit held and another does not.
func (s *Store) lost(ctx context.Context, from, to string) (files []NewFile, err error) {
	snap, err := s.SnapshotOf(ctx, from)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	now, err := snap.commit(to)
	if err != nil {
		return nil, err
	}
	all, err := snap.differences(snap.tree, now.tree, "")
	for _, d := range all {
		if d.is.Name != "" || d.was.Kind != File || !s.keep(d.path) {
			continue
		}
		data, err := snap.read(d.was.id(), maxTree)
		if err != nil {
			return nil, err
		}
		files = append(files, NewFile{d.path, data})
	}
	return files, err
}
