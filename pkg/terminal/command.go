package terminal

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"runtime"
)

// Run runs a command line of the user's with input on its standard input, and returns when it ends. What it prints goes to
// s.Err: standard output is not for it. The end of ctx ends the command.
func Run(ctx context.Context, command string, input []byte, s Streams) error {
	argv := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		argv = []string{"cmd", "/c", command}
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdin = bytes.NewReader(input)
	if s.Err != nil {
		cmd.Stdout, cmd.Stderr = s.Err, s.Err
	}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%q: %w", command, err)
	}
	return nil
}
