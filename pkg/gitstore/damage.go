package gitstore

import (
	"bytes"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// What follows looks for objects that cannot be read, without reading all of them: packs are compared with their sums,
// and what the newest commit leads to is looked for. Only where a pack is damaged are files read, too, to name those
// that are in it.

// Damage is something that git needs and that cannot be read: a file of the repository, or one of the record.
type Damage struct {
	Path string // absolute; of a file or folder of the newest commit from the top of the work tree
	What string
}

// maxSummed is how many bytes of packs are read to compare them with their sums. Of what is larger only the ends are
// looked at.
const maxSummed = 512 << 20

// settles is how long what another program writes or removes may look damaged.
const settles = 200 * time.Millisecond

// Damages lists what cannot be read of the packs, of the newest commit, and of what that holds below some folders.
func (s *Store) Damages(ctx context.Context, dirs ...string) ([]Damage, error) {
	packs, err := s.damagedPacks(ctx)
	if err == nil && len(packs) > 0 { // packs come in two files, and go for others
		if err = sleep(ctx, settles); err == nil {
			packs, err = s.damagedPacks(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	l := &looker{ctx: ctx, store: s, read: len(packs) > 0}
	if set, err := s.settings(ctx); err == nil {
		l.partly = set.partly()
	}
	if l.snap, err = s.Snapshot(ctx); errors.Is(err, ErrGit) && !isDisk(err) {
		return append(packs, Damage{filepath.Join(s.gitDir, "HEAD"), err.Error()}), nil
	} else if err != nil {
		return packs, err
	}
	for _, dir := range dirs {
		if err = l.below(dir); err != nil {
			break
		}
	}
	return append(packs, l.found...), errors.Join(err, l.snap.Close())
}

// partly reports whether objects are fetched when they are needed: then it is no damage that they are not here.
func (set settings) partly() bool {
	for name := range set {
		if strings.HasSuffix(name, ".promisor") || name == "extensions.partialclone" {
			return true
		}
	}
	return false
}

// looker looks for what a commit leads to.
type looker struct {
	ctx    context.Context
	store  *Store
	snap   *Snapshot
	read   bool // files, not only whether they are there
	partly bool
	found  []Damage
}

// below looks at all that a path of the commit holds.
func (l *looker) below(dir string) error {
	id, err := l.snap.Folder(dir)
	if err == nil && id != "" {
		return l.folder(dir, id)
	}
	return l.told(dir, err)
}

func (l *looker) folder(dir, id string) error {
	if err := context.Cause(l.ctx); err != nil {
		return err
	}
	items, err := l.snap.parse(id)
	if err != nil {
		return l.told(dir, err)
	}
	for _, it := range items {
		name := path.Join(dir, it.Name)
		switch it.Kind {
		case Folder:
			err = l.folder(name, it.id())
		case File:
			err = l.told(name, l.file(it))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// file looks for a file, and reads it where that is not enough.
func (l *looker) file(it Item) error {
	if l.partly {
		return nil
	}
	if h, here := l.snap.source.(*here); here && !l.read {
		if p, _, err := h.packed(it.id()); err == nil && p != nil {
			return nil
		}
	}
	_, err := l.snap.read(it.id(), maxTree)
	if errors.Is(err, ErrTooLarge) {
		return nil
	}
	return err
}

// told notes what is damaged, and returns any other error.
func (l *looker) told(name string, err error) error {
	if !errors.Is(err, ErrGit) {
		return err
	}
	var p *problem // what it says without the folder, which is named already
	if errors.As(err, &p) {
		err = p
	}
	l.found = append(l.found, Damage{name, err.Error()})
	return nil
}

// damagedPacks compares packs, their indexes and their sums.
func (s *Store) damagedPacks(ctx context.Context) (found []Damage, err error) {
	dir := filepath.Join(s.commonDir, "objects", "pack")
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, writeError(err)
	}
	left := int64(maxSummed)
	for _, f := range files {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		file := filepath.Join(dir, f.Name())
		ending := filepath.Ext(file)
		base := strings.TrimSuffix(file, ending)
		switch {
		case ending == ".idx" && !exists(base+".pack") && exists(file):
			found = append(found, Damage{base + ".pack", "is missing; its index is there"})
		case ending == ".pack" && !exists(base+".idx") && exists(file):
			found = append(found, Damage{base + ".idx", "is missing; git index-pack makes it of the pack"})
		case ending == ".pack":
			if what, err := s.comparePack(base, &left); err != nil && !errors.Is(err, fs.ErrNotExist) {
				found = append(found, Damage{file, err.Error()})
			} else if what != "" {
				found = append(found, Damage{file, what})
			}
		}
	}
	return found, nil
}

// comparePack says what is wrong with a pack and its index, "" where nothing is. It reads the pack whole where no more
// than left bytes are in it.
func (s *Store) comparePack(base string, left *int64) (what string, err error) {
	sum, size := func() hash.Hash { return sha1.New() }, int64(sha1.Size)
	if s.sha256 {
		sum, size = sha256.New, sha256.Size
	}
	index, err := os.ReadFile(base + ".idx")
	if err != nil {
		return "", err
	}
	body := int64(len(index)) - size
	if body < packIndexHead+size || string(index[:8]) != "\xfftOc\x00\x00\x00\x02" {
		if body > 0 && string(index[:4]) != "\xfftOc" && body%(size+4) == 1024%(size+4) {
			return "", nil // the first version, which begins with the table
		}
		return "its index is damaged", nil
	}
	own := sum()
	_, _ = own.Write(index[:body]) // a sum takes everything
	if count := int64(be.Uint32(index[packIndexHead-4:])); !bytes.Equal(own.Sum(nil), index[body:]) || body < packIndexHead+count*(size+8)+size {
		return "its index is damaged", nil
	}
	f, err := os.Open(base + ".pack")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	head := make([]byte, packHeader)
	tail := make([]byte, size)
	if info.Size() < packHeader+size {
		return fmt.Sprintf("is cut off, or empty: %d bytes", info.Size()), nil
	}
	if _, err := f.ReadAt(head, 0); err != nil {
		return "", err
	}
	if _, err := f.ReadAt(tail, info.Size()-size); err != nil {
		return "", err
	}
	switch told := index[body-size : body]; {
	case string(head[:4]) != "PACK" || !slices.Contains([]uint32{2, 3}, be.Uint32(head[4:])):
		return "does not begin as a pack does", nil
	case be.Uint32(head[8:]) != be.Uint32(index[packIndexHead-4:]):
		return "does not hold as many objects as its index names", nil
	case !bytes.Equal(tail, told):
		return "is cut off, or is not the one that its index belongs to", nil
	}
	if *left -= info.Size(); *left < 0 {
		return "", nil
	}
	whole := sum()
	if _, err := io.Copy(whole, io.NewSectionReader(f, 0, info.Size()-size)); err != nil {
		return "", err
	}
	if !bytes.Equal(whole.Sum(nil), tail) {
		return "has changed since it was written: its sum is wrong", nil
	}
	return "", nil
}
