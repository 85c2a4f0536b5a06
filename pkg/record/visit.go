package record

import (
	"bytes"
	"runtime"
	"slices"
	"sync"
	"unicode"
	"unicode/utf8"

	"incident/pkg/incident"
	"incident/pkg/tape"
)

// lotSize is how many incidents are looked at in one go.
const lotSize = 32

// Visit reads every incident, the newest day first. Look makes of each what is wanted of it; it runs for several at
// once, and must change nothing that they share. Take gets what was made, one after the other in that order, where
// Visit was called.
//
// Passed over may be those in whose entries one of parts, which are in lower case, stands nowhere.
func Visit[T any](d *Reader, parts []string, look func(incident.Incident) T, take func(T)) error {
	return visitWanted(d, func(*row) bool { return true }, parts, look, take)
}

// visitWanted is a [Visit] of those that are wanted. It asks where it was called, before it reads them.
func visitWanted[T any](d *Reader, want func(*row) bool, parts []string, look func(incident.Incident) T, take func(T)) error {
	months, err := d.allMonths()
	if err != nil {
		return err
	}
	v := visit[T]{reader: d, want: want, look: look, take: take, atOnce: runtime.GOMAXPROCS(0)}
	for _, p := range parts {
		v.parts = append(v.parts, []byte(p))
	}
	defer v.all.Wait() // where reading fails, too, nobody looks any longer
	for _, m := range months {
		if err := v.month(m); err != nil {
			return err
		}
	}
	return v.end(0)
}

// visit is a Visit under way. The reader, and what it has shelved, belongs to the goroutine of the caller alone; the
// others get bodies, which never change.
type visit[T any] struct {
	reader *Reader
	want   func(*row) bool
	parts  [][]byte
	look   func(incident.Incident) T
	take   func(T)

	atOnce  int
	all     sync.WaitGroup
	waiting []*lot[T] // that nobody has taken from, in their order
}

// lot are some incidents that one goroutine looks at.
type lot[T any] struct {
	seen []*glance[T]
	done chan struct{}
}

// glance is one incident that is looked at.
type glance[T any] struct {
	row     *row
	body    []byte           // from the cache; nothing where it is not there
	entries []incident.Entry // otherwise
	made    T
	passed  bool // over
	damaged bool // the body
}

// month has the incidents of a month looked at. Those that are not in the cache are read first.
func (v *visit[T]) month(m folder) error {
	d := v.reader
	s, err := d.month(m)
	if err != nil {
		return err
	}
	var wanted []*row
	for _, p := range slices.Backward(s.parts) {
		for _, r := range p.rows {
			if v.want(r) {
				wanted = append(wanted, r)
			}
		}
	}
	many := len(wanted) > few
	if many {
		s.fetch()
	}
	before := d.decoded
	var seen []*glance[T]
	for _, r := range wanted {
		g := &glance[T]{row: r}
		if r.whole && !r.changed {
			g.body = r.body()
		}
		if len(g.body) == 0 {
			if g.entries, err = d.entries(r); err != nil {
				return err
			}
			if len(g.entries) == 0 {
				continue // a folder without a timeline
			}
		}
		if seen = append(seen, g); len(seen) == lotSize {
			if err := v.start(seen); err != nil {
				return err
			}
			seen = nil
		}
	}
	if d.decoded-before >= learnt {
		d.save(m.name, s)
	}
	if many {
		delete(d.shelved, m.name) // its bodies are large
	}
	return v.start(seen)
}

// few is how many incidents of a month are read one by one, not with all of the month.
const few = 8

// start has a lot looked at, while the next one is read. No more are under way than there are processors for, and as
// many again, so that those of a large record do not lie in memory all at once.
func (v *visit[T]) start(seen []*glance[T]) error {
	l := &lot[T]{seen: seen, done: make(chan struct{})}
	v.waiting = append(v.waiting, l)
	v.all.Go(func() {
		defer close(l.done)
		var e eye
		for _, g := range l.seen {
			v.glance(g, &e)
		}
	})
	return v.end(2 * v.atOnce)
}

// eye is what one goroutine uses again and again.
type eye struct {
	low     []byte
	entries []incident.Entry
}

func (v *visit[T]) glance(g *glance[T], e *eye) {
	entries := g.entries
	if len(g.body) > 0 {
		if len(v.parts) > 0 {
			e.low = appendLower(e.low[:0], g.body)
			if g.passed = !holdsAll(e.low, v.parts); g.passed {
				return
			}
		}
		if g.damaged = !e.read(g.body); g.damaged {
			return
		}
		entries = e.entries
	}
	g.made = v.look(incident.Fold(g.row.id, entries)) // which copies them
	g.entries = nil
}

// read reads the entries alone from a body, as [reel.memos] has written it.
func (e *eye) read(body []byte) bool {
	t := reading(body)
	var object string
	tape.List(t.Tape, &e.entries, func(one *incident.Entry) {
		t.Text(&object)
		t.entry(one)
	})
	return t.Ended() && len(e.entries) > 0
}

// end takes from the first lots, until no more than so many are left.
func (v *visit[T]) end(left int) error {
	for len(v.waiting) > left {
		l := v.waiting[0]
		v.waiting = v.waiting[1:]
		<-l.done
		for _, g := range l.seen {
			if g.damaged {
				entries, err := v.reader.entries(g.row)
				if err != nil {
					return err
				}
				g.made = v.look(incident.Fold(g.row.id, entries))
			}
			if !g.passed {
				v.take(g.made)
			}
		}
	}
	return nil
}

// holdsAll reports whether each of parts stands somewhere in a text.
func holdsAll(text []byte, parts [][]byte) bool {
	return !slices.ContainsFunc(parts, func(p []byte) bool { return !bytes.Contains(text, p) })
}

// appendLower appends s in lower case. What is UTF-8 of it is spelled as [strings.ToLower] spells it. A body holds
// every string of its entries as it is, and the byte before each is the last one of its length, which belongs to no
// longer character.
func appendLower(to, s []byte) []byte {
	for len(s) > 0 {
		n := 0
		for n < len(s) && s[n] < utf8.RuneSelf {
			n++
		}
		from := len(to)
		to = append(to, s[:n]...)
		for i, c := range to[from:] {
			if 'A' <= c && c <= 'Z' {
				to[from+i] = c + 'a' - 'A'
			}
		}
		if s = s[n:]; len(s) == 0 {
			break
		}
		r, size := utf8.DecodeRune(s)
		if r == utf8.RuneError && size == 1 {
			to = append(to, s[0])
		} else {
			to = utf8.AppendRune(to, unicode.ToLower(r))
		}
		s = s[size:]
	}
	return to
}
