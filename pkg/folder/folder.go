package folder

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrForeign reports a folder that holds something else.
var ErrForeign = errors.New("holds something else")

// List names the file in which a folder remembers what was put into it.
const List = ".incident-page"

// WithList is what was put into a folder, with the list of it.
func WithList(files map[string][]byte) map[string][]byte {
	all := maps.Clone(files)
	all[List] = []byte(strings.Join(slices.Sorted(maps.Keys(files)), "\n") + "\n")
	return all
}

// Listed are the paths in a list.
func Listed(list []byte) map[string]bool {
	names := map[string]bool{}
	for name := range strings.Lines(string(list)) {
		if name = strings.TrimSpace(name); name != "" {
			names[name] = true
		}
	}
	return names
}

// Done is what a [Put] did.
type Done struct{ Changed, Same, Removed []string }

// Put makes a folder hold the files, by path with slashes. What was put there before and is none of them any more is
// removed. A folder that holds other things is an [ErrForeign], unless force is set; these stay in any case. Every file
// is written in full before the first takes its name, those of the last names first, so that a page appears when what it
// needs is there; a full disk leaves the folder as it was.
func Put(dir string, files map[string][]byte, force bool) (done Done, err error) {
	before, known, err := remembered(dir)
	if err != nil {
		return done, err
	}
	if !known && !force {
		if other, err := os.ReadDir(dir); err == nil && len(other) > 0 {
			return done, fmt.Errorf("%s %w: %s", dir, ErrForeign, other[0].Name())
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return done, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	all := WithList(files)
	names := slices.Sorted(maps.Keys(files))
	slices.Reverse(names)
	var parts []string
	defer func() {
		for _, part := range parts {
			_ = root.Remove(part) // of those that took their name nothing is left
		}
	}()
	for _, name := range append(names, List) {
		data := all[name]
		old, err := root.ReadFile(filepath.FromSlash(name))
		if err == nil && bytes.Equal(old, data) {
			done.Same = append(done.Same, name)
			continue
		}
		if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o777); err != nil {
			return done, err
		}
		part := filepath.FromSlash(name) + ".part"
		parts = append(parts, part)
		if err := root.WriteFile(part, data, 0o666); err != nil {
			return done, err
		}
		done.Changed = append(done.Changed, name)
	}
	for _, name := range done.Changed {
		if err := root.Rename(filepath.FromSlash(name)+".part", filepath.FromSlash(name)); err != nil {
			return done, err
		}
	}
	for name := range before {
		if _, still := files[name]; still || name == List {
			continue
		}
		if err := root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return done, err
		}
		done.Removed = append(done.Removed, name)
	}
	slices.Sort(done.Removed)
	done.Changed = slices.DeleteFunc(done.Changed, func(n string) bool { return n == List })
	done.Same = slices.DeleteFunc(done.Same, func(n string) bool { return n == List })
	return done, nil
}

// remembered is what was put into the folder before, if anything ever was.
func remembered(dir string) (names map[string]bool, known bool, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, List))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return Listed(raw), err == nil, err
}
