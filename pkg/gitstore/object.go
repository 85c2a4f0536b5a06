package gitstore

import (
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/adler32"
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

// squeezed is from how many bytes on an object is compressed. What is small saves next to nothing until git
// packs it, which compresses it anyway; and the compressor's tables, 1.2 MB, cost more than all the rest of a
// note. A folder of 200 entries is below it.
const squeezed = 16 << 10

// encode makes an object of a content.
func encode(kind string, content []byte) (newObject, error) {
	plain := append(fmt.Appendf(make([]byte, 0, len(content)+32), "%s %d\x00", kind, len(content)), content...)
	sum := sha1.Sum(plain)
	raw, err := stored(plain), error(nil)
	if len(plain) >= squeezed {
		raw, err = compressed(plain)
	}
	return newObject{id: hex.EncodeToString(sum[:]), raw: raw}, err
}

// stored is a zlib stream of one block that is not compressed (RFC 1950, RFC 1951 3.2.4). The standard library
// makes one too, with 650 KB of tables that it does not use then.
func stored(plain []byte) []byte {
	n := uint16(len(plain))
	out := append(make([]byte, 0, len(plain)+11), 0x78, 0x01, 0x01)
	out = binary.LittleEndian.AppendUint16(out, n)
	out = binary.LittleEndian.AppendUint16(out, ^n)
	out = append(out, plain...)
	return be.AppendUint32(out, adler32.Checksum(plain))
}

func compressed(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestSpeed) // as git does
	if err == nil {
		_, err = w.Write(plain)
	}
	if err == nil {
		err = w.Close()
	}
	return out.Bytes(), err
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
		if err == nil {
			_ = o.part.Close() // it is on disk
			o.part = nil       // nothing is left to drop
			return nil
		}
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
