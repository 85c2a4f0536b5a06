package gitstore

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Side is a branch beside the one that is checked out, which holds what programs put there and no entries: the pages that
// a host serves. Neither the work tree nor the index ever sees it.
type Side struct {
	store  *Store
	branch string // its full name
	remote string // a name, an address or a path; "" where it stays here
	tip    string // its newest commit, there or here; "" before the first
}

// Side finds a branch and gets what its remote holds of it. Without a remote, that is the one that the record is shared
// through, if there is one. It needs the git program. A branch that is checked out anywhere is an [ErrDirty].
func (s *Store) Side(ctx context.Context, branch, remote string) (*Side, error) {
	side := &Side{store: s, branch: "refs/heads/" + branch, remote: remote}
	if s.alone() {
		return nil, &problem{ErrNoGit, "a branch beside the record's needs the git program, which was not found", "install git, and see that it is on PATH"}
	}
	if _, err := s.git.run(ctx, "check-ref-format", side.branch); err != nil || strings.HasPrefix(branch, "-") {
		return nil, &problem{ErrBranch, fmt.Sprintf("%q is no name of a branch", branch), "name one: gh-pages"}
	}
	if remote == "" {
		set, err := s.sharing(ctx)
		if err != nil {
			return nil, err
		}
		if names := set.remotes(); len(names) > 0 {
			if side.remote, err = choose(names, ""); err != nil {
				return nil, err
			}
		}
	}
	if err := side.apart(ctx); err != nil {
		return nil, err
	}
	here, err := s.commitOf(ctx, side.kept())
	if err != nil || side.remote == "" {
		side.tip = here
		return side, err
	}
	there, err := side.fetch(ctx)
	if err != nil {
		return nil, err
	}
	side.tip = there
	if here != "" && there != "" { // what could not be sent the last time is sent with the next
		if _, err := s.git.run(ctx, "merge-base", "--is-ancestor", there, here); err == nil {
			side.tip = here
		}
	} else if there == "" {
		side.tip = here
	}
	return side, ctx.Err()
}

// Remote is where the branch is sent, "" where it stays here.
func (b *Side) Remote() string { return withoutPasswords(b.remote) }

// kept is where the branch is kept here: under its own name where it belongs to this repository or one of its remotes,
// else out of sight.
func (b *Side) kept() string {
	if b.remote == "" || slices.Contains(b.remotes(), b.remote) {
		return b.branch
	}
	sum := sha256.Sum256([]byte(b.remote))
	return "refs/incident/side/" + hex.EncodeToString(sum[:6]) + "/" + strings.TrimPrefix(b.branch, "refs/heads/")
}

func (b *Side) remotes() []string {
	names, _ := b.store.Remotes(context.Background()) // read already; where they cannot be, there are none
	return names
}

// apart refuses a branch that somebody works on.
func (b *Side) apart(ctx context.Context) error {
	if b.kept() != b.branch {
		return nil
	}
	out, err := b.store.git.run(ctx, "worktree", "list", "--porcelain")
	if err != nil {
		return err
	}
	if slices.Contains(strings.Split(string(out), "\n"), "branch "+b.branch) {
		return &problem{ErrDirty, strings.TrimPrefix(b.branch, "refs/heads/") + " is checked out here", "choose a branch of its own, gh-pages for one"}
	}
	return nil
}

func (b *Side) fetch(ctx context.Context) (string, error) {
	theirs := fmt.Sprintf("refs/incident/side-theirs/%d", os.Getpid()) // no other publishing meets it
	_, err := b.talk(ctx, "fetch", "--quiet", "--no-write-fetch-head", "--no-tags", "--no-recurse-submodules", "--", b.remote, "+"+b.branch+":"+theirs)
	var p *ProgramError
	switch {
	case errors.As(err, &p) && strings.Contains(p.Stderr, "couldn't find remote ref"):
		return "", nil
	case err != nil:
		return "", farError(b.remote, err)
	}
	tip, err := b.store.commitOf(ctx, theirs)
	if err == nil {
		_, err = b.store.git.run(ctx, "update-ref", "-d", theirs)
	}
	return tip, err
}

func (b *Side) talk(ctx context.Context, args ...string) ([]byte, error) {
	set, err := b.store.sharing(ctx)
	if err != nil {
		return nil, err
	}
	return b.store.git.feed(ctx, nil, b.store.git.far(false, set["core.sshcommand"] != ""), args...)
}

// Files lists what the branch holds: the names of the objects by path.
func (b *Side) Files(ctx context.Context) (map[string]string, error) {
	files := map[string]string{}
	if b.tip == "" {
		return files, nil
	}
	out, err := b.store.git.run(ctx, "ls-tree", "-r", "-z", "--full-tree", b.tip)
	if err != nil {
		return nil, err
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		if about, path, ok := strings.Cut(line, "\t"); ok {
			files[path] = about[strings.LastIndexByte(about, ' ')+1:]
		}
	}
	return files, nil
}

// Read is what the branch holds under a path, nil where there is nothing.
func (b *Side) Read(ctx context.Context, path string) ([]byte, error) {
	files, err := b.Files(ctx)
	if err != nil || files[path] == "" {
		return nil, err
	}
	return b.store.git.run(ctx, "cat-file", "blob", files[path])
}

// ObjectName is the name that git gives a file in this branch.
func (b *Side) ObjectName(data []byte) string {
	var h hash.Hash = sha1.New()
	if len(b.tip) == sha256.Size*2 {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(data))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}

// SideChange is what a [Side.Commit] does to the branch.
type SideChange struct {
	Files   map[string][]byte
	Removed []string
	Message string
	Author  Identity
	When    time.Time
}

// Commit adds a commit to the branch and sends it, and returns its name. It is an [ErrBehind] where the remote has got
// something else meanwhile: find the branch again, and try again. What could not be sent stays here, and goes with the
// next.
func (b *Side) Commit(ctx context.Context, c SideChange) (string, error) {
	var in bytes.Buffer
	fmt.Fprintf(&in, "commit %s\ncommitter %s <%s> %d +0000\ndata %d\n%s\n", b.kept(), c.Author.Name, c.Author.Email, c.When.Unix(), len(c.Message), c.Message)
	if b.tip != "" {
		fmt.Fprintf(&in, "from %s\n", b.tip)
	}
	for _, path := range c.Removed {
		fmt.Fprintf(&in, "D %s\n", strconv.Quote(path))
	}
	for path, data := range c.Files {
		fmt.Fprintf(&in, "M 100644 inline %s\ndata %d\n%s\n", strconv.Quote(path), len(data), data)
	}
	in.WriteString("done\n")
	// By force: what the branch here held beside what was sent is made anew from the record.
	_, err := b.store.git.feed(ctx, &in, nil, "fast-import", "--quiet", "--done", "--force", "--date-format=raw")
	if p := (*ProgramError)(nil); errors.As(err, &p) && strings.Contains(p.Stderr, "cannot lock ref") {
		return "", &problem{ErrBehind, "somebody else publishes to the branch here at the same time", "try again"}
	}
	if err != nil {
		return "", err
	}
	made, err := b.store.commitOf(ctx, b.kept())
	if err != nil {
		return "", err
	}
	b.tip = made
	return made, b.Send(ctx)
}

// Send sends what the branch holds here, where it has a remote.
func (b *Side) Send(ctx context.Context) error {
	if b.remote == "" || b.tip == "" {
		return nil
	}
	out, err := b.talk(ctx, "push", "--porcelain", "--no-recurse-submodules", "--", b.remote, b.tip+":"+b.branch)
	var p *ProgramError
	switch {
	case errors.As(err, &p) && behind.Match(out):
		return &problem{ErrBehind, withoutPasswords(b.remote) + " has got another page meanwhile", "try again"}
	case errors.As(err, &p) && refused.Match(out):
		return &ProgramError{Command: p.Command, Stderr: b.remote + " refuses it: " + string(refused.FindSubmatch(out)[1]), Err: p.Err}
	case err != nil:
		return farError(b.remote, err)
	}
	return nil
}
