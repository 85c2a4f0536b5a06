package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/record"
)

type pageServeCmd struct {
	paging
	addr string
}

func newPageServe(d *deps) *cobra.Command {
	c := pageServeCmd{paging: paging{deps: d, audience: incident.Customer}}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the status page in a browser, as it would be published now",
		Long: `Serves the page to browsers of this machine, and makes it again when the record changes. Its address is printed on
standard output; nothing is written to the disk. Another machine can read it only where --addr says so.

It is for looking, not for the public: publish the page where it stays up when this machine does not.`,
		Example: "incident page serve\nincident page serve -a internal --addr 127.0.0.1:8080",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	c.addFlags(cmd)
	cmd.Flags().StringVar(&c.addr, "addr", "127.0.0.1:0", "the `ADDRESS` to listen at; port 0 is any that is free")
	return cmd
}

// servedJSON is the answer to page serve, as soon as it listens.
type servedJSON struct {
	Schema   string            `json:"schema"`
	Address  string            `json:"address"`
	Audience incident.Audience `json:"audience"`
}

func (r servedJSON) ids() []string { return []string{r.Address} }

func (c *pageServeCmd) run(ctx context.Context) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	s := &server{paging: &c.paging, rec: rec}
	if err := s.refresh(ctx); err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.addr)
	if err != nil {
		return usage("--addr 127.0.0.1:8080", "--addr: %s", err)
	}
	web := &http.Server{Handler: s, ReadHeaderTimeout: 5 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	done := make(chan error, 1)
	go func() { done <- web.Serve(listener) }()
	if err := c.print(servedJSON{schema, "http://" + listener.Addr().String() + "/", c.audience}); err != nil {
		return errors.Join(err, web.Close())
	}
	c.say(fmt.Sprintf("Serving the page for %s; ctrl-c ends it.", c.audience.Readers()))
	select {
	case err = <-done:
		return err
	case <-ctx.Done():
		err = web.Close()
	}
	if ended := <-done; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return err
}

// server makes the page again when the record has changed.
type server struct {
	*paging
	rec *record.Record

	lock   sync.Mutex
	commit string
	minute string // promises fall due
	made   wholePage
}

// latest is the page of the newest commit. One that cannot be made is told of, and the one before stays.
func (s *server) latest(ctx context.Context) page.Files {
	s.lock.Lock()
	defer s.lock.Unlock()
	if err := s.refresh(ctx); err != nil && ctx.Err() == nil {
		s.warn("the page is not made anew: " + err.Error())
	}
	return s.made.files
}

func (s *server) refresh(ctx context.Context) error {
	commit, err := s.rec.Store().Head(ctx)
	if err != nil {
		return err
	}
	minute := s.Now().Format("200601021504")
	if s.made.files != nil && commit == s.commit && minute == s.minute {
		return nil
	}
	made, err := s.whole(ctx, s.rec, s.made)
	if err != nil {
		return err
	}
	s.commit, s.minute, s.made = commit, minute, made
	return nil
}

var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json", ".xml": "application/xml",
	".atom": "application/atom+xml", ".rss": "application/rss+xml", ".txt": "text/plain; charset=utf-8", ".png": "image/png",
}

// asked reports whether a request means this server. To one of this machine alone, a page of the web may send browsers under
// a name of its own, and read there what only people at this machine should: by its address it cannot.
func (s *server) asked(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok || !at.IP.IsLoopback() {
		return true
	}
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")) != nil
}

// ServeHTTP implements [http.Handler].
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "only to be read", http.StatusMethodNotAllowed)
		return
	}
	if !s.asked(r) {
		http.Error(w, "not served under this name", http.StatusMisdirectedRequest)
		return
	}
	files := s.latest(r.Context())
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	for key, value := range page.Headers() {
		w.Header().Set(key, value)
	}
	w.Header().Set("Cache-Control", "no-store")
	raw, ok := files[name]
	status := http.StatusOK
	if !ok {
		raw, name, status = files["404.html"], "404.html", http.StatusNotFound
	}
	kind, ok := contentTypes[path.Ext(name)]
	if !ok {
		kind = "application/octet-stream"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(raw) // a browser that is gone hears of nothing
	}
}
