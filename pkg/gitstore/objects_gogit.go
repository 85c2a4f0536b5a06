package gitstore

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// goGit reads objects in this process. It only ever reads: see docs/adr on why go-git does not write.
type goGit struct{ store *filesystem.Storage }

func (s *Store) openGoGit() (*Snapshot, error) {
	var dir billy.Filesystem = osfs.New(s.gitDir)
	if s.commonDir != s.gitDir {
		dir = dotgit.NewRepositoryFilesystem(dir, osfs.New(s.commonDir))
	}
	// A record is read in thousands of objects: their packs stay open until the end.
	store := filesystem.NewStorageWithOptions(dir, cache.NewObjectLRUDefault(), filesystem.Options{KeepDescriptors: true})
	snap, err := newest(store)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return snap, nil
}

func newest(store *filesystem.Storage) (*Snapshot, error) {
	repo, err := git.Open(store, nil) // refuses formats that it does not know
	if err != nil {
		return nil, err
	}
	snap := &Snapshot{source: goGit{store}, trees: map[string][]Item{}, hash: 20}
	head, err := repo.Head() // no branch yet, or one in a place that go-git does not know: git can tell
	if err != nil {
		return nil, err
	}
	commit, err := object.GetCommit(store, head.Hash())
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

func (g goGit) close() error { return g.store.Close() }
