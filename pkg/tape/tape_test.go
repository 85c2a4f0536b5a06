package tape_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/tape"
)

type all struct {
	n    uint64
	i    int64
	s    string
	b    bool
	at   time.Time
	list []string
	p    *int64
	tiny uint8
	by   map[string]int64
}

func (v *all) lay(t *tape.Tape) {
	t.Number(&v.n)
	t.Signed(&v.i)
	t.Text(&v.s)
	t.Flag(&v.b)
	t.Time(&v.at)
	tape.List(t, &v.list, t.Text)
	tape.Maybe(t, &v.p, t.Signed)
	tape.Small(t, &v.tiny)
	tape.Map(t, &v.by, t.Text, t.Signed)
}

// Whatever bytes are read, nothing breaks; and what is read to its end is written the same way again, or more shortly.
func FuzzTape(f *testing.F) {
	n := int64(-3)
	w := tape.Write(0)
	(&all{1 << 40, -1, "text", true, time.Unix(5, 6), []string{"a", ""}, &n, 200, map[string]int64{"a": 1, "": -1}}).lay(w)
	f.Add(string(w.Written()))
	f.Add("")
	f.Add("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")
	f.Fuzz(func(t *testing.T, raw string) {
		var v, again all
		r := tape.Read(raw)
		v.lay(r)
		if !r.Ended() {
			return
		}
		w := tape.Write(0)
		v.lay(w)
		require.LessOrEqual(t, len(w.Written()), len(raw))
		r = tape.Read(string(w.Written()))
		again.lay(r)
		require.True(t, r.Ended())
		require.Equal(t, v, again)
	})
}
