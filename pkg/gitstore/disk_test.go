package gitstore_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// A limit on the size of files is a full disk that needs no rights to make: it hits our files, or kills git
// at one of its own.
func TestFilesThatMayNotGrow(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	files := []string{}
	for i := range 300 { // an index of some 30 KiB
		files = append(files, fmt.Sprintf("incidents/2026/11/22/a/timeline/%d.md", i), "x\n")
	}
	b.mustCommit(files...)
	refused := 0
	for blocks := 0; ; blocks += 10 {
		w := b.writer(fmt.Sprintf("w%d", blocks), 1)
		w.Env = append(w.Env, "GITSTORE_SIZE=20000")
		w.Path, w.Args = "/bin/sh", []string{"sh", "-c", fmt.Sprintf("ulimit -c 0; ulimit -f %d; exec '%s'", blocks, os.Args[0])}
		out, err := w.CombinedOutput()
		name := fmt.Sprintf("incidents/2026/11/23/w%d/timeline/0.md", blocks)
		if err == nil {
			require.Equal(t, []string{name}, acknowledged(string(out)))
			b.requireOnce([]string{name})
			break
		}
		refused++
		_ = os.Remove(filepath.Join(b.dir, ".git/index.lock")) // of a git that was killed, as the message asks
		s, _ := b.open()
		_, err = s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) { return nil, nil })
		require.NoError(t, err)
		require.NotContains(t, b.git("ls-tree", "-r", "--name-only", "HEAD"), "2026/11/23")
		b.requireSound()
	}
	require.Greater(t, refused, 5)
	b.requireSound()
}

// fullDisk is a file system of a few hundred KiB.
func fullDisk(t *testing.T, size string) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("mounting a small file system needs root on Linux") // only a real disk that is full proves it; .ci/run is root there
	}
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no file system can be mounted here: %s", out) // containers may forbid it, to root too
	}
	t.Cleanup(func() { require.NoError(t, exec.Command("umount", "-l", dir).Run()) })
	return dir
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	disk := fullDisk(t, "2m")
	b := emptyBox(t)
	b.dir = filepath.Join(disk, "records")
	require.NoError(t, os.Mkdir(b.dir, 0o777))
	b.git("init", "--quiet", "--initial-branch=main")
	const doc = "incidents/2026/11/23/a/postmortem.md"
	b.mustCommit(entry, "one\n", doc, "draft\n")
	before := b.state()

	// However much room is left, a write either is there as a whole or leaves nothing.
	refused := 0
	for room := 0; room < 200; room += 8 {
		ballast, err := os.Create(filepath.Join(disk, "ballast"))
		require.NoError(t, err)
		chunk := make([]byte, 4096)
		for err == nil {
			_, err = ballast.Write(chunk)
		}
		require.NoError(t, ballast.Close())
		info, err := os.Stat(ballast.Name())
		require.NoError(t, err)
		require.NoError(t, os.Truncate(ballast.Name(), max(0, info.Size()-int64(room)<<10)))

		noise := strings.Repeat(b.git("rev-parse", "HEAD"), 400) // 16 KiB
		_, _, err = b.commit(other, noise, doc, "new "+noise)
		require.NoError(t, os.Remove(ballast.Name()))
		if err == nil {
			require.Equal(t, noise, b.read(other))
			b.requireSound()
			break
		}
		refused++
		require.ErrorIs(t, err, gitstore.ErrGit)
		require.Regexp(t, "[nN]o space left|diskspace|couldn.t write", err.Error())
		require.Contains(t, err.Error(), disk)
		require.Contains(t, remedy(err), "the disk is not full", err)
		s, _ := b.open() // what could not be taken back on the full disk goes now
		_, err = s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) { return nil, nil })
		require.NoError(t, err)
		require.Equal(t, before, b.state())
		b.requireNothingLeft()
	}
	require.Greater(t, refused, 3)
	b.mustCommit("incidents/x.md", "three\n")
	b.requireSound()
}

func TestReadOnlyRepository(t *testing.T) {
	t.Parallel()
	disk := fullDisk(t, "8m")
	b := emptyBox(t)
	b.dir = filepath.Join(disk, "records")
	require.NoError(t, os.Mkdir(b.dir, 0o777))
	b.git("init", "--quiet", "--initial-branch=main")
	b.mustCommit(entry, "one\n")
	require.NoError(t, exec.Command("mount", "-o", "remount,ro", disk).Run())
	_, _, err := b.commit(other, "two\n")
	require.ErrorIs(t, err, gitstore.ErrGit)
	require.Contains(t, err.Error(), "read-only file system")
	require.Contains(t, remedy(err), "writable")
	s, _ := b.open()
	snap, err := s.Snapshot(t.Context())
	require.NoError(t, err)
	there, err := snap.Has(entry)
	require.NoError(t, err)
	require.True(t, there, "reading works")
	require.NoError(t, snap.Close())
	require.NoError(t, exec.Command("mount", "-o", "remount,rw", disk).Run())
	b.mustCommit(other, "two\n")
	b.requireSound()
}
