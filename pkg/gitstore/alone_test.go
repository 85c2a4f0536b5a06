package gitstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shell runs git as somebody would who has it.
func shell(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=Ben", "GIT_AUTHOR_EMAIL=b@example.com",
		"GIT_COMMITTER_NAME=Ben", "GIT_COMMITTER_EMAIL=b@example.com", "GIT_TEST_FSYNC=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "git %s\n%s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

// apart opens a repository as where there is no git program.
func apart(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, Options{
		Env: []string{"HOME=" + dir}, Now: time.Now, Warn: func(w string) { t.Error(w) }, Keep: func(p string) bool { return strings.HasPrefix(p, "kept/") },
	})
	require.NoError(t, err)
	s.apart = true
	return s
}

func commitFile(t *testing.T, s *Store, name, text string) string {
	t.Helper()
	id, err := s.Commit(t.Context(), func(*Snapshot) (*Change, error) {
		return &Change{Files: []NewFile{{name, []byte(text)}}, Message: "change\n", Author: Identity{"Ana", "a@example.com"}, When: time.Now()}, nil
	})
	require.NoError(t, err)
	return id
}

// What is made without git is to git a repository like its own.
func TestInitAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, ".gitconfig"), []byte("[init]\n\tdefaultBranch = trunk\n"), 0o666))
	o := Options{Env: []string{"HOME=" + dir}, Now: time.Now}
	require.NoError(t, initAlone(dir, o))
	require.Equal(t, "refs/heads/trunk", shell(t, dir, "symbolic-ref", "HEAD"))
	shell(t, dir, "fsck", "--strict")
	theirs := t.TempDir()
	shell(t, theirs, "init", "--quiet")
	require.Equal(t, shell(t, theirs, "config", "--local", "--list"), shell(t, dir, "config", "--local", "--list"))
	commitFile(t, apart(t, dir), "kept/a", "one\n")
	require.Equal(t, "?? .gitconfig", shell(t, dir, "status", "--porcelain"))
	require.NoError(t, initAlone(dir, o), "who was cut short begins again")
}

// Git reads the settings that are written without it, and finds all others as they were.
func TestWithSetting(t *testing.T) {
	t.Parallel()
	odd := "[core]\n\tbare = false ; a comment\n# one more\n[remote \"a\"]\n\turl = x\n\tfetch = +a:b\n\tfetch = +c:d\n[Branch \"Main\"]\n\tremote=a"
	for _, tt := range []struct {
		rule, text, name, value string
		good                    bool
	}{
		{"a new section", odd, "incident.trust", "true", true},
		{"a name in a section that is there", odd, "remote.a.pushurl", "https://x/y", true},
		{"a value in the place of another", odd, "core.bare", "true", true},
		{"the same value again", odd, "core.bare", "false", true},
		{"a value with signs", odd, "remote.b \"c\" \\.url", ` a "quoted" \ #;` + "\ttab", true},
		{"nothing yet", "", "incident.sync", "push", true},
		{"a head that is written otherwise is left to git", "[remote.a]\n\turl = x\n", "remote.a.url", "y", false},
		{"a value over two lines is left to git", "[a]\n\tb = c \\\n d\n", "a.b", "e", false},
		{"what is no configuration is left to git", "[core\n", "a.b", "c", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			text, ok := withSetting(tt.text, tt.name, tt.value)
			require.Equal(t, tt.good, ok)
			if !ok {
				return
			}
			dir := t.TempDir()
			file := filepath.Join(dir, "config")
			list := func(text string) []string {
				require.NoError(t, os.WriteFile(file, []byte(text), 0o666))
				return strings.Split(shell(t, dir, "config", "--file", file, "--list"), "\n")
			}
			before := list(tt.text)
			after := list(text)
			require.Equal(t, strings.TrimSpace(tt.value), shell(t, dir, "config", "--file", file, "--get", tt.name))
			for _, line := range before {
				if !strings.HasPrefix(line, tt.name+"=") && line != "" {
					require.Contains(t, after, line)
				}
			}
		})
	}
}

// A pack that does not arrive whole leaves nothing, whatever is missing of it.
func TestKeepPackWhole(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, initAlone(dir, Options{Now: time.Now}))
	s := apart(t, dir)
	commitFile(t, s, "kept/a", "one\n")
	head := commitFile(t, s, "kept/b", strings.Repeat("two\n", 100))
	p, err := s.past()
	require.NoError(t, err)
	ids, err := p.leadsTo(head, nil)
	require.NoError(t, err)
	require.Len(t, ids, 8, "two commits, four folders, two files")
	var whole bytes.Buffer
	require.NoError(t, packTo(&whole, p.here, ids))
	require.NoError(t, p.close())

	empty := t.TempDir()
	require.NoError(t, initAlone(empty, Options{Now: time.Now}))
	there := apart(t, empty)
	packs := func() []string {
		list, err := filepath.Glob(filepath.Join(empty, ".git", "objects", "pack", "*"))
		require.NoError(t, err)
		return list
	}
	keep := func(raw []byte) error {
		return there.keepPack(func(w io.Writer) error {
			for chunk := range bytes.Lines(raw) { // as a network may deal it out
				if _, err := w.Write(chunk); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for cut := range whole.Len() {
		require.Error(t, keep(whole.Bytes()[:cut]), "%d bytes", cut)
		flipped := bytes.Clone(whole.Bytes())
		flipped[cut] ^= 0x10
		require.Error(t, keep(flipped), "byte %d", cut)
	}
	require.ErrorIs(t, there.keepPack(func(io.Writer) error { return os.ErrDeadlineExceeded }), os.ErrDeadlineExceeded)
	require.Empty(t, packs())
	require.NoError(t, keep(whole.Bytes()))
	require.NoError(t, keep(whole.Bytes()), "a second time is no harm")
	require.Len(t, packs(), 2)
	shell(t, empty, "update-ref", "refs/heads/main", head)
	shell(t, empty, "fsck", "--strict", "--full")
}

// A remote that sends less than what its branch leads to is not believed.
func TestGetComplete(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, initAlone(dir, Options{Now: time.Now}))
	from := apart(t, dir)
	head := commitFile(t, from, "kept/a", "one\n")
	empty := t.TempDir()
	require.NoError(t, initAlone(empty, Options{Now: time.Now}))
	s := apart(t, empty)
	require.NoError(t, os.MkdirAll(s.ownDir(), 0o777))
	u := Upstream{Remote: "origin", Branch: "refs/heads/main", here: "refs/heads/main"}
	remote, err := s.openFolder(dir)
	require.NoError(t, err)
	blob := shell(t, dir, "rev-parse", "HEAD:kept/a")
	require.ErrorIs(t, s.get(t.Context(), without{remote, blob}, u, head), ErrGit)
	known, err := s.Known(t.Context(), u)
	require.NoError(t, err)
	require.Empty(t, known)
	require.NoError(t, s.get(t.Context(), remote, u, head))
	known, err = s.Known(t.Context(), u)
	require.NoError(t, err)
	require.Equal(t, head, known)
}

// without is a remote that keeps one object to itself.
type without struct {
	far
	id string
}

func (r without) send(_ context.Context, want string, _ []string, w io.Writer) error {
	there := r.far.(*folderRemote).there
	p, err := there.past()
	if err != nil {
		return err
	}
	ids, err := p.leadsTo(want, nil)
	if err != nil {
		return err
	}
	var some []string
	for _, id := range ids {
		if id != r.id {
			some = append(some, id)
		}
	}
	return errors.Join(packTo(w, p.here, some), p.close())
}

// Cut short after any of its files, going forward is done again, and ends as if nothing had happened.
func TestForwardCutShort(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, initAlone(dir, Options{Now: time.Now}))
	team := apart(t, dir)
	commitFile(t, team, "kept/a", "one\n")
	clone := filepath.Join(t.TempDir(), "clone")
	shell(t, dir, "clone", "--quiet", dir, clone)
	s := apart(t, clone)
	commitFile(t, team, "kept/b", "two\n")
	head := commitFile(t, team, "kept/a", "three\n")
	u, err := s.Upstream(t.Context(), "")
	require.NoError(t, err)
	theirs, err := s.Fetch(t.Context(), u, false)
	require.NoError(t, err)
	require.Equal(t, head, theirs)

	nobody := func() Who { return Who{} }
	for _, step := range []string{"locked index", "locked head", "locked ref", "logged", "index renamed"} {
		func() {
			defer func() { require.Equal(t, step, recover()) }()
			s.step = func(now string) {
				if now == step {
					panic(step) // as near as one process comes to its own death: no line after it runs, and the test recovers it
				}
			}
			_, _ = s.Merge(t.Context(), u, theirs, nobody)
		}()
		s = apart(t, clone)
		require.NotEqual(t, head, shell(t, clone, "rev-parse", "HEAD"))
	}
	m, err := s.Merge(t.Context(), u, theirs, nobody)
	require.NoError(t, err)
	require.NotEqual(t, m.Before, m.After)
	require.Equal(t, head, shell(t, clone, "rev-parse", "HEAD"))
	require.Empty(t, shell(t, clone, "status", "--porcelain"))
	require.Equal(t, shell(t, clone, "rev-parse", "HEAD^{tree}"), shell(t, clone, "write-tree"))
}
