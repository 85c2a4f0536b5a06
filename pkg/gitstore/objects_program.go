package gitstore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// batch reads objects through one `git cat-file --batch`, which knows every format that git knows.
type batch struct {
	ctx    context.Context // of the snapshot, which ends with it
	git    program
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	broken bool // answers and questions no longer match, or git has given up over a damaged object
}

func (s *Store) openProgram(ctx context.Context, commit string) (*Snapshot, error) {
	snap := &Snapshot{trees: map[string][]Item{}, hash: 20}
	if s.sha256 {
		snap.hash = 32
	}
	out, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", commit+"^{commit}")
	var exit *exec.ExitError
	switch {
	case err == nil:
		snap.Commit = strings.TrimSpace(string(out))
		if out, err = s.git.run(ctx, "rev-parse", "--verify", snap.Commit+"^{tree}"); err != nil {
			return nil, err
		}
		snap.tree = strings.TrimSpace(string(out))
	case !errors.As(err, &exit) || exit.ExitCode() != 1: // 1: HEAD is not born yet, or what it names is not there
		return nil, err
	default:
		if out, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", commit); err == nil {
			id := strings.TrimSpace(string(out))
			return nil, &problem{ErrGit, "commit " + id + " of " + s.root + " cannot be read", "git -C " + s.root + " fsck shows what is missing; nothing was changed"}
		}
	}
	b, err := s.openBatch(ctx)
	if err != nil {
		return nil, err
	}
	snap.source = b
	return snap, nil
}

func (s *Store) openBatch(ctx context.Context) (*batch, error) {
	b := &batch{ctx: ctx, git: s.git}
	return b, b.start()
}

func (b *batch) start() (err error) {
	b.cmd, b.broken = b.git.command(b.ctx, "cat-file", "--batch"), false
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	out, err := b.cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("git cat-file: %w", err)
	}
	b.out = bufio.NewReader(out)
	if err := b.cmd.Start(); err != nil {
		return programError(b.ctx, "cat-file", "", err)
	}
	return nil
}

func (b *batch) read(id string, limit int64) ([]byte, error) {
	if b.broken { // one damaged object hides no others
		if err := errors.Join(b.close(), b.start()); err != nil {
			return nil, err
		}
	}
	raw, err := b.ask(id, limit)
	if err != nil && !errors.Is(err, ErrTooLarge) && !errors.Is(err, ErrNotFound) {
		b.broken = true
		if b.ctx.Err() != nil {
			return nil, context.Cause(b.ctx)
		}
		return nil, fmt.Errorf("git cat-file: %w: %w", ErrGit, err)
	}
	return raw, err
}

func (b *batch) ask(id string, limit int64) ([]byte, error) {
	if _, err := fmt.Fprintln(b.in, id); err != nil {
		return nil, err
	}
	line, err := b.out.ReadString('\n')
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(line) // name, type, size; or name, "missing"
	if len(fields) != 3 {
		return nil, fmt.Errorf("object %s: %w", strings.TrimSpace(line), ErrNotFound)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return nil, err
	}
	if size > limit {
		if _, err := io.CopyN(io.Discard, b.out, size+1); err != nil {
			return nil, err
		}
		return nil, ErrTooLarge
	}
	raw := make([]byte, size+1) // and a newline
	if _, err := io.ReadFull(b.out, raw); err != nil {
		return nil, err
	}
	return raw[:size], nil
}

func (b *batch) close() error {
	err := b.in.Close()
	_ = b.cmd.Wait() // what was read was read to its end
	return err
}
