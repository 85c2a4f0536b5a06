package gitstore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A difference makes an object of the size that it says, or none.
func FuzzPatch(f *testing.F) {
	f.Add([]byte("0123456789"), []byte("\x91\x02\x03\x03new"), uint16(6))
	f.Add([]byte("x"), []byte("\xff\xff\xff\xff\xff\xff\xff\xff"), uint16(9))
	f.Fuzz(func(t *testing.T, old, difference []byte, size uint16) {
		out, err := patch(old, difference, uint64(size))
		if err != nil {
			require.ErrorIs(t, err, ErrGit)
			return
		}
		require.Len(t, out, int(size))
	})
}

// Whatever a pack holds at a place, reading it ends, with no more than was asked for.
func FuzzPack(f *testing.F) {
	f.Add([]byte("\x35x\x9cKLJ\x06\x00\x02M\x01'"), int64(0))
	f.Add([]byte("\x65\x01x\x9cKLJ\x06\x00\x02M\x01'"), int64(0))
	f.Add([]byte("\x35x\x9cKLJ\x06\x00\x02M\x01'\x65\x0ex\x9c\x03\x00\x00\x00\x00\x01"), int64(14))
	f.Fuzz(func(t *testing.T, raw []byte, at int64) {
		name := filepath.Join(t.TempDir(), "pack")
		require.NoError(t, os.WriteFile(name, raw, 0o666))
		file, err := os.Open(name)
		require.NoError(t, err)
		p := &pack{data: file, index: file, fan: func(byte) int { return 0 }, inflater: &inflater{}}
		_, content, err := p.object(at, 1000, 0)
		require.LessOrEqual(t, len(content), 1000)
		if err == nil {
			require.GreaterOrEqual(t, at, int64(0))
		}
		require.NoError(t, file.Close())
	})
}

// Whatever a small pack and its index hold, only whole objects are taken from it, as they were written.
func FuzzWholeObjects(f *testing.F) {
	tree, err := encode("tree", nil)
	require.NoError(f, err)
	blob, err := encode("blob", []byte("p99 of payments-api at 9 s"))
	require.NoError(f, err)
	data, index, _, err := packOf([]newObject{tree, blob})
	require.NoError(f, err)
	f.Add(data, index)
	f.Add(data[:20], index)
	f.Add(data, index[:packIndexHead])
	f.Add([]byte{}, []byte("\xfftOc\x00\x00\x00\x02"))
	f.Fuzz(func(t *testing.T, data, index []byte) {
		name := filepath.Join(t.TempDir(), "pack")
		require.NoError(t, os.WriteFile(name+".pack", data, 0o666))
		require.NoError(t, os.WriteFile(name+".idx", index, 0o666))
		objects, err := wholeObjects(name)
		if err != nil {
			return
		}
		total := 0
		for _, o := range objects {
			require.True(t, isObjectName(o.id))
			require.NotEmpty(t, o.raw)
			total += len(o.raw)
		}
		require.LessOrEqual(t, total, len(data))
	})
}
