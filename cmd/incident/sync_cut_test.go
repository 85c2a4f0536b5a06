//go:build !windows

package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A sync that is cut short leaves nothing half done. The key that interrupts reaches all of its programs;
// so does a crash, after which the locks of git are for a person to remove.
func TestSyncCutShort(t *testing.T) {
	t.Parallel()
	team := newTeam(t, overFile, "ana", "ben")
	team.incident("ana", "open", "Checkout errors")
	team.incident("ana", "sync")
	team.incident("ben", "sync")
	const rounds = 10
	lasts := 200 * time.Millisecond // a sync, about
	for round := range rounds {
		for i := range 3 {
			team.incident("ana", "note", fmt.Sprintf("Round %d, %d of Ana.", round, i))
		}
		team.incident("ben", "note", fmt.Sprintf("Round %d of Ben.", round))
		began := time.Now()
		team.incident("ana", "sync")
		lasts = (lasts + time.Since(began)) / 2
		cmd := team.command("ben", "incident", "--repo", "ben", "sync")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		var said bytes.Buffer
		cmd.Stdout, cmd.Stderr = &said, &said
		require.NoError(t, cmd.Start())
		signal := []syscall.Signal{syscall.SIGINT, syscall.SIGKILL}[round%2]
		timer := time.AfterFunc(rand.N(lasts), func() { _ = syscall.Kill(-cmd.Process.Pid, signal) })
		err := cmd.Wait()
		timer.Stop()
		if signal == syscall.SIGINT {
			require.Contains(t, []int{0, 130, -1}, cmd.ProcessState.ExitCode(), "%v: %s", err, &said)
			if len(team.locks("ben/.git")) == 0 { // git leaves one where the key comes just while it makes it
				require.Empty(t, team.git("ben", "status", "--porcelain"), &said)
			}
		}
		// The other end of a folder runs beside ours, and is killed with it.
		for _, lock := range append(team.locks("ben/.git"), team.locks("team.git")...) {
			require.NoError(t, os.Remove(lock))
		}
		team.incident("ben", "sync")
		require.Empty(t, team.git("ben", "status", "--porcelain"))
	}
	team.incident("ana", "sync")
	team.incident("ben", "sync")
	require.Equal(t, team.git("ana", "rev-parse", "HEAD"), team.git("ben", "rev-parse", "HEAD"))
	require.Len(t, strings.Fields(team.git("ana", "ls-tree", "-r", "--name-only", "HEAD", "incidents")), 1+4*rounds)
	team.git("ben", "fsck", "--strict")
}

// locks are those of git that lie in a clone.
func (g *team) locks(dir string) []string {
	g.Helper()
	var found []string
	require.NoError(g, filepath.WalkDir(filepath.Join(g.home, filepath.FromSlash(dir)), func(name string, _ os.DirEntry, err error) error {
		if strings.HasSuffix(name, ".lock") {
			found = append(found, name)
		}
		return err
	}))
	return found
}
