package gitstore_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
	"incident/pkg/gitstore/gitstoretest"
)

// What cannot be read is neither gone nor somebody else's. These tests take it for neither.

// fewFiles runs a writer of one entry that may have only so many files open.
func (b *box) fewFiles(prefix string, files int) (acked []string, said string, err error) {
	b.Helper()
	w := b.writer(prefix, 1)
	w.Path, w.Args = "/bin/sh", []string{"sh", "-c", fmt.Sprintf("ulimit -n %d; exec '%s'", files, os.Args[0])}
	var out, errs strings.Builder
	w.Stdout, w.Stderr = &out, &errs
	err = w.Run()
	return acknowledged(out.String()), errs.String(), err
}

// However few files the next command may open: it gives back the locks that a crash has left, or leaves them provably
// ours to the one after it.
func TestFewFilesAfterACrash(t *testing.T) {
	t.Parallel()
	needsKill(t)
	start := newBox(t)
	start.mustCommit(entry, "one\n")
	w := start.writer("w", 1)
	w.Env = append(w.Env, "GITSTORE_KILL=filled")
	require.Empty(t, start.killed(w))
	refused := 0
	for files := 4; ; files++ {
		require.Less(t, files, 60, "it never succeeds")
		b := emptyBox(t)
		require.NoError(t, os.Remove(b.dir))
		out, err := exec.Command("cp", "-a", start.dir, b.dir).CombinedOutput()
		require.NoError(t, err, string(out))
		acked, said, failed := b.fewFiles("few", files)
		_, warned, err := b.commit(other, "two\n")
		require.NoError(t, err, "with %d files: %s", files, said)
		require.Empty(t, warned)
		want := append(acked, entry, other)
		if !strings.Contains(said, "it is kept in") { // as a draft
			want = append(want, crashed)
		}
		require.ElementsMatch(t, want, b.lines("ls-tree", "-r", "--name-only", "HEAD"), "with %d files: %s", files, said)
		b.requireSound()
		if failed == nil {
			break
		}
		refused++
	}
	require.Greater(t, refused, 5)
}

// unreadable makes an object such that it cannot be read, whoever tries, until it is put right.
func (b *box) unreadable(id string) (putRight func()) {
	b.Helper()
	file := filepath.Join(b.dir, ".git/objects", id[:2], id[2:])
	require.NoError(b, os.Rename(file, file+".kept"))
	require.NoError(b, os.Mkdir(file, 0o777))
	return func() {
		require.NoError(b, os.Remove(file))
		require.NoError(b, os.Rename(file+".kept", file))
	}
}

// An entry that was dropped by mistake is not given up because the disk failed when it was looked for.
func TestHealThatCannotRead(t *testing.T) {
	t.Parallel()
	const third = "incidents/2026/11/23/a/timeline/3.md"
	for _, tt := range []struct {
		rule   string
		do     func(b *box, staleIndex string)
		object string
	}{
		{"the commit that held it, which another one came from", func(b *box, stale string) {
			b.file(".git/index", stale)
			b.git("commit", "--quiet", "-m", "drops it")
		}, "HELD"},
		{"a commit in between", func(b *box, stale string) {
			b.file(".git/index", stale)
			b.git("commit", "--quiet", "-m", "drops it")
			b.git("commit", "--quiet", "--allow-empty", "-m", "more")
		}, "HEAD~1"},
		{"the commit that held it, which the branch was set back from", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
		}, "HELD"},
		{"the entry, which the branch was set back from", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
		}, "HELD:" + other},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			stale := b.read(".git/index")
			held := b.mustCommit(other, "two\n")
			tt.do(b, stale)
			gitstoretest.Loosen(t, b.dir)
			putRight := b.unreadable(b.git("rev-parse", strings.Replace(tt.object, "HELD", held, 1)))
			_, _, err := b.commit(third, "three\n")
			require.ErrorIs(t, err, gitstore.ErrDisk)
			require.ErrorIs(t, err, gitstore.ErrGit)
			putRight()
			_, warned, err := b.commit(third, "three\n")
			require.NoError(t, err)
			require.Len(t, warned, 1)
			require.Contains(t, warned[0], other)
			require.ElementsMatch(t, []string{entry, other, third}, b.lines("ls-tree", "-r", "--name-only", "HEAD"))
			b.requireSound()
		})
	}
}
