// Command crash tries what a machine can do to a write: it kills incident at each system call, lets calls
// fail, fills disks, and lets people use git at the same time. After each it looks whether everything that
// was acknowledged is committed once, and nothing else, nothing half.
//
//	go run ./.tools/crash                                        everything: hours
//	go run ./.tools/crash -sample 40                             at most 40 points of each part, chosen by -seed
//	go run ./.tools/crash -run '^kill$/^plain$/^note$/^57$'      one point, as a failure names it
//
// The parts: kill (with all that runs), alone (a git goes on), again (what ends a killed write is killed too),
// fault and refault (calls fail, in a write and in what ends one), synced (what is on disk when exit 0 is
// said), disk (a full one), crowd (many writers, and people who use git).
package main

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == launchWord {
		fmt.Fprintln(os.Stderr, "crash:", launch(os.Args[2:]))
		os.Exit(1)
	}
	var o options
	flag.StringVar(&o.run, "run", "", "only points whose names match, level by level, like go test -run")
	flag.Uint64Var(&o.seed, "seed", uint64(time.Now().UnixNano()), "which points a sample takes, and in which order")
	flag.IntVar(&o.sample, "sample", 0, "at most so many points of each part (0: all)")
	flag.DurationVar(&o.limit, "time", 0, "begin no further point once points were tried for so long (0: no end)")
	flag.IntVar(&o.workers, "j", 2, "points at a time")
	flag.BoolVar(&o.verbose, "v", false, "name each point")
	flag.StringVar(&o.bin, "bin", "", "an incident that is there, instead of one built here")
	flag.Parse()
	if err := o.all(); err != nil {
		fmt.Fprintln(os.Stderr, "crash:", err)
		os.Exit(1)
	}
}

type options struct {
	run     string
	seed    uint64
	sample  int
	limit   time.Duration
	workers int
	verbose bool
	bin     string
}

func (o options) all() (err error) {
	dir, err := os.MkdirTemp("", "crash-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.bin == "" {
		o.bin = filepath.Join(dir, "incident")
		build := exec.Command("go", "build", "-o", o.bin, "./cmd/incident")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("go build: %w", err)
		}
	}
	if o.bin, err = filepath.Abs(o.bin); err != nil {
		return err
	}
	h, err := newHarness(o, dir)
	if err != nil {
		return err
	}
	for _, part := range []func() error{h.killPoints, h.faultPoints, h.againPoints, h.syncedPoints, h.diskPoints, h.crowdPoints} {
		if err := part(); err != nil {
			return err
		}
	}
	h.choose(rand.New(rand.NewPCG(o.seed, 0)))
	return h.try()
}
