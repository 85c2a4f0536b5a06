package gitstore

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// goGit reads objects in this process. It only ever reads: see docs/adr on why go-git does not write.
type goGit struct{ store storer.EncodedObjectStorer }

func (s *Store) openGoGit() (*Snapshot, error) {
	repo, err := git.PlainOpenWithOptions(s.root, &git.PlainOpenOptions{EnableDotGitCommonDir: true})
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{source: goGit{repo.Storer}, trees: map[string][]Item{}, hash: 20}
	head, err := repo.Head() // no branch yet, or one in a place that go-git does not know: git can tell
	if err != nil {
		return nil, err
	}
	commit, err := object.GetCommit(repo.Storer, head.Hash())
	if err != nil {
		return nil, err
	}
	snap.Commit, snap.tree = commit.Hash.String(), commit.TreeHash.String()
	return snap, nil
}

func (g goGit) read(id string, limit int64) (_ []byte, err error) {
	name := plumbing.NewHash(id)
	size, err := g.store.EncodedObjectSize(name) // a small file can hold a large object
	if err != nil {
		return nil, err
	}
	if size > limit {
		return nil, ErrTooLarge
	}
	o, err := g.store.EncodedObject(plumbing.AnyObject, name)
	if err != nil {
		return nil, err
	}
	r, err := o.Reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(r, size+1))
	if err == nil && int64(len(raw)) != size {
		return nil, fmt.Errorf("object %s is damaged: %w", id, ErrGit)
	}
	return raw, err
}

func (goGit) close() error { return nil }
