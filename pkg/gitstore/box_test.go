package gitstore_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// noon is when all that these tests record happens.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var ana = gitstore.Identity{Name: "Ana Lima", Email: "ana@example.com"}

// TestMain lets the test program be one of many writers: see [writer].
func TestMain(m *testing.M) {
	if os.Getenv("GITSTORE_WRITER") != "" {
		if err := write(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// box is a repository on a machine that has nothing: an empty home, no configuration, no identity.
type box struct {
	testing.TB
	dir string
	env []string
}

func newBox(t testing.TB) *box {
	b := emptyBox(t)
	b.git("init", "--quiet", "--initial-branch=main")
	return b
}

func emptyBox(t testing.TB) *box {
	t.Helper()
	home := t.TempDir()
	b := &box{TB: t, dir: filepath.Join(home, "records"), env: []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_TEST_FSYNC=0", // of git's own; a killed process loses nothing by it, and tests are three times as fast
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + home, "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
	}}
	require.NoError(t, os.Mkdir(b.dir, 0o777))
	return b
}

// in is the same machine seen from another folder.
func (b *box) in(dir string) *box {
	there := *b
	there.dir = filepath.Join(b.dir, filepath.FromSlash(dir))
	return &there
}

func (b *box) command(args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = b.dir
	cmd.Env = append(slices.Clone(b.env),
		"GIT_AUTHOR_NAME=Person", "GIT_AUTHOR_EMAIL=p@example.com", "GIT_COMMITTER_NAME=Person", "GIT_COMMITTER_EMAIL=p@example.com")
	return cmd
}

// git is what a person does with git.
func (b *box) git(args ...string) string {
	b.Helper()
	out, err := b.command(args...).CombinedOutput()
	require.NoError(b, err, "git %s\n%s", strings.Join(args, " "), out)
	return strings.TrimRight(string(out), "\n")
}

func (b *box) lines(args ...string) []string {
	b.Helper()
	return strings.Fields(b.git(args...))
}

func (b *box) file(name, content string) {
	b.Helper()
	name = filepath.Join(b.dir, filepath.FromSlash(name))
	require.NoError(b, os.MkdirAll(filepath.Dir(name), 0o777))
	require.NoError(b, os.WriteFile(name, []byte(content), 0o666))
}

func (b *box) read(name string) string {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
	require.NoError(b, err)
	return string(raw)
}

// hook makes a hook of git's, a shell script.
func (b *box) hook(name, script string) {
	b.Helper()
	dir := b.git("rev-parse", "--path-format=absolute", "--git-path", "hooks")
	require.NoError(b, os.MkdirAll(dir, 0o777))
	require.NoError(b, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o777))
}

func (b *box) unhook(name string) {
	b.Helper()
	require.NoError(b, os.Remove(b.git("rev-parse", "--path-format=absolute", "--git-path", "hooks/"+name)))
}

// open opens the store as our program does. What it warns of goes to the list.
func (b *box) open() (*gitstore.Store, *[]string) {
	b.Helper()
	var warned []string
	s, err := gitstore.Open(b.Context(), b.dir, b.options(&warned))
	require.NoError(b, err)
	if os.Getenv("GITSTORE_SLOWLY") != "" {
		s.Slowly()
	}
	return s, &warned
}

func (b *box) options(warned *[]string) gitstore.Options {
	return gitstore.Options{
		Env: b.env, Now: time.Now, Keep: isEntry,
		Warn: func(s string) { *warned = append(*warned, s) },
	}
}

func isEntry(path string) bool { return strings.HasPrefix(path, "incidents/") }

// commit writes files, given as path and content in turn, in one commit, and says what was warned of.
func (b *box) commit(files ...string) (id string, warned []string, err error) {
	b.Helper()
	s, list := b.open()
	id, err = s.Commit(b.Context(), changing(files...))
	return id, *list, err
}

func (b *box) mustCommit(files ...string) string {
	b.Helper()
	id, warned, err := b.commit(files...)
	require.NoError(b, err)
	require.Empty(b, warned)
	return id
}

func changing(files ...string) func(*gitstore.Snapshot) (*gitstore.Change, error) {
	return func(*gitstore.Snapshot) (*gitstore.Change, error) {
		c := &gitstore.Change{Message: "A message\n", Author: ana, When: noon}
		for i := 0; i < len(files); i += 2 {
			c.Files = append(c.Files, gitstore.NewFile{Path: files[i], Data: []byte(files[i+1])})
		}
		return c, nil
	}
}

const (
	entry = "incidents/2026/11/23/a/timeline/1.md"
	other = "incidents/2026/11/23/a/timeline/2.md"
)

// requireSound says that git finds nothing wrong, and that nothing of ours is left lying about.
func (b *box) requireSound() {
	b.Helper()
	out, err := b.command("fsck", "--strict", "--no-dangling").CombinedOutput()
	require.NoError(b, err, string(out))
	require.Empty(b, b.git("status", "--porcelain"))
	b.requireNothingLeft()
}

// requireNothingLeft says that no journal, lock or part of a file is left.
func (b *box) requireNothingLeft() {
	b.Helper()
	top := b.git("rev-parse", "--show-toplevel")
	for _, dir := range []string{top, b.git("rev-parse", "--path-format=absolute", "--git-common-dir")} {
		require.NoError(b, filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
			base := filepath.Base(name)
			if strings.HasPrefix(base, "next-index-") { // of a git that was killed; it never looks at it again
				return nil
			}
			if base == "journal" {
				raw, err := os.ReadFile(name)
				require.NoError(b, err)
				require.Contains(b, ".~", string(raw[:min(1, len(raw))]), "the journal is settled, or never counted")
				return nil
			}
			require.False(b, strings.HasSuffix(base, ".new") || strings.HasPrefix(base, "sharedindex_") || strings.HasSuffix(base, ".lock"), name)
			return err
		}))
	}
}

// state is all that git knows of a person's own changes.
func (b *box) state() string {
	b.Helper()
	return b.git("status", "--porcelain", "--ignored") + "\n" + b.git("diff", "--cached") + "\n" + b.git("diff")
}

// committed lists the paths that a commit changed.
func (b *box) committed(id string) []string {
	b.Helper()
	return b.lines("show", "--format=", "--name-only", "--no-renames", id)
}

// writer is another process that commits n entries, whose names begin with prefix. It prints the path of
// each, once that is acknowledged.
func (b *box) writer(prefix string, n int) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Dir = b.dir
	cmd.Env = append(slices.Clone(b.env), "GITSTORE_WRITER="+prefix, "GITSTORE_COUNT="+strconv.Itoa(n), "GITSTORE_SLOWLY="+os.Getenv("GITSTORE_SLOWLY"))
	return cmd
}

func write() error {
	n, err := strconv.Atoi(os.Getenv("GITSTORE_COUNT"))
	if err != nil {
		return err
	}
	env := append(os.Environ(), "GITSTORE_PID="+strconv.Itoa(os.Getpid())) // for hooks that kill
	o := gitstore.Options{Env: env, Now: time.Now, Keep: isEntry, Warn: func(s string) { fmt.Fprintln(os.Stderr, s) }}
	s, err := gitstore.Open(context.Background(), ".", o)
	if err != nil {
		return err
	}
	if os.Getenv("GITSTORE_SLOWLY") != "" {
		s.Slowly()
	}
	s.OnStep(func(step string) {
		if step == os.Getenv("GITSTORE_KILL") {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			select {}
		}
	})
	for i := range n {
		name := fmt.Sprintf("incidents/2026/11/23/%s/timeline/%d.md", os.Getenv("GITSTORE_WRITER"), i)
		content := name + "\n"
		if size, err := strconv.Atoi(os.Getenv("GITSTORE_SIZE")); err == nil {
			content = strings.Repeat(content, 1+size/len(content))
		}
		files := []string{name, content}
		if doc := os.Getenv("GITSTORE_DOCUMENT"); doc != "" {
			files = append(files, doc, "new draft\n")
		}
		if _, err := s.Commit(context.Background(), changing(files...)); err != nil {
			return err
		}
		fmt.Println(name)
	}
	return nil
}

// acknowledged are the paths that a writer printed.
func acknowledged(out string) []string {
	var list []string
	for line := range strings.Lines(out) {
		if name, whole := strings.CutSuffix(line, "\n"); whole {
			list = append(list, name)
		}
	}
	return list
}
