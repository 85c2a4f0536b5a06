package gitstore

import "os"

// interrupt ends a program: there is no gentler way to stop one alone on Windows.
func interrupt(p *os.Process) error { return p.Kill() }

// ignoreUnsupported forgives everything: Windows cannot sync a folder, its file systems journal names.
func ignoreUnsupported(error) error { return nil }
