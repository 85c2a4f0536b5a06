package gitstore

import (
	"bytes"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// An object of any size is read again as it was written, from the pack that it came in.
func TestEncodedObjects(t *testing.T) {
	t.Parallel()
	var objects []newObject
	contents := map[string][]byte{}
	for _, size := range []int{0, 1, 15, 16, 2047, 2048, squeezed - 1, squeezed, 70_000} {
		content := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		o, err := encode("blob", content)
		require.NoError(t, err)
		require.Equal(t, objectID("blob", content), o.id)
		objects, contents[o.id] = append(objects, o), content
	}
	dir := t.TempDir()
	p, err := beginPack(filepath.Join(dir, "pack"), ownPart, objects)
	require.NoError(t, err)
	require.NoError(t, p.finish())
	p.drop()
	h := &here{dir: dir}
	for id, content := range contents {
		got, err := h.read(id, maxBase)
		require.NoError(t, err)
		require.Equal(t, content, append([]byte{}, got...), fmt.Sprint(len(content)))
	}
	require.NoError(t, h.close())
}
