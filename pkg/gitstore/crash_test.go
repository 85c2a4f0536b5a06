package gitstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// killed runs a writer that is killed, waits for the git that it leaves behind, and says what it had
// acknowledged.
func (b *box) killed(w *exec.Cmd) []string {
	b.Helper()
	var out bytes.Buffer
	w.Stdout = &out
	wait := b.orphans(w)
	require.Error(b, w.Run())
	wait()
	return acknowledged(out.String())
}

// orphans waits, once it is called, until all that a program has started is gone too: all of them hold the
// other end of a pipe.
func (b *box) orphans(w *exec.Cmd) (wait func()) {
	b.Helper()
	here, there, err := os.Pipe()
	require.NoError(b, err)
	w.ExtraFiles = []*os.File{there}
	return func() {
		require.NoError(b, there.Close())
		_, err := io.Copy(io.Discard, here)
		require.NoError(b, errors.Join(err, here.Close()))
	}
}

const crashed = "incidents/2026/11/23/w/timeline/0.md"

// needsKill skips where a hook cannot kill us, and where a program's children do not hold its files.
func needsKill(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no hook can kill the program there") // Windows knows no kill -9; the order of writes is the same code on every system
	}
}

// A hook that kills us is a crash at a known place.
func TestCrash(t *testing.T) {
	t.Parallel()
	needsKill(t)
	for _, tt := range []struct {
		rule, hook, script string
		lock               bool // git was killed too, and its lock stays
	}{
		{"before git commits", "pre-commit", "kill -9 $GITSTORE_PID", false},
		{"before git commits, git too", "pre-commit", "kill -9 $GITSTORE_PID $PPID", true},
		{"while git waits for the message", "commit-msg", "kill -9 $GITSTORE_PID", false},
		{"while git moves the branch", "reference-transaction", `test "$1" != prepared || kill -9 $GITSTORE_PID`, false},
		{"after git moved the branch", "reference-transaction", `test "$1" != committed || kill -9 $GITSTORE_PID`, false},
		{"after git committed", "post-commit", "kill -9 $GITSTORE_PID", false},
		{"after git committed, git too", "post-commit", "kill -9 $GITSTORE_PID $PPID", false},
		{"before git commits, which then fails", "pre-commit", "kill -9 $GITSTORE_PID; exit 1", false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			b.file("mine", "x\n")
			b.git("add", "mine")
			b.hook(tt.hook, tt.script)
			require.Empty(t, b.killed(b.writer("w", 1)))
			b.unhook(tt.hook)
			if tt.lock {
				_, _, err := b.commit(other, "two\n")
				require.ErrorIs(t, err, gitstore.ErrLocked, "a lock that may be somebody else's stays")
				require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/index.lock")))
			}
			b.mustCommit(other, "two\n")
			b.requireOnce([]string{entry, crashed, other})
			require.Equal(t, "A  mine", b.git("status", "--porcelain"))
			b.git("fsck", "--strict", "--no-dangling")
			b.requireNothingLeft()
		})
	}
}

// journaled leaves a repository as a crash before git's part does.
func journaled(t *testing.T) *box {
	t.Helper()
	needsKill(t)
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.hook("pre-commit", "kill -9 $GITSTORE_PID; exit 1")
	require.Empty(t, b.killed(b.writer("w", 1)))
	b.unhook("pre-commit")
	require.FileExists(t, filepath.Join(b.dir, ".git/incident/journal"))
	return b
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule  string
		do    func(b *box)
		holds bool
	}{
		{"nothing of it had reached the work tree", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
		}, true},
		{"a part of a file was written", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
			s, _ := b.open()
			b.file(s.Part(crashed), "incid")
		}, true},
		{"the file was not staged", func(b *box) { b.git("reset", "--quiet") }, true},
		{"the file was staged", func(*box) {}, true},
		{"the user has committed it", func(b *box) { b.git("commit", "--quiet", "-m", "whatever is staged") }, true},
		{"the user has committed something else", func(b *box) {
			b.git("commit", "--quiet", "--allow-empty", "-m", "other", "--only")
		}, true},
		{"only a part of the journal was written", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
			whole := b.read(".git/incident/journal")
			b.file(".git/incident/journal", whole[:len(whole)-10])
		}, false},
		{"the power went before all of the journal lay on the disk", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
			whole := b.read(".git/incident/journal")
			b.file(".git/incident/journal", whole[:len(whole)-10]+strings.Repeat("\x00", 10))
		}, false},
		{"the journal was written and nobody had said that it counts", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
			b.file(".git/incident/journal", "~"+b.read(".git/incident/journal")[1:])
		}, false},
		{"behind the journal lies the rest of a longer one", func(b *box) {
			b.file(".git/incident/journal", b.read(".git/incident/journal")+`"}{"Change":null}`)
		}, true},
		{"the journal is damaged", func(b *box) {
			b.git("reset", "--quiet")
			b.git("clean", "-fdq")
			b.file(".git/incident/journal", "{")
		}, false},
		{"it had been refused", func(b *box) {
			b.file(".git/incident/journal", "-"+b.read(".git/incident/journal")[1:])
		}, false},
		{"it had been refused and partly taken back", func(b *box) {
			b.file(".git/incident/journal", "-"+b.read(".git/incident/journal")[1:])
			require.NoError(b, os.Remove(filepath.Join(b.dir, filepath.FromSlash(crashed))))
		}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := journaled(t)
			tt.do(b)
			b.mustCommit(other, "two\n")
			want := []string{entry, other}
			if tt.holds {
				want = append(want, crashed)
			}
			require.ElementsMatch(t, want, b.lines("ls-tree", "-r", "--name-only", "HEAD"))
			b.requireOnce(want)
			b.requireSound()
		})
	}
}

func TestRecoveryWaitsForHalfDoneOperations(t *testing.T) {
	t.Parallel()
	b := journaled(t)
	b.file(".git/CHERRY_PICK_HEAD", b.git("rev-parse", "HEAD")+"\n")
	_, _, err := b.commit(other, "two\n")
	require.ErrorIs(t, err, gitstore.ErrBusy)
	require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/CHERRY_PICK_HEAD")))
	b.mustCommit(other, "two\n")
	b.requireOnce([]string{entry, other, crashed})
	b.requireSound()
}

func TestRecoveryThatIsRefusedKeepsTheDraft(t *testing.T) {
	t.Parallel()
	b := journaled(t)
	b.hook("pre-commit", "! git diff --cached --name-only | grep -q w/ || { echo 'not this one' >&2; exit 1; }")
	_, warned, err := b.commit(other, "two\n")
	require.NoError(t, err, "others go on")
	require.Len(t, warned, 1)
	require.Contains(t, warned[0], "not this one")
	kept := filepath.Join(b.dir, ".git/incident/drafts")
	require.Contains(t, warned[0], kept)
	raw, err := os.ReadFile(filepath.Join(kept, strings.ReplaceAll(crashed, "/", "-")))
	require.NoError(t, err)
	require.Equal(t, crashed+"\n", string(raw))
	require.NotContains(t, b.git("ls-tree", "-r", "--name-only", "HEAD"), crashed)
	b.requireSound()
	b.mustCommit("incidents/x.md", "three\n")
}

// A crash leaves a document that was to be replaced as it was or as it was to be; a person may have gone
// on with it since.
func TestRecoveryDoesNotOverwriteAnEditedDocument(t *testing.T) {
	t.Parallel()
	const doc = "incidents/2026/11/23/w/postmortem.md"
	b := newBox(t)
	b.mustCommit(doc, "draft\n")
	b.hook("pre-commit", "kill -9 $GITSTORE_PID; exit 1")
	w := b.writer("w", 1)
	w.Env = append(w.Env, "GITSTORE_DOCUMENT="+doc)
	require.Empty(t, b.killed(w))
	b.unhook("pre-commit")
	require.Equal(t, "new draft\n", b.read(doc))
	b.file(doc, "my own words\n")
	_, warned, err := b.commit(other, "two\n")
	require.NoError(t, err)
	require.Len(t, warned, 1)
	require.Equal(t, "my own words\n", b.read(doc))
	require.Equal(t, "draft", b.git("show", "HEAD:"+doc))
	require.Equal(t, "M "+doc, strings.TrimSpace(b.git("status", "--porcelain")))
	raw, err := os.ReadFile(filepath.Join(b.dir, ".git/incident/drafts", strings.ReplaceAll(doc, "/", "-")))
	require.NoError(t, err)
	require.Equal(t, "new draft\n", string(raw))
	b.requireNothingLeft()
}

// A change that is given up, and cannot be taken back while a git that died holds the index, waits for that: what comes
// next must not take the place of its journal.
func TestRecoveryThatIsRefusedWaitsForTheIndex(t *testing.T) {
	t.Parallel()
	b := journaled(t)
	b.file(crashed, "my own words\n")
	b.file(".git/index.lock", "")
	_, warned, err := b.commit(other, "two\n")
	require.ErrorIs(t, err, gitstore.ErrLocked)
	require.Len(t, warned, 1)
	require.Contains(t, warned[0], "it is kept in")
	require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/index.lock")))
	b.mustCommit(other, "two\n")
	require.Equal(t, "?? incidents/2026/11/23/w/", b.git("status", "--porcelain"))
	require.Equal(t, "my own words\n", b.read(crashed))
	b.requireOnce([]string{entry, other})
	b.requireNothingLeft()
}

// Killed at any time: what was acknowledged is there, what was not is there as a whole or not at all.
func TestKilledAtAnyTime(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	names := []string{entry}
	for round := range 8 {
		var out bytes.Buffer
		w := b.writer(fmt.Sprintf("k%d", round), 1000)
		w.Stdout = &out
		wait := b.orphans(w)
		require.NoError(t, w.Start())
		time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond)
		require.NoError(t, w.Process.Kill())
		require.Error(t, w.Wait())
		names = append(names, acknowledged(out.String())...)

		name := fmt.Sprintf("incidents/2026/11/23/after/timeline/%d.md", round)
		b.mustCommit(name, "after\n")
		names = append(names, name)
		wait()
		b.requireOnce(names)
		b.requireSound()
	}
	require.LessOrEqual(t, len(b.lines("ls-tree", "-r", "--name-only", "HEAD")), len(names)+8)
}

// With the whole group gone, as when a terminal or a machine dies, git's lock can stay; ours never does.
func TestKilledWithGit(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	names := []string{entry}
	for round := range 8 {
		var out bytes.Buffer
		w := b.writer(fmt.Sprintf("k%d", round), 1000)
		w.Stdout = &out
		wait := b.orphans(w)
		ownGroup(w)
		require.NoError(t, w.Start())
		time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond)
		require.NoError(t, exec.Command("kill", "-9", "--", fmt.Sprintf("-%d", w.Process.Pid)).Run())
		require.Error(t, w.Wait())
		names = append(names, acknowledged(out.String())...)

		for _, lock := range []string{"index.lock", "HEAD.lock", "refs/heads/main.lock"} {
			_ = os.Remove(filepath.Join(b.dir, ".git", lock)) // as our message asks the person to
		}
		name := fmt.Sprintf("incidents/2026/11/23/after/timeline/%d.md", round)
		b.mustCommit(name, "after\n")
		names = append(names, name)
		wait()
		b.requireOnce(names)
		b.requireSound()
	}
}
