package gitstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Where there is no git program, remotes are reached from here: by https, through go-git, and in folders.
// What both can do is to get and to send commits that come after those of the other side; a real merge
// waits for git.

// far is a repository elsewhere.
type far interface {
	// heads are its branches, and which of them it calls the first one.
	heads(ctx context.Context) (commits map[string]string, first string, err error)
	// send writes a pack of what a commit leads to, without what the commits of have lead to. A folder
	// may send more.
	send(ctx context.Context, want string, have []string, w io.Writer) error
	// receive takes a pack, and moves a branch from one commit to the next. It is an [errMoved] where the
	// branch is somewhere else by then.
	receive(ctx context.Context, branch, from, to string, pack func(io.Writer) error) error
}

// reach finds a remote by its address.
func (s *Store) reach(set settings, address string) (far, error) {
	switch u, err := url.Parse(address); {
	case err == nil && (u.Scheme == "https" || u.Scheme == "http"):
		return newWebRemote(set, address)
	case err == nil && u.Scheme == "file":
		return s.openFolder(filepath.FromSlash(u.Path))
	case isPath(address):
		if !filepath.IsAbs(address) {
			address = filepath.Join(s.root, address)
		}
		return s.openFolder(address)
	}
	return nil, needsGit("to reach " + Shown(address))
}

// isPath reports whether git takes an address for a path: no scheme, and no host before the first slash.
func isPath(address string) bool {
	host, _, colon := strings.Cut(address, ":")
	return !colon || strings.ContainsAny(host, `/\`) || len(host) == 1 && filepath.VolumeName(address) != ""
}

// remoteAlone reaches a remote of git's configuration; to send, by its own address for that.
func (s *Store) remoteAlone(name string, toSend bool) (far, error) {
	if s.isCut() {
		return nil, needsGit("to exchange with others from a clone that holds only a part of history")
	}
	all, err := s.readSettings()
	if err != nil {
		return nil, err
	}
	set := all.set
	address := set["remote."+name+".url"]
	if push := set["remote."+name+".pushurl"]; toSend && push != "" {
		address = push
	}
	if address == "" {
		return nil, &problem{ErrNoRemote, fmt.Sprintf("the remote %q has no address", name), "git remote set-url " + quoted(name) + " URL gives it one"}
	}
	return s.reach(set, address)
}

// valueOf is the commit that a reference names, "" where there is none.
func (s *Store) valueOf(ref string) (string, error) {
	if ref == "HEAD" {
		at, err := s.head()
		return at.commit, orNeedsGit(err)
	}
	all, err := s.references(ref)
	return all[ref], orNeedsGit(err)
}

// orNeedsGit says of what is git's to do that it is not there.
func orNeedsGit(err error) error {
	if unordinary := (*notOrdinary)(nil); errors.As(err, &unordinary) {
		return needsGit(unordinary.why)
	}
	return err
}

// fetchAlone is Fetch without the git program.
func (s *Store) fetchAlone(ctx context.Context, u Upstream) (string, error) {
	remote, err := s.remoteAlone(u.Remote, false)
	if err != nil {
		return "", err
	}
	heads, _, err := remote.heads(ctx)
	theirs := heads[u.Branch]
	if err != nil || theirs == "" {
		return "", reachError(u.Remote, err)
	}
	release, err := s.lock(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	if err := s.recover(ctx); err != nil {
		return "", err
	}
	return theirs, s.get(ctx, remote, u, theirs)
}

// get gets what a commit leads to, and then notes the commit as the remote's.
func (s *Store) get(ctx context.Context, remote far, u Upstream, theirs string) (err error) {
	known, err := s.valueOf(u.tracking())
	if err != nil || known == theirs {
		return err
	}
	ours, err := s.valueOf("HEAD")
	if err != nil {
		return err
	}
	p, err := s.past()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	have, err := p.upTo(ours, known)
	if err != nil {
		return err
	}
	if !have[theirs] {
		err := s.keepPack(func(w io.Writer) error { return remote.send(ctx, theirs, p.latest(maxHaves, ours, known), w) })
		if err != nil {
			return reachError(u.Remote, err)
		}
		if err := p.complete(theirs, have); err != nil { // else a name would be given to what is not all there
			return reachError(u.Remote, err)
		}
	}
	if err := s.note(ctx, u.tracking(), known, theirs); errors.Is(err, errMoved) {
		return &problem{ErrLocked, u.tracking() + " moved meanwhile", "somebody else fetches at the same time; try again"}
	} else if err != nil {
		return err
	}
	if now, err := p.upTo(theirs); err == nil && known != "" && !now[known] {
		s.warn(rewritten(u))
	}
	return nil
}

func rewritten(u Upstream) string {
	return fmt.Sprintf("%s no longer holds commits that it held before: somebody has rewritten its history", u.Spoken())
}

// maxHaves is how many commits are told to a remote to find one that it has, too.
const maxHaves = 256

// latest are the latest commits of a history.
func (p *past) latest(limit int, tips ...string) (ids []string) {
	_ = p.walk(tips, func(c pastCommit) ([]string, error) { // it was walked to its end before
		if ids = append(ids, c.id); len(ids) == limit {
			return nil, io.EOF
		}
		return c.parents, nil
	})
	return ids
}

// complete reports what is missing of what a commit leads to.
func (p *past) complete(tip string, known map[string]bool) error {
	ids, err := p.leadsTo(tip, known)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := p.snap.read(id, maxBase); err != nil && !errors.Is(err, ErrTooLarge) {
			return err
		}
	}
	return nil
}

// note moves a reference that is not checked out.
func (s *Store) note(ctx context.Context, ref, from, to string) error {
	if err := os.MkdirAll(s.ownDir(), 0o777); err != nil {
		return writeError(err)
	}
	l, err := s.take(ctx, "ref", s.refFile(ref))
	if err != nil {
		return orNeedsGit(err)
	}
	defer l.release()
	if now, err := s.valueOf(ref); err != nil {
		return err
	} else if now != from {
		return errMoved
	}
	if _, err := l.file.WriteString(to + "\n"); err != nil {
		return writeError(err)
	}
	if err := errors.Join(l.file.Sync(), l.publish()); err != nil {
		return writeError(err)
	}
	return s.syncFolders(l.target)
}

// pushAlone is Push without the git program.
func (s *Store) pushAlone(ctx context.Context, u Upstream, commit string) (err error) {
	remote, err := s.remoteAlone(u.Remote, true)
	if err != nil {
		return err
	}
	heads, _, err := remote.heads(ctx)
	if err != nil {
		return reachError(u.Remote, err)
	}
	p, err := s.past()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	ours, err := p.upTo(commit)
	if err != nil {
		return err
	}
	from, known := heads[u.Branch], []string{}
	for _, id := range heads {
		if ours[id] {
			known = append(known, id)
		}
	}
	if from != "" && !ours[from] {
		return tooLate(u)
	}
	if from != commit {
		there, err := p.upTo(known...)
		if err != nil {
			return err
		}
		ids, err := p.leadsTo(commit, there)
		if err != nil {
			return err
		}
		err = remote.receive(ctx, u.Branch, from, commit, func(w io.Writer) error { return packTo(w, p.here, ids) })
		if errors.Is(err, errMoved) {
			return tooLate(u)
		}
		if err != nil {
			return reachError(u.Remote, err)
		}
	}
	return s.sent(ctx, u, commit)
}

func tooLate(u Upstream) error {
	return &problem{ErrBehind, u.Spoken() + " holds entries that are not here yet", "incident sync gets them, then sends yours"}
}

// sent remembers what the remote holds now, and that the two branches belong together. What was sent is
// sent, whatever happens to that.
func (s *Store) sent(ctx context.Context, u Upstream, commit string) error {
	release, err := s.lock(ctx)
	if err == nil {
		known, readErr := s.valueOf(u.tracking())
		if err = errors.Join(s.reclaim(), readErr); err == nil && known != commit {
			err = s.note(ctx, u.tracking(), known, commit)
		}
		release()
	}
	if !u.known {
		branch := "branch." + strings.TrimPrefix(u.here, "refs/heads/")
		err = errors.Join(err, s.SetSetting(ctx, branch+".remote", u.Remote), s.SetSetting(ctx, branch+".merge", u.Branch))
	}
	if err != nil {
		s.warn(fmt.Sprintf("sent, but git does not remember it: %v", err))
	}
	return nil
}

// branchesAlone is Branches without the git program.
func (s *Store) branchesAlone(ctx context.Context, u Upstream) ([]string, error) {
	remote, err := s.remoteAlone(u.Remote, false)
	if err != nil {
		return nil, err
	}
	heads, _, err := remote.heads(ctx)
	return slices.Sorted(maps.Keys(heads)), reachError(u.Remote, err)
}

// baseAlone is MergeBase without the git program.
func (s *Store) baseAlone(a, b string) (base string, err error) {
	p, err := s.past()
	if err != nil {
		return "", orNeedsGit(err)
	}
	defer func() { err = errors.Join(err, p.close()) }()
	return p.base(a, b)
}
