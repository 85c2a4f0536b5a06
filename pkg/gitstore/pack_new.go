package gitstore

import (
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
)

// What is new in a repository comes as a pack. Each object in a file of its own would be twice as much to put on
// disk for each: the file, and the folder that holds its name.

// newPack is a pack, and its index, before they have their names.
type newPack struct {
	data, index *os.File
	name        string // that they get, with the folder, without an ending
	finished    bool
	marked      bool // as one to keep
}

// packs is the folder of the packs.
func (s *Store) packs() string { return filepath.Join(s.commonDir, "objects", "pack") }

// beginPack writes a pack of objects under names that git knows to be temporary ones, and removes one day. It is
// not on disk yet.
func beginPack(dir, part string, objects []newObject) (*newPack, error) {
	data, index, sum, err := packOf(objects)
	if err != nil {
		return nil, err
	}
	p, err := openNewPack(dir, part)
	if err != nil {
		return nil, err
	}
	p.name = filepath.Join(dir, "pack-"+sum)
	_, err = p.data.Write(data)
	if err == nil {
		_, err = p.index.Write(index)
	}
	if err != nil {
		p.drop()
		return nil, err
	}
	return p, nil
}

// What the names of parts begin with. Git takes all such for temporary ones. The first are those of who holds our lock,
// the second of who puts packs together, and known as such when a crash has left them.
const (
	ownPart    = "tmp_incident_"
	gatherPart = "tmp_gathered_"
	anyPart    = "tmp_"
)

func openNewPack(dir, part string) (_ *newPack, err error) {
	p := &newPack{}
	if p.data, err = os.CreateTemp(dir, part+"pack_"); errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(dir, 0o777); err == nil {
			err = syncDir(filepath.Dir(dir))
		}
		if err == nil {
			p.data, err = os.CreateTemp(dir, part+"pack_")
		}
	}
	if err == nil {
		p.index, err = os.CreateTemp(dir, part+"idx_")
	}
	if err == nil {
		err = errors.Join(p.data.Chmod(0o444), p.index.Chmod(0o444))
	}
	if err != nil {
		p.drop()
		return nil, err
	}
	return p, nil
}

const packHeader = 12 // bytes before the first object

// packOf makes a pack of objects, the index that belongs to it, and the sum by which both are named
// (gitformat-pack(5)).
func packOf(objects []newObject) (data, index []byte, sum string, err error) {
	size := packHeader + sha1.Size
	for _, o := range objects {
		size += len(o.raw)
	}
	data = append(make([]byte, 0, size), "PACK\x00\x00\x00\x02"...)
	data = be.AppendUint32(data, uint32(len(objects)))
	places := &idxfile.Writer{}
	if err := places.OnHeader(uint32(len(objects))); err != nil {
		return nil, nil, "", fmt.Errorf("index of a pack: %w", err)
	}
	for _, o := range objects {
		places.Add(plumbing.NewHash(o.id), uint64(len(data)), crc32.ChecksumIEEE(o.raw))
		data = append(data, o.raw...)
	}
	total := sha1.Sum(data)
	data = append(data, total[:]...)
	if err := places.OnFooter(total); err != nil {
		return nil, nil, "", fmt.Errorf("index of a pack: %w", err)
	}
	all, err := places.Index()
	if err != nil {
		return nil, nil, "", fmt.Errorf("index of a pack: %w", err)
	}
	var i bytes.Buffer
	if _, err := idxfile.NewEncoder(&i).Encode(all); err != nil {
		return nil, nil, "", fmt.Errorf("index of a pack: %w", err)
	}
	return data, i.Bytes(), hex.EncodeToString(total[:]), nil
}

// files are what is to be put on disk before the pack is finished.
func (p *newPack) files() []*os.File { return []*os.File{p.data, p.index} }

// finish gives a pack that is on disk its names: the index last, since git finds the pack by it, and removes an index
// that has none.
func (p *newPack) finish() error {
	err := os.Rename(p.data.Name(), p.name+".pack")
	if err == nil {
		if err = os.Rename(p.index.Name(), p.name+".idx"); err != nil && !exists(p.name+".idx") {
			_ = os.Remove(p.name + ".pack") // without an index it would lie there for ever, and harm nobody
		}
	}
	p.finished = err == nil
	if errors.Is(err, fs.ErrNotExist) {
		return errMoved // `git prune` has removed what has no name yet: all over again
	}
	return err
}

// keep marks a pack that is about to be finished as one to keep, as git does it when it fetches: whoever repacks
// everything at the same time drops what nothing refers to yet. The mark is a link to a file of ours, and known by it.
func (p *newPack) keep(own string) error {
	err := os.Link(own, p.kept())
	if errors.Is(err, fs.ErrExist) {
		err = nil // the same was written before
	}
	p.marked = err == nil
	return linkError(err)
}

func (p *newPack) kept() string { return p.name + ".keep" }

// release lets git and us put a pack together with others, once something refers to it.
func (p *newPack) release() {
	if p.marked {
		p.marked = os.Remove(p.kept()) != nil // else the next write does
	}
}

// drop ends the use of a pack. What of it was not finished is removed, by us or one day by git.
func (p *newPack) drop() {
	p.release()
	for _, f := range p.files() {
		if f == nil {
			continue
		}
		_ = f.Close() // it was synced where that counts
		if !p.finished {
			_ = os.Remove(f.Name()) // it may have got its name
		}
	}
}
