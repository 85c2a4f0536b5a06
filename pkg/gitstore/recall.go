package gitstore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// To ask git for its settings costs a process, and they seldom change. So its answer is remembered together
// with what it rests on: the environment, the git program, and each file that git read, or would read if it
// were there. Where any of that is not as it was, git is asked again; and once in a while in any case, since
// only git knows where a system keeps its own file.

// recallFor is how long an answer serves.
const recallFor = 10 * time.Minute

// settleFor is how old a file must be for its time to tell one state of it from the next.
const settleFor = 2 * time.Second

const recallHead = "incident settings 1"

func (s *Store) recallPath() string { return filepath.Join(s.ownDir(), "settings") }

// answer is what git said of its settings, and what that rests on.
type answer struct {
	set   settings
	asked time.Time
	files []restsOn
	alone bool // it rests on more than files, and is not remembered
}

// restsOn is a file as it was when git read it.
type restsOn struct{ file, state string }

func (a *answer) restsOn(file string) {
	if !slices.ContainsFunc(a.files, func(r restsOn) bool { return r.file == file }) {
		state, since := stateOf(file)
		a.files = append(a.files, restsOn{file, state})
		a.alone = a.alone || a.asked.Sub(since) < settleFor
	}
}

// holds reports whether git would answer the same now.
func (a *answer) holds() bool {
	return !slices.ContainsFunc(a.files, func(r restsOn) bool {
		state, _ := stateOf(r.file)
		return state != r.state
	})
}

// origin takes up where a setting came from, and what it includes.
func (s *Store) origin(a *answer, origin, name, value string) {
	file, ok := strings.CutPrefix(origin, "file:")
	if ok {
		if file = filepath.FromSlash(file); !filepath.IsAbs(file) {
			file = filepath.Join(s.root, file)
		}
		a.restsOn(file)
	}
	if !strings.HasPrefix(name, "include") {
		return
	}
	// A condition can look at the branch, or at remotes; a path can begin in anybody's home.
	conditional := strings.HasPrefix(name, "includeif.") && !strings.HasPrefix(name, "includeif.gitdir")
	if !ok || conditional || strings.HasPrefix(value, "~") && !strings.HasPrefix(value, "~/") {
		a.alone = true
		return
	}
	a.restsOn(s.included(file, value))
}

// customary are the files that git reads where they are, from the widest to the closest.
func (s *Store) customary() []string {
	files := []string{"/etc/gitconfig"}
	home := s.git.variable("HOME")
	if dir := s.git.variable("XDG_CONFIG_HOME"); dir != "" {
		files = append(files, filepath.Join(dir, "git", "config"))
	} else if home != "" {
		files = append(files, filepath.Join(home, ".config", "git", "config"))
	}
	if home != "" {
		files = append(files, filepath.Join(home, ".gitconfig"))
	}
	return append(files, filepath.Join(s.commonDir, "config"), filepath.Join(s.gitDir, "config.worktree"))
}

// surroundings tells apart the environments in which git may answer otherwise.
func (s *Store) surroundings() string {
	sum := sha256.New()
	fmt.Fprintln(sum, s.root, s.gitDir, os.Geteuid())
	for _, kv := range slices.Sorted(slices.Values(s.git.env)) {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "GIT_CONFIG") || name == "HOME" || name == "XDG_CONFIG_HOME" || name == "PREFIX" {
			fmt.Fprintln(sum, kv)
		}
	}
	if program, err := exec.LookPath("git"); err == nil {
		state, _ := stateOf(program)
		fmt.Fprintln(sum, program, state)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// recall remembers what git has just answered. It need not: git can be asked again. Only who holds our lock
// writes, so that what a crash leaves of it can be removed by the next; see [Store.reclaim].
func (s *Store) recall() {
	s.asking.Lock()
	defer s.asking.Unlock()
	a := s.known
	if a == nil || a.alone || a.asked.IsZero() {
		return
	}
	if _, err := os.Stat(s.ownDir()); err != nil {
		return
	}
	var b strings.Builder
	b.WriteString(recallHead + "\x00" + s.surroundings() + "\x00")
	for _, r := range a.files {
		b.WriteString(r.file + "\x00" + r.state + "\x00")
	}
	b.WriteString("\x00")
	for name, value := range a.set {
		b.WriteString(name + "\x00" + value + "\x00")
	}
	part := s.recallPath() + ".new"
	if os.WriteFile(part, []byte(b.String()), 0o600) == nil && os.Rename(part, s.recallPath()) == nil {
		a.asked = time.Time{} // it is remembered
		return
	}
	_ = os.Remove(part)
}

// recalled is the answer that git gave before, nil if it may give another one now.
func (s *Store) recalled() *answer {
	info, err := os.Stat(s.recallPath())
	if err != nil {
		return nil
	}
	if age := s.now().Sub(info.ModTime()); age < -settleFor || age > recallFor {
		return nil
	}
	raw, err := os.ReadFile(s.recallPath())
	if err != nil {
		return nil
	}
	fields := strings.Split(string(raw), "\x00")
	if len(fields) < 3 || fields[0] != recallHead || fields[1] != s.surroundings() {
		return nil
	}
	a := &answer{set: settings{}}
	for fields = fields[2:]; len(fields) > 2 && fields[0] != ""; fields = fields[2:] {
		a.files = append(a.files, restsOn{fields[0], fields[1]})
	}
	for fields = fields[1:]; len(fields) > 1; fields = fields[2:] {
		a.set[fields[0]] = fields[1]
	}
	if !a.holds() {
		return nil
	}
	return a
}
