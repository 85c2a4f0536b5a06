package gitstore

import (
	"context"
	"errors"
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
	if s.alone() {
		return s.historyAlone(dir)
	}
	found := map[string]Recording{}
	if _, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); err != nil {
		return found, ctx.Err() // not one commit yet
	}
	cut, _ := os.ReadFile(filepath.Join(s.commonDir, "shallow")) // in most clones there is none
	// -c: of a merge, only what neither side had.
	log := []string{"log", "-z", "-c", "--no-renames", "--no-color", "--no-ext-diff", "--diff-filter=A", "--name-only", "--format=%x01%H%x00%an%x00%ae%x00%cI"}
	out, err := s.git.run(ctx, append(log, exact(dir)...)...)
	if err != nil {
		return nil, s.explained(err)
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

// historyAlone is History without the git program. As git does it, it goes on only with a parent that holds
// the folder as the commit does, if there is one.
func (s *Store) historyAlone(dir string) (_ map[string]Recording, err error) {
	found := map[string]Recording{}
	at, err := s.head()
	if err != nil || at.commit == "" {
		return found, err
	}
	p, err := s.past()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	return found, p.walk([]string{at.commit}, func(c pastCommit) ([]string, error) {
		here, err := p.folder(c.tree, dir)
		if err != nil {
			return nil, err
		}
		before := []string{}
		for _, id := range c.parents {
			parent, err := p.commit(id)
			if err != nil {
				return nil, err
			}
			was, err := p.folder(parent.tree, dir)
			if err != nil || was == here {
				return []string{id}, err
			}
			before = append(before, was)
		}
		if len(before) == 0 && !p.cut[c.id] {
			before = []string{""}
		}
		fresh := map[string]int{} // to how many of them
		for _, was := range before {
			list, err := p.snap.differences(was, here, dir)
			if err != nil {
				return nil, err
			}
			for _, d := range list {
				if d.was.Name == "" {
					fresh[d.path]++
				}
			}
		}
		for name, times := range fresh {
			if times == len(before) {
				found[name] = Recording{c.id, c.author, c.when}
			}
		}
		return c.parents, nil
	})
}
