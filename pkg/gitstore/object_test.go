package gitstore

import (
	"bytes"
	"compress/zlib"
	"io"
	"testing"

	"github.com/stretchr/testify/require"
)

// An object of any size is read again as it was written, by the standard library too.
func TestEncodedObjects(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, squeezed - 10, squeezed, 70_000} {
		content := bytes.Repeat([]byte("0123456789"), size/10+1)[:size]
		o, err := encode("blob", content)
		require.NoError(t, err)
		require.Equal(t, objectID("blob", content), o.id)
		z, err := zlib.NewReader(bytes.NewReader(o.raw))
		require.NoError(t, err)
		raw, err := io.ReadAll(z)
		require.NoError(t, err)
		_, got, _ := bytes.Cut(raw, []byte{0})
		require.Equal(t, content, append([]byte{}, got...))
	}
}
