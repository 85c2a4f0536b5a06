package gitstore

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// leaf is a file of a commit that is being made.
type leaf struct {
	path string
	mode uint32 // as git writes it: 0100644
	id   string
	size int
}

// draft is a commit as it comes to be, in memory.
type draft struct {
	snap    *Snapshot // of the commit before
	objects []newObject
	leaves  []leaf
	tree    string
	commit  string
}

// compose makes the objects of a commit that adds c to what snap holds.
func compose(snap *Snapshot, c *Change) (*draft, error) {
	d := &draft{snap: snap}
	for _, f := range c.Files {
		id, err := d.add("blob", f.Data)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(d.leaves, func(l leaf) bool { return l.path == f.Path }) {
			return nil, rare(f.Path + " is written twice")
		}
		d.leaves = append(d.leaves, leaf{path: f.Path, mode: 0o100644, id: id, size: len(f.Data)})
	}
	under := map[string]*leaf{}
	for i := range d.leaves {
		under[d.leaves[i].path] = &d.leaves[i]
	}
	var err error
	if d.tree, err = d.grow(snap.tree, under); err != nil {
		return nil, err
	}
	if d.tree == snap.tree {
		return nil, rare("the commit holds it already")
	}
	text, err := c.commitText(d.tree, snap.Commit)
	if err != nil {
		return nil, err
	}
	d.commit, err = d.add("commit", text)
	return d, err
}

func (d *draft) add(kind string, content []byte) (string, error) {
	o, err := encode(kind, content)
	if err != nil {
		return "", err
	}
	if !slices.ContainsFunc(d.objects, func(other newObject) bool { return other.id == o.id }) {
		d.objects = append(d.objects, o)
	}
	return o.id, nil
}

// grow makes the tree that holds what the tree named old does, and the files, whose paths are relative to
// it. Without a name it starts from nothing.
func (d *draft) grow(old string, files map[string]*leaf) (string, error) {
	var raw []byte
	if old != "" {
		var err error
		if raw, err = d.snap.read(old, maxTree); err != nil {
			return "", fmt.Errorf("read folder %s: %w", old, err)
		}
	}
	below := map[string]map[string]*leaf{}
	for name, f := range files {
		first, rest, _ := strings.Cut(name, "/")
		if below[first] == nil {
			below[first] = map[string]*leaf{}
		}
		below[first][rest] = f
	}
	for _, name := range slices.Sorted(maps.Keys(below)) {
		file := below[name][""]
		if file != nil && len(below[name]) > 1 {
			return "", rare(file.path + " is a file and a folder")
		}
		at, err := findName(raw, name, file == nil)
		if err != nil {
			return "", err
		}
		entry := "40000 " + name
		var id string
		if file != nil {
			switch at.mode {
			case "", "100644", "100664":
			case "100755":
				file.mode = 0o100755
			default:
				return "", rare(file.path + " replaces what is no ordinary file")
			}
			entry, id = fmt.Sprintf("%o %s", file.mode, name), file.id
		} else {
			if at.mode != "" && at.mode != "40000" {
				return "", rare(name + " is no folder")
			}
			if id, err = d.grow(at.id, below[name]); err != nil {
				return "", err
			}
		}
		sum, err := hex.DecodeString(id)
		if err != nil {
			return "", err
		}
		raw = slices.Concat(raw[:at.start], []byte(entry), []byte{0}, sum, raw[at.end:])
	}
	return d.add("tree", raw)
}

// place is where a name stands in a tree, or would stand: then it has no mode and no length.
type place struct {
	start, end int
	mode, id   string
}

// place tells where a file stands in the folder that holds it.
func (s *Snapshot) place(file string) (place, error) {
	id, err := s.find(path.Dir(file), Folder)
	if errors.Is(err, ErrNotFound) {
		return place{}, nil
	}
	if err != nil {
		return place{}, err
	}
	raw, err := s.read(id, maxTree)
	if err != nil {
		return place{}, err
	}
	return findName(raw, path.Base(file), false)
}

func findName(raw []byte, name string, folder bool) (place, error) {
	ours := name
	if folder {
		ours += "/" // git sorts folders so
	}
	spot := place{start: -1}
	for i := 0; i < len(raw); {
		nul := bytes.IndexByte(raw[i:], 0)
		if nul < 0 || len(raw) < i+nul+21 {
			return place{}, fmt.Errorf("damaged tree: %w", ErrGit)
		}
		mode, theirs, ok := strings.Cut(string(raw[i:i+nul]), " ")
		if !ok {
			return place{}, fmt.Errorf("damaged tree: %w", ErrGit)
		}
		end := i + nul + 21
		if theirs == name {
			return place{i, end, mode, hex.EncodeToString(raw[i+nul+1 : end])}, nil
		}
		if mode == "40000" {
			theirs += "/"
		}
		if spot.start < 0 && theirs > ours {
			spot.start = i
		}
		i = end
	}
	if spot.start < 0 {
		spot.start = len(raw)
	}
	spot.end = spot.start
	return spot, nil
}

// commitText is the content of a commit.
func (c *Change) commitText(tree, parent string) ([]byte, error) {
	author, err := c.Author.line(c)
	if err != nil {
		return nil, err
	}
	committer, err := c.committer().line(c)
	if err != nil {
		return nil, err
	}
	if strings.Contains(c.Message, "\x00") {
		return nil, rare("the message has a zero byte")
	}
	var b bytes.Buffer
	b.WriteString("tree " + tree + "\n")
	if parent != "" {
		b.WriteString("parent " + parent + "\n")
	}
	b.WriteString("author " + author + "\ncommitter " + committer + "\n\n" + c.Message)
	return b.Bytes(), nil
}

func (c *Change) committer() Identity {
	if c.Committer == (Identity{}) {
		return c.Author
	}
	return c.Committer
}

// line is how git writes who made a commit, and when.
func (i Identity) line(c *Change) (string, error) {
	name, email := gitClean(i.Name), gitClean(i.Email)
	if name == "" || email == "" || c.When.Unix() < 0 {
		return "", rare("git has its own opinion of who that is")
	}
	return fmt.Sprintf("%s <%s> %d +0000", name, email, c.When.Unix()), nil
}

// gitClean leaves out what git leaves out of names.
func gitClean(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || strings.ContainsRune(`.,:;<>"\'`, r) })
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("<>\n\x00", r) {
			return -1
		}
		return r
	}, s)
}
