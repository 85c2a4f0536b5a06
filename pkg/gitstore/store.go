package gitstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Store is a git repository with a work tree.
type Store struct {
	root      string // of the work tree
	gitDir    string // of this work tree
	commonDir string // shared by all work trees of the repository
	sha256    bool
	git       program
	now       func() time.Time
	warn      func(string)
}

// Options are what a Store takes from its surroundings.
type Options struct {
	Env  []string         // of the git program
	Now  func() time.Time // tells the age of locks
	Warn func(string)     // takes sentences for the user that are no errors
}

// Open opens the repository that dir lies in. It is an [ErrNoRepository], [ErrNoWorkTree], [ErrNoGit] or
// [ErrGit].
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	git := newProgram(dir, o.Env)
	out, err := git.run(ctx, "rev-parse", "--is-bare-repository", "--absolute-git-dir", "--git-common-dir", "--show-object-format", "--show-toplevel")
	lines := strings.Split(strings.TrimRight(string(out), "\r\n"), "\n")
	if len(lines) > 0 && lines[0] == "true" {
		return nil, &problem{ErrNoWorkTree, dir + " is a bare repository", "records need a work tree: clone it, and use the clone"}
	}
	if err != nil {
		return nil, openError(dir, err)
	}
	if len(lines) != 5 {
		return nil, fmt.Errorf("git rev-parse in %s: %q: %w", dir, out, ErrGit)
	}
	s := &Store{gitDir: filepath.FromSlash(lines[1]), commonDir: filepath.FromSlash(lines[2]), sha256: lines[3] == "sha256", root: filepath.FromSlash(lines[4]), now: o.Now, warn: o.Warn}
	if !filepath.IsAbs(s.commonDir) {
		s.commonDir = filepath.Join(dir, s.commonDir)
	}
	s.git = newProgram(s.root, o.Env)
	return s, nil
}

func openError(dir string, err error) error {
	var p *ProgramError
	switch {
	case !errors.As(err, &p):
		return err
	case strings.Contains(p.Stderr, "not a git repository"):
		return &problem{ErrNoRepository, dir + " is in no git repository", "incident init " + dir + " makes one"}
	case strings.Contains(p.Stderr, "must be run in a work tree"):
		return &problem{ErrNoWorkTree, dir + " has no work tree", "records need a work tree: clone it, and use the clone"}
	}
	return err
}

// Init makes a repository in dir, which is made too if need be.
func Init(ctx context.Context, dir string, o Options) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, &problem{ErrGit, err.Error(), "choose another folder: incident init DIR"}
	}
	git := newProgram(dir, o.Env)
	args := []string{"init", "--quiet"}
	if _, err := git.run(ctx, "config", "--get", "init.defaultBranch"); err != nil {
		args = append([]string{"-c", "init.defaultBranch=main"}, args...)
	}
	if _, err := git.run(ctx, args...); err != nil {
		return nil, err
	}
	return Open(ctx, dir, o)
}

// Root is the top folder of the work tree.
func (s *Store) Root() string { return s.root }

// PrivateDir is the folder of what only this clone needs; it may not exist yet.
func (s *Store) PrivateDir() string { return filepath.Join(s.commonDir, "incident") }

// Detached reports whether no branch is checked out.
func (s *Store) Detached() bool {
	head, err := os.ReadFile(filepath.Join(s.gitDir, "HEAD"))
	return err == nil && !strings.HasPrefix(string(head), "ref:")
}

// Setting reads a value of git's configuration, "" where there is none.
func (s *Store) Setting(ctx context.Context, key string) string {
	out, err := s.git.run(ctx, "config", "--get", key)
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(out), "\r\n")
}

// SetSetting writes a value to the configuration of this clone.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	_, err := s.git.run(ctx, "config", "--local", key, value)
	return err
}

// halfDone are the files by which git remembers what it is in the middle of, and how to end that.
var halfDone = []struct{ file, what, command string }{
	{"MERGE_HEAD", "a merge", "git merge"},
	{"rebase-merge", "a rebase", "git rebase"},
	{"rebase-apply", "a rebase", "git rebase"},
	{"CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick"},
	{"REVERT_HEAD", "a revert", "git revert"},
}

// idle reports, as an [ErrBusy], an operation of git that waits for a person.
func (s *Store) idle() error {
	for _, h := range halfDone {
		if _, err := os.Lstat(filepath.Join(s.gitDir, h.file)); err == nil {
			return &problem{
				ErrBusy, h.what + " is half done in " + s.root,
				"finish it (" + h.command + " --continue) or give it up (" + h.command + " --abort), then try again",
			}
		}
	}
	return nil
}
