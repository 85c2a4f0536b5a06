package cli

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
	"incident/pkg/view"
)

// shop is a machine with a record of random incidents.
type shop struct {
	*testing.T
	*rand.Rand
	home, dir string
}

func newShop(t *testing.T, seed uint64) *shop {
	t.Helper()
	s := &shop{T: t, Rand: rand.New(rand.NewPCG(seed, 0)), home: t.TempDir()}
	s.dir = filepath.Join(s.home, "records")
	require.NoError(t, os.Mkdir(s.dir, 0o777))
	s.git("init", "--quiet", "--initial-branch=main")
	s.git("config", "user.name", "Ana")
	s.git("config", "user.email", "ana@example.com")
	_, err := record.Init(t.Context(), s.dir, s.options())
	require.NoError(t, err)
	for i := range 26 {
		id := fmt.Sprintf("2026%02d%02d-some-%d", 10+i%2, 1+s.IntN(28), i)
		for _, e := range incidenttest.Random(s.Rand).Entries {
			if e.Name != "" && utf8.ValidString(e.Name) && !strings.ContainsAny(e.Name, "/!") {
				file := filepath.Join(s.dir, filepath.FromSlash(record.PathOf(id, e.Name)))
				require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o777))
				require.NoError(t, os.WriteFile(file, []byte(incidenttest.File(e)), 0o666))
			}
		}
	}
	s.git("add", "--all")
	s.git("commit", "--quiet", "-m", "by hand")
	return s
}

func (s *shop) env() []string {
	return []string{"HOME=" + s.home, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "TMPDIR=" + s.home}
}

func (s *shop) now() time.Time { return incidenttest.At(60 * 24) }

func (s *shop) options() record.Options {
	return record.Options{Env: func(string) string { return "" }, Environ: s.env(), Now: s.now, User: func() string { return "ana" }, Warn: func(string) {}}
}

func (s *shop) git(args ...string) {
	s.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = s.dir, s.env()
	out, err := cmd.CombinedOutput()
	require.NoError(s, err, string(out))
}

// incident is the program; it gives what that printed.
func (s *shop) incident(args ...string) string {
	s.Helper()
	var out, said bytes.Buffer
	code := Run(s.Context(), World{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &said, Env: func(string) string { return "" }, Environ: s.env(),
		Now: s.now, After: time.After, Dir: s.dir, Home: s.home, User: func() string { return "ana" }, System: "linux",
	})
	require.Zero(s, code, said.String())
	return out.String()
}

func (s *shop) cacheDir() string { return filepath.Join(s.dir, ".git", "incident", "cache") }

// one reads all incidents one by one, the newest day first, where there can be no cache.
func (s *shop) one() (list []incident.Incident) {
	s.Helper()
	aside := s.cacheDir() + ".aside"
	moved := os.Rename(s.cacheDir(), aside) == nil
	require.NoError(s, os.MkdirAll(filepath.Dir(s.cacheDir()), 0o777))
	require.NoError(s, os.WriteFile(s.cacheDir(), nil, 0o666))
	rec, err := record.Open(s.Context(), record.Place{Dir: s.dir, How: record.ByFlag, Exists: true}, s.options())
	require.NoError(s, err)
	rd, err := rec.Read(s.Context())
	require.NoError(s, err)
	ids, err := rd.IDs()
	require.NoError(s, err)
	for _, id := range ids {
		inc, err := rd.Incident(id)
		require.NoError(s, err)
		list = append(list, inc)
	}
	require.NoError(s, rd.Close())
	require.NoError(s, os.Remove(s.cacheDir()))
	if moved {
		require.NoError(s, os.Rename(aside, s.cacheDir()))
	}
	return list
}

// plainStats measures them one by one.
func (s *shop) plainStats(all []incident.Incident, a incident.Audience) string {
	s.Helper()
	m := newMeasuring(a, record.DefaultConfig().Rules(), s.now())
	for _, inc := range all {
		m.add(m.figures(inc))
	}
	raw, err := json.Marshal(m.wire())
	require.NoError(s, err)
	return string(raw)
}

// plainSearch looks in all that the audience may see, for one word after the other.
func (s *shop) plainSearch(all []incident.Incident, a incident.Audience, words []string) string {
	s.Helper()
	r := foundJSON{Schema: schema, Audience: a, Matches: []matchJSON{}}
	for _, inc := range all {
		v := view.For(inc, a)
		if !v.Visible {
			continue
		}
		m := matchJSON{Incident: v.ID, Name: cmp.Or(v.Title, v.Headline), Status: v.Status.String(), Opened: moment(v.Opened), Postmortem: len(v.Postmortems) > 0, at: v.Opened}
		foundAll := true
		for _, w := range words {
			found := false
			look := func(points int, where, text string) {
				if !strings.Contains(strings.ToLower(text), w) {
					return
				}
				found = true
				m.score += points
				if where != "" && m.Snippet == "" {
					m.Where, m.Snippet = where, snippet(text, w)
				}
			}
			look(100, "", v.Title+"\n"+v.Headline)
			names := append(slices.Clone(v.Tags), v.Cause)
			for _, k := range v.Components {
				names = append(names, k.Name)
			}
			look(20, "", strings.Join(names, "\n"))
			for _, p := range v.Postmortems {
				look(5, "postmortem", p.Text)
			}
			for _, u := range v.Updates {
				look(1, u.Audience.String(), u.Text)
			}
			foundAll = foundAll && found
		}
		if foundAll {
			r.Matches = append(r.Matches, m)
		}
	}
	slices.SortStableFunc(r.Matches, func(a, b matchJSON) int { return cmp.Or(cmp.Compare(b.score, a.score), b.at.Compare(a.at)) })
	raw, err := json.Marshal(r)
	require.NoError(s, err)
	return string(raw)
}

// sought are words to search for: some that are in most incidents, some of a headline that nobody gave, and some that
// stand somewhere.
func (s *shop) sought(all []incident.Incident) [][]string {
	list := [][]string{{"it", "is"}, {"errors"}, {"outage"}, {"service", "disruption"}, {"outage;"}, {"part", "degraded"}, {"nowhere"}, {"part:", "zq"}, {"été", "wrong"}}
	for range 6 {
		var words []string
		for range 1 + s.IntN(2) {
			inc := all[s.IntN(len(all))]
			text := inc.Title + " " + inc.Headline() + " " + inc.Cause + " " + strings.Join(inc.Tags, " ")
			for _, e := range inc.Timeline {
				text += " " + e.Text
			}
			fields := strings.Fields(strings.ToLower(text))
			w := []rune(fields[s.IntN(len(fields))])
			words = append(words, string(w[s.IntN(len(w)):]))
		}
		slices.Sort(words)
		list = append(list, slices.Compact(words))
	}
	return list
}

// Whatever became of the cache, stats and search answer what somebody finds who reads every incident by itself.
func TestAnswersAreThoseOfAFullReading(t *testing.T) {
	t.Parallel()
	s := newShop(t, 7)
	matched := 0
	compare := func(when string) {
		t.Helper()
		all := s.one()
		words := s.sought(all)
		for _, a := range incident.Audiences() {
			require.JSONEq(t, s.plainStats(all, a), s.incident("stats", "--audience", a.String(), "-o", "json"), when)
			for _, w := range words {
				want := s.plainSearch(all, a, w)
				got := s.incident(append([]string{"search", "--limit", "0", "--audience", a.String(), "-o", "json", "--"}, w...)...)
				require.JSONEq(t, want, got, "%s: %q for %s", when, w, a)
				matched += strings.Count(got, `"incident":`)
			}
		}
	}
	compare("at first")
	compare("from the cache")
	require.Positive(t, matched, "else nothing is compared")
	s.incident("open", "Wrong prices", "--severity", "sev2", "--component", "Shop=partial")
	s.incident("note", "-i", "wrong-prices", "The ÉTÉ prices of the shop are WRONG since the import at noon.")
	compare("after new notes")
	for range 2 {
		items, err := os.ReadDir(s.cacheDir())
		require.NoError(t, err)
		require.NotEmpty(t, items)
		for _, it := range items {
			file := filepath.Join(s.cacheDir(), it.Name())
			raw, err := os.ReadFile(file)
			require.NoError(t, err)
			for range 1 + s.IntN(20) {
				raw[s.IntN(len(raw))] ^= 1 << s.IntN(8)
			}
			require.NoError(t, os.WriteFile(file, raw[:len(raw)-s.IntN(2)*s.IntN(len(raw))], 0o666))
		}
		compare("after damage")
	}
	require.NoError(t, os.RemoveAll(s.cacheDir()))
	compare("after the cache was deleted")
}
