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

// workTree is the folder of the user's files, and those in it that were looked into: each is opened once, below the one
// that holds it, so that a path of eight parts is not walked from its beginning each time.
type workTree struct {
	top     *os.Root
	folders map[string]*os.Root
}

// maxFolders is how many folders are held open.
const maxFolders = 64

func openTree(dir string) (*workTree, error) {
	top, err := os.OpenRoot(dir)
	return &workTree{top, map[string]*os.Root{}}, err
}

// Close ends the use of all folders.
func (t *workTree) Close() error { return errors.Join(t.forget(), t.top.Close()) }

// forget lets go of the folders below the top: somebody may have put others in their place.
func (t *workTree) forget() error {
	var errs []error
	for _, r := range t.folders {
		errs = append(errs, r.Close())
	}
	clear(t.folders)
	return errors.Join(errs...)
}

func (t *workTree) folder(dir string) (*os.Root, error) {
	if len(t.folders) >= maxFolders {
		if err := t.forget(); err != nil {
			return nil, err
		}
	}
	if dir == "." {
		return t.top, nil
	}
	if r := t.folders[dir]; r != nil {
		return r, nil
	}
	if path.IsAbs(dir) {
		return t.top.OpenRoot(dir) // says that it leads out
	}
	up, err := t.folder(path.Dir(dir))
	if err != nil {
		return nil, err
	}
	r, err := up.OpenRoot(path.Base(dir))
	if err == nil {
		t.folders[dir] = r
	}
	return r, err
}

// in does something in the folder that holds a name, with the last part of the name. Errors tell the whole path: there may
// be many folders that are called incidents.
func (t *workTree) in(name string, do func(r *os.Root, base string) error) error {
	r, err := t.folder(path.Dir(name))
	if err == nil {
		err = do(r, path.Base(name))
	}
	return t.located(name, err)
}

func (t *workTree) located(name string, err error) error {
	var p *fs.PathError
	if !errors.As(err, &p) {
		return err
	}
	return &fs.PathError{Op: p.Op, Path: filepath.Join(t.top.Name(), filepath.FromSlash(name)), Err: p.Err}
}

func (t *workTree) lstat(name string) (info fs.FileInfo, err error) {
	err = t.in(name, func(r *os.Root, base string) (err error) {
		info, err = r.Lstat(base)
		return err
	})
	return info, err
}

func (t *workTree) open(name string, flag int, perm fs.FileMode) (f *os.File, err error) {
	err = t.in(name, func(r *os.Root, base string) (err error) {
		f, err = r.OpenFile(base, flag, perm)
		return err
	})
	return f, err
}

func (t *workTree) remove(name string) error {
	return t.in(name, func(r *os.Root, base string) error { return r.Remove(base) })
}

// mkdirAll and rename walk the path anew: what they make must be found by everybody.
func (t *workTree) mkdirAll(dir string) error { return t.located(dir, t.top.MkdirAll(dir, 0o777)) }

func (t *workTree) rename(from, to string) error { return t.top.Rename(from, to) }

// direct refuses a path that leads through a link or through something else that is no folder, and one
// that names anything but an ordinary file. What does not exist yet is fine.
func direct(root *workTree, name string) error {
	for i := 0; i < len(name); {
		end := strings.IndexByte(name[i:], '/')
		at := len(name)
		if end >= 0 {
			at = i + end
		}
		info, err := root.lstat(name[:at])
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return writeError(err)
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
func (s *Store) put(root *workTree, name string, data []byte) error {
	f, err := s.begin(root, name, data)
	if err != nil {
		return err // what was begun goes when the change is taken back
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return root.rename(s.part(name), name)
}

// begin writes the part from which a file of the work tree is made.
func (s *Store) begin(root *workTree, name string, data []byte) (*os.File, error) {
	if err := direct(root, name); err != nil {
		return nil, err
	}
	perm := fs.FileMode(0o666)
	if old, err := root.lstat(name); err == nil {
		perm = old.Mode().Perm()
	}
	if err := root.mkdirAll(path.Dir(name)); err != nil {
		return nil, err
	}
	if err := remove(root, s.part(name)); err != nil {
		return nil, err
	}
	f, err := root.open(s.part(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return nil, err
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
func syncAbove(root *workTree, files []NewFile) error {
	for _, dir := range foldersAbove(files) {
		f, err := root.open(dir, os.O_RDONLY, 0)
		if err != nil {
			return err
		}
		if err := errors.Join(ignoreUnsupported(f.Sync()), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a file if it is there.
func remove(root *workTree, name string) error {
	if err := root.remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// removeEmpty removes the folders above a removed file that hold nothing else.
func removeEmpty(root *workTree, name string) {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if root.remove(dir) != nil {
			return
		}
	}
}

// ReadFile reads a file as it lies in the work tree: changes that are not committed included. It is an
// [fs.ErrNotExist] where there is none, an [ErrTooLarge] where it has more than limit bytes, an [ErrDisk] where it
// cannot be read. A link is refused.
func (s *Store) ReadFile(name string, limit int64) (_ []byte, err error) {
	root, err := openTree(s.root)
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

func readIn(root *workTree, name string, limit int64) (_ []byte, err error) {
	f, err := root.open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	raw, err := io.ReadAll(io.LimitReader(f, limit+1))
	if int64(len(raw)) > limit {
		return nil, fmt.Errorf("read %s: %w", name, ErrTooLarge)
	}
	return raw, err
}
