//go:build !windows

package main

import (
	"bufio"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A preview is served to this machine, follows the record, and ends in peace.
func TestPageServe(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "--component", "Checkout=partial_outage")
	cmd := exec.Command("incident", "page", "serve")
	cmd.Env = d.env
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = io.Discard
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	address, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	address = strings.TrimSpace(address)
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/$`, address)
	get := func(path string) (*http.Response, string) {
		r, err := http.Get(address + path)
		require.NoError(t, err)
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		require.NoError(t, err)
		return r, string(body)
	}
	_, home := get("")
	require.Contains(t, home, "All systems work")
	d.quietly("note", "-a", "customer", "--next", "none", "About one in five card payments fails at the last step. PayPal works. We are making room.")
	r, home := get("index.html")
	require.Contains(t, home, "one in five card payments")
	require.Equal(t, "text/html; charset=utf-8", r.Header.Get("Content-Type"))
	require.Contains(t, r.Header.Get("Content-Security-Policy"), "default-src 'none'")
	for path, kind := range map[string]string{"style.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml", "api/incident/v1/status.json": "application/json"} {
		r, _ = get(path)
		require.Equal(t, http.StatusOK, r.StatusCode, path)
		require.Equal(t, kind, r.Header.Get("Content-Type"), path)
	}
	for _, path := range []string{"nothing.html", "../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd"} {
		r, missing := get(path)
		require.Equal(t, http.StatusNotFound, r.StatusCode, path)
		require.Contains(t, missing, "There is no such page", path)
	}
	// A page of the web that sends browsers here under a name of its own reads nothing.
	asked, err := http.NewRequest(http.MethodGet, address, nil)
	require.NoError(t, err)
	asked.Host = "evil.example"
	r, err = http.DefaultClient.Do(asked)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.Equal(t, http.StatusMisdirectedRequest, r.StatusCode)
	r, err = http.Post(address, "text/plain", strings.NewReader("x"))
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	require.NoError(t, cmd.Wait(), "the end that was asked for is no failure")
}
