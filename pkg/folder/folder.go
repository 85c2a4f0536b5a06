package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
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
	_, known, err := remembered(dir)
	if err != nil {
		return done, err
	}
	if !known && !force {
		if other, err := os.ReadDir(dir); err == nil && len(other) > 0 {
			return done, fmt.Errorf("%s %w: %s", dir, ErrForeign, other[0].Name())
		}
	}
	if !known {
		if made, err := whole(dir, files); made || err != nil {
			done.Changed = slices.Sorted(maps.Keys(files))
			return done, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return done, err
	}
	lock := flock.New(filepath.Join(dir, List+".lock"))
	ctx, stop := context.WithTimeout(context.Background(), waiting)
	defer stop()
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return done, fmt.Errorf("%s is being written by another program: %w", dir, err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	before, _, err := remembered(dir)
	if err != nil { // as it is now that nobody else writes
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

// waiting is how long a folder that another program writes is waited for.
const waiting = 20 * time.Second

// whole makes a folder that is not there, or empty, in one step: beside it, under another name, which it then loses. False:
// it is there, and holds something.
func whole(dir string, files map[string][]byte) (made bool, err error) {
	if there, err := os.ReadDir(dir); !errors.Is(err, fs.ErrNotExist) && (err != nil || len(there) > 0) {
		return false, nil
	}
	dir = filepath.Clean(dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return false, err
	}
	part := fmt.Sprintf("%s.%x.part", dir, rand.Uint64())
	if err := os.Mkdir(part, 0o777); err != nil {
		return false, nil // its neighbours are not ours to touch: file by file, then
	}
	defer func() {
		if !made {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	root, err := os.OpenRoot(part)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	for name, data := range WithList(files) {
		file := filepath.FromSlash(name)
		if err := root.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return false, err
		}
		if err := root.WriteFile(file, data, 0o666); err != nil {
			return false, err
		}
	}
	return os.Rename(part, dir) == nil, nil // else somebody else was faster
}

// remembered is what was put into the folder before, if anything ever was.
func remembered(dir string) (names map[string]bool, known bool, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, List))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return Listed(raw), err == nil, err
}
