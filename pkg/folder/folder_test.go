package folder_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/folder"
)

func TestPut(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	files := map[string][]byte{"index.html": []byte("home"), "a/b.html": []byte("one"), "old.html": []byte("old")}
	done, err := folder.Put(dir, folder.Plain(files), nil, false)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"index.html", "a/b.html", "old.html"}, done.Changed)
	was, err := os.Stat(filepath.Join(dir, "index.html"))
	require.NoError(t, err)

	// What is the same is not touched; what is no longer published goes; what others put there stays.
	require.NoError(t, os.WriteFile(filepath.Join(dir, "theirs.txt"), []byte("theirs"), 0o666))
	done, err = folder.Put(dir, folder.Plain(map[string][]byte{"index.html": []byte("home"), "a/b.html": []byte("two")}), nil, false)
	require.NoError(t, err)
	require.Equal(t, folder.Done{Changed: []string{"a/b.html"}, Same: []string{"index.html"}, Removed: []string{"old.html"}, Seen: map[string]folder.Stamp{}}, done)
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
	_, err := folder.Put(dir, folder.Plain(map[string][]byte{"index.html": nil}), nil, false)
	require.ErrorIs(t, err, folder.ErrForeign)
	require.NoFileExists(t, filepath.Join(dir, "index.html"))
	_, err = folder.Put(dir, folder.Plain(map[string][]byte{"index.html": nil}), nil, true)
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "thesis.doc"))
}

// Bytes that are in the folder already are not made again, unless somebody else has been there.
func TestPutAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	var made []string
	file := func(name, version string) folder.File {
		return folder.File{Version: version, Bytes: func() ([]byte, error) {
			made = append(made, name)
			return []byte(name + version), nil
		}}
	}
	files := map[string]folder.File{"a": file("a", "1"), "b": file("b", "1"), "c": file("c", "1"), "d": file("d", ""), "e": file("e", "1")}
	done, err := folder.Put(dir, files, nil, false)
	require.NoError(t, err)
	long := time.Now().Add(-time.Hour)
	for name, seen := range done.Seen { // a clock that has gone on since
		require.NoError(t, os.Chtimes(filepath.Join(dir, name), long, long))
		seen.Modified = long
		done.Seen[name] = seen
	}
	for _, name := range []string{"a", "b", "c"} { // the last written has no stamp: it could be written to without a trace
		if _, ok := done.Seen[name]; !ok {
			require.NoError(t, os.Chtimes(filepath.Join(dir, name), long, long))
			done.Seen[name] = folder.Stamp{Version: "1", Size: 2, Modified: long}
		}
	}
	require.NotContains(t, done.Seen, "d", "nothing names what it holds")

	require.NoError(t, os.WriteFile(filepath.Join(dir, "b"), []byte("xx"), 0o666))
	require.NoError(t, os.Remove(filepath.Join(dir, "c")))
	files["e"] = file("e", "2")
	made = nil
	again, err := folder.Put(dir, files, done.Seen, false)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"b", "c", "d", "e"}, made)
	require.ElementsMatch(t, []string{"b", "c", "e"}, again.Changed)
	require.ElementsMatch(t, []string{"a", "d"}, again.Same)
	for name, want := range map[string]string{"a": "a1", "b": "b1", "c": "c1", "e": "e2"} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}

	// A file that cannot be made leaves all as it was.
	files["e"] = folder.File{Bytes: func() ([]byte, error) { return nil, os.ErrInvalid }}
	files["a"] = file("a", "9")
	_, err = folder.Put(dir, files, nil, false)
	require.ErrorIs(t, err, os.ErrInvalid)
	got, err := os.ReadFile(filepath.Join(dir, "a"))
	require.NoError(t, err)
	require.Equal(t, "a1", string(got))
	left, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	require.Empty(t, left)
}

// What a writing that failed has left is nothing foreign.
func TestPutAfterOneThatFailed(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, folder.List+".lock"), nil, 0o600))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "a", "b"), 0o777))
	_, err := folder.Put(dir, folder.Plain(map[string][]byte{"a/b/c.html": []byte("x")}), nil, false)
	require.NoError(t, err)
	require.FileExists(t, filepath.Join(dir, "a", "b", "c.html"))
}

func TestPutNeverLeavesTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "site")
	_, err := folder.Put(dir, folder.Plain(map[string][]byte{"../out.html": nil}), nil, false)
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
			_, err := folder.Put(dir, folder.Plain(site), nil, false)
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
