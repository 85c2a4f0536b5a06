//go:build !(linux || darwin || freebsd)

package gitstore

import "errors"

// canLink reports whether a hard link can prove a lock to be ours.
const canLink = false

func statFields(string) ([]byte, error) { return nil, errors.ErrUnsupported }

func oursAlone(...string) bool { return false }

func sameDevice(string, string) bool { return true }
