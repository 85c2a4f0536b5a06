package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/parser"
	"go/printer"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// decided is the sum of the code that decides what a cache holds, without its comments.
const decided = "16ae6a77487ec4b7"

// A cache that another version of the program made must not tell what that version understood.
func TestShelfFormatGoesWithWhatItHolds(t *testing.T) {
	sum := codeSum(t,
		"tape.go", "../tape/tape.go", "shelf.go", "codec.go", "codec_quick.go",
		"../incident/entry.go", "../incident/fold.go", "../incident/name.go", "../incident/status.go",
	)
	require.Equal(t, decided, sum,
		"the code has changed: raise shelfFormat if a cache that was made before would now be read, decoded or closed otherwise; then put the new sum above")
}

// codeSum is the sum of the code of some files, without its comments.
func codeSum(t *testing.T, files ...string) string {
	t.Helper()
	sum := sha256.New()
	for _, file := range files {
		fset := token.NewFileSet()
		code, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		require.NoError(t, printer.Fprint(sum, fset, code))
	}
	return hex.EncodeToString(sum.Sum(nil))[:16]
}

// Every field of an entry that there is, or will be, is on the tape.
func TestTapeHoldsAllOfAnEntry(t *testing.T) {
	var e incident.Entry
	r := rand.New(rand.NewPCG(1, 1))
	fillIn(t, r, reflect.ValueOf(&e).Elem())
	e.Problem = nil // see memo
	require.Equal(t, e, again(t, e))
	require.Equal(t, incident.Entry{}, again(t, incident.Entry{}))

	for seed := range uint64(1000) {
		for _, e := range incidenttest.Random(rand.New(rand.NewPCG(seed, 0))).Entries {
			if e.Problem == nil {
				e = normal(e)
				require.Equal(t, e, again(t, e))
			}
		}
	}
}

// fillIn gives every field a value that is not zero.
func fillIn(t *testing.T, r *rand.Rand, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(r.Int64N(1e10), r.Int64N(1e9)).UTC()))
	case v.Type() == reflect.TypeFor[error](), !v.CanSet():
	case v.Type() == reflect.TypeFor[*time.Location]():
		zone, err := time.LoadLocation("Asia/Kathmandu")
		require.NoError(t, err)
		v.Set(reflect.ValueOf(zone))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fillIn(t, r, v.Field(i))
		}
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fillIn(t, r, v.Index(0))
		fillIn(t, r, v.Index(1))
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fillIn(t, r, key)
		fillIn(t, r, value)
		v.SetMapIndex(key, value)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillIn(t, r, v.Elem())
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprint("s", r.Uint64()))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(-1 - r.Int64())
	case v.CanUint():
		v.SetUint(200)
	case v.CanFloat():
		v.SetFloat(r.Float64())
	default:
		t.Fatalf("no value for %s", v.Type())
	}
}

func again(t *testing.T, e incident.Entry) incident.Entry {
	t.Helper()
	w := writing()
	w.entry(&e)
	r := reading(w.Written())
	var got incident.Entry
	r.entry(&got)
	require.True(t, r.Ended())
	return got
}

// sampleShelf holds incidents with and without entries.
func sampleShelf() *shelf {
	s := &shelf{tree: "tree"}
	for i := range 3 {
		p := part{name: fmt.Sprint(i), tree: fmt.Sprint("tree", i)}
		for n := range 2 {
			r := &row{id: fmt.Sprintf("2026110%d-x-%d", i, n), tree: "t", names: "a.md\x00b.md\x00", whole: n == 0, changed: true}
			for range n + i {
				r.memos.objects = append(r.memos.objects, "object")
				r.memos.entries = append(r.memos.entries, sample(incident.Entry{Kind: incident.Note, Text: strings.Repeat("x", 100)}))
			}
			if i == 1 {
				r.keys, r.keyed = []opened{{"key", "entry"}}, true
			}
			p.rows = append(p.rows, r)
		}
		s.parts = append(s.parts, p)
	}
	return s
}

func TestShelfComesBackAsItWasSaved(t *testing.T) {
	t.Parallel()
	c := shelves{dir: filepath.Join(t.TempDir(), "a", "b")}
	want := sampleShelf()
	c.save("open", want)
	items, err := os.ReadDir(c.dir)
	require.NoError(t, err)
	require.Len(t, items, 1, "nothing is left beside it")
	for _, fetched := range []bool{false, true} {
		got := c.load("open")
		if fetched {
			got.fetch()
			require.NotEmpty(t, got.bodies)
		}
		requireSameShelf(t, want, got)
	}
	got := c.load("open")
	got.parts[0].rows[0].memos, got.parts[0].rows[0].changed = memos{}, true
	c.save("open", got)
	got = c.load("open")
	require.Empty(t, got.parts[0].rows[0].unpack().entries)
	require.Len(t, got.parts[2].rows[1].unpack().entries, 3, "the other bodies moved with it")
}

func requireSameShelf(t *testing.T, want, got *shelf) {
	t.Helper()
	require.Equal(t, want.tree, got.tree)
	require.Len(t, got.parts, len(want.parts))
	for i, p := range want.parts {
		require.Equal(t, p.tree, got.parts[i].tree)
		require.Len(t, got.parts[i].rows, len(p.rows))
		for n, r := range p.rows {
			g := got.parts[i].rows[n]
			require.Equal(t, [...]any{r.id, r.tree, r.names, r.keys, r.keyed, r.whole}, [...]any{g.id, g.tree, g.names, g.keys, g.keyed, g.whole})
			require.Equal(t, &r.memos, g.unpack())
		}
	}
}

// Whatever happened to a file, it is not read for what it is not.
func TestShelfThatIsDamaged(t *testing.T) {
	t.Parallel()
	c := shelves{dir: t.TempDir()}
	c.save("open", sampleShelf())
	file := filepath.Join(c.dir, "open")
	whole, err := os.ReadFile(file)
	require.NoError(t, err)
	for i := 0; i < len(whole); i += 1 + i/100 {
		flipped := bytes.Clone(whole)
		flipped[i] ^= 1 << (i % 8)
		for _, raw := range [][]byte{flipped, whole[:i]} {
			require.NoError(t, os.WriteFile(file, raw, 0o666))
			requireRightOrNothing(t, c)
		}
	}
	require.NoError(t, os.Remove(file))
	require.Empty(t, c.load("open").parts)
	require.NoError(t, os.Mkdir(file, 0o777))
	require.Empty(t, c.load("open").parts)
	c.save("open", sampleShelf()) // cannot be, and nothing follows from it
}

// requireRightOrNothing says that what a shelf tells is right, and what it does not know it does not tell.
func requireRightOrNothing(t *testing.T, c shelves) {
	t.Helper()
	s := c.load("open")
	for i, p := range s.parts {
		for n, r := range p.rows {
			want := sampleShelf().parts[i].rows[n]
			if memos := r.unpack(); len(memos.entries) > 0 || r.whole {
				require.Equal(t, &want.memos, memos)
			}
		}
	}
	if len(s.parts) > 0 {
		require.Len(t, s.parts, 3)
	}
}

func TestShelfOfAnotherFormat(t *testing.T) {
	t.Parallel()
	c := shelves{dir: t.TempDir()}
	c.save("open", sampleShelf())
	file := filepath.Join(c.dir, "open")
	raw, err := os.ReadFile(file)
	require.NoError(t, err)
	raw[len(shelfMagic)]++
	require.NoError(t, os.WriteFile(file, raw, 0o666))
	require.Empty(t, c.load("open").parts)
}

// Somebody may replace the file between two looks at it.
func TestShelfThatIsReplaced(t *testing.T) {
	t.Parallel()
	c := shelves{dir: t.TempDir()}
	c.save("open", sampleShelf())
	s := c.load("open")
	other := sampleShelf()
	other.parts = other.parts[2:]
	c.save("open", other)
	for i, p := range s.parts {
		for n, r := range p.rows {
			if memos := r.unpack(); r.whole {
				require.Equal(t, &sampleShelf().parts[i].rows[n].memos, memos)
			}
		}
	}
}

// What claims to be large and is not takes no memory.
func TestTapeOfHostileLengths(t *testing.T) {
	const mebibyte = 1 << 20
	huge := "\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
	for name, raw := range map[string]string{
		"a tree of any length":       huge,
		"parts without end":          "\x00" + huge + strings.Repeat("\x00", mebibyte),
		"incidents without end":      "\x00\x01\x00\x00" + huge + strings.Repeat("\x00", mebibyte),
		"ones":                       strings.Repeat("\x01", mebibyte),
		"nothing":                    "",
		"a number that does not end": strings.Repeat("\xff", mebibyte),
	} {
		t.Run(name, func(t *testing.T) {
			requireFrugal(t, raw)
		})
	}
}

// requireFrugal reads anything as a table and as bodies.
func requireFrugal(t *testing.T, raw string) {
	t.Helper()
	var before, after runtime.MemStats
	for _, read := range []func(){
		func() { reading([]byte(raw)).shelf(new(shelf)) },
		func() { reading([]byte(raw)).memos(new(memos)) },
		func() { reading([]byte(raw)).config(new(Config)) },
		func() { new(eye).read([]byte(raw)) },
	} {
		runtime.ReadMemStats(&before)
		read()
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20+64*len(raw)))
	}
}

func FuzzShelf(f *testing.F) {
	table, bodies := writing(), writing()
	s := sampleShelf()
	table.shelf(s)
	bodies.memos(&s.parts[2].rows[1].memos)
	f.Add(string(table.Written()))
	f.Add(string(bodies.Written()))
	f.Fuzz(func(t *testing.T, raw string) {
		requireFrugal(t, raw)
		r := reading([]byte(raw))
		var read memos
		r.memos(&read)
		var e eye // the same bytes without the names of objects
		e.read([]byte(strings.Repeat(raw, 2)))
		require.Equal(t, r.Ended() && len(read.entries) > 0, e.read([]byte(raw)))
		if r.Failed() {
			return
		}
		require.Len(t, e.entries, len(read.entries))
		for n, one := range read.entries {
			require.Equal(t, one, e.entries[n])
		}
		w := writing()
		w.memos(&read)
		r = reading(w.Written())
		var again memos
		r.memos(&again)
		require.True(t, r.Ended())
		require.Len(t, again.entries, len(read.entries))
		require.Equal(t, read.objects, again.objects)
	})
}
