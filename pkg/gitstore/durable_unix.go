//go:build !windows

package gitstore

import (
	"errors"
	"syscall"
)

// ignoreUnsupported forgives file systems that cannot sync a folder.
func ignoreUnsupported(err error) error {
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
