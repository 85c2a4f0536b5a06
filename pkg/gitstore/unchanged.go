package gitstore

import "slices"

// surelyUnchanged reports whether commit, index and work tree plainly hold the same files. Where it is not
// plain, git has to look.
func (s *Store) surelyUnchanged(root *workTree, snap *Snapshot, paths []string) bool {
	x, err := s.readIndex()
	if err != nil {
		return false
	}
	paths = slices.Sorted(slices.Values(paths))
	spots, err := x.find(paths)
	if err != nil || len(slices.Compact(slices.Clone(paths))) < len(paths) {
		return false
	}
	for i, p := range paths {
		committed, err := snap.place(p)
		if err != nil {
			return false
		}
		if committed.mode == "" {
			if spots[i].start != spots[i].end {
				return false
			}
			continue
		}
		now, err := readIn(root, p, 1<<24)
		if err != nil || committed.mode != "100644" || !x.holds(spots[i], 0o100644, committed.id) ||
			objectID("blob", now) != committed.id {
			return false
		}
		if info, err := root.lstat(p); err != nil || info.Mode()&0o111 != 0 {
			return false
		}
	}
	s.index = x
	return true
}

// plainlyUnchanged is surelyUnchanged for the newest commit.
func (s *Store) plainlyUnchanged(paths []string) bool {
	snap, err := s.openHere()
	if err != nil {
		return false
	}
	defer func() { _ = snap.Close() }() // opened for reading
	root, err := openTree(s.root)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }() // opened for reading
	return s.surelyUnchanged(root, snap, paths)
}
