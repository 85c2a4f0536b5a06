package gitstore

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
)

// A pack holds many objects, most of them as the difference to another one; its index tells where.

type pack struct {
	name  string   // of both files, without an ending
	data  *os.File // nil until something is read
	index io.ReaderAt
	count int
	fan   func(first byte) int // how many names begin with at most this byte
	bases map[int64]base
	held  int // bytes of bases
	*inflater
}

// base is an object that others are told by the difference to. Those that were read lately are kept: many
// are told by the same few.
type base struct {
	kind    string
	content []byte
}

const maxHeld = 16 << 20

const (
	packIndexHead = 8 + 4*256
	maxChain      = 4096 // of differences to differences; git's own limit is 4095
)

var errPack = fmt.Errorf("damaged pack: %w", ErrGit)

// smallIndex is how many bytes of an index are read in one go: those of a pack with few objects have no more.
const smallIndex = 2 << 10

func openPack(name string, z *inflater) (_ *pack, err error) {
	p := &pack{name: name, inflater: z}
	f, err := os.Open(name + ".idx")
	if err != nil {
		return nil, err
	}
	p.index = f
	head := make([]byte, smallIndex)
	n, err := f.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		p.index, err = bytes.NewReader(head[:n]), f.Close()
	}
	if err != nil || n < packIndexHead || string(head[:8]) != "\xfftOc\x00\x00\x00\x02" {
		return nil, errors.Join(fmt.Errorf("%s.idx is unknown: %w", name, ErrGit), err, p.close())
	}
	p.fan = func(first byte) int { return int(be.Uint32(head[8+4*int(first):])) }
	for i := range 255 {
		if p.fan(byte(i)) > p.fan(byte(i+1)) {
			return nil, errors.Join(errPack, p.close())
		}
	}
	p.count = p.fan(255)
	return p, nil
}

// rest closes the larger file, and lets go of what was read from it, until something is read again.
func (p *pack) rest() (err error) {
	if p.data != nil {
		err = p.data.Close()
	}
	p.data, p.bases, p.held = nil, nil, 0
	return err
}

// close ends the use of a pack.
func (p *pack) close() error {
	err := p.rest()
	if f, open := p.index.(*os.File); open {
		err = errors.Join(err, f.Close())
	}
	return err
}

// find tells where in the pack an object begins.
func (p *pack) find(id string) (offset int64, found bool, err error) {
	want, err := hex.DecodeString(id)
	if err != nil {
		return 0, false, err
	}
	from, to := 0, p.fan(want[0])
	if want[0] > 0 {
		from = p.fan(want[0] - 1)
	}
	if from == to {
		return 0, false, nil
	}
	at, found, err := p.search(from, to, want)
	if err != nil || !found {
		return 0, false, err
	}
	if p.data == nil {
		if p.data, err = os.Open(p.name + ".pack"); err != nil {
			return 0, false, err
		}
	}
	offset, err = p.offset(at)
	return offset, true, err
}

// offset tells where the object begins that comes at a place among the sorted names.
func (p *pack) offset(at int) (int64, error) {
	after := packIndexHead + 24*int64(p.count) // names and checksums
	number := make([]byte, 8)
	if _, err := p.index.ReadAt(number[:4], after+4*int64(at)); err != nil {
		return 0, err
	}
	low := be.Uint32(number)
	if low&(1<<31) == 0 {
		return int64(low), nil
	}
	if _, err := p.index.ReadAt(number, after+4*int64(p.count)+8*int64(low&^(1<<31))); err != nil {
		return 0, err
	}
	return int64(be.Uint64(number)), nil
}

// listed is what an index tells of an object.
type listed struct {
	id     string
	offset int64
	sum    uint32 // CRC-32 of how it lies in the pack
}

// list lists all objects in the order in which they lie in the pack.
func (p *pack) list() ([]listed, error) {
	table := make([]byte, 24*p.count) // names and checksums
	if _, err := p.index.ReadAt(table, packIndexHead); err != nil {
		return nil, err
	}
	all := make([]listed, p.count)
	for i := range all {
		offset, err := p.offset(i)
		if err != nil {
			return nil, err
		}
		all[i] = listed{hex.EncodeToString(table[20*i : 20*i+20]), offset, be.Uint32(table[20*p.count+4*i:])}
	}
	slices.SortFunc(all, func(a, b listed) int { return cmp.Compare(a.offset, b.offset) })
	return all, nil
}

// searchedAtOnce is how many names are read in one go: a read costs more than what it reads.
const searchedAtOnce = 200

// search finds a name among the sorted names from one place to another.
func (p *pack) search(from, to int, want []byte) (at int, found bool, err error) {
	name := make([]byte, 20)
	for to-from > searchedAtOnce {
		middle := from + (to-from)/2
		if _, err := p.index.ReadAt(name, packIndexHead+20*int64(middle)); err != nil {
			return 0, false, err
		}
		if bytes.Compare(name, want) > 0 {
			to = middle
		} else {
			from = middle
		}
	}
	names := make([]byte, 20*max(0, to-from))
	if _, err := p.index.ReadAt(names, packIndexHead+20*int64(from)); err != nil && len(names) > 0 {
		return 0, false, err
	}
	i := sort.Search(to-from, func(i int) bool { return bytes.Compare(names[20*i:20*i+20], want) >= 0 })
	return from + i, i < to-from && bytes.Equal(names[20*i:20*i+20], want), nil
}

var kinds = map[byte]string{1: "commit", 2: "tree", 3: "blob", 4: "tag"}

// object reads what begins at an offset.
func (p *pack) object(offset, limit int64, depth int) (kind string, content []byte, err error) {
	if depth > maxChain || offset < 0 {
		return "", nil, errPack
	}
	r := p.from(io.NewSectionReader(p.data, offset, 1<<62-offset))
	c, err := r.ReadByte()
	if err != nil {
		return "", nil, err
	}
	size := int64(c & 15)
	for shift, more := 4, c; more&0x80 != 0; shift += 7 {
		if more, err = r.ReadByte(); err != nil {
			return "", nil, err
		}
		if shift > 55 {
			return "", nil, errPack
		}
		size |= int64(more&0x7f) << shift
	}
	switch kind := c >> 4 & 7; kind {
	case 1, 2, 3, 4:
		content, err = p.inflate(r, size, limit)
		return kinds[kind], content, err
	case 6:
		back, err := distance(r)
		if err != nil || back <= 0 {
			return "", nil, errors.Join(errPack, err)
		}
		return p.applied(r, size, limit, func() (string, []byte, error) { return p.base(offset-back, depth+1) })
	case 7:
		base := make([]byte, 20)
		if _, err := io.ReadFull(r, base); err != nil {
			return "", nil, err
		}
		at, found, err := p.find(hex.EncodeToString(base)) // both lie in one pack
		if err != nil || !found {
			return "", nil, errors.Join(errPack, err)
		}
		return p.applied(r, size, limit, func() (string, []byte, error) { return p.base(at, depth+1) })
	}
	return "", nil, errPack
}

func (p *pack) base(offset int64, depth int) (kind string, content []byte, err error) {
	if b, ok := p.bases[offset]; ok {
		return b.kind, b.content, nil
	}
	kind, content, err = p.object(offset, maxBase, depth)
	if err != nil {
		return "", nil, err
	}
	if p.held += len(content); p.held > maxHeld || p.bases == nil {
		p.bases, p.held = map[int64]base{}, len(content)
	}
	p.bases[offset] = base{kind, content}
	return kind, content, nil
}

// distance reads how far back the other object begins.
func distance(r io.ByteReader) (int64, error) {
	c, err := r.ReadByte()
	n := int64(c & 0x7f)
	for err == nil && c&0x80 != 0 {
		if n > 1<<54 {
			return 0, errPack
		}
		c, err = r.ReadByte()
		n = (n+1)<<7 | int64(c&0x7f)
	}
	return n, err
}

func (p *pack) inflate(r *bufio.Reader, size, limit int64) ([]byte, error) {
	z, err := p.over(r)
	if err != nil {
		return nil, err
	}
	return exactly(z, size, limit)
}

// applied reads a difference and applies it to the object that base reads.
func (p *pack) applied(r *bufio.Reader, size, limit int64, other func() (string, []byte, error)) (string, []byte, error) {
	difference, err := p.inflate(r, size, maxBase)
	if err != nil {
		return "", nil, err
	}
	was, difference := length(difference)
	is, difference := length(difference)
	if is > uint64(limit) {
		return "", nil, ErrTooLarge
	}
	kind, old, err := other()
	if err != nil {
		if errors.Is(err, ErrTooLarge) {
			err = errPack // what is too large is not what was asked for: git may read it
		}
		return "", nil, err
	}
	if uint64(len(old)) != was {
		return "", nil, errPack
	}
	content, err := patch(old, difference, is)
	return kind, content, err
}

func length(b []byte) (uint64, []byte) {
	n, used := binary.Uvarint(b)
	if used <= 0 {
		return 1 << 63, nil
	}
	return n, b[used:]
}

// patch makes an object of another one and the difference: pieces to copy and pieces that are new.
func patch(old, difference []byte, size uint64) ([]byte, error) {
	var out []byte
	for len(difference) > 0 {
		c := difference[0]
		difference = difference[1:]
		var piece []byte
		if c&0x80 == 0 {
			if c == 0 || int(c) > len(difference) {
				return nil, errPack
			}
			piece, difference = difference[:c], difference[c:]
		} else {
			var numbers [7]byte // where from, four bytes, and how many, three
			for i := range numbers {
				if c&(1<<i) != 0 {
					if len(difference) == 0 {
						return nil, errPack
					}
					numbers[i], difference = difference[0], difference[1:]
				}
			}
			from := uint64(binary.LittleEndian.Uint32(numbers[:4]))
			many := uint64(numbers[4]) | uint64(numbers[5])<<8 | uint64(numbers[6])<<16
			if many == 0 {
				many = 0x10000
			}
			if from+many > uint64(len(old)) {
				return nil, errPack
			}
			piece = old[from : from+many]
		}
		if uint64(len(out)+len(piece)) > size {
			return nil, errPack
		}
		out = append(out, piece...)
	}
	if uint64(len(out)) != size {
		return nil, errPack
	}
	return out, nil
}
