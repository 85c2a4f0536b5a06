package gitstore

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"
)

// writeDurably makes a file of the private folder: whole or not at all, and on disk before it returns.
func writeDurably(file string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	if err := os.Rename(tmp.Name(), file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

// writeInTree writes a file of the work tree and the folders above it, and syncs them. The root refuses
// every path that leaves the work tree, through a link too. A crash may leave the file half written: the
// journal knows of it and holds the rest.
func writeInTree(root *os.Root, name string, data []byte) error {
	dir := path.Dir(name)
	if err := root.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if info, err := root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return &fs.PathError{Op: "write", Path: name, Err: errors.New("is no ordinary file")}
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	for ; ; dir = path.Dir(dir) { // a folder's name lives in the folder above it
		if err := syncRootDir(root, dir); err != nil || dir == "." {
			return err
		}
	}
}

func syncRootDir(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(f.Sync()), f.Close())
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(f.Sync()), f.Close())
}

// syncGit puts git's renames on disk. git syncs its files and leaves the folders to luck, so those that
// changed since the commit began are synced here: of objects and of references.
func (s *Store) syncGit(since time.Time) error {
	since = since.Add(-2 * time.Second) // of two clocks, the file system's may be coarse
	changed := func(dir string) error {
		info, err := os.Stat(dir)
		if err != nil || info.ModTime().Before(since) {
			return nil
		}
		return syncDir(dir)
	}
	dirs := []string{s.gitDir, s.commonDir, filepath.Join(s.commonDir, "objects")}
	fans, err := os.ReadDir(filepath.Join(s.commonDir, "objects"))
	if err != nil {
		return err
	}
	for _, fan := range fans {
		dirs = append(dirs, filepath.Join(s.commonDir, "objects", fan.Name()))
	}
	for _, dir := range dirs {
		if err := changed(dir); err != nil {
			return err
		}
	}
	return filepath.WalkDir(filepath.Join(s.commonDir, "refs"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return nil
		}
		return changed(name)
	})
}
