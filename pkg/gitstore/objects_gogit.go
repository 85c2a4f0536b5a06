package gitstore

import (
	"errors"
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
	head, err := repo.Head()
	if errors.Is(err, plumbing.ErrReferenceNotFound) {
		return snap, nil
	}
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
	o, err := g.store.EncodedObject(plumbing.AnyObject, plumbing.NewHash(id))
	if err != nil {
		return nil, err
	}
	if o.Size() > limit {
		return nil, ErrTooLarge
	}
	r, err := o.Reader()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return io.ReadAll(r)
}

func (goGit) close() error { return nil }
