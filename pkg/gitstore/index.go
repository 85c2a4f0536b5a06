package gitstore

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"
)

// The index is git's list of what the next commit holds, one entry a file. It grows with the records, so
// it is not decoded: the bytes around our entries are copied as they are, and a large one is split; see
// index_split.go. Versions 2 and 3 are known here; an index that has more than that is the git program's.
// The format is told in git's Documentation/gitformat-index.txt.

var be = binary.BigEndian

// index is git's index as it lies on disk.
type index struct {
	raw        []byte
	state      string // see [stateOfIndex]
	written    time.Time
	count      uint32
	starts     []int // of the entries, in order of their names
	entriesEnd int
	extensions []extension
	base       string // of a split index: the name of the file that holds most entries
	replaces   bool   // some of its entries stand for others in there
}

type extension struct {
	name string
	data []byte
}

// indexEntry is one entry where it lies.
type indexEntry struct {
	start, end int
	name       []byte
	flags      uint16
}

const (
	indexHeader = 12
	entryHead   = 62 // of an entry before its name
	extended    = 0x4000
	stages      = 0x3000
	assumed     = 0x8000 // git was told to assume that the file has not changed
	longName    = 0x0fff
)

// fetchIndex has the index read that a commit will need, while the change is still being made.
func (s *Store) fetchIndex() {
	s.fetching.Wait() // for that of a commit before, which came to nothing
	s.fetching.Go(func() {
		if x, err := s.loadIndex(); err == nil { // else it is tried once more, and told
			s.index = x
		}
	})
}

// readIndex reads the index. It is a [notOrdinary] where the git program has to write it.
func (s *Store) readIndex() (*index, error) {
	s.fetching.Wait()
	return s.loadIndex()
}

func (s *Store) loadIndex() (*index, error) {
	f, err := os.Open(filepath.Join(s.gitDir, "index"))
	if errors.Is(err, fs.ErrNotExist) {
		raw := append([]byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x00"), make([]byte, sha1.Size)...)
		raw[len(raw)-1] = 1 // any sum
		return parseIndex(raw)
	}
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { _ = f.Close() }() // opened for reading
	state, info, err := stateOfIndex(f)
	if err != nil {
		return nil, indexError(err)
	}
	if x := s.index; x != nil && x.state == state {
		s.index = nil // who gets it may change it
		return x, nil
	}
	raw := make([]byte, info.Size())
	if _, err := io.ReadFull(f, raw); err != nil {
		return nil, indexError(err)
	}
	x, err := parseIndex(raw)
	if err != nil {
		return nil, err
	}
	x.state, x.written = state, info.ModTime()
	return x, nil
}

// sameIndex reports whether the index is still the one that was read.
func (s *Store) sameIndex(x *index) bool {
	f, err := os.Open(filepath.Join(s.gitDir, "index"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // opened for reading
	state, _, err := stateOfIndex(f)
	return err == nil && state == x.state
}

// indexError says of an index that is too short that it is damaged.
func indexError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return rare("the index is damaged")
	}
	return writeError(err)
}

// stateOfIndex tells one content of an index from others, by its size, time and checksum.
func stateOfIndex(f *os.File) (state string, info fs.FileInfo, err error) {
	if info, err = f.Stat(); err != nil {
		return "", nil, err
	}
	sum := make([]byte, sha1.Size)
	if _, err = f.ReadAt(sum, max(0, info.Size()-sha1.Size)); err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("%d-%d-%s", info.Size(), info.ModTime().UnixNano(), hex.EncodeToString(sum)), info, nil
}

func parseIndex(raw []byte) (*index, error) {
	if len(raw) < indexHeader+sha1.Size || string(raw[:4]) != "DIRC" {
		return nil, rare("the index is damaged")
	}
	if v := be.Uint32(raw[4:]); v != 2 && v != 3 {
		return nil, rare(fmt.Sprintf("the index has version %d", v))
	}
	end := len(raw) - sha1.Size
	if bytes.Equal(raw[end:], make([]byte, sha1.Size)) {
		return nil, rare("the index has no checksum")
	}
	x := &index{raw: raw[:end], count: be.Uint32(raw[8:])}
	if err := x.order(); err != nil {
		return nil, err
	}
	at := x.entriesEnd
	for at < end {
		if end-at < 8 || uint64(be.Uint32(raw[at+4:])) > uint64(end-at-8) {
			return nil, rare("the index is damaged")
		}
		next := at + 8 + int(be.Uint32(raw[at+4:]))
		switch name := string(raw[at : at+4]); name {
		case "TREE", "REUC":
			x.extensions = append(x.extensions, extension{name, raw[at+8 : next]})
		case "link":
			if err := x.link(raw[at+8 : next]); err != nil {
				return nil, err
			}
		case "EOIE", "IEOT": // where entries lie, which changes; git can do without
		default:
			return nil, rare(fmt.Sprintf("the index has an extension, %q", name))
		}
		at = next
	}
	if x.replaces && x.base == "" {
		return nil, rare("the index is damaged")
	}
	return x, nil
}

// order goes through the entries once, and notes where they are.
func (x *index) order() error {
	x.starts = make([]int, 0, min(int(x.count), len(x.raw)/entryHead))
	at, last := indexHeader, []byte(nil)
	for range x.count {
		e, err := x.entry(at)
		if err != nil {
			return err
		}
		if e.flags&stages != 0 {
			return rare("the index has conflicts")
		}
		if c := bytes.Compare(last, e.name); c > 0 || c == 0 && len(last) > 0 {
			return rare("the index is damaged")
		}
		x.replaces = x.replaces || len(e.name) == 0
		x.starts, at, last = append(x.starts, at), e.end, e.name
	}
	x.entriesEnd = at
	return nil
}

func (x *index) entry(at int) (indexEntry, error) {
	name := at + entryHead
	if len(x.raw)-at <= entryHead {
		return indexEntry{}, rare("the index is damaged")
	}
	flags := be.Uint16(x.raw[at+60:])
	if flags&extended != 0 {
		name += 2
	}
	length := int(flags & longName)
	if length == longName && name < len(x.raw) {
		length = bytes.IndexByte(x.raw[name:], 0)
	}
	end := at + (name-at+length+8)&^7
	if length < 0 || end > len(x.raw) || x.raw[name+length] != 0 {
		return indexEntry{}, rare("the index is damaged")
	}
	return indexEntry{at, end, x.raw[name : name+length], flags}, nil
}

// spot is where a path stands among the entries, or would stand: then it has no length.
type spot struct{ start, end int }

// find tells where the paths are, which must be sorted.
func (x *index) find(paths []string) ([]spot, error) {
	spots := make([]spot, len(paths))
	for i, p := range paths {
		if x.startsWith(p + "/") {
			return nil, rare(p + " is a file and a folder")
		}
		for dir := path.Dir(p); dir != "." && dir != "/"; dir = path.Dir(dir) {
			if at := x.place(dir); at.start < at.end {
				return nil, rare(dir + " is a file and a folder")
			}
		}
		spots[i] = x.place(p)
	}
	return spots, nil
}

// search is how many entries come before a name. They have been read before, and can be.
func (x *index) search(name string) int {
	return sort.Search(len(x.starts), func(n int) bool {
		e, _ := x.entry(x.starts[n])
		return string(e.name) >= name
	})
}

// place is where a path stands.
func (x *index) place(name string) spot {
	n := x.search(name)
	if n == len(x.starts) {
		return spot{x.entriesEnd, x.entriesEnd}
	}
	e, _ := x.entry(x.starts[n])
	if string(e.name) == name {
		return spot{e.start, e.end}
	}
	return spot{e.start, e.start}
}

// startsWith reports whether the path of an entry begins so.
func (x *index) startsWith(beginning string) bool {
	n := x.search(beginning)
	if n == len(x.starts) {
		return false
	}
	e, _ := x.entry(x.starts[n])
	return bytes.HasPrefix(e.name, []byte(beginning))
}

// racy reports whether a file was changed so late that its entry cannot tell whether it was again since.
func (x *index) racy(start int) bool {
	return int64(be.Uint32(x.raw[start+8:])) >= x.written.Unix()
}

// holds reports whether the index holds the file just so, with nothing special about it.
func (x *index) holds(at spot, mode uint32, id string) bool {
	if at.start == at.end {
		return false
	}
	e := x.raw[at.start:at.end]
	return be.Uint32(e[24:]) == mode && hex.EncodeToString(e[40:60]) == id && be.Uint16(e[60:])&(extended|assumed) == 0
}

// splice writes the index with the leaves in it, as they lie in the work tree.
func (x *index) splice(w io.Writer, worktree string, leaves []leaf) error {
	s, err := x.beginSplice(w, worktree, leaves)
	if err != nil {
		return err
	}
	return s.finish()
}

// splicing is an index on its way into a file.
type splicing struct {
	x        *index
	worktree string
	leaves   []leaf
	paths    []string // of the leaves
	spots    []spot
	file     io.Writer
	sum      hash.Hash // of what was written
}

// beginSplice writes what comes before the first leaf. None of them need lie in the work tree yet.
func (x *index) beginSplice(w io.Writer, worktree string, leaves []leaf) (*splicing, error) {
	s := &splicing{x: x, worktree: worktree, file: w, sum: sha1.New()}
	s.leaves = slices.SortedFunc(slices.Values(leaves), func(a, b leaf) int { return strings.Compare(a.path, b.path) })
	for _, l := range s.leaves {
		s.paths = append(s.paths, l.path)
	}
	var err error
	if s.spots, err = x.find(s.paths); err != nil {
		return nil, err
	}
	for _, start := range x.starts {
		if !x.racy(start) {
			continue
		}
		if e, err := x.entry(start); err == nil && e.flags&extended == 0 && !x.sameStat(e, worktree) {
			be.PutUint32(x.raw[start+36:], 0) // as git does it: so it will compare the content
		}
	}
	count := x.count
	for _, at := range s.spots {
		if at.start == at.end {
			count++
		}
	}
	head := be.AppendUint32(slices.Clone(x.raw[:8]), count)
	return s, s.write(head, x.raw[indexHeader:s.first()])
}

// first is where the first leaf stands.
func (s *splicing) first() int {
	if len(s.spots) == 0 {
		return s.x.entriesEnd
	}
	return s.spots[0].start
}

// finish writes the leaves, and all that comes after them.
func (s *splicing) finish() error {
	at := s.first()
	for i, l := range s.leaves {
		e, err := newEntry(s.worktree, l)
		if err != nil {
			return err
		}
		if err := s.write(s.x.raw[at:s.spots[i].start], e); err != nil {
			return err
		}
		at = s.spots[i].end
	}
	if err := s.write(s.x.raw[at:s.x.entriesEnd]); err != nil {
		return err
	}
	for _, ext := range s.x.extensions {
		data := ext.data
		if ext.name == "TREE" {
			var err error
			if data, err = invalidate(data, s.paths); err != nil {
				continue // git makes it anew
			}
		}
		if err := s.write(be.AppendUint32([]byte(ext.name), uint32(len(data))), data); err != nil {
			return err
		}
	}
	_, err := s.file.Write(s.sum.Sum(nil))
	return err
}

func (s *splicing) write(pieces ...[]byte) error {
	for _, b := range pieces {
		_, _ = s.sum.Write(b) // a sum takes everything
		if _, err := s.file.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// sameStat reports whether a file is certainly as it was when it was added: what git cannot tell by whole
// seconds, nanoseconds may.
func (x *index) sameStat(e indexEntry, worktree string) bool {
	if be.Uint32(x.raw[e.start+24:])>>12 == 0o16 { // another repository: git has its own ways
		return true
	}
	if len(e.name) == 0 {
		return false // its name stands elsewhere
	}
	stat, err := statFields(filepath.Join(worktree, filepath.FromSlash(string(e.name))))
	if err != nil {
		return true // it is gone, which is seen
	}
	mtime := time.Unix(int64(be.Uint32(x.raw[e.start+8:])), int64(be.Uint32(x.raw[e.start+12:])))
	return mtime.Before(x.written) && bytes.Equal(stat[:24], x.raw[e.start:e.start+24]) && bytes.Equal(stat[28:], x.raw[e.start+28:e.start+40])
}

// newEntry is the entry of a file that lies in the work tree.
func newEntry(worktree string, l leaf) ([]byte, error) {
	stat, err := statFields(filepath.Join(worktree, filepath.FromSlash(l.path)))
	if err != nil {
		return nil, err
	}
	if be.Uint32(stat[36:]) != uint32(l.size) {
		clear(stat[36:40]) // somebody has changed it since: git will look
	}
	be.PutUint32(stat[24:], l.mode)
	id, err := hex.DecodeString(l.id)
	if err != nil {
		return nil, err
	}
	e := append(stat, id...)
	e = be.AppendUint16(e, uint16(min(len(l.path), longName)))
	e = append(e, l.path...)
	return append(e, make([]byte, 8-len(e)%8)...), nil
}
