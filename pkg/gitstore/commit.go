package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"incident/pkg/pattern"
)

// Change is one commit to be: files that are added or replaced, and what git records about it.
type Change struct {
	Files   []NewFile
	Message string
	Author  Identity
	// Committer is who makes the commit; zero: the author.
	Committer Identity
	When      time.Time
}

// NewFile is a file's path from the top of the work tree, with slashes, and its content.
type NewFile struct {
	Path string
	Data []byte
}

func (c *Change) paths() []string {
	var paths []string
	for _, f := range c.Files {
		paths = append(paths, f.Path)
	}
	return paths
}

// How often a step is tried again when a person's own git was faster, and when it is one lock that stays.
const (
	tries     = 50
	triesHeld = 8
)

// Commit adds one commit to the current branch and returns its id. build is called under the lock with
// the newest commit, and says what to change; where it returns nil, nothing is done and the id is empty.
// It is called again where files that Options.Keep names had been dropped by somebody's commit, which
// are committed anew first.
//
// Once Commit returns nil, the change survives a power cut. Any error but a crash leaves the repository
// as it was, with what the user had staged and changed: [ErrLocked], [ErrBusy], [ErrDirty], [ErrNoGit],
// [ErrGit], or the error of build.
func (s *Store) Commit(ctx context.Context, build func(*Snapshot) (*Change, error)) (string, error) {
	return s.CommitInTurn(ctx, nil, build)
}

// CommitInTurn is Commit for a change that takes some reading. Where many commit at once, look is called without the
// lock when the turn is next, for what it reads need not be read again by build.
func (s *Store) CommitInTurn(ctx context.Context, look func(*Snapshot), build func(*Snapshot) (*Change, error)) (string, error) {
	var ahead func()
	if look != nil {
		ahead = func() {
			if snap, err := s.Snapshot(ctx); err == nil { // else it is read with the lock, and told
				look(snap)
				_ = snap.Close() // it was opened for reading
			}
		}
	}
	release, err := s.lockInTurn(ctx, ahead)
	if err != nil {
		return "", err
	}
	defer func() {
		release()
		if s.untidy != nil {
			s.tidy(ctx, s.untidy)
			s.untidy = nil
		}
	}()
	if err := s.recover(ctx); err != nil {
		return "", err
	}
	s.fetchIndex()
	j, err := s.plan(ctx, build)
	if err != nil || j == nil {
		return "", err
	}
	good, healed, err := s.heal(ctx, j.Change)
	if err != nil {
		return "", err
	}
	if healed {
		if j, err = s.plan(ctx, build); err != nil || j == nil {
			return "", err
		}
	}
	if _, err := s.settings(ctx); err != nil {
		return "", err // there is nothing to take back yet
	}
	s.recall()
	j.good = good == j.base
	id, err := s.carryOut(ctx, j)
	if err == nil && !j.good {
		// Somebody's command came between. What it may have undone is not left to whoever writes next.
		if _, _, err := s.heal(context.WithoutCancel(ctx), j.Change); err != nil {
			s.warn(fmt.Sprintf("committed, but it could not be seen whether another git command has dropped an entry: %v", err))
		}
	}
	return id, err
}

// carryOut makes a commit that was planned. After an error nothing of it is left.
func (s *Store) carryOut(ctx context.Context, j *journal) (string, error) {
	if err := s.writeJournal(j); err != nil {
		return "", writeError(err)
	}
	defer j.close()
	j.mine = true
	id, err := s.perform(ctx, j)
	if unsure := (*unsureError)(nil); errors.As(err, &unsure) {
		return "", err // as after a crash: the next command finds out
	}
	if err != nil {
		if refusing := j.refuse(); refusing != nil {
			return "", &unsureError{errors.Join(err, refusing)}
		}
		if err := s.takeBack(context.WithoutCancel(ctx), j); err != nil {
			s.warn(fmt.Sprintf("what was refused could not be taken back yet (%v); the next command tries again", err))
		}
		return "", err
	}
	if err := j.settle(); err != nil {
		// It is committed, and who finds the journal will see that. To report a failure would make a
		// script write it twice.
		s.warn(fmt.Sprintf("committed, but %v", err))
	}
	return id, nil
}

// Check runs build as Commit would, and changes nothing.
func (s *Store) Check(ctx context.Context, build func(*Snapshot) (*Change, error)) error {
	_, err := s.plan(ctx, build)
	return err
}

// plan asks build for a change and sees whether it can be made.
func (s *Store) plan(ctx context.Context, build func(*Snapshot) (*Change, error)) (_ *journal, err error) {
	if err := s.idle(); err != nil {
		return nil, err
	}
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	change, err := build(snap)
	if err != nil || change == nil {
		return nil, err
	}
	j, err := planned(snap, change)
	if err != nil {
		return nil, err
	}
	return j, s.unchanged(ctx, snap, j)
}

// unchanged refuses to write over what somebody changed and did not commit.
func (s *Store) unchanged(ctx context.Context, snap *Snapshot, j *journal) error {
	c := &j.Change
	root, err := openTree(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // opened for reading
	for _, f := range c.Files {
		if err := direct(root, f.Path); err != nil {
			return err
		}
	}
	if !s.surelyUnchanged(root, snap, c.paths()) {
		status := []string{"--no-optional-locks", "status", "--porcelain", "-z", "--untracked-files=no", "--no-renames", "--ignore-submodules=all"}
		out, err := s.git.run(ctx, append(status, exact(c.paths()...)...)...)
		if err != nil {
			return s.explained(err)
		}
		if line, _, found := strings.Cut(string(out), "\x00"); found && len(line) > 3 {
			return dirty(line[3:])
		}
	}
	for _, f := range c.Files { // git's status passes over what it does not track
		if !slices.Contains(j.Fresh, f.Path) {
			continue
		}
		now, err := readIn(root, f.Path, int64(len(f.Data)))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case errors.Is(err, ErrTooLarge), err == nil && !bytes.Equal(now, f.Data):
			return dirty(f.Path)
		case err != nil:
			return writeError(err)
		}
	}
	return nil
}

func dirty(path string) error {
	return &problem{ErrDirty, path + " has changes that are not committed", "commit them or put them aside with git, then try again"}
}

// perform carries a change out, journal in place. After an error some of it may be left.
func (s *Store) perform(ctx context.Context, j *journal) (id string, err error) {
	root, err := openTree(s.root)
	if err != nil {
		return "", writeError(err)
	}
	defer func() { _ = root.Close() }() // what was written through it is closed already
	id, err = s.fast(ctx, root, j)
	unordinary := (*notOrdinary)(nil)
	if !errors.As(err, &unordinary) {
		return id, err
	}
	if _, err := exec.LookPath("git"); err != nil {
		return "", &problem{ErrNoGit, "only the git program can commit here (" + unordinary.why + "), and it was not found", "install git, and see that it is on PATH"}
	}
	if err := j.sync(); err != nil {
		return "", writeError(err)
	}
	// From here on an interrupted user may find the change made or not made, never half made.
	finish := context.WithoutCancel(ctx)
	err = s.insist(ctx, func() error {
		failed := s.attempt(ctx, root, j)
		var landed bool
		id, landed, err = s.landed(finish, j)
		switch {
		case err != nil:
			return &unsureError{errors.Join(failed, err)}
		case landed:
			return nil // git can fail after it moved the branch, too
		case failed == nil:
			return &problem{ErrGit, "git committed without " + j.Change.Files[0].Path + "; one of its hooks took that out", "see the commit hooks of " + s.root}
		}
		return failed
	})
	if err != nil {
		return "", err
	}
	s.settle(finish, j, id)
	return id, nil
}

// insist repeats a step while another git program is in the way. Like [Store.waitForGit], it bears with
// programs that work longer than with a lock that stays.
func (s *Store) insist(ctx context.Context, step func() error) error {
	var held os.FileInfo
	for try, same := 1, 1; ; try++ {
		err := step()
		var p *ProgramError
		if !errors.As(err, &p) {
			return err
		}
		lock, again := p.contended()
		if now, err := os.Lstat(lock); err == nil && held != nil && os.SameFile(held, now) && held.ModTime().Equal(now.ModTime()) {
			same++
		} else {
			held, same = now, 1
		}
		if !again || try == tries || same == triesHeld {
			return s.explain(p)
		}
		if err := sleep(ctx, time.Duration(min(try, triesHeld))*20*time.Millisecond+rand.N(50*time.Millisecond)); err != nil {
			return err
		}
	}
}

// explained is explain for whatever went wrong.
func (s *Store) explained(err error) error {
	var p *ProgramError
	if errors.As(err, &p) {
		return s.explain(p)
	}
	return err
}

// damagedIndex are git's words for an index that it cannot use.
var damagedIndex = pattern.New(`bad signature 0x|null sha1|index file (?:corrupt|smaller)|bad index file|unable to map index|Could not write new index file`)

// damagedObject are git's words for an object that it cannot find or use.
var damagedObject = pattern.New(`(?m)^(?:fatal|error): (?:(?:Could not read|unable to read tree|bad object) [0-9a-f]{40}|packed object [0-9a-f]{40} .* is corrupt$|packfile .* does not match index)`)

// notWritable are git's words for a disk that failed. It does not always say why.
var notWritable = pattern.New(`(?m)^(?:fatal|error): .*(?:No space left|Out of diskspace|write error|Input/output error|Permission denied|Too many open files|Read-only file system|insufficient permission|(?:unable to|failed to|could not|couldn't) write)`)

func (s *Store) indexProblem(said string) error {
	index := filepath.Join(s.gitDir, "index")
	return &problem{
		ErrGit, said + "; git's index, " + index + ", is damaged",
		fmt.Sprintf("nothing that was recorded is lost by making it anew, in %s: mv %s %s.damaged, then git reset", s.root, index, index),
	}
}

// explain says of git's failures those that mean something to our callers.
func (s *Store) explain(p *ProgramError) error {
	switch lock, yes := p.contended(); {
	case lock != "":
		return s.locked(lock)
	case yes:
		return &problem{ErrLocked, p.Error(), "somebody else commits at the same time; try again"}
	case s.known != nil && s.known.set.is("commit.gpgsign") && strings.Contains(p.Stderr, "failed to write commit object"):
		return &problem{ErrGit, p.Error(), "where git is to sign, it may not reach the key: unlock it, and see git config --get-regexp 'gpg|sign'"}
	case damagedObject.MatchString(p.Stderr):
		return &problem{ErrDamaged, p.Error(), examine}
	case damagedIndex.MatchString(p.Stderr):
		return s.indexProblem(p.Error())
	case notWritable.MatchString(p.Stderr):
		return &problem{ErrGit, p.Error(), writable}
	}
	return p
}

// attempt goes through the steps of a commit once. Each can be repeated.
func (s *Store) attempt(ctx context.Context, root *workTree, j *journal) error {
	if err := s.waitForGit(ctx); err != nil {
		return err
	}
	c := &j.Change
	for _, f := range c.Files {
		if err := s.put(root, f.Path, f.Data); err != nil {
			return writeError(err)
		}
	}
	if err := syncAbove(root, c.Files); err != nil {
		return writeError(err)
	}
	// The user's ignore rules and sparse checkout are about their files, not about ours.
	add := []string{"add", "--force"}
	if s.Setting(ctx, "core.sparseCheckout") == "true" {
		add = append(add, "--sparse")
	}
	if _, err := s.git.run(ctx, append(add, exact(c.paths()...)...)...); err != nil {
		return err
	}
	// --only: what the user has staged besides stays staged and out of this commit.
	commit := []string{"commit", "--quiet", "--cleanup=verbatim", "--allow-empty-message", "--file=-", "--only"}
	_, err := s.git.feed(ctx, strings.NewReader(c.Message), c.env(), append(commit, exact(c.paths()...)...)...)
	return err
}

func (c *Change) env() []string {
	committer := c.committer()
	date := fmt.Sprintf("@%d +0000", c.When.Unix())
	return []string{
		"GIT_AUTHOR_NAME=" + c.Author.Name, "GIT_AUTHOR_EMAIL=" + c.Author.Email, "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=" + committer.Name, "GIT_COMMITTER_EMAIL=" + committer.Email, "GIT_COMMITTER_DATE=" + date,
	}
}

// settle puts a commit on disk, and the index right where a hook has altered what was committed. It
// cannot fail: the change is committed, and to say otherwise would make a script write it twice.
func (s *Store) settle(ctx context.Context, j *journal, id string) {
	if err := s.syncGit(j.began); err != nil {
		s.warn(fmt.Sprintf("committed, but %v: it may not survive a power cut", err))
	}
	if len(j.altered) > 0 {
		s.warn("git committed " + strings.Join(j.altered, ", ") + " other than it was written; see the commit hooks of " + s.root)
		_, _ = s.git.run(ctx, append([]string{"reset", "--quiet"}, exact(j.altered...)...)...) // git status would tell
	}
	if commit, err := s.parentOf(ctx, id); err != nil || commit != j.base {
		j.good = false
	}
	if j.good {
		s.remember(id)
	}
}
