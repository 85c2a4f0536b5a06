package record_test

import (
	"bytes"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/record"
)

func TestReadShowsWhatIsCommitted(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	d := b.reader(r)
	ids, err := d.IDs()
	require.NoError(t, err)
	require.Empty(t, ids)
	_, err = d.Incident("20261123-x")
	require.ErrorIs(t, err, record.ErrNotFound)

	id := b.write(r, opening("Checkout errors")).Incident.ID
	_, err = d.Incident(id)
	require.ErrorIs(t, err, record.ErrNotFound, "a reader stays at its commit")
	entry := b.write(r, note(id, "as it was recorded")).Entry.Name
	b.file(record.PathOf(id, entry), "edited by hand\n")
	b.file(record.PathOf(id, "20261123T150000.000Z-note-internal-aaaaaa"), "made by hand\n")
	inc := b.incident(r, id)
	require.Len(t, inc.Timeline, 2)
	require.Equal(t, "as it was recorded", inc.Timeline[1].Text)
}

// One bad entry hides no good one.
func TestReadNamesWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	other := b.write(r, opening("Search errors")).Incident.ID
	good := b.write(r, note(id, "good")).Entry.Name
	name := func(n int) string { return fmt.Sprintf("20261123T160000.%03dZ-note-internal-aaaaaa", n) }
	timeline := filepath.Dir(record.PathOf(id, "x"))
	b.file(record.PathOf(id, name(1)), "not an entry\n")
	b.file(record.PathOf(id, name(2)), strings.Repeat("large\n", 1<<20))
	b.file(record.PathOf(id, name(3)), "---\nschema: 99\nwords: secretword\n---\n")
	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(b.dir, filepath.FromSlash(record.PathOf(id, name(4))))))
	b.file(record.PathOf(id, "notes"), "a file of somebody's\n") // notes.md
	b.file(timeline+"/README", "a file of somebody's\n")
	b.file(timeline+"/folder/x.md", "a folder\n")
	b.file(timeline+"/"+good, "a name without its ending\n")
	b.file("incidents/2026/11/23/Not An Incident/timeline/x.md", "x\n")
	b.file("incidents/2026/11/23/a-file", "x\n")
	b.file("incidents/2026/11/23/no-timeline/x", "x\n")
	b.file("incidents/README.md", "x\n")
	b.commitAll()

	inc := b.incident(r, id)
	problems := map[string]string{}
	for _, a := range inc.Anomalies {
		require.NotContains(t, problems, a.Entry)
		problems[a.Entry] = a.Err.Error()
		require.NotContains(t, a.Err.Error(), "secret")
	}
	require.Contains(t, problems[name(1)], "does not begin with front matter")
	require.Contains(t, problems[name(2)], "larger than")
	require.Contains(t, problems[name(3)], "newer version")
	require.Contains(t, problems["timeline/"+name(4)+".md"], "no ordinary file")
	require.Contains(t, problems["notes"], "does not begin with front matter")
	require.Contains(t, problems["timeline/README"], "does not end in .md")
	require.Contains(t, problems["timeline/folder"], "no ordinary file")
	require.Contains(t, problems["timeline/"+good], "does not end in .md")
	require.Len(t, problems, 8)
	require.Equal(t, "Checkout errors", inc.Title)
	e, ok := inc.Entry(good)
	require.True(t, ok)
	require.Equal(t, "good", e.Text)

	all, err := b.reader(r).All()
	require.NoError(t, err)
	require.Len(t, all, 2, "folders without a timeline are no incidents")
	require.Empty(t, b.incident(r, other).Anomalies)
	done := b.write(r, note(id, "it goes on"))
	e, ok = b.incident(r, id).Entry(done.Entry.Name)
	require.True(t, ok)
	require.Equal(t, "it goes on", e.Text)
}

// A tree that git never makes, but that a hostile clone can bring, holds one name twice.
func TestReadOfANameThatIsThereTwice(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	read := b.open()
	require.Len(t, b.incident(read, id).Timeline, 1)
	raw := b.gitWith(nil, "cat-file", "tree", "HEAD:incidents/2026/11/23/checkout-errors/timeline")
	tree := string(b.gitWith(bytes.Repeat(raw, 2), "hash-object", "-t", "tree", "--literally", "-w", "--stdin"))
	for _, name := range []string{"timeline", "checkout-errors", "23", "11", "2026", "incidents"} {
		tree = string(b.gitWith([]byte("040000 tree "+strings.TrimSpace(tree)+"\t"+name+"\n"), "mktree"))
	}
	b.git("update-ref", "HEAD", b.git("commit-tree", "-m", "hostile", strings.TrimSpace(tree)))
	require.Len(t, b.incident(r, id).Timeline, 1)
	require.Len(t, b.incident(read, id).Timeline, 1, "it is not what came behind the first either")
}

func TestReadPassesOverDamagedObjects(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	lost := b.write(r, note(id, "lost")).Entry.Name
	b.write(r, note(id, "kept"))
	object := b.git("rev-parse", "HEAD:"+record.PathOf(id, lost))
	require.NoError(t, os.Remove(b.alone(object)))
	inc := b.incident(b.open(), id) // another process: one knows what it has read
	require.Len(t, inc.Timeline, 3)
	require.Len(t, inc.Anomalies, 1)
	require.Equal(t, lost, inc.Anomalies[0].Entry)
	require.Equal(t, "kept", inc.Timeline[2].Text)
}

func TestResolve(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	public := map[string]string{}
	open := func(title string) string {
		inc := b.write(r, opening(title)).Incident
		public[inc.ID] = inc.PublicID
		return inc.ID
	}
	old := open("Checkout errors")
	b.write(r, moved(old, incident.Resolved))
	b.now = b.now.Add(24 * time.Hour)
	checkout := open("Checkout errors")
	second := open("Checkout errors again")
	search := open("Search slow")
	gone := open("Search down")
	b.write(r, moved(gone, incident.Resolved))
	for _, tt := range []struct {
		rule, ref string
		want      []string
	}{
		{"an identifier", old, []string{old}},
		{"an identifier that others begin with", checkout, []string{checkout}},
		{"in any letters, with blanks", " " + strings.ToUpper(search) + " ", []string{search}},
		{"the beginning of one", "20261124-s", []string{search}},
		{"the beginning of several", "20261124-c", []string{checkout, second}},
		{"the day of a resolved one", "20261123", []string{old}},
		{"a part of a slug", "slow", []string{search}},
		{"a slug that is that of an open one too", "checkout-errors", []string{checkout}},
		{"a slug of several that are open", "errors", []string{checkout, second}},
		{"a part of one that is resolved alone", "down", []string{gone}},
		{"a part of an open and a resolved one", "search", []string{search}},
		{"a public identifier", public[search], []string{search}},
		{"the public identifier of a resolved one", public[old], []string{old}},
		{"nothing", "", nil},
		{"what is not there", "billing", nil},
		{"a hostile reference", "../../.git", nil},
		{"a pattern", "*", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			found, err := b.reader(r).Resolve(tt.ref)
			require.NoError(t, err)
			require.ElementsMatch(t, tt.want, found)
		})
	}
}

func TestFindEntry(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	other := b.write(r, opening("Search errors")).Incident.ID
	first := b.write(r, note(id, "one")).Entry
	second := b.write(r, note(other, "two")).Entry
	a, z := record.EntryRef{Incident: id, Name: first.Name}, record.EntryRef{Incident: other, Name: second.Name}
	for _, tt := range []struct {
		rule, ref string
		want      []record.EntryRef
	}{
		{"a whole name", first.Name, []record.EntryRef{a}},
		{"a random suffix", second.Suffix(), []record.EntryRef{z}},
		{"the beginning of a name", first.Name[:15], []record.EntryRef{a}},
		{"the beginning of several", "20261123T140", nil},
		{"a word of the name", "internal", nil},
		{"a part of the suffix", first.Suffix()[3:], nil},
		{"too little to mean anything", "202", nil},
		{"nothing", "", nil},
		{"what is not there", "20251123", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			found, err := b.reader(r).FindEntry(tt.ref)
			require.NoError(t, err)
			if tt.rule == "the beginning of several" {
				require.Len(t, found, 4)
				return
			}
			require.ElementsMatch(t, tt.want, found)
		})
	}
}

func TestLog(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.vars["INCIDENT_AUTHOR"] = "Bot <bot@b>"
	r := b.init()
	opened := b.write(r, opening("Checkout errors"))
	id := opened.Incident.ID
	at := b.now
	noted := b.write(r, note(id, "one"))
	b.write(r, opening("Search errors"))
	log, err := r.Log(t.Context(), b.incident(r, id))
	require.NoError(t, err)
	require.Len(t, log, 2)
	require.Equal(t, record.Logged{Entry: opened.Entry, Commit: opened.Commit, Committed: at, By: incident.Person{Name: "Bot", Email: "bot@b"}}, log[0])
	require.Equal(t, noted.Commit, log[1].Commit)

	_, err = r.Log(t.Context(), incident.Incident{ID: "../x"})
	require.ErrorIs(t, err, record.ErrInvalid)
}

// Two people open the same incident and go on with it apart. Plain git joins their clones, and the fold
// their words.
func TestClonesThatMeet(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.init()
	b.git("config", "user.name", "P")
	b.git("config", "user.email", "p@b")
	clone := b.in("../clone")
	b.git("clone", "--quiet", b.dir, clone.dir)
	here, there := b.open(), clone.open()

	id := b.write(here, opening("Checkout errors")).Incident.ID
	clone.now = b.now.Add(30 * time.Second)
	w := opening("Checkout errors")
	w.Entry.Severity, w.Entry.Impact = incident.Sev1, incident.ImpactMajor
	require.Equal(t, id, clone.write(there, w).Incident.ID)
	b.write(here, note(id, "seen from here"))
	clone.write(there, note(id, "seen from there"))
	b.write(here, moved(id, incident.Identified))
	clone.write(there, moved(id, incident.Resolved))
	b.write(here, moved(id, incident.Monitoring))

	b.git("pull", "--quiet", "--no-rebase", "--no-edit", clone.dir, "HEAD")
	clone.git("pull", "--quiet", "--no-rebase", "--no-edit", b.dir, "HEAD")
	require.Equal(t, b.head(), clone.head())
	b.requireSound()
	inc := b.incident(here, id)
	require.Equal(t, inc, clone.incident(there, id))
	require.Len(t, inc.Timeline, 7)
	require.Equal(t, incident.Sev2, inc.Severity, "the earliest opening wins")
	require.Equal(t, incident.ImpactMajor, inc.Impact, "and the other adds what it left unsaid")
	require.NotEmpty(t, inc.Anomalies, "what does not fit is told")
	require.Equal(t, incident.Resolved, inc.Status)

	log, err := here.Log(t.Context(), inc)
	require.NoError(t, err)
	for _, l := range log {
		require.NotEmpty(t, l.Commit)
	}
	b.write(here, note(id, "together again"))
	b.requireSound()
}

// What a record has read before is only a beginning: whatever others do to the incident, it is read as by one who never
// saw it.
func TestReadAgainIsAsReadAnew(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	b.git("config", "user.name", "P")
	b.git("config", "user.email", "p@b")
	other := b.open()
	said := func(text, key string) {
		w := note(id, text)
		w.Entry.Key = key
		b.write(other, w)
	}
	entry := func(name, content string) {
		b.file(record.PathOf(id, name), content)
		b.commitAll()
	}
	valid := "---\nschema: 1\nkind: note\naudience: internal\nauthor: P <p@b>\nat: 2026-11-23T14:00:00Z\n---\n\nWritten by hand.\n"
	names := func() []string {
		var list []string
		for _, e := range b.incident(b.open(), id).Timeline {
			list = append(list, e.Name)
		}
		return list
	}
	for _, tt := range []struct {
		rule string
		do   func()
	}{
		{"nothing", func() {}},
		{"one more", func() { said("one", "") }},
		{"some more", func() { said("two", "k"); said("three", ""); said("four", "l") }},
		{"a status", func() { b.write(other, moved(id, incident.Identified)) }},
		{"a document beside the timeline", func() { b.file(record.PostmortemPath(id), "# Words\n"); b.commitAll() }},
		{"and one more", func() { said("five", "") }},
		{"one in the middle", func() { entry("20261123T140000.000Z-note-internal-abcd", valid) }},
		{"one before all", func() { entry("20200101T000000.000Z-note-internal-abce", valid) }},
		{"more after that", func() { said("six", "") }},
		{"one behind all that cannot be read", func() { entry("20301123T140000.000Z-note-internal-abcf", "no entry\n") }},
		{"it is gone", func() { b.git("reset", "--quiet", "--hard", "HEAD~1") }},
		{"the newest is another one", func() {
			b.git("reset", "--quiet", "--hard", "HEAD~1")
			other = b.open()
			said("seven", "")
		}},
		{"one of them has other words", func() { entry(names()[3], valid) }},
		{"one of them is removed", func() {
			b.git("rm", "--quiet", record.PathOf(id, names()[2]))
			b.git("commit", "--quiet", "-m", "gone")
		}},
		{"what sorts behind all is no entry", func() { b.file(path.Dir(record.PathOf(id, "x"))+"/zz", "x"); b.commitAll() }},
		{"and one more with that", func() { said("eight", "") }},
	} {
		tt.do()
		requireAlike(failing{t, tt.rule}, b.incident(b.open(), id), b.incident(r, id))
		done, err := r.Write(t.Context(), record.Write{Incident: id, Entry: note(id, tt.rule).Entry, DryRun: true})
		require.NoError(t, err, tt.rule)
		require.Len(t, done.Incident.Timeline, len(names())+1, tt.rule)
	}
}
