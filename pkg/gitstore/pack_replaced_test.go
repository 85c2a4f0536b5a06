package gitstore

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Where all that is put together lies in one of the packs already, the same pack is made again, and not taken for one
// that was replaced.
func TestGatherMakesTheSamePackAgain(t *testing.T) {
	t.Parallel()
	s := &Store{commonDir: t.TempDir(), now: time.Now}
	require.NoError(t, os.MkdirAll(s.PrivateDir(), 0o777))
	var packs []string
	for i := range gatherFrom {
		blob, err := encode("blob", []byte{byte(i)})
		require.NoError(t, err)
		p, err := beginPack(s.packs(), ownPart, []newObject{blob})
		require.NoError(t, err)
		require.NoError(t, p.finish())
		p.drop()
		packs = append(packs, p.name)
	}
	require.NoError(t, s.gather(packs))
	into, replaced := s.gathered()
	require.ElementsMatch(t, packs, replaced)

	require.NoError(t, s.gather(append([]string{into}, packs...)))
	again, replaced := s.gathered()
	require.Equal(t, into, again)
	require.ElementsMatch(t, packs, replaced)
	removeReplaced(append(replaced, into), into)
	left, err := os.ReadDir(s.packs())
	require.NoError(t, err)
	require.Len(t, left, 2)
	held, err := wholeObjects(into)
	require.NoError(t, err)
	require.Len(t, held, gatherFrom)
}

// Whatever an index over many packs holds, what is read of it are names of files of one folder.
func FuzzMidx(f *testing.F) {
	f.Add([]byte("MIDX\x01\x01\x01\x00\x00\x00\x00\x02PNAM\x00\x00\x00\x00\x00\x00\x00\x24\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x30a.idx\x00b.idx\x0001234567890123456789"))
	f.Add([]byte("MIDX\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Add([]byte("MIDX\x01"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file := filepath.Join(t.TempDir(), "multi-pack-index")
		require.NoError(t, os.WriteFile(file, raw, 0o666))
		midx, err := os.Open(file)
		require.NoError(t, err)
		names, err := midxNames(midx)
		require.NoError(t, midx.Close())
		if err != nil {
			require.True(t, errors.Is(err, errMidx) || errors.Is(err, ErrLaterGit), err)
			require.Empty(t, names)
			return
		}
		require.NotEmpty(t, names)
		for _, name := range names {
			require.Equal(t, name, filepath.Base(name))
		}
	})
}
