package gitstore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// A person's `git commit` that runs beside ours reads the index before it locks it. What it writes back
// then is the index of before our commit: the same as restoring that file, as these tests do.
func TestHeal(t *testing.T) {
	t.Parallel()
	const third = "incidents/2026/11/23/a/timeline/3.md"
	for _, tt := range []struct {
		rule   string
		do     func(b *box, staleIndex string)
		warns  bool
		commit []string // by our next write and what it healed
		holds  bool
	}{
		{"an old index is put right", func(b *box, stale string) {
			b.file(".git/index", stale)
			require.Contains(b, b.git("status", "--porcelain"), "D  "+other)
		}, false, []string{third}, true},
		{"an entry that was dropped is committed again", func(b *box, stale string) {
			b.file(".git/index", stale)
			b.git("commit", "--quiet", "-m", "drops it")
			require.Equal(b, []string{other}, b.committed("HEAD"))
		}, true, []string{third, other}, true},
		{"an entry that was dropped long ago is committed again", func(b *box, stale string) {
			b.file(".git/index", stale)
			b.git("commit", "--quiet", "-m", "drops it")
			for range 3 {
				b.git("commit", "--quiet", "--allow-empty", "-m", "more")
			}
		}, true, []string{third, other}, true},
		{"an entry is committed again that a stash has set back with the branch", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
		}, true, []string{third, other}, true},
		{"the same, with more commits since", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
			b.git("commit", "--quiet", "--allow-empty", "-m", "more")
			b.git("commit", "--quiet", "--allow-empty", "-m", "and more")
		}, true, []string{third, other}, true},
		{"an entry is committed again that a rebase has set back when it was given up", func(b *box, _ string) {
			b.raced("rebase (abort): returning to refs/heads/main")
		}, true, []string{third, other}, true},
		{"an entry that was set back and lies elsewhere is a person's", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
			b.file(other, "edited\n")
		}, false, []string{third}, false},
		{"a branch without a diary has nothing to tell", func(b *box, _ string) {
			b.raced("reset: moving to HEAD")
			require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/logs/refs/heads/main")))
		}, false, []string{third}, false},
		{"an index that somebody has removed lists everything again", func(b *box, _ string) {
			b.file("mine", "x\n")
			b.git("add", "mine")
			b.git("commit", "--quiet", "-m", "mine")
			require.NoError(b, os.Remove(filepath.Join(b.dir, ".git/index")))
		}, false, []string{third}, true},
		{"what a person has removed stays removed", func(b *box, _ string) {
			b.git("rm", "--quiet", other)
			b.git("commit", "--quiet", "-m", "removes it")
		}, false, []string{third}, false},
		{"what a person has set back stays set back", func(b *box, _ string) {
			b.git("reset", "--quiet", "--hard", "HEAD~1")
		}, false, []string{third}, false},
		{"what a person has set back and edits stays as it is", func(b *box, _ string) {
			b.git("reset", "--quiet", "HEAD~1")
			b.file(other, "edited\n")
		}, false, []string{third}, false},
		{"what a person has dropped and edits stays as it is", func(b *box, _ string) {
			b.git("rm", "--quiet", "--cached", other)
			b.git("commit", "--quiet", "-m", "removes it")
			b.file(other, "edited\n")
		}, false, []string{third}, false},
		{"other files are none of ours", func(b *box, _ string) {
			b.file("mine", "x\n")
			b.git("add", "mine")
			b.git("commit", "--quiet", "-m", "mine")
			b.git("rm", "--quiet", "--cached", "mine")
		}, false, []string{third}, true},
		{"a mark that nobody can read", func(b *box, stale string) {
			b.file(".git/index", stale)
			b.file(".git/incident/verified", "nonsense")
		}, false, []string{third}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			stale := b.read(".git/index")
			b.mustCommit(other, "two\n")
			tt.do(b, stale)
			before := b.git("rev-parse", "HEAD")
			_, warned, err := b.commit(third, "three\n")
			require.NoError(t, err)
			require.Equal(t, tt.warns, len(warned) > 0, warned)
			require.Equal(t, tt.commit, b.lines("log", "--format=", "--name-only", before+"..HEAD"))
			_, err = b.command("cat-file", "-e", "HEAD:"+other).CombinedOutput()
			require.Equal(t, tt.holds, err == nil)
			if _, err := os.Lstat(filepath.Join(b.dir, "mine")); (err != nil || strings.Contains(tt.rule, "lists everything")) && tt.holds {
				b.requireSound()
			}
			b.git("fsck", "--strict", "--no-dangling")
			b.requireNothingLeft()
		})
	}
}

// raced does what a command of git's does that read HEAD before our newest commit and set it back after it.
func (b *box) raced(why string) {
	b.Helper()
	b.git("update-ref", "-m", why, "HEAD", "HEAD~1")
	b.git("reset", "--quiet", "--hard")
}

// A branch that is set back while we commit is put right before we say that we have committed.
func TestHealWhileCommitting(t *testing.T) {
	t.Parallel()
	const third = "incidents/2026/11/23/a/timeline/3.md"
	for _, step := range []string{"planned", "begun", "on disk", "in the work tree", "written"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			b.mustCommit(other, "two\n")
			s, warned := b.open()
			done := false
			s.OnStep(func(now string) {
				if now == step && !done {
					done = true
					b.git("update-ref", "-m", "reset: moving to HEAD", "HEAD", "HEAD~1")
					b.git("rm", "--quiet", "--cached", other)
					_ = os.Remove(filepath.Join(b.dir, filepath.FromSlash(other)))
				}
			})
			_, err := s.Commit(t.Context(), changing(third, "three\n"))
			require.NoError(t, err)
			require.Len(t, *warned, 1)
			b.requireOnce([]string{entry, other, third})
			b.requireSound()
		})
	}
}

// A rebase that begins while we commit has HEAD to itself: what is committed on it goes when it is given up.
func TestARebaseBeginsWhileCommitting(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"planned", "begun", "on disk", "in the work tree", "written"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			s, _ := b.open()
			s.OnStep(func(now string) {
				if now == step {
					require.NoError(t, os.MkdirAll(filepath.Join(b.dir, ".git/rebase-merge"), 0o777))
				}
			})
			_, err := s.Commit(t.Context(), changing(other, "two\n"))
			require.ErrorIs(t, err, gitstore.ErrBusy)
			require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/rebase-merge")))
			b.requireOnce([]string{entry})
			b.requireSound()
		})
	}
}
