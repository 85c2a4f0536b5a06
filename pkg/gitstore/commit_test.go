package gitstore_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func TestCommitPlaces(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule  string
		setup func(b *box) *box
	}{
		{"a branch that is not born yet", func(b *box) *box { return b }},
		{"a branch with commits", func(b *box) *box {
			b.git("commit", "--quiet", "--allow-empty", "-m", "first")
			return b
		}},
		{"a detached HEAD", func(b *box) *box {
			b.git("commit", "--quiet", "--allow-empty", "-m", "first")
			b.git("checkout", "--quiet", "--detach")
			return b
		}},
		{"a subfolder", func(b *box) *box {
			require.NoError(b, os.MkdirAll(filepath.Join(b.dir, "a", "b"), 0o777))
			return b.in("a/b")
		}},
		{"a linked work tree", func(b *box) *box {
			b.git("commit", "--quiet", "--allow-empty", "-m", "first")
			b.git("worktree", "add", "--quiet", "../linked")
			return b.in("../linked")
		}},
		{"a submodule", func(b *box) *box {
			b.git("commit", "--quiet", "--allow-empty", "-m", "first")
			outer := b.in("../outer")
			require.NoError(b, os.Mkdir(outer.dir, 0o777))
			outer.git("init", "--quiet")
			outer.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", b.dir, "sub")
			return outer.in("sub")
		}},
		{"a repository of SHA-256 names", func(b *box) *box {
			there := b.in("../sha256")
			require.NoError(b, os.Mkdir(there.dir, 0o777))
			there.git("init", "--quiet", "--object-format=sha256")
			return there
		}},
		{"a folder with blanks, quotes and letters of all kinds", func(b *box) *box {
			there := b.in("../it's „näh” \t日本 *[a]")
			require.NoError(b, os.Mkdir(there.dir, 0o777))
			there.git("init", "--quiet")
			return there
		}},
		{"a folder reached through a link", func(b *box) *box {
			link := b.in("../link")
			require.NoError(b, os.MkdirAll(filepath.Join(b.dir, "a", "b"), 0o777))
			require.NoError(b, os.Symlink(filepath.Join(b.dir, "a", "b"), link.dir))
			return link
		}},
		{"a git folder apart from the work tree", func(b *box) *box {
			there := b.in("../apart")
			require.NoError(b, os.Mkdir(there.dir, 0o777))
			there.git("init", "--quiet", "--separate-git-dir", filepath.Join(b.dir, "..", "apart.git"))
			return there
		}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := tt.setup(newBox(t))
			s, _ := b.open()
			first := b.mustCommit(entry, "one\n", "incidents/2026/11/23/a/attachments/x.bin", "\x00\r\n")
			require.Equal(t, b.git("rev-parse", "HEAD"), first)
			second := b.mustCommit(other, "two\n")
			require.Equal(t, b.git("rev-parse", "HEAD"), second)
			require.Equal(t, b.git("rev-parse", "HEAD~1"), first)
			require.Equal(t, []string{other}, b.committed(second))
			require.Equal(t, "two", b.git("show", "HEAD:"+other))
			require.FileExists(t, filepath.Join(s.Root(), filepath.FromSlash(entry)))
			b.requireSound()
		})
	}
}

func TestLinkedWorkTreesShareTheLock(t *testing.T) {
	t.Parallel()
	needsKill(t)
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	b.git("worktree", "add", "--quiet", "../linked")
	linked := b.in("../linked")
	here, _ := b.open()
	there, _ := linked.open()
	require.Equal(t, here.PrivateDir(), there.PrivateDir())

	// A crash in one leaves its journal to that one.
	linked.hook("pre-commit", `kill -9 $GITSTORE_PID; test "$PWD" != "`+linked.dir+`" || exit 1`)
	require.Empty(t, linked.killed(linked.writer("w", 1)))
	b.unhook("pre-commit")
	b.mustCommit(other, "two\n")
	require.NoFileExists(t, filepath.Join(b.dir, "incidents/2026/11/23/w/timeline/0.md"))
	require.Equal(t, []string{other}, b.committed("HEAD"))
	linked.mustCommit("incidents/2026/11/23/w/timeline/x.md", "x\n")
	require.Contains(t, linked.git("ls-tree", "-r", "--name-only", "HEAD"), "incidents/2026/11/23/w/timeline/0.md")
	b.requireSound()
	linked.requireSound()
}

func TestCommitLeavesTheUsersChangesAlone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule string
		do   func(b *box)
	}{
		{"a staged new file", func(b *box) { b.file("new", "x\n"); b.git("add", "new") }},
		{"a staged change", func(b *box) { b.file("kept", "staged\n"); b.git("add", "kept") }},
		{"a change that is staged in part", func(b *box) {
			b.file("kept", "staged\n")
			b.git("add", "kept")
			b.file("kept", "staged and more\n")
		}},
		{"a change that is not staged", func(b *box) { b.file("kept", "changed\n") }},
		{"a file that git does not know", func(b *box) { b.file("unknown", "x\n") }},
		{"a staged removal", func(b *box) { b.git("rm", "--quiet", "kept") }},
		{"a staged removal of a file that stays", func(b *box) { b.git("rm", "--quiet", "--cached", "kept") }},
		{"a removal that is not staged", func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, "kept"))) }},
		{"a staged rename", func(b *box) { b.git("mv", "kept", "renamed") }},
		{"a staged mode", func(b *box) { b.git("update-index", "--chmod=+x", "kept") }},
		{"an announced file", func(b *box) { b.file("soon", "x\n"); b.git("add", "--intent-to-add", "soon") }},
		{"a stash", func(b *box) { b.file("kept", "stashed\n"); b.git("stash", "--quiet") }},
		{"conflicts that a stash has left", func(b *box) {
			b.file("kept", "stashed\n")
			b.git("stash", "--quiet")
			b.file("kept", "mine\n")
			b.git("commit", "--quiet", "-am", "mine")
			require.Error(b, b.command("stash", "pop").Run())
		}},
		{"a change beside the entries", func(b *box) { b.file(entry, "edited by hand\n") }},
		{"a staged change beside the entries", func(b *box) { b.file(entry, "edited by hand\n"); b.git("add", entry) }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.file("kept", "kept\n")
			b.git("add", "kept")
			b.git("commit", "--quiet", "-m", "first")
			b.mustCommit(entry, "one\n")
			tt.do(b)
			before := b.state()
			id := b.mustCommit(other, "two\n")
			require.Equal(t, before, b.state())
			require.Equal(t, []string{other}, b.committed(id))
			b.requireNothingLeft()
		})
	}
}

func TestCommitBeforeTheFirstCommitLeavesWhatIsStaged(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("new", "x\n")
	b.git("add", "new")
	id := b.mustCommit(entry, "one\n")
	require.Equal(t, []string{entry}, b.committed(id))
	require.Equal(t, "A  new", b.git("status", "--porcelain"))
}

func TestCommitUnderTheUsersSettings(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule string
		do   func(b *box)
	}{
		{"an ignored folder", func(b *box) { b.file(".gitignore", "incidents/\n"); b.git("add", "."); b.git("commit", "-qm", "i") }},
		{"an ignored ending", func(b *box) { b.file(".gitignore", "*.md\n"); b.git("add", "."); b.git("commit", "-qm", "i") }},
		{"an exclude file", func(b *box) { b.file(".git/info/exclude", "*\n") }},
		{"a sparse checkout without the records", func(b *box) {
			b.file("src/a", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "i")
			b.git("sparse-checkout", "set", "src")
		}},
		{"a sparse checkout by patterns", func(b *box) {
			b.file("src/a", "x\n")
			b.git("add", ".")
			b.git("commit", "-qm", "i")
			b.git("sparse-checkout", "set", "--no-cone", "/src/", "!*.md")
		}},
		{"CRLF line ends", func(b *box) { b.git("config", "core.autocrlf", "true"); b.git("config", "core.safecrlf", "true") }},
		{"LF line ends", func(b *box) { b.git("config", "core.autocrlf", "input"); b.git("config", "core.safecrlf", "true") }},
		{"a message template and verbose commits", func(b *box) {
			b.file(".git/template", "fill me in\n")
			b.git("config", "commit.template", ".git/template")
			b.git("config", "commit.verbose", "true")
			b.git("config", "commit.cleanup", "strip")
		}},
		{"a split index", func(b *box) { b.git("config", "core.splitIndex", "true") }},
		{"an untracked cache and the newest index format", func(b *box) { b.git("config", "feature.manyFiles", "true") }},
		{"settings of a single work tree", func(b *box) { b.git("config", "extensions.worktreeConfig", "true") }},
		{"no identity allowed but the configured one", func(b *box) { b.git("config", "user.useConfigOnly", "true") }},
		{"colour, paging and relative paths everywhere", func(b *box) {
			b.git("config", "color.ui", "always")
			b.git("config", "core.pager", "false")
			b.git("config", "status.relativePaths", "true")
			b.git("config", "diff.relative", "true")
			b.git("config", "diff.noprefix", "true")
			b.git("config", "status.branch", "true")
			b.git("config", "status.short", "true")
			b.git("config", "status.showStash", "true")
		}},
		{"quoted paths", func(b *box) { b.git("config", "core.quotePath", "true") }},
		{"a shared repository", func(b *box) { b.git("config", "core.sharedRepository", "group") }},
		{"a post-commit hook that fails", func(b *box) { b.hook("post-commit", "exit 1") }},
		{"a hook that adds to the message", func(b *box) { b.hook("prepare-commit-msg", `echo "Change-Id: 1" >>"$1"`) }},
		{"no home at all", func(b *box) {
			b.env = slices.DeleteFunc(b.env, func(kv string) bool { return strings.HasPrefix(kv, "HOME=") || strings.HasPrefix(kv, "XDG_") })
		}},
		{"a commit by alias", func(b *box) { b.git("config", "alias.commit", "!false") }},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			tt.do(b)
			before := b.state()
			id := b.mustCommit(entry, "one\n")
			second := b.mustCommit(other, "two\n", "incidents/ä [1]*?.md", "three\n")
			require.Equal(t, []string{entry}, b.committed(id))
			require.Equal(t, "two", b.git("cat-file", "-p", second+":"+other))
			require.Equal(t, "three", b.git("cat-file", "-p", second+":incidents/ä [1]*?.md"))
			require.Equal(t, before, b.state())
			b.requireNothingLeft()
		})
	}
}

func TestCommitSaysWhatItWasGiven(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s, _ := b.open()
	messages := []string{
		"subject\n", "subject\n\nbody  \n\n\n# no comment\n---\n", "# looks like a comment\n", "ä 日本\n\nIncident-Id: x\n", "",
		"diff --git a/x b/x\n# ------------------------ >8 ------------------------\nrest\n",
	}
	for i, m := range messages {
		id, err := s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) {
			return &gitstore.Change{
				Files: []gitstore.NewFile{{Path: entry, Data: []byte(strings.Repeat("x", i+1))}}, Message: m,
				Author: gitstore.Identity{Name: "Zoë 'Z' O\"Neil", Email: "zoë@example.com"}, Committer: ana, When: noon.AddDate(0, 0, i),
			}, nil
		})
		require.NoError(t, err)
		raw := b.git("cat-file", "commit", id)
		head, body, _ := strings.Cut(raw+"\n", "\n\n")
		require.Equal(t, strings.TrimRight(m, "\n"), strings.TrimRight(body, "\n"))
		require.Contains(t, head, "author Zoë 'Z' O\"Neil <zoë@example.com> ")
		require.Contains(t, head, "committer Ana Lima <ana@example.com> ")
		require.Equal(t, noon.AddDate(0, 0, i).Format("2006-01-02T15:04:05+00:00"), b.git("log", "-1", "--format=%aI"))
		require.Equal(t, b.git("log", "-1", "--format=%aI"), b.git("log", "-1", "--format=%cI"))
	}
}

func TestCommitDatesOfAnyYear(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s, _ := b.open()
	for _, year := range []int{1971, 2106, 2500} {
		id, err := s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) {
			c, err := changing(entry, b.git("hash-object", "--stdin")+noon.AddDate(year, 0, 0).String())(nil)
			c.When = noon.AddDate(year-2026, 0, 0)
			return c, err
		})
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(b.git("log", "-1", "--format=%cI", id), noon.AddDate(year-2026, 0, 0).Format("2006-01-02T15:04:05")))
	}
}

func TestCommitDoesNothingWhenThereIsNothingToDo(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	first := b.mustCommit(entry, "one\n")
	s, _ := b.open()
	id, err := s.Commit(t.Context(), func(snap *gitstore.Snapshot) (*gitstore.Change, error) {
		require.Equal(t, first, snap.Commit)
		return nil, nil
	})
	require.NoError(t, err)
	require.Empty(t, id)
	_, err = s.Commit(t.Context(), func(*gitstore.Snapshot) (*gitstore.Change, error) { return nil, os.ErrInvalid })
	require.ErrorIs(t, err, os.ErrInvalid)
	require.Equal(t, first, b.git("rev-parse", "HEAD"))
	require.Equal(t, first, b.mustCommit(entry, "one\n"), "the same content again is the same commit")
	b.requireSound()
}

func TestCheckChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	before := b.git("rev-parse", "HEAD")
	s, _ := b.open()
	require.NoError(t, s.Check(t.Context(), changing(other, "two\n")))
	require.Equal(t, before, b.git("rev-parse", "HEAD"))
	require.NoFileExists(t, filepath.Join(b.dir, filepath.FromSlash(other)))
	b.file(other, "in the way\n")
	require.ErrorIs(t, s.Check(t.Context(), changing(other, "two\n")), gitstore.ErrDirty)
}

func TestCommitReplacesOnlyWhatIsCommitted(t *testing.T) {
	t.Parallel()
	const doc = "incidents/2026/11/23/a/postmortem.md"
	for _, tt := range []struct {
		rule string
		do   func(b *box)
		want error
	}{
		{"a file as it was committed", func(*box) {}, nil},
		{"a file whose line ends a checkout changed", func(b *box) {
			b.git("config", "core.autocrlf", "true")
			require.NoError(b, os.Remove(filepath.Join(b.dir, doc)))
			b.git("checkout", "--quiet", "--", doc)
			require.Equal(b, "draft\r\n", b.read(doc))
		}, nil},
		{"an edited file", func(b *box) { b.file(doc, "mine\n") }, gitstore.ErrDirty},
		{"a file that is edited and staged", func(b *box) { b.file(doc, "mine\n"); b.git("add", doc) }, gitstore.ErrDirty},
		{"a file that is staged and set back", func(b *box) {
			b.file(doc, "mine\n")
			b.git("add", doc)
			b.file(doc, "draft\n")
		}, gitstore.ErrDirty},
		{"a removed file", func(b *box) { require.NoError(b, os.Remove(filepath.Join(b.dir, doc))) }, gitstore.ErrDirty},
		{"a file that git was told to forget", func(b *box) { b.git("rm", "--quiet", "--cached", doc) }, gitstore.ErrDirty},
		{"a file that a sparse checkout leaves out", func(b *box) { b.git("sparse-checkout", "set", "nothing") }, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.mustCommit(doc, "draft\n", entry, "one\n")
			tt.do(b)
			before := b.state()
			_, _, err := b.commit(doc, "new draft\n", other, "two\n")
			if tt.want != nil {
				require.ErrorIs(t, err, tt.want)
				require.Contains(t, err.Error(), doc)
				require.Equal(t, before, b.state())
				b.requireNothingLeft()
				return
			}
			require.NoError(t, err)
			require.Equal(t, "new draft", b.git("show", "HEAD:"+doc))
			b.requireSound()
		})
	}
}

func TestCommitDoesNotOverwriteWhatGitDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule string
		do   func(b *box)
		good bool
	}{
		{"a file of another content", func(b *box) { b.file(entry, "mine\n") }, false},
		{"a large file", func(b *box) { b.file(entry, strings.Repeat("mine\n", 1000)) }, false},
		{"a staged file of another content", func(b *box) { b.file(entry, "mine\n"); b.git("add", entry) }, false},
		{"an ignored file of another content", func(b *box) { b.file(".git/info/exclude", "*.md\n"); b.file(entry, "mine\n") }, false},
		{"a file of the same content", func(b *box) { b.file(entry, "one\n") }, true},
		{"a folder of that name", func(b *box) { b.file(entry+"/x", "mine\n") }, false},
		{"a file where a folder should be", func(b *box) { b.file("incidents/2026", "mine\n") }, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			b.git("commit", "--quiet", "--allow-empty", "-m", "first")
			tt.do(b)
			before := b.state()
			_, _, err := b.commit(entry, "one\n")
			if tt.good {
				require.NoError(t, err)
				b.requireSound()
				return
			}
			require.Error(t, err)
			require.Equal(t, before, b.state())
			b.requireNothingLeft()
		})
	}
}
