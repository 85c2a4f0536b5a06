package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/objfile"
)

// newObject is one of git's objects that is to be written.
type newObject struct {
	id   string
	raw  []byte // as it lies on disk
	part *os.File
}

// encode makes an object of a content.
func encode(kind plumbing.ObjectType, content []byte) (newObject, error) {
	var out bytes.Buffer
	w := objfile.NewWriter(&out)
	err := w.WriteHeader(kind, int64(len(content)))
	if err == nil {
		_, err = w.Write(content)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return newObject{}, fmt.Errorf("encode a %s: %w", kind, err)
	}
	return newObject{id: w.Hash().String(), raw: out.Bytes()}, nil
}

func (o *newObject) file(dir string) string { return filepath.Join(dir, o.id[:2], o.id[2:]) }

// begin writes an object under a name that git knows to be a temporary one, and removes one day.
func (o *newObject) begin(dir string) (err error) {
	if o.part, err = os.CreateTemp(dir, "tmp_obj_"); err != nil {
		return err
	}
	if _, err = o.part.Write(o.raw); err == nil {
		err = o.part.Chmod(0o444)
	}
	return err
}

// finish gives an object that is on disk its name. One that is there already is replaced by the same, so
// that it counts as new for whoever removes old ones that nothing refers to.
func (o *newObject) finish(dir string) error {
	for range tries {
		err := os.Rename(o.part.Name(), o.file(dir))
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// `git gc` removes folders that are empty, and can do so at any time.
		if err := os.Mkdir(filepath.Dir(o.file(dir)), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if _, err := os.Lstat(o.part.Name()); errors.Is(err, fs.ErrNotExist) {
			return errMoved // `git prune` has removed the temporary file: all over again
		}
	}
	return errMoved
}

// drop removes what was begun and not finished.
func (o *newObject) drop() {
	if o.part != nil {
		_ = o.part.Close()
		_ = os.Remove(o.part.Name()) // it may have got its name, or git will remove it
		o.part = nil
	}
}
