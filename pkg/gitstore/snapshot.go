package gitstore

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Snapshot reads one commit. What lies in the work tree and was not committed is not in it.
type Snapshot struct {
	Commit string // "" before the first commit
	tree   string
	source objects
	other  func() (objects, error) // to go on with where source fails; nil: there is none
	trees  map[string][]Item       // what was read already
	hash   int                     // bytes of an object's name
}

// objects reads git's objects by name. There are two: [here], in this process, and [batch], by the git
// program, for what is rare.
type objects interface {
	// read returns an object's content, or [ErrTooLarge] without reading it where it has more bytes.
	read(id string, limit int64) ([]byte, error)
	close() error
}

// Kind is what a path names.
type Kind uint8

// The kinds of paths. A link, or another repository inside this one, is Other: never followed.
const (
	Other Kind = iota
	File
	Folder
)

// Item is one name in a folder.
type Item struct {
	Name string
	Kind Kind
	// Object is the name of its object, not in hexadecimal. It stands for the content: what has one name is the same.
	Object string
	mode   string // as git writes it
}

// id is the name of the item's object as git spells it.
func (i Item) id() string { return hex.EncodeToString([]byte(i.Object)) }

const (
	maxTrees  = 20_000 // folders that are kept in memory
	maxListed = 50     // of them, that were listed by the names of their objects
)

// maxTree is how large a folder's listing may be, in bytes.
const maxTree = 64 << 20

// Snapshot opens the newest commit for reading. The caller closes it.
func (s *Store) Snapshot(ctx context.Context) (*Snapshot, error) {
	snap, err := s.openHere()
	if err == nil {
		snap.other = func() (objects, error) { return s.openBatch(ctx) }
		return snap, nil
	}
	if unread(err) {
		return nil, writeError(err)
	}
	return s.openProgram(ctx, "HEAD")
}

// SnapshotOf opens a commit for reading, by its full name. The caller closes it.
func (s *Store) SnapshotOf(ctx context.Context, commit string) (*Snapshot, error) {
	if !s.sha256 {
		snap, err := s.openAt(commit)
		if err == nil {
			snap.other = func() (objects, error) { return s.openBatch(ctx) }
			return snap, nil
		}
		if unread(err) {
			return nil, writeError(err)
		}
	}
	return s.openProgram(ctx, commit)
}

// Close ends what the snapshot reads with.
func (s *Snapshot) Close() error { return s.source.close() }

// List returns what is in a folder, sorted by name as git sorts; nothing where there is no such folder.
func (s *Snapshot) List(dir string) ([]Item, error) {
	id, err := s.find(dir, Folder)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.items(id)
}

// Folder is the name of a folder's object, "" where there is no such folder.
func (s *Snapshot) Folder(dir string) (id string, err error) {
	id, err = s.find(dir, Folder)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return id, err
}

// ListID is List for a folder by the name of its object, of this commit or of another one. Only the first that
// are listed are kept, so that all folders of a large record can be listed in turn.
func (s *Snapshot) ListID(id string) ([]Item, error) {
	if items, ok := s.trees[id]; ok {
		return items, nil
	}
	if len(s.trees) < maxListed {
		return s.items(id)
	}
	return s.parse(id)
}

// Added lists what a folder holds behind all that another one does, both by the names of their objects. Where it differs
// from that in any other way, it is not ok.
func (s *Snapshot) Added(before, now string) (items []Item, ok bool, err error) {
	old, err := s.read(before, maxTree)
	if err != nil {
		return nil, false, err
	}
	raw, err := s.read(now, maxTree)
	if err != nil || !bytes.HasPrefix(raw, old) {
		return nil, false, err
	}
	items, err = parseTree(raw[len(old):], s.hash)
	return items, err == nil, err
}

// Read returns the content of a file, an [ErrNotFound] where there is none, or an [ErrTooLarge] where it
// has more than limit bytes.
func (s *Snapshot) Read(file string, limit int64) ([]byte, error) {
	id, err := s.find(file, File)
	if err != nil {
		return nil, err
	}
	raw, err := s.read(id, limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return raw, nil
}

// ReadItem is Read for a file that [Snapshot.List] has given.
func (s *Snapshot) ReadItem(it Item, limit int64) ([]byte, error) {
	if it.Kind != File {
		return nil, fmt.Errorf("%s: %w", it.Name, ErrNotFound)
	}
	raw, err := s.read(it.id(), limit)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", it.Name, err)
	}
	return raw, nil
}

// read reads an object. What cannot be read here, git may: one in a format that is not known here, one
// that git has packed or would have to fetch since the snapshot was opened.
func (s *Snapshot) read(id string, limit int64) ([]byte, error) {
	raw, err := s.source.read(id, limit)
	if err == nil || errors.Is(err, ErrTooLarge) || s.other == nil {
		return raw, s.lost(id, err)
	}
	if unread(err) {
		return nil, writeError(err) // git could not open the file either, and would say less
	}
	next, openErr := s.other()
	if openErr != nil {
		return nil, errors.Join(damaged(id, err), openErr)
	}
	s.other = nil
	if err := s.source.close(); err != nil {
		return nil, errors.Join(err, next.close())
	}
	s.source = next
	raw, err = s.source.read(id, limit)
	return raw, s.lost(id, err)
}

// lost is [damaged], but for what keeps git from answering.
func (s *Snapshot) lost(id string, err error) error {
	if _, program := s.source.(*batch); program && !errors.Is(err, ErrGit) && !errors.Is(err, ErrNotFound) {
		return err
	}
	return damaged(id, err)
}

// Has reports whether the commit holds the file. An error says that it could not be seen.
func (s *Snapshot) Has(file string) (bool, error) {
	_, err := s.find(file, File)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *Snapshot) find(name string, kind Kind) (string, error) {
	id := s.tree
	if id == "" {
		return "", fmt.Errorf("%s: %w", name, ErrNotFound)
	}
	name = strings.Trim(path.Clean("/"+name), "/")
	at := Folder
	for part := range strings.SplitSeq(name, "/") {
		if part == "" {
			break
		}
		if at != Folder {
			return "", fmt.Errorf("%s: %w", name, ErrNotFound)
		}
		items, err := s.items(id)
		if err != nil {
			return "", err
		}
		found := false
		for _, it := range items {
			if it.Name == part {
				id, at, found = it.id(), it.Kind, true
				break
			}
		}
		if !found {
			return "", fmt.Errorf("%s: %w", name, ErrNotFound)
		}
	}
	if at != kind {
		return "", fmt.Errorf("%s: %w", name, ErrNotFound)
	}
	return id, nil
}

func (s *Snapshot) items(id string) ([]Item, error) {
	if id == "" {
		return nil, nil
	}
	if items, ok := s.trees[id]; ok {
		return items, nil
	}
	items, err := s.parse(id)
	if err == nil {
		if len(s.trees) > maxTrees {
			clear(s.trees)
		}
		s.trees[id] = items
	}
	return items, err
}

func (s *Snapshot) parse(id string) ([]Item, error) {
	raw, err := s.read(id, maxTree)
	if err != nil {
		return nil, fmt.Errorf("read folder %s: %w", id, err)
	}
	items, err := parseTree(raw, s.hash)
	if err != nil {
		return nil, fmt.Errorf("folder %s: %w", id, err)
	}
	return items, nil
}

// parseTree reads git's tree object: mode, blank, name, NUL, binary object name, for each item.
func parseTree(raw []byte, hash int) ([]Item, error) {
	items := slices.Grow([]Item(nil), min(len(raw)/(hash+40), maxTrees)) // mostly there are fewer
	rest := string(raw)                                                  // the items share it
	for len(rest) > 0 {
		nul := strings.IndexByte(rest, 0)
		if nul < 0 || len(rest) < nul+1+hash {
			return nil, fmt.Errorf("damaged tree: %w", ErrGit)
		}
		mode, name, ok := strings.Cut(rest[:nul], " ")
		if !ok {
			return nil, fmt.Errorf("damaged tree: %w", ErrGit)
		}
		it := Item{Name: name, Object: rest[nul+1 : nul+1+hash], mode: mode}
		switch mode {
		case "100644", "100755", "100664":
			it.Kind = File
		case "40000", "040000": // the second is a mistake of old programs
			it.Kind = Folder
		}
		items = append(items, it)
		rest = rest[nul+1+hash:]
	}
	return items, nil
}
