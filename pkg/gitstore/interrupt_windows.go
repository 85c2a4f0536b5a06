package gitstore

import "os"

// interrupt ends the process: there is no gentler way to stop one program on Windows.
func interrupt(p *os.Process) error { return p.Kill() }
