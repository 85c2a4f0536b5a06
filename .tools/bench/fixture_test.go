package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/record"
)

func testGit(t *testing.T) git {
	t.Helper()
	g, err := newGit(t.TempDir())
	require.NoError(t, err)
	return g
}

func testForms(t *testing.T, g git) map[string]form {
	t.Helper()
	forms, err := newForms(t.Context(), g, filepath.Join(t.TempDir(), "forms"))
	require.NoError(t, err)
	return forms
}

// What the bench makes is what incident would have written: nothing odd in it, and each status is reached.
func TestFixtureIsARecord(t *testing.T) {
	g := testGit(t)
	f := &fixture{shape: shape{30, 7, 0}, git: g, dir: filepath.Join(t.TempDir(), "record")}
	require.NoError(t, f.lay(t.Context(), testForms(t, g)))
	require.NoError(t, f.clean(t.Context()))

	r, err := record.Open(t.Context(), record.Place{Dir: f.dir, How: record.ByFlag, Exists: true}, g.options(time.Now))
	require.NoError(t, err)
	d, err := r.Read(t.Context())
	require.NoError(t, err)
	defer d.Close()
	all, err := d.All()
	require.NoError(t, err)
	require.Len(t, all, 30)
	statuses := map[incident.Status]int{}
	for _, inc := range all {
		require.Empty(t, inc.Anomalies, inc.ID)
		want := 4
		if inc.ID == f.stories()[0].id {
			want += 7
		}
		require.Len(t, inc.Timeline, want, inc.ID)
		require.Contains(t, inc.Timeline[1].Text, "since deploy")
		statuses[inc.Status]++
	}
	require.Equal(t, map[incident.Status]int{incident.Closed: 20, incident.Identified: 10}, statuses)

	commits, err := g.run(t.Context(), f.dir, "rev-list", "--count", "HEAD")
	require.NoError(t, err)
	require.Equal(t, "128", strings.TrimSpace(commits), "one for each entry, one for the settings")
	subject, err := g.run(t.Context(), f.dir, "log", "-1", "--format=%s")
	require.NoError(t, err)
	require.Equal(t, f.stories()[0].id+": note for engineers", strings.TrimSpace(subject))
}

// A run leaves commits, files and locks behind, and the next one begins where it began.
func TestFixturePutBack(t *testing.T) {
	g := testGit(t)
	forms := testForms(t, g)
	f := &fixture{shape: shape{open, 0, 0}, git: g, dir: filepath.Join(t.TempDir(), "record")}
	require.NoError(t, f.lay(t.Context(), forms))
	base, err := g.run(t.Context(), f.dir, "rev-parse", "HEAD")
	require.NoError(t, err)

	e := forms["note-technical"].fill(f.stories()[0], "note-technical", time.Now(), 99)
	require.NoError(t, os.WriteFile(filepath.Join(f.dir, filepath.FromSlash(e.path)), e.raw, 0o644))
	_, err = g.run(t.Context(), f.dir, "update-index", "--split-index")
	require.NoError(t, err)
	for _, args := range [][]string{{"add", "."}, {"commit", "--quiet", "-m", e.message}} {
		_, err := g.run(t.Context(), f.dir, args...)
		require.NoError(t, err)
	}
	require.True(t, f.split())
	require.NoError(t, os.WriteFile(filepath.Join(f.dir, "incidents", "left"), nil, 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(f.dir, ".git", "index.lock"), nil, 0o644))

	require.NoError(t, f.putBack(t.Context()))
	now, err := g.run(t.Context(), f.dir, "rev-parse", "HEAD")
	require.NoError(t, err)
	require.Equal(t, base, now)
	require.False(t, f.split())
	require.NoFileExists(t, filepath.Join(f.dir, filepath.FromSlash(e.path)))
	loose, err := g.run(t.Context(), f.dir, "count-objects")
	require.NoError(t, err)
	require.Equal(t, "0 objects, 0 kilobytes", strings.TrimSpace(loose))
	_, err = g.run(t.Context(), f.dir, "fsck", "--strict")
	require.NoError(t, err)
}

// Every machine, and every run, has the same records; another format has another key.
func TestKey(t *testing.T) {
	g := testGit(t)
	forms := testForms(t, g)
	one, err := key(forms)
	require.NoError(t, err)
	two, err := key(testForms(t, g))
	require.NoError(t, err)
	require.Equal(t, one, two, "suffixes that were drawn for the forms leave no trace")

	f := forms["opened"]
	f.raw = strings.Replace(f.raw, "severity: sev2", "severity: sev3", 1)
	forms["opened"] = f
	other, err := key(forms)
	require.NoError(t, err)
	require.NotEqual(t, one, other)
}

func TestSound(t *testing.T) {
	listed, notClosed, err := sound(strings.NewReader(`{"schema": "incident/v1", "incidents": [
		{"id": "a", "status": "closed", "anomalies": []}, {"id": "b", "status": "identified", "anomalies": []}]}`))
	require.NoError(t, err)
	require.Equal(t, []int{2, 1}, []int{listed, notClosed})
	_, _, err = sound(strings.NewReader(`{"incidents": [{"id": "a", "anomalies": [{"entry": "e", "problem": "is odd"}]}]}`))
	require.ErrorContains(t, err, "is odd")
	_, _, err = sound(strings.NewReader(`{"incidents": [{"id": "a"`))
	require.Error(t, err, "a list that ends early is not a good one")
}

func TestParse(t *testing.T) {
	o, err := parse([]string{"-check", "-runs", "3", "-only", "^note"}, true)
	require.NoError(t, err)
	require.Equal(t, []int{10, 1000, 10_000, 100_000}, o.sizes)
	require.True(t, o.check)
	require.Equal(t, 3, o.runs)
	for _, tt := range []struct {
		rule string
		args []string
	}{
		{"nothing would be measured", []string{"-runs", "0"}},
		{"ten are always open", []string{"-sizes", "9"}},
		{"a folder depends on nobody's place", []string{"-dir", "here"}},
		{"a word without a flag is a mistake", []string{"note"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := parse(tt.args, false)
			require.Error(t, err)
		})
	}
}
