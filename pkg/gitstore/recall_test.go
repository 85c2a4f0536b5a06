package gitstore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// counting makes the git program of a box note each time that it is started.
func (b *box) counting() func() int {
	b.Helper()
	bin := filepath.Join(b.dir, "../bin")
	log := filepath.Join(b.dir, "../started")
	require.NoError(b, os.MkdirAll(bin, 0o777))
	script := "#!/bin/sh\necho \"$*\" >>'" + log + "'\nexec '" + gitPath(b) + "' \"$@\"\n"
	require.NoError(b, os.WriteFile(filepath.Join(bin, "git"), []byte(script), 0o777))
	b.TB.(*testing.T).Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func() int {
		raw, _ := os.ReadFile(log)
		_ = os.Remove(log)
		return strings.Count(string(raw), "\n")
	}
}

func gitPath(b *box) string {
	b.Helper()
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if info, err := os.Stat(filepath.Join(dir, "git")); err == nil && !info.IsDir() {
			return filepath.Join(dir, "git")
		}
	}
	b.Skip("there is no git")
	return ""
}

// An ordinary commit starts no other program once git has been asked, and asks again where that may have
// changed.
func TestGitIsAskedOnce(t *testing.T) {
	b := newBox(t)
	started := b.counting()
	b.git("config", "--global", "user.name", "Ana Lima")
	b.git("config", "user.email", "ana@example.com")
	b.file("../more", "[incident]\n\tsync = off\n")
	b.git("config", "--global", "include.path", filepath.Join(b.dir, "../more"))
	n := 0
	commit := func() (processes int, name, sync string) {
		s, _ := b.open()
		s.Later(time.Minute) // no file is too young to be told apart
		id, err := s.Identity(t.Context())
		require.NoError(t, err)
		sync = s.Setting(t.Context(), "incident.sync")
		n++
		_, err = s.Commit(t.Context(), changing(strings.Replace(entry, "1.md", strings.Repeat("x", n)+".md", 1), "one\n"))
		require.NoError(t, err)
		return started(), id.Name, sync
	}
	started()
	commit() // the first makes the folder in which is remembered
	commit()
	for _, tt := range []struct {
		rule       string
		do         func()
		processes  int
		name, sync string
	}{
		{"nothing has changed", func() {}, 0, "Ana Lima", "off"},
		{"a file of git's", func() { b.file(".git/config", b.read(".git/config")+"[user]\n\tname = Bo\n") }, 1, "Bo", "off"},
		{"nothing has changed since", func() {}, 0, "Bo", "off"},
		{"a file that is included", func() { b.file("../more", "[incident]\n\tsync = push\n") }, 1, "Bo", "push"},
		{"a file that was not there", func() { b.file("../.config/git/config", "[incident]\n\tsync = full\n") }, 1, "Bo", "push"},
		{"the environment's name", func() { b.env = append(b.env, "GIT_AUTHOR_NAME=Cleo") }, 0, "Cleo", "push"},
		{"the environment's configuration", func() {
			b.env = append(b.env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=incident.sync", "GIT_CONFIG_VALUE_0=off")
		}, 1, "Cleo", "off"},
		{"what was remembered is damaged", func() { b.file(".git/incident/settings", "incident settings 1\x00\x00") }, 1, "Cleo", "off"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			tt.do()
			started()
			processes, name, sync := commit()
			require.Equal(t, tt.processes, processes)
			require.Equal(t, tt.name, name)
			require.Equal(t, tt.sync, sync)
		})
	}
	b.requireSound()
}

// What is remembered holds nothing that only git needs to know: passwords above all.
func TestSecretsAreNotRemembered(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.git("config", "http.extraHeader", "Authorization: secret-1")
	b.git("config", "remote.origin.url", "https://ana:secret-2@example.com/records")
	for _, name := range []string{entry, other} {
		s, _ := b.open()
		s.Later(time.Minute)
		_, err := s.Commit(t.Context(), changing(name, "one\n"))
		require.NoError(t, err)
	}
	info, err := os.Stat(filepath.Join(b.dir, ".git/incident/settings"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NotContains(t, b.read(".git/incident/settings"), "secret")
}
