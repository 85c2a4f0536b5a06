package main

import (
	"net"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// remote is how team.git in a home is reached.
type remote struct {
	url string
	env []string // of those who use it
}

func overFile(_ *testing.T, home string) remote {
	return remote{url: "file://" + filepath.ToSlash(filepath.Join(home, "team.git"))}
}

// overHTTP serves it as git hosts do, by git's own program.
func overHTTP(t *testing.T, home string) remote {
	t.Helper()
	git, err := exec.LookPath("git")
	require.NoError(t, err)
	require.NoError(t, exec.Command(git, "-C", filepath.Join(home, "team.git"), "config", "http.receivepack", "true").Run())
	server := httptest.NewServer(&cgi.Handler{
		Path: git, Args: []string{"http-backend"}, Dir: home,
		Env: append(environment(home), "GIT_PROJECT_ROOT="+home, "GIT_HTTP_EXPORT_ALL=1"),
	})
	t.Cleanup(server.Close)
	return remote{url: server.URL + "/team.git"}
}

// overSSH serves it by the system's own sshd: one for each connection to a port of the loopback, with keys
// and settings that are made for this test.
func overSSH(t *testing.T, home string) remote {
	t.Helper()
	sshd := "/usr/sbin/sshd" // it is on few people's PATH
	if _, err := os.Stat(sshd); err != nil {
		t.Skip("no sshd on this system: apt-get install openssh-server") // only a real server proves ssh; .ci/run installs it, so that it is never skipped there
	}
	if _, err := os.Stat("/run/sshd"); err != nil && runtime.GOOS == "linux" && os.Geteuid() == 0 {
		t.Skip("sshd of the superuser needs a folder: mkdir /run/sshd") // a test makes nothing outside of its own folder; .ci/run makes it
	}
	me, err := user.Current()
	require.NoError(t, err)
	dir := filepath.Join(home, "ssh")
	require.NoError(t, os.Mkdir(dir, 0o700))
	file := func(name, content string) string {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
		return filepath.Join(dir, name)
	}
	key := func(name string) (private, public string) {
		private = filepath.Join(dir, name)
		require.NoError(t, exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", private).Run())
		raw, err := os.ReadFile(private + ".pub")
		require.NoError(t, err)
		return private, string(raw)
	}
	host, hostKey := key("host")
	mine, myKey := key("mine")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	settings := file("sshd_config", strings.Join([]string{
		"HostKey " + host, "AuthorizedKeysFile " + file("authorized_keys", myKey), "StrictModes no", "UsePAM no", "PidFile none",
		"PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password", "AcceptEnv GIT_PROTOCOL", "",
	}, "\n"))
	known := file("known_hosts", "[127.0.0.1]:"+port+" "+hostKey)
	client := file("config", strings.Join([]string{
		"Host *", "IdentityFile " + mine, "IdentitiesOnly yes", "UserKnownHostsFile " + known, "GlobalKnownHostsFile none",
		"StrictHostKeyChecking yes", "BatchMode yes", "",
	}, "\n"))
	serve(t, listener, sshd, "-i", "-e", "-f", settings)
	return remote{"ssh://" + me.Username + "@127.0.0.1:" + port + filepath.ToSlash(filepath.Join(home, "team.git")), []string{"GIT_SSH_COMMAND=ssh -F " + client}}
}

// serve runs a program for each connection, until the test ends.
func serve(t *testing.T, listener net.Listener, program string, args ...string) {
	var running sync.WaitGroup
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // it was closed
			}
			f, err := conn.(*net.TCPConn).File()
			_ = conn.Close() // f is the connection now
			if err != nil {
				t.Error(err)
				return
			}
			cmd := exec.Command(program, args...)
			cmd.Stdin, cmd.Stdout = f, f
			running.Go(func() {
				_ = cmd.Run() // who is connected hears of it
				_ = f.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		running.Wait()
	})
}
