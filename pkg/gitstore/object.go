package gitstore

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// newObject is one of git's objects that is to be written.
type newObject struct {
	id   string
	raw  []byte // as it lies on disk
	part *os.File
}

// squeezed is from how many bytes on an object is compressed. Most file systems give a file 4 KiB, however
// small: below that nothing is saved until git packs it, which compresses it anyway, and the compressor's
// tables cost more than all the rest of an object.
const squeezed = 3 << 10

// encode makes an object of a content.
func encode(kind string, content []byte) (newObject, error) {
	head := fmt.Appendf(nil, "%s %d\x00", kind, len(content))
	level := zlib.NoCompression
	if len(content) >= squeezed {
		level = zlib.BestSpeed // as git does
	}
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, level)
	if err != nil {
		return newObject{}, fmt.Errorf("encode a %s: %w", kind, err)
	}
	sum := sha1.New()
	for _, part := range [][]byte{head, content} {
		_, _ = sum.Write(part) // a sum takes everything
		if _, err := w.Write(part); err != nil {
			return newObject{}, fmt.Errorf("encode a %s: %w", kind, err)
		}
	}
	if err := w.Close(); err != nil {
		return newObject{}, fmt.Errorf("encode a %s: %w", kind, err)
	}
	return newObject{id: hex.EncodeToString(sum.Sum(nil)), raw: out.Bytes()}, nil
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
