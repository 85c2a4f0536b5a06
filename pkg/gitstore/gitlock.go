package gitstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// gitLock is one of git's locks, held by this process. It is a hard link to a file of ours: while both
// names are there, the lock is provably ours, after a crash too. Through it the file to be locked gets its
// new content, as git does it.
type gitLock struct {
	own    string // our name of it
	lock   string
	target string
	file   *os.File // nil where the target stays as it is: then the link is to our own lock
}

// headLock is the name of a lock on HEAD while its branch moves.
const headLock = "head"

// take waits for a lock of git's on the target, like git does, but longer. Under [headLock] the target stays
// as it is.
func (s *Store) take(ctx context.Context, name, target string) (*gitLock, error) {
	l, err := s.prepare(name, target)
	if err != nil {
		return nil, err
	}
	if err := s.hold(ctx, l); err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

// prepare makes what is to become a lock of git's. Nobody is kept waiting by it yet.
func (s *Store) prepare(name, target string) (l *gitLock, err error) {
	l = &gitLock{own: s.lockPath(), lock: target + ".lock", target: target}
	if name != headLock {
		l.own = filepath.Join(s.ownDir(), name+".new")
		if l.file, err = os.OpenFile(l.own, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666); err != nil {
			return nil, writeError(err)
		}
	}
	return l, nil
}

// hold waits until what was prepared is the lock.
func (s *Store) hold(ctx context.Context, l *gitLock) error {
	for {
		err := os.Link(l.own, l.lock)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, fs.ErrExist):
			err = s.waitFor(ctx, l.lock)
		case errors.Is(err, fs.ErrNotExist):
			if _, err = os.Lstat(l.own); err == nil { // else somebody has removed what is ours
				err = os.MkdirAll(filepath.Dir(l.lock), 0o777) // git removes folders of references that are empty
			}
			if err != nil {
				err = writeError(err)
			}
		default:
			if err = linkError(err); !errors.As(err, new(*notOrdinary)) {
				err = writeError(err)
			}
		}
		if err != nil {
			return err
		}
	}
}

// linkError is a [notOrdinary] where links cannot be made, else the error as it is.
func linkError(err error) error {
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EXDEV) || errors.Is(err, syscall.EMLINK) {
		return rare(fmt.Sprintf("the file system makes no links: %v", err))
	}
	return err
}

// publish gives the target its new content. That is on disk once its folder is, too.
func (l *gitLock) publish() error {
	if err := os.Rename(l.lock, l.target); err != nil {
		return err
	}
	// Only now: in between, a crash would leave a lock that is not provably ours.
	return os.Remove(l.own)
}

// release gives up a lock that was not published. What cannot be removed now, the next command removes.
func (l *gitLock) release() {
	if l.file == nil {
		_ = giveBackOf(l.own, l.lock)
		return
	}
	_ = l.file.Close()
	_ = giveBack(l.own, l.lock)
}

// giveBack removes those of the locks that are ours by our own name of them, and that name last: it is the proof.
// Where it is not there, neither is a lock of ours.
func giveBack(own string, locks ...string) error {
	if _, err := os.Lstat(own); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err := giveBackOf(own, locks...); err != nil {
		return err
	}
	if err := os.Remove(own); err != nil {
		return writeError(err)
	}
	return nil
}

// giveBackOf removes those of the locks that are links to a file of ours.
func giveBackOf(own string, locks ...string) error {
	ours, err := os.Lstat(own)
	if err != nil {
		return writeError(err)
	}
	for _, lock := range locks {
		found, err := os.Lstat(lock)
		if err == nil && os.SameFile(found, ours) {
			err = os.Remove(lock)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeError(err)
		}
	}
	return nil
}

// reclaim removes the locks of git's that a crash of ours has left. It runs under our own lock, so that
// whatever is there is nobody's.
func (s *Store) reclaim() error {
	if err := os.Remove(s.recallPath() + ".new"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeError(err)
	}
	if err := giveBackOf(s.lockPath(), filepath.Join(s.gitDir, "HEAD.lock")); err != nil {
		return err
	}
	for _, name := range []string{"index", "ref"} {
		own := filepath.Join(s.ownDir(), name+".new")
		if _, err := os.Lstat(own); errors.Is(err, fs.ErrNotExist) {
			continue // as almost always: no branch need be looked at
		}
		locks, err := s.locksOf(name)
		if err != nil {
			return writeError(err)
		}
		if err := giveBack(own, locks...); err != nil {
			return err
		}
	}
	return nil
}

// locksOf lists the locks of git's that one of ours can be. A folder that cannot be read may hold it.
func (s *Store) locksOf(name string) ([]string, error) {
	if name == "index" {
		return []string{filepath.Join(s.gitDir, "index.lock")}, nil
	}
	locks := []string{filepath.Join(s.gitDir, "HEAD.lock")}
	err := filepath.WalkDir(filepath.Join(s.commonDir, "refs"), func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".lock") {
			locks = append(locks, name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // git removes folders of references that are empty
		}
		return err
	})
	return locks, err
}
