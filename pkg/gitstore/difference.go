package gitstore

import "path"

// difference is a file that two trees do not hold alike. Without a name, a side does not hold it.
type difference struct {
	path    string
	was, is Item
}

// maxPath is how long a path may be that folders are followed to, in bytes.
const maxPath = 4096

// differences lists how the files of a tree differ from those of another, by path below dir. "" is a tree
// that holds nothing. Folders of one name are not read: all in them is the same.
func (s *Snapshot) differences(was, is, dir string) (list []difference, err error) {
	if was == is {
		return nil, nil
	}
	if len(dir) > maxPath {
		return nil, rare(dir + " is a very long path")
	}
	before, err := s.items(was)
	if err != nil {
		return nil, err
	}
	after, err := s.items(is)
	if err != nil {
		return nil, err
	}
	old := map[string]Item{}
	for _, it := range before {
		old[it.Name] = it
	}
	add := func(was, is Item, name string) {
		var below []difference
		if err == nil {
			below, err = s.different(was, is, path.Join(dir, name))
			list = append(list, below...)
		}
	}
	for _, it := range after {
		add(old[it.Name], it, it.Name)
		delete(old, it.Name)
	}
	for _, it := range before {
		if _, left := old[it.Name]; left {
			add(it, Item{}, it.Name)
		}
	}
	return list, err
}

// different compares what two trees hold under one name.
func (s *Snapshot) different(was, is Item, name string) (list []difference, err error) {
	if was == is {
		return nil, nil
	}
	if was.Kind != Folder && is.Kind != Folder {
		return []difference{{name, was, is}}, nil
	}
	below := func(it Item) string {
		if it.Kind == Folder {
			return it.id()
		}
		return ""
	}
	if was.Name != "" && was.Kind != Folder {
		list = append(list, difference{path: name, was: was})
	}
	if is.Name != "" && is.Kind != Folder {
		list = append(list, difference{path: name, is: is})
	}
	more, err := s.differences(below(was), below(is), name)
	return append(list, more...), err
}
