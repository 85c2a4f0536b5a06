package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// box is a machine of its own: a home, a folder for temporary files and a repository of records. It lies at
// the same place for each point, because git writes down absolute paths.
type box struct {
	dir    string
	bin    string // incident
	kind   kind
	record string // the work tree
	before state
}

// state is what a repository held before anything happened to it.
type state struct {
	commit, status, id string
}

func newBox(dir, bin string) *box { return &box{dir: filepath.Join(dir, "box"), bin: bin} }

func (b *box) env() []string {
	env := []string{
		"HOME=" + filepath.Join(b.dir, "home"), "TMPDIR=" + filepath.Join(b.dir, "tmp"), "PATH=" + os.Getenv("PATH"),
		"GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C.UTF-8", "TZ=UTC",
	}
	if b.kind.only == nil || b.kind.only.name == "init" { // else it is found, or made
		env = append(env, "INCIDENT_REPO="+b.record)
	}
	return env
}

// restore makes the box hold a fresh repository of a kind. The first of each is built, others are copies.
func (b *box) restore(k kind) error {
	kept := filepath.Join(filepath.Dir(b.dir), "kept-"+k.name)
	if err := os.RemoveAll(b.dir); err != nil {
		return err
	}
	b.kind, b.record = k, filepath.Join(b.dir, filepath.FromSlash(k.record))
	if _, err := os.Lstat(kept); err == nil {
		if out, err := exec.Command("cp", "-a", kept, b.dir).CombinedOutput(); err != nil {
			return fmt.Errorf("cp: %w: %s", err, out)
		}
		return b.look()
	}
	for _, dir := range []string{"home", "tmp", "record"} {
		if err := os.MkdirAll(filepath.Join(b.dir, dir), 0o777); err != nil {
			return err
		}
	}
	config := "[user]\n\tname = Ana Lima\n\temail = ana@example.com\n[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n"
	if err := os.WriteFile(filepath.Join(b.dir, "home", ".gitconfig"), []byte(config), 0o666); err != nil {
		return err
	}
	if err := k.build(b); err != nil {
		return fmt.Errorf("build %s: %w", k.name, err)
	}
	if out, err := exec.Command("cp", "-a", b.dir, kept).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w: %s", err, out)
	}
	return b.restore(k)
}

// look notes what the repository holds.
func (b *box) look() error {
	b.before = state{}
	switch _, err := os.Lstat(filepath.Join(b.record, ".git")); {
	case errors.Is(err, fs.ErrNotExist):
		return nil // there is no repository yet
	case err != nil:
		return err
	}
	b.before.commit, _ = b.git("rev-parse", "--quiet", "--verify", "HEAD") // none before the first commit
	var err error
	b.before.status, err = b.git("--no-optional-locks", "status", "--porcelain", "--ignored")
	if id, readErr := os.ReadFile(filepath.Join(b.dir, "id")); readErr == nil {
		b.before.id = string(id)
	}
	return err
}

func (b *box) program(args ...string) program {
	return program{path: b.bin, args: args, dir: b.dir, env: b.env()}
}

// incident runs incident, untraced.
func (b *box) incident(args ...string) *run {
	cmd := exec.Command(b.bin, args...)
	cmd.Dir, cmd.Env = b.dir, b.env()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	r := &run{stdout: out.String(), stderr: errs.String()}
	if err != nil {
		r.code = -1
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			r.code = exit.ExitCode()
		} else {
			r.stderr += err.Error()
		}
	}
	return r
}

// must runs incident where it has to succeed.
func (b *box) must(args ...string) (string, error) {
	r := b.incident(args...)
	if r.code != 0 {
		return "", fmt.Errorf("incident %s: exit %d: %s", strings.Join(args, " "), r.code, r.stderr)
	}
	return strings.TrimSpace(r.stdout), nil
}

// git runs git in the record and returns what it printed, without the last line end.
func (b *box) git(args ...string) (string, error) { return b.gitIn(b.record, args...) }

func (b *box) gitIn(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = dir, b.env()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		err = fmt.Errorf("git %s: %w: %s%s", strings.Join(args, " "), err, errs.String(), out.String())
	}
	return strings.TrimRight(out.String(), "\n"), err
}

// file writes a file of the box.
func (b *box) file(name, text string, perm os.FileMode) error {
	name = filepath.Join(b.dir, filepath.FromSlash(name))
	return errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), perm))
}
