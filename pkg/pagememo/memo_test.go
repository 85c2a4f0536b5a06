package pagememo_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/page"
	"incident/pkg/pagememo"
	"incident/pkg/view"
)

func memo() *pagememo.Memo {
	m := &pagememo.Memo{Program: "1", Dir: "site", Incidents: map[string]pagememo.Incident{}, Parts: map[string]pagememo.Part{
		"index.html": {Letters: "abc"}, "a.html": {Key: "k", Size: 7, Modified: incidenttest.At(3)},
	}}
	r := rand.New(rand.NewPCG(1, 1))
	for range 3 {
		one := incidenttest.Random(r)
		v := view.For(incident.Fold(one.ID, one.Entries), incident.Customer)
		m.Incidents[one.ID] = pagememo.Incident{
			Version: "v", Brief: page.BriefOf(v, func(string) bool { return true }), Narrow: []pagememo.Words{{Letters: "x", Entry: "e", Author: "a", Audience: incident.Internal}},
		}
	}
	return m
}

func TestMemoComesBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cache", "page")
	want := memo()
	require.NoError(t, want.Save(file))
	require.Equal(t, want, pagememo.Load(file, "1"))
	require.Empty(t, pagememo.Load(file, "2").Parts, "another program may make another page")
	require.Empty(t, pagememo.Load(file, "").Parts)
	require.Empty(t, pagememo.Load(file+"x", "1").Parts)
}

// A memo that is damaged anywhere is none.
func FuzzMemo(f *testing.F) {
	file := filepath.Join(f.TempDir(), "page")
	require.NoError(f, memo().Save(file))
	whole, err := os.ReadFile(file)
	require.NoError(f, err)
	f.Add(0, byte(1))
	f.Add(30, byte(255))
	f.Fuzz(func(t *testing.T, at int, by byte) {
		if at < 0 || at >= len(whole) || by == 0 {
			return
		}
		raw := append([]byte{}, whole...)
		raw[at] ^= by
		file := filepath.Join(t.TempDir(), "page")
		require.NoError(t, os.WriteFile(file, raw, 0o666))
		require.Empty(t, pagememo.Load(file, "1").Incidents)
		require.NoError(t, os.WriteFile(file, whole[:at], 0o666))
		require.Empty(t, pagememo.Load(file, "1").Incidents)
	})
}
