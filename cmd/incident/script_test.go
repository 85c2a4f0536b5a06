package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"incident/pkg/terminal"
)

// Scripts run this very program: TestMain puts it on PATH as incident.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"incident": func() { os.Exit(run()) },
	})
}

// Each file of pkg/cli/testdata/script is one story of a user, told with the real program and real git.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   filepath.Join("..", "..", "pkg", "cli", "testdata", "script"),
		Setup: newUser,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"setenv":   setFromOutput,
			"commits":  commits,
			"harmless": harmless,
		},
		Condition:           condition,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

// newUser gives each story a home of its own, with a git identity, in UTC.
func newUser(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	env.Setenv("HOME", home)
	env.Setenv("USERPROFILE", home)
	env.Setenv("XDG_DATA_HOME", filepath.Join(home, "data"))
	env.Setenv("XDG_STATE_HOME", filepath.Join(home, "state"))
	env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	env.Setenv("TZ", "UTC")
	env.Setenv("GORACE", "atexit_sleep_ms=0") // else, under -race, each program waits a second at its end
	program, err := exec.LookPath("incident")
	if err != nil {
		return err
	}
	env.Setenv("BIN", filepath.Dir(program)) // a PATH with nothing else on it
	if err := os.MkdirAll(home, 0o777); err != nil {
		return err
	}
	identity := "[user]\n\tname = Ana Lima\n\temail = ana@example.com\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n"
	return os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(identity), 0o666)
}

// exits runs a program and demands its exit code: exits 7 incident note …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s exited with %d, not %d", strings.Join(args[1:], " "), got, want)
	}
}

// setFromOutput keeps what the last program printed in a variable: setenv ID, or with a pattern the first
// match of its group: setenv ENTRY '-note-\w+-(\w+)'.
func setFromOutput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: setenv NAME [PATTERN]")
	}
	value := strings.TrimSpace(ts.ReadFile("stdout"))
	if len(args) == 2 {
		m := regexp.MustCompile(args[1]).FindStringSubmatch(value)
		if m == nil {
			ts.Fatalf("no match for %s in:\n%s", args[1], value)
		}
		value = m[len(m)-1]
	}
	ts.Setenv(args[0], value)
}

// commits demands how many commits a repository has, that git finds it valid, and that nothing lies about:
// commits 3 DIR.
func commits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: commits NUMBER DIR")
	}
	dir := ts.MkAbs(args[1])
	git := func(args ...string) string {
		out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput()
		if err != nil {
			ts.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if got := git("rev-list", "--count", "HEAD"); got != args[0] {
		ts.Fatalf("%s commits, not %s:\n%s", got, args[0], git("log", "--oneline"))
	}
	if got := git("status", "--porcelain"); got != "" {
		ts.Fatalf("git status is not clean:\n%s", got)
	}
	git("fsck", "--strict")
}

// harmless demands that a terminal would show what the last program printed as it is: nothing moves the
// cursor, switches colours, or reorders and hides text.
func harmless(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: harmless")
	}
	for _, stream := range []string{"stdout", "stderr"} {
		text := ts.ReadFile(stream)
		if safe := terminal.Safe(text); safe != text {
			ts.Fatalf("%s is not harmless:\n%s", stream, safe)
		}
	}
}

// condition knows [superuser]: permissions do not bind this user.
func condition(cond string) (bool, error) {
	if cond == "superuser" {
		return os.Geteuid() == 0, nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}
