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

// Merge joins a commit of the upstream into the branch that is checked out, as git does: forward where
// that is enough, else by a merge commit. It returns the branch's commit before and after, which are the
// same where there was nothing to join. Any error leaves the repository as it was: [ErrConflict],
// [ErrDirty], [ErrBusy], [ErrDetached], [ErrLocked], [ErrGit].
func (s *Store) Merge(ctx context.Context, u Upstream, theirs string, who Who) (before, after string, err error) {
	if s.alone() {
		return s.forward(ctx, u, theirs, who)
	}
	release, err := s.lock(ctx)
	if err != nil {
		return "", "", err
	}
	defer release()
	if err := s.recover(ctx); err != nil {
		return "", "", err
	}
	if err := s.idle(); err != nil {
		return "", "", err
	}
	if now, err := s.git.run(ctx, "symbolic-ref", "--quiet", "HEAD"); errors.Is(err, context.Canceled) || ctx.Err() != nil {
		return "", "", cmp.Or(err, context.Cause(ctx))
	} else if err != nil || strings.TrimSpace(string(now)) != u.here {
		return "", "", &problem{ErrBusy, "another branch was checked out meanwhile in " + s.root, "try again"}
	}
	before, err = s.Head(ctx)
	if err != nil {
		return "", "", err
	}
	if needed, err := s.joinable(ctx, u, before, theirs); err != nil || !needed {
		return before, before, err
	}
	if err := ctx.Err(); err != nil {
		return before, before, context.Cause(ctx)
	}
	began, err := s.beginMerge(theirs)
	if err != nil {
		return before, before, err
	}
	// From here on an interrupted user finds the merge made or not made, never half made.
	finish := context.WithoutCancel(ctx)
	err = s.mergeNow(finish, u, theirs, who)
	after, headErr := s.Head(finish)
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, context.Canceled) {
			return before, before, errors.Join(err, s.abort(finish))
		}
		// The key that interrupts us reaches git, too, which may have been anywhere.
		return before, before, errors.Join(cmp.Or(context.Cause(ctx), context.Canceled), s.giveUp(finish))
	}
	if err := s.syncGit(began); err != nil {
		s.warn(fmt.Sprintf("merged, but %v: it may not survive a power cut", err))
	}
	return before, after, errors.Join(headErr, s.endMerge())
}

// joinable reports whether there is anything to join, and refuses histories that never met.
func (s *Store) joinable(ctx context.Context, u Upstream, ours, theirs string) (bool, error) {
	if ours == "" || theirs == "" || ours == theirs {
		return theirs != "" && ours != theirs, nil
	}
	base, err := s.MergeBase(ctx, ours, theirs)
	switch {
	case err != nil:
		return false, err
	case base != "":
		return base != theirs, nil
	}
	if cut, err := os.Stat(filepath.Join(s.commonDir, "shallow")); err == nil && cut.Size() > 0 {
		return false, &problem{ErrConflict, "this clone holds only a part of history, too little to merge " + u.Spoken(), "git fetch --unshallow " + quoted(u.Remote) + " gets the rest, then try again"}
	}
	return false, &problem{
		ErrConflict, fmt.Sprintf("the records here and in %s have no common beginning", u.Spoken()),
		"mostly one of them was begun by mistake: get the team's with incident clone URL, and go on there\n" +
			"if both are meant: git merge --allow-unrelated-histories " + quoted(u.Spoken()) + ", then incident sync",
	}
}

// mergeNow runs git's merge.
func (s *Store) mergeNow(ctx context.Context, u Upstream, theirs string, who Who) error {
	c := Change{Author: who.Author, Committer: who.Committer, When: who.When}
	var env []string
	if c.Author != (Identity{}) {
		env = c.env()
	}
	// What the user's configuration says of merges is about their code: it must not stop or reshape ours.
	// Without looking for renames no entry can follow a folder that somebody has moved.
	merge := []string{
		"merge", "--quiet", "--ff", "--commit", "--no-squash", "--no-edit", "--no-log", "--no-stat", "--no-autostash",
		"-X", "no-renames", "-m", mergeMessage, theirs,
	}
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

// beginMerge leaves the mark and returns the time by the file system's clock.
func (s *Store) beginMerge(theirs string) (time.Time, error) {
	if err := os.MkdirAll(s.ownDir(), 0o777); err != nil {
		return time.Time{}, writeError(err)
	}
	if err := WriteDurably(s.mergePath(), []byte(theirs+"\n"), 0o666); err != nil {
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
	theirs, err := os.ReadFile(s.mergePath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	waiting, waitErr := os.ReadFile(filepath.Join(s.gitDir, "MERGE_HEAD"))
	if err == nil && waitErr == nil && bytes.Equal(bytes.TrimSpace(waiting), bytes.TrimSpace(theirs)) { // else it is somebody's own
		_, err = s.git.run(ctx, "merge", "--abort")
	}
	if err != nil {
		return writeError(err)
	}
	return s.endMerge()
}

// giveUp takes back a merge of ours that was cut short.
func (s *Store) giveUp(ctx context.Context) error {
	theirs, err := os.ReadFile(s.mergePath())
	if err != nil {
		return nil //nolint:nilerr // there is no mark
	}
	if err := s.abort(ctx); err != nil || s.idle() != nil {
		return err
	}
	if err := s.clearLeft(ctx, strings.TrimSpace(string(theirs))); err != nil {
		return fmt.Errorf("clear away what an interrupted merge left: %w", err)
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
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	var fresh, replaced []string
	for _, a := range gained {
		if direct(root, a.Path) != nil {
			continue
		}
		now, err := s.ReadFile(a.Path, 64<<20)
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
func (s *Store) Joins(ctx context.Context, u Upstream, theirs string) error {
	if s.alone() {
		return s.joinsAlone(ctx, u, theirs)
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	if needed, err := s.joinable(ctx, u, head, theirs); err != nil || !needed || head == "" {
		return err
	}
	out, err := s.git.run(ctx, "merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", head, theirs)
	var p *ProgramError
	if err == nil || !errors.As(err, &p) || strings.TrimSpace(p.Stderr) != "" {
		return ctx.Err()
	}
	files := strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
	return &ConflictError{slices.Compact(slices.Sorted(slices.Values(files[1:]))), u.Spoken(), s.root}
}
