//go:build !windows

package gitstore_test

import (
	"os/exec"
	"syscall"
)

// ownGroup makes a program and all that it starts one group.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
