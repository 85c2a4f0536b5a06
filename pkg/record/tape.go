package record

import (
	"math"
	"reflect"
	"time"

	"incident/pkg/incident"
)

// tape is the spelling of the cache: values one after the other, without names. One function says what
// follows what, for writing and for reading, so that the two cannot differ. What is read may be damaged in
// any way: the first value that cannot be ends the reading, and bad tells of it.
type tape struct {
	reading bool
	left    string // what is still to be read
	bad     bool
	written []byte
}

// number is any number that is not negative, the small ones in one byte.
func (t *tape) number(n *uint64) {
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
	t.fail()
	*n = 0
}

func (t *tape) fail() { t.left, t.bad = "", true }

// text is any string. What is read shares the memory of all that is read.
func (t *tape) text(s *string) {
	n := uint64(len(*s))
	t.number(&n)
	switch {
	case !t.reading:
		t.written = append(t.written, *s...)
	case n > uint64(len(t.left)):
		t.fail()
		*s = ""
	default:
		*s, t.left = t.left[:n], t.left[n:]
	}
}

func (t *tape) flag(b *bool) {
	var n uint64
	if *b {
		n = 1
	}
	t.number(&n)
	*b = n == 1
	if n > 1 {
		t.fail()
	}
}

// signed is any number; those near zero are short on both sides of it.
func (t *tape) signed(n *int64) {
	u := uint64(*n)<<1 ^ uint64(*n>>63)
	t.number(&u)
	*n = int64(u>>1) ^ -int64(u&1)
}

// time is a moment in UTC, the zero one too.
func (t *tape) time(at *time.Time) {
	sec, nano := at.Unix(), uint64(at.Nanosecond())
	t.signed(&sec)
	t.number(&nano)
	if !t.reading {
		return
	}
	if nano >= uint64(time.Second) {
		t.fail()
	}
	*at = time.Unix(sec, int64(nano)).UTC()
}

func small[T ~uint8](t *tape, v *T) {
	n := uint64(*v)
	t.number(&n)
	if n > math.MaxUint8 {
		t.fail()
	}
	*v = T(n)
}

// list is nil where it is empty. It grows with what is there, not with what its length claims: at first it takes a few
// times the memory of what is left to be read, at most. What it is read into may be used again.
func list[T any](t *tape, items *[]T, item func(*T)) {
	n := uint64(len(*items))
	t.number(&n)
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

func maybe[T any](t *tape, v **T, value func(*T)) {
	there := *v != nil
	t.flag(&there)
	if !there {
		*v = nil
		return
	}
	if t.reading {
		*v = new(T)
	}
	value(*v)
}

// entry is everything but the problem: what could not be read is not on a tape.
func (t *tape) entry(e *incident.Entry) {
	t.text(&e.Name)
	small(t, &e.Kind)
	small(t, &e.Audience)
	t.time(&e.At)
	t.text(&e.Author.Name)
	t.text(&e.Author.Email)
	t.text(&e.Key)
	t.text(&e.Text)
	t.facts(&e.Facts)
	small(t, &e.Status)
	t.text(&e.Role)
	t.text(&e.Holder)
	list(t, &e.To, t.text)
	t.time(&e.Next.By)
	t.flag(&e.Next.None)
	t.text(&e.Next.Because)
	t.flag(&e.Next.Cadence)
	t.text(&e.Corrects)
	t.text(&e.Retracts)
	list(t, &e.Acks, t.text)
	list(t, &e.As, t.text)
	t.text(&e.Action.Owner)
	t.time(&e.Action.Due)
	t.text(&e.Action.For)
	t.text(&e.Action.Link)
	t.text(&e.Action.Settles)
	small(t, &e.Action.State)
	list(t, &e.Accepted, func(a *incident.Accepted) {
		t.text(&a.Rule)
		t.text(&a.Reason)
	})
	list(t, &e.Attachments, func(a *incident.Attachment) {
		t.text(&a.Name)
		t.text(&a.File)
		t.signed(&a.Size)
		t.text(&a.SHA256)
	})
	t.text(&e.Document)
}

func (t *tape) facts(f *incident.Facts) {
	t.text(&f.Title)
	t.text(&f.Headline)
	small(t, &f.Severity)
	small(t, &f.Impact)
	list(t, &f.Components, func(c *incident.Component) {
		t.text(&c.Name)
		small(t, &c.State)
	})
	t.time(&f.Started)
	maybe(t, &f.Customers, func(n *int) {
		wide := int64(*n)
		t.signed(&wide)
		*n = int(wide)
	})
	maybe(t, &f.Share, func(share *float64) {
		bits := math.Float64bits(*share)
		t.number(&bits)
		*share = math.Float64frombits(bits)
	})
	list(t, &f.Tags, t.text)
	t.text(&f.Cause)
}
