package gitstore

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// here reads objects in this process: those that lie alone in a file, and those in packs. It opens only
// what it needs, so that a large repository is opened as fast as a small one.
type here struct {
	dir    string // of objects
	packs  []*pack
	closed []closedPack // that need not be opened yet, the newest first
	seen   seen
	trees  map[string][]Item // what [Snapshot] made of them
	inflater
}

// closedPack is a pack by its name, as that of [pack], and by the time of its index.
type closedPack struct {
	name string
	made time.Time
}

// newHere reads the objects of a repository.
func newHere(commonDir string) *here {
	return &here{dir: filepath.Join(commonDir, "objects"), seen: seen{}, trees: map[string][]Item{}}
}

// seen are folders and commits that were read: under its name an object never changes.
type seen map[string][]byte

const (
	maxSeen    = 256 << 10 // bytes of one that is kept
	maxAllSeen = 500       // of them
)

// inflater reads one compressed stream after the other. Its tables are large, and made once, if at all.
type inflater struct {
	in *bufio.Reader
	z  io.ReadCloser
}

// from is a reader of r, in place of the one before.
func (i *inflater) from(r io.Reader) *bufio.Reader {
	if i.in == nil {
		i.in = bufio.NewReader(r)
	} else {
		i.in.Reset(r)
	}
	return i.in
}

// over reads the stream that begins where in stands. One that [stored] made is read without the tables.
func (i *inflater) over(in *bufio.Reader) (io.Reader, error) {
	if head, err := in.Peek(storedHead); err == nil && isStored(head) {
		return plainly(in)
	}
	var err error
	if again, ok := i.z.(zlib.Resetter); ok {
		err = again.Reset(in, nil)
	} else {
		i.z, err = zlib.NewReader(in)
	}
	return i.z, err
}

// maxBase is how large an object may be, in bytes, that another is told by the difference to.
const maxBase = 64 << 20

func (h *here) read(id string, limit int64) ([]byte, error) {
	if content, ok := h.seen[id]; ok && int64(len(content)) <= limit {
		return content, nil
	}
	kind, content, err := h.object(id, limit)
	if err != nil {
		return nil, err
	}
	if objectID(kind, content) != id {
		return nil, fmt.Errorf("object %s is damaged: %w", id, ErrGit)
	}
	if h.seen != nil && kind != "blob" && len(content) <= maxSeen && len(h.seen) < maxAllSeen {
		h.seen[id] = content
	}
	return content, nil
}

// objectID is the name of an object: what is in it, and nothing else, tells it.
func objectID(kind string, content []byte) string {
	sum := sha1.New()
	fmt.Fprintf(sum, "%s %d\x00", kind, len(content))
	_, _ = sum.Write(content) // a sum takes everything
	return hex.EncodeToString(sum.Sum(nil))
}

func (h *here) object(id string, limit int64) (kind string, content []byte, err error) {
	if !isObjectName(id) {
		return "", nil, fmt.Errorf("object %q: %w", id, ErrNotFound)
	}
	kind, content, err = h.loose(id, limit)
	if !errors.Is(err, fs.ErrNotExist) {
		return kind, content, err
	}
	if p, offset, err := h.packed(id); err != nil {
		return "", nil, err
	} else if p != nil {
		return p.object(offset, limit, 0)
	}
	return "", nil, fmt.Errorf("object %s: %w", id, ErrNotFound)
}

// loose reads an object from a file of its own.
func (h *here) loose(id string, limit int64) (kind string, content []byte, err error) {
	f, err := os.Open(filepath.Join(h.dir, id[:2], id[2:]))
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	z, err := h.over(h.from(f))
	if err != nil {
		return "", nil, err
	}
	var head []byte
	for one := make([]byte, 1); len(head) < 32; head = append(head, one[0]) {
		if _, err := io.ReadFull(z, one); err != nil {
			return "", nil, err
		}
		if one[0] == 0 {
			break
		}
	}
	kind, digits, _ := strings.Cut(string(head), " ")
	size, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return "", nil, fmt.Errorf("object %s is damaged: %w", id, ErrGit)
	}
	content, err = exactly(z, size, limit)
	return kind, content, err
}

// exactly reads so many bytes and no more. A small file can hold a large object.
func exactly(r io.Reader, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, ErrTooLarge
	}
	var b bytes.Buffer // grows with what is there, not with what a header claims
	b.Grow(int(min(size, maxSeen)) + bytes.MinRead)
	n, err := io.Copy(&b, io.LimitReader(r, size))
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return b.Bytes(), err
}

// packed finds the pack that holds an object. Packs come and go: where an object is in none, or its pack is gone for
// another one, they are listed once more.
func (h *here) packed(id string) (*pack, int64, error) {
	for try := range 3 {
		var failed error
		gone := false
		for i := 0; i < len(h.packs) || len(h.closed) > 0; {
			if i == len(h.packs) {
				if err := h.openNext(); errors.Is(err, fs.ErrNotExist) { // just removed, for another that holds the same
					gone = true
				} else if err != nil { // another one may hold the object
					failed = errors.Join(failed, err)
				}
				continue
			}
			p := h.packs[i]
			offset, found, err := p.find(id)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				gone = true
			case found || err != nil:
				h.packs[0], h.packs[i] = p, h.packs[0] // what is asked for next mostly lies in the same
				return p, offset, err
			}
			i++
		}
		if failed != nil || try == 2 || try == 1 && !gone {
			return nil, 0, failed
		}
		if err := h.list(); err != nil {
			return nil, 0, err
		}
	}
	return nil, 0, nil
}

// openNext opens the newest pack that is not open.
func (h *here) openNext() error {
	name := h.closed[0].name
	h.closed = h.closed[1:]
	p, err := openPack(name, &h.inflater)
	if err == nil {
		h.packs = append(h.packs, p)
	}
	return err
}

// list finds the packs that came since it was called last, and closes those that have gone. None is opened before it is
// needed, and the newest first: most of what is asked for was written lately.
func (h *here) list() (err error) {
	files, err := os.ReadDir(filepath.Join(h.dir, "pack"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return err
	}
	before := map[string]*pack{}
	for _, p := range h.packs {
		before[p.name] = p
	}
	h.packs, h.closed = nil, nil
	for _, f := range files {
		base, ok := strings.CutSuffix(f.Name(), ".idx")
		if !ok {
			continue
		}
		name := filepath.Join(h.dir, "pack", base)
		if p := before[name]; p != nil {
			h.packs = append(h.packs, p)
			delete(before, name)
		} else if info, err := f.Info(); err == nil { // else it has just been removed
			h.closed = append(h.closed, closedPack{name, info.ModTime()})
		}
	}
	slices.SortStableFunc(h.closed, func(a, b closedPack) int { return b.made.Compare(a.made) })
	for _, p := range before {
		err = errors.Join(err, p.close())
	}
	return err
}

// close closes the large files. The packs stay known: the next commit that is read needs most of them.
func (h *here) close() error {
	var errs []error
	for _, p := range h.packs {
		errs = append(errs, p.rest())
	}
	return errors.Join(errs...)
}

// openHere opens the newest commit for reading in this process.
func (s *Store) openHere() (*Snapshot, error) {
	if _, err := os.Lstat(filepath.Join(s.commonDir, "reftable")); err == nil || s.sha256 {
		return nil, rare("its format is another one")
	}
	at, err := s.head()
	if err != nil {
		return nil, err
	}
	return s.openAt(at.commit)
}

// openAt opens a commit for reading in this process; for "" one that holds nothing.
func (s *Store) openAt(commit string) (*Snapshot, error) {
	snap := &Snapshot{Commit: commit, source: s.objects, trees: s.objects.trees, hash: 20}
	if commit == "" {
		return snap, nil
	}
	raw, err := snap.source.read(commit, maxTree)
	if err != nil {
		return nil, errors.Join(err, snap.Close())
	}
	head, err := parseCommit(raw)
	if err != nil || !isObjectName(head.tree) {
		return nil, errors.Join(fmt.Errorf("commit %s is damaged: %w", commit, ErrGit), snap.Close())
	}
	snap.tree = head.tree
	return snap, nil
}
