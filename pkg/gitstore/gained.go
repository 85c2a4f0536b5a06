package gitstore

import (
	"context"
	"errors"
	"strings"
)

// Added is one file that a commit has and another has not, or has otherwise.
type Added struct {
	Path string
	New  bool // the other has no file of that name
}

// Gained lists the files that to holds and from does not hold so; from may be "", for nothing at all.
func (s *Store) Gained(ctx context.Context, from, to string) ([]Added, error) {
	list, err := s.gainedHere(from, to)
	switch {
	case err == nil:
		return list, nil
	case s.alone():
		return nil, orNeedsGit(err)
	case from == "":
		return s.allOf(ctx, to)
	}
	out, err := s.git.run(ctx, "diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to)
	if err != nil {
		return nil, err
	}
	fields := strings.Split(string(out), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		if fields[i] != "D" {
			list = append(list, Added{fields[i+1], fields[i] == "A"})
		}
	}
	return list, nil
}

func (s *Store) allOf(ctx context.Context, commit string) ([]Added, error) {
	out, err := s.git.run(ctx, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	var list []Added
	for p := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
		list = append(list, Added{p, true})
	}
	return list, nil
}

// gainedHere is Gained without the git program.
func (s *Store) gainedHere(from, to string) (list []Added, err error) {
	if s.tables() || s.sha256 {
		return nil, rare("its format is another one")
	}
	after, err := s.openAt(to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, after.Close()) }()
	before := commitHead{}
	if from != "" {
		if before, err = after.commit(from); err != nil {
			return nil, err
		}
	}
	all, err := after.differences(before.tree, after.tree, "")
	for _, d := range all {
		if d.is.Name != "" {
			list = append(list, Added{d.path, d.was.Name == ""})
		}
	}
	return list, err
}
