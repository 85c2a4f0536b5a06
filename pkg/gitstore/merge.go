package gitstore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"incident/pkg/pattern"
)

// Who makes a merge, and when; without identities it is who git says.
type Who struct {
	Author, Committer Identity
	When              time.Time
}

// mergeMessage is fixed: what is merged is told by the commits themselves.
const mergeMessage = "Merge what others recorded"

// ConflictError is an [ErrConflict] in files that people have edited on both sides. Nothing has changed.
type ConflictError struct {
	Files    []string // from the top of the work tree
	upstream string
	root     string
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("changed both here and in %s: %s; the merge was taken back, nothing has changed", e.upstream, strings.Join(e.Files, ", "))
}
func (e *ConflictError) Unwrap() error { return ErrConflict }

// Remedy is what a person can do.
func (e *ConflictError) Remedy() string {
	lines := []string{"settle it with git, in " + e.root + ":", "  git merge " + quoted(e.upstream)}
	for _, f := range e.Files {
		lines = append(lines, "  git add -- "+quoted(f)+"        once you have put it right in an editor")
	}
	return strings.Join(append(lines, "  git commit --no-edit", "  incident sync"), "\n")
}

var plainWord = pattern.New(`^[A-Za-z0-9._/:@%+=,~-]+$`)

// quoted spells a word so that a shell takes it as one.
func quoted(word string) string {
	if plainWord.MatchString(word) && word[0] != '-' && word[0] != '~' {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Merged is what a merge did.
type Merged struct {
	Before, After string // the branch's commit; the same where there was nothing to join
	Base          string // a newest commit that both sides have come from; "" where nothing was here before
}

// errOvertaken reports that somebody has committed since a merge was prepared: all over again.
var errOvertaken = errors.New("the branch moved meanwhile")

// Merge joins a commit of the upstream into the branch that is checked out, as git does: forward where
// that is enough, else by a merge commit. Any error leaves the repository as it was: [ErrConflict],
// [ErrDirty], [ErrBusy], [ErrDetached], [ErrLocked], [ErrGit].
func (s *Store) Merge(ctx context.Context, u Upstream, theirs string, who func() Who) (Merged, error) {
	release, err := s.lock(ctx)
	if err != nil {
		return Merged{}, err
	}
	defer release()
	if err := s.recover(ctx); err != nil {
		return Merged{}, err
	}
	if err := s.idle(); err != nil {
		return Merged{}, err
	}
	for range tries {
		var m Merged
		if m, err = s.merge(ctx, u, theirs, who); !errors.Is(err, errOvertaken) {
			return m, err
		}
	}
	return Merged{}, &problem{ErrLocked, "HEAD of " + s.root + " moved each time", "somebody else commits at the same time; try again"}
}

// merge tries it once.
func (s *Store) merge(ctx context.Context, u Upstream, theirs string, who func() Who) (Merged, error) {
	at, err := s.standing(ctx)
	switch {
	case err != nil:
		return Merged{}, err
	case at.ref != u.here:
		return Merged{}, &problem{ErrBusy, "another branch was checked out meanwhile in " + s.root, "try again"}
	}
	m := Merged{Before: at.commit, After: at.commit}
	needed := false
	if m.Base, needed, err = s.joinable(ctx, u, m.Before, theirs); err != nil || !needed {
		return m, err
	}
	if s.alone() {
		return s.forward(ctx, u, at, theirs, who, m)
	}
	next := theirs
	if m.Before != m.Base {
		if next, err = s.joined(ctx, u, m.Before, theirs, who); err != nil {
			return m, err
		}
	}
	if err := ctx.Err(); err != nil {
		return m, context.Cause(ctx)
	}
	began, err := s.beginMerge(theirs, next)
	if err != nil {
		return m, err
	}
	// From here on an interrupted user finds the merge made or not made, never half made.
	finish := context.WithoutCancel(ctx)
	if next != "" {
		err = s.mergeNow(finish, u, nil, "--ff-only", next)
	} else {
		err = s.mergeNow(finish, u, who().env(), "--ff", "-X", "no-renames", "-m", mergeMessage, theirs)
	}
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			return m, errors.Join(err, s.abort(finish))
		}
		// The key that interrupts us reaches git, too, which may have been anywhere.
		return m, errors.Join(cmp.Or(context.Cause(ctx), context.Canceled), s.giveUp(finish))
	}
	m.After, err = s.Head(finish)
	if err := s.syncGit(began); err != nil {
		s.warn(fmt.Sprintf("merged, but %v: it may not survive a power cut", err))
	}
	return m, errors.Join(err, s.endMerge())
}

// joinable reports whether there is anything to join, and refuses histories that never met.
func (s *Store) joinable(ctx context.Context, u Upstream, ours, theirs string) (base string, needed bool, err error) {
	if ours == "" || theirs == "" || ours == theirs {
		return ours, theirs != "" && ours != theirs, nil
	}
	base, err = s.MergeBase(ctx, ours, theirs)
	switch {
	case err != nil:
		return "", false, err
	case base != "":
		return base, base != theirs, nil
	}
	if cut, err := os.Stat(filepath.Join(s.commonDir, "shallow")); err == nil && cut.Size() > 0 {
		return "", false, &problem{ErrConflict, "this clone holds only a part of history, too little to merge " + u.Spoken(), "git fetch --unshallow " + quoted(u.Remote) + " gets the rest, then try again"}
	}
	return "", false, &problem{
		ErrConflict, fmt.Sprintf("the records here and in %s have no common beginning", u.Spoken()),
		"mostly one of them was begun by mistake: get the team's with incident clone URL, and go on there\n" +
			"if both are meant: git merge --allow-unrelated-histories " + quoted(u.Spoken()) + ", then incident sync",
	}
}

// mergeHooks are those that git runs when it makes a merge commit.
var mergeHooks = []string{"pre-merge-commit", "prepare-commit-msg", "commit-msg"}

// joined makes the commit that joins two, and touches neither the index nor the work tree: half as long as
// git's merge takes where there are many files, and nothing is to be taken back where files conflict. It
// returns "" where only git's merge can make it: hooks, signing, or a git of before 2.38.
func (s *Store) joined(ctx context.Context, u Upstream, ours, theirs string, who func() Who) (string, error) {
	if u.set["core.hookspath"] != "" || !u.set.not("commit.gpgsign") || !u.set.not("merge.verifysignatures") {
		return "", nil
	}
	for _, h := range mergeHooks {
		if _, err := os.Stat(filepath.Join(s.commonDir, "hooks", h)); err == nil {
			return "", nil
		}
	}
	tree, err := s.joinTrees(ctx, u, ours, theirs)
	if err != nil || tree == "" {
		return "", err
	}
	out, err := s.git.feed(ctx, nil, who().env(), "commit-tree", "-p", ours, "-p", theirs, "-m", mergeMessage, tree)
	return strings.TrimSpace(string(out)), err
}

// joinTrees lets git join what two commits hold. It is a [ConflictError] where git cannot, and "" where it
// is too old to tell.
func (s *Store) joinTrees(ctx context.Context, u Upstream, ours, theirs string) (string, error) {
	// Without looking for renames no entry can follow a folder that somebody has moved.
	out, err := s.git.run(ctx, "-c", "merge.renames=false", "-c", "merge.directoryRenames=false", "merge-tree",
		"--write-tree", "--name-only", "--no-messages", "-z", ours, theirs)
	lines := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	var p *ProgramError
	switch {
	case err == nil:
		return lines[0], nil
	case saidNothing(err) && len(lines) > 1:
		return "", &ConflictError{slices.Compact(slices.Sorted(slices.Values(lines[1:]))), u.Spoken(), s.root}
	case errors.As(err, &p) && ctx.Err() == nil:
		return "", nil // git's merge says what is wrong
	}
	return "", err
}

func (w Who) env() []string {
	c := Change{Author: w.Author, Committer: w.Committer, When: w.When}
	if c.Author == (Identity{}) {
		return nil
	}
	return c.env()
}

// mergeNow runs git's merge.
func (s *Store) mergeNow(ctx context.Context, u Upstream, env []string, how ...string) error {
	// What the user's configuration says of merges is about their code: it must not stop or reshape ours.
	merge := append([]string{"merge", "--quiet", "--commit", "--no-squash", "--no-edit", "--no-log", "--no-stat", "--no-autostash"}, how...)
	err := s.insist(ctx, func() error {
		if err := s.waitForGit(ctx); err != nil {
			return err
		}
		out, err := s.git.feed(ctx, nil, env, merge...)
		var p *ProgramError
		if errors.As(err, &p) && p.Stderr == "" {
			p.Stderr = string(out) // where git tells conflicts
		}
		return err
	})
	var p *ProgramError
	if !errors.As(err, &p) {
		return err
	}
	if strings.Contains(p.Stderr, "Not possible to fast-forward") {
		return errOvertaken
	}
	files, listErr := s.unmerged(ctx)
	if listErr != nil {
		return errors.Join(err, listErr)
	}
	if len(files) > 0 {
		return &ConflictError{files, u.Spoken(), s.root}
	}
	if m := inTheWay.FindStringSubmatch(p.Stderr); m != nil || strings.Contains(p.Stderr, "uncommitted changes") || strings.Contains(p.Stderr, "not uptodate") {
		return &problem{
			ErrDirty, withoutHints(p.Stderr),
			"nothing of yours was touched; commit these files or put them aside with git, in " + s.root + ", then try again",
		}
	}
	return err
}

// inTheWay are git's words for a user's changes that a merge would overwrite.
var inTheWay = pattern.New(`(?:would be (?:overwritten|removed) by merge|would lose untracked files)`)

func (s *Store) unmerged(ctx context.Context) ([]string, error) {
	out, err := s.git.run(ctx, "diff", "--name-only", "-z", "--diff-filter=U")
	if err != nil {
		return nil, err
	}
	return slices.Compact(strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })), nil
}

// A merge of ours leaves a mark while it runs. Who finds one together with git's own knows that the merge
// was cut short by a crash, and that no person waits for it.

func (s *Store) mergePath() string { return filepath.Join(s.ownDir(), "merging") }

// beginMerge leaves the mark, which names what is joined, and returns the time by the file system's clock.
func (s *Store) beginMerge(commits ...string) (time.Time, error) {
	if err := os.MkdirAll(s.ownDir(), 0o777); err != nil {
		return time.Time{}, writeError(err)
	}
	if err := WriteDurably(s.mergePath(), []byte(strings.Join(commits, "\n")+"\n"), 0o666); err != nil {
		return time.Time{}, writeError(err)
	}
	info, err := os.Stat(s.mergePath())
	if err != nil {
		return time.Time{}, writeError(err)
	}
	return info.ModTime(), nil
}

func (s *Store) endMerge() error {
	if err := os.Remove(s.mergePath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return writeError(err)
	}
	return nil
}

// abort takes back a merge of ours that git did not make, and the mark.
func (s *Store) abort(ctx context.Context) error {
	mark, err := os.ReadFile(s.mergePath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	waiting, waitErr := os.ReadFile(filepath.Join(s.gitDir, "MERGE_HEAD"))
	if unread(waitErr) {
		return writeError(waitErr)
	}
	theirs, _, _ := bytes.Cut(mark, []byte{'\n'})
	if err == nil && waitErr == nil && bytes.Equal(bytes.TrimSpace(waiting), theirs) { // else it is somebody's own
		_, err = s.git.run(ctx, "merge", "--abort")
	}
	if err != nil {
		return writeError(err)
	}
	return s.endMerge()
}

// giveUp takes back a merge of ours that was cut short.
func (s *Store) giveUp(ctx context.Context) error {
	mark, err := os.ReadFile(s.mergePath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return writeError(err)
	}
	if err := s.abort(ctx); err != nil || s.idle() != nil {
		return err
	}
	for _, id := range strings.Fields(string(mark)) {
		if known, err := s.commitOf(ctx, id); known == "" && err == nil {
			continue // git has tidied away what nothing refers to
		}
		if err := s.clearLeft(ctx, id); err != nil {
			return fmt.Errorf("clear away what an interrupted merge left: %w", err)
		}
	}
	return nil
}

// clearLeft takes out of the work tree and the index what an earlier merge of the same commit left there
// when it was cut short: files that are as that commit has them, or as far as they were written. Nothing
// is lost by it, whoever made them: the merge brings them again.
func (s *Store) clearLeft(ctx context.Context, theirs string) error {
	head, err := s.Head(ctx)
	if err != nil || head == "" {
		return err
	}
	base, err := s.MergeBase(ctx, head, theirs)
	if err != nil || base == "" {
		return err
	}
	gained, err := s.Gained(ctx, base, theirs)
	if err != nil {
		return err
	}
	root, err := openTree(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	var fresh, replaced []string
	for _, a := range gained {
		now, err := s.ReadFile(a.Path, 64<<20)
		if unread(err) {
			return err
		}
		if err != nil {
			continue // there is none, or it is not as a merge writes it
		}
		there, err := s.git.run(ctx, "cat-file", "blob", theirs+":"+a.Path)
		if err != nil {
			return err
		}
		here, err := s.git.run(ctx, "cat-file", "blob", head+":"+a.Path)
		same := bytes.Equal(withLF(now), withLF(there))
		switch {
		case err != nil && (same || bytes.HasPrefix(withLF(there), withLF(now))):
			fresh = append(fresh, a.Path)
		case err == nil && same && !bytes.Equal(here, there):
			replaced = append(replaced, a.Path)
		}
	}
	if len(fresh)+len(replaced) == 0 {
		return nil
	}
	if err := s.unstage(ctx, slices.Concat(fresh, replaced)); err != nil {
		return err
	}
	for _, p := range fresh {
		if err := remove(root, p); err != nil {
			return writeError(err)
		}
		removeEmpty(root, p)
	}
	return s.restore(ctx, replaced)
}

// Joins reports, without changing anything, whether git could join a commit of the upstream: an
// [ErrConflict] where it could not. A git that is too old to tell says yes.
func (s *Store) Joins(ctx context.Context, u Upstream, theirs string) (base string, err error) {
	head, err := s.Head(ctx)
	if err != nil {
		return "", err
	}
	base, needed, err := s.joinable(ctx, u, head, theirs)
	switch {
	case err != nil || !needed || base == head:
	case s.alone():
		err = needsMerge(u)
	default:
		_, err = s.joinTrees(ctx, u, head, theirs)
	}
	return base, err
}
