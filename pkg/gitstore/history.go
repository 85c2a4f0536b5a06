package gitstore

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Recording is the commit that added a file.
type Recording struct {
	Commit    string
	Author    Identity
	Committed time.Time
}

// History finds, for each file below dir, the commit that first added it. Where a clone holds only a part
// of history, the files that came before that are left out.
func (s *Store) History(ctx context.Context, dir string) (map[string]Recording, error) {
	found := map[string]Recording{}
	if _, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return found, ctx.Err() // not one commit yet
	}
	cut, _ := os.ReadFile(filepath.Join(s.commonDir, "shallow")) // in most clones there is none
	// -c: of a merge, only what neither side had.
	log := []string{"log", "-z", "-c", "--no-renames", "--no-color", "--no-ext-diff", "--diff-filter=A", "--name-only", "--format=%x01%H%x00%an%x00%ae%x00%cI"}
	out, err := s.git.run(ctx, append(log, exact(dir)...)...)
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
		} else if field != "" && !strings.Contains(string(cut), current.Commit) {
			found[field] = current // the oldest comes last and stays
		}
	}
	return found, nil
}
