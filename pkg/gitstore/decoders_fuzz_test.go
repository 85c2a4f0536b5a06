package gitstore

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whatever a commit holds, reading its head ends, and what it names can be looked up safely.
func FuzzCommit(f *testing.F) {
	const tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	f.Add([]byte("tree " + tree + "\nparent " + tree + "\nauthor Ana <a@example.com> 1 +0000\ncommitter Ana <a@example.com> 2 -0100\n\nhi\n"))
	f.Add([]byte("tree " + tree + "\ncommitter > 99999999999999999999\n\n"))
	f.Add([]byte("tree \n\n"))
	f.Add([]byte("tree " + tree + "\nparent\n\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := parseCommit(raw)
		if err != nil {
			return
		}
		require.NotEmpty(t, c.tree)
		require.NotContains(t, c.tree, "\n")
		require.LessOrEqual(t, len(c.parents), bytes.Count(raw, []byte("parent ")))
	})
}

// Whatever a diary holds, only whole lines of two commits are moves.
func FuzzMove(f *testing.F) {
	const id = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	f.Add(id + " " + id + " Ana <a@example.com> 1 +0000\treset: moving to HEAD")
	f.Add(id + "\t" + id)
	f.Fuzz(func(t *testing.T, line string) {
		old, next, _ := parseMove(line)
		if next != "" {
			require.Regexp(t, `^[0-9a-f]{40}$`, old)
			require.Regexp(t, `^[0-9a-f]{40}$`, next)
		}
	})
}

// Whatever lies where an answer of git's is remembered, it is taken for one only if all that it rests on is as
// it says; and whatever lies where a journal does, it is one or is settled.
func FuzzPrivateFiles(f *testing.F) {
	f.Add([]byte(recallHead + "\x00\x00\x00"))
	f.Add([]byte(recallHead + "\x00\x00/etc/gitconfig\x00none\x00\x00user.name\x00Ana\x00"))
	for state, change := range map[string]string{
		"+": `{"Change":{"Files":[{"Path":"a","Data":"YQ=="}]},"Fresh":["a"]}`,
		"-": `{"Change":{"Files":[{"Path":"../a"}]}}`,
		".": "",
	} {
		f.Add(fmt.Appendf(nil, "%s%08x%08x\n%s", state, crc32.ChecksumIEEE([]byte(change)), len(change), change))
	}
	dir := f.TempDir()
	s := newStore(&Store{root: dir, gitDir: filepath.Join(dir, ".git"), commonDir: filepath.Join(dir, ".git")}, Options{Now: time.Now})
	require.NoError(f, os.MkdirAll(s.ownDir(), 0o777))
	f.Fuzz(func(t *testing.T, raw []byte) {
		require.NoError(t, os.WriteFile(s.recallPath(), raw, 0o666))
		if a := s.recalled(); a != nil {
			require.True(t, a.holds())
		}
		require.NoError(t, os.WriteFile(s.journalPath(), raw, 0o666))
		j, err := s.readJournal()
		require.NoError(t, err)
		if j == nil {
			left, err := s.CutShort()
			require.NoError(t, err)
			require.Empty(t, left)
			return
		}
		require.NotEmpty(t, j.Change.Files)
		j.close()
	})
}

// Whatever the second file of a split index holds, joining it with the first is refused or keeps every entry,
// in order; what is written can be read again.
func FuzzSharedIndex(f *testing.F) {
	empty := []byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00")
	f.Add(empty)
	f.Add([]byte("DIRC\x00\x00\x00\x02\xff\xff\xff\xff"))
	seeds, err := filepath.Glob("testdata/index/*")
	require.NoError(f, err)
	for _, seed := range seeds {
		raw, err := os.ReadFile(seed)
		require.NoError(f, err)
		f.Add(raw)
	}
	const base = "0123456789012345678901234567890123456789"
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(dir, sharedPrefix+base), raw, 0o666))
		x, err := parseIndex(append(bytes.Clone(empty), bytes.Repeat([]byte{1}, 20)...))
		require.NoError(t, err)
		x.base = base
		if x.split(dir, time.Unix(1<<40, 0)) != nil {
			left, err := filepath.Glob(filepath.Join(dir, "sharedindex_*"))
			require.NoError(t, err)
			require.Empty(t, left)
			return
		}
		again, err := x.openBase(dir)
		require.NoError(t, err)
		defer again.close()
		n := uint32(0)
		for ; again.entry != nil; again.next() {
			require.Contains(t, string(raw), string(again.entry))
			n++
		}
		require.NoError(t, again.err)
		require.Equal(t, be.Uint32(raw[8:]), n)
	})
}
