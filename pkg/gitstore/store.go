package gitstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Store is a git repository with a work tree.
type Store struct {
	root      string // of the work tree
	gitDir    string // of this work tree
	commonDir string // shared by all work trees of the repository
	inside    bool   // gitDir is .git in root
	sha256    bool
	git       program
	now       func() time.Time
	warn      func(string)
	keep      func(string) bool
	objects   *here
	index     *index // that was read and not changed, for who reads it next
	fetching  sync.WaitGroup
	asking    sync.Mutex
	known     *answer  // once git was asked for its settings
	untidy    settings // of a commit after which the packs may be many
	doubt     bool     // the repository could not be looked at as closely as a mark promises
	limits    splitLimits
	slow      bool         // the git program makes all commits
	apart     bool         // it does nothing at all
	step      func(string) // told of each step of a commit; tests stop there
}

// Options are what a Store takes from its surroundings.
type Options struct {
	Env  []string         // of the git program
	Now  func() time.Time // tells the age of locks
	Warn func(string)     // takes sentences for the user that are no errors
	// Keep tells the files that, once committed, no commit may drop while they lie in the work tree; see
	// [Store.Commit]. Nil: none.
	Keep func(path string) bool
}

// Open opens the repository that dir lies in. It is an [ErrNoRepository], [ErrNoWorkTree], [ErrNoGit] or
// [ErrGit].
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, writeError(err)
	}
	if l, ok := findPlain(dir, newProgram(dir, o.Env)); ok {
		return newStore(&Store{root: l.root, gitDir: l.gitDir, commonDir: l.gitDir}, o), nil
	}
	out, err := newProgram(dir, o.Env).run(ctx, "rev-parse", "--is-bare-repository", "--show-object-format", "--path-format=absolute",
		"--absolute-git-dir", "--git-common-dir", "--show-toplevel")
	lines := strings.Split(strings.TrimRight(string(out), "\r\n"), "\n")
	if lines[0] == "true" {
		return nil, &problem{ErrNoWorkTree, dir + " is in a bare repository", "records need a work tree: clone it, and use the clone"}
	}
	if errors.Is(err, ErrNoGit) {
		return nil, openAlone(dir)
	}
	if err != nil {
		return nil, openError(dir, err)
	}
	if len(lines) != 5 {
		return nil, &problem{ErrGit, fmt.Sprintf("git describes %q in words that are not understood: %q", dir, out), "a folder's name must not hold a line end"}
	}
	s := newStore(&Store{
		sha256: lines[1] == "sha256", gitDir: filepath.FromSlash(lines[2]), commonDir: filepath.FromSlash(lines[3]),
		root: filepath.FromSlash(lines[4]),
	}, o)
	if !topOf(s.root, dir) {
		return nil, &problem{ErrNoWorkTree, dir + " belongs to a repository whose work tree is " + s.root, "see core.worktree in " + filepath.Join(s.commonDir, "config")}
	}
	return s, nil
}

func newStore(s *Store, o Options) *Store {
	s.objects, s.limits = newHere(s.commonDir), splitLimits{splitAbove, splitAgain}
	s.now, s.warn, s.keep, s.step = o.Now, o.Warn, o.Keep, func(string) {}
	s.git = newProgram(s.root, o.Env)
	s.inside = s.gitDir == filepath.Join(s.root, ".git") && sameDevice(s.root, s.gitDir)
	return s
}

// topOf reports whether root is the top folder of the work tree that dir lies in. A repository's own
// configuration can name any folder; one that does not hold the repository is none of its files.
func topOf(root, dir string) bool {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			top, err1 := os.Stat(root)
			here, err2 := os.Stat(dir)
			return err1 == nil && err2 == nil && os.SameFile(top, here)
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

func noRepository(dir string) error {
	return &problem{ErrNoRepository, dir + " is in no git repository", "incident init " + dir + " makes one"}
}

func openError(dir string, err error) error {
	var p *ProgramError
	switch {
	case !errors.As(err, &p):
		return err
	case strings.Contains(p.Stderr, "not a git repository"):
		if top := firstWith(dir, ".git"); top != "" { // git says so of what it cannot read, too
			return &problem{ErrGit, fmt.Sprintf("git cannot use the repository of %s: %s", top, strings.TrimSpace(p.Stderr)), "see that all in " + filepath.Join(top, ".git") + " can be read"}
		}
		return noRepository(dir)
	case strings.Contains(p.Stderr, "must be run in a work tree"):
		return &problem{ErrNoWorkTree, dir + " has no work tree", "records need a work tree: clone it, and use the clone"}
	}
	return err
}

// Init makes a repository in dir, which is made too if need be.
func Init(ctx context.Context, dir string, o Options) (*Store, error) {
	above := firstThere(dir)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, &problem{ErrGit, err.Error(), "choose another folder: incident init DIR"}
	}
	if err := initIn(ctx, dir, o); err != nil {
		return nil, err
	}
	s, err := Open(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	// Git leaves all of that to luck, and what is committed next is nothing without it.
	git := []string{"HEAD", "config", "objects", "refs/heads", "refs", "."}
	for i, name := range git {
		git[i] = filepath.Join(s.gitDir, filepath.FromSlash(name))
	}
	for at := s.root; at != filepath.Dir(above) && at != filepath.Dir(at); at = filepath.Dir(at) {
		git = append(git, at)
	}
	if err := syncAll(nil, git); err != nil {
		return nil, writeError(err)
	}
	return s, nil
}

// firstWith is the folder, or the first one above it, that holds a name; "" where none does.
func firstWith(dir, name string) string {
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// firstThere is the folder, or the first one above it, that exists.
func firstThere(dir string) string {
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
	}
}

func initIn(ctx context.Context, dir string, o Options) error {
	if alone() {
		return initAlone(dir, o)
	}
	git := newProgram(dir, o.Env)
	args := []string{"init", "--quiet"}
	if _, err := git.run(ctx, "config", "--get", "init.defaultBranch"); err != nil {
		args = append(args, "--initial-branch=main")
	}
	_, err := git.run(ctx, args...)
	return err
}

// Root is the top folder of the work tree.
func (s *Store) Root() string { return s.root }

// PrivateDir is the folder of what only this clone needs; it may not exist yet.
func (s *Store) PrivateDir() string { return filepath.Join(s.commonDir, "incident") }

// ownDir is the folder of what only this work tree needs; it may not exist yet.
func (s *Store) ownDir() string { return filepath.Join(s.gitDir, "incident") }

// Detached reports whether no branch is checked out.
func (s *Store) Detached() bool {
	head, err := os.ReadFile(filepath.Join(s.gitDir, "HEAD"))
	return err == nil && !strings.HasPrefix(string(head), "ref:")
}

// Setting reads a value of git's configuration, "" where there is none.
func (s *Store) Setting(ctx context.Context, key string) string {
	if name := settingName(key); keptSetting(name) {
		set, _ := s.settings(ctx) // where none can be read, none is set
		return set[name]
	}
	out, err := s.git.run(ctx, "config", "--get", key)
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(out), "\r\n")
}

// SetSetting writes a value to the configuration of this clone.
func (s *Store) SetSetting(ctx context.Context, key, value string) error {
	if s.alone() {
		return s.setAlone(key, value)
	}
	if _, err := s.git.run(ctx, "config", "--local", key, value); err != nil {
		if lock := filepath.Join(s.commonDir, "config.lock"); s.waits(lock) {
			return s.locked(lock)
		}
		return err
	}
	if err := syncAll(nil, []string{filepath.Join(s.commonDir, "config"), s.commonDir}); err != nil {
		return writeError(err)
	}
	return nil
}

// halfDone are the files by which git remembers what it is in the middle of, and the command that ends it.
var halfDone = []struct{ file, what, command string }{
	{"MERGE_HEAD", "a merge", "git merge"},
	{"rebase-merge", "a rebase", "git rebase"},
	{"rebase-apply/applying", "git am", "git am"},
	{"rebase-apply", "a rebase", "git rebase"},
	{"CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick"},
	{"REVERT_HEAD", "a revert", "git revert"},
}

// idle reports, as an [ErrBusy], an operation of git that waits for a person.
func (s *Store) idle() error {
	for _, h := range halfDone {
		if _, err := os.Lstat(filepath.Join(s.gitDir, filepath.FromSlash(h.file))); err == nil {
			return &problem{
				ErrBusy, h.what + " is half done in " + s.root,
				"finish it (" + h.command + " --continue) or give it up (" + h.command + " --abort), then try again",
			}
		}
	}
	return nil
}
