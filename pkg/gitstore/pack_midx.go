package gitstore

import (
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Where it is told to, git keeps one index over many packs (multi-pack-index in gitformat-pack(5)). That is a cache, but
// one that git believes: what it finds in a pack that is gone is missing to git, even where it lies in another one that
// the index names, and no command but a full repack makes a right index of a wrong one.

const (
	midxHead   = 12
	midxEntry  = 12      // of its table: four letters, and where that part begins
	midxLonger = 1 << 20 // bytes of names that no such index has
)

var (
	errMidx = fmt.Errorf("damaged multi-pack-index: %w", ErrGit)
	// ErrLaterGit reports what is sound, as far as can be told, and of a form that is not known here.
	ErrLaterGit = errors.New("of a form that is not known here")
)

func (s *Store) midxPath() string { return filepath.Join(s.packs(), "multi-pack-index") }

// indexed lists the packs that git's index over many packs names, with the folder, without an ending: none where there
// is no such index. Where it cannot be told, any can be one of them.
func (s *Store) indexed() ([]string, error) {
	if layers := s.midxPath() + ".d"; exists(layers) {
		return nil, &problem{ErrLaterGit, layers + " holds an index in layers, which is not read here", ""}
	}
	f, err := os.Open(s.midxPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { _ = f.Close() }() // opened for reading
	names, err := midxNames(f)
	switch {
	case errors.Is(err, ErrLaterGit):
		return nil, &problem{ErrLaterGit, s.midxPath() + " is of a form that is not read here", ""}
	case err != nil:
		return nil, &problem{errMidx, s.midxPath() + " is damaged", "remove it: git does without it, and loses nothing"}
	}
	for i, name := range names {
		names[i] = filepath.Join(s.packs(), name)
	}
	return names, nil
}

// midxNames reads the names of the packs, without an ending.
func midxNames(f *os.File) ([]string, error) {
	head := make([]byte, midxHead)
	if _, err := f.ReadAt(head, 0); err != nil || string(head[:4]) != "MIDX" {
		return nil, errMidx
	}
	if version, below := head[4], head[7]; version != 1 || below != 0 {
		return nil, ErrLaterGit
	}
	table := make([]byte, midxEntry*(int(head[6])+1)) // the last one is the end
	if _, err := f.ReadAt(table, midxHead); err != nil {
		return nil, errMidx
	}
	info, err := f.Stat()
	if err != nil {
		return nil, writeError(err)
	}
	if sum := uint64(info.Size()) - be.Uint64(table[len(table)-8:]); sum != sha1.Size && sum != sha256.Size {
		return nil, errMidx
	}
	for part := table; len(part) > midxEntry; part = part[midxEntry:] {
		if string(part[:4]) != "PNAM" {
			continue
		}
		from, to := be.Uint64(part[4:]), be.Uint64(part[midxEntry+4:])
		if from > to || to-from > midxLonger {
			return nil, errMidx
		}
		raw := make([]byte, to-from)
		if _, err := f.ReadAt(raw, int64(from)); err != nil {
			return nil, errMidx
		}
		return splitMidxNames(string(raw), int(be.Uint32(head[8:])))
	}
	return nil, errMidx
}

func splitMidxNames(raw string, many int) ([]string, error) {
	names := strings.Split(strings.TrimRight(raw, "\x00"), "\x00")
	if len(names) != many {
		return nil, errMidx
	}
	for i, name := range names {
		base, ok := strings.CutSuffix(name, ".idx")
		if !ok || base == "" || strings.ContainsAny(name, `/\`) {
			return nil, errMidx
		}
		names[i] = base
	}
	return names, nil
}

// Midx tells which packs git's index over many packs names, by the names of their files, and which of those are gone.
func (s *Store) Midx() (packs, gone []string, err error) {
	names, err := s.indexed()
	for _, name := range names {
		file := filepath.Base(name) + ".pack"
		packs = append(packs, file)
		if !exists(name+".pack") || !exists(name+".idx") {
			gone = append(gone, file)
		}
	}
	return packs, gone, err
}

// DropMidx removes git's index over many packs where it names one that is gone, and tells whether it did.
func (s *Store) DropMidx() (dropped bool, err error) {
	if _, gone, _ := s.Midx(); len(gone) == 0 { // what cannot be read is not known to be wrong
		return false, nil
	}
	if err := os.Remove(s.midxPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, writeError(err)
	}
	return true, nil
}
