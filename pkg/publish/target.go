package publish

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"incident/pkg/gitstore"
)

// ErrTarget reports a target that is none.
var ErrTarget = errors.New("no target")

// Target is where a site is served from: "branch:gh-pages", "branch:gh-pages@git@example.com:shop/status.git",
// "dir:/srv/status", "command:rsync -a \"$1\"/ www:/srv/status/".
type Target struct {
	Kind  string // branch, dir or command
	Where string
}

// Parse reads a target. A folder that is not whole is taken from dir.
func Parse(s, dir string) (Target, error) {
	kind, where, ok := strings.Cut(strings.TrimSpace(s), ":")
	t := Target{kind, strings.TrimSpace(where)}
	switch {
	case !ok || t.Where == "" || strings.ContainsAny(t.Where, "\r\n\x00"):
	case kind == "dir":
		if !filepath.IsAbs(t.Where) {
			t.Where = filepath.Join(dir, t.Where)
		}
		return t, nil
	case kind == "branch", kind == "command":
		return t, nil
	}
	return t, fmt.Errorf("%q is %w: write branch:gh-pages, dir:/srv/status or command:'rsync -a \"$1\"/ www:/srv/status/'", s, ErrTarget)
}

func (t Target) String() string { return t.Kind + ":" + t.Where }

// Publisher is who publishes, and with what.
type Publisher struct {
	Store  *gitstore.Store
	Env    []string
	Output io.Writer // what a command says
	Now    func() time.Time
	Force  bool // also where something else is held, which stays
	// Allowed says why a site may not take the place of what a target holds now; nil where it may. Of a command nobody knows
	// what that is, and it is not asked.
	Allowed func(held func(path string) ([]byte, error)) error
}

// Result is what came of publishing to a target.
type Result struct {
	Target           Target
	Changed, Removed []string // paths; of a command nobody knows
	Commit           string   // that was made in a branch
	Remote           string   // where the branch was sent
}

// Put makes a target hold the site. It says what it changed; nothing is changed where all of it is there already.
func (p Publisher) Put(ctx context.Context, t Target, site map[string][]byte) (Result, error) {
	var err error
	r := Result{Target: t}
	switch t.Kind {
	case "dir":
		err = p.intoFolder(&r, site)
	case "branch":
		err = p.intoBranch(ctx, &r, site)
	default:
		err = p.byCommand(ctx, &r, site)
	}
	return r, err
}

// Held is what a target holds under a path now, nil where there is nothing. Of a command nobody knows: then known is false.
func (p Publisher) Held(ctx context.Context, t Target) (read func(path string) ([]byte, error), known bool, err error) {
	switch t.Kind {
	case "dir":
		return heldByFolder(t.Where), true, nil
	case "branch":
		side, err := p.side(ctx, t)
		if err != nil {
			return nil, true, err
		}
		return func(path string) ([]byte, error) { return side.Read(ctx, path) }, true, nil
	}
	return nil, false, nil
}
