package gitstore

import (
	"bytes"
	"context"
	"errors"
	"strconv"
	"strings"
	"time"
)

// maxWalk is how many commits are looked at here before git is asked, which has lists for that.
const maxWalk = 2000

// clockSkew is how far behind its parents a commit may be by its own clock.
const clockSkew = 24 * time.Hour

// descends reports whether one commit has come from another. What is not there was left out of a clone, or
// removed by git since nothing needed it any more.
func (s *Store) descends(ctx context.Context, from, to string) (bool, error) {
	if from == to {
		return true, nil
	}
	snap, err := s.SnapshotOf(ctx, to)
	if err != nil {
		return false, err
	}
	defer func() { _ = snap.Close() }() // opened for reading
	old, err := snap.commit(from)
	if unread(err) {
		return false, err
	}
	if err != nil {
		return false, ctx.Err()
	}
	seen, queue := map[string]bool{}, []string{to}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		switch {
		case id == from:
			return true, nil
		case seen[id]:
			continue
		case len(seen) == maxWalk:
			_, err := s.git.run(ctx, "merge-base", "--is-ancestor", from, to)
			if saidNothing(err) { // that is how it says no
				return false, ctx.Err()
			}
			return err == nil, err
		}
		seen[id] = true
		c, err := snap.commit(id)
		if unread(err) {
			return false, err
		}
		if err == nil && c.when.After(old.when.Add(-clockSkew)) {
			queue = append(queue, c.parents...)
		}
	}
	return false, ctx.Err()
}

// parentOf is the first commit that a commit came from, "" where it is the first of all.
func (s *Store) parentOf(ctx context.Context, id string) (string, error) {
	snap, err := s.SnapshotOf(ctx, id)
	if err != nil {
		return "", err
	}
	defer func() { _ = snap.Close() }() // opened for reading
	c, err := snap.commit(id)
	if err != nil || len(c.parents) == 0 {
		return "", err
	}
	return c.parents[0], nil
}

// commitHead is what a commit says of itself before its message.
type commitHead struct {
	tree    string
	parents []string
	author  Identity
	when    time.Time // it was made
}

var errCommit = errors.New("damaged commit")

// commit reads the head of a commit.
func (s *Snapshot) commit(id string) (commitHead, error) {
	raw, err := s.read(id, maxTree)
	if err != nil {
		return commitHead{}, err
	}
	return parseCommit(raw)
}

// parseCommit reads git's commit object: lines of a word and a value, up to an empty one.
func parseCommit(raw []byte) (c commitHead, err error) {
	for line := range bytes.Lines(raw) {
		word, value, _ := strings.Cut(strings.TrimSuffix(string(line), "\n"), " ")
		switch word {
		case "":
			if c.tree == "" {
				return c, errCommit
			}
			return c, nil
		case "tree":
			c.tree = value
		case "parent":
			if value == "" {
				return c, errCommit // a commit of nothing would be looked for
			}
			c.parents = append(c.parents, value)
		case "author":
			c.author, _ = ParseIdentity(value)
		case "committer":
			fields := strings.Fields(value[strings.LastIndexByte(value, '>')+1:])
			if len(fields) > 0 {
				seconds, _ := strconv.ParseInt(fields[0], 10, 64) // what is no number is long ago
				c.when = time.Unix(seconds, 0).UTC()
			}
		}
	}
	return c, errCommit // a commit has a message, if an empty one
}
