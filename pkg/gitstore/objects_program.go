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
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func (s *Store) openProgram(ctx context.Context) (*Snapshot, error) {
	snap := &Snapshot{trees: map[string][]Item{}, hash: 20}
	if s.sha256 {
		snap.hash = 32
	}
	out, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD^{commit}", "HEAD^{tree}")
	if ids := strings.Fields(string(out)); err == nil && len(ids) == 2 {
		snap.Commit, snap.tree = ids[0], ids[1]
	} else if p := (*ProgramError)(nil); err != nil && (!errors.As(err, &p) || p.Stderr != "") {
		return nil, err // with --quiet, git is silent only where HEAD is not born yet
	}
	b := &batch{cmd: s.git.command(ctx, "cat-file", "--batch")}
	if b.in, err = b.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	pipe, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	b.out = bufio.NewReader(pipe)
	if err := b.cmd.Start(); err != nil {
		return nil, programError(ctx, "cat-file", "", err)
	}
	snap.source = b
	return snap, nil
}

func (b *batch) read(id string, limit int64) ([]byte, error) {
	if _, err := fmt.Fprintln(b.in, id); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	line, err := b.out.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	fields := strings.Fields(line) // name, type, size; or name, "missing"
	if len(fields) != 3 {
		return nil, fmt.Errorf("git cat-file: %s: %w", strings.TrimSpace(line), ErrGit)
	}
	size, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %s: %w", strings.TrimSpace(line), ErrGit)
	}
	if size > limit {
		_, err := io.CopyN(io.Discard, b.out, size+1)
		return nil, errors.Join(ErrTooLarge, err)
	}
	raw := make([]byte, size+1) // and a newline
	if _, err := io.ReadFull(b.out, raw); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	return raw[:size], nil
}

func (b *batch) close() error {
	err := b.in.Close()
	return errors.Join(err, b.cmd.Wait())
}
