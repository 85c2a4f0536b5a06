// Command incident keeps incident records in git and gets the right words to each audience on time.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	_ "time/tzdata" // the zones of a configuration must load on every system

	"incident/pkg/cli"
)

// Stamped by the linker in releases.
var version, commit, date string

func main() { os.Exit(run()) }

func run() int {
	// A command ends within milliseconds. Memory that it would reclaim by then is cheaper taken than
	// reclaimed, up to what a small machine can spare. Whoever sets GOGC or GOMEMLIMIT knows better.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
		if os.Getenv("GOMEMLIMIT") == "" {
			debug.SetMemoryLimit(360 << 20)
		}
	}
	// Never given back: the process ends when the command does, and the runtime's threads would have to agree first.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Caught, it is an error of the write: a reader that has gone must not kill us between a commit and our
	// saying so. Ignored, it would be so for git and the editor too.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	dir, err := os.Getwd()
	if err != nil {
		dir = string(os.PathSeparator)
	}
	return cli.Run(ctx, cli.World{
		Args:    os.Args[1:],
		Stdin:   os.Stdin,
		Stdout:  os.Stdout,
		Stderr:  os.Stderr,
		Env:     os.Getenv,
		Environ: os.Environ(),
		Now:     time.Now,
		After:   time.After,
		Dir:     dir,
		Home:    home(),
		User:    userName,
		System:  runtime.GOOS,
		Version: buildVersion(),
		Program: program,
	})
}

// home is the user's home, as the environment or else the system says; "" where neither does.
func home() string {
	if dir, err := os.UserHomeDir(); err == nil {
		return dir
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

// userName is what the system calls the user. It is looked up last of all, and only when it is needed: that
// may be slow where users live on a server.
func userName() string {
	for _, name := range []string{"USER", "LOGNAME", "USERNAME"} {
		if v := os.Getenv(name); v != "" {
			return v
		}
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

// buildVersion is what the release stamped, else what Go knows of the source that this was built from.
// program names the file of this program as it is now.
func program() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%s %d %d", buildVersion().Number, info.Size(), info.ModTime().UnixNano())
}

func buildVersion() cli.Version {
	v := cli.Version{Number: version, Commit: commit, Date: date, Go: runtime.Version()}
	if v.Number != "" {
		return v
	}
	v.Number = "devel"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Number = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Date = s.Value
		}
	}
	return v
}
