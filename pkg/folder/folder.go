package folder

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// ErrForeign reports a folder that holds something else.
var ErrForeign = errors.New("holds something else")

// List names the file in which a folder remembers what was put into it.
const List = ".incident-page"

// WithList is what was put into a folder, with the list of it.
func WithList(files map[string][]byte) map[string][]byte {
	all := maps.Clone(files)
	all[List] = list(files)
	return all
}

func list[T any](files map[string]T) []byte {
	return []byte(strings.Join(slices.Sorted(maps.Keys(files)), "\n") + "\n")
}

// Listed are the paths in a list.
func Listed(list []byte) map[string]bool {
	names := map[string]bool{}
	for name := range strings.Lines(string(list)) {
		if name = strings.TrimSpace(name); name != "" {
			names[name] = true
		}
	}
	return names
}

// lockName is the file that keeps others away while a folder is written.
const lockName = List + ".lock"

// foreign is something in a folder that is not ours, "" where there is nothing: what a writing that failed has left, our lock
// and empty folders, is not.
func foreign(dir string) (name string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path != filepath.Join(dir, lockName) {
			name, err = filepath.Rel(dir, path)
		}
		if name != "" || errors.Is(err, fs.ErrNotExist) {
			return fs.SkipAll
		}
		return err
	})
	return name
}

// File is a file to be put into a folder.
type File struct {
	Version string // names its bytes: the same version, the same bytes; "" where it is not known
	Bytes   func() ([]byte, error)
}

// Plain are files that are at hand.
func Plain(files map[string][]byte) map[string]File {
	plain := make(map[string]File, len(files))
	for name, data := range files {
		plain[name] = File{Bytes: func() ([]byte, error) { return data, nil }}
	}
	return plain
}

// Stamp is how a file was last seen in a folder. While its size and time are the same, so are its bytes.
type Stamp struct {
	Version  string
	Size     int64
	Modified time.Time
}

// Done is what a [Put] did.
type Done struct {
	Changed, Same, Removed []string
	Seen                   map[string]Stamp // for the next time; what has no version has none
}

// Put makes a folder hold the files, by path with slashes. What was put there before and is none of them any more is
// removed. A folder that holds other things is an [ErrForeign], unless force is set; these stay in any case. Every file
// is written in full before the first takes its name, those of the last names first, so that a page appears when what it
// needs is there; a full disk leaves the folder as it was. Bytes that seen tells of are not asked for.
func Put(dir string, files map[string]File, seen map[string]Stamp, force bool) (done Done, err error) {
	_, known, err := remembered(dir)
	if err != nil {
		return done, err
	}
	if !known && !force {
		if other := foreign(dir); other != "" {
			return done, fmt.Errorf("%s %w: %s", dir, ErrForeign, other)
		}
	}
	p := putter{dir: dir, files: files, seen: seen, fresh: map[string]Stamp{}}
	if !known {
		if made, err := p.whole(); made || err != nil {
			done.Changed, done.Seen = slices.Sorted(maps.Keys(files)), p.stamps()
			return done, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return done, err
	}
	lock := flock.New(filepath.Join(dir, lockName))
	ctx, stop := context.WithTimeout(context.Background(), waiting)
	defer stop()
	switch _, err := lock.TryLockContext(ctx, 20*time.Millisecond); {
	case errors.Is(err, context.DeadlineExceeded):
		return done, fmt.Errorf("%s is being written by another program: %w", dir, err)
	case err != nil:
		return done, err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	before, _, err := remembered(dir)
	if err != nil { // as it is now that nobody else writes
		return done, err
	}
	if p.root, err = os.OpenRoot(dir); err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, p.root.Close()) }()
	defer p.tidy()
	names := slices.Sorted(maps.Keys(files))
	slices.Reverse(names)
	for _, name := range names {
		same, err := p.prepare(name)
		if err != nil {
			return done, err
		}
		if same {
			done.Same = append(done.Same, name)
		} else {
			done.Changed = append(done.Changed, name)
		}
	}
	if err := p.write(List, list(files)); err != nil {
		return done, err
	}
	for _, name := range append(done.Changed, List) {
		if err := p.root.Rename(filepath.FromSlash(name)+partEnding, filepath.FromSlash(name)); err != nil {
			return done, err
		}
	}
	for name := range before {
		if _, still := files[name]; still || name == List {
			continue
		}
		if err := p.root.Remove(filepath.FromSlash(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return done, err
		}
		done.Removed = append(done.Removed, name)
	}
	slices.Sort(done.Removed)
	done.Seen = p.stamps()
	return done, nil
}

// partEnding is that of a file that has not taken its name yet.
const partEnding = ".part"

// putter puts files into one folder.
type putter struct {
	dir   string
	root  *os.Root
	files map[string]File
	seen  map[string]Stamp
	fresh map[string]Stamp
	parts []string
}

// prepare writes a file under another name, unless it is there already.
func (p *putter) prepare(name string) (same bool, err error) {
	file := p.files[name]
	if seen, ok := p.seen[name]; ok && file.Version != "" && seen.Version == file.Version {
		if info, err := os.Lstat(filepath.Join(p.dir, filepath.FromSlash(name))); err == nil && info.Mode().IsRegular() && info.Size() == seen.Size && info.ModTime().Equal(seen.Modified) {
			p.fresh[name] = seen
			return true, nil
		}
	}
	data, err := file.Bytes()
	if err != nil {
		return false, err
	}
	if info, same := p.holds(name, data); same {
		p.saw(name, info)
		return true, nil
	}
	return false, p.write(name, data)
}

// holds reports whether a file has these bytes already.
func (p *putter) holds(name string, data []byte) (info fs.FileInfo, same bool) {
	f, err := p.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, false
	}
	defer func() { _ = f.Close() }() // it is only read
	if info, err = f.Stat(); err != nil || info.Size() != int64(len(data)) {
		return nil, false
	}
	old, err := io.ReadAll(f)
	return info, err == nil && bytes.Equal(old, data)
}

func (p *putter) write(name string, data []byte) (err error) {
	path := filepath.FromSlash(name)
	if err := p.root.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	p.parts = append(p.parts, path+partEnding)
	return p.create(path+partEnding, name, data)
}

// create writes a file, and remembers how it looks.
func (p *putter) create(path, name string, data []byte) (err error) {
	f, err := p.root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data); err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		p.saw(name, info)
	}
	return err
}

func (p *putter) saw(name string, info fs.FileInfo) {
	if version := p.files[name].Version; version != "" {
		p.fresh[name] = Stamp{version, info.Size(), info.ModTime()}
	}
}

// tidy removes what did not take its name.
func (p *putter) tidy() {
	for _, part := range p.parts {
		_ = p.root.Remove(part) // of those that did nothing is left
	}
}

// stamps are those of all files but the last written: whoever writes to one of these at the same tick of the clock leaves
// it with the same time.
func (p *putter) stamps() map[string]Stamp {
	var last time.Time
	for _, s := range p.fresh {
		if s.Modified.After(last) {
			last = s.Modified
		}
	}
	maps.DeleteFunc(p.fresh, func(_ string, s Stamp) bool { return s.Modified.Equal(last) })
	return p.fresh
}

// waiting is how long a folder that another program writes is waited for.
const waiting = 20 * time.Second

// whole makes a folder that is not there, or empty, in one step: beside it, under another name, which it then loses. False:
// it is there, and holds something.
func (p *putter) whole() (made bool, err error) {
	if there, err := os.ReadDir(p.dir); !errors.Is(err, fs.ErrNotExist) && (err != nil || len(there) > 0) {
		return false, nil
	}
	dir := filepath.Clean(p.dir)
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return false, err
	}
	part := fmt.Sprintf("%s.%x.part", dir, rand.Uint64())
	if err := os.Mkdir(part, 0o777); err != nil {
		return false, nil // its neighbours are not ours to touch: file by file, then
	}
	defer func() {
		if !made {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	if p.root, err = os.OpenRoot(part); err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, p.root.Close()) }()
	there := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		data, err := p.files[name].Bytes()
		if err != nil {
			return false, err
		}
		path := filepath.FromSlash(name)
		if folder := filepath.Dir(path); !there[folder] {
			if err := p.root.MkdirAll(folder, 0o777); err != nil {
				return false, err
			}
			there[folder] = true
		}
		if err := p.create(path, name, data); err != nil {
			return false, err
		}
	}
	if err := p.create(List, List, list(p.files)); err != nil {
		return false, err
	}
	if os.Rename(part, dir) != nil { // somebody else was faster
		clear(p.fresh)
		return false, nil
	}
	return true, nil
}

// remembered is what was put into the folder before, if anything ever was.
func remembered(dir string) (names map[string]bool, known bool, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, List))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	return Listed(raw), err == nil, err
}
