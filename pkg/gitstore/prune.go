package gitstore

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// `git gc --prune=now` removes every object that nothing refers to, however young. What refers to an object it
// looks up first, and removes last; a commit that is made in between loses its objects although its branch
// has moved. Git's manual says not to run it beside others. People do, so we wait until it has ended, and
// write again what it has taken. An ordinary gc spares what is younger than two weeks, and is not waited for.

// waitForPrune waits for a gc that removes young objects.
func (s *Store) waitForPrune(ctx context.Context, set settings) error {
	for waited := time.Duration(0); s.pruning(set); waited += pause {
		if waited > ownWait {
			return fmt.Errorf("git gc, which removes what it finds unused, has been running for %s", waited)
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
	return nil
}

// pruning reports whether such a gc is running. It leaves its number in a file, and the system tells how it
// was called; where no system does, nobody can know.
func (s *Store) pruning(set settings) bool {
	raw, err := os.ReadFile(filepath.Join(s.commonDir, "gc.pid"))
	if err != nil {
		return false
	}
	number, _, _ := strings.Cut(string(raw), " ")
	pid, err := strconv.Atoi(number)
	if err != nil {
		return false
	}
	called, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil || len(called) == 0 {
		return false // it has ended without tidying up, or runs on another machine
	}
	expire := strings.ToLower(set["gc.pruneexpire"])
	return bytes.Contains(called, []byte("\x00--prune")) || expire != "" && expire != "never"
}
