package gitstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// packed is a repository of two entries, all objects of which lie in one pack of git's, and that pack's name without
// an ending.
func packed(t *testing.T) (*box, string) {
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.mustCommit(other, "two\n")
	b.git("repack", "--quiet", "-a", "-d", "--window=0")
	packs, err := filepath.Glob(filepath.Join(b.dir, ".git", "objects", "pack", "*.pack"))
	require.NoError(t, err)
	require.Len(t, packs, 1)
	require.NoError(t, os.Chmod(packs[0], 0o600))
	base := packs[0][:len(packs[0])-len(".pack")]
	require.NoError(t, os.Chmod(base+".idx", 0o600))
	return b, base
}

func TestDamagedPacksAreNamed(t *testing.T) {
	t.Parallel()
	alter := func(file string, how func([]byte) []byte) {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, how(raw), 0o600))
	}
	flip := func(at func(int) int) func([]byte) []byte {
		return func(raw []byte) []byte { raw[at(len(raw))] ^= 0x55; return raw }
	}
	for _, tt := range []struct {
		damage string
		do     func(base string)
		path   string // the ending of the file that is named
		what   string
	}{
		{"nothing", func(string) {}, "", ""},
		{"the pack is gone", func(base string) { require.NoError(t, os.Remove(base+".pack")) }, ".pack", "is missing"},
		{"its index is gone", func(base string) { require.NoError(t, os.Remove(base+".idx")) }, ".idx", "is missing"},
		{"the pack is cut off", func(base string) { alter(base+".pack", func(raw []byte) []byte { return raw[:len(raw)/2] }) }, ".pack", "is cut off"},
		{"the pack is empty", func(base string) { alter(base+".pack", func([]byte) []byte { return nil }) }, ".pack", "is cut off, or empty"},
		{"the pack begins otherwise", func(base string) { alter(base+".pack", flip(func(int) int { return 1 })) }, ".pack", "does not begin as a pack does"},
		{"a bit of the pack", func(base string) { alter(base+".pack", flip(func(n int) int { return n / 2 })) }, ".pack", "its sum is wrong"},
		{"a bit of its index", func(base string) { alter(base+".idx", flip(func(n int) int { return n / 2 })) }, ".pack", "its index is damaged"},
		{"the index is cut off", func(base string) { alter(base+".idx", func(raw []byte) []byte { return raw[:len(raw)-9] }) }, ".pack", "its index is damaged"},
		{"another pack's index", func(base string) { alter(base+".idx", func([]byte) []byte { return nil }) }, ".pack", "its index is damaged"},
	} {
		t.Run(tt.damage, func(t *testing.T) {
			b, base := packed(t)
			tt.do(base)
			s, _ := b.open()
			list, err := s.Damages(t.Context(), "incidents")
			require.NoError(t, err)
			if tt.path == "" {
				require.Empty(t, list)
				return
			}
			require.NotEmpty(t, list)
			require.Equal(t, base+tt.path, list[0].Path)
			require.Contains(t, list[0].What, tt.what)
		})
	}
}

// lose removes an object that lies in a file of its own.
func (b *box) lose(name string) {
	b.Helper()
	packs, err := filepath.Glob(filepath.Join(b.dir, ".git", "objects", "pack", "*.pack"))
	require.NoError(b, err)
	for _, p := range packs {
		away := filepath.Join(b.dir, "..", filepath.Base(p))
		require.NoError(b, os.Rename(p, away))
		require.NoError(b, os.Remove(p[:len(p)-len(".pack")]+".idx"))
		f, err := os.Open(away)
		require.NoError(b, err)
		unpack := b.command("unpack-objects", "-q")
		unpack.Stdin = f
		require.NoError(b, unpack.Run())
		require.NoError(b, f.Close())
	}
	id := b.git("rev-parse", name)
	require.NoError(b, os.Remove(filepath.Join(b.dir, ".git", "objects", id[:2], id[2:])))
}

// A folder whose object is lost is not a folder that never was: what takes it so hides, or even drops, what was recorded.
func TestWhatIsLostIsNotAbsent(t *testing.T) {
	t.Parallel()
	for _, lost := range []string{"incidents", "incidents/2026/11/23", "incidents/2026/11/23/a/timeline"} {
		t.Run(lost, func(t *testing.T) {
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			b.lose("HEAD:" + lost)
			s, _ := b.open()
			snap, err := s.Snapshot(t.Context())
			require.NoError(t, err)
			_, err = snap.List("incidents/2026/11/23/a/timeline")
			require.ErrorIs(t, err, gitstore.ErrDamaged)
			require.ErrorIs(t, err, gitstore.ErrGit)
			_, err = snap.Read(entry, 100)
			require.ErrorIs(t, err, gitstore.ErrDamaged)
			require.NotErrorIs(t, err, gitstore.ErrNotFound)
			require.NoError(t, snap.Close())
			head := b.git("rev-parse", "HEAD")
			_, _, err = b.commit(other, "two\n")
			require.Error(t, err)
			require.Equal(t, head, b.git("rev-parse", "HEAD"))
			list, err := s.Damages(t.Context(), "incidents")
			require.NoError(t, err)
			require.Len(t, list, 1)
			require.Contains(t, list[0].What, "is missing")
		})
	}
}

func TestLostEntriesAreNamed(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.mustCommit(other, "two\n")
	b.lose("HEAD:" + entry)
	s, _ := b.open()
	list, err := s.Damages(t.Context(), "incidents")
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, entry, list[0].Path)
	b.mustCommit("incidents/2026/11/23/a/timeline/3.md", "nobody is kept from writing\n")
}

// Git gives up over an object that is damaged. What is asked for next is told all the same.
func TestDamageHidesNoOthers(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n", other, "two\n")
	b.lose("HEAD:" + entry)
	id := b.git("rev-parse", "HEAD:"+entry)
	b.file(filepath.Join(".git", "objects", id[:2], id[2:]), "no object")
	s, _ := b.open()
	snap, err := s.Snapshot(t.Context())
	require.NoError(t, err)
	_, err = snap.Read(entry, 100)
	require.ErrorIs(t, err, gitstore.ErrDamaged)
	two, err := snap.Read(other, 100)
	require.NoError(t, err)
	require.Equal(t, "two\n", string(two))
	require.NoError(t, snap.Close())
}
