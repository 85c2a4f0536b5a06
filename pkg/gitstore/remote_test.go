package gitstore_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// shared is a repository with one commit, which a bare one beside it holds too.
func shared(t *testing.T) (*box, *gitstore.Store, gitstore.Upstream) {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh on this system") // git is met with scripts of a shell in the place of ssh and of hooks; Windows has none
	}
	b := newBox(t)
	b.git("commit", "--quiet", "--allow-empty", "-m", "Begin")
	b.git("init", "--quiet", "--bare", "--initial-branch=main", "../team.git")
	b.git("remote", "add", "origin", "../team.git")
	b.git("push", "--quiet", "origin", "main")
	s, _ := b.open()
	up, err := s.Upstream(t.Context(), "")
	require.NoError(t, err)
	return b, s, up
}

// What keeps git from a remote is told by its words, and by those of ssh.
func TestWhatKeepsFromARemote(t *testing.T) {
	b, s, _ := shared(t)
	b.git("remote", "set-url", "origin", "ssh://git@git.example.com/ops.git")
	said := filepath.Join(b.dir, "..", "said")
	b.git("config", "core.sshCommand", "cat '"+said+"' >&2; exit 255; true")
	up, err := s.Upstream(t.Context(), "")
	require.NoError(t, err)
	for _, tt := range []struct {
		rule, said string
		want       error
	}{
		{"a name that nobody knows is the network", "ssh: Could not resolve hostname git.example.com: Temporary failure in name resolution", gitstore.ErrNetwork},
		{"a machine that refuses is the network", "ssh: connect to host git.example.com port 22: Connection refused", gitstore.ErrNetwork},
		{"a machine that is silent is the network", "ssh: connect to host git.example.com port 22: Connection timed out", gitstore.ErrNetwork},
		{"a key that is not known is a door that is shut", "git@git.example.com: Permission denied (publickey).", gitstore.ErrGit},
		{"a host that has changed is a door that is shut", "Host key verification failed.", gitstore.ErrGit},
		{"a repository that is not there is not found", "ERROR: Repository not found.", gitstore.ErrNoRemote},
		{"what the other side says of itself is not what git says", "remote: Connection refused", gitstore.ErrGit},
		{"a program that is missing is no missing repository", "error: cannot run ssh: No such file or directory", gitstore.ErrGit},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.NoError(t, os.WriteFile(said, []byte(tt.said+"\n"), 0o666))
			_, err := s.Fetch(t.Context(), up, false)
			require.ErrorIs(t, err, tt.want)
			require.Contains(t, err.Error(), tt.said)
			head, err := s.Head(t.Context())
			require.NoError(t, err)
			require.ErrorIs(t, s.Push(t.Context(), up, head, false), tt.want)
		})
	}
}

// Without a person at the terminal nothing asks: ssh is told so, unless the user has an ssh of their own.
func TestNothingAsksWithoutAPerson(t *testing.T) {
	b, _, _ := shared(t)
	b.git("remote", "set-url", "origin", "ssh://git.example.com/ops.git")
	bin, args := filepath.Join(b.dir, "..", "bin"), filepath.Join(b.dir, "..", "args")
	require.NoError(t, os.Mkdir(bin, 0o777))
	fake := "#!/bin/sh\necho \"$* prompt=$GIT_TERMINAL_PROMPT askpass=$SSH_ASKPASS\" >'" + args + "'\nexit 255\n"
	require.NoError(t, os.WriteFile(filepath.Join(bin, "ssh"), []byte(fake), 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(bin, "mine"), []byte(fake), 0o777))
	asked := func(ask bool, env ...string) string {
		t.Helper()
		there := *b
		there.env = append(append([]string{"SSH_ASKPASS=window"}, b.env...), append(env, "PATH="+bin+":"+os.Getenv("PATH"))...)
		store, _ := there.open()
		up, err := store.Upstream(t.Context(), "")
		require.NoError(t, err)
		_, err = store.Fetch(t.Context(), up, ask)
		require.Error(t, err)
		raw, err := os.ReadFile(args)
		require.NoError(t, err)
		return strings.TrimSpace(string(raw))
	}
	require.Regexp(t, `^-o BatchMode=yes .* prompt=0 askpass=$`, asked(false))
	require.NotContains(t, asked(true), "BatchMode")
	require.Regexp(t, `prompt=1 askpass=window$`, asked(true))
	require.Regexp(t, `prompt=0 askpass=window$`, asked(true, "GIT_TERMINAL_PROMPT=0"))
	require.NotContains(t, asked(false, "GIT_SSH_COMMAND=mine"), "BatchMode")
	b.git("config", "core.sshCommand", "mine")
	require.NotContains(t, asked(false), "BatchMode")
}

// A merge that was cut short is taken back by the next one, wherever it was.
func TestMergeAfterACrash(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		crash func(b *box)
	}{
		{"before git began", func(*box) {}},
		{"while git wrote the files", func(b *box) {
			b.git("checkout", "--quiet", "origin/main", "--", "new/a.md", "new/b.md", "old.md")
			b.git("reset", "--quiet")
			require.NoError(b, os.WriteFile(filepath.Join(b.dir, "new", "b.md"), []byte("of th"), 0o666))
		}},
		{"when the files were staged", func(b *box) {
			b.git("checkout", "--quiet", "origin/main", "--", "new/a.md", "new/b.md", "old.md")
		}},
		{"when it was to be committed", func(b *box) { b.git("merge", "--quiet", "--no-commit", "origin/main") }},
		{"when it was committed", func(b *box) { b.git("merge", "--quiet", "--no-edit", "origin/main") }},
		{"while git went forward to the merge that was made", func(b *box) {
			theirs, made := b.git("rev-parse", "origin/main"), b.made("origin/main")
			b.file(".git/incident/merging", theirs+"\n"+made+"\n")
			b.git("checkout", "--quiet", made, "--", "new/a.md", "old.md")
			require.NoError(b, os.WriteFile(filepath.Join(b.dir, "new", "b.md"), []byte("of th"), 0o666))
		}},
		{"when that merge was tidied away since", func(b *box) {
			b.git("checkout", "--quiet", "origin/main", "--", "new/a.md")
			b.file(".git/incident/merging", b.git("rev-parse", "origin/main")+"\n"+strings.Repeat("1", 40)+"\n")
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			b, s, up := shared(t)
			b.file("old.md", "as it was\n")
			b.git("add", ".")
			b.git("commit", "--quiet", "-m", "Old")
			b.git("push", "--quiet", "origin", "main")
			b.git("clone", "--quiet", "../team.git", "../other")
			other := b.in("../other")
			other.file("new/a.md", "of them\n")
			other.file("new/b.md", "of them too\n")
			other.file("old.md", "changed\n")
			other.git("add", ".")
			other.git("commit", "--quiet", "-m", "Theirs")
			other.git("push", "--quiet", "origin", "main")
			b.file("mine.md", "mine\n")
			b.git("add", "mine.md")
			b.git("commit", "--quiet", "-m", "Ours")
			b.file("draft", "not committed\n")
			theirs, err := s.Fetch(t.Context(), up, false)
			require.NoError(t, err)
			b.file(".git/incident/merging", theirs+"\n")
			tt.crash(b)
			m, err := s.Merge(t.Context(), up, theirs, byAna)
			require.NoError(t, err)
			require.Equal(t, "?? draft", b.git("status", "--porcelain", "--untracked-files=all"))
			require.Equal(t, "mine.md\nnew/a.md\nnew/b.md\nold.md", b.git("ls-tree", "-r", "--name-only", m.After))
			require.NoFileExists(t, filepath.Join(b.dir, ".git", "incident", "merging"))
			require.NoFileExists(t, filepath.Join(b.dir, ".git", "MERGE_HEAD"))
		})
	}
}

// made is the commit that joins another into the branch.
func (b *box) made(other string) string {
	b.Helper()
	tree := b.git("merge-tree", "--write-tree", "HEAD", other)
	return b.git("commit-tree", "-p", "HEAD", "-p", other, "-m", "Made", tree)
}

func byAna() gitstore.Who { return gitstore.Who{Author: ana, When: noon} }

// A person who commits while a merge is made loses nothing: it is made again.
func TestMergeOfABranchThatMoves(t *testing.T) {
	b, s, up := shared(t)
	b.git("switch", "--quiet", "-c", "theirs")
	b.file("theirs.md", "of them\n")
	b.git("add", ".")
	b.git("commit", "--quiet", "-m", "Theirs")
	theirs := b.git("rev-parse", "HEAD")
	b.git("switch", "--quiet", "main")
	b.mustCommit(entry, "one")
	moved := 0
	m, err := s.Merge(t.Context(), up, theirs, func() gitstore.Who {
		if moved++; moved < 3 {
			b.git("commit", "--quiet", "--allow-empty", "-m", "Meanwhile")
		}
		return byAna()
	})
	require.NoError(t, err)
	require.Equal(t, 3, moved)
	require.Equal(t, b.git("rev-parse", "HEAD^1"), m.Before)
	require.Equal(t, m.After, b.git("rev-parse", "HEAD"))
	require.Equal(t, "5", b.git("rev-list", "--count", "--no-merges", "HEAD"))
	b.requireSound()
}

// After such a crash an entry can be recorded as ever.
func TestCommitAfterAMergeWasCutShort(t *testing.T) {
	b, _, _ := shared(t)
	b.git("switch", "--quiet", "-c", "theirs")
	b.file("new.md", "of them\n")
	b.git("add", ".")
	b.git("commit", "--quiet", "-m", "Theirs")
	theirs := b.git("rev-parse", "HEAD")
	b.git("switch", "--quiet", "main")
	b.mustCommit(entry, "one")
	b.git("merge", "--quiet", "--no-commit", "theirs")
	b.file(".git/incident/merging", theirs+"\n")
	b.mustCommit(other, "two")
	require.Equal(t, entry+"\n"+other, b.git("ls-tree", "-r", "--name-only", "HEAD"))
	b.requireSound()
}

// A person's own merge is theirs, whatever a crash of ours left beside it.
func TestMergeLeavesAPersonsOwn(t *testing.T) {
	b, s, up := shared(t)
	b.git("switch", "--quiet", "-c", "side")
	b.git("commit", "--quiet", "--allow-empty", "-m", "Side")
	b.git("switch", "--quiet", "main")
	b.git("commit", "--quiet", "--allow-empty", "-m", "Main")
	b.git("merge", "--quiet", "--no-commit", "side")
	head := strings.TrimSpace(b.git("rev-parse", "HEAD"))
	b.file(".git/incident/merging", head+"\n")
	_, err := s.Merge(t.Context(), up, head, byAna)
	require.ErrorIs(t, err, gitstore.ErrBusy)
	require.FileExists(t, filepath.Join(b.dir, ".git", "MERGE_HEAD"))
}
