//go:build !(linux || darwin || freebsd)

package gitstore

import (
	"errors"
	"fmt"
	"os"
	"time"
)

// canLink reports whether a hard link can prove a lock to be ours.
const canLink = false

func statFields(string) ([]byte, error) { return nil, errors.ErrUnsupported }

func oursAlone(...string) bool { return false }

func sameDevice(string, string) bool { return true }

// stateOf tells one state of a file from another, and when it came to be.
func stateOf(file string) (state string, since time.Time) {
	info, err := os.Stat(file)
	if err != nil {
		return "none", time.Time{}
	}
	return fmt.Sprintf("%d-%d", info.Size(), info.ModTime().UnixNano()), info.ModTime()
}
