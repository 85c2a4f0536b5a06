package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"incident/pkg/folder"
)

func (p Publisher) intoFolder(r *Result, site map[string][]byte) error {
	done, err := folder.Put(r.Target.Where, site, p.Force)
	r.Changed, r.Removed = done.Changed, done.Removed
	return err
}

func heldByFolder(dir string) func(string) ([]byte, error) {
	return func(path string) ([]byte, error) {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return raw, err
	}
}
