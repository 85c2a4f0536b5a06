package record_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// answers are what a reader tells of a record.
type answers struct {
	All, Open []incident.Incident
	IDs       []string
	Closed    []string
	Resolved  map[string][]string
	Entries   map[string][]record.EntryRef
}

func (b *box) answers(r *record.Record, refs []string) answers {
	b.Helper()
	d := b.reader(r)
	a := answers{Resolved: map[string][]string{}, Entries: map[string][]record.EntryRef{}}
	var err error
	a.Open, err = d.Open()
	require.NoError(b, err)
	a.IDs, err = d.IDs()
	require.NoError(b, err)
	a.Closed, err = d.Closed()
	require.NoError(b, err)
	for _, ref := range refs {
		a.Resolved[ref], err = d.Resolve(ref)
		require.NoError(b, err)
		a.Entries[ref], err = d.FindEntry(ref)
		require.NoError(b, err)
	}
	a.All, err = d.All()
	require.NoError(b, err)
	n := 0
	require.NoError(b, b.reader(r).Recent(1<<40, func(inc incident.Incident) {
		require.Less(b, n, len(a.All))
		require.Equal(b, a.All[n].ID, inc.ID)
		requireAlike(b, a.All[n], inc)
		n++
	}))
	require.Len(b, a.All, n)
	for _, inc := range a.All {
		one, err := d.Incident(inc.ID)
		require.NoError(b, err)
		requireAlike(b, inc, one)
	}
	return a
}

// requireAlike compares what can be compared: problems are made anew at each reading.
func requireAlike(t require.TestingT, want, got incident.Incident) {
	require.Equal(t, fmt.Sprintf("%+v", want.Anomalies), fmt.Sprintf("%+v", got.Anomalies), want.ID)
	require.Equal(t, want.Status, got.Status, want.ID)
	require.Len(t, got.Timeline, len(want.Timeline), want.ID)
	for i, e := range want.Timeline {
		g := got.Timeline[i]
		require.Equal(t, fmt.Sprint(e.Problem), fmt.Sprint(g.Problem))
		e.Problem, g.Problem = nil, nil
		require.Equal(t, e, g)
	}
}

func requireSameAnswers(t require.TestingT, want, got answers) {
	for _, list := range [][2][]incident.Incident{{want.All, got.All}, {want.Open, got.Open}} {
		require.Len(t, list[1], len(list[0]))
		for i := range list[0] {
			require.Equal(t, list[0][i].ID, list[1][i].ID)
			requireAlike(t, list[0][i], list[1][i])
		}
	}
	want.All, want.Open, got.All, got.Open = nil, nil, nil, nil
	require.Equal(t, want, got)
}

func (b *box) cacheDir() string { return filepath.Join(b.dir, ".git", "incident", "cache") }

// without runs do while there is no cache and can be none.
func (b *box) without(do func()) {
	b.Helper()
	dir, aside := b.cacheDir(), b.cacheDir()+".aside"
	moved := os.Rename(dir, aside) == nil
	require.NoError(b, os.MkdirAll(filepath.Dir(dir), 0o777))
	require.NoError(b, os.WriteFile(dir, nil, 0o666))
	do()
	require.NoError(b, os.Remove(dir))
	if moved {
		require.NoError(b, os.Rename(aside, dir))
	}
}

// told is what git says of the same commit: the incidents with a timeline, and the names in them.
func (b *box) told() (ids []string, names map[string][]string) {
	b.Helper()
	names = map[string][]string{}
	if b.git("ls-tree", "HEAD", "incidents") == "" {
		return nil, names
	}
	for line := range strings.SplitSeq(b.git("ls-tree", "-r", "-z", "--name-only", "HEAD:incidents"), "\x00") {
		parts := strings.Split(line, "/") // 2026/11/23/slug/timeline/name
		if len(parts) != 6 || parts[4] != "timeline" {
			continue
		}
		id := strings.Join(parts[:3], "") + "-" + parts[3]
		if len(names[id]) == 0 {
			ids = append(ids, id)
		}
		names[id] = append(names[id], strings.TrimSuffix(parts[5], ".md"))
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(b[:8], a[:8]), cmp.Compare(a, b)) })
	return ids, names
}

// Whatever people and programs do to the branch and to the cache, what is told is what the newest commit
// holds: the same as without a cache, and the same as git tells.
func TestCacheThroughRandomHistory(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1, 2} {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			w := &wanderer{box: newBox(t), Rand: rand.New(rand.NewPCG(seed, 0))}
			w.r = w.init()
			w.box.git("config", "user.name", "P")
			w.box.git("config", "user.email", "p@b")
			for step := range 30 {
				did := w.step(step)
				refs := w.refs()
				got := w.answers(w.r, refs)
				var want answers
				w.without(func() { want = w.answers(w.r, refs) })
				requireSameAnswers(w.at(step, did), want, got)
				ids, names := w.told()
				require.Equal(w.at(step, did), ids, got.IDs)
				for _, inc := range got.All {
					require.Len(w.at(step, did), inc.Timeline, len(names[inc.ID]))
				}
				open := slices.DeleteFunc(slices.Clone(got.All), func(i incident.Incident) bool { return i.Status == incident.Closed })
				require.Len(w.at(step, did), got.Open, len(open))
			}
		})
	}
}

// wanderer does what people and programs do.
type wanderer struct {
	*box
	*rand.Rand
	r *record.Record
}

// at fails a test with the step that led there.
func (w *wanderer) at(step int, did string) require.TestingT {
	return failing{w.T, fmt.Sprintf("step %d: %s", step, did)}
}

type failing struct {
	*testing.T
	step string
}

func (f failing) Errorf(format string, args ...any) {
	f.T.Helper()
	f.T.Errorf(f.step+"\n"+format, args...)
}

func (w *wanderer) refs() []string {
	refs := []string{"errors", "202611", "20261123-checkout-errors", "billing", "note"}
	ids, names := w.told()
	if len(ids) > 0 {
		id := ids[w.IntN(len(ids))]
		name := names[id][w.IntN(len(names[id]))]
		suffix := name[strings.LastIndexByte(name, '-')+1:]
		refs = append(refs, id, id[9:], name, suffix, name[:min(len(name), 12)], id[:9]+suffix)
	}
	return refs
}

func (w *wanderer) some(ids []string) string { return ids[w.IntN(len(ids))] }

// step changes the record once and says how.
func (w *wanderer) step(n int) string {
	ids, names := w.told()
	if n < 5 || len(ids) == 0 {
		return w.opens()
	}
	id := w.some(ids)
	if w.IntN(3) == 0 {
		w.harm()
	}
	switch w.IntN(12) {
	case 0:
		return w.opens()
	case 1, 2:
		w.write(w.r, note(id, "it goes on"))
		return "note in " + id
	case 3, 4:
		return w.moves(id)
	case 5:
		return "revert " + w.tries("revert", "HEAD")
	case 6:
		commits := strings.Fields(w.box.git("rev-list", "--first-parent", "--max-count=3", "HEAD"))
		w.box.git("reset", "--quiet", "--hard", w.some(commits))
		return "reset"
	case 7:
		w.box.git("switch", "--quiet", "-C", fmt.Sprint("b", w.IntN(2)))
		w.write(w.r, note(id, "on another branch"))
		w.box.git("switch", "--quiet", "main")
		return "another branch"
	case 8:
		for _, branch := range []string{"b0", "b1"} {
			if w.box.git("branch", "--list", branch) != "" {
				return "merge " + branch + w.tries("merge", branch)
			}
		}
		return "nothing"
	case 9:
		w.box.git("rm", "-r", "--quiet", path.Dir(record.PathOf(id, "x")))
		w.box.git("commit", "--quiet", "-m", "gone")
		return "remove " + id
	case 10:
		name := w.some(names[id])
		damage := []string{"no entry\n", "---\nschema: 9\n---\n", "---\nschema: 1\nkind: note\naudience: nobody\n---\n"}
		w.file(record.PathOf(id, strings.ReplaceAll(name, "/", "")), w.some(damage))
		w.box.git("add", "--all")
		w.box.git("commit", "--quiet", "--allow-empty", "-m", "damage")
		return "damage " + name
	default:
		w.box.git("reflog", "expire", "--expire=now", "--all")
		w.box.git("gc", "--quiet", "--prune=now")
		return "gc"
	}
}

// tries lets git make a commit that it may not be able to make, and then takes back what it began.
func (w *wanderer) tries(command, commit string) string {
	cmd := exec.Command("git", command, "--no-edit", commit)
	cmd.Dir, cmd.Env = w.dir, w.env
	if out, err := cmd.CombinedOutput(); err != nil {
		w.box.git("reset", "--quiet", "--hard")
		return ": " + string(out)
	}
	return ""
}

func (w *wanderer) opens() string {
	w.now = w.now.Add(time.Duration(w.IntN(20*24)) * time.Hour)
	o := opening(w.some([]string{"Checkout errors", "Search slow", "Errors"}))
	o.Entry.Key = fmt.Sprint("key-", w.now.Unix())
	done := w.write(w.r, o)
	again, err := w.r.Write(w.Context(), o)
	require.NoError(w, err)
	require.True(w, again.Replayed)
	require.Equal(w, done.Entry.Name, again.Entry.Name)
	return "open " + done.Incident.ID
}

// moves goes one step towards closed, or back.
func (w *wanderer) moves(id string) string {
	inc := w.incident(w.r, id)
	next := moved(id, incident.Resolved)
	switch {
	case inc.Status == incident.Closed:
		next = record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Reopened, Audience: incident.Internal, Status: incident.Investigating}}
	case inc.Status == incident.Resolved:
		next = moved(id, incident.Closed)
	}
	w.write(w.r, next)
	return fmt.Sprintf("%s becomes %s", id, next.Entry.Status)
}

// harm does to the cache what disks and people do.
func (w *wanderer) harm() {
	items, _ := os.ReadDir(w.cacheDir()) // there may be none yet
	for _, it := range items {
		file := filepath.Join(w.cacheDir(), it.Name())
		raw, err := os.ReadFile(file)
		require.NoError(w, err)
		switch w.IntN(6) {
		case 0:
			require.NoError(w, os.Remove(file))
		case 1:
			require.NoError(w, os.Truncate(file, w.Int64N(int64(len(raw)))))
		case 2:
			raw[w.IntN(len(raw))] ^= 1 << w.IntN(8)
			require.NoError(w, os.WriteFile(file, raw, 0o666))
		}
	}
}

// The open incidents are found, and one that is named in full without a cache, with no look at the closed.
func TestReadingTheOpenLeavesTheClosedAlone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	gone := b.write(r, opening("Search errors"))
	b.write(r, moved(gone.Incident.ID, incident.Resolved))
	b.write(r, moved(gone.Incident.ID, incident.Closed))
	id := b.write(r, opening("Checkout errors")).Incident.ID
	_, err := b.reader(r).Open()
	require.NoError(t, err)
	b.write(r, note(id, "it goes on"))

	tree := b.git("rev-parse", "HEAD:"+path.Dir(path.Dir(record.PathOf(gone.Incident.ID, "x"))))
	for _, object := range []string{tree, b.git("rev-parse", tree+":timeline")} {
		require.NoError(t, os.Remove(b.alone(object)))
	}
	_, err = b.reader(b.open()).All()
	require.Error(t, err, "else this shows nothing")
	r = b.open()
	open, err := b.reader(r).Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Len(t, open[0].Timeline, 2)
	b.without(func() {
		found, err := b.reader(r).Resolve(id)
		require.NoError(t, err)
		require.Equal(t, []string{id}, found)
		require.Len(t, b.incident(r, id).Timeline, 2)
		b.write(r, note(id, "without a cache"))
	})
}

// An entry that a disk will not give today is not taken for one that is not there: tomorrow it is read.
func TestCacheForgetsWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	b.write(r, moved(id, incident.Resolved))
	b.write(r, moved(id, incident.Closed))
	reopened := b.write(r, record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Reopened, Audience: incident.Internal, Status: incident.Investigating}})
	object := b.git("rev-parse", "HEAD:"+record.PathOf(id, reopened.Entry.Name))
	file := b.alone(object)
	require.NoError(t, os.Rename(file, file+".aside"))
	require.NoError(t, os.RemoveAll(b.cacheDir()))
	for range 2 {
		open, err := b.reader(r).Open()
		require.NoError(t, err)
		require.Empty(t, open)
		all, err := b.reader(r).All()
		require.NoError(t, err)
		require.Len(t, all[0].Anomalies, 1)
	}
	require.NoError(t, os.Rename(file+".aside", file))
	open, err := b.reader(r).Open()
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Equal(t, incident.Investigating, open[0].Status)
	require.Empty(t, open[0].Anomalies)
}

// Where the cache cannot be written, everything is told all the same.
func TestCacheThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	want := b.answers(r, []string{"errors"})
	b.without(func() { requireSameAnswers(t, want, b.answers(r, []string{"errors"})) })
	require.NoError(t, os.RemoveAll(b.cacheDir()))
	require.NoError(t, os.MkdirAll(b.cacheDir(), 0o555))
	requireSameAnswers(t, want, b.answers(r, []string{"errors"}))
	require.Equal(t, id, want.Open[0].ID)
}

// Many may read at once while somebody writes.
func TestCacheOfManyReaders(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	failed := make(chan error)
	for range 4 {
		go func() {
			var err error
			for n := 0; n < 20 && err == nil; n++ {
				err = readAtOnce(b, id)
			}
			failed <- err
		}()
	}
	for range 10 {
		b.write(r, note(id, "it goes on"))
	}
	for range 4 {
		require.NoError(t, <-failed)
	}
	require.Len(t, b.incident(r, id).Timeline, 11)
	items, err := os.ReadDir(b.cacheDir())
	require.NoError(t, err)
	for _, it := range items {
		require.NotContains(t, it.Name(), ".", "nothing is left beside the files")
	}
}

func readAtOnce(b *box, id string) error {
	r, err := record.Open(b.Context(), record.Place{Dir: b.dir, How: record.ByFlag, Exists: true}, b.options())
	if err != nil {
		return err
	}
	d, err := r.Read(b.Context())
	if err != nil {
		return err
	}
	open, err := d.Open()
	if err == nil && (len(open) != 1 || open[0].ID != id) {
		err = fmt.Errorf("%d are open", len(open))
	}
	if _, findErr := d.FindEntry("note"); err == nil {
		err = findErr
	}
	return cmp.Or(err, d.Close())
}
