package gitstore

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// room is a repository for the tests of what is private to this package.
type room struct {
	*testing.T
	dir string
	env []string
}

func newRoom(t *testing.T, init ...string) *room {
	t.Helper()
	home := t.TempDir()
	r := &room{t, filepath.Join(home, "records"), []string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "GIT_CONFIG_NOSYSTEM=1", "GIT_TEST_FSYNC=0",
		"GIT_AUTHOR_NAME=P", "GIT_AUTHOR_EMAIL=p@x", "GIT_COMMITTER_NAME=P", "GIT_COMMITTER_EMAIL=p@x",
	}}
	require.NoError(t, os.Mkdir(r.dir, 0o777))
	r.git(append([]string{"init", "--quiet"}, init...)...)
	return r
}

func (r *room) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env = r.dir, r.env
	out, err := cmd.CombinedOutput()
	require.NoError(r, err, "git %s\n%s", strings.Join(args, " "), out)
	return strings.TrimSpace(string(out))
}

func (r *room) file(name, content string) {
	r.Helper()
	name = filepath.Join(r.dir, name)
	require.NoError(r, os.MkdirAll(filepath.Dir(name), 0o777))
	require.NoError(r, os.WriteFile(name, []byte(content), 0o777))
}

func (r *room) store() *Store {
	r.Helper()
	s, err := Open(r.Context(), r.dir, Options{Env: r.env, Now: time.Now, Warn: func(string) {}})
	require.NoError(r, err)
	return s
}

// fill makes two commits of files of all kinds.
func (r *room) fill() {
	r.Helper()
	long := strings.Repeat("the same line many times over\n", 2000)
	r.file("a/plain", "1\n")
	r.file("a/empty", "")
	r.file("a/large", long)
	r.file("a/new\nline \"ä\"\t日本", "odd\n")
	r.file("a/b/c/deep", "deep\n")
	r.file("a-b/x", "sorts before a/ as git sorts\n")
	r.file("a.b/x", "too\n")
	require.NoError(r, os.Symlink("plain", filepath.Join(r.dir, "a/link")))
	require.NoError(r, os.Symlink("b", filepath.Join(r.dir, "a/folderlink")))
	r.git("add", ".")
	r.git("commit", "--quiet", "-m", "first")
	r.git("update-index", "--add", "--cacheinfo", "160000,"+r.git("rev-parse", "HEAD")+",a/module")
	r.file("a/large", long+"and one\n")
	r.git("add", "a/large")
	r.git("commit", "--quiet", "-m", "second")
}

// dump is all that a snapshot says.
func dump(t *testing.T, s *Snapshot) map[string]string {
	t.Helper()
	all := map[string]string{"": s.Commit}
	var walk func(string)
	walk = func(dir string) {
		items, err := s.List(dir)
		require.NoError(t, err)
		for _, it := range items {
			name := strings.TrimPrefix(dir+"/"+it.Name, "/")
			file, err := s.Has(name)
			require.NoError(t, err)
			require.Equal(t, it.Kind == File, file)
			switch it.Kind {
			case Folder:
				id, err := s.Folder(name)
				require.NoError(t, err)
				require.Equal(t, it.id(), id)
				byID, err := s.ListID(id)
				require.NoError(t, err)
				byName, err := s.List(name)
				require.NoError(t, err)
				require.Equal(t, byName, byID)
				walk(name)
			case File:
				raw, err := s.Read(name, 1<<20)
				require.NoError(t, err)
				again, err := s.ReadItem(it, 1<<20)
				require.NoError(t, err)
				require.Equal(t, raw, again)
				all[name] = "file " + string(raw)
			default:
				_, err := s.ReadItem(it, 1<<20)
				require.ErrorIs(t, err, ErrNotFound)
				id, err := s.Folder(name)
				require.NoError(t, err)
				require.Empty(t, id)
				all[name] = "other"
			}
		}
	}
	walk("")
	return all
}

// Both readers say the same, whatever the repository is like. What cannot be read here, the git
// program reads.
func TestReaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule string
		make func(t *testing.T) *room
		here bool // can read it
	}{
		{"loose objects", func(t *testing.T) *room { r := newRoom(t); r.fill(); return r }, true},
		{"a pack", func(t *testing.T) *room { r := newRoom(t); r.fill(); r.git("gc", "--quiet"); return r }, true},
		{"a pack, loose objects, packed and loose references", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("gc", "--quiet")
			r.file("a/later", "later\n")
			r.git("add", ".")
			r.git("commit", "--quiet", "-m", "third")
			return r
		}, true},
		{"two packs and an index over both", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("repack", "-dq")
			r.file("a/later", "later\n")
			r.git("add", ".")
			r.git("commit", "--quiet", "-m", "third")
			r.git("repack", "-dq")
			r.git("multi-pack-index", "write")
			return r
		}, true},
		{"objects of another repository", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("gc", "--quiet")
			r.git("clone", "--quiet", "--shared", r.dir, "../shared")
			r.dir = filepath.Join(r.dir, "../shared")
			r.file("a/later", "its own\n")
			r.git("add", "a/later")
			r.git("commit", "--quiet", "-m", "third")
			return r
		}, false},
		{"SHA-256 names", func(t *testing.T) *room { r := newRoom(t, "--object-format=sha256"); r.fill(); return r }, false},
		{"settings of a single work tree", func(t *testing.T) *room {
			r := newRoom(t)
			r.git("config", "extensions.worktreeConfig", "true")
			r.fill()
			return r
		}, true},
		{"a shallow clone", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("clone", "--quiet", "--depth=1", "file://"+r.dir, "../shallow")
			r.dir = filepath.Join(r.dir, "../shallow")
			return r
		}, true},
		{"a clone that fetches what it reads", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("config", "uploadpack.allowFilter", "true")
			r.git("clone", "--quiet", "--filter=blob:none", "--no-checkout", "file://"+r.dir, "../partial")
			r.dir = filepath.Join(r.dir, "../partial")
			return r
		}, false},
		{"a linked work tree", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("worktree", "add", "--quiet", "../linked", "HEAD~1")
			r.dir = filepath.Join(r.dir, "../linked")
			return r
		}, true},
		{"a detached HEAD", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("checkout", "--quiet", "--detach", "HEAD~1")
			return r
		}, true},
		{"a branch that is not born yet", func(t *testing.T) *room { return newRoom(t) }, true},
		{"a branch that is not born yet beside one that is", func(t *testing.T) *room {
			r := newRoom(t)
			r.fill()
			r.git("checkout", "--quiet", "--orphan", "new")
			return r
		}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			r := tt.make(t)
			s := r.store()

			program, err := s.openProgram(t.Context(), "HEAD")
			require.NoError(t, err)
			want := dump(t, program)
			require.NoError(t, program.Close())
			if commit := want[""]; commit != "" {
				require.Equal(t, r.git("rev-parse", "HEAD"), commit)
				require.Equal(t, "other", want["a/link"])
				require.Equal(t, "file odd\n", want["a/new\nline \"ä\"\t日本"])
			}

			inProcess, err := s.openHere()
			if err == nil && tt.here {
				require.Equal(t, want, dump(t, inProcess))
				require.NoError(t, inProcess.Close())
			}
			require.True(t, err == nil || !tt.here, err)

			either, err := s.Snapshot(t.Context())
			require.NoError(t, err)
			require.Equal(t, want, dump(t, either))
			require.NoError(t, either.Close())
		})
	}
}

func TestReadIsLimited(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	zeros := make([]byte, 50<<20) // 50 KiB on disk
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, "bomb"), zeros, 0o666))
	r.file("small", "12345")
	r.git("add", ".")
	r.git("commit", "--quiet", "-m", "bomb")
	s := r.store()
	for _, packed := range []bool{false, true} {
		if packed {
			r.git("gc", "--quiet")
		}
		for _, open := range []func() (*Snapshot, error){s.openHere, func() (*Snapshot, error) { return s.openProgram(t.Context(), "HEAD") }} {
			snap, err := open()
			require.NoError(t, err)
			_, err = snap.Read("bomb", 1<<20)
			require.ErrorIs(t, err, ErrTooLarge)
			_, err = snap.Read("small", 4)
			require.ErrorIs(t, err, ErrTooLarge)
			raw, err := snap.Read("small", 5) // and the reader goes on
			require.NoError(t, err)
			require.Equal(t, "12345", string(raw))
			for _, nothing := range []string{"none", "small/x", "", "/", "..", "a\nb"} {
				_, err = snap.Read(nothing, 5)
				require.ErrorIs(t, err, ErrNotFound, nothing)
			}
			require.NoError(t, snap.Close())
		}
	}
}

// What is packed away or removed while a snapshot is open is no reason to fail.
func TestSnapshotWhileGitRepacks(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.fill()
	s := r.store()
	want := func() map[string]string {
		snap, err := s.openProgram(t.Context(), "HEAD")
		require.NoError(t, err)
		return dump(t, snap)
	}()
	for range 3 {
		snap, err := s.Snapshot(t.Context())
		require.NoError(t, err)
		_, err = snap.Read("a/plain", 10)
		require.NoError(t, err)
		r.git("commit", "--quiet", "--amend", "-m", "again", "--date=@1")
		r.git("reflog", "expire", "--expire=now", "--all")
		r.git("repack", "-adfq", "--window=1")
		got := dump(t, snap)
		require.Equal(t, want["a/large"], got["a/large"])
		require.NoError(t, snap.Close())
	}
}

func TestDamagedObjects(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.fill()
	id := r.git("rev-parse", "HEAD:a/plain")
	object := filepath.Join(r.dir, ".git/objects", id[:2], id[2:])
	require.NoError(t, os.Chmod(object, 0o666))
	require.NoError(t, os.WriteFile(object, []byte("damaged"), 0o666))
	snap, err := r.store().Snapshot(t.Context())
	require.NoError(t, err)
	_, err = snap.Read("a/plain", 10)
	require.Error(t, err)
	require.NotErrorIs(t, err, ErrTooLarge)
	require.NoError(t, snap.Close())
}

func TestParseTree(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("\x01", 20)
	for _, tt := range []struct {
		rule, raw string
		want      []Item
		good      bool
	}{
		{"nothing", "", nil, true},
		{"a file", "100644 f\x00" + name, []Item{{"f", File, name, "100644"}}, true},
		{"a name with a blank", "100644 f g\x00" + name, []Item{{"f g", File, name, "100644"}}, true},
		{"a program", "100755 f\x00" + name, []Item{{"f", File, name, "100755"}}, true},
		{"a folder", "40000 d\x00" + name, []Item{{"d", Folder, name, "40000"}}, true},
		{"a link", "120000 l\x00" + name, []Item{{"l", Other, name, "120000"}}, true},
		{"another repository", "160000 m\x00" + name, []Item{{"m", Other, name, "160000"}}, true},
		{"a kind that does not exist", "777 x\x00" + name, []Item{{"x", Other, name, "777"}}, true},
		{"no object name", "100644 f\x00", nil, false},
		{"half an object name", "100644 f\x00" + name[:10], nil, false},
		{"no end of the name", "100644 f", nil, false},
		{"no mode", "f\x00" + name, nil, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			t.Parallel()
			got, err := parseTree([]byte(tt.raw), 20)
			require.Equal(t, tt.good, err == nil)
			require.Equal(t, tt.want, got)
		})
	}
}

// Whatever a tree object holds, reading it ends, with no more items than it has room for.
func FuzzParseTree(f *testing.F) {
	f.Add([]byte("100644 f\x00"+strings.Repeat("\x01", 20)+"40000 d\x00"+strings.Repeat("\x02", 20)), false)
	f.Add([]byte("\x00\x00"), true)
	f.Fuzz(func(t *testing.T, raw []byte, long bool) {
		hash := 20
		if long {
			hash = 32
		}
		before := bytes.Clone(raw)
		items, err := parseTree(raw, hash)
		require.Equal(t, before, raw)
		if err != nil {
			require.ErrorIs(t, err, ErrGit)
			return
		}
		require.LessOrEqual(t, len(items)*(hash+2), len(raw))
		for _, it := range items {
			require.Len(t, it.Object, hash)
		}
	})
}
