package main

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hub is git's own server, over TLS, for those who have the token. It serves what is in a folder.
type hub struct {
	*httptest.Server
	certificate string // file
}

func newHub(t *testing.T, dir, token string) *hub {
	t.Helper()
	backend, err := exec.Command("git", "--exec-path").Output()
	require.NoError(t, err)
	program := filepath.Join(strings.TrimSpace(string(backend)), "git-http-backend")
	if _, err := os.Stat(program); err != nil {
		t.Skipf("git has no server of its own here: %v", err) // some systems package git-http-backend apart, and http is tested against no other
	}
	git := &cgi.Handler{Path: program, Env: []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=ana", "PATH=" + os.Getenv("PATH")}, Stderr: io.Discard}
	h := &hub{Server: httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		if password != token && r.Header.Get("Authorization") != "Bearer "+token {
			w.Header().Set("WWW-Authenticate", `Basic realm="hub"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		git.ServeHTTP(w, r)
	})), certificate: filepath.Join(dir, "hub.pem")}
	t.Cleanup(h.Close)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: h.Certificate().Raw})
	require.NoError(t, os.WriteFile(h.certificate, block, 0o666))
	return h
}

// address is where the hub has a repository, for somebody or, by "", for anybody.
func (h *hub) address(who, repository string) string {
	if who != "" {
		who += "@"
	}
	return strings.Replace(h.URL, "https://", "https://"+who, 1) + "/" + repository
}

// Without the git program a team shares through a server by https, with a token.
func TestSyncByHTTPSWithoutGit(t *testing.T) {
	t.Parallel()
	const token = "s3cret-t0ken"
	home := newHome(t)
	h := newHub(t, home, token)
	program, err := exec.LookPath("incident")
	require.NoError(t, err)
	run := func(want int, more []string, args ...string) (said string) {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Dir = home
		cmd.Env = append(environment(home), "SSL_CERT_FILE="+h.certificate, "PATH="+filepath.Dir(program))
		cmd.Env = append(cmd.Env, more...)
		var out, errs strings.Builder
		cmd.Stdout, cmd.Stderr = &out, &errs
		_ = cmd.Run() // its exit code tells
		require.Equal(t, want, cmd.ProcessState.ExitCode(), "%s\n%s%s", args, &out, &errs)
		require.NotContains(t, out.String()+errs.String(), token)
		return errs.String()
	}
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Env = home, append(environment(home), "GIT_TEST_FSYNC=0")
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "git %s\n%s", args, out)
		return strings.TrimSpace(string(out))
	}
	git("init", "--quiet", "--bare", "--initial-branch=main", "team.git")

	run(0, nil, "init", "ana")
	run(0, nil, "open", "Checkout errors", "--repo", "ana")
	git("-C", "ana", "remote", "add", "origin", h.address("ana:"+token, "team.git"))
	said := run(0, nil, "sync", "--repo", "ana")
	require.Contains(t, said, "Sent 1 entry to origin.")
	git("-C", "team.git", "fsck", "--strict")

	// As servers of builds hand a token to git.
	header := []string{"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http." + h.URL + "/.extraHeader", "GIT_CONFIG_VALUE_0=Authorization: Bearer " + token}
	said = run(0, header, "clone", h.address("", "team.git"), "ben")
	require.Contains(t, said, "Got 1 incident with 1 entry into ben.")
	for _, text := range []string{"One.", "Two.", "Three."} {
		run(0, nil, "note", text, "--repo", "ben")
		run(0, header, "sync", "--repo", "ben")
		run(0, nil, "sync", "--repo", "ana")
	}
	git("-C", "team.git", "gc", "--quiet") // what comes now are differences to others
	run(0, header, "clone", h.address("", "team.git"), "cleo")
	for _, who := range []string{"ana", "ben", "cleo"} {
		require.Equal(t, git("-C", "team.git", "rev-parse", "main"), git("-C", who, "rev-parse", "HEAD"))
		require.Equal(t, git("-C", who, "rev-parse", "HEAD^{tree}"), git("-C", who, "write-tree"))
		require.Empty(t, git("-C", who, "status", "--porcelain"))
		git("-C", who, "fsck", "--strict", "--full")
	}

	// Somebody was faster, and what each refusal is.
	run(0, nil, "note", "Four.", "--repo", "cleo")
	run(0, header, "sync", "--repo", "cleo")
	run(0, nil, "note", "Five.", "--repo", "ana")
	said = run(6, nil, "sync", "--repo", "ana", "--push-only")
	require.Contains(t, said, "origin/main holds entries that are not here yet")
	said = run(9, nil, "sync", "--repo", "ana")
	require.Contains(t, said, "joining them takes the git program")
	said = run(9, nil, "clone", h.address("", "team.git"), "dan")
	require.Contains(t, said, "does not let you in")
	require.NoDirExists(t, filepath.Join(home, "dan"))
	run(9, nil, "clone", h.address("ana:wr0ng", "team.git"), "dan")
	said = run(4, header, "clone", h.address("", "nothing.git"), "dan")
	require.Contains(t, said, "leads to no repository")
	h.Close()
	said = run(13, header, "sync", "--repo", "ben")
	require.Contains(t, said, "origin could not be reached")
}
