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
	if s.alone() {
		return s.gainedAlone(from, to)
	}
	if from == "" {
		return s.allOf(ctx, to)
	}
	if list, err := s.gainedHere(from, to); err == nil {
		return list, nil
	}
	out, err := s.git.run(ctx, "diff-tree", "-r", "-z", "--no-renames", "--name-status", from, to)
	if err != nil {
		return nil, err
	}
	var list []Added
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

// maxPath is how long a path may be that folders are followed to, in bytes.
const maxPath = 4096

// gainedHere is Gained without the git program. Folders of one name are not read: all in them is the same.
func (s *Store) gainedHere(from, to string) (list []Added, err error) {
	if s.tables() || s.sha256 {
		return nil, rare("its format is another one")
	}
	before, err := s.openAt(from)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, before.Close()) }()
	after, err := s.openAt(to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, after.Close()) }()
	var compare func(dir, old, now string) error
	compare = func(dir, old, now string) error {
		if old == now {
			return nil
		}
		if len(dir) > maxPath {
			return rare(dir + " is a very long path")
		}
		had := map[string]Item{}
		if old != "" {
			items, err := before.items(old)
			if err != nil {
				return err
			}
			for _, it := range items {
				had[it.Name] = it
			}
		}
		items, err := after.items(now)
		if err != nil {
			return err
		}
		for _, it := range items {
			was, there := had[it.Name]
			switch {
			case it.Kind == Folder && was.Kind == Folder:
				err = compare(dir+it.Name+"/", was.id, it.id)
			case it.Kind == Folder:
				err = compare(dir+it.Name+"/", "", it.id)
			case !there || was.Kind == Folder:
				list = append(list, Added{dir + it.Name, true})
			case was != it:
				list = append(list, Added{dir + it.Name, false})
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	return list, compare("", before.tree, after.tree)
}
