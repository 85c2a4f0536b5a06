package gitstore

import (
	"context"
	"strings"
	"time"
)

// Recording is the commit that added a file.
type Recording struct {
	Commit    string
	Author    Identity
	Committed time.Time
}

// History finds, for each file below dir, the commit that first added it.
func (s *Store) History(ctx context.Context, dir string) (map[string]Recording, error) {
	found := map[string]Recording{}
	if _, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return found, nil // not one commit yet
	}
	out, err := s.git.run(ctx, "log", "-z", "--no-renames", "--diff-filter=A", "--name-only",
		"--format=%x01%H%x00%an%x00%ae%x00%cI", "--", dir)
	if err != nil {
		return nil, err
	}
	var current Recording
	fields := strings.Split(string(out), "\x00")
	for i := 0; i < len(fields); i++ {
		field := strings.TrimPrefix(fields[i], "\n") // git puts one before the first name
		if id, ok := strings.CutPrefix(field, "\x01"); ok && i+3 < len(fields) {
			at, _ := time.Parse(time.RFC3339, strings.TrimSpace(fields[i+3])) // git's own format
			current = Recording{id, Identity{fields[i+1], fields[i+2]}, at.UTC()}
			i += 3
		} else if field != "" {
			found[field] = current // the oldest comes last and stays
		}
	}
	return found, nil
}
