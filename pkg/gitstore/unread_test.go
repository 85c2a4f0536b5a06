package gitstore_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
