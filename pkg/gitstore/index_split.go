package gitstore

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"
)

// A split index is git's own way with a large one: most entries lie in a second file that is not written
// again with each commit, sharedindex.<sum>, and the index holds those that came since. What is written
// then no longer grows with the record.
//
// An entry that was changed in the same second in which an index is written needs to be marked when the
// next one is written, which can only be done where it can be found: such entries stay in the index.

const (
	splitAbove = 4 << 20 // bytes of an index that is split
	splitAgain = 2000    // entries that came since
	splitYoung = 3 * time.Second
	maxName    = 64 << 10 // bytes of a path in an index
	// Git keeps second files that are in nobody's use for so long: another index may still name one.
	splitExpire = 14 * 24 * time.Hour
)

const sharedPrefix = "sharedindex."

// mayBeSplit reports whether the user wants it.
func (set settings) mayBeSplit() bool {
	return set["incident.index"] != "plain" && (set["core.splitindex"] == "" || !set.not("core.splitindex"))
}

// link reads where the other entries are. After the name stand two lists of bits, those of entries that are
// deleted and those that are replaced.
func (x *index) link(data []byte) error {
	if len(data) < sha1.Size {
		return rare("the index is damaged")
	}
	x.base = hex.EncodeToString(data[:sha1.Size])
	x.replaces = x.replaces || !bytes.Equal(data[sha1.Size:], noBits)
	x.extensions = append(x.extensions, extension{"link", data})
	return nil
}

// noBits are two empty lists, as git writes them. It crashes where there are none.
var noBits = []byte("\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")

// isLarge reports whether an index is to be split, once or again. One whose entries stand for others is
// git's to put in order.
func (x *index) isLarge(limits splitLimits) bool {
	if x.base == "" {
		return len(x.raw) > limits.above
	}
	return x.count > limits.again && !x.replaces
}

// splitLimits say when an index is split: see [splitAbove] and [splitAgain].
type splitLimits struct {
	above int
	again uint32
}

// split moves the entries of an index, but the youngest, to a new second file in dir, which is on disk when
// it returns.
func (x *index) split(dir string, now time.Time) error {
	old, err := x.openBase(dir)
	if err != nil {
		return err
	}
	defer old.close()
	part, err := os.CreateTemp(dir, "sharedindex_")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part.Name()) }() // unless it has its name by then
	young, sum, err := x.moveEntries(part, old, now)
	if err == nil {
		err = errors.Join(part.Chmod(0o644), part.Sync())
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	if err := os.Rename(part.Name(), filepath.Join(dir, sharedPrefix+hex.EncodeToString(sum))); err != nil {
		return err
	}
	x.base = hex.EncodeToString(sum)
	extensions := []extension{{"link", append(sum, noBits...)}}
	for _, e := range x.extensions {
		if e.name != "link" {
			extensions = append(extensions, e)
		}
	}
	x.extensions, x.count = extensions, uint32(len(young))
	x.raw = append(x.raw[:indexHeader:indexHeader], bytes.Join(young, nil)...)
	if err := x.order(); err != nil {
		return err
	}
	return syncDir(dir)
}

// moveEntries writes a second file of all entries, those of the old one and those of x, and returns the
// youngest of x, which stay, and the sum that the file is named after.
func (x *index) moveEntries(file *os.File, old *baseReader, now time.Time) (young [][]byte, sum []byte, err error) {
	out := bufio.NewWriterSize(file, 1<<16)
	count := uint32(0)
	put := func(raw []byte) {
		count++
		_, _ = out.Write(raw) // Flush tells
	}
	_, _ = out.Write(make([]byte, indexHeader))
	for at := indexHeader; at < x.entriesEnd; {
		e, err := x.entry(at)
		if err != nil {
			return nil, nil, err
		}
		for ; old.entry != nil && bytes.Compare(old.name, e.name) < 0; old.next() {
			put(old.entry)
		}
		if bytes.Equal(old.name, e.name) {
			old.next() // ours is the newer one
		}
		if raw := x.raw[e.start:e.end]; x.racy(e.start) || int64(be.Uint32(raw[8:])) >= now.Add(-splitYoung).Unix() {
			young = append(young, raw)
		} else {
			put(raw)
		}
		at = e.end
	}
	for ; old.entry != nil; old.next() {
		put(old.entry)
	}
	if err := errors.Join(old.err, out.Flush()); err != nil {
		return nil, nil, err
	}
	version := max(be.Uint32(x.raw[4:]), old.version)
	be.PutUint32(x.raw[4:], version)
	sum, err = seal(file, be.AppendUint32(be.AppendUint32([]byte("DIRC"), version), count))
	return young, sum, err
}

// seal puts the head before the entries of a file and their sum behind them.
func seal(file *os.File, head []byte) ([]byte, error) {
	if _, err := file.WriteAt(head, 0); err != nil {
		return nil, err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	sum := sha1.New()
	if _, err := io.Copy(sum, file); err != nil {
		return nil, err
	}
	raw := sum.Sum(nil)
	_, err := file.Write(raw)
	return raw, err
}

// baseReader reads the entries of a second file one after the other: it may be larger than the memory that
// a commit should take.
type baseReader struct {
	file        *os.File
	in          *bufio.Reader
	sum         hash.Hash
	left        uint32 // entries after this one
	version     uint32
	entry, name []byte // nil at the end
	err         error
}

// openBase opens the second file of a split index at its first entry; for another index, nothing.
func (x *index) openBase(dir string) (*baseReader, error) {
	if x.base == "" {
		return &baseReader{}, nil
	}
	f, err := os.Open(filepath.Join(dir, sharedPrefix+x.base))
	if err != nil {
		return nil, rare("the index is damaged: " + err.Error())
	}
	b := &baseReader{file: f, in: bufio.NewReaderSize(f, 1<<16), sum: sha1.New()}
	head := b.take(indexHeader)
	if b.err == nil {
		b.version, b.left = be.Uint32(head[4:]), be.Uint32(head[8:])
		if string(head[:4]) != "DIRC" || b.version != 2 && b.version != 3 {
			b.err = rare("the shared index has an unknown form")
		}
	}
	b.next()
	return b, nil
}

func (b *baseReader) close() {
	if b.file != nil {
		_ = b.file.Close() // opened for reading
	}
}

// take reads so many bytes.
func (b *baseReader) take(n int) []byte {
	raw := make([]byte, n)
	if b.err == nil {
		_, b.err = io.ReadFull(b.in, raw)
		_, _ = b.sum.Write(raw) // a sum takes everything
	}
	return raw
}

// next goes on to the next entry.
func (b *baseReader) next() {
	b.entry, b.name = nil, nil
	if b.err != nil || b.left == 0 {
		return
	}
	b.left--
	raw := b.take(entryHead)
	if b.err != nil {
		return
	}
	flags, start := be.Uint16(raw[60:]), entryHead
	if flags&extended != 0 {
		start += 2
		raw = append(raw, b.take(2)...)
	}
	length := int(flags & longName)
	if length == 0 || flags&stages != 0 {
		b.err = rare("the shared index holds more than files")
		return
	}
	if length == longName {
		for b.err == nil {
			if len(raw) > maxName {
				b.err = rare("the shared index is damaged")
			}
			c := b.take(1)
			if raw = append(raw, c...); c[0] == 0 {
				break
			}
		}
		length = len(raw) - start - 1
	}
	end := (start + length + 8) &^ 7
	raw = append(raw, b.take(end-len(raw))...)
	if b.err == nil {
		b.entry, b.name = raw, raw[start:start+length]
	}
}

// keepBase tells git that a second file is in use, as git itself does: it removes those that are old.
func (x *index) keepBase(dir string, now time.Time) {
	if x.base != "" {
		_ = os.Chtimes(filepath.Join(dir, sharedPrefix+x.base), now, now) // the next write does it again
	}
}

// removeOldBases removes second files that no index has named for long.
func (x *index) removeOldBases(dir string, now time.Time) {
	files, _ := filepath.Glob(filepath.Join(dir, sharedPrefix+"*"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil && now.Sub(info.ModTime()) > splitExpire && f != filepath.Join(dir, sharedPrefix+x.base) {
			_ = os.Remove(f) // the next split tries again
		}
	}
}
