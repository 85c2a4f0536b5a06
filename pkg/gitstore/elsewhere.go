package gitstore

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// How much is looked through for files that the newest commit does not hold.
const (
	maxBranches = 100     // those that were committed to last
	maxMoves    = 200     // of HEAD, that its diary tells of
	maxAsked    = 100_000 // times a file in a commit
)

// Elsewhere tells of files that the newest commit does not hold which other branch does, or else which commit that was
// checked out here before. Of what is found in none it tells nothing; where files are many, it looks into fewer commits.
func (s *Store) Elsewhere(ctx context.Context, files []string) (branches, commits map[string]string, err error) {
	branches, commits = map[string]string{}, map[string]string{}
	files = slices.DeleteFunc(slices.Clone(files), func(f string) bool { return strings.Contains(f, "\n") }) // git asks for one on each line
	out, err := s.git.run(ctx, "for-each-ref", "--sort=-committerdate", fmt.Sprintf("--count=%d", maxBranches), "--format=%(refname)", "refs/heads", "refs/remotes")
	if err != nil || len(files) == 0 {
		return branches, commits, err
	}
	tips := strings.Fields(string(out))
	out, err = s.git.run(ctx, "log", "--walk-reflogs", fmt.Sprintf("--max-count=%d", maxMoves), "--format=%H", "HEAD", "--")
	if err != nil {
		out = nil // there is no diary
	}
	revisions := append(slices.Clone(tips), strings.Fields(string(out))...)
	revisions = revisions[:min(len(revisions), max(1, maxAsked/len(files)))]
	var asked strings.Builder
	for _, rev := range revisions {
		for _, f := range files {
			asked.WriteString(rev + ":" + f + "\n")
		}
	}
	out, err = s.git.feed(ctx, strings.NewReader(asked.String()), nil, "cat-file", "--batch-check=%(objecttype)")
	if err != nil {
		return branches, commits, err
	}
	answers := strings.Split(string(out), "\n")
	for i, rev := range revisions {
		for j, f := range files {
			if n := i*len(files) + j; n >= len(answers) || answers[n] != "blob" || branches[f] != "" || commits[f] != "" {
				continue
			}
			if i < len(tips) {
				branches[f] = strings.TrimPrefix(strings.TrimPrefix(rev, "refs/heads/"), "refs/remotes/")
			} else {
				commits[f] = rev
			}
		}
	}
	return branches, commits, nil
}
