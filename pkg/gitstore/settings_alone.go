package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-git/gcfg"
)

// Where there is no git program, its configuration is read here: the files in their customary places, with
// what they include by name. Conditional includes are passed over; most of what they are for, signing above
// all, needs the program anyway.

const (
	maxIncludes = 10      // in each other, as in git
	maxSettings = 1 << 20 // bytes of one file
)

func (s *Store) readSettings() (*answer, error) {
	a := &answer{set: settings{}}
	set := a.set
	files := s.customary()
	if s.git.variable("GIT_CONFIG_NOSYSTEM") != "" {
		files = files[1:]
	}
	for _, file := range files {
		if filepath.Base(file) == "config.worktree" && !set.is("extensions.worktreeconfig") {
			continue
		}
		a.restsOn(file)
		if err := s.readInto(set, file, 0); err != nil {
			return nil, err
		}
	}
	count, _ := strconv.Atoi(s.git.variable("GIT_CONFIG_COUNT")) // what is no number is none
	for i := range min(count, 1000) {
		set[settingName(s.git.variable(fmt.Sprintf("GIT_CONFIG_KEY_%d", i)))] = s.git.variable(fmt.Sprintf("GIT_CONFIG_VALUE_%d", i))
	}
	return a, nil
}

// readInto adds what a file sets, and what it includes where it includes it.
func (s *Store) readInto(set settings, file string, depth int) error {
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) || depth > maxIncludes {
		return nil
	}
	if err != nil {
		return &problem{ErrGit, err.Error(), "git's configuration must be readable"}
	}
	defer func() { _ = f.Close() }() // opened for reading
	if info, err := f.Stat(); err != nil || info.Size() > maxSettings {
		return &problem{ErrGit, file + " cannot be read as git's configuration", "see that it is an ordinary, small file"}
	}
	err = gcfg.ReadWithCallback(f, func(section, sub, name, value string, bare bool) error {
		if name == "" {
			return nil // the head of a section
		}
		if bare {
			value = "true"
		}
		full := strings.ToLower(section) + "." + strings.ToLower(name)
		if sub != "" {
			full = strings.ToLower(section) + "." + sub + "." + strings.ToLower(name)
		}
		if full == "include.path" {
			return s.readInto(set, s.included(file, value), depth+1)
		}
		set[full] = value
		return nil
	})
	if err != nil {
		return &problem{ErrGit, fmt.Sprintf("%s: %v", file, err), "put git's configuration right, then try again"}
	}
	return nil
}

// included is the file that a value of include.path in another file means.
func (s *Store) included(by, value string) string {
	if rest, ok := strings.CutPrefix(value, "~/"); ok {
		return filepath.Join(s.git.variable("HOME"), filepath.FromSlash(rest))
	}
	if value = filepath.FromSlash(value); filepath.IsAbs(value) {
		return value
	}
	return filepath.Join(filepath.Dir(by), value)
}
