package folder_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
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

// Several programs that put different things into one folder at once leave it as one of them has put it.
func TestPutAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			site := map[string][]byte{}
			for f := range 40 {
				site[fmt.Sprintf("d/%d.html", f)] = bytes.Repeat([]byte{byte('a' + n)}, 5000)
			}
			_, err := folder.Put(dir, site, false)
			require.NoError(t, err)
		})
	}
	all.Wait()
	first, err := os.ReadFile(filepath.Join(dir, "d", "0.html"))
	require.NoError(t, err)
	for f := range 40 {
		got, err := os.ReadFile(filepath.Join(dir, "d", fmt.Sprintf("%d.html", f)))
		require.NoError(t, err)
		require.Equal(t, string(first), string(got), "file %d", f)
	}
	parts, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "*.part"))
	require.NoError(t, err)
	require.Empty(t, parts)
}
