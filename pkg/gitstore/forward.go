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

// Without the git program a branch can only go forward to what came in. The files are written first, then
// the index, then the branch: whoever is cut short in between has files that nobody committed, as the
// commit has them, and does the same again.

// forwardBatch is how many files are on their way to the disk at a time.
const forwardBatch = 64

// forward is what there is of a merge without the git program.
func (s *Store) forward(ctx context.Context, u Upstream, at position, theirs string, who func() Who, m Merged) (Merged, error) {
	if m.Base != m.Before {
		return m, needsMerge(u)
	}
	if err := s.goForward(ctx, u, at, theirs, who()); err != nil {
		return m, orNeedsGit(err)
	}
	m.After = theirs
	return m, nil
}

func needsMerge(u Upstream) error {
	return &problem{
		ErrNoGit, fmt.Sprintf("there are new entries both here and in %s; joining them takes the git program, and that was not found", u.Spoken()),
		"install git, then incident sync; what is recorded here is kept",
	}
}

// goForward moves the branch, the index and the work tree from one commit to one that it led to.
func (s *Store) goForward(ctx context.Context, u Upstream, at position, theirs string, who Who) (err error) {
	set, err := s.ordinary(ctx)
	if err != nil {
		return err
	}
	root, err := openTree(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // what was written through it is closed already
	leaves, err := s.bring(ctx, root, set, at.commit, theirs)
	if err != nil {
		return err
	}
	m := &move{Store: s, root: root, settings: set, from: at, draft: &draft{commit: theirs, leaves: leaves}}
	m.change = s.forLog(ctx, "forward to "+u.Spoken(), who)
	defer m.end()
	index, ref, err := m.lockAll(ctx)
	if err != nil {
		return err
	}
	if now, err := s.head(); err != nil {
		return err
	} else if now != at {
		return &problem{ErrLocked, "HEAD of " + s.root + " moved meanwhile", "somebody else commits at the same time; try again"}
	}
	if err := m.fill(index, ref); err != nil {
		return notWritten(err)
	}
	return notWritten(m.publish(index, ref))
}

// forLog is what git's diary of the branch says of a move.
func (s *Store) forLog(ctx context.Context, what string, who Who) *Change {
	c := &Change{Message: what, Author: who.Author, Committer: who.Committer, When: who.When}
	if c.committer() == (Identity{}) {
		c.Author, _ = s.Committer(ctx)
	}
	if c.committer() == (Identity{}) {
		c.Author = Identity{"incident", "incident@localhost"} // nobody is told who moves a branch
	}
	if c.When.IsZero() {
		c.When = s.now()
	}
	return c
}

// bring writes the files of a commit that another does not hold so into the work tree.
func (s *Store) bring(ctx context.Context, root *workTree, set settings, ours, theirs string) (leaves []leaf, err error) {
	p, err := s.past()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	list, err := p.between(ours, theirs)
	if err != nil {
		return nil, err
	}
	if err := s.mayBring(root, set, p, ours, list); err != nil {
		return nil, err
	}
	var files []NewFile
	for batch := range slices.Chunk(list, forwardBatch) {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		some, err := s.bringSome(root, p, batch)
		if err != nil {
			return nil, writeError(err)
		}
		leaves = append(leaves, some...)
	}
	for _, d := range list {
		files = append(files, NewFile{Path: d.path})
	}
	for dirs := range slices.Chunk(foldersAbove(files), forwardBatch) {
		for i, dir := range dirs {
			dirs[i] = filepath.Join(s.root, filepath.FromSlash(dir))
		}
		if err := syncAll(nil, dirs); err != nil {
			return nil, writeError(err)
		}
	}
	return leaves, nil
}

// between lists how a commit's files differ from those of another, "" for none.
func (p *past) between(ours, theirs string) ([]difference, error) {
	was := ""
	if ours != "" {
		c, err := p.commit(ours)
		if err != nil {
			return nil, err
		}
		was = c.tree
	}
	c, err := p.commit(theirs)
	if err != nil {
		return nil, err
	}
	return p.snap.differences(was, c.tree, "")
}

// mayBring refuses what is git's to do, and to write over what somebody changed and did not commit.
func (s *Store) mayBring(root *workTree, set settings, p *past, ours string, list []difference) error {
	var files []NewFile
	var paths []string
	for _, d := range list {
		switch {
		case d.is.Name == "":
			return rare(d.path + " was removed")
		case d.is.Kind != File, d.was.Name != "" && d.was.Kind != File, !ordinaryPath(d.path):
			return rare(d.path + " is no ordinary file")
		}
		f := NewFile{Path: d.path}
		if strings.HasSuffix("/"+d.path, "/.gitattributes") {
			var err error
			if f.Data, err = p.snap.read(d.is.id(), 1<<20); err != nil {
				return err
			}
		}
		files, paths = append(files, f), append(paths, d.path)
	}
	before, err := s.openAt(ours)
	if err != nil {
		return err
	}
	if err := errors.Join(s.ordinaryFiles(set, root, before, files), before.Close()); err != nil {
		return err
	}
	if err := s.indexAllows(list, paths); err != nil {
		return err
	}
	for _, d := range list {
		if err := s.fileAllows(root, p, d); err != nil {
			return err
		}
	}
	return nil
}

// indexAllows refuses what somebody has staged otherwise.
func (s *Store) indexAllows(list []difference, paths []string) error {
	x, err := s.readIndex()
	if err != nil {
		return err
	}
	slices.SortFunc(list, func(a, b difference) int { return strings.Compare(a.path, b.path) })
	slices.Sort(paths)
	spots, err := x.find(paths)
	if err != nil {
		return err
	}
	for i, d := range list {
		there := spots[i].start != spots[i].end
		switch {
		case !there && d.was.Name == "":
		case !there && x.base != "":
			return rare(d.path + " stands in a part of the index that only git reads")
		case !there, !x.holds(spots[i], modeOf(d.was), d.was.id()) && !x.holds(spots[i], modeOf(d.is), d.is.id()):
			return dirty(d.path)
		}
	}
	return nil
}

// modeOf is a file's mode in the index.
func modeOf(it Item) uint32 {
	if it.mode == "100755" {
		return 0o100755
	}
	return 0o100644
}

// fileAllows refuses to write over a file that is neither as it was committed nor as it will be.
func (s *Store) fileAllows(root *workTree, p *past, d difference) error {
	if err := direct(root, d.path); err != nil {
		return err
	}
	now, err := readIn(root, d.path, maxBase)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return writeError(err)
	}
	for _, it := range []Item{d.was, d.is} {
		if it.Name == "" {
			continue
		}
		there, err := p.snap.read(it.id(), maxBase)
		if err != nil {
			return err
		}
		if bytes.Equal(withLF(now), withLF(there)) {
			return nil
		}
	}
	return dirty(d.path)
}

// bringSome writes some files, and has them on disk before they get their names.
func (s *Store) bringSome(root *workTree, p *past, list []difference) (leaves []leaf, err error) {
	var open []*os.File
	defer func() {
		for _, f := range open {
			_ = f.Close() // it is on disk, or of no use
		}
	}()
	for _, d := range list {
		data, err := p.snap.read(d.is.id(), maxBase)
		if err != nil {
			return nil, err
		}
		f, err := s.begin(root, d.path, data)
		if err != nil {
			return nil, err
		}
		open = append(open, f)
		if err := setRunnable(f, d.is.mode == "100755"); err != nil {
			return nil, err
		}
		leaves = append(leaves, leaf{path: d.path, mode: modeOf(d.is), id: d.is.id(), size: len(data)})
	}
	if err := syncAll(open, nil); err != nil {
		return nil, err
	}
	for _, d := range list {
		if err := root.rename(s.part(d.path), d.path); err != nil {
			return nil, err
		}
	}
	return leaves, nil
}

// setRunnable lets those who may read a file run it, or nobody.
func setRunnable(f *os.File, runnable bool) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	perm := info.Mode().Perm() &^ 0o111
	if runnable {
		perm |= perm & 0o444 >> 2
	}
	if perm == info.Mode().Perm() {
		return nil
	}
	return f.Chmod(perm)
}

// cloneAlone is Clone without the git program.
func cloneAlone(ctx context.Context, dir, address, target string, o Options) (err error) {
	if isPath(address) && !filepath.IsAbs(address) {
		address = filepath.Join(dir, address)
	}
	_, statErr := os.Lstat(target)
	if err := os.MkdirAll(target, 0o777); err != nil {
		return writeError(err)
	}
	defer func() {
		if err != nil && statErr != nil {
			err = errors.Join(err, os.RemoveAll(target))
		} else if err != nil {
			err = errors.Join(err, os.RemoveAll(filepath.Join(target, ".git")))
		}
	}()
	if err := initAlone(target, o); err != nil {
		return err
	}
	s, err := Open(ctx, target, o)
	if err != nil {
		return err
	}
	err = errors.Join(s.SetSetting(ctx, "remote.origin.url", address), s.SetSetting(ctx, "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"))
	if err != nil {
		return err
	}
	remote, err := s.remoteAlone("origin", false)
	if err != nil {
		return err
	}
	heads, first, err := remote.heads(ctx)
	if err != nil {
		return reachError(address, err)
	}
	if heads[first] == "" && len(heads) == 1 { // where there is one other, that is meant
		for first = range heads {
		}
	}
	if heads[first] == "" {
		return nil // as git does: a repository that holds nothing yet
	}
	if err := WriteDurably(filepath.Join(s.gitDir, "HEAD"), []byte("ref: "+first+"\n"), 0o666); err != nil {
		return writeError(err)
	}
	u := Upstream{Remote: "origin", Branch: first, here: first}
	if err := s.getAndGo(ctx, remote, u, heads[first]); err != nil {
		return err
	}
	branch := "branch." + strings.TrimPrefix(first, "refs/heads/")
	return errors.Join(s.SetSetting(ctx, branch+".remote", "origin"), s.SetSetting(ctx, branch+".merge", first))
}

// getAndGo fills a new clone.
func (s *Store) getAndGo(ctx context.Context, remote far, u Upstream, theirs string) error {
	release, err := s.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := os.MkdirAll(s.ownDir(), 0o777); err != nil {
		return writeError(err)
	}
	if err := s.get(ctx, remote, u, theirs); err != nil {
		return err
	}
	at, err := s.head()
	if err == nil {
		err = s.goForward(ctx, u, at, theirs, Who{})
	}
	return orNeedsGit(err)
}
