package gitstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// How long a write waits for its turn among ours, and for a lock of git's.
const (
	ownWait = 60 * time.Second
	gitWait = 3 * time.Second
	pause   = 5 * time.Millisecond
)

func (s *Store) lockPath() string { return filepath.Join(s.PrivateDir(), "lock") }

// lock makes this process the only one of ours that writes to the repository. The kernel gives the lock
// back when a process dies, so that it never goes stale.
func (s *Store) lock(ctx context.Context) (release func(), err error) { return s.lockInTurn(ctx, nil) }

// lockInTurn is lock, for one that has something to read before it can write: where many wait, the one whose turn is next
// looks at what there is by then, while the one before is still at work, and has little left to read with the lock.
func (s *Store) lockInTurn(ctx context.Context, look func()) (release func(), err error) {
	if err := os.MkdirAll(s.PrivateDir(), 0o777); err != nil {
		return nil, writeError(err)
	}
	own := newFileLock(s.lockPath())
	fresh := !exists(own.Path())
	release = func() {
		s.shareOwn()
		own.release()
	}
	ok, err := own.TryLock()
	if fresh && err == nil {
		s.Share(s.PrivateDir(), own.Path()) // others may wait for it
	}
	if ok || err != nil {
		return release, lockError(own.Path(), err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, ownWait, &LockedError{Path: own.Path(), Age: ownWait})
	defer cancel()
	if look != nil {
		next := newFileLock(filepath.Join(s.PrivateDir(), "queue"))
		fresh := !exists(next.Path())
		if err := next.wait(ctx); err != nil {
			return nil, err
		}
		defer next.release()
		if fresh {
			s.Share(next.Path())
		}
		look()
	}
	if err := own.wait(ctx); err != nil {
		return nil, err
	}
	return release, nil
}

// fileLock is a lock among our processes.
type fileLock struct{ *flock.Flock }

func newFileLock(path string) fileLock {
	return fileLock{flock.New(path, flock.SetPermissions(0o666))} // people may share one repository
}

func (l fileLock) release() { _ = l.Unlock() } // the process's end unlocks it all the same

// wait is not before any that waited earlier: the kernel wakes them in turn, and no one who asks again and again is faster.
func (l fileLock) wait(ctx context.Context) error {
	turn := make(chan error, 1)
	go func() { turn <- l.Lock() }()
	select {
	case err := <-turn:
		return lockError(l.Path(), err)
	case <-ctx.Done():
		go func() { // it cannot be called back
			if <-turn == nil {
				l.release()
			}
		}()
		return context.Cause(ctx)
	}
}

func lockError(path string, err error) error {
	if err == nil {
		return nil
	}
	return writeError(fmt.Errorf("lock %s: %w", path, err))
}

// waitForGit gives other git programs a moment to put down their locks on the index. One lock that stays
// is enough to give up; many, one after the other, are programs that work.
func (s *Store) waitForGit(ctx context.Context) error {
	return s.waitFor(ctx, filepath.Join(s.gitDir, "index.lock"))
}

func (s *Store) waitFor(ctx context.Context, path string) error {
	var held os.FileInfo
	for waited, all := time.Duration(0), time.Duration(0); ; waited, all = waited+pause, all+pause {
		info, err := os.Lstat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil: // whether there is a lock nobody knows
			return writeError(err)
		}
		if held == nil || !os.SameFile(held, info) || !held.ModTime().Equal(info.ModTime()) {
			held, waited = info, 0
		}
		if waited >= gitWait || all >= ownWait {
			return s.locked(path)
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (s *Store) locked(path string) error {
	e := &LockedError{Path: path}
	if info, err := os.Lstat(path); err == nil {
		e.Age = max(0, s.now().Sub(info.ModTime()))
	}
	return e
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
