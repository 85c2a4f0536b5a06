package gitstore_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// splitter is a store whose index is large from some hundred bytes on, in a repository of forty files.
func splitter(t *testing.T) (*box, *gitstore.Store) {
	t.Helper()
	b := newBox(t)
	for i := range 40 {
		b.file(fmt.Sprintf("incidents/2026/11/%02d/a/timeline/%d.md", 1+i%9, i), fmt.Sprintln(i))
	}
	b.git("add", ".")
	b.git("commit", "-qm", "first")
	b.grow(time.Now().Add(-time.Minute))
	s, _ := b.open()
	s.SplitAbove(1000, 5)
	return b, s
}

// grow makes all files of the work tree as old as that, and the index know it.
func (b *box) grow(old time.Time) {
	b.Helper()
	for _, f := range b.lines("ls-files") {
		require.NoError(b, os.Chtimes(filepath.Join(b.dir, f), old, old))
	}
	b.git("update-index", "--refresh", "-q")
}

// shared lists the second files of the index.
func (b *box) shared() []string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, ".git/sharedindex.*"))
	require.NoError(b, err)
	return files
}

// requireIndex holds the index to the newest commit, in git's own eyes.
func (b *box) requireIndex() {
	b.Helper()
	require.Equal(b, b.git("rev-parse", "HEAD^{tree}"), b.git("write-tree"))
	require.Equal(b, b.lines("ls-tree", "-r", "--name-only", "HEAD"), b.lines("ls-files"))
	require.Empty(b, b.git("diff", "--cached", "--name-only"))
	b.requireSound()
}

func (b *box) note(s *gitstore.Store, n int) {
	b.Helper()
	fast, why := s.Path(b.Context(), entry)
	require.True(b, fast, why)
	_, err := s.Commit(b.Context(), changing(fmt.Sprintf("incidents/2026/11/23/b/timeline/%03d.md", n), fmt.Sprintln("note", n)))
	require.NoError(b, err)
}

func TestALargeIndexIsSplit(t *testing.T) {
	t.Parallel()
	b, s := splitter(t)
	before := b.size(".git/index")
	b.note(s, 0)
	require.Len(t, b.shared(), 1)
	require.Less(t, b.size(".git/index"), before/4)
	b.requireIndex()

	// What comes then goes to the small file alone.
	large := b.shared()[0]
	for i := 1; i < 4; i++ {
		b.note(s, i)
		require.Equal(t, []string{large}, b.shared())
	}
	b.requireIndex()
}

func TestASplitIndexIsSplitAgain(t *testing.T) {
	t.Parallel()
	b, s := splitter(t)
	for i := range 12 {
		b.note(s, i)
		b.grow(time.Now().Add(-time.Minute))
	}
	require.Greater(t, len(b.shared()), 1)
	b.requireIndex()

	// A second file that nobody has named for two weeks goes with the next split.
	old := time.Now().Add(-15 * 24 * time.Hour)
	left := filepath.Join(b.dir, ".git/sharedindex.0123456789012345678901234567890123456789")
	require.NoError(t, os.WriteFile(left, nil, 0o666))
	require.NoError(t, os.Chtimes(left, old, old))
	for i := 12; i < 24; i++ {
		b.note(s, i)
		b.grow(time.Now().Add(-time.Minute))
	}
	require.NoFileExists(t, left)
	b.requireIndex()
}

// An entry that is as young as the index itself stays in the file that is written each time: a change of its
// file within the same second must still be found.
func TestYoungEntriesAreNotMovedAway(t *testing.T) {
	t.Parallel()
	b, s := splitter(t)
	b.file("mine", "one\n")
	b.git("add", "mine")
	b.git("commit", "-qm", "mine")
	info, err := os.Stat(filepath.Join(b.dir, "mine"))
	require.NoError(t, err)
	b.note(s, 0)
	require.Len(t, b.shared(), 1)
	b.file("mine", "two\n")
	require.NoError(t, os.Chtimes(filepath.Join(b.dir, "mine"), info.ModTime(), info.ModTime()))
	b.note(s, 1)
	require.Equal(t, " M mine", b.git("status", "--porcelain"))
}

func TestWhoWantsNoSplitIndex(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{"incident.index=plain", "core.splitIndex=false"} {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			b, s := splitter(t)
			b.file("../.gitconfig", "[include]\n\tpath = mine\n")
			name, value, _ := strings.Cut(setting, "=")
			b.git("config", "--file", filepath.Join(b.dir, "../mine"), name, value)
			b.note(s, 0)
			require.Empty(t, b.shared())
			b.requireIndex()
		})
	}
}

// A file that stands in the large part is replaced by git, which knows how.
func TestAReplacedFileOfASplitIndex(t *testing.T) {
	t.Parallel()
	b, s := splitter(t)
	b.note(s, 0)
	require.Len(t, b.shared(), 1)
	const old = "incidents/2026/11/01/a/timeline/0.md"
	_, err := s.Commit(t.Context(), changing(old, "another\n"))
	require.NoError(t, err)
	require.Equal(t, "another", b.git("cat-file", "blob", "HEAD:"+old))
	b.requireIndex()
	b.note(s, 1)
	b.requireIndex()
}

// A person's git goes on with what we have split, and we with what git makes of it.
func TestGitGoesOnWithASplitIndex(t *testing.T) {
	t.Parallel()
	b, s := splitter(t)
	b.note(s, 0)
	for i, step := range [][]string{
		{"rm", "-q", "incidents/2026/11/02/a/timeline/1.md"},
		{"commit", "-qm", "removed"},
		{"mv", "incidents/2026/11/03/a/timeline/2.md", "moved"},
		{"stash", "-q"},
		{"stash", "pop", "-q", "--index"},
		{"commit", "-qm", "moved"},
		{"checkout", "-q", "-b", "side", "HEAD~2"},
		{"checkout", "-q", "main"},
		{"merge", "-q", "--no-edit", "side"},
		{"gc", "-q"},
		{"worktree", "add", "-q", "../other"},
		{"update-index", "--no-split-index"},
	} {
		b.git(step...)
		staged := b.git("status", "--porcelain")
		b.note(s, i+1)
		require.Equal(t, staged, b.git("status", "--porcelain"))
	}
	b.requireIndex()
	there := b.in("../other")
	t2, _ := there.open()
	t2.SplitAbove(1000, 5)
	there.note(t2, 100)
	there.requireIndex()
}

func (b *box) size(name string) int64 {
	b.Helper()
	info, err := os.Stat(filepath.Join(b.dir, name))
	require.NoError(b, err)
	return info.Size()
}
