package gitstoretest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Loosen takes all objects of a repository out of their packs, so that each lies in a file of its own.
func Loosen(t testing.TB, dir string) {
	t.Helper()
	packs, err := filepath.Glob(filepath.Join(dir, ".git", "objects", "pack", "*.pack"))
	require.NoError(t, err)
	for _, file := range packs {
		raw, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, errors.Join(os.Remove(file), os.Remove(strings.TrimSuffix(file, ".pack")+".idx")))
		unpack := exec.Command("git", "-C", dir, "unpack-objects", "-q")
		unpack.Stdin = bytes.NewReader(raw)
		out, err := unpack.CombinedOutput()
		require.NoError(t, err, string(out))
	}
}
