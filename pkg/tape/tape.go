package tape

import (
	"math"
	"reflect"
	"time"
)

// Tape writes values, or reads them in the same order. One function says what follows what for both, so that the two
// cannot differ. What is read may be damaged in any way: the first value that cannot be ends the reading, and [Tape.Ended]
// tells of it.
type Tape struct {
	reading bool
	left    string // what is still to be read
	bad     bool
	written []byte
}

// Write is a tape to be written, with room for so many bytes before it grows.
func Write(room int) *Tape { return &Tape{written: make([]byte, 0, room)} }

// Read is a tape to be read. What is read shares its memory.
func Read(raw string) *Tape { return &Tape{reading: true, left: raw} }

// Reading reports whether values are read, not written.
func (t *Tape) Reading() bool { return t.reading }

// Written is what was written.
func (t *Tape) Written() []byte { return t.written }

// Ended reports whether all was read, and nothing of it was damaged.
func (t *Tape) Ended() bool { return !t.bad && t.left == "" }

// Failed reports whether something of it was damaged.
func (t *Tape) Failed() bool { return t.bad }

// Fail ends the reading: what was read cannot be.
func (t *Tape) Fail() { t.left, t.bad = "", true }

// Number is any number that is not negative, the small ones in one byte.
func (t *Tape) Number(n *uint64) {
	if !t.reading {
		rest := *n
		for ; rest >= 0x80; rest >>= 7 {
			t.written = append(t.written, byte(rest)|0x80)
		}
		t.written = append(t.written, byte(rest))
		return
	}
	*n = 0
	for i := 0; i < len(t.left) && i < 10; i++ {
		c := t.left[i]
		*n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			t.left = t.left[i+1:]
			return
		}
	}
	t.Fail()
	*n = 0
}

// Text is any string.
func (t *Tape) Text(s *string) {
	n := uint64(len(*s))
	t.Number(&n)
	switch {
	case !t.reading:
		t.written = append(t.written, *s...)
	case n > uint64(len(t.left)):
		t.Fail()
		*s = ""
	default:
		*s, t.left = t.left[:n], t.left[n:]
	}
}

// Flag is true or false.
func (t *Tape) Flag(b *bool) {
	var n uint64
	if *b {
		n = 1
	}
	t.Number(&n)
	*b = n == 1
	if n > 1 {
		t.Fail()
	}
}

// Signed is any number; those near zero are short on both sides of it.
func (t *Tape) Signed(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	t.Number(&u)
	*n = int64(u>>1) ^ -int64(u&1)
}

// Time is a moment in UTC, the zero one too.
func (t *Tape) Time(at *time.Time) {
	sec, nano := at.Unix(), uint64(at.Nanosecond())
	t.Signed(&sec)
	t.Number(&nano)
	if !t.reading {
		return
	}
	if nano >= uint64(time.Second) {
		t.Fail()
	}
	*at = time.Unix(sec, int64(nano)).UTC()
}

// Small is a number that fits into a byte.
func Small[T ~uint8](t *Tape, v *T) {
	n := uint64(*v)
	t.Number(&n)
	if n > math.MaxUint8 {
		t.Fail()
	}
	*v = T(n)
}

// List is empty where nothing was in it. It grows with what is there, not with what its length claims: at first it takes a
// few times the memory of what is left to be read, at most. What it is read into may be used again.
func List[T any](t *Tape, items *[]T, item func(*T)) {
	n := uint64(len(*items))
	t.Number(&n)
	if !t.reading {
		for i := range *items {
			item(&(*items)[i])
		}
		return
	}
	*items = (*items)[:0]
	room := min(n, 8*uint64(len(t.left))/uint64(reflect.TypeFor[T]().Size()))
	if uint64(cap(*items)) < room {
		*items = make([]T, 0, room)
	}
	for ; n > 0 && !t.bad; n-- {
		var nothing T
		*items = append(*items, nothing)
		item(&(*items)[len(*items)-1])
	}
}

// Maybe is a value that may be missing.
func Maybe[T any](t *Tape, v **T, value func(*T)) {
	there := *v != nil
	t.Flag(&there)
	if !there {
		*v = nil
		return
	}
	if t.reading {
		*v = new(T)
	}
	value(*v)
}

// Map is values by key, in any order; nil where there are none.
func Map[M ~map[K]V, K comparable, V any](t *Tape, values *M, key func(*K), value func(*V)) {
	n := uint64(len(*values))
	t.Number(&n)
	if !t.reading {
		for k, v := range *values {
			key(&k)
			value(&v)
		}
		return
	}
	*values = nil
	if n > 0 {
		*values = make(M, min(n, uint64(len(t.left)), 1<<16))
	}
	for ; n > 0 && !t.bad; n-- {
		var k K
		var v V
		key(&k)
		value(&v)
		(*values)[k] = v
	}
}
