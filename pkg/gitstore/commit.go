package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"time"
)

// Change is one commit to be: files that are added or replaced, and what git records about it.
type Change struct {
	Files   []NewFile
	Message string
	Author  Identity
	// Committer is for a user whom git does not know; zero: git's own answer.
	Committer Identity
	When      time.Time
}

// NewFile is a file's path from the top of the work tree, with slashes, and its content.
type NewFile struct {
	Path string
	Data []byte
}

// tries is how often a commit is tried again when a person's own git was faster.
const tries = 8

// Commit adds one commit to the current branch and returns its id. build is called under the lock with
// the newest commit, and says what to change; where it returns nil, nothing is done and the id is empty.
// It may be called again when somebody else commits in between.
//
// Once Commit returns nil, the change survives a power cut. Any error but a crash leaves the repository
// as it was, with what the user had staged and changed: [ErrLocked], [ErrBusy], [ErrDirty], [ErrNoGit],
// [ErrGit], or the error of build.
func (s *Store) Commit(ctx context.Context, build func(*Snapshot) (*Change, error)) (string, error) {
	release, err := s.lock(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if err := s.recover(ctx); err != nil {
		return "", err
	}
	if err := s.idle(); err != nil {
		return "", err
	}
	change, err := s.build(ctx, build)
	if err != nil || change == nil {
		return "", err
	}
	if err := s.writeJournal(change); err != nil {
		return "", writeError(err)
	}
	id, err := s.perform(ctx, change)
	return id, errors.Join(err, s.dropJournal())
}

// Check runs build as Commit would, and changes nothing.
func (s *Store) Check(ctx context.Context, build func(*Snapshot) (*Change, error)) error {
	if err := s.idle(); err != nil {
		return err
	}
	_, err := s.build(ctx, build)
	return err
}

func (s *Store) build(ctx context.Context, build func(*Snapshot) (*Change, error)) (_ *Change, err error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	change, err := build(snap)
	if err != nil || change == nil {
		return nil, err
	}
	return change, s.unchanged(snap, change)
}

// unchanged refuses to write over what somebody changed and did not commit.
func (s *Store) unchanged(snap *Snapshot, c *Change) error {
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // opened for reading
	for _, f := range c.Files {
		now, err := root.ReadFile(f.Path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeError(err)
		}
		committed, notThere := snap.Read(f.Path, 1<<30)
		switch {
		case err != nil && notThere != nil: // neither here nor there
		case err == nil && notThere == nil && bytes.Equal(withLF(now), withLF(committed)):
		case err == nil && bytes.Equal(now, f.Data):
		default:
			return &problem{ErrDirty, f.Path + " has changes that are not committed", "commit them or put them aside with git, then try again"}
		}
	}
	return nil
}

func withLF(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

// perform carries a change out, journal in place. After an error nothing of it is left.
func (s *Store) perform(ctx context.Context, c *Change) (id string, err error) {
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return "", writeError(err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	// From here on an interrupted user may find the change made or not made, never half made.
	finish := context.WithoutCancel(ctx)
	for try := 1; ; try++ {
		id, err = s.attempt(ctx, root, c)
		if err == nil {
			return id, nil
		}
		if id, ok := s.landed(finish, c); ok {
			return id, nil
		}
		s.takeBack(finish, root, c)
		var p *ProgramError
		if try == tries || !errors.As(err, &p) || !p.contended() {
			return "", err
		}
		if err := sleep(ctx, time.Duration(try)*20*time.Millisecond+rand.N(50*time.Millisecond)); err != nil {
			return "", err
		}
	}
}

func (s *Store) attempt(ctx context.Context, root *os.Root, c *Change) (string, error) {
	began, err := os.Stat(s.journalPath())
	if err != nil {
		return "", writeError(err)
	}
	paths := make([]string, len(c.Files))
	for i, f := range c.Files {
		if err := writeInTree(root, f.Path, f.Data); err != nil {
			return "", writeError(err)
		}
		paths[i] = f.Path
	}
	if err := s.waitForGit(ctx); err != nil {
		return "", err
	}
	// The user's ignore rules and sparse checkout are about their files, not about ours.
	add := []string{"add", "--force"}
	if s.Setting(ctx, "core.sparseCheckout") == "true" {
		add = append(add, "--sparse")
	}
	if _, err := s.git.run(ctx, append(append(add, "--"), paths...)...); err != nil {
		return "", err
	}
	// --only: what the user has staged besides stays staged and out of this commit.
	commit := append([]string{"commit", "--quiet", "--cleanup=verbatim", "--allow-empty-message", "--file=-", "--only", "--"}, paths...)
	if _, err := s.git.feed(ctx, strings.NewReader(c.Message), c.env(), commit...); err != nil {
		return "", err
	}
	if err := s.syncGit(began.ModTime()); err != nil {
		// It is committed: to say otherwise would make a script write it twice.
		s.warn(fmt.Sprintf("committed, but %v: it may not survive a power cut", err))
	}
	return s.head(ctx)
}

func (c *Change) env() []string {
	date := fmt.Sprintf("%d +0000", c.When.Unix())
	env := []string{
		"GIT_AUTHOR_NAME=" + c.Author.Name, "GIT_AUTHOR_EMAIL=" + c.Author.Email, "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_DATE=" + date,
	}
	if c.Committer != (Identity{}) {
		env = append(env, "GIT_COMMITTER_NAME="+c.Committer.Name, "GIT_COMMITTER_EMAIL="+c.Committer.Email)
	}
	return env
}

func (s *Store) head(ctx context.Context) (string, error) {
	out, err := s.git.run(ctx, "rev-parse", "HEAD")
	return strings.TrimSpace(string(out)), err
}

// landed reports whether the change is in the newest commit after all: git may fail after it moved the
// branch, in a hook that runs last.
func (s *Store) landed(ctx context.Context, c *Change) (string, bool) {
	done, _, err := s.progress(ctx, c)
	if err != nil || !done {
		return "", false
	}
	id, err := s.head(ctx)
	return id, err == nil
}

// takeBack removes a change that was refused from the index and the work tree. It does what it can: where
// that fails too, the next command finds the journal gone and the files untracked.
func (s *Store) takeBack(ctx context.Context, root *os.Root, c *Change) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		s.warn(fmt.Sprintf("could not take back what was refused: %v", err))
		return
	}
	defer func() { _ = snap.Close() }() // opened for reading
	for _, f := range c.Files {
		before, err := snap.Read(f.Path, 1<<30)
		if err == nil {
			_, _ = s.git.run(ctx, "reset", "--quiet", "HEAD", "--", f.Path)
			err = writeInTree(root, f.Path, before)
		} else {
			_, _ = s.git.run(ctx, "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--", f.Path)
			if err = root.Remove(f.Path); errors.Is(err, fs.ErrNotExist) {
				err = nil
			}
			removeEmpty(root, f.Path)
		}
		if err != nil {
			s.warn(fmt.Sprintf("could not take back %s: %v", f.Path, err))
		}
	}
}

// removeEmpty removes the folders above a removed file that hold nothing else.
func removeEmpty(root *os.Root, name string) {
	for {
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return
		}
		if name = name[:i]; root.Remove(name) != nil {
			return
		}
	}
}

// writeError says that the file system, not git, failed.
func writeError(err error) error {
	return &problem{ErrGit, err.Error(), "see that the repository is writable and the disk is not full, then try again"}
}
