package gitstore

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Most repositories are ordinary: a commit to them can be made in this process. In all others the git
// program makes it. What is rare is told here and left to git, rather than done twice.

// notOrdinary says why the git program has to make a commit.
type notOrdinary struct{ why string }

func (e *notOrdinary) Error() string { return e.why }

func rare(why string) error { return &notOrdinary{why} }

// Path reports whether commits of files like these are made in this process, and where the git program
// makes them, why.
func (s *Store) Path(ctx context.Context, files ...string) (fast bool, why string) {
	set, err := s.ordinary(ctx)
	if err == nil {
		_, err = s.readIndex()
	}
	var at position
	if err == nil {
		at, err = s.head()
	}
	if err == nil {
		err = s.ordinaryPaths(set, at, files)
	}
	if err != nil {
		return false, err.Error()
	}
	return true, ""
}

func (s *Store) ordinaryPaths(set settings, at position, files []string) error {
	snap, err := s.openAt(at.commit)
	if err != nil {
		return err
	}
	root, err := openTree(s.root)
	if err != nil {
		return errors.Join(err, snap.Close())
	}
	c := Change{}
	for _, f := range files {
		c.Files = append(c.Files, NewFile{Path: f})
	}
	return errors.Join(s.ordinaryFiles(set, root, snap, c.Files), root.Close(), snap.Close())
}

// hooks are those that git runs when it commits.
var hooks = []string{"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction", "post-index-change"}

// unusual are files of the repository that only git knows how to handle.
var unusual = []struct{ file, why string }{
	{"objects/info/alternates", "objects lie in another repository"},
	{"refs/replace", "objects are replaced by others"},
	{"info/grafts", "history is grafted"},
	{"reftable", "references are kept in tables"},
}

// ordinary returns a [notOrdinary] for a repository whose commits the git program makes, else its
// settings.
func (s *Store) ordinary(ctx context.Context) (settings, error) {
	switch {
	case s.slow:
		return nil, rare("the git program was asked for")
	case !canLink:
		return nil, rare("the file system of this machine has no links that prove a lock ours")
	case s.sha256:
		return nil, rare("objects have SHA-256 names")
	}
	for _, u := range unusual {
		if _, err := os.Lstat(filepath.Join(s.commonDir, filepath.FromSlash(u.file))); err == nil {
			return nil, rare(u.why)
		}
	}
	for _, h := range hooks {
		if info, err := os.Stat(filepath.Join(s.commonDir, "hooks", h)); err == nil && info.Mode()&0o111 != 0 {
			return nil, rare("there is a hook, " + h)
		}
	}
	set, err := s.settings(ctx)
	if err != nil {
		return nil, err
	}
	if err := set.ordinary(); err != nil {
		return nil, err
	}
	return set, nil
}

// ordinary returns a [notOrdinary] for settings that change how a commit is made.
func (set settings) ordinary() error {
	for name, value := range set {
		switch {
		case strings.HasPrefix(name, "extensions."):
			known := name == "extensions.noop" || name == "extensions.preciousobjects" || name == "extensions.worktreeconfig" ||
				name == "extensions.objectformat" && value == "sha1" || name == "extensions.refstorage" && value == "files"
			if !known {
				return rare(name + " is set")
			}
		case strings.HasSuffix(name, ".promisor"):
			return rare("objects are fetched when they are needed")
		}
	}
	for _, name := range []string{"core.hookspath", "index.version"} {
		if set[name] != "" {
			return rare(name + " is set")
		}
	}
	for _, name := range []string{
		"commit.gpgsign", "core.sparsecheckout", "core.prefersymlinkrefs", "core.ignorestat", "feature.manyfiles", "index.skiphash",
	} {
		if !set.not(name) {
			return rare(name + " is set")
		}
	}
	if shared := set["core.sharedrepository"]; shared != "" && shared != "umask" && !set.not("core.sharedrepository") {
		return rare("core.sharedRepository is set")
	}
	return nil
}
