package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/templates"
)

const attributes = "incidents/** text eol=lf\nincidents/**/attachments/** -text\n"

func TestInitMakesARecord(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{".", "new", "new/deep"} {
		b := newBox(t).in(dir)
		made, err := record.Init(t.Context(), b.dir, b.options())
		require.NoError(t, err)
		require.True(t, made.Created)
		require.Equal(t, b.head(), made.Commit)
		require.Equal(t, b.git("rev-parse", "--show-toplevel"), made.Record.Dir())
		require.Equal(t, string(templates.Config), b.read(record.ConfigPath))
		require.Equal(t, attributes, b.read(".gitattributes"))
		require.Equal(t, "main", b.git("branch", "--show-current"))
		require.Empty(t, made.Record.Mistakes)
		require.True(t, made.Record.Trusted(t.Context()), "what we made ourselves")
		b.requireSound()

		again, err := record.Init(t.Context(), b.dir, b.options())
		require.NoError(t, err)
		require.False(t, again.Created)
		require.Empty(t, again.Commit, "there is nothing to do")
		require.Equal(t, made.Commit, b.head())
		require.Equal(t, "1", b.git("rev-list", "--count", "HEAD"))
	}
}

func TestInitAdoptsARepository(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("init", "--quiet")
	b.file("code", "one\n")
	b.file(".gitattributes", "*.png binary")
	b.file(".gitignore", "incidents/\n.incident/\n*.yaml\n")
	b.commitAll()
	b.file("code", "two\n")
	b.git("add", "code")
	b.file("code", "three\n")
	b.file("new", "x\n")
	before := b.git("status", "--porcelain") + b.git("diff") + b.git("diff", "--cached")

	made, err := record.Init(t.Context(), b.dir, b.options())
	require.NoError(t, err)
	require.False(t, made.Created)
	require.Equal(t, before, b.git("status", "--porcelain")+b.git("diff")+b.git("diff", "--cached"))
	require.Equal(t, ".gitattributes\n.incident/config.yaml", b.git("show", "--format=", "--name-only", "HEAD"))
	require.Equal(t, "*.png binary\n"+attributes, b.read(".gitattributes"))
	b.write(made.Record, opening("Checkout errors"))
	require.Equal(t, before, b.git("status", "--porcelain")+b.git("diff")+b.git("diff", "--cached"))
}

func TestInitBeforeTheFirstCommit(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("init", "--quiet", "--initial-branch=trunk")
	b.file("code", "x\n")
	b.git("add", "code")
	made, err := record.Init(t.Context(), b.dir, b.options())
	require.NoError(t, err)
	require.NotEmpty(t, made.Commit)
	require.Equal(t, "A  code", b.git("status", "--porcelain"))
	require.Equal(t, "trunk", b.git("branch", "--show-current"))
}

func TestInitCompletesARecord(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("init", "--quiet")
	b.file(record.ConfigPath, "time_zone: Europe/Berlin\n")
	b.commitAll()
	made, err := record.Init(t.Context(), b.dir, b.options())
	require.NoError(t, err)
	require.Equal(t, ".gitattributes", b.git("show", "--format=", "--name-only", "HEAD"))
	require.Equal(t, "Europe/Berlin", made.Record.Config.TimeZone.String())
	require.False(t, made.Record.Trusted(t.Context()), "somebody else made the settings")
}

func TestInitRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule   string
		setup  func(b *box)
		want   error
		remedy string
	}{
		{"a folder inside another repository", func(b *box) {
			b.git("init", "--quiet")
			b.file("src/x", "")
			b.dir = filepath.Join(b.dir, "src")
		}, incident.ErrNotAllowed, "incident init "},
		{"a bare repository", func(b *box) { b.git("init", "--quiet", "--bare") }, gitstore.ErrNoWorkTree, "clone it"},
		{"attributes with changes", func(b *box) {
			b.git("init", "--quiet")
			b.file(".gitattributes", "x\n")
			b.commitAll()
			b.file(".gitattributes", "y\n")
		}, gitstore.ErrDirty, "commit them"},
		{"attributes that nobody has committed", func(b *box) { b.git("init", "--quiet"); b.file(".gitattributes", "x\n") }, gitstore.ErrDirty, "commit them"},
		{"settings that are staged", func(b *box) {
			b.git("init", "--quiet")
			b.file(record.ConfigPath, "time_zone: UTC\n")
			b.git("add", ".")
		}, gitstore.ErrDirty, "commit them"},
		{"settings that are a link", func(b *box) {
			b.git("init", "--quiet")
			require.NoError(b, os.Symlink("/", filepath.Join(b.dir, ".incident")))
			b.commitAll()
		}, gitstore.ErrGit, "ordinary"},
		{"a merge that is half done", func(b *box) {
			b.git("init", "--quiet")
			b.git("commit", "--quiet", "--allow-empty", "-m", "x")
			b.file(".git/MERGE_HEAD", b.head())
		}, gitstore.ErrBusy, "git merge --abort"},
		{"a folder below a file", func(b *box) { b.file("f", ""); b.dir = filepath.Join(b.dir, "f", "x") }, gitstore.ErrGit, "another folder"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			tt.setup(b)
			made, err := record.Init(t.Context(), b.dir, b.options())
			require.ErrorIs(t, err, tt.want)
			require.Contains(t, remedy(err), tt.remedy)
			require.Nil(t, made.Record)
			require.Empty(t, made.Commit)
		})
	}
}

// Some keep their whole home in git. The first incident has to work there all the same.
func TestInitApart(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("init", "--quiet")
	b.git("commit", "--quiet", "--allow-empty", "-m", "dotfiles")
	own := b.in(".local/share/incident/records")
	for _, created := range []bool{true, false} {
		made, err := record.InitApart(t.Context(), own.dir, own.options())
		require.NoError(t, err)
		require.Equal(t, created, made.Created)
		require.Equal(t, own.git("rev-parse", "--show-toplevel"), made.Record.Dir())
	}
	b.write(own.open(), opening("Checkout errors"))
	own.requireSound()
	require.Equal(t, "1", b.git("rev-list", "--count", "HEAD"))
}

func TestOpenWhereNoRecordIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule         string
		setup        func(b *box)
		want         error
		says, remedy string
	}{
		{"a folder that does not exist", func(b *box) { b.dir += "/new" }, record.ErrNotFound, "does not exist", "incident init"},
		{"a file", func(b *box) { b.file("f", ""); b.dir += "/f" }, record.ErrNotFound, "is no folder", ".incident"},
		{"an empty folder", func(*box) {}, record.ErrNotFound, "holds no incident records", "incident init"},
		{"a repository without records", func(b *box) { b.git("init", "--quiet") }, record.ErrNotFound, "holds no incident records", "incident init"},
		{"a bare repository", func(b *box) { b.git("init", "--quiet", "--bare") }, gitstore.ErrNoWorkTree, "bare", "clone it"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			b := newBox(t)
			tt.setup(b)
			_, err := record.Open(t.Context(), record.Place{Dir: b.dir, How: record.ByFlag}, b.options())
			require.ErrorIs(t, err, tt.want)
			require.Contains(t, err.Error(), tt.says)
			require.Contains(t, remedy(err), tt.remedy)
		})
	}
}

func TestOpenWithABadConfiguration(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.init()
	for _, tt := range []struct{ rule, says string }{{"default_severity: sev9\ntime_zone: Europe/Berlin\n", "sev9"}, {strings.Repeat("#", 2<<20), "too large"}} {
		b.file(record.ConfigPath, tt.rule)
		r := b.open()
		require.Len(t, r.Mistakes, 1)
		require.Contains(t, r.Mistakes[0].String(), tt.says)
		require.Equal(t, incident.Sev3, r.Config.DefaultSeverity)
		b.write(r, opening("Checkout errors"))
	}
	require.NoError(t, os.Remove(filepath.Join(b.dir, record.ConfigPath)))
	r := b.open()
	require.Empty(t, r.Mistakes, "what is built in is in force")
	require.Equal(t, incident.Sev3, r.Config.DefaultSeverity)

	require.NoError(t, os.Symlink("/etc/passwd", filepath.Join(b.dir, record.ConfigPath)))
	r = b.open()
	require.Len(t, r.Mistakes, 1)
	require.NotContains(t, r.Mistakes[0].String(), "root:")
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.init()
	b.warned = nil
	origin := b.open()
	text, err := origin.Template(t.Context(), "postmortem.md")
	require.NoError(t, err)
	require.Empty(t, text)
	b.file(".incident/templates/postmortem.md", "# {{.Title}}\n")
	b.commitAll()
	text, err = origin.Template(t.Context(), "postmortem.md")
	require.NoError(t, err)
	require.Equal(t, "# {{.Title}}\n", text, "trusted where it was made")
	require.Empty(t, b.warned)

	clone := b.in("../clone")
	b.git("clone", "--quiet", b.dir, clone.dir)
	r := clone.open()
	text, err = r.Template(t.Context(), "postmortem.md")
	require.NoError(t, err)
	require.Empty(t, text, "not trusted where it came from elsewhere")
	require.Len(t, clone.warned, 1)
	require.Contains(t, clone.warned[0], "incident trust")
	require.NoError(t, r.Trust(t.Context()))
	text, err = r.Template(t.Context(), "postmortem.md")
	require.NoError(t, err)
	require.Equal(t, "# {{.Title}}\n", text)
	clone.requireSound()

	// Trusted or not, a template is no way to read other files.
	file := filepath.Join(clone.dir, ".incident/templates/postmortem.md")
	require.NoError(t, os.Remove(file))
	require.NoError(t, os.Symlink("../../.git/config", file))
	_, err = r.Template(t.Context(), "postmortem.md")
	require.ErrorIs(t, err, record.ErrInvalid)
	require.NotEmpty(t, remedy(err))
}

func TestUse(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	require.Empty(t, r.Current())
	require.NoError(t, r.Use(""))
	require.NoError(t, r.Use("20261123-checkout-errors"))
	require.Equal(t, "20261123-checkout-errors", b.open().Current())
	require.NoError(t, r.Use("20261123-search"))
	require.Equal(t, "20261123-search", r.Current())
	require.NoError(t, r.Use(""))
	require.Empty(t, r.Current())
	b.file(".git/incident/current", "../../x\n")
	require.Empty(t, r.Current())
	b.requireSound()
}
