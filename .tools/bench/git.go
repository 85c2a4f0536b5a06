package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"incident/pkg/record"
)

// author is who writes all that is made here.
const author = "Ana Lima <ana@example.com>"

// git is the program on a machine that is nobody's: an empty home, none of the user's configuration.
type git struct {
	program string
	env     []string
}

func newGit(home string) (git, error) {
	program, err := exec.LookPath("git")
	return git{program, []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + home, "XDG_DATA_HOME=" + home, "XDG_CACHE_HOME=" + home, "TMPDIR=" + os.TempDir(),
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TZ=UTC", "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
	}}, err
}

func (g git) options(now func() time.Time) record.Options {
	return record.Options{Env: func(string) string { return "" }, Environ: g.env, Now: now, User: func() string { return "ana" }, Warn: func(string) {}}
}

// init makes a repository whose configuration says all that the measured programs would ask the user's for.
func (g git) init(ctx context.Context, dir string) error {
	if _, err := g.run(ctx, "", "init", "--quiet", "--initial-branch=main", dir); err != nil {
		return err
	}
	return g.configure(ctx, dir)
}

// configure gives a repository an identity. Packing in the background would fall into somebody's time.
func (g git) configure(ctx context.Context, dir string) error {
	for _, set := range [][]string{{"user.name", "Ana Lima"}, {"user.email", "ana@example.com"}, {"gc.auto", "0"}} {
		if _, err := g.run(ctx, dir, "config", set[0], set[1]); err != nil {
			return err
		}
	}
	return nil
}

// run is git in dir; it answers what that printed.
func (g git) run(ctx context.Context, dir string, args ...string) (string, error) {
	return g.feed(ctx, dir, nil, args...)
}

// feed is run with a standard input.
func (g git) feed(ctx context.Context, dir string, in io.Reader, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, g.program, args...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, g.env, in
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s in %s: %w: %s", strings.Join(args, " "), dir, errors.Join(ctx.Err(), err), strings.TrimSpace(said.String()))
	}
	return out.String(), nil
}
