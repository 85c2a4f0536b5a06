//go:build !windows

package gitstore

import "os"

func interrupt(p *os.Process) error { return p.Signal(os.Interrupt) }
