package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// clock times processes, one after the other: from before the start until the exit was seen. It hands
// them files and no pipes, so that nothing of ours runs beside them.
type clock struct {
	env  []string
	null *os.File
	said *os.File // what the process wrote to standard error
}

func newClock(env []string) (*clock, error) {
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	said, err := os.CreateTemp("", "bench-stderr-*")
	if err != nil {
		return nil, err
	}
	return &clock{env, null, said}, os.Remove(said.Name())
}

func (c *clock) close() {
	_ = c.null.Close() // nothing was written to it
	_ = c.said.Close() // nobody will read it
}

// time runs commands in dir, one after the other without a shell between them, and adds up what they took.
func (c *clock) time(ctx context.Context, dir string, commands ...[]string) (sample, error) {
	var all sample
	for _, args := range commands {
		if err := ctx.Err(); err != nil {
			return all, err
		}
		if err := c.said.Truncate(0); err != nil {
			return all, err
		}
		if _, err := c.said.Seek(0, 0); err != nil {
			return all, err
		}
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, c.env, c.null, c.null, c.said
		start := time.Now()
		err := cmd.Run()
		all.wall += time.Since(start)
		if err != nil {
			said := make([]byte, 2000)
			n, _ := c.said.ReadAt(said, 0)
			return all, fmt.Errorf("%s in %s: %w: %s", strings.Join(args, " "), dir, err, strings.TrimSpace(string(said[:n])))
		}
		all.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		all.peak = max(all.peak, peak(cmd.ProcessState))
	}
	return all, nil
}

// peak is the memory of the largest process, ours at the time of the start included: the kernel counts
// what lies there until the new program is loaded.
func peak(p *os.ProcessState) int64 {
	usage, ok := p.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss * 1024
}
