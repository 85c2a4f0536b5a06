package gitstore_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func remedy(err error) string {
	var r interface{ Remedy() string }
	if errors.As(err, &r) {
		return r.Remedy()
	}
	return ""
}

func TestRefusalsLeaveNothing(t *testing.T) {
	t.Parallel()
	const doc = "incidents/2026/11/23/a/postmortem.md"
	for _, tt := range []struct {
		rule      string
		do, undo  func(b *box)
		want      error
		says      string
		hasRemedy bool
	}{
		{
			"a pre-commit hook that rejects",
			func(b *box) { b.hook("pre-commit", "echo 'spelling: two mistakes' >&2; exit 1") },
			func(b *box) { b.unhook("pre-commit") },
			gitstore.ErrGit, "spelling: two mistakes", false,
		},
		{
			"a pre-commit hook that rejects in silence",
			func(b *box) { b.hook("pre-commit", "exit 1") },
			func(b *box) { b.unhook("pre-commit") },
			gitstore.ErrGit, "git commit: exit status 1", false,
		},
		{
			"a commit-msg hook that rejects",
			func(b *box) { b.hook("commit-msg", "echo 'no ticket number'; exit 1") },
			func(b *box) { b.unhook("commit-msg") },
			gitstore.ErrGit, "no ticket number", false,
		},
		{
			"a hook that changes our files and then rejects",
			func(b *box) {
				b.hook("pre-commit", "for f in "+other+" "+doc+"; do echo formatted >>$f; git add $f; done; exit 1")
			},
			func(b *box) { b.unhook("pre-commit") },
			gitstore.ErrGit, "", false,
		},
		{
			"a hook that refuses to move the branch",
			func(b *box) {
				b.hook("reference-transaction", `test "$1" != prepared || { echo frozen >&2; exit 1; }`)
			},
			func(b *box) { b.unhook("reference-transaction") },
			gitstore.ErrGit, "frozen", false,
		},
		{
			"a hook that takes our files out",
			func(b *box) {
				b.hook("pre-commit", "git reset --quiet -- "+other+" "+doc+"; echo x >added; git add added")
			},
			func(b *box) { b.unhook("pre-commit") },
			gitstore.ErrGit, "hooks", true,
		},
		{
			"a signer that fails",
			func(b *box) { b.git("config", "commit.gpgsign", "true"); b.git("config", "gpg.program", "false") },
			func(b *box) { b.git("config", "commit.gpgsign", "false") },
			gitstore.ErrGit, "gpg", true,
		},
		{
			"a signer that is missing",
			func(b *box) {
				b.git("config", "commit.gpgsign", "true")
				b.git("config", "gpg.program", "/nowhere/gpg")
			},
			func(b *box) { b.git("config", "commit.gpgsign", "false") },
			gitstore.ErrGit, "gpg", true,
		},
		{
			"a lock on the index that nobody gives back",
			func(b *box) { b.file(".git/index.lock", "") },
			func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/index.lock"))) },
			gitstore.ErrLocked, filepath.FromSlash(".git/index.lock"), true,
		},
		{
			"a lock on HEAD that nobody gives back",
			func(b *box) { b.file(".git/HEAD.lock", "") },
			func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/HEAD.lock"))) },
			gitstore.ErrLocked, "HEAD.lock", true,
		},
		{
			"a lock on the branch that nobody gives back",
			func(b *box) { b.file(".git/refs/heads/main.lock", "") },
			func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/refs/heads/main.lock"))) },
			gitstore.ErrLocked, "main.lock", true,
		},
		{
			"a folder of objects that is a file",
			func(b *box) {
				require.NoError(b, os.Rename(filepath.Join(b.dir, ".git/objects"), filepath.Join(b.dir, ".git/o")))
				b.file(".git/objects", "")
			},
			func(b *box) {
				require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/objects")))
				require.NoError(b, os.Rename(filepath.Join(b.dir, ".git/o"), filepath.Join(b.dir, ".git/objects")))
			},
			gitstore.ErrGit, "not a git repository", true,
		},
		{
			"an index that is damaged",
			func(b *box) { b.file(".git/index.kept", b.read(".git/index")); b.file(".git/index", "nonsense") },
			func(b *box) {
				require.NoError(b, os.Rename(filepath.Join(b.dir, ".git/index.kept"), filepath.Join(b.dir, ".git/index")))
			},
			gitstore.ErrGit, "is damaged", true,
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n", doc, "draft\n")
			b.file("mine", "x\n")
			b.git("add", "mine")
			b.file("mine", "y\n")
			before := b.state()

			tt.do(b)
			s, err := gitstore.Open(t.Context(), b.dir, b.options(new([]string)))
			if err == nil {
				_, err = s.Commit(t.Context(), changing(other, "two\n", doc, "new draft\n"))
			}
			require.ErrorIs(t, err, tt.want)
			require.Contains(t, err.Error(), tt.says)
			require.Equal(t, tt.hasRemedy, remedy(err) != "", remedy(err))
			tt.undo(b)

			require.NotContains(t, b.git("ls-tree", "-r", "--name-only", "HEAD"), other)
			if _, err := os.Lstat(filepath.Join(b.dir, "added")); err == nil { // the hook's own work stays
				b.git("reset", "--quiet", "added")
				require.NoError(t, os.Remove(filepath.Join(b.dir, "added")))
			} else {
				require.Equal(t, before, b.state())
				b.requireNothingLeft()
			}
			b.mustCommit(other, "two\n", doc, "new draft\n")
			require.Equal(t, []string{doc, other}, b.committed("HEAD"))
			b.requireNothingLeft()
		})
	}
}

func TestAFirstCommitThatIsRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.hook("pre-commit", "exit 1")
	_, _, err := b.commit(entry, "one\n")
	require.ErrorIs(t, err, gitstore.ErrGit)
	require.Empty(t, b.git("status", "--porcelain", "--ignored"))
	require.NoDirExists(t, filepath.Join(b.dir, "incidents"))
	b.unhook("pre-commit")
	b.mustCommit(entry, "one\n")
	b.requireSound()
}

func TestHooksThatAlterWhatIsCommitted(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.hook("pre-commit", "echo formatted >>"+entry+"; git add "+entry)
	id, warned, err := b.commit(entry, "one\n")
	require.NoError(t, err)
	require.Len(t, warned, 1)
	require.Contains(t, warned[0], entry)
	require.Equal(t, "one\nformatted", b.git("show", id+":"+entry))
	b.requireSound()
}

func TestHooksThatLeaveSomethingRunning(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.hook("post-commit", "sleep 30 & echo $! >>.git/pids")
	b.mustCommit(entry, "one\n")
	defer func() {
		for _, pid := range strings.Fields(b.read(".git/pids")) {
			require.NoError(t, exec.Command("kill", pid).Run())
		}
	}()
	b.requireSound()
}

func TestHooksSeeTheUsersOwnSurroundings(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.env = append(b.env, "LC_ALL=C.UTF-8", "MINE=1")
	b.hook("pre-commit", `{ echo "$MINE $LC_CTYPE"; git diff --cached --name-only -- '*.md'; } >.git/saw`)
	b.mustCommit(entry, "one\n")
	require.Equal(t, "1 C.UTF-8\n"+entry+"\n", b.read(".git/saw"))
}

func TestHalfDoneOperations(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		what    string
		do      func(b *box)
		command string
	}{
		{"a merge", func(b *box) { _ = b.command("merge", "side").Run() }, "git merge"},
		{"a rebase", func(b *box) { _ = b.command("rebase", "side").Run() }, "git rebase"},
		{"a rebase by patches", func(b *box) { _ = b.command("rebase", "--apply", "side").Run() }, "git rebase"},
		{"git am", func(b *box) {
			b.file("../p", b.git("format-patch", "--stdout", "-1", "side")+"\n")
			_ = b.command("am", "--3way", "../p").Run()
		}, "git am"},
		{"a cherry-pick", func(b *box) { _ = b.command("cherry-pick", "side").Run() }, "git cherry-pick"},
		{"a revert", func(b *box) {
			b.file("f", "again\n")
			b.git("commit", "-qam", "again")
			_ = b.command("revert", "HEAD~1").Run()
		}, "git revert"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file("f", "first\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.git("branch", "side")
			b.file("f", "main\n")
			b.git("commit", "-qam", "main")
			b.git("checkout", "-q", "side")
			b.file("f", "side\n")
			b.git("commit", "-qam", "side")
			b.git("checkout", "-q", "main")
			tt.do(b)
			require.Contains(t, b.git("status", "--porcelain"), "UU f")
			before := b.state()
			_, _, err := b.commit(entry, "one\n")
			require.ErrorIs(t, err, gitstore.ErrBusy)
			require.Contains(t, remedy(err), tt.command)
			require.Equal(t, before, b.state())
			b.requireNothingLeft()
			b.git("reset", "--quiet", "--hard")
			for _, way := range []string{"rebase", "am", "cherry-pick", "revert"} {
				_ = b.command(way, "--abort").Run()
			}
			b.mustCommit(entry, "one\n")
		})
	}
}

func TestLocksThatAreGivenBackInTime(t *testing.T) {
	t.Parallel()
	for _, lock := range []string{".git/index.lock", ".git/HEAD.lock", ".git/refs/heads/main.lock"} {
		t.Run(lock, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			b.file(lock, "")
			holder := exec.Command("sh", "-c", "sleep 0.3; rm "+lock)
			holder.Dir = b.dir
			require.NoError(t, holder.Start())
			b.mustCommit(other, "two\n")
			require.NoError(t, holder.Wait())
			b.requireSound()
		})
	}
}

// The branch moves while git makes our commit: git gives up, and we try again on what is there now.
func TestTheBranchMovesMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.hook("pre-commit", `echo >>.git/moved; test $(wc -l <.git/moved) -gt 10 || {
git update-ref HEAD $(git -c user.name=x -c user.email=x commit-tree -m other -p HEAD HEAD^{tree})
}`)
	id := b.mustCommit(other, "two\n")
	require.Equal(t, "12", b.git("rev-list", "--count", "HEAD"))
	require.Equal(t, "other", b.git("log", "-1", "--format=%s", id+"~1"))
	b.requireOnce([]string{entry, other})
	b.requireSound()
}

func TestAbortedByTheUser(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.file("mine", "x\n")
	before := b.state()

	t.Run("before it begins", func(t *testing.T) {
		s, _ := b.open()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Commit(ctx, changing(other, "two\n"))
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, before, b.state())
	})
	t.Run("while it waits for another of ours", func(t *testing.T) {
		s, _ := b.open()
		second, _ := b.open()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) {
			done := make(chan error)
			go func() {
				_, err := second.Commit(ctx, changing(other, "two\n"))
				done <- err
			}()
			cancel()
			require.ErrorIs(t, <-done, context.Canceled)
			return nil, nil
		})
		require.NoError(t, err)
		require.Equal(t, before, b.state())
	})
	t.Run("while a hook runs", func(t *testing.T) {
		b.hook("pre-commit", "touch .git/reached; sleep 30")
		defer b.unhook("pre-commit")
		s, warned := b.open()
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			for {
				if _, err := os.Lstat(filepath.Join(b.dir, ".git/reached")); err == nil {
					cancel(context.Canceled)
					return
				}
			}
		}()
		_, err := s.Commit(ctx, changing(other, "two\n"))
		require.ErrorIs(t, err, context.Canceled)
		require.Empty(t, *warned)
		require.Equal(t, before, b.state())
		b.requireNothingLeft()
	})
	b.mustCommit(other, "two\n")
}
