package gitstore

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// What goes from one repository to another goes as a pack. It is made and read by go-git; here it is put
// on disk.

// keepPack keeps the pack that write writes, and its index. Once it returns nil both are on disk.
func (s *Store) keepPack(write func(io.Writer) error) error {
	p, err := openNewPack(s.packs(), anyPart)
	if err != nil {
		return writeError(err)
	}
	defer p.drop()
	sum := &tail{w: p.data}
	if err := write(sum); err != nil {
		return err
	}
	name, ok := sum.name()
	if !ok {
		return fmt.Errorf("the pack that was received is damaged: %w", ErrGit)
	}
	if empty, err := indexPack(p.data, p.index); err != nil || empty {
		return err
	}
	p.name = filepath.Join(s.packs(), "pack-"+name)
	if err = syncAll(p.files(), nil); err == nil {
		err = p.finish()
	}
	if err = errors.Join(err, syncDir(s.packs())); err != nil {
		return writeError(err)
	}
	return nil
}

// indexPack reads a pack to its end and writes the index that belongs to it.
func indexPack(data io.ReadSeeker, index io.Writer) (empty bool, err error) {
	if _, err := data.Seek(0, io.SeekStart); err != nil {
		return false, writeError(err)
	}
	seen := &idxfile.Writer{}
	parser, err := packfile.NewParser(packfile.NewScanner(data), seen)
	if err == nil {
		_, err = parser.Parse()
	}
	if errors.Is(err, packfile.ErrEmptyPackfile) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("the pack that was received is damaged: %w: %w", ErrGit, err)
	}
	all, err := seen.Index()
	if err != nil {
		return false, fmt.Errorf("the pack that was received: %w: %w", ErrGit, err)
	}
	if n, err := all.Count(); err != nil || n == 0 {
		return true, err
	}
	if _, err := idxfile.NewEncoder(index).Encode(all); err != nil {
		return false, writeError(err)
	}
	return false, nil
}

// tail passes a pack on and adds it up. Its last bytes are the sum of those before.
type tail struct {
	w    io.Writer
	last []byte
	sum  hashed
}

type hashed = interface {
	io.Writer
	Sum([]byte) []byte
}

func (t *tail) Write(b []byte) (int, error) {
	if t.sum == nil {
		t.sum = sha1.New()
	}
	n, err := t.w.Write(b)
	if err != nil {
		return n, writeError(err)
	}
	t.last = append(t.last, b...)
	if over := len(t.last) - sha1.Size; over > 0 {
		_, _ = t.sum.Write(t.last[:over]) // a sum takes everything
		t.last = append(t.last[:0], t.last[over:]...)
	}
	return n, nil
}

// name is the sum, and whether it is what the pack says.
func (t *tail) name() (string, bool) {
	return hex.EncodeToString(t.last), t.sum != nil && bytes.Equal(t.last, t.sum.Sum(nil))
}

// packTo writes a pack of objects.
func packTo(w io.Writer, from *here, ids []string) error {
	var names []plumbing.Hash
	for _, id := range ids {
		names = append(names, plumbing.NewHash(id))
	}
	_, err := packfile.NewEncoder(w, packed{here: from}, false).Encode(names, 0)
	return err
}

// packed lets go-git read our objects. It asks for nothing else when it makes a pack.
type packed struct {
	storer.EncodedObjectStorer
	here *here
}

// EncodedObject implements [storer.EncodedObjectStorer].
func (p packed) EncodedObject(_ plumbing.ObjectType, id plumbing.Hash) (plumbing.EncodedObject, error) {
	kind, content, err := p.here.object(id.String(), maxBase)
	if errors.Is(err, ErrTooLarge) {
		return nil, needsGit("to send a file as large as " + id.String())
	}
	if err != nil {
		return nil, err
	}
	o := &plumbing.MemoryObject{}
	t, err := plumbing.ParseObjectType(kind)
	if err != nil {
		return nil, err
	}
	o.SetType(t)
	_, err = o.Write(content)
	return o, err
}
