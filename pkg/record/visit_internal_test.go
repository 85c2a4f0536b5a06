package record

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// A body whose sum is right and whose content is not is no answer: the incident is read again.
func TestVisitOfABodyThatIsNone(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	o := Options{
		Env: func(string) string { return "" }, Environ: []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1"},
		Now: func() time.Time { return incidenttest.At(0) }, User: func() string { return "ana" }, Warn: func(string) {},
	}
	made, err := Init(t.Context(), filepath.Join(home, "records"), o)
	require.NoError(t, err)
	for n := range learnt {
		_, err := made.Record.Write(t.Context(), Write{Author: "Ana <ana@example.com>", Entry: incident.Entry{
			Kind: incident.Opened, Audience: incident.Internal, Text: "It fails.", Facts: incident.Facts{Title: fmt.Sprint("Errors of ", n)},
		}})
		require.NoError(t, err)
	}
	seen := func() (titles []string, d *Reader) {
		d, err := made.Record.Read(t.Context())
		require.NoError(t, err)
		look := func(inc incident.Incident) string { return inc.Title }
		require.NoError(t, Visit(d, nil, look, func(title string) { titles = append(titles, title) }))
		return titles, d
	}
	want, d := seen()
	require.Len(t, want, learnt)
	require.NoError(t, d.Close())

	for _, body := range []string{"\x01", "\x00", strings.Repeat("\xff", 100), "\x02\x00"} {
		c := d.cache
		s := c.load("2026-11")
		require.Len(t, s.parts[0].rows, learnt)
		whole := s.parts[0].rows[3]
		require.True(t, whole.whole)
		s.bodies, s.base = []byte(body), 0
		whole.at, whole.size, whole.sum = 0, uint64(len(body)), uint64(sumOf([]byte(body)))
		require.Equal(t, body, string(whole.body()), "else this shows nothing")

		made.Record.shelved["2026-11"] = s
		got, d := seen()
		require.Equal(t, want, got)
		require.NoError(t, d.Close())
		delete(made.Record.shelved, "2026-11")
	}
}

// What stands in a text of an entry, in any letter case, is found in the body that holds it.
func FuzzLowerBody(f *testing.F) {
	f.Add("Ünïted ẞtates of İstanbul", "K is Kelvin", uint8(3))
	f.Add("Pool EXHAUSTED", "é", uint8(0))
	f.Add(strings.Repeat("É", 100), "ȺȾ", uint8(200))
	f.Add("\ufffd", "", uint8(1))
	f.Fuzz(func(t *testing.T, a, b string, seed uint8) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) {
			return // no entry holds such
		}
		r := rand.New(rand.NewPCG(uint64(seed), 0))
		object := make([]byte, 20)
		for i := range object {
			object[i] = byte(r.Uint32())
		}
		body := memos{
			objects: []string{string(object), string(object)},
			entries: []incident.Entry{{Name: "x", Text: a, Author: incident.Person{Name: b}}, {Facts: incident.Facts{Title: b, Tags: []string{a, b}}}},
		}
		w := writing()
		w.memos(&body)
		low := string(appendLower(nil, w.Written()))
		require.Contains(t, low, strings.ToLower(a))
		require.Contains(t, low, strings.ToLower(b))
		require.Equal(t, strings.ToLower(a), string(appendLower(nil, []byte(a))))
	})
}
