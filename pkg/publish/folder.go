package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"incident/pkg/folder"
)

func (p Publisher) intoFolder(r *Result, site map[string][]byte) error {
	if p.Allowed != nil {
		if err := p.Allowed(heldByFolder(r.Target.Where)); err != nil {
			return err
		}
	}
	done, err := folder.Put(r.Target.Where, folder.Plain(site), nil, p.Force)
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
