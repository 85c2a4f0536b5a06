package gitstore

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A person's `git commit` reads the index before it takes the lock on it. One that runs at the same time
// as ours writes an old index back, and their next commit then drops our files from the tree, although
// nobody meant to. So each commit of ours leaves a mark, and where something has moved since, the next
// one looks for files that are gone from the commit or the index and still lie in the work tree.

func (s *Store) markPath() string { return filepath.Join(s.ownDir(), "verified") }

// mark tells a state of the repository: the newest commit, and the index by its size, time and checksum.
func (s *Store) mark(commit string) string { return markOf(commit, filepath.Join(s.gitDir, "index")) }

func markOf(commit, index string) string {
	f, err := os.Open(index)
	if err != nil {
		return commit + " none"
	}
	defer func() { _ = f.Close() }() // opened for reading
	sum := make([]byte, 20)
	info, err := f.Stat()
	if err == nil {
		_, err = f.ReadAt(sum, max(0, info.Size()-int64(len(sum))))
	}
	if err != nil {
		return commit + " unknown"
	}
	return fmt.Sprintf("%s %d-%d-%s", commit, info.Size(), info.ModTime().UnixNano(), hex.EncodeToString(sum))
}

// remember leaves the mark of a commit that is known to be right.
func (s *Store) remember(commit string) { s.leaveMark(s.mark(commit)) }

func (s *Store) leaveMark(mark string) {
	if s.keep != nil && !s.doubt {
		_ = os.WriteFile(s.markPath(), []byte(mark), 0o666) // without it, the next commit looks more closely
	}
}

// heal commits again what a person's commit has dropped by mistake, as c's author, and reports whether
// anything was. It puts the index right, too.
func (s *Store) heal(ctx context.Context, head string, c Change) (bool, error) {
	if s.keep == nil || head == "" {
		return false, nil
	}
	marked, err := os.ReadFile(s.markPath())
	if err == nil && string(marked) == s.mark(head) {
		return false, nil
	}
	healed := false
	last, _, _ := strings.Cut(string(marked), " ")
	if last != "" && last != head {
		files, err := s.dropped(ctx, last, head)
		if err != nil {
			return false, err
		}
		if len(files) > 0 {
			c.Files, c.Message = files, "Keep what another commit had dropped\n\nIt was made at the same time as an entry, from an older list of files.\n"
			j := &journal{Change: c}
			j.Fresh = c.paths()
			if _, err := s.carryOut(ctx, j); err != nil {
				return false, err
			}
			healed = true
			s.warn(fmt.Sprintf("a commit that was made at the same time had dropped %s; it is committed again", files[0].Path))
		}
	}
	lost, err := s.unlisted(ctx)
	if errors.Is(err, ErrNoGit) {
		s.doubt = true // whoever has git looks again
		return healed, nil
	}
	if err != nil || len(lost) == 0 {
		return healed, err
	}
	return healed, s.unstage(ctx, lost)
}

// unlisted asks git for the files to keep that the newest commit holds, and the index does not.
func (s *Store) unlisted(ctx context.Context) ([]string, error) {
	out, err := s.git.run(ctx, "diff", "--cached", "--no-renames", "--name-only", "-z", "--diff-filter=D", "--")
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { _ = root.Close() }() // opened for reading
	var paths []string
	for p := range strings.SplitSeq(string(out), "\x00") {
		if p == "" || !s.keep(p) {
			continue
		}
		info, err := root.Lstat(p)
		if err == nil && info.Mode().IsRegular() {
			paths = append(paths, p)
		} else if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, writeError(err)
		}
	}
	return paths, nil
}

// dropped lists the files to keep that a commit held, a later one does not, and nobody has removed. Where
// history was set back or rewritten, that was on purpose.
func (s *Store) dropped(ctx context.Context, from, to string) (files []NewFile, err error) {
	if meant, err := s.descends(ctx, from, to); err != nil || !meant {
		return nil, err
	}
	before, after, end, err := s.openBoth(ctx, from, to)
	if err != nil {
		return nil, err
	}
	defer end()
	err = missing(before, after, before.tree, after.tree, "", func(p string, it Item) error {
		if it.Kind != File || !s.keep(p) {
			return nil
		}
		data, err := before.read(it.id, maxTree)
		if err != nil {
			return err
		}
		if now, err := s.ReadFile(p, 2*int64(len(data))); err == nil && bytes.Equal(withLF(now), withLF(data)) {
			files = append(files, NewFile{p, data})
		}
		return nil
	})
	return files, err
}

// openBoth opens two commits for reading.
func (s *Store) openBoth(ctx context.Context, a, b string) (one, other *Snapshot, end func(), err error) {
	if one, err = s.SnapshotOf(ctx, a); err != nil {
		return nil, nil, nil, err
	}
	if other, err = s.SnapshotOf(ctx, b); err != nil {
		return nil, nil, nil, errors.Join(err, one.Close())
	}
	return one, other, func() { _, _ = one.Close(), other.Close() }, nil // opened for reading
}

// missing tells of what a folder holds before and not after. Folders that are the same are passed over.
func missing(before, after *Snapshot, was, is, dir string, tell func(string, Item) error) error {
	old, err := before.items(was)
	if err != nil {
		return err
	}
	now := map[string]Item{}
	if is != "" {
		items, err := after.items(is)
		if err != nil {
			return err
		}
		for _, it := range items {
			now[it.Name] = it
		}
	}
	for _, it := range old {
		there := now[it.Name]
		switch {
		case it.Kind == Folder && there.Kind == Folder && it.id == there.id:
		case it.Kind == Folder && there.Kind == Folder:
			err = missing(before, after, it.id, there.id, path.Join(dir, it.Name), tell)
		case it.Kind == Folder:
			err = missing(before, after, it.id, "", path.Join(dir, it.Name), tell)
		case there.id == "":
			err = tell(path.Join(dir, it.Name), it)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
