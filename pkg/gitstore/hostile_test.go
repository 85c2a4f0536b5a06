package gitstore_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func TestNothingIsWrittenThroughLinks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, link, target string
	}{
		{"the records are a link out of the repository", "incidents", "../../elsewhere"},
		{"the records are a link to a full path", "incidents", "/"},
		{"a year is a link into .git", "incidents/2026", "../.git"},
		{"an incident is a link out of the repository", "incidents/2026/11/23/a", "../../../../../../elsewhere"},
		{"a timeline is a link upwards", "incidents/2026/11/23/a/timeline", ".."},
		{"a timeline is a link to hooks", "incidents/2026/11/23/a/timeline", "../../../../../../.git/hooks"},
		{"a timeline is a link to nothing", "incidents/2026/11/23/a/timeline", "nothing"},
		{"the file is a link to the configuration", entry, "../../../../../../.git/config"},
		{"the file is a link to nothing", entry, "nothing"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			elsewhere := filepath.Join(b.dir, "../../elsewhere")
			link := filepath.Join(b.dir, filepath.FromSlash(tt.link))
			require.NoError(t, os.MkdirAll(filepath.Dir(link), 0o777))
			require.NoError(t, os.MkdirAll(elsewhere, 0o777))
			require.NoError(t, os.Symlink(tt.target, link))
			b.git("add", ".")
			b.git("commit", "--quiet", "-m", "hostile")
			before := tree(t, b.dir)

			_, _, err := b.commit(entry, "one\n")
			require.ErrorIs(t, err, gitstore.ErrGit)
			require.Contains(t, err.Error(), tt.link+" is a link")
			require.NotEmpty(t, remedy(err))
			require.Equal(t, before, tree(t, b.dir))
			left, err := os.ReadDir(elsewhere)
			require.NoError(t, err)
			require.Empty(t, left)

			s, _ := b.open()
			_, err = s.ReadFile(entry, 100)
			require.ErrorIs(t, err, gitstore.ErrGit)
			snap, err := s.Snapshot(t.Context())
			require.NoError(t, err)
			there, err := snap.Has(entry)
			require.NoError(t, err)
			require.False(t, there)
			require.NoError(t, snap.Close())
		})
	}
}

// tree lists all files of a folder with their content, but for what only says that somebody looked.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	require.NoError(t, filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if d.Name() == "incident" && strings.HasSuffix(filepath.Dir(name), ".git") {
			return fs.SkipDir
		}
		if d.Type().IsRegular() {
			raw, err := os.ReadFile(name)
			require.NoError(t, err)
			all.WriteString(name + "\n" + string(raw) + "\n")
		}
		return err
	}))
	return all.String()
}

func TestNoMonitorIsStarted(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("../evil", "#!/bin/sh\ntouch "+b.dir+"/ran\n")
	require.NoError(t, os.Chmod(filepath.Join(b.dir, "../evil"), 0o777))
	b.git("config", "core.fsmonitor", filepath.Join(b.dir, "../evil"))
	b.mustCommit(entry, "one\n")
	_, _, err := b.commit(entry, "two\n")
	require.NoError(t, err)
	b.file(entry, "mine\n")
	_, _, err = b.commit(entry, "three\n")
	require.ErrorIs(t, err, gitstore.ErrDirty)
	require.NoFileExists(t, filepath.Join(b.dir, "ran"))
}

func TestTheCallersRepositoryDoesNotMatter(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	outer := b.in("../outer")
	require.NoError(t, os.Mkdir(outer.dir, 0o777))
	outer.git("init", "--quiet")
	outer.file("x", "x\n")
	outer.git("add", "x")
	outer.git("commit", "--quiet", "-m", "outer")
	before := outer.git("rev-parse", "HEAD") + outer.state()

	plain := *b
	git := filepath.Join(outer.dir, ".git")
	b.env = append(
		b.env, "GIT_DIR="+git, "GIT_WORK_TREE="+outer.dir, "GIT_INDEX_FILE="+git+"/index", "GIT_PREFIX=x/",
		"GIT_OBJECT_DIRECTORY="+git+"/objects", "GIT_COMMON_DIR="+git, "GIT_NAMESPACE=ns", "GIT_CONFIG="+git+"/config",
		"GIT_LITERAL_PATHSPECS=1", "GIT_QUARANTINE_PATH="+git, "GIT_SHALLOW_FILE="+git+"/none", "GIT_REFLOG_ACTION=rebase",
	)
	s, err := gitstore.Open(t.Context(), b.dir, b.options(new([]string)))
	require.NoError(t, err)
	id, err := s.Commit(t.Context(), changing(entry, "one\n"))
	require.NoError(t, err)
	require.NoError(t, s.SetSetting(t.Context(), "incident.trust", "true"))
	require.Equal(t, "true", s.Setting(t.Context(), "incident.trust"))
	history, err := s.History(t.Context(), "incidents")
	require.NoError(t, err)
	require.Len(t, history, 1)

	require.Equal(t, before, outer.git("rev-parse", "HEAD")+outer.state())
	require.Equal(t, id, plain.git("rev-parse", "HEAD"))
	plain.requireSound()
}

func TestAHookOfAnotherRepositoryCanRecord(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	outer := b.in("../outer")
	require.NoError(t, os.Mkdir(outer.dir, 0o777))
	outer.git("init", "--quiet")
	outer.env = append(outer.env, "GITSTORE_WRITER=hooked", "GITSTORE_COUNT=1")
	outer.hook("pre-commit", "cd '"+b.dir+"' && '"+os.Args[0]+"'")
	outer.git("commit", "--quiet", "--allow-empty", "-m", "outer")
	require.Contains(t, b.git("ls-tree", "-r", "--name-only", "HEAD"), "incidents/2026/11/23/hooked/timeline/0.md")
	b.requireSound()
}

func TestReadFile(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("a/f", "12345")
	s, _ := b.open()
	raw, err := s.ReadFile("a/f", 5)
	require.NoError(t, err)
	require.Equal(t, "12345", string(raw))
	_, err = s.ReadFile("a/f", 4)
	require.ErrorIs(t, err, gitstore.ErrTooLarge)
	for _, name := range []string{"a/g", "b/f"} {
		_, err = s.ReadFile(name, 5)
		require.ErrorIs(t, err, fs.ErrNotExist)
	}
	for _, name := range []string{"a", "../x", "/etc/passwd", ""} {
		_, err = s.ReadFile(name, 5)
		require.Error(t, err, name)
	}
}
