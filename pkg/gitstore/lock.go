package gitstore

import (
	"context"
	"fmt"
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

// lock makes this process the only one of ours that writes to the repository. The kernel gives the lock
// back when a process dies, so that it never goes stale.
func (s *Store) lock(ctx context.Context) (release func(), err error) {
	if err := os.MkdirAll(s.PrivateDir(), 0o777); err != nil {
		return nil, &problem{ErrGit, err.Error(), "the repository must be writable"}
	}
	path := filepath.Join(s.PrivateDir(), "lock")
	l := flock.New(path)
	wait, cancel := context.WithTimeoutCause(ctx, ownWait, &LockedError{Path: path, Age: ownWait})
	defer cancel()
	switch ok, err := l.TryLockContext(wait, pause); {
	case wait.Err() != nil:
		return nil, context.Cause(wait)
	case err != nil:
		return nil, &problem{ErrGit, fmt.Sprintf("lock %s: %v", path, err), "the repository must be writable"}
	case !ok:
		return nil, &LockedError{Path: path}
	}
	return func() { _ = l.Unlock() }, nil // the process's end unlocks it all the same
}

// waitForGit gives another git program a moment to put down its lock on the index.
func (s *Store) waitForGit(ctx context.Context) error {
	path := filepath.Join(s.gitDir, "index.lock")
	for waited := time.Duration(0); ; waited += 10 * pause {
		info, err := os.Lstat(path)
		if err != nil {
			return nil
		}
		if waited >= gitWait {
			return &LockedError{Path: path, Age: max(0, s.now().Sub(info.ModTime()))}
		}
		if err := sleep(ctx, 10*pause); err != nil {
			return err
		}
	}
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
