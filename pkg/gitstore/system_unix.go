//go:build !windows

package gitstore

import (
	"errors"
	"os"
	"syscall"
)

// interrupt asks a program to end.
func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }

// ignoreUnsupported forgives file systems that cannot sync a folder.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
