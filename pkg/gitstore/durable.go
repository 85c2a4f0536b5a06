package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// WriteDurably writes a file outside of the work tree: whole or not at all, and on disk before it returns.
// Its folder must exist.
func WriteDurably(file string, data []byte, perm fs.FileMode) error {
	return writeVia(fmt.Sprintf("%s.%d.new", file, os.Getpid()), file, data, perm)
}

// writeVia writes to part, which then takes the name of file. What a crash left there is replaced.
func writeVia(part, file string, data []byte, perm fs.FileMode) error {
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	if err := fill(f, data); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	if err := os.Rename(part, file); err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return syncDir(filepath.Dir(file))
}

// fill writes a new file to its end, puts it on disk and closes it.
func fill(f *os.File, data []byte) error {
	_, err := f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir puts a folder on disk: which names it holds, not what is in the files. A file it puts there as a
// whole.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(ignoreUnsupported(f.Sync()), f.Close())
}

// syncAll puts files and folders on disk, all at the same time: most file systems then need hardly longer
// than for one. The files stay open.
func syncAll(files []*os.File, dirs []string) error {
	for _, f := range files {
		startWriting(f)
	}
	errs := make([]error, len(files)+len(dirs))
	var all sync.WaitGroup
	for i, f := range files {
		all.Go(func() { errs[i] = f.Sync() })
	}
	for i, dir := range dirs {
		all.Go(func() { errs[len(files)+i] = syncDir(dir) })
	}
	all.Wait()
	return errors.Join(errs...)
}

// syncGit puts on disk what git leaves to luck: the index of a commit, and the folders of objects and
// references, in which its renames live. Those that changed since the commit began, by the file system's
// clock, are synced.
func (s *Store) syncGit(since time.Time) error {
	changed := func(name string) error {
		info, err := os.Stat(name)
		if err == nil && !info.ModTime().Before(since) {
			err = syncDir(name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // git has tidied up meanwhile
		}
		return err
	}
	objects := filepath.Join(s.commonDir, "objects")
	dirs := []string{filepath.Join(s.gitDir, "index"), s.gitDir, filepath.Join(s.commonDir, "reftable"), objects}
	if s.commonDir != s.gitDir {
		dirs = append(dirs, s.commonDir)
	}
	own, err := os.ReadDir(s.gitDir)
	if err != nil {
		return err
	}
	for _, d := range own {
		if strings.HasPrefix(d.Name(), sharedPrefix) {
			dirs = append(dirs, filepath.Join(s.gitDir, d.Name()))
		}
	}
	fans, err := os.ReadDir(objects)
	if err != nil {
		return err
	}
	for _, fan := range fans {
		dirs = append(dirs, filepath.Join(objects, fan.Name()))
	}
	for _, dir := range dirs {
		if err := changed(dir); err != nil {
			return err
		}
	}
	return filepath.WalkDir(filepath.Join(s.commonDir, "refs"), func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			return changed(name)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}
