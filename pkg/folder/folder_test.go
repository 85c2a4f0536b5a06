package folder_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/folder"
)

func TestPut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	files := map[string][]byte{"index.html": []byte("home"), "a/b.html": []byte("one"), "old.html": []byte("old")}
	done, err := folder.Put(dir, files, false)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"index.html", "a/b.html", "old.html"}, done.Changed)
	was, err := os.Stat(filepath.Join(dir, "index.html"))
	require.NoError(t, err)

	// What is the same is not touched; what is no longer published goes; what others put there stays.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "theirs.txt"), []byte("theirs"), 0o666))
	done, err = folder.Put(dir, map[string][]byte{"index.html": []byte("home"), "a/b.html": []byte("two")}, false)
	require.NoError(t, err)
	require.Equal(t, folder.Done{Changed: []string{"a/b.html"}, Same: []string{"index.html"}, Removed: []string{"old.html"}}, done)
	is, err := os.Stat(filepath.Join(dir, "index.html"))
	require.NoError(t, err)
	require.True(t, os.SameFile(was, is))
	require.Equal(t, was.ModTime(), is.ModTime())
	require.NoFileExists(t, filepath.Join(dir, "old.html"))
	require.FileExists(t, filepath.Join(dir, "theirs.txt"))
	left, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestPutWhereSomethingElseIs(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), []byte("x"), 0o666))
	_, err := folder.Put(dir, map[string][]byte{"index.html": nil}, false)
	require.ErrorIs(t, err, folder.ErrForeign)
	require.NoFileExists(t, filepath.Join(dir, "index.html"))
	_, err = folder.Put(dir, map[string][]byte{"index.html": nil}, true)
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "thesis.doc"))
}

func TestPutNeverLeavesTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	_, err := folder.Put(dir, map[string][]byte{"../out.html": nil}, false)
	require.Error(t, err)
	require.NoFileExists(t, filepath.Join(filepath.Dir(dir), "out.html"))
}
