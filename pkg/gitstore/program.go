package gitstore

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// program runs git in one folder, so that nothing of the caller's own repository reaches it.
type program struct {
	dir string
	env []string
}

// foreign are variables that point git elsewhere, set when we are called from a hook. They speak of the
// repository that the hook runs for, never of the records.
var foreign = []string{
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE",
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
	"GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_LITERAL_PATHSPECS",
	"GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS", "GIT_INTERNAL_SUPER_PREFIX",
}

func newProgram(dir string, env []string) program {
	own := make([]string, 0, len(env)+4)
	for _, kv := range env {
		name, _, _ := strings.Cut(kv, "=")
		keep := name != "LC_ALL" && name != "LANGUAGE"
		for _, f := range foreign {
			keep = keep && name != f
		}
		if keep {
			own = append(own, kv)
		}
	}
	// Messages are read for known words; paths are never patterns; a question would hang a script.
	own = append(own, "LC_ALL=C", "LANGUAGE=C", "GIT_LITERAL_PATHSPECS=1", "GIT_TERMINAL_PROMPT=0")
	return program{dir: dir, env: own}
}

// always are settings under which every git command runs. A repository's own configuration is trusted as
// git trusts it, but no monitor program is started behind the user's back and everything is synced.
var always = []string{
	"-c", "core.fsmonitor=false",
	"-c", "core.fsync=all",
	"-c", "core.fsyncMethod=fsync",
	"-c", "safe.bareRepository=explicit",
	"-c", "i18n.commitEncoding=UTF-8",
	"-c", "i18n.logOutputEncoding=UTF-8",
	"-c", "log.showSignature=false",
	"-c", "commit.verbose=false",
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(append([]string{"--no-pager"}, always...), args...)...)
	cmd.Dir = p.dir
	cmd.Env = p.env
	// Asked to stop, git removes its locks; killed, it leaves them.
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run runs git to its end and returns what it printed.
func (p program) run(ctx context.Context, args ...string) ([]byte, error) {
	return p.feed(ctx, nil, nil, args...)
}

// feed is run with a standard input and more environment.
func (p program) feed(ctx context.Context, in io.Reader, env []string, args ...string) ([]byte, error) {
	cmd := p.command(ctx, args...)
	cmd.Env = append(cmd.Env, env...)
	cmd.Stdin = in
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err == nil {
		return out.Bytes(), nil
	}
	return out.Bytes(), programError(ctx, args[0], errs.String(), err)
}

func programError(ctx context.Context, command, stderr string, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return &problem{ErrNoGit, "the git program was not found", "install git, and see that it is on PATH"}
	case errors.Is(err, os.ErrNotExist) && stderr == "":
		return &problem{ErrNoRepository, err.Error(), ""}
	}
	return &ProgramError{Command: command, Stderr: stderr, Err: err}
}
