package gitstore

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// What a clone brings can be a link to anywhere. Files of the work tree are therefore read and written
// through an [os.Root], which nothing leaves, and never through a link, which could lead into .git.

// direct refuses a path that leads through a link or through something else that is no folder, and one
// that names anything but an ordinary file. What does not exist yet is fine.
func direct(root *os.Root, name string) error {
	for i := 0; i < len(name); {
		end := strings.IndexByte(name[i:], '/')
		at := len(name)
		if end >= 0 {
			at = i + end
		}
		info, err := root.Lstat(name[:at])
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return writeError(located(root, err))
		case info.Mode()&fs.ModeSymlink != 0:
			return misplaced(name[:at], "is a link, and links are not followed")
		case at < len(name) && !info.IsDir():
			return misplaced(name[:at], "is no folder")
		case at == len(name) && !info.Mode().IsRegular():
			return misplaced(name, "is no ordinary file")
		}
		i = at + 1
	}
	return nil
}

// located gives an error of a root the whole path: there may be many folders that are called incidents.
func located(root *os.Root, err error) error {
	var p *fs.PathError
	if !errors.As(err, &p) || filepath.IsAbs(p.Path) {
		return err
	}
	return &fs.PathError{Op: p.Op, Path: filepath.Join(root.Name(), filepath.FromSlash(p.Path)), Err: p.Err}
}

func misplaced(name, why string) error {
	return &problem{ErrGit, name + " " + why, "put an ordinary file or folder in its place, then try again"}
}

// part is where the content of a file is written before it takes the file's name: in .git, where nobody's
// `git add` finds it, or beside the file where .git lies elsewhere.
func (s *Store) part(name string) string {
	if !s.inside {
		return path.Join(path.Dir(name), "."+path.Base(name)+".new")
	}
	return fmt.Sprintf(".git/incident/%x.new", sha1.Sum([]byte(name)))
}

// put writes a file of the work tree, whole or not at all, with the folders above it.
func (s *Store) put(root *os.Root, name string, data []byte) error {
	f, err := s.begin(root, name, data)
	if err != nil {
		return err // what was begun goes when the change is taken back
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return root.Rename(s.part(name), name)
}

// begin writes the part from which a file of the work tree is made.
func (s *Store) begin(root *os.Root, name string, data []byte) (*os.File, error) {
	if err := direct(root, name); err != nil {
		return nil, err
	}
	perm := fs.FileMode(0o666)
	if old, err := root.Lstat(name); err == nil {
		perm = old.Mode().Perm()
	}
	if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return nil, located(root, err)
	}
	if err := remove(root, s.part(name)); err != nil {
		return nil, err
	}
	f, err := root.OpenFile(s.part(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, located(root, err)
	}
	if _, err := f.Write(data); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// foldersAbove lists the folders that hold the files, and those above them.
func foldersAbove(files []NewFile) []string {
	var dirs []string
	for _, file := range files {
		for dir := path.Dir(file.Path); !slices.Contains(dirs, dir); dir = path.Dir(dir) {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// syncAbove puts the folders above the files on disk: a folder's name lives in the one above it.
func syncAbove(root *os.Root, files []NewFile) error {
	for _, dir := range foldersAbove(files) {
		f, err := root.Open(dir)
		if err != nil {
			return located(root, err)
		}
		if err := errors.Join(ignoreUnsupported(f.Sync()), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a file if it is there.
func remove(root *os.Root, name string) error {
	if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return located(root, err)
	}
	return nil
}

// removeEmpty removes the folders above a removed file that hold nothing else.
func removeEmpty(root *os.Root, name string) {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.Remove(dir) != nil {
			return
		}
	}
}

// ReadFile reads a file as it lies in the work tree: changes that are not committed included. It is an
// [fs.ErrNotExist] where there is none, an [ErrTooLarge] where it has more than limit bytes, an [ErrDisk] where it
// cannot be read. A link is refused.
func (s *Store) ReadFile(name string, limit int64) (_ []byte, err error) {
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if err := direct(root, name); err != nil {
		return nil, err
	}
	raw, err := readIn(root, name, limit)
	if unread(err) {
		return nil, writeError(err)
	}
	return raw, err
}

func readIn(root *os.Root, name string, limit int64) (_ []byte, err error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, located(root, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("read %s: %w", name, ErrTooLarge)
	}
	return raw, err
}
