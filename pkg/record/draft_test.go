package record_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/record"
)

func TestDrafts(t *testing.T) {
	t.Parallel()
	d := record.Drafts{Dir: filepath.Join(t.TempDir(), "a", "drafts")}
	require.Empty(t, d.List("note-customer"))

	var paths []string
	for i, text := range []string{"one", "two", "two", "three\nlines"} {
		path, err := d.Save("note-customer", text)
		require.NoError(t, err)
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, "what it says is for its author")
		at := time.Date(2026, 11, 23, 14, i, 0, 0, time.UTC)
		require.NoError(t, os.Chtimes(path, at, at))
		paths = append(paths, path)
	}
	require.Equal(t, paths[1], paths[2], "the same words are kept once")
	_, err := d.Save("note-customers", "of another name")
	require.NoError(t, err)
	open, err := d.Edit("note-customer", "being written")
	require.NoError(t, err)

	require.Equal(t, []record.Draft{{paths[3], "three\nlines\n"}, {paths[2], "two\n"}, {paths[0], "one\n"}}, d.List("note-customer"), "the last first, each where it was first kept")
	require.Equal(t, []string{open}, d.Unfinished("note-customer"))
	require.NoError(t, d.Drop(record.Draft{Path: paths[0]}))
	require.NoError(t, d.Drop(record.Draft{Path: paths[0]}), "gone already")
	require.Len(t, d.List("note-customer"), 2, "the others stay in sight")
	_, err = record.Drafts{Dir: filepath.Join(paths[1], "x")}.Save("note-customer", "nowhere")
	require.Error(t, err)

	var all sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		all.Go(func() { _, errs[i] = d.Save("open", fmt.Sprint("words ", i)) })
	}
	all.Wait()
	require.NoError(t, errors.Join(errs...))
	require.Len(t, d.List("open"), 8, "of those who save at once, each keeps its words")

	b := newBox(t)
	r := b.init()
	_, err = r.Drafts().Save("internal", "x")
	require.NoError(t, err)
	b.requireSound()
}
