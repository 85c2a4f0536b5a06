//go:build !windows

package terminal_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

func draft(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "my $draft; 'quoted'.md")
	require.NoError(t, os.WriteFile(path, []byte("What is affected?\n"), 0o600))
	return path
}

func written(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestEdit(t *testing.T) {
	for _, tt := range []struct{ rule, editor, want string }{
		{"a program", "true", "What is affected?\n"},
		{"a program with quoted arguments", `sh -c 'echo "$1" >"$2"' - "two words"`, "two words\n"},
		{"a command of several", `f() { echo Card payments >"$1"; }; f`, "Card payments\n"},
		{"an interrupt ends the editor alone", `kill -INT $PPID; sh -c 'kill -INT $PPID; kill -QUIT $PPID; echo kept >"$1"' -`, "kept\n"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p, path := sitDown(t), draft(t)
			err := terminal.Edit(t.Context(), tt.editor, path, terminal.Streams{In: p.tty, Out: p.tty, Err: p.tty})
			require.NoError(t, err)
			require.Equal(t, tt.want, written(t, path))
		})
	}
}

func TestEditHasTheTerminal(t *testing.T) {
	p, path := sitDown(t), draft(t)
	out, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer out.Close()
	p.during(func() {
		p.sees("new text:")
		p.types("Card payments fail\n")
	}, func(ctx context.Context) {
		editor := `sh -c 'test -t 0 && test -t 1 && stty raw -echo && stty -raw && printf "new text:" && head -n 1 >"$1"' -`
		require.NoError(t, terminal.Edit(ctx, editor, path, terminal.Streams{In: p.tty, Out: out, Err: p.tty}))
	})
	require.Equal(t, "Card payments fail\n", written(t, path))
	require.Empty(t, written(t, out.Name()), "standard output is for what was asked for")
}

func TestEditFails(t *testing.T) {
	p, path := sitDown(t), draft(t)
	streams := terminal.Streams{In: p.tty, Out: p.tty, Err: p.tty}

	err := terminal.Edit(t.Context(), "exit 3; vim -f", path, streams)
	require.EqualError(t, err, `editor "exit 3; vim -f": exit status 3`)
	var status *exec.ExitError
	require.ErrorAs(t, err, &status)

	require.EqualError(t, terminal.Edit(t.Context(), " ", path, streams), "no editor is set")

	ctx, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, terminal.Edit(ctx, `echo late >`, path, streams), terminal.ErrInterrupted)
	require.Equal(t, "What is affected?\n", written(t, path), "nothing was started")
}

// What somebody is writing is worth more than stopping a moment sooner.
func TestEditIsNotCutShort(t *testing.T) {
	p, path := sitDown(t), draft(t)
	ctx, stop := context.WithCancel(t.Context())
	p.during(func() {
		p.sees("writing")
		stop()
		p.types("Card payments fail\n")
	}, func(context.Context) {
		err := terminal.Edit(ctx, `sh -c 'echo writing; head -n 1 >"$1"' -`, path, terminal.Streams{In: p.tty, Out: p.tty, Err: p.tty})
		require.NoError(t, err)
	})
	require.Equal(t, "Card payments fail\n", written(t, path))
}
