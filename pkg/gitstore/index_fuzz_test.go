package gitstore

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever bytes an index holds, writing to it is refused or adds one entry and keeps all others; it never
// panics, and what it writes can be read again.
func FuzzIndex(f *testing.F) {
	f.Add([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00"+"TREE\x00\x00\x00\x06\x00-1 0\n"+"sumsumsumsumsumsumsu"), "incidents/a")
	seeds, err := filepath.Glob("testdata/index/*")
	require.NoError(f, err)
	for _, s := range seeds {
		raw, err := os.ReadFile(s)
		require.NoError(f, err)
		f.Add(raw, "incidents/a")
	}
	dir := f.TempDir()
	require.NoError(f, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o666))
	const blob = "c1b0730e0133f1eb91ba0d1bd7f0a8b3f0d6e6b0"
	f.Fuzz(func(t *testing.T, raw []byte, _ string) {
		x, err := parseIndex(bytes.Clone(raw))
		if err != nil {
			return
		}
		l := leaf{path: "file", mode: 0o100644, id: blob, size: 1}
		var out bytes.Buffer
		if err := x.splice(&out, dir, []leaf{l}); err != nil {
			return
		}
		y, err := parseIndex(bytes.Clone(out.Bytes()))
		if err != nil { // by chance a sum of zeros, or nothing else
			t.Fatalf("what was written cannot be read: %v", err)
		}
		spots, err := y.find([]string{l.path})
		require.NoError(t, err)
		require.True(t, y.holds(spots[0], l.mode, l.id))
		require.Contains(t, []uint32{x.count, x.count + 1}, y.count)
		require.LessOrEqual(t, out.Len(), len(raw)+entryHead+len(l.path)+100)
	})
}

// Names of trees on our path are left out, all others are kept, and no bytes make it fail badly.
func FuzzInvalidate(f *testing.F) {
	id := string(bytes.Repeat([]byte{'i'}, 20))
	f.Add([]byte("\x003 2\n"+id+"a\x001 0\n"+id+"b\x002 1\n"+id+"c\x001 0\n"+id), "b/x")
	f.Add([]byte("\x00-1 0\n"), "b")
	f.Add([]byte("\x001 999999999\n"+id), "b/c/d")
	f.Fuzz(func(t *testing.T, data []byte, path string) {
		out, err := invalidate(data, []string{path})
		if err != nil {
			return
		}
		again, err := invalidate(out, []string{path})
		require.NoError(t, err)
		require.Equal(t, out, again)
	})
}
