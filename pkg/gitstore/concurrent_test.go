package gitstore_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// requireOnce says that what was acknowledged is in the newest commit, and was added exactly once.
func (b *box) requireOnce(names []string) {
	b.Helper()
	added := map[string]int{}
	for _, name := range b.lines("log", "--format=", "--name-only", "--diff-filter=A", "--no-renames") {
		added[name]++
	}
	held := map[string]bool{}
	for _, name := range b.lines("ls-tree", "-r", "--name-only", "HEAD") {
		held[name] = true
	}
	for _, name := range names {
		require.True(b, held[name], "%s was acknowledged and is not there", name)
		require.Equal(b, 1, added[name], name)
	}
}

func TestManyWriters(t *testing.T) {
	t.Parallel()
	const writers, each = 32, 2
	b := newBox(t)
	commands := make([]*exec.Cmd, writers)
	outs := make([]bytes.Buffer, writers)
	for i := range commands {
		commands[i] = b.writer(fmt.Sprintf("w%d", i), each)
		commands[i].Stdout, commands[i].Stderr = &outs[i], &outs[i]
		require.NoError(t, commands[i].Start())
	}
	var names []string
	for i, c := range commands {
		require.NoError(t, c.Wait(), outs[i].String())
		names = append(names, acknowledged(outs[i].String())...)
	}
	require.Len(t, names, writers*each)
	b.requireOnce(names)
	require.Equal(t, fmt.Sprint(writers*each), b.git("rev-list", "--count", "HEAD"))
	require.Empty(t, b.git("rev-list", "--min-parents=2", "HEAD"), "history is a line")
	b.requireSound()
}

// Whose turn is next looks at what is committed by then, while the one before is still at work; nobody else does yet.
func TestWhoseTurnIsNextReadsAhead(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	var holder, next sync.WaitGroup
	holds, go1, looked := make(chan bool), make(chan bool), make(chan string, 2)
	s, _ := b.open()
	holder.Go(func() {
		_, err := s.Commit(t.Context(), func(snap *gitstore.Snapshot) (*gitstore.Change, error) {
			close(holds)
			<-go1
			return changing(other, "two\n")(snap)
		})
		require.NoError(t, err)
	})
	<-holds
	for n := range 2 {
		next.Go(func() {
			s, _ := b.open()
			look := func(snap *gitstore.Snapshot) { looked <- snap.Commit }
			_, err := s.CommitInTurn(t.Context(), look, changing(fmt.Sprintf("incidents/next-%d.md", n), "next\n"))
			require.NoError(t, err)
		})
	}
	require.Equal(t, b.git("rev-parse", "HEAD"), <-looked, "before the one that is at work has committed")
	require.Never(t, func() bool { return len(looked) > 0 }, 50*time.Millisecond, 10*time.Millisecond, "the one after that waits")
	close(go1)
	holder.Wait()
	next.Wait()
	require.Len(t, looked, 1)
	b.requireOnce([]string{entry, other, "incidents/next-0.md", "incidents/next-1.md"})
	b.requireSound()

	s, _ = b.open()
	_, err := s.CommitInTurn(t.Context(), func(*gitstore.Snapshot) { t.Error("nobody is before it") }, changing(entry, "three\n"))
	require.NoError(t, err)
}

// A person's own git loses a race now and then and says so; ours never does, and what a race makes their
// git drop is put back.
func TestWritersBesideAPerson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule   string
		script string
	}{
		{"git add and git commit", `echo $i >mine; git add mine; git commit -qm $i`},
		{"git commit -a", `echo $i >>mine; git commit -qam $i`},
		{"git commit of nothing", `git commit -q --allow-empty -m $i`},
		{"git add of everything", `echo $i >mine-$i; git add -A`},
		{"git gc", `git gc --quiet`},
		{"git pack-refs", `git pack-refs --all; git repack -dq`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file("mine", "")
			b.git("add", "mine")
			b.git("commit", "-qm", "first")
			person := b.command("version") // for its surroundings
			person.Path, person.Args = "/bin/sh", []string{"sh", "-c", "i=0; while test -e .git/going; do i=$((i+1)); " + tt.script + "; sleep 0.05; done 2>/dev/null >&2; exit 0"}
			b.file(".git/going", "")
			require.NoError(t, person.Start())

			var all sync.WaitGroup
			outs := make([]bytes.Buffer, 3)
			errs := make([]error, len(outs))
			for i := range outs {
				w := b.writer(fmt.Sprintf("w%d", i), 5)
				w.Stdout, w.Stderr = &outs[i], &outs[i]
				all.Go(func() { errs[i] = w.Run() })
			}
			all.Wait()
			b.git("rev-parse", "HEAD")
			require.NoError(t, exec.Command("rm", b.dir+"/.git/going").Run())
			require.NoError(t, person.Wait())
			var names []string
			for i := range outs {
				require.NoError(t, errs[i], outs[i].String())
				for _, line := range acknowledged(outs[i].String()) {
					if strings.HasPrefix(line, "incidents/") {
						names = append(names, line)
					}
				}
			}
			require.Len(t, names, 15)

			// The next write heals what the last race left.
			_, _, err := b.commit(entry, "one\n")
			require.NoError(t, err)
			held := b.lines("ls-tree", "-r", "--name-only", "HEAD")
			require.Subset(t, held, names)
			require.NotContains(t, b.git("status", "--porcelain"), "incidents/")
			_, err = b.command("fsck", "--strict").CombinedOutput()
			require.NoError(t, err)
			b.requireNothingLeft()
		})
	}
}
