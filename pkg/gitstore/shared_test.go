//go:build unix

package gitstore_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// What git makes of core.sharedRepository, ours has to make of it, too: this asks git.
func TestShareIsWhatGitDoes(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "umask", "false", "0", "group", "true", "1", "all", "world", "everybody", "2", "0660", "0640", "0664", "0600"} {
		t.Run(value, func(t *testing.T) {
			b := newBox(t)
			if value != "" {
				b.git("config", "core.sharedRepository", value)
			}
			require.NoError(t, os.Chmod(filepath.Join(b.dir, ".git"), 0o700))
			git := b.command("commit-tree", "-m", "x", b.git("write-tree")) // an object, which may only be read
			require.NoError(t, git.Run())
			b.git("update-ref", "refs/heads/a/b", b.git("commit-tree", "-m", "y", b.git("write-tree")))

			file, read, dir := filepath.Join(b.dir, ".git", "f"), filepath.Join(b.dir, ".git", "r"), filepath.Join(b.dir, ".git", "d")
			mask := os.FileMode(0o777) &^ permOf(t, b.dir) // the test's own
			require.NoError(t, os.WriteFile(file, nil, 0o666))
			require.NoError(t, os.WriteFile(read, nil, 0o444&^mask))
			require.NoError(t, os.Mkdir(dir, 0o777))
			s, _ := b.open()
			s.Share(file, read, dir)
			require.Equal(t, permOf(t, filepath.Join(b.dir, ".git", "refs", "heads", "a", "b")), permOf(t, file), "a file")
			require.Equal(t, permOf(t, filepath.Join(b.dir, ".git", "refs", "heads", "a")), permOf(t, dir), "a folder")
			objects, err := filepath.Glob(filepath.Join(b.dir, ".git", "objects", "??", "*"))
			require.NoError(t, err)
			require.Equal(t, permOf(t, objects[0]), permOf(t, read), "a file to be read")
		})
	}
}

func permOf(t *testing.T, name string) fs.FileMode {
	info, err := os.Lstat(name)
	require.NoError(t, err)
	return info.Mode() & (fs.ModePerm | fs.ModeSetgid)
}
