package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A page that is made of what has changed is, to the byte, the one that is made from nothing, through a random history: of
// the record, of its settings, of the folder that the page is in, and of what is remembered of it.
func TestPageAgain(t *testing.T) {
	h := newPageHistory(t, 2026)
	most, refused := 0, 0 // builds that left most of the page as it was; those that were refused
	for n := range 45 {
		did := h.step(n)
		now := time.Now().UTC().Format(time.RFC3339)
		code, out, errs := runIncident(t, h.home, "--repo", "records", "page", "build", "-d", "site", "--as-of", now, "-o", "json")
		memo, _ := os.ReadFile(h.memo()) // there is none after a page that could not be made
		_ = os.Remove(h.memo())
		whole, _, wholeErrs := runIncident(t, h.home, "--repo", "records", "page", "build", "-d", fmt.Sprintf("whole%d", n), "--as-of", now)
		require.Equal(t, whole, code, "step %d, %s: %s%s", n, did, errs, wholeErrs)
		if code != 0 {
			refused++
			if memo != nil {
				require.NoError(t, os.WriteFile(h.memo(), memo, 0o666))
			}
			continue
		}
		require.NoError(t, os.WriteFile(h.memo(), memo, 0o666))
		want, got := tree(t, filepath.Join(h.home, fmt.Sprintf("whole%d", n))), tree(t, filepath.Join(h.home, "site"))
		for name := range want {
			require.Equal(t, want[name], got[name], "step %d, %s: %s", n, did, name)
		}
		require.Len(t, got, len(want), "step %d, %s", n, did)
		var built struct{ Changed []string }
		require.NoError(t, json.Unmarshal([]byte(out), &built))
		if len(built.Changed) < len(want)/2 {
			most++
		}
	}
	require.Greater(t, most, 15)
	require.Equal(t, 5, refused, "what engineers said in the end stands on a page that has not changed since")
}

type pageHistory struct {
	*testing.T
	*rand.Rand
	home string
	ids  []string
}

func newPageHistory(t *testing.T, seed uint64) *pageHistory {
	h := &pageHistory{t, rand.New(rand.NewPCG(seed, 1)), t.TempDir(), nil}
	require.NoError(t, os.WriteFile(filepath.Join(h.home, ".gitconfig"), []byte("[user]\n\tname = Ana Lima\n\temail = ana@example.com\n"), 0o666))
	h.run("init", "records")
	h.settings("Example")
	for n := range 6 {
		h.open(n)
	}
	return h
}

func (h *pageHistory) memo() string {
	return filepath.Join(h.home, "records", ".git", "incident", "cache", "page-customer")
}

func (h *pageHistory) run(args ...string) {
	h.Helper()
	code, _, errs := runIncident(h.T, h.home, append([]string{"--repo", "records", "-q"}, args...)...)
	require.Contains(h.T, []int{0, 5}, code, "incident %v: %s", args, errs) // 5: such a step is not allowed there
}

func (h *pageHistory) settings(name string) {
	h.Helper()
	text := fmt.Sprintf("page:\n  name: %s\n  address: https://status.example.com\nwording: {pointless: {customer: off}, needless: {customer: off}, sanitised: {customer: off}}\n", name)
	require.NoError(h.T, os.WriteFile(filepath.Join(h.home, "records", ".incident", "config.yaml"), []byte(text), 0o666))
	git := exec.Command("git", "-C", "records", "commit", "--quiet", "-am", "settings")
	git.Dir, git.Env = h.home, environment(h.home)
	require.NoError(h.T, git.Run())
}

func (h *pageHistory) open(n int) {
	h.Helper()
	id := fmt.Sprintf("outage %d", n)
	_, out, errs := runIncident(h.T, h.home, "--repo", "records", "open", id, "-c", fmt.Sprintf("Part %d=partial_outage", n%3), "-o", "id")
	require.NotEmpty(h.T, out, errs)
	h.ids = append(h.ids, strings.TrimSpace(out))
	h.tell(h.ids[len(h.ids)-1])
}

func (h *pageHistory) tell(id string) {
	h.Helper()
	h.run("note", "-i", id, "-a", "customer", "--next", "30m", fmt.Sprintf("One in %d card payments fails. PayPal works. We are putting the earlier version back.", h.IntN(1000)+2))
}

// step changes something, and says what.
func (h *pageHistory) step(n int) string {
	h.Helper()
	id := h.ids[h.IntN(len(h.ids))]
	if n == 40 {
		h.run("note", "-i", id, "The address is wrong, or the page is no longer there.")
		return "words of engineers that the page says"
	}
	switch h.IntN(11) {
	case 0:
		h.open(n + 6)
		return "another incident"
	case 1, 2:
		h.run("note", "-i", id, fmt.Sprintf("the writer on db-%d holds the lock", n))
		return "a note for engineers"
	case 3:
		h.run("status", "-i", id, []string{"identified", "monitoring", "resolved", "closed"}[h.IntN(4)], "-m", "The cause is known.")
		return "a status"
	case 4:
		h.settings(fmt.Sprintf("Example %d", n))
		return "the settings"
	case 5:
		require.NoError(h.T, os.WriteFile(h.somePage(), []byte("defaced"), 0o666))
		return "a defaced page"
	case 6:
		require.NoError(h.T, os.Remove(h.somePage()))
		return "a page that is gone"
	case 7:
		file := h.memo()
		raw, err := os.ReadFile(file)
		if err == nil && len(raw) > 0 {
			raw[h.IntN(len(raw))] ^= 1
			require.NoError(h.T, os.WriteFile(file, raw[:len(raw)-h.IntN(2)], 0o666))
		}
		return "a damaged memo"
	case 8:
		require.NoError(h.T, os.RemoveAll(filepath.Join(h.home, "records", ".git", "incident", "cache")))
		return "no cache"
	default:
		h.tell(id)
		return "an update"
	}
}

// somePage is a page of the site, the home page where there is none yet.
func (h *pageHistory) somePage() string {
	pages, err := filepath.Glob(filepath.Join(h.home, "site", "*", "*.html"))
	require.NoError(h.T, err)
	slices.Sort(pages)
	if len(pages) == 0 {
		require.NoError(h.T, os.MkdirAll(filepath.Join(h.home, "site"), 0o777))
		require.NoError(h.T, os.WriteFile(filepath.Join(h.home, "site", ".incident-page"), nil, 0o666))
		require.NoError(h.T, os.WriteFile(filepath.Join(h.home, "site", "index.html"), nil, 0o666))
		return filepath.Join(h.home, "site", "index.html")
	}
	return pages[h.IntN(len(pages))]
}

// tree are the files of a site.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, ".lock") {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[name] = string(bytes.TrimSpace(raw))
		return err
	}))
	return files
}
