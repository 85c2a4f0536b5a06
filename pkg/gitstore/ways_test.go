package gitstore_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

// A commit that this process makes and one that the git program makes are the same commit, to the byte,
// and leave the same behind.
func TestBothWaysMakeTheSameCommit(t *testing.T) {
	t.Parallel()
	const doc = "incidents/2026/11/23/a/postmortem.md"
	deep := strings.Repeat("a-rather-long-folder/", 12)
	for _, tt := range []struct {
		rule    string
		setup   func(b *box) *box
		changes [][]string
	}{
		{"the first commit of all", nil, [][]string{{entry, "one\n"}}},
		{"several commits", nil, [][]string{{entry, "one\n"}, {other, "two\n"}, {"incidents/2026/11/24/b/timeline/1.md", "three\n"}}},
		{"several files", nil, [][]string{{entry, "one\n", doc, "draft\n", "top", "x"}, {other, "two\n", doc, "new draft\n"}}},
		{"an empty file", nil, [][]string{{entry, ""}}},
		{"the same content twice", nil, [][]string{{entry, "one\n", other, "one\n"}}},
		{"names that sort between folders", nil, [][]string{{"a/b", "1", "a.b", "2", "a-b", "3", "a0", "4"}, {"a/a", "5", "a!", "6", "a/b0", "7", "a/b/c"[:3] + "-", "8"}}},
		{"a long path", nil, [][]string{{deep + "1.md", "one\n"}, {deep + "2.md", "two\n"}}},
		{"letters of all kinds", nil, [][]string{{"incidents/ä 日本 [1]*?.md", "one\n"}}},
		{"a file that is a program", func(b *box) *box {
			b.file(doc, "draft\n")
			require.NoError(b, os.Chmod(filepath.Join(b.dir, doc), 0o755))
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			return b
		}, [][]string{{doc, "new draft\n"}}},
		{"a detached HEAD", func(b *box) *box {
			b.git("commit", "-q", "--allow-empty", "-m", "first")
			b.git("checkout", "-q", "--detach")
			return b
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"a linked work tree", func(b *box) *box {
			b.git("commit", "-q", "--allow-empty", "-m", "first")
			b.git("worktree", "add", "-q", "../linked")
			return b.in("../linked")
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"a branch with a path of its own", func(b *box) *box {
			b.git("commit", "-q", "--allow-empty", "-m", "first")
			b.git("checkout", "-q", "-b", "team/records/x")
			b.git("pack-refs", "--all")
			return b
		}, [][]string{{entry, "one\n"}}},
		{"everything packed", func(b *box) *box {
			b.file("f", "x\n")
			b.file(entry, "one\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.git("gc", "-q", "--prune=now")
			return b
		}, [][]string{{other, "two\n"}, {doc, "x\n"}}},
		{"other files that are staged", func(b *box) *box {
			b.file("kept", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.file("kept", "y\n")
			b.file("new", "z\n")
			b.git("add", ".")
			return b
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"an index with all sorts of entries", func(b *box) *box {
			b.file("kept", "x\n")
			b.file("skipped", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.file("soon", "z\n")
			b.git("add", "--intent-to-add", "soon")
			b.git("update-index", "--skip-worktree", "skipped")
			b.git("update-index", "--assume-unchanged", "kept")
			return b
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"an index that git has split", func(b *box) *box {
			b.file("kept", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.git("update-index", "--split-index")
			return b
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"an index that git has split, with files that are other since", func(b *box) *box {
			b.file("kept", "x\n")
			b.file("gone", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.git("config", "splitIndex.maxPercentChange", "100")
			b.git("update-index", "--split-index")
			b.file("kept", "y\n")
			b.git("add", "kept")
			b.git("rm", "-q", "gone")
			return b
		}, [][]string{{entry, "one\n"}, {other, "two\n"}}},
		{"no diary", func(b *box) *box { b.git("config", "core.logAllRefUpdates", "false"); return b }, [][]string{{entry, "one\n"}}},
		{"a diary of everything", func(b *box) *box { b.git("config", "core.logAllRefUpdates", "always"); return b }, [][]string{{entry, "one\n"}}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			var seen [2]string
			for way := range seen {
				b := newBox(t)
				b.env = append(b.env, "GIT_AUTHOR_DATE=@1 +0000", "GIT_COMMITTER_DATE=@1 +0000")
				if tt.setup != nil {
					b = tt.setup(b)
				}
				for _, files := range tt.changes {
					b.commitBy(way == 0, files...)
				}
				seen[way] = b.everything()
				b.requireNothingLeft()
				out, err := b.command("fsck", "--strict", "--no-dangling").CombinedOutput()
				require.NoError(t, err, string(out))
			}
			require.Equal(t, seen[1], seen[0])
		})
	}
}

// commitBy commits in this process, or by the git program, and makes sure that it was so.
func (b *box) commitBy(fast bool, files ...string) {
	b.Helper()
	s, warned := b.open()
	if !fast {
		s.Slowly()
	}
	moved := false
	s.OnStep(func(step string) { moved = moved || step == "branch moved" })
	_, err := s.Commit(b.Context(), changing(files...))
	require.NoError(b, err)
	if fast {
		require.Empty(b, *warned)
	}
	require.Equal(b, fast, moved, "the other way was taken")
}

// everything is what a person can see of a repository.
func (b *box) everything() string {
	b.Helper()
	var all strings.Builder
	for _, args := range [][]string{
		{"rev-parse", "HEAD"},
		{"cat-file", "commit", "HEAD"},
		{"ls-tree", "-r", "-t", "HEAD"},
		{"ls-files", "--stage", "-v"},
		{"status", "--porcelain", "--branch"},
		{"diff", "--cached", "--raw"},
		{"diff-files"},
		{"for-each-ref"},
		{"reflog", "--format=%H %gd %gs %gn %ge", "HEAD"},
		{"reflog", "--all", "--format=%H %gd %gs"},
	} {
		out, err := b.command(args...).CombinedOutput()
		require.NoError(b, err, string(out))
		all.WriteString(strings.Join(args, " ") + "\n" + string(out) + "\n")
	}
	return all.String()
}

// After commits of ours, git goes on as if it had made them.
func TestGitGoesOn(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("f", "x\n")
	b.git("add", ".")
	b.git("commit", "-qm", "first")
	n := 0
	note := func() {
		t.Helper()
		n++
		name := strings.Replace(entry, "1.md", strings.Repeat("1", n)+".md", 1)
		b.commitBy(true, name, name+"\n")
		require.Equal(t, b.git("rev-parse", "HEAD^{tree}"), b.git("write-tree"))
		b.git("diff", "--cached", "--quiet")
		b.requireSound()
	}
	for _, commands := range []string{
		"status",
		"write-tree",
		"checkout -q -b side; checkout -q main",
		"checkout -q side",
		"checkout -q main; merge -q --no-edit side",
		"checkout -q side; rebase -q main; checkout -q main; merge -q side",
		"gc -q",
		"gc -q --prune=now",
		"pack-refs --all",
		"reset -q --hard HEAD~1",
		"read-tree HEAD",
		"update-index --refresh -q",
		"worktree add -q ../linked -b linked",
		"mv f g; commit -qm moved",
		"update-index --index-version 3",
		"branch -m other",
	} {
		note()
		for command := range strings.SplitSeq(commands, "; ") {
			b.git(strings.Fields(command)...)
		}
	}
	note()
	b.file("g", "changed\n")
	b.git("stash", "-q")
	note()
	b.git("stash", "pop", "-q")
	require.Equal(t, "changed\n", b.read("g"))
	b.git("checkout", "-q", "g")
	note()
	require.Equal(t, b.git("rev-parse", "HEAD^{tree}"), b.git("write-tree"))
	b.git("fsck", "--strict", "--full", "--no-dangling")
}

// What changes within the second in which the index was written is seen by its content alone. A new index
// must not make git believe that it is known.
func TestChangesWithinASecondAreSeen(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("mine", "one\n")
	b.git("add", "mine")
	b.git("commit", "-qm", "first")
	name := filepath.Join(b.dir, "mine")
	info, err := os.Stat(name)
	require.NoError(t, err)
	f, err := os.OpenFile(name, os.O_WRONLY, 0) // in place: the same inode
	require.NoError(t, err)
	_, err = f.WriteString("two\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	require.NoError(t, os.Chtimes(name, info.ModTime(), info.ModTime()))
	require.NoError(t, os.Chtimes(filepath.Join(b.dir, ".git/index"), info.ModTime(), info.ModTime()))
	b.commitBy(true, entry, "one\n")
	require.Equal(t, " M mine", b.git("status", "--porcelain"))
}

func TestPath(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s, _ := b.open()
	fast, why := s.Path(t.Context(), entry)
	require.True(t, fast, why)
	for _, tt := range []struct {
		why string
		do  func(b *box)
	}{
		{"there is a hook, pre-commit", func(b *box) { b.hook("pre-commit", "") }},
		{"there is a hook, commit-msg", func(b *box) { b.hook("commit-msg", "") }},
		{"there is a hook, prepare-commit-msg", func(b *box) { b.hook("prepare-commit-msg", "") }},
		{"there is a hook, post-commit", func(b *box) { b.hook("post-commit", "") }},
		{"there is a hook, reference-transaction", func(b *box) { b.hook("reference-transaction", "") }},
		{"there is a hook, post-index-change", func(b *box) { b.hook("post-index-change", "") }},
		{"core.hookspath is set", func(b *box) { b.git("config", "core.hooksPath", "/hooks") }},
		{"commit.gpgsign is set", func(b *box) { b.git("config", "commit.gpgSign", "true") }},
		{"commit.gpgsign is set", func(b *box) { b.file("../.gitconfig", "[commit]\n\tgpgSign\n") }},
		{"core.sparsecheckout is set", func(b *box) { b.git("sparse-checkout", "set", "x") }},
		{"core.sharedRepository is set", func(b *box) { b.git("config", "core.sharedRepository", "group") }},
		{"feature.manyfiles is set", func(b *box) { b.git("config", "feature.manyFiles", "true") }},
		{"extensions.partialclone is set", func(b *box) { b.git("config", "extensions.partialClone", "origin") }},
		{"objects are fetched when they are needed", func(b *box) { b.git("config", "remote.origin.promisor", "true") }},
		{"objects lie in another repository", func(b *box) { b.file(".git/objects/info/alternates", "/elsewhere\n") }},
		{"objects are replaced by others", func(b *box) { b.file(".git/refs/replace/x", "") }},
		{"the index has version 4", func(b *box) { b.git("update-index", "--index-version", "4") }},
		{`the index has an extension, "UNTR"`, func(b *box) { b.git("update-index", "--force-untracked-cache") }},
		{"info/attributes gives the attribute filter", func(b *box) { b.file(".git/info/attributes", "*.md filter=x\n") }},
		{"attributes gives the attribute ident", func(b *box) { b.file("../.config/git/attributes", "*.md ident\n") }},
		{"mine gives the attribute [attr]", func(b *box) {
			b.file("../mine", "[attr]secret filter=x\n")
			b.file("../.gitconfig", "[core]\n\tattributesFile = ~/mine\n")
		}},
		{"the index has conflicts", func(b *box) {
			b.git("stash", "-q")
			b.file("kept", "other\n")
			b.git("commit", "-qam", "other")
			_ = b.command("stash", "pop").Run()
		}},
	} {
		t.Run(tt.why, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file("kept", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.file("kept", "y\n")
			tt.do(b)
			s, _ := b.open()
			fast, why := s.Path(t.Context(), entry)
			require.False(t, fast)
			require.Contains(t, filepath.ToSlash(why), tt.why)
		})
	}
}

// What git would commit other than it lies there, git commits.
func TestAttributesThatAlterContents(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule, file, line, content, want string
		fast                            bool
	}{
		{"line ends that are LF already", ".gitattributes", "incidents/** text eol=lf", "one\ntwo\n", "one\ntwo", true},
		{"line ends that become LF", ".gitattributes", "incidents/** text eol=lf", "one\r\ntwo\r\n", "one\ntwo", false},
		{"a keyword", "incidents/.gitattributes", "*.md ident", "$Id: x$\n", "$Id$", false},
		{"a filter", ".gitattributes", "*.md filter=up", "one\n", "ONE", false},
		{"a filter of other files", ".gitattributes", "# *.md filter=up\n*.psd filter=up -text", "one\n", "one", true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.git("config", "filter.up.clean", "tr a-z A-Z")
			b.file(tt.file, tt.line+"\n")
			b.git("add", ".")
			b.git("commit", "-qm", "first")
			b.commitBy(tt.fast, entry, tt.content)
			require.Equal(t, tt.want, b.git("cat-file", "blob", "HEAD:"+entry))
			require.Empty(t, b.git("status", "--porcelain"))
		})
	}
}

// Killed after any step, a commit is finished by the next command, or was never begun.
func TestKilledAfterAnyStep(t *testing.T) {
	t.Parallel()
	needsKill(t)
	steps := []string{
		"planned", "begun", "on disk", "in the work tree", "written", "locked index", "locked head", "locked ref", "locked",
		"filled", "logged", "index renamed", "branch moved",
	}
	first := newBox(t)
	s, _ := first.open()
	var taken []string
	s.OnStep(func(step string) { taken = append(taken, step) })
	_, err := s.Commit(t.Context(), changing(entry, "one\n"))
	require.NoError(t, err)
	require.Equal(t, steps, taken, "a step without a test")

	for _, step := range steps {
		for _, place := range []string{"unborn", "branch", "detached", "then by git"} {
			t.Run(step+", "+place, func(t *testing.T) {
				t.Parallel()
				b := newBox(t)
				want := []string{crashed, other}
				if place != "unborn" {
					b.mustCommit(entry, "one\n")
					want = append(want, entry)
				}
				if place == "detached" {
					if step == "locked head" {
						t.Skip("HEAD is the reference there") // where no branch is checked out, its own lock is that of the reference, a step of its own
					}
					b.git("checkout", "-q", "--detach")
				}
				b.file("mine", "x\n")
				b.git("add", "mine")
				w := b.writer("w", 1)
				w.Env = append(w.Env, "GITSTORE_KILL="+step)
				require.Empty(t, b.killed(w))
				s, warned := b.open()
				if place == "then by git" {
					s.Slowly()
				}
				_, err := s.Commit(t.Context(), changing(other, "two\n"))
				require.NoError(t, err)
				require.Empty(t, *warned)
				b.requireOnce(want)
				require.Equal(t, "A  mine", b.git("status", "--porcelain"))
				b.git("fsck", "--strict", "--no-dangling")
				b.requireNothingLeft()
			})
		}
	}
}

// A lock that is not provably ours stays, after a crash too.
func TestACrashLeavesOthersLocksAlone(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	w := b.writer("w", 1)
	w.Env = append(w.Env, "GITSTORE_KILL=filled")
	require.Empty(t, b.killed(w))
	lock := filepath.Join(b.dir, ".git/index.lock")
	require.NoError(t, os.Remove(lock))
	b.file(".git/index.lock", "")
	_, _, err := b.commit(other, "two\n")
	require.ErrorIs(t, err, gitstore.ErrLocked)
	require.FileExists(t, lock)
	require.NoError(t, os.Remove(lock))
	b.mustCommit(other, "two\n")
	b.requireOnce([]string{entry, crashed, other})
	b.requireSound()
}

// HEAD can move between any two steps.
func TestSomebodyCommitsMeanwhile(t *testing.T) {
	t.Parallel()
	const doc = "incidents/2026/11/23/a/postmortem.md"
	for _, step := range []string{"planned", "begun", "on disk", "in the work tree", "written"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n", doc, "draft\n")
			s, _ := b.open()
			n := 0
			s.OnStep(func(now string) {
				if now == step && n < 3 {
					n++
					b.git("commit", "-q", "--allow-empty", "-m", "meanwhile")
				}
			})
			_, err := s.Commit(t.Context(), changing(other, "two\n"))
			require.NoError(t, err)
			require.Equal(t, "5", b.git("rev-list", "--count", "HEAD"))
			b.requireOnce([]string{entry, other})
			b.requireSound()
			n = 0
			s.OnStep(func(now string) {
				if now == step && n == 0 {
					n++
					tree := b.git("mktree", "--missing") // a commit without the document
					b.git("update-ref", "HEAD", b.git("commit-tree", "-p", "HEAD", "-m", "mine", tree))
				}
			})
			_, err = s.Commit(t.Context(), changing(doc, "new draft\n"))
			require.ErrorIs(t, err, gitstore.ErrDirty, "what somebody has committed is not replaced")
		})
	}
}

// The index is written ahead of git's lock on it. What somebody stages meanwhile is in it all the same.
func TestSomebodyStagesMeanwhile(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"planned", "begun", "on disk", "in the work tree", "written"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(entry, "one\n")
			b.file("mine", "x\n")
			s, _ := b.open()
			s.OnStep(func(now string) {
				if now == step {
					b.git("add", "mine")
				}
			})
			_, err := s.Commit(t.Context(), changing(other, "two\n"))
			require.NoError(t, err)
			b.requireOnce([]string{entry, other})
			require.Equal(t, "A  mine", b.git("status", "--porcelain"))
			b.git("fsck", "--strict", "--no-dangling")
			b.requireNothingLeft()
		})
	}
}

// Git removes objects that nothing refers to yet, and whole packs of them.
func TestPruneMeanwhile(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"prune --expire=now", "repack -a -d -q"} {
		for _, step := range []string{"begun", "on disk", "in the work tree", "written", "locked", "filled", "logged", "index renamed"} {
			t.Run(command+" "+step, func(t *testing.T) {
				t.Parallel()
				b := newBox(t)
				b.mustCommit(entry, "one\n")
				s, _ := b.open()
				n := 0
				s.OnStep(func(now string) {
					if now == step && n < 3 {
						n++
						out, err := b.command(strings.Fields(command)...).CombinedOutput()
						require.NoError(t, err, string(out))
					}
				})
				_, err := s.Commit(t.Context(), changing(other, "two\n"))
				require.NoError(t, err)
				b.requireSound()
				require.Empty(t, b.packFiles("keep"))
			})
		}
	}
}

// packFiles lists what lies in the folder of the packs with an ending.
func (b *box) packFiles(ending string) []string {
	b.Helper()
	files, err := filepath.Glob(filepath.Join(b.dir, ".git/objects/pack/*."+ending))
	require.NoError(b, err)
	return files
}

// Each commit leaves a pack; they are put together before they are many.
func TestPacksStayFew(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	for i := range 50 {
		name := fmt.Sprintf("incidents/2026/11/23/a/timeline/%d.md", i)
		b.commitBy(true, name, strings.Repeat(name+"\n", 1+i*40))
		require.Less(t, len(b.packFiles("pack")), 40, "git packs anew from 50 on")
	}
	require.Less(t, len(b.packFiles("pack")), 25)
	require.Len(t, b.packFiles("idx"), len(b.packFiles("pack")))
	b.requireSound()
	require.Contains(t, b.git("count-objects", "-v"), "garbage: 0")
}

// Packs that git has made, that somebody keeps, or that are damaged stay as they are.
func TestOnlyOwnPacksArePutTogether(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.git("repack", "-q", "-a", "-d", "-f", "--depth=10")
	gits := b.packFiles("pack")
	for i := range 4 {
		b.mustCommit(fmt.Sprintf("incidents/2026/11/23/a/timeline/kept-%d.md", i), "kept\n")
	}
	kept := b.packFiles("pack")
	for _, file := range kept {
		require.NoError(t, os.WriteFile(strings.TrimSuffix(file, ".pack")+".keep", nil, 0o666))
	}
	for i := range 31 {
		b.mustCommit(fmt.Sprintf("incidents/2026/11/23/a/timeline/%d.md", i), "more\n")
	}
	now := b.packFiles("pack")
	require.Subset(t, now, gits)
	require.Subset(t, now, kept)
	require.Less(t, len(now), len(kept)+20)
	b.requireSound()
}

// What a crash has left of a pack is removed by the next write; what another program is writing is not.
func TestPartsOfPacks(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.file(".git/objects/pack/tmp_incident_pack_1", "cut short")
	b.file(".git/objects/pack/tmp_pack_git", "on its way")
	b.file(".git/objects/pack/pack-1.idx", "its pack is gone")
	b.file(".git/objects/pack/pack-2.pack", "its index is on its way")
	b.mustCommit(other, "two\n")
	require.NoFileExists(t, filepath.Join(b.dir, ".git/objects/pack/tmp_incident_pack_1"))
	require.FileExists(t, filepath.Join(b.dir, ".git/objects/pack/tmp_pack_git"))
	require.NoFileExists(t, filepath.Join(b.dir, ".git/objects/pack/pack-1.idx"))
	require.FileExists(t, filepath.Join(b.dir, ".git/objects/pack/pack-2.pack"))
	b.requireSound()
}

// Where the newest commit cannot be read, nothing is taken for empty.
func TestNewestCommitThatIsGone(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	for _, file := range append(b.packFiles("pack"), b.packFiles("idx")...) {
		require.NoError(t, os.Rename(file, file+".aside"))
	}
	s, _ := b.open()
	_, err := s.Snapshot(t.Context())
	require.ErrorIs(t, err, gitstore.ErrGit)
	require.ErrorContains(t, err, "cannot be read")
}

// Where there are many packs all the same, git packs them anew, as after a commit of its own.
func TestManyPacksAreLeftToGit(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("config", "gc.autoPackLimit", "16")
	b.git("config", "gc.autoDetach", "false")
	noise := rand.NewChaCha8([32]byte{})
	for i := range 18 {
		large := make([]byte, 700<<10) // so that packs are not put together
		_, _ = noise.Read(large)       // it has no errors
		b.commitBy(true, fmt.Sprintf("incidents/2026/11/23/a/attachments/%d", i), hex.EncodeToString(large))
	}
	require.Less(t, len(b.packFiles("pack")), 17)
	b.requireSound()
}

// All other tests take this process's way wherever they can; here they take the program's.
func TestTheProgramsWay(t *testing.T) {
	t.Parallel()
	if os.Getenv("GITSTORE_SLOWLY") != "" || testing.Short() {
		t.Skip("this is it")
	}
	cmd := exec.Command(os.Args[0], "-test.run=^(TestCommit.*|TestRecovery.*|TestHeal|TestRefusals.*|TestManyWriters|TestKilledAtAnyTime|TestFullDisk|TestNothingIsWrittenThroughLinks)$")
	cmd.Env = append(os.Environ(), "GITSTORE_SLOWLY=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Run(), out.String())
}
