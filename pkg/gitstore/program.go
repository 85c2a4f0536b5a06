package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// program runs git in one folder, so that nothing of the caller's own repository reaches it.
type program struct {
	dir string
	env []string
}

// foreign are variables that point git elsewhere or change what a path means. They are set when we are
// called from a hook, and speak of the repository that the hook runs for, never of the records.
var foreign = []string{
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_CONFIG",
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
	"GIT_GRAFT_FILE", "GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_IMPLICIT_WORK_TREE",
	"GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
	"GIT_INTERNAL_SUPER_PREFIX",
}

func newProgram(dir string, env []string) program {
	own := make([]string, 0, len(env)+3)
	signs := "" // the user's character set, which hooks need
	for _, kv := range env {
		name, value, _ := strings.Cut(kv, "=")
		switch name = strings.ToUpper(name); { // Windows spells them as it likes
		case name == "LC_ALL":
			signs = value
		case name == "LC_MESSAGES" || name == "LANGUAGE" || slices.Contains(foreign, name):
		default:
			own = append(own, kv)
		}
	}
	if signs != "" {
		own = append(own, "LC_CTYPE="+signs)
	}
	// Messages are read for known words; a question would hang a script.
	return program{dir: dir, env: append(own, "LC_MESSAGES=C", "GIT_TERMINAL_PROMPT=0")}
}

// always are settings under which every git command runs. A repository's own configuration is trusted as
// git trusts it, but no monitor program is started behind the user's back and everything is synced.
var always = []string{
	"-c", "core.fsmonitor=false",
	"-c", "core.fsync=all",
	"-c", "core.fsyncMethod=fsync",
	"-c", "core.safecrlf=false", // what we write is meant as it is
	"-c", "i18n.commitEncoding=UTF-8",
	"-c", "i18n.logOutputEncoding=UTF-8",
	"-c", "log.showSignature=false",
	"-c", "log.showRoot=true",
	"-c", "commit.verbose=false",
}

// exact makes paths mean themselves: git would take signs in them for patterns.
func exact(paths ...string) []string {
	out := []string{"--"}
	for _, p := range paths {
		out = append(out, ":(top,literal)"+p)
	}
	return out
}

// variable is the value of a variable of git's environment.
func (p program) variable(name string) string {
	for _, kv := range slices.Backward(p.env) {
		if value, ok := strings.CutPrefix(kv, name+"="); ok {
			return value
		}
	}
	return ""
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append(append([]string{"--no-pager"}, always...), args...)...)
	cmd.Dir = p.dir
	cmd.Env = p.env
	// Asked to stop, git removes its locks; killed, it leaves them.
	cmd.Cancel = func() error { return interrupt(cmd.Process) }
	cmd.WaitDelay = 2 * time.Second
	return cmd
}

// plainly is run under none but the user's own settings.
func (p program) plainly(ctx context.Context, args ...string) ([]byte, error) {
	cmd := p.command(ctx)
	cmd.Args = append([]string{cmd.Args[0]}, args...)
	return finish(ctx, cmd, args)
}

// run runs git to its end and returns what it printed.
func (p program) run(ctx context.Context, args ...string) ([]byte, error) {
	return p.feed(ctx, nil, nil, args...)
}

// feed is run with a standard input and more environment.
func (p program) feed(ctx context.Context, in io.Reader, env []string, args ...string) ([]byte, error) {
	cmd := p.command(ctx, args...)
	cmd.Env = slices.Concat(p.env, env)
	cmd.Stdin = in
	return finish(ctx, cmd, args)
}

func finish(ctx context.Context, cmd *exec.Cmd, args []string) ([]byte, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if errors.Is(err, exec.ErrWaitDelay) && cmd.ProcessState.Success() {
		err = nil // git is done; a program that one of its hooks started still holds our end
	}
	if err == nil {
		return out.Bytes(), nil
	}
	err = programError(ctx, args[slices.IndexFunc(args, func(a string) bool { return a[0] != '-' })], errs.String(), err)
	if p := (*ProgramError)(nil); errors.As(err, &p) {
		p.Dir = cmd.Dir
	}
	return out.Bytes(), err
}

// maxSaid is how much of git's words is kept, in bytes, from the end.
const maxSaid = 16 << 10

func programError(ctx context.Context, command, stderr string, err error) error {
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case err.Error() == "signal: interrupt": // the key that interrupts us reaches git, too, which may be first to hear of it
		return context.Canceled
	case errors.Is(err, exec.ErrNotFound):
		return &problem{ErrNoGit, "the git program was not found", "install git, and see that it is on PATH"}
	case errors.Is(err, syscall.EMFILE):
		return writeError(fmt.Errorf("git %s: %w", command, err))
	case errors.Is(err, os.ErrNotExist) && stderr == "":
		return &problem{ErrNoRepository, err.Error(), ""}
	}
	if len(stderr) > maxSaid {
		stderr = "…" + strings.ToValidUTF8(stderr[len(stderr)-maxSaid:], "")
	}
	return &ProgramError{Command: command, Stderr: stderr, Err: err}
}
