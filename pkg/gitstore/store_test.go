package gitstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
)

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule         string
		setup        func(b *box)
		want         error
		says, remedy string
	}{
		{
			"a folder in no repository",
			func(b *box) { require.NoError(b, os.RemoveAll(filepath.Join(b.dir, ".git"))) },
			gitstore.ErrNoRepository, "is in no git repository", "incident init ",
		},
		{
			"a folder that does not exist",
			func(b *box) { b.dir = filepath.Join(b.dir, "nowhere") },
			gitstore.ErrNoRepository, "nowhere", "",
		},
		{
			"a file",
			func(b *box) { b.file("f", ""); b.dir = filepath.Join(b.dir, "f") },
			gitstore.ErrGit, "not a directory", "",
		},
		{
			"a bare repository",
			func(b *box) { b.git("init", "--quiet", "--bare", "../bare"); b.dir = filepath.Join(b.dir, "../bare") },
			gitstore.ErrNoWorkTree, "bare", "clone it",
		},
		{
			"a bare repository inside a work tree",
			func(b *box) { b.git("init", "--quiet", "--bare", "bare"); b.dir = filepath.Join(b.dir, "bare") },
			gitstore.ErrNoWorkTree, "bare", "clone it",
		},
		{
			"a repository that calls itself bare",
			func(b *box) { b.git("config", "core.bare", "true") },
			gitstore.ErrNoWorkTree, "bare", "clone it",
		},
		{
			"the git folder",
			func(b *box) { b.dir = filepath.Join(b.dir, ".git") },
			gitstore.ErrNoWorkTree, "has no work tree", "clone it",
		},
		{
			"a work tree in another folder",
			func(b *box) {
				require.NoError(b, os.Mkdir(filepath.Join(b.dir, "../elsewhere"), 0o777))
				b.git("config", "core.worktree", "../../elsewhere")
			},
			gitstore.ErrNoWorkTree, "elsewhere", "core.worktree",
		},
		{
			"a work tree that holds the repository and more",
			func(b *box) { b.git("config", "core.worktree", "../..") },
			gitstore.ErrNoWorkTree, "whose work tree is", "core.worktree",
		},
		{
			"a configuration that cannot be read",
			func(b *box) { b.file(".git/config", "[core\n\tbare = maybe\n") },
			gitstore.ErrGit, "bad config", "",
		},
		{
			"a format of the future",
			func(b *box) { b.git("config", "core.repositoryFormatVersion", "9") },
			gitstore.ErrGit, "9", "",
		},
		{
			"an extension of the future",
			func(b *box) {
				b.git("config", "core.repositoryFormatVersion", "1")
				b.git("config", "extensions.quantum", "true")
			},
			gitstore.ErrGit, "quantum", "",
		},
		{
			"a folder whose name holds a line end",
			func(b *box) { b.git("init", "--quiet", "a\nb"); b.dir = filepath.Join(b.dir, "a\nb") },
			gitstore.ErrGit, `a\nb`, "line end",
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			tt.setup(b)
			_, err := gitstore.Open(t.Context(), b.dir, b.options(new([]string)))
			require.ErrorIs(t, err, tt.want)
			require.Contains(t, err.Error(), tt.says)
			require.Contains(t, remedy(err), tt.remedy)
		})
	}
}

// Without the git program, what is ordinary is done all the same, and what is not is refused.
func TestNoGitProgram(t *testing.T) {
	b := newBox(t)
	b.mustCommit(entry, "one\n")
	path := os.Getenv("PATH")
	t.Setenv("PATH", "")
	b.env = append(b.env, "PATH=")
	s, warned := b.open()
	_, err := s.Commit(t.Context(), changing(other, "two\n"))
	require.NoError(t, err)
	require.Empty(t, *warned)
	b.file(".git/hooks/pre-commit", "")
	require.NoError(t, os.Chmod(filepath.Join(b.dir, ".git/hooks/pre-commit"), 0o777))
	_, err = s.Commit(t.Context(), changing(crashed, "three\n"))
	require.ErrorIs(t, err, gitstore.ErrNoGit)
	require.ErrorContains(t, err, "there is a hook, pre-commit")
	require.Contains(t, remedy(err), "install git")

	t.Setenv("PATH", path)
	b.env = append(b.env, "PATH="+path)
	require.NoError(t, os.Remove(filepath.Join(b.dir, ".git/hooks/pre-commit")))
	b.requireOnce([]string{entry, other})
	b.requireSound()
}

func TestInit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule   string
		setup  func(b *box)
		branch string
	}{
		{"the branch is main where nothing is said", func(*box) {}, "main"},
		{"the branch is the user's choice", func(b *box) { b.file("../.gitconfig", "[init]\n\tdefaultBranch = trunk\n") }, "trunk"},
		{"a folder with files keeps them", func(b *box) { b.file("new/sub/mine", "x\n") }, "main"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := emptyBox(t)
			tt.setup(b)
			there := b.in("new/sub")
			s, err := gitstore.Init(t.Context(), there.dir, b.options(new([]string)))
			require.NoError(t, err)
			_, err = s.Commit(t.Context(), changing(entry, "one\n"))
			require.NoError(t, err)
			require.Equal(t, tt.branch, there.git("branch", "--show-current"))
			there.git("fsck", "--strict")
		})
	}
	t.Run("a place that cannot be is an error with a remedy", func(t *testing.T) {
		b := emptyBox(t)
		b.file("f", "")
		_, err := gitstore.Init(t.Context(), filepath.Join(b.dir, "f", "new"), b.options(new([]string)))
		require.ErrorIs(t, err, gitstore.ErrGit)
		require.Contains(t, remedy(err), "incident init DIR")
	})
}

func TestSettings(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	s, _ := b.open()
	require.Empty(t, s.Setting(t.Context(), "incident.trust"))
	require.NoError(t, s.SetSetting(t.Context(), "incident.trust", "true"))
	require.Equal(t, "true", s.Setting(t.Context(), "incident.trust"))
	require.Equal(t, "true", b.git("config", "--local", "incident.trust"))
	require.False(t, s.Detached())
	b.git("commit", "--quiet", "--allow-empty", "-m", "first")
	b.git("checkout", "--quiet", "--detach")
	require.True(t, s.Detached())
}

func TestEditor(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("config", "core.editor", "my editor --wait")
	s, _ := b.open()
	require.Equal(t, "my editor --wait", s.Editor(t.Context()))
}
