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
)

// Each commit leaves a pack, and whoever looks for an object looks into every pack. So the small ones are put together
// now and then, which is quick: the objects are copied as they are. To pack what has grown large is git's business.

const (
	gatherFrom = 16        // packs
	gatherUpTo = 512 << 10 // bytes of one that is put together with others
)

// tidy keeps the packs few. It is no part of the commit: what cannot be done now is done after the next one.
func (s *Store) tidy(ctx context.Context, set settings) {
	packs, err := s.listPacks()
	gc := filepath.Join(s.commonDir, "gc.pid") // git is at it
	if err != nil || len(packs) < gatherFrom || exists(gc) {
		return
	}
	if small := smallOnes(packs); len(small) >= gatherFrom && !exists(filepath.Join(s.packs(), "multi-pack-index")) {
		_ = s.gather(small)
	}
	if set["maintenance.auto"] != "" && set.not("maintenance.auto") {
		return
	}
	many, err := strconv.Atoi(cmp.Or(set["gc.autopacklimit"], "50"))
	if err != nil || set["gc.auto"] == "0" || many <= 0 || len(packs) <= many {
		return
	}
	_, _ = s.git.run(ctx, "maintenance", "run", "--auto", "--quiet")
}

// listPacks lists the packs that nobody has marked, without their endings. Marks and parts of ours that a crash or a
// failure has left are removed: who holds the lock has none that is in use.
func (s *Store) listPacks() ([]string, error) {
	files, err := os.ReadDir(s.packs())
	if err != nil {
		return nil, err
	}
	endings := map[string]string{}
	var packs []string
	for _, f := range files {
		name, ending, _ := strings.Cut(f.Name(), ".")
		endings[name] += ending + " "
		switch file := filepath.Join(s.packs(), f.Name()); { // what cannot be removed now, the next write tries again
		case ending == "keep":
			_ = giveBackOf(s.lockPath(), file)
		case strings.HasPrefix(name, ownPart):
			_ = os.Remove(file)
		}
	}
	for base, all := range endings {
		switch name := filepath.Join(s.packs(), base); all {
		case "idx pack ": // as ReadDir sorts them
			packs = append(packs, name)
		case "idx ":
			if !exists(name + ".pack") { // a pack comes before its index, and goes before it: this is what a crash left
				_ = os.Remove(name + ".idx")
			}
		}
	}
	slices.Sort(packs)
	return packs, nil
}

func smallOnes(packs []string) (small []string) {
	for _, name := range packs {
		if info, err := os.Lstat(name + ".pack"); err == nil && info.Size() <= gatherUpTo {
			small = append(small, name)
		}
	}
	return small
}

// gather puts packs together in one. Those that tell objects by the difference to others are git's, and stay.
func (s *Store) gather(packs []string) error {
	var all []newObject
	var gathered []string
	seen := map[string]bool{}
	for _, name := range packs {
		objects, err := wholeObjects(name)
		if err != nil {
			continue // damaged, or git's: neither is to be copied
		}
		gathered = append(gathered, name)
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
	p, err := beginPack(s.packs(), all)
	if err != nil {
		return err
	}
	defer p.drop()
	if err := syncAll(p.files(), nil); err != nil {
		return err
	}
	if err := p.finish(); err != nil {
		return err
	}
	if err := syncDir(s.packs()); err != nil {
		return err
	}
	for _, name := range gathered {
		// In this order git removes what a crash leaves, an index without a pack, and so does the next write.
		if err := errors.Join(os.Remove(name+".pack"), os.Remove(name+".idx")); err != nil {
			return err
		}
	}
	return nil
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
