package gitstore_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// gatherFrom is how many small packs there are when they are put together.
const gatherFrom = 16

// commits makes so many commits, each a pack, and returns the entries.
func (b *box) commits(name string, n int) (names []string) {
	b.Helper()
	s, warned := b.open()
	for i := range n {
		names = append(names, fmt.Sprintf("incidents/2026/11/23/a/timeline/%s-%d.md", name, i))
		_, err := s.Commit(b.Context(), changing(names[i], name+"\n"))
		require.NoError(b, err)
	}
	require.Empty(b, *warned)
	return names
}

// requireWhole says that git finds nothing wrong in objects, packs and the index over many packs.
func (b *box) requireWhole() {
	b.Helper()
	b.git("multi-pack-index", "verify")
	b.git("fsck", "--strict", "--full", "--no-dangling")
	b.requireSound()
}

// replaced lists the packs that were put together last, and the one that replaces them.
func (b *box) replaced() (into string, packs []string) {
	b.Helper()
	list := strings.Fields(b.read(".git/incident/gathered"))
	for i, name := range list {
		list[i] = filepath.Join(b.dir, ".git/objects/pack", name+".pack")
	}
	return list[0], list[1:]
}

const midx = ".git/objects/pack/multi-pack-index"

// What was put together stays until that is done again, and until then counts as one.
func TestReplacedPacksStayForAWhile(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	names := b.commits("a", gatherFrom)
	into, first := b.replaced()
	require.Len(t, first, gatherFrom)
	require.ElementsMatch(t, append(slices.Clone(first), into), b.packFiles("pack"))
	names = append(names, b.commits("b", gatherFrom-2)...)
	require.Subset(t, b.packFiles("pack"), first)
	names = append(names, b.commits("c", 1)...)
	again, second := b.replaced()
	require.Contains(t, second, into)
	require.ElementsMatch(t, append(slices.Clone(second), again), b.packFiles("pack"))
	require.Contains(t, b.git("count-objects", "-v"), "garbage: 0")
	b.requireOnce(names)
	b.requireWhole()
}

// The list of what was replaced can be lost, cut short or wrong, and so can be the pack that it names. No object is lost
// by it, and packs stay few.
func TestListOfReplacedPacks(t *testing.T) {
	t.Parallel()
	const list = ".git/incident/gathered"
	for _, tt := range []struct {
		rule string
		do   func(b *box)
	}{
		{"it is lost", func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, list))) }},
		{"it is empty", func(b *box) { b.file(list, "") }},
		{"it is cut short", func(b *box) { b.file(list, b.read(list)[:150]) }},
		{"it is zeros", func(b *box) { b.file(list, strings.Repeat("\x00", 500)) }},
		{"it names other files", func(b *box) { b.file(list, strings.Split(b.read(list), "\n")[0]+"\n../../../../mine\n") }},
		{"it names packs that were not replaced", func(b *box) {
			lines := b.read(list)
			b.commits("b", 3)
			for _, file := range b.packFiles("pack") {
				lines += strings.TrimSuffix(filepath.Base(file), ".pack") + "\n"
			}
			b.file(list, lines)
		}},
		{"the pack that replaces them is gone", func(b *box) {
			into, _ := b.replaced()
			require.NoError(b, os.Remove(into))
			require.NoError(b, os.Remove(strings.TrimSuffix(into, ".pack")+".idx"))
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file("../mine.pack", "mine")
			names := b.commits("a", gatherFrom)
			tt.do(b)
			names = append(names, b.commits("z", 3*gatherFrom)...)
			require.LessOrEqual(t, len(b.packFiles("pack")), 2*gatherFrom)
			require.FileExists(t, filepath.Join(b.dir, "../mine.pack"))
			require.Subset(t, b.lines("ls-tree", "-r", "--name-only", "HEAD"), names)
			b.requireWhole()
		})
	}
}

// As long as the pack that replaces others cannot be read, they stay.
func TestReplacedByADamagedPack(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	names := b.commits("a", gatherFrom)
	into, _ := b.replaced()
	raw, err := os.ReadFile(into)
	require.NoError(t, err)
	raw[len(raw)/2] ^= 1
	require.NoError(t, os.Remove(into))
	require.NoError(t, os.WriteFile(into, raw, 0o444))
	names = append(names, b.commits("b", 3*gatherFrom)...)
	require.LessOrEqual(t, len(b.packFiles("pack")), 2*gatherFrom+1)

	require.NoError(t, os.Remove(into))
	require.NoError(t, os.Remove(strings.TrimSuffix(into, ".pack")+".idx"))
	b.requireOnce(names)
	b.requireWhole()
}

// Packs that git's index over many packs names are those to remove who write it.
func TestPacksBesideAMidx(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	names := b.commits("a", 5)
	b.git("multi-pack-index", "write")
	indexed := b.packFiles("pack")
	names = append(names, b.commits("b", gatherFrom)...)
	into, replaced := b.replaced()
	require.Len(t, replaced, gatherFrom)
	for _, file := range indexed {
		require.NotContains(t, replaced, file)
	}
	require.Subset(t, b.packFiles("pack"), indexed)
	b.requireWhole()

	// Named before they could be removed, they stay, and are of no use: git removes them.
	b.git("multi-pack-index", "write")
	names = append(names, b.commits("c", gatherFrom)...)
	require.Subset(t, b.packFiles("pack"), append(replaced, into))
	require.Len(t, b.packFiles("pack"), 5+2*(gatherFrom+1))
	b.requireWhole()
	b.git("multi-pack-index", "expire")
	require.NotContains(t, b.packFiles("pack"), replaced[0])
	require.Contains(t, b.packFiles("pack"), into)
	b.requireOnce(names)
	b.requireWhole()
}

// Where it cannot be seen which packs git's index over many packs names, none is touched.
func TestPacksBesideAMidxThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule string
		do   func(b *box)
	}{
		{"it is damaged", func(b *box) { b.file(midx, "MIDX\x01\x01\x04\x00\x00\x00\x00\x05PNAM") }},
		{"it is a later git's", func(b *box) { b.file(midx, "MIDX\x09\x01\x04\x00\x00\x00\x00\x05PNAM") }},
		{"it is a chain of several", func(b *box) { b.file(midx+".d/multi-pack-index-chain", "") }},
		{"it cannot be opened", func(b *box) { require.NoError(b, os.MkdirAll(filepath.Join(b.dir, midx), 0o777)) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.git("config", "core.multiPackIndex", "false")
			b.commits("a", gatherFrom)
			_, replaced := b.replaced()
			tt.do(b)
			b.commits("b", 2*gatherFrom-1)
			require.Len(t, b.packFiles("pack"), 1+3*gatherFrom-1)
			require.Subset(t, b.packFiles("pack"), replaced)
			b.requireSound()
			require.NoError(t, os.RemoveAll(filepath.Join(b.dir, midx)))
			require.NoError(t, os.RemoveAll(filepath.Join(b.dir, midx+".d")))
			b.commits("c", 1)
			require.Len(t, b.packFiles("pack"), 1+2*gatherFrom+1)
			b.requireWhole()
		})
	}
}

// A git that writes an index over many packs as some of them are removed names what is gone. All of it is found all the
// same, but for what a bitmap leads to, and the next write removes the index before it needs git.
func TestMidxThatNamesPacksThatAreGone(t *testing.T) {
	t.Parallel()
	for _, flag := range []string{"--no-bitmap", "--bitmap"} {
		t.Run(flag, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			names := b.commits("a", gatherFrom)
			_, replaced := b.replaced()
			b.git("multi-pack-index", "write", flag)
			for _, file := range replaced {
				require.NoError(t, os.Remove(file))
				require.NoError(t, os.Remove(strings.TrimSuffix(file, ".pack")+".idx"))
			}
			require.Error(t, b.command("multi-pack-index", "verify").Run())
			if flag == "--no-bitmap" {
				b.requireOnce(names)
			}

			require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/incident/verified"))) // so that git is asked
			names = append(names, b.commits("b", 1)...)
			require.NoFileExists(t, filepath.Join(b.dir, midx))
			b.requireOnce(names)
			b.requireWhole()
		})
	}
}

// While git tidies up, its packs are left alone; what a git that died has left is in nobody's way for ever.
func TestPacksWhileGitTidiesUp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"gc.pid", "objects/maintenance.lock", "objects/pack/multi-pack-index.lock"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file(".git/"+name, "")
			b.commits("a", gatherFrom+1)
			require.Len(t, b.packFiles("pack"), gatherFrom+1)
			s, _ := b.open()
			s.Later(13 * time.Hour)
			_, err := s.Commit(t.Context(), changing(other, "two\n"))
			require.NoError(t, err)
			require.FileExists(t, filepath.Join(b.dir, ".git/incident/gathered"))
			require.FileExists(t, filepath.Join(b.dir, ".git", filepath.FromSlash(name)))
			b.requireOnce([]string{other})
		})
	}
}

// Whatever git does with packs and the index over them while we write, it finds all in order afterwards.
func TestWritersBesideThoseWhoIndexPacks(t *testing.T) {
	t.Parallel()
	for _, script := range []string{
		`git multi-pack-index write`,
		`git multi-pack-index write; sleep 0.5`,
		`git multi-pack-index write --bitmap; sleep 0.3`,
		`git multi-pack-index write; git multi-pack-index expire; git multi-pack-index repack --batch-size=0; git multi-pack-index expire; sleep 0.3`,
		`git maintenance run --task=incremental-repack; sleep 0.2`,
		`git repack -q -d --geometric=2 --write-midx; sleep 0.3`,
		`git gc -q --prune=now; git multi-pack-index write; sleep 0.2`,
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.git("config", "gc.auto", "0") // beside who writes such an index, a gc ends in a crash of its own now and then
			b.mustCommit(entry, "one\n")
			person := b.command("version") // for its surroundings
			person.Path, person.Args = "/bin/sh", []string{"sh", "-c", "while test -e .git/going; do " + script + "; done 2>/dev/null >&2; exit 0"}
			b.file(".git/going", "")
			require.NoError(t, person.Start())
			var all sync.WaitGroup
			outs := make([]bytes.Buffer, 3)
			errs := make([]error, len(outs))
			for i := range outs {
				w := b.writer(fmt.Sprintf("w%d", i), 2*gatherFrom)
				w.Stdout, w.Stderr = &outs[i], &outs[i]
				all.Go(func() { errs[i] = w.Run() })
			}
			all.Wait()
			require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/going")))
			require.NoError(t, person.Wait())
			names := []string{entry}
			for i := range outs {
				require.NoError(t, errs[i], outs[i].String())
				names = append(names, acknowledged(outs[i].String())...)
			}
			require.Len(t, names, 1+6*gatherFrom)

			// The next write heals what the last race left.
			b.mustCommit(other, "two\n")
			b.requireOnce(append(names, other))
			b.requireWhole()
		})
	}
}

// Killed at any time while packs are put together beside an index over them: nothing is lost, and git finds all in order.
func TestKilledBesideAMidx(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	b.git("config", "gc.autoDetach", "false")
	names := b.commits("a", 5)
	b.git("multi-pack-index", "write")
	for round := range 6 {
		var out bytes.Buffer
		w := b.writer(fmt.Sprintf("k%d", round), 1000)
		w.Stdout = &out
		require.NoError(t, w.Start())
		time.Sleep(time.Duration(150+round*53) * time.Millisecond)
		require.NoError(t, w.Process.Kill())
		require.Error(t, w.Wait())
		names = append(names, acknowledged(out.String())...)
		names = append(names, b.commits(fmt.Sprintf("after-%d", round), 1)...)
		b.requireOnce(names)
		b.requireWhole()
	}
	require.Less(t, len(b.packFiles("pack")), 50)
}
