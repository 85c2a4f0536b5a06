// Command bench measures incident as its users meet it: whole processes, start to exit, beside the git
// program that makes the same change in the same repository, in turn, so that both meet the same machine.
//
//	go run ./.tools/bench [-check] [-runs N] [-sizes 10,1000] [-only REGEXP] [-json FILE] [-dir DIR]
//
// Records of 10, 1,000 and 10,000 incidents (with BENCH_LARGE=1 in the environment of 100,000, too) are made
// once, by the code of this module, and kept for later runs in the user's cache folder. A run uses them in
// place and takes back before it what the one before has added.
//
// Each method is run twice in a row and the second counts: so none meets what another one left behind. Git
// gets no shell, since that would cost it time; what it does unless told otherwise includes no fsync, and
// rows named durable ask it for that. A note is always durable. Once the index is large incident splits it
// as git itself can do; before git's turn it is put together again, but for rows named split.
//
// With -check a goal that is not reached makes the exit code 1. Ratios are compared as they are. Times and
// rates are meant for a machine on which `git version` takes 1.2 ms; on a slower one they are SCALED by how
// much slower that is, measured beside them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	} else if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options are what the flags say.
type options struct {
	check bool
	runs  int
	sizes []int
	only  *regexp.Regexp
	json  string
	dir   string
}

func parse(args []string, large bool) (options, error) {
	cache, _ := os.UserCacheDir() // without, -dir has to say it
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	o := options{}
	sizes, usual := "", "10,1000,10000"
	if large {
		usual += ",100000"
	}
	only := ""
	f.BoolVar(&o.check, "check", false, "exit 1 when a goal is missed")
	f.IntVar(&o.runs, "runs", 11, "how many `pairs` are measured")
	f.StringVar(&sizes, "sizes", usual, "of which records, in `incidents`")
	f.StringVar(&only, "only", "", "measure only what matches, by its `regexp`: ^note/, sync")
	f.StringVar(&o.json, "json", "", "write the rows to this `file`, too")
	f.StringVar(&o.dir, "dir", filepath.Join(cache, "incident-bench"), "where the `folder` with the records lies")
	if err := f.Parse(args); err != nil {
		return o, flag.ErrHelp // it has said what is wrong
	}
	if f.NArg() > 0 || o.runs < 1 || !filepath.IsAbs(o.dir) {
		return o, errors.New("no arguments are taken, -runs is at least 1, -dir begins at the root")
	}
	for s := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < open {
			return o, fmt.Errorf("-sizes: %q is no number of at least %d", s, open)
		}
		o.sizes = append(o.sizes, n)
	}
	var err error
	o.only, err = regexp.Compile(only)
	return o, err
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args, os.Getenv("BENCH_LARGE") == "1")
	if err != nil {
		return err
	}
	b, err := newBench(ctx, o)
	if err != nil {
		return err
	}
	defer b.end()
	var failed error // what else there is to measure is still worth knowing
	for _, g := range groups(o.sizes) {
		if !o.only.MatchString(g.name) || ctx.Err() != nil {
			continue
		}
		b.tell("measuring %s", g.name)
		if err := g.run(ctx, b); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", g.name, err))
		}
	}
	fmt.Printf("%s, %d pairs each, median (least–most)\n\n", b.version, o.runs)
	if err := errors.Join(failed, ctx.Err(), table(os.Stdout, b.rows)); err != nil {
		return err
	}
	if o.json != "" {
		if err := save(o.json, b.rows, b.version); err != nil {
			return err
		}
	}
	if names := missed(b.rows); o.check && len(names) > 0 {
		return fmt.Errorf("missed: %s", strings.Join(names, ", "))
	}
	return nil
}

// bench is all that a run needs.
type bench struct {
	options
	git      git
	clock    *clock
	version  string // of git
	program  string // incident
	scratch  string // goes at the end
	lock     *os.File
	key      string
	forms    map[string]form
	fixtures map[shape]*fixture
	rows     []row
}

func newBench(ctx context.Context, o options) (b *bench, err error) {
	b = &bench{options: o, fixtures: map[shape]*fixture{}}
	defer func() {
		if err != nil {
			b.end()
		}
	}()
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return b, err
	}
	if b.lock, err = os.OpenFile(filepath.Join(o.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o644); err != nil {
		return b, err
	}
	if err := syscall.Flock(int(b.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return b, fmt.Errorf("%s: another run is using it; wait for that, or choose another -dir: %w", o.dir, err)
	}
	// Beside the records, so that clones of them can share their files.
	if b.scratch, err = os.MkdirTemp(o.dir, "run-*"); err != nil {
		return b, err
	}
	home := filepath.Join(b.scratch, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return b, err
	}
	if b.git, err = newGit(home); err != nil {
		return b, err
	}
	if b.clock, err = newClock(b.git.env); err != nil {
		return b, err
	}
	if b.version, err = b.git.run(ctx, "", "version"); err != nil {
		return b, err
	}
	b.version = strings.TrimSpace(b.version)
	if b.program, err = install(ctx, b.scratch); err != nil {
		return b, err
	}
	if b.forms, err = newForms(ctx, b.git, filepath.Join(b.scratch, "forms")); err != nil {
		return b, err
	}
	b.key, err = key(b.forms)
	return b, err
}

// install builds incident and puts it into a folder as people have it: copied. A file as the linker writes it, here and
// there, lies in memory in small pieces, and starts up to a fifth slower.
func install(ctx context.Context, dir string) (program string, err error) {
	built := filepath.Join(dir, "built")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", built, "./cmd/incident")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build ./cmd/incident: %w", err)
	}
	raw, err := os.ReadFile(built)
	if err != nil {
		return "", err
	}
	program = filepath.Join(dir, "incident")
	return program, errors.Join(os.WriteFile(program, raw, 0o755), os.Remove(built))
}

func (b *bench) end() {
	if b.clock != nil {
		b.clock.close()
	}
	if b.scratch != "" {
		if err := os.RemoveAll(b.scratch); err != nil {
			b.tell("%v", err)
		}
	}
	if b.lock != nil {
		_ = b.lock.Close() // frees the lock
	}
}

func (b *bench) tell(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}

// record gives a record of that shape, as it was made.
func (b *bench) record(ctx context.Context, s shape) (*fixture, error) {
	if f := b.fixtures[s]; f != nil {
		return f, nil
	}
	f := &fixture{shape: s, git: b.git, dir: filepath.Join(b.dir, s.String()+"-"+b.key)}
	b.fixtures[s] = f
	if _, err := os.Stat(f.dir); err == nil {
		if err := f.putBack(ctx); err != nil {
			return f, err
		}
		return f, f.calm(ctx, b.tell)
	}
	old, err := filepath.Glob(filepath.Join(b.dir, s.String()+"-*"))
	if err != nil {
		return nil, err
	}
	for _, dir := range old {
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	b.tell("making a record of %s incidents", s)
	return f, f.make(ctx, b.forms, b.program)
}
