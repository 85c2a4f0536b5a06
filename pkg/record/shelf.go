package record

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/tape"
)

// shelfFormat is raised with every change of what a file of the cache looks like, of what [decode] makes of
// an entry, and of what an incident is closed by: a cache that was made otherwise is then made again. A test
// asks for it.
const shelfFormat = 7

// A shelf is one file of the cache: incidents as they were read, each with the name of the tree that it was
// read from. A tree's name stands for its content, so nothing on a shelf can be out of date; at worst it is
// of no use any more. There is one for all that is not closed, and one for each month.
type shelf struct {
	tree  string // that all of it was read from, "" for none
	parts []part

	file   string // where its bodies lie
	base   int64
	bodies []byte // all of them, once they are needed

	news int // how many incidents were read again since the file was written
}

// part is a folder of a shelf: of a month a day, of all that is not closed a month.
type part struct {
	name, tree string
	rows       []*row
}

// row is an incident on a shelf. Its entries, the body, lie at the end of the file: most of those who ask
// for an incident do not ask for them.
type row struct {
	id, tree string
	names    string   // of the files in its timeline, each with a zero byte after it
	keys     []opened // of its openings
	keyed    bool     // keys were read
	whole    bool     // the body holds the timeline of this tree, and all of it

	at, size uint64
	sum      uint64
	home     *shelf // whose file holds the body
	memos    memos  // the body, once it is read
	changed  bool   // memos are not what the file holds
}

// memos are entries with the names of the objects that they were read from, in the order of a folder. What could not be
// read is none, so that it is read again and told of in the same words. Nobody changes them.
type memos struct {
	objects []string
	entries []incident.Entry // at the same places
	next    int              // see find
}

// find is an entry that was read from a file, nil where that is not known. Files are mostly asked for in their order.
func (m *memos) find(it gitstore.Item) *incident.Entry {
	name, ok := strings.CutSuffix(it.Name, entryEnding)
	if !ok || it.Kind != gitstore.File {
		return nil
	}
	n := m.next
	if n >= len(m.entries) || m.entries[n].Name != name {
		n = sort.Search(len(m.entries), func(n int) bool { return m.entries[n].Name >= name })
	}
	if n == len(m.entries) || m.entries[n].Name != name || m.objects[n] != it.Object {
		return nil
	}
	m.next = n + 1
	return &m.entries[n]
}

// opened is the key of an opening.
type opened struct{ key, entry string }

func (t reel) shelf(s *shelf) {
	t.Text(&s.tree)
	tape.List(t.Tape, &s.parts, func(p *part) {
		t.Text(&p.name)
		t.Text(&p.tree)
		tape.List(t.Tape, &p.rows, func(r **row) {
			if t.Reading() {
				*r = &row{home: s}
			}
			t.row(*r)
		})
	})
}

func (t reel) row(r *row) {
	t.Text(&r.id)
	t.Text(&r.tree)
	t.Text(&r.names)
	tape.List(t.Tape, &r.keys, func(o *opened) {
		t.Text(&o.key)
		t.Text(&o.entry)
	})
	t.Flag(&r.keyed)
	t.Flag(&r.whole)
	t.Number(&r.at)
	t.Number(&r.size)
	t.Number(&r.sum)
}

func (t reel) memos(m *memos) {
	n := 0
	tape.List(t.Tape, &m.entries, func(e *incident.Entry) {
		if t.Reading() {
			m.objects = append(m.objects, "")
		}
		t.Text(&m.objects[n])
		t.entry(e)
		n++
	})
}

// shelfHead is what a shelf begins with: what it is, its format, the sum and the length of the table.
const (
	shelfMagic = "incident"
	shelfHead  = len(shelfMagic) + 4 + 4 + 8
)

// shelves is the folder of the cache. A shelf may be missing, damaged, made by another program, or replaced
// at any moment; whoever reads makes do with git then. None is synced: it may be lost.
type shelves struct {
	dir   string
	share func(names ...string) // see [gitstore.Store.Share]; nil: with nobody
}

// load reads a shelf without the bodies, an empty one where there is none that can be used.
func (c shelves) load(name string) *shelf {
	s := &shelf{file: filepath.Join(c.dir, name)}
	f, err := os.Open(s.file)
	if err != nil {
		return s
	}
	defer func() { _ = f.Close() }() // what was read is summed
	head := make([]byte, shelfHead)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:8]) != shelfMagic || binary.LittleEndian.Uint32(head[8:]) != shelfFormat {
		return s
	}
	size := binary.LittleEndian.Uint64(head[16:])
	table, ok := readSome(f, size)
	if !ok || sumOf(table) != binary.LittleEndian.Uint32(head[12:]) {
		return s
	}
	t := reading(table)
	full := &shelf{file: s.file, base: int64(shelfHead) + int64(size)}
	t.shelf(full)
	if !t.Ended() {
		return s
	}
	return full
}

// readSome reads so many bytes, no more than there are.
func readSome(f *os.File, size uint64) ([]byte, bool) {
	info, err := f.Stat()
	if err != nil || size > uint64(info.Size()) {
		return nil, false
	}
	raw := make([]byte, size)
	_, err = io.ReadFull(f, raw)
	return raw, err == nil
}

func sumOf(raw []byte) uint32 { return crc32.ChecksumIEEE(raw) }

// fetch reads all bodies, for those who need many.
func (s *shelf) fetch() {
	if len(s.bodies) > 0 || s.base == 0 {
		return
	}
	f, err := os.Open(s.file)
	if err != nil {
		return
	}
	defer func() { _ = f.Close() }() // what was read is summed
	info, err := f.Stat()
	if err != nil || info.Size() <= s.base {
		return
	}
	if _, err := f.Seek(s.base, io.SeekStart); err == nil {
		s.bodies, _ = readSome(f, uint64(info.Size()-s.base))
	}
}

// body is a row's entries as they lie in the file, nothing where they do not.
func (r *row) body() []byte {
	if r.size == 0 || r.home == nil {
		return nil
	}
	raw := r.home.piece(r.at, r.size)
	if uint64(sumOf(raw)) != r.sum {
		return nil
	}
	return raw
}

func (s *shelf) piece(at, size uint64) []byte {
	if n := uint64(len(s.bodies)); n > 0 {
		if at > n || size > n-at {
			return nil
		}
		return s.bodies[at : at+size]
	}
	f, err := os.Open(s.file)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }() // what was read is summed
	if _, err := f.Seek(s.base+int64(at), io.SeekStart); err != nil {
		return nil
	}
	raw, _ := readSome(f, size)
	return raw
}

// row is the row of an incident, nil where there is none.
func (s *shelf) row(id string) *row {
	for _, p := range s.parts {
		for _, r := range p.rows {
			if r.id == id {
				return r
			}
		}
	}
	return nil
}

// unpack makes a row's entries from its body.
func (r *row) unpack() *memos {
	if len(r.memos.entries) > 0 || r.changed {
		return &r.memos
	}
	t := reading(r.body())
	t.memos(&r.memos)
	if !t.Ended() || len(r.memos.entries) == 0 {
		r.memos, r.whole = memos{}, false
	}
	return &r.memos
}

func (r *row) pack() []byte {
	if !r.changed {
		if r.size > 0 {
			r.home.fetch() // the others will be asked for too
		}
		return r.body()
	}
	t := writing()
	t.memos(&r.memos)
	return t.Written()
}

// save writes a shelf and goes on with what it wrote. Where that cannot be kept, the cache stays as it was.
func (c shelves) save(name string, s *shelf) {
	var bodies []byte
	for _, p := range s.parts {
		for _, r := range p.rows {
			body := r.pack()
			r.whole = r.whole && len(body) > 0
			r.at, r.size, r.sum = uint64(len(bodies)), uint64(len(body)), uint64(sumOf(body))
			r.changed = false
			bodies = append(bodies, body...)
		}
	}
	for _, p := range s.parts { // only now: a row's old body lies where it was at home
		for _, r := range p.rows {
			r.home = s
		}
	}
	table := writing()
	table.shelf(s)
	s.bodies = bodies
	head := make([]byte, shelfHead, shelfHead+len(table.Written())+len(bodies))
	copy(head, shelfMagic)
	binary.LittleEndian.PutUint32(head[8:], shelfFormat)
	binary.LittleEndian.PutUint32(head[12:], sumOf(table.Written()))
	binary.LittleEndian.PutUint64(head[16:], uint64(len(table.Written())))
	_ = c.write(name, append(append(head, table.Written()...), bodies...)) // a full disk fails no reading
}

func (c shelves) write(name string, raw []byte) error {
	if err := os.MkdirAll(c.dir, 0o777); err != nil {
		return err
	}
	part := filepath.Join(c.dir, name+"."+rand.Text())
	err := os.WriteFile(part, raw, 0o666)
	if err == nil && c.share != nil {
		c.share(c.dir, part)
	}
	if err == nil {
		err = os.Rename(part, filepath.Join(c.dir, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part))
	}
	return nil
}
