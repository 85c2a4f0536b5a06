package record

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// Sync says what to exchange with a remote.
type Sync struct {
	Remote    string // its name; "": the one that git's configuration says
	FetchOnly bool   // receive, send nothing
	PushOnly  bool   // send, receive nothing
	DryRun    bool   // change nothing here and there
	SentToo   bool   // read what became of the incidents that something was sent of, too
	Ask       bool   // git may ask a person at the terminal for credentials
	Tell      func(string)
}

// Exchanged is what came or went of one incident.
type Exchanged struct {
	Incident string
	Entries  int             // new ones
	Files    int             // new and changed files besides: postmortem, attachments
	Status   incident.Status // as it is now; of what was sent only where that was asked for
}

// Synced is what was exchanged. With an error it is what was exchanged before that.
type Synced struct {
	Remote         string
	Received, Sent []Exchanged // sorted by incident
	Settings       bool        // the team's settings have changed
	Merged         bool        // what came in is in the branch here
	Pushed         bool        // the remote has all that is here
	Commit         string      // the newest one here
}

// syncTries is how often a push is tried again when somebody else was faster.
const syncTries = 8

// Sync exchanges entries with a remote: it fetches, merges and pushes, again where somebody was faster.
// Errors are those of [gitstore.Store.Upstream], Fetch, Merge and Push.
func (r *Record) Sync(ctx context.Context, o Sync) (Synced, error) {
	up, err := r.store.Upstream(ctx, o.Remote)
	done := Synced{Remote: up.Remote}
	if err != nil {
		return done, err
	}
	var received, sent []gitstore.Added
	err = r.exchange(ctx, up, o, &done, &received, &sent)
	return done, errors.Join(err, r.tally(context.WithoutCancel(ctx), o, &done, received, sent))
}

func (r *Record) exchange(ctx context.Context, up gitstore.Upstream, o Sync, done *Synced, received, sent *[]gitstore.Added) error {
	for try := 1; ; try++ {
		theirs, err := r.receive(ctx, up, o, done, received)
		if err != nil || o.FetchOnly {
			return err
		}
		if done.Commit == "" || done.Commit == theirs && !o.PushOnly {
			return nil
		}
		going, err := r.store.Gained(ctx, theirs, done.Commit)
		if err != nil {
			return err
		}
		if o.DryRun {
			*sent = going
			return nil
		}
		o.tell("sending to " + up.Remote)
		err = r.store.Push(ctx, up, done.Commit, o.Ask)
		if err == nil {
			done.Pushed, *sent = done.Commit != theirs, going
			r.tellBranches(ctx, up, o, theirs)
			return nil
		}
		if !errors.Is(err, gitstore.ErrBehind) || o.PushOnly {
			return err
		}
		if try == syncTries {
			return fail(gitstore.ErrBehind, "try again in a moment", "others were faster than us, %d times in a row", try)
		}
		o.tell("somebody was faster; trying again")
		if err := wait(ctx, time.Duration(try)*50*time.Millisecond+rand.N(200*time.Millisecond)); err != nil {
			return err
		}
	}
}

// tellBranches warns who sends a branch that nobody else has: their git may call the first one otherwise.
func (r *Record) tellBranches(ctx context.Context, up gitstore.Upstream, o Sync, theirs string) {
	if theirs != "" || o.PushOnly {
		return
	}
	there, err := r.store.Branches(ctx, up, o.Ask)
	there = slices.DeleteFunc(there, func(b string) bool { return b == up.Branch })
	if err != nil || len(there) == 0 {
		return // it was sent, and that is what was asked for
	}
	other, mine := strings.TrimPrefix(there[0], "refs/heads/"), strings.TrimPrefix(up.Branch, "refs/heads/")
	r.warn(fmt.Sprintf("%s had no branch %s; if the team's is %s, get it with incident clone, or rename yours: git branch -m %s, then git branch --unset-upstream, then incident sync", up.Remote, mine, other, other))
}

func (o Sync) tell(what string) {
	if o.Tell != nil {
		o.Tell(what)
	}
}

// receive fetches and merges, and returns the newest commit that is known of the other side.
func (r *Record) receive(ctx context.Context, up gitstore.Upstream, o Sync, done *Synced, received *[]gitstore.Added) (theirs string, err error) {
	if done.Commit, err = r.store.Head(ctx); err != nil {
		return "", err
	}
	if o.PushOnly {
		return r.store.Known(ctx, up)
	}
	o.tell("asking " + up.Remote + " for what is new")
	if theirs, err = r.store.Fetch(ctx, up, o.Ask); err != nil || theirs == "" {
		return "", err
	}
	var base string
	if o.DryRun {
		base, err = r.store.Joins(ctx, up, theirs)
	} else {
		var m gitstore.Merged
		m, err = r.store.Merge(ctx, up, theirs, func() gitstore.Who { return r.merger(ctx) })
		if base = m.Base; err == nil {
			done.Commit, done.Merged = m.After, done.Merged || m.Before != m.After
		}
	}
	if err != nil || base == theirs {
		return theirs, err
	}
	// What only we have changed is not counted, though it differs.
	coming, err := r.store.Gained(ctx, base, theirs)
	*received = append(*received, coming...)
	return theirs, err
}

// merger is who makes a merge commit. Where git knows, it is git's own answer.
func (r *Record) merger(ctx context.Context) gitstore.Who {
	author, committer := r.author(ctx, "")
	return gitstore.Who{Author: author, Committer: committer, When: r.now()}
}

// tally counts entries by incident.
func (r *Record) tally(ctx context.Context, o Sync, done *Synced, received, sent []gitstore.Added) (err error) {
	if len(received)+len(sent) == 0 {
		return nil
	}
	rd, err := r.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	done.Received, done.Sent = count(received), count(sent)
	done.Settings = slices.ContainsFunc(received, func(a gitstore.Added) bool { return strings.HasPrefix(a.Path, settingsDir+"/") })
	lists := [][]Exchanged{done.Received}
	if o.SentToo {
		lists = append(lists, done.Sent)
	}
	for _, list := range lists {
		for i := range list {
			if inc, err := rd.Incident(list[i].Incident); err == nil { // after a dry run it may not be here
				list[i].Status = inc.Status
			}
		}
	}
	return nil
}

func count(files []gitstore.Added) []Exchanged {
	found := map[string]*Exchanged{}
	seen := map[string]bool{}
	for _, f := range files {
		parts := strings.Split(f.Path, "/") // incidents/2026/11/23/checkout-errors/timeline/ENTRY.md
		if len(parts) < 6 || parts[0] != incidentsDir || seen[f.Path] {
			continue
		}
		seen[f.Path] = true
		id := strings.Join(parts[1:4], "") + "-" + parts[4]
		if !validID(id) {
			continue
		}
		if found[id] == nil {
			found[id] = &Exchanged{Incident: id}
		}
		if f.New && len(parts) == 7 && parts[5] == timelineDir && strings.HasSuffix(parts[6], entryEnding) {
			found[id].Entries++
		} else {
			found[id].Files++
		}
	}
	var list []Exchanged
	for _, e := range found {
		list = append(list, *e)
	}
	slices.SortFunc(list, func(a, b Exchanged) int { return newestFirst(a.Incident, b.Incident) })
	return list
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}

// Remotes lists the remotes that the record can be shared through, by name.
func (r *Record) Remotes(ctx context.Context) ([]string, error) { return r.store.Remotes(ctx) }

// SyncMode is what a write does about the network after it is recorded.
type SyncMode uint8

// The modes of incident.sync. Nothing is sent unless this clone's owner asked for it.
const (
	SyncOff  SyncMode = iota
	SyncPush          // send
	SyncFull          // send and receive
)

// SyncMode reads incident.sync of git's configuration. A word that is none of the modes is an [ErrInvalid].
func (r *Record) SyncMode(ctx context.Context) (SyncMode, error) {
	switch word := r.store.Setting(ctx, "incident.sync"); strings.ToLower(word) {
	case "", "off", "false":
		return SyncOff, nil
	case "push":
		return SyncPush, nil
	case "full":
		return SyncFull, nil
	default:
		return SyncOff, fail(ErrInvalid, "git config incident.sync push", "incident.sync is %q in git's configuration; it can be off, push or full", word)
	}
}
