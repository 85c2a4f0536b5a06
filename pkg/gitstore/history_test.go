package gitstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func (b *box) history(dir string) map[string]gitstore.Recording {
	b.Helper()
	s, _ := b.open()
	h, err := s.History(b.Context(), dir)
	require.NoError(b, err)
	return h
}

func TestHistory(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	require.Empty(t, b.history("incidents"), "before the first commit")

	first := b.mustCommit("incidents/a/1.md", "one\n")
	h := b.history("incidents/a")
	require.Len(t, h, 1)
	require.Equal(t, gitstore.Recording{Commit: first, Author: ana, Committed: noon}, h["incidents/a/1.md"])

	b.git("config", "log.showRoot", "false")
	b.git("config", "log.mailmap", "true")
	b.git("config", "diff.renames", "copies")
	b.git("config", "diff.relative", "true")
	b.git("config", "color.ui", "always")
	b.git("config", "core.quotePath", "true")
	b.git("config", "format.pretty", "oneline")
	require.Equal(t, h, b.history("incidents/a"), "whatever the user likes to see")

	odd := "incidents/a/ä \"q\"\tt\nn\x01 *[x]?.md"
	second := b.mustCommit(odd, "two\n", "incidents/b/x.md", "two\n")
	h = b.history("incidents/a")
	require.Len(t, h, 2, "other folders are left out")
	require.Equal(t, second, h[odd].Commit)

	b.mustCommit("incidents/a/1.md", "changed\n")
	require.Equal(t, first, b.history("incidents/a")["incidents/a/1.md"].Commit, "a change is no recording")

	b.git("rm", "--quiet", "incidents/a/1.md")
	b.git("commit", "--quiet", "-m", "remove")
	b.mustCommit("incidents/a/1.md", "again\n")
	require.Equal(t, first, b.history("incidents/a")["incidents/a/1.md"].Commit, "the first recording counts")

	require.Empty(t, b.history("incidents/nothing"))
	require.Empty(t, b.history("incidents/a*"), "a path is no pattern")
}

func TestHistoryOfMerges(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	base := b.mustCommit("incidents/a/1.md", "one\n")
	b.git("checkout", "--quiet", "-b", "side")
	side := b.mustCommit("incidents/a/2.md", "two\n")
	b.git("checkout", "--quiet", "main")
	main := b.mustCommit("incidents/a/3.md", "three\n")
	b.git("merge", "--quiet", "--no-commit", "side")
	b.file("incidents/a/4.md", "in the merge itself\n")
	b.git("add", ".")
	b.git("commit", "--quiet", "-m", "merge")
	h := b.history("incidents/a")
	require.Equal(t, base, h["incidents/a/1.md"].Commit)
	require.Equal(t, side, h["incidents/a/2.md"].Commit)
	require.Equal(t, main, h["incidents/a/3.md"].Commit)
	require.Equal(t, b.git("rev-parse", "HEAD"), h["incidents/a/4.md"].Commit)
	require.Equal(t, "Person", h["incidents/a/4.md"].Author.Name)
}

func TestHistoryOfAShallowClone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit("incidents/a/1.md", "one\n")
	b.mustCommit("incidents/a/2.md", "two\n")
	last := b.mustCommit("incidents/a/3.md", "three\n")
	b.git("clone", "--quiet", "--depth=2", "file://"+b.dir, "../shallow")
	h := b.in("../shallow").history("incidents/a")
	require.Len(t, h, 1, "who added what came before is not known there")
	require.Equal(t, last, h["incidents/a/3.md"].Commit)
	require.FileExists(t, filepath.Join(b.dir, "../shallow/incidents/a/1.md"))
	require.NoError(t, os.RemoveAll(filepath.Join(b.dir, "../shallow")))
}
