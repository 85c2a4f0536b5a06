package record_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore/gitstoretest"
	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/record"
)

func remedy(err error) string {
	var r interface{ Remedy() string }
	if errors.As(err, &r) {
		return r.Remedy()
	}
	return ""
}

// box is a machine that has nothing: an empty home, no configuration, no identity. Its clock stands.
type box struct {
	*testing.T
	home, dir string
	env       []string
	vars      map[string]string
	now       time.Time
	warned    []string
}

func newBox(t *testing.T) *box {
	t.Helper()
	home := t.TempDir()
	b := &box{T: t, home: home, dir: filepath.Join(home, "records"), vars: map[string]string{}, now: incidenttest.At(0), env: []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "GIT_CONFIG_NOSYSTEM=1",
		"PATH=" + os.Getenv("PATH"), "TMPDIR=" + home, "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"GIT_TEST_FSYNC=0", // of git's own; pkg/gitstore tests what a kill leaves
	}}
	require.NoError(t, os.Mkdir(b.dir, 0o777))
	return b
}

// in is the same machine seen from another folder.
func (b *box) in(dir string) *box {
	there := *b
	there.dir = filepath.Join(b.dir, filepath.FromSlash(dir))
	return &there
}

func (b *box) options() record.Options {
	return record.Options{
		Env: func(k string) string { return b.vars[k] }, Environ: b.env, Now: func() time.Time { return b.now }, User: func() string { return "ana" },
		Warn: func(s string) { b.warned = append(b.warned, s) },
	}
}

func (b *box) init() *record.Record {
	b.Helper()
	made, err := record.Init(b.Context(), b.dir, b.options())
	require.NoError(b, err)
	return made.Record
}

func (b *box) open() *record.Record {
	b.Helper()
	r, err := record.Open(b.Context(), record.Place{Dir: b.dir, How: record.ByFlag, Exists: true}, b.options())
	require.NoError(b, err)
	return r
}

// git is what a person does with git.
func (b *box) git(args ...string) string {
	b.Helper()
	return strings.TrimRight(string(b.gitWith(nil, args...)), "\n")
}

// gitWith is git with a standard input, and its answer to the byte.
func (b *box) gitWith(in []byte, args ...string) []byte {
	b.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = b.dir
	cmd.Env = append(slices.Clone(b.env),
		"GIT_AUTHOR_NAME=Person", "GIT_AUTHOR_EMAIL=p@example.com", "GIT_COMMITTER_NAME=Person", "GIT_COMMITTER_EMAIL=p@example.com")
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.CombinedOutput()
	require.NoError(b, err, "git %s\n%s", strings.Join(args, " "), out)
	return out
}

func (b *box) file(name, content string) {
	b.Helper()
	name = filepath.Join(b.dir, filepath.FromSlash(name))
	require.NoError(b, os.MkdirAll(filepath.Dir(name), 0o777))
	require.NoError(b, os.WriteFile(name, []byte(content), 0o666))
}

func (b *box) commitAll() {
	b.Helper()
	b.git("add", "--all", "--force")
	b.git("commit", "--quiet", "-m", "by hand")
}

func (b *box) read(name string) string {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join(b.dir, filepath.FromSlash(name)))
	require.NoError(b, err)
	return string(raw)
}

func (b *box) head() string { b.Helper(); return b.git("rev-parse", "HEAD") }

// requireSound says that git finds nothing wrong and nothing to commit.
func (b *box) requireSound() {
	b.Helper()
	b.git("fsck", "--strict", "--no-dangling")
	require.Empty(b, b.git("status", "--porcelain"))
}

// write records an entry, a minute after the one before.
func (b *box) write(r *record.Record, w record.Write) record.Written {
	b.Helper()
	b.now = b.now.Add(time.Minute)
	done, err := r.Write(b.Context(), w)
	require.NoError(b, err)
	require.NotEmpty(b, done.Commit)
	return done
}

func opening(title string) record.Write {
	return record.Write{Entry: incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal,
		Facts: incident.Facts{Title: title, Severity: incident.Sev2},
	}}
}

func note(id, text string) record.Write {
	return record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Note, Audience: incident.Internal, Text: text}}
}

func moved(id string, s incident.Status) record.Write {
	return record.Write{Incident: id, Entry: incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: s}}
}

// reader opens a reader that ends with the test.
func (b *box) reader(r *record.Record) *record.Reader {
	b.Helper()
	d, err := r.Read(b.Context())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, d.Close()) })
	return d
}

func (b *box) incident(r *record.Record, id string) incident.Incident {
	b.Helper()
	inc, err := b.reader(r).Incident(id)
	require.NoError(b, err)
	return inc
}

// alone takes all objects out of their packs, and returns the file of one of them.
func (b *box) alone(object string) string {
	b.Helper()
	gitstoretest.Loosen(b, b.dir)
	return filepath.Join(b.dir, ".git/objects", object[:2], object[2:])
}
