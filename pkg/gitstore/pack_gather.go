package gitstore

import (
	"cmp"
	"context"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Each commit leaves a pack, and whoever looks for an object looks into every pack. So the small ones are put together
// now and then, which is quick: the objects are copied as they are. To pack what has grown large is git's business.
//
// The packs that were put together stay until that is done the next time. A git that writes an index over many packs
// meanwhile names them, and then they are its to remove. One that does so at the very moment in which they are removed
// names what is gone; the next write finds that, and removes the index. See docs/adr/0012.

const (
	gatherFrom = 16             // packs
	gatherUpTo = 512 << 10      // bytes of one that is put together with others
	lockDead   = 12 * time.Hour // git takes no longer to tidy up, by its own judgement
)

// tidy keeps the packs few. It is no part of a commit, and done when others need no longer wait; what cannot be done now is
// done after the next one.
func (s *Store) tidy(ctx context.Context, set settings) {
	packs, left, err := s.listPacks()
	s.removeLeft(left)
	if err != nil || len(packs) < gatherFrom {
		return
	}
	if _, replaced := s.gathered(); len(packs)-len(replaced) < gatherFrom || s.gitTidies() {
		return
	}
	_ = s.putTogether()
	if set["maintenance.auto"] != "" && set.not("maintenance.auto") {
		return
	}
	many, err := strconv.Atoi(cmp.Or(set["gc.autopacklimit"], "50"))
	if err != nil || set["gc.auto"] == "0" || many <= 0 || len(packs) <= many {
		return
	}
	_, _ = s.git.run(ctx, "maintenance", "run", "--auto", "--quiet")
}

// gitTidies reports whether git packs anew, or writes an index over many packs.
func (s *Store) gitTidies() bool {
	for _, name := range []string{"gc.pid", "objects/maintenance.lock", "objects/pack/multi-pack-index.lock"} {
		info, err := os.Lstat(filepath.Join(s.commonDir, filepath.FromSlash(name)))
		if err == nil && s.now().Sub(info.ModTime()) < lockDead {
			return true
		}
	}
	return false
}

// listPacks lists the packs that nobody has marked, without their endings; and what a crash or a failure has left, unless
// it is of a commit that is being made.
func (s *Store) listPacks() (packs, left []string, err error) {
	files, err := os.ReadDir(s.packs())
	if err != nil {
		return nil, nil, err
	}
	endings := map[string]string{}
	for _, f := range files {
		name, ending, _ := strings.Cut(f.Name(), ".")
		endings[name] += ending + " "
		if file := filepath.Join(s.packs(), f.Name()); ending == "keep" && s.isMark(file) || strings.HasPrefix(name, ownPart) {
			left = append(left, file)
		}
	}
	for base, all := range endings {
		switch name := filepath.Join(s.packs(), base); all {
		case "idx pack ": // as ReadDir sorts them
			packs = append(packs, name)
		case "idx ":
			if !exists(name + ".pack") { // a pack comes before its index, and goes before it: this is what a crash left
				left = append(left, name+".idx")
			}
		}
	}
	slices.Sort(packs)
	return packs, left, nil
}

// isMark reports whether a file marks a pack of ours that was being made.
func (s *Store) isMark(file string) bool {
	mark, err := os.Lstat(file)
	if err != nil {
		return false
	}
	own, err := os.Lstat(s.lockPath())
	return err == nil && os.SameFile(mark, own)
}

// removeLeft removes what lies there for no use. Who holds the lock knows that it is in none; where somebody else holds it,
// it may be theirs.
func (s *Store) removeLeft(left []string) {
	if len(left) == 0 {
		return
	}
	own := newFileLock(s.lockPath())
	if ok, err := own.TryLock(); !ok || err != nil {
		return
	}
	defer own.release()
	for _, file := range left {
		_ = os.Remove(file)
	}
}

// putTogether puts the small packs together once they are many, and removes those that were put together before.
func (s *Store) putTogether() error {
	turn := newFileLock(s.gatheredPath())
	if ok, err := turn.TryLock(); !ok || err != nil {
		return lockError(turn.Path(), err) // somebody else is at it
	}
	defer turn.release()
	packs, _, err := s.listPacks()
	if err != nil {
		return err
	}
	indexed, err := s.indexed()
	if err != nil {
		return err
	}
	into, replaced := s.gathered()
	var small, old []string
	for _, name := range packs {
		switch {
		case slices.Contains(indexed, name): // to be removed by those who write the index
		case slices.Contains(replaced, name):
			old = append(old, name)
		case isSmall(name):
			small = append(small, name)
		}
	}
	if len(small) < gatherFrom {
		return nil
	}
	removeReplaced(old, into)
	err = s.gather(small)
	_, _ = s.DropMidx() // a git that was at it has had time to end; else the next write does it
	return err
}

func isSmall(name string) bool {
	info, err := os.Lstat(name + ".pack")
	return err == nil && info.Size() <= gatherUpTo
}

// gather puts packs together in one. Those that tell objects by the difference to others are git's, and stay.
func (s *Store) gather(packs []string) error {
	var all []newObject
	var gathered []string
	var newest time.Time
	seen := map[string]bool{}
	for _, name := range packs {
		info, err := os.Lstat(name + ".pack")
		if err != nil {
			continue
		}
		objects, err := wholeObjects(name)
		if err != nil {
			continue // damaged, or git's: neither is to be copied
		}
		gathered = append(gathered, name)
		if newest.Before(info.ModTime()) {
			newest = info.ModTime()
		}
		for _, o := range objects {
			if !seen[o.id] {
				seen[o.id] = true
				all = append(all, o)
			}
		}
	}
	if len(gathered) < gatherFrom/2 {
		return nil
	}
	s.dropParts() // of who was at it before
	p, err := beginPack(s.packs(), gatherPart, all)
	if err != nil {
		return err
	}
	defer p.drop()
	// Git's index over many packs takes an object from the newest that holds it, and has to find it in no other.
	newer := newest.Add(time.Second)
	if err := os.Chtimes(p.data.Name(), newer, newer); err != nil {
		return err
	}
	if err := syncAll(p.files(), nil); err != nil {
		return err
	}
	if err := p.finish(); err != nil {
		return err
	}
	if err := syncDir(s.packs()); err != nil {
		return err
	}
	return s.leaveGathered(p.name, gathered)
}

// dropParts removes what a crash has left of a pack that others were to become.
func (s *Store) dropParts() {
	parts, _ := filepath.Glob(filepath.Join(s.packs(), gatherPart+"*"))
	for _, file := range parts {
		_ = os.Remove(file)
	}
}

// wholeObjects reads all objects of a small pack, as they lie there. It is an [errPack] where one of them is no whole one,
// or is not as it was written.
func wholeObjects(name string) (_ []newObject, err error) {
	p, err := openPack(name, nil)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	raw, err := os.ReadFile(name + ".pack")
	if err != nil {
		return nil, err
	}
	if p.count > len(raw)/8 {
		return nil, errPack // an object takes more than that
	}
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	objects := make([]newObject, len(list))
	for i, o := range list {
		end := int64(len(raw)) - 20 // the sum of it all
		if i+1 < len(list) {
			end = list[i+1].offset
		}
		if o.offset < packHeader || o.offset >= end || end > int64(len(raw)) {
			return nil, errPack
		}
		objects[i] = newObject{id: o.id, raw: raw[o.offset:end]}
		_, whole := kinds[objects[i].raw[0]>>4&7]
		if !whole || crc32.ChecksumIEEE(objects[i].raw) != o.sum {
			return nil, errPack
		}
	}
	return objects, nil
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return !errors.Is(err, fs.ErrNotExist)
}
