package record_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	opened := b.write(r, opening("Checkout errors"))
	id := opened.Incident.ID
	require.Equal(t, "20261123-checkout-errors", id)
	require.Equal(t, incident.Investigating, opened.Incident.Status)
	require.Equal(t, b.now, opened.Entry.At)
	require.Equal(t, b.now, opened.Entry.Recorded())

	secret := "Nobody but engineers reads this."
	done := b.write(r, record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: secret}})
	require.Equal(t, b.head(), done.Commit)
	require.Equal(t, "20261123-checkout-errors: note for engineers\n\nIncident-Id: "+id+"\nIncident-Entry: "+done.Entry.Name+
		"\nIncident-Audience: technical", b.git("log", "-1", "--format=%B"))
	require.Equal(t, record.PathOf(id, done.Entry.Name), b.git("show", "--format=", "--name-only"))
	require.NotContains(t, b.git("log", "--format=%B%an%ae"), secret)
	require.Contains(t, b.read(record.PathOf(id, done.Entry.Name)), secret)
	require.Equal(t, b.now.Format("2006-01-02T15:04:05+00:00"), b.git("log", "-1", "--format=%cI"))

	b.write(r, moved(id, incident.Identified))
	b.write(r, moved(id, incident.Resolved))
	inc := b.incident(r, id)
	require.Equal(t, incident.Resolved, inc.Status)
	require.Len(t, inc.Timeline, 4)
	require.Empty(t, inc.Anomalies)
	require.Equal(t, done.Entry, inc.Timeline[1])
	require.Equal(t, "5", b.git("rev-list", "--count", "HEAD"))
	b.requireSound()
}

func TestSubjects(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	at := func(e incident.Entry) record.Write {
		e.Audience = incident.Internal
		return record.Write{Incident: id, Entry: e}
	}
	noted := b.write(r, note(id, "wrong words"))
	for _, tt := range []struct {
		subject string
		w       record.Write
	}{
		{"correction for the war room", at(incident.Entry{Kind: incident.Note, Text: "right words", Corrects: noted.Entry.Name})},
		{"words withdrawn", at(incident.Entry{Kind: incident.Retracted, Text: "reason", Retracts: noted.Entry.Name})},
		{"facts set", at(incident.Entry{Kind: incident.Set, Facts: incident.Facts{Severity: incident.Sev1}})},
		{"role assigned", at(incident.Entry{Kind: incident.Assigned, Role: incident.Scribe, Holder: "Ben"})},
		{"status resolved", at(incident.Entry{Kind: incident.Moved, Status: incident.Resolved})},
		{"reopened", at(incident.Entry{Kind: incident.Reopened, Status: incident.Investigating})},
		{"postmortem drafted", at(incident.Entry{Kind: incident.Postmortem})},
	} {
		b.write(r, tt.w)
		require.Equal(t, id+": "+tt.subject, b.git("log", "-1", "--format=%s"))
	}
	require.Equal(t, id+": opened", b.git("log", "--format=%s", "--skip=8", "--max-count=1"))
	b.requireSound()
}

func TestIdentifiersOfOpenings(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	for _, tt := range []struct{ title, want string }{
		{"Checkout errors", "20261123-checkout-errors"},
		{"Checkout errors!", "20261123-checkout-errors-2"},
		{"checkout ERRORS", "20261123-checkout-errors-3"},
		{"🔥", "20261123-1"},
		{"🔥🔥", "20261123-2"},
		{"支付失败", "20261123-zhi-fu-shi-bai"},
		{"con", "20261123-con-incident"},
	} {
		require.Equal(t, tt.want, b.write(r, opening(tt.title)).Incident.ID)
	}
	b.now = time.Date(2026, 11, 23, 23, 30, 0, 0, time.FixedZone("", -3600)) // the next day in UTC
	require.Equal(t, "20261124-checkout-errors", b.write(r, opening("Checkout errors")).Incident.ID)
	ids, err := b.reader(r).IDs()
	require.NoError(t, err)
	require.Len(t, ids, 8)
	require.Equal(t, "20261124-checkout-errors", ids[0])
}

func TestRecordedTimeNeverGoesBack(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	var names []string
	for _, back := range []time.Duration{0, time.Millisecond, time.Hour, 24 * time.Hour, 0} {
		b.now = incidenttest.At(30).Add(-back)
		done, err := r.Write(t.Context(), note(id, "at "+b.now.String()))
		require.NoError(t, err)
		require.Equal(t, b.now, done.Entry.At, "when it happened is what the clock says")
		names = append(names, done.Entry.Name)
	}
	require.True(t, slices.IsSorted(names))
	for i, name := range names {
		require.True(t, strings.HasPrefix(name, fmt.Sprintf("20261123T143000.%03dZ", i)), "a millisecond at a time")
	}
	require.Len(t, b.warned, 3)
	require.Contains(t, b.warned[1], "one of the two clocks is wrong")
}

func TestKeys(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	keyed := func(w record.Write, key string) record.Write { w.Entry.Key = key; return w }

	opened := b.write(r, keyed(opening("Checkout errors"), "alert-1"))
	id := opened.Incident.ID
	first := b.write(r, keyed(note(id, "p99 at 9 s"), "k"))
	head := b.head()
	for rule, w := range map[string]record.Write{
		"the same note":     keyed(note(id, "p99 at 9 s"), "k"),
		"with other blanks": keyed(note(id, "\np99 at 9 s  \n"), "k"),
		"the same opening":  keyed(opening("Checkout errors"), "alert-1"),
	} {
		b.now = b.now.Add(time.Hour)
		done, err := r.Write(t.Context(), w)
		require.NoError(t, err, rule)
		require.True(t, done.Replayed, rule)
		require.Empty(t, done.Commit, rule)
		require.Equal(t, id, done.Incident.ID, rule)
		require.Contains(t, []string{first.Entry.Name, opened.Entry.Name}, done.Entry.Name, rule)
	}
	for rule, w := range map[string]record.Write{
		"another text":     keyed(note(id, "p99 at 1 s"), "k"),
		"another kind":     keyed(moved(id, incident.Identified), "k"),
		"another opening":  keyed(opening("Search errors"), "alert-1"),
		"another audience": {Incident: id, Entry: incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "p99 at 9 s", Key: "k"}},
		"a file besides":   {Incident: id, Entry: incident.Entry{Kind: incident.Note, Audience: incident.Internal, Text: "p99 at 9 s", Key: "k"}, Attach: []record.NewAttachment{{Name: "x", Data: nil}}},
	} {
		_, err := r.Write(t.Context(), w)
		require.ErrorIs(t, err, record.ErrConflict, rule)
		require.Contains(t, remedy(err), "--key", rule)
	}
	require.Equal(t, head, b.head())

	second := b.write(r, keyed(opening("Search errors"), "k"))
	require.NotEqual(t, id, second.Incident.ID, "a note's key elsewhere opens nothing")
	b.write(r, keyed(note(second.Incident.ID, "x"), "alert-1"))
	b.requireSound()
}

func TestDryRunWritesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	head := b.head()
	w := opening("Checkout errors")
	w.DryRun = true
	done, err := r.Write(t.Context(), w)
	require.NoError(t, err)
	require.Empty(t, done.Commit)
	require.Equal(t, "20261123-checkout-errors", done.Incident.ID)
	require.Contains(t, done.Entry.Name, "-opened-")
	require.Equal(t, head, b.head())
	require.NoDirExists(t, filepath.Join(b.dir, "incidents"))
	b.requireSound()

	w = moved("20261123-nothing", incident.Closed)
	w.DryRun = true
	_, err = r.Write(t.Context(), w)
	require.ErrorIs(t, err, record.ErrNotFound, "it fails as the real one would")
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	head := b.head()
	for _, tt := range []struct {
		rule string
		w    record.Write
		want error
	}{
		{"an incident that is not there", note("20261123-search", "x"), record.ErrNotFound},
		{"an incident that cannot be", note("../../x", "x"), record.ErrInvalid},
		{"no incident", note("", "x"), record.ErrInvalid},
		{"an empty note", note(id, " \n "), incident.ErrInvalid},
		{"a move that may not be", moved(id, incident.Closed), incident.ErrNotAllowed},
		{"a title of two lines", opening("a\nb"), incident.ErrInvalid},
		{"no title", opening(""), incident.ErrInvalid},
		{"a text that is too long", note(id, strings.Repeat("x", incident.MaxText+1)), incident.ErrInvalid},
		{"a text with control characters", note(id, "a\x1b[31mb"), incident.ErrInvalid},
		{"a text that is no UTF-8", note(id, "a\xffb"), incident.ErrInvalid},
		{"a file that is too large", record.Write{Incident: id, Entry: note(id, "x").Entry, Attach: []record.NewAttachment{{Name: "x", Data: make([]byte, incident.MaxAttachment+1)}}}, incident.ErrInvalid},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := r.Write(t.Context(), tt.w)
			require.ErrorIs(t, err, tt.want)
			require.Equal(t, head, b.head())
			b.requireSound()
		})
	}
	done, err := r.Write(t.Context(), record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Set, Audience: incident.Internal, Facts: incident.Facts{Severity: incident.Sev2}}})
	require.NoError(t, err)
	require.NotEmpty(t, done.Nothing)
	require.Equal(t, head, b.head())
}

func TestAuthors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, told, variable, config string
		author, committer            string
		warns                        bool
	}{
		{"nobody is known", "", "", "[user]\n\tuseConfigOnly = true\n", "ana <ana@{host}>", "ana <ana@{host}>", true},
		{"git knows", "", "", "[user]\n\tname = Git\n\temail = g@b\n", "Git <g@b>", "Git <g@b>", false},
		{"the variable is for bots", "", "Bot <bot@b>", "[user]\n\tname = Git\n\temail = g@b\n", "Bot <bot@b>", "Git <g@b>", false},
		{"the flag is first", "Ana Lima <a@b>", "Bot <bot@b>", "[user]\n\tname = Git\n\temail = g@b\n", "Ana Lima <a@b>", "Git <g@b>", false},
		{"a name alone", "Ana Lima", "", "[user]\n\tname = Git\n\temail = g@b\n", "Ana Lima <g@b>", "Git <g@b>", false},
		{"a bot that git does not know", "", "Bot <bot@b>", "[user]\n\tuseConfigOnly = true\n", "Bot <bot@b>", "ana <ana@{host}>", false},
		{"a name that git would spoil", "Ana <> \"Lima\" <", "", "[user]\n\tname = Git\n\temail = g@b\n", "Ana  \"Lima <g@b>", "Git <g@b>", false},
		{"a name of signs alone", ".,;", "", "[user]\n\tname = Git\n\temail = g@b\n", "Git <g@b>", "Git <g@b>", false},
		{"a name of two lines", "Ana\nLima", "", "[user]\n\tname = Git\n\temail = g@b\n", "Ana Lima <g@b>", "Git <g@b>", false},
		{"a name of great length", strings.Repeat("x", 300), "", "[user]\n\tname = Git\n\temail = g@b\n", strings.Repeat("x", 200) + " <g@b>", "Git <g@b>", false},
		{"a name with an escape", "A\x1b[31mna", "", "[user]\n\tname = Git\n\temail = g@b\n", `A\x1b[31mna <g@b>`, "Git <g@b>", false},
		{"a name in disguise", "Ana\u202e amiL\ufeff", "", "[user]\n\tname = Git\n\temail = g@b\n", `Ana\u202e amiL\ufeff <g@b>`, "Git <g@b>", false},
		{"a git name with odd letters", "", "", "[user]\n\tname = \"Zo\u00eb\u2028 Null\"\n\temail = z@b\n", `Zoë\u2028 Null <z@b>`, `Zoë\u2028 Null <z@b>`, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.vars["INCIDENT_AUTHOR"] = tt.variable
			b.file("../.gitconfig", tt.config)
			r := b.init()
			w := opening("Checkout errors")
			w.Author = tt.told
			done := b.write(r, w)
			host, err := os.Hostname()
			require.NoError(t, err)
			want := strings.ReplaceAll(tt.author, "{host}", host)
			require.Equal(t, want, done.Entry.Author.String())
			require.Equal(t, want+"|"+strings.ReplaceAll(tt.committer, "{host}", host), b.git("log", "-1", "--format=%an <%ae>|%cn <%ce>"))
			require.Equal(t, done.Entry, b.incident(r, done.Incident.ID).Timeline[0])
			if tt.warns {
				require.Len(t, b.warned, 1, "once in the life of a clone")
				require.Contains(t, b.warned[0], "git config --global user.name")
			} else {
				require.Empty(t, b.warned)
			}
		})
	}
}

func TestPostmortemDocument(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	draft := func(text string) record.Write {
		return record.Write{
			Incident: id, Entry: incident.Entry{Kind: incident.Postmortem, Audience: incident.Internal},
			Document: func(inc incident.Incident) ([]byte, error) { return []byte(inc.Title + "\r\n" + text), nil },
		}
	}
	file := record.PostmortemPath(id)
	_, err := b.reader(r).Postmortem(id)
	require.ErrorIs(t, err, record.ErrNotFound)

	b.write(r, draft("one\n"))
	require.Equal(t, "Checkout errors\none\n", b.read(file))
	require.Len(t, strings.Fields(b.git("show", "--format=", "--name-only")), 2, "entry and document are one commit")
	b.requireSound()

	done, err := r.Write(t.Context(), draft("one\n"))
	require.NoError(t, err)
	require.NotEmpty(t, done.Nothing, "the draft is up to date")
	b.write(r, draft("two\n"))
	require.Equal(t, "Checkout errors\ntwo\n", b.read(file), "a draft that nobody has edited is made anew")

	b.file(file, "my words\n")
	_, err = r.Write(t.Context(), draft("three\n"))
	require.ErrorIs(t, err, gitstore.ErrDirty)
	require.Equal(t, "my words\n", b.read(file))
	b.commitAll()
	_, err = r.Write(t.Context(), draft("three\n"))
	require.ErrorIs(t, err, record.ErrConflict)
	require.Contains(t, err.Error(), "was edited")
	require.NotEmpty(t, remedy(err))
	raw, err := b.reader(r).Postmortem(id)
	require.NoError(t, err)
	require.Equal(t, "my words\n", string(raw))

	b.git("rm", "--quiet", file)
	b.git("commit", "--quiet", "-m", "start over")
	b.write(r, draft("four\n"))
	require.Equal(t, "Checkout errors\nfour\n", b.read(file))

	wrong := errors.New("template")
	_, err = r.Write(t.Context(), record.Write{
		Incident: id, Entry: incident.Entry{Kind: incident.Postmortem, Audience: incident.Internal},
		Document: func(incident.Incident) ([]byte, error) { return nil, wrong },
	})
	require.ErrorIs(t, err, wrong)
	b.requireSound()
}

func TestManyOpenAtOnce(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.init()
	var all sync.WaitGroup
	results := make([]record.Written, 12)
	errs := make([]error, len(results))
	for i := range results {
		own := *b
		r := own.open()
		w := opening("Checkout errors")
		if i%2 == 0 {
			w.Entry.Key = "the same alert"
		}
		all.Go(func() { results[i], errs[i] = r.Write(t.Context(), w) })
	}
	all.Wait()
	ids := map[string]int{}
	keyed := map[string]bool{}
	for i, done := range results {
		require.NoError(t, errs[i])
		if ids[done.Incident.ID]++; i%2 == 0 {
			keyed[done.Incident.ID] = true
		}
	}
	require.Len(t, keyed, 1, "one key opens one incident")
	require.Len(t, ids, 7, "without a key, each opens its own")
	require.Equal(t, "8", b.git("rev-list", "--count", "HEAD"))
	b.requireSound()
}
