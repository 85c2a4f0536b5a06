package gitstore

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// history makes a repository of a random history: branches that part and meet, files that come, change, go
// and come again, many commits of one second.
func history(t *testing.T, seed uint64) (*Store, []string) {
	t.Helper()
	dir, r := t.TempDir(), rand.New(rand.NewPCG(seed, 1))
	git := func(at int, args ...string) string {
		cmd := exec.Command("git", args...)
		date := "@" + strconv.Itoa(1_795_600_000+at) + " +0000"
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date,
			"GIT_AUTHOR_NAME=Åsa", "GIT_AUTHOR_EMAIL=asa@example.com", "GIT_COMMITTER_NAME=Ben", "GIT_COMMITTER_EMAIL=b@example.com")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %s\n%s", strings.Join(args, " "), out)
		return strings.TrimSpace(string(out))
	}
	git(0, "init", "--quiet", "--initial-branch=main")
	branches, commits := []string{"main"}, []string{}
	for i := range 40 {
		if branch := branches[r.IntN(len(branches))]; i > 0 {
			git(i/3, "checkout", "--quiet", branch)
		}
		switch what := r.IntN(10); {
		case what < 2 && i > 0 && len(branches) < 5:
			branches = append(branches, "b"+strconv.Itoa(i))
			git(i/3, "checkout", "--quiet", "-b", branches[len(branches)-1])
			continue
		case what < 4 && i > 0:
			git(i/3, "merge", "--quiet", "--no-edit", "-s", "ours", branches[r.IntN(len(branches))])
		default:
			name := filepath.Join("incidents", strconv.Itoa(r.IntN(3)), strconv.Itoa(r.IntN(6)))
			if _, err := os.Stat(filepath.Join(dir, name)); err == nil && r.IntN(2) == 0 {
				git(i/3, "rm", "--quiet", name)
			} else {
				require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
				require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(strconv.Itoa(r.IntN(3))), 0o666))
				git(i/3, "add", ".")
			}
			git(i/3, "commit", "--quiet", "--allow-empty", "-m", "change")
		}
		commits = append(commits, git(0, "rev-parse", "HEAD"))
	}
	git(0, "checkout", "--quiet", "main")
	s, err := Open(t.Context(), dir, Options{Env: os.Environ(), Now: time.Now, Warn: func(w string) { t.Error(w) }})
	require.NoError(t, err)
	return s, commits
}

// What is read here of a history is what git says of it.
func TestPastIsGits(t *testing.T) {
	t.Parallel()
	for _, seed := range []uint64{1} {
		s, commits := history(t, seed)
		here, err := Open(t.Context(), s.root, Options{Env: os.Environ(), Now: time.Now})
		require.NoError(t, err)
		here.apart = true
		p, err := s.past()
		require.NoError(t, err)
		for _, dir := range []string{"incidents", "incidents/1", "nothing"} {
			want, err := s.History(t.Context(), dir)
			require.NoError(t, err)
			got, err := here.History(t.Context(), dir)
			require.NoError(t, err)
			require.Len(t, got, len(want), "seed %d", seed)
			for name, w := range want { // of two commits that added it apart, git may name either
				require.Equal(t, w.Author, got[name].Author)
				require.Contains(t, commits, got[name].Commit)
			}
		}
		for i := 0; i < len(commits); i += 5 {
			a, b := commits[i], commits[(i*7)%len(commits)]
			all, err := s.git.run(t.Context(), "merge-base", "--all", a, b)
			require.NoError(t, err)
			base, err := p.base(a, b)
			require.NoError(t, err)
			require.Contains(t, strings.Fields(string(all)), base, "seed %d: %s and %s", seed, a, b)

			before, err := p.upTo(b)
			require.NoError(t, err)
			count, err := s.git.run(t.Context(), "rev-list", "--count", b)
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(string(count)), strconv.Itoa(len(before)))

			want, err := s.git.run(t.Context(), "rev-list", "--objects", "--no-object-names", a, "^"+b)
			require.NoError(t, err)
			got, err := p.leadsTo(a, before)
			require.NoError(t, err)
			require.Subset(t, got, strings.Fields(string(want)), "what git would send is sent")
		}
		require.NoError(t, p.close())
	}
}
