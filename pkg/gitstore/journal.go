package gitstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The journal holds a change from before its first byte reaches the work tree until its commit is durable.
// Who finds one has come after a crash and carries it out: its author was not told that it failed. A
// change that was refused is marked so first, and then taken back, so that nobody carries that out.

// journal is a change on its way.
type journal struct {
	Change Change
	Fresh  []string // the paths that the commit before does not hold

	base    string    // the commit before
	good    bool      // nothing is missing from the commit before, and it is that of the new one
	mine    bool      // of this process: nobody else has seen its files
	file    *os.File  // that holds it
	fresh   bool      // its name may not be on disk
	refused bool      // its author was told so
	began   time.Time // by the file system's clock
	altered []string  // the paths that git committed with another content
}

// The first byte of a journal's file, which stays where it is: to make and to remove one each time costs some file systems
// more than all the rest, see docs/adr/0013. To write over one byte needs no room on the disk, no right on the folder and
// no file that could not be opened, whatever it was that kept us from committing.
const (
	unready   = '~' // it is being written, and does not count yet
	underway  = '+'
	takenBack = '-'
	settled   = '.' // nothing is left to be done, and the file's name is on disk
)

// journalHead is how many bytes stand before the change: the state, and the sum and the length of the change, by which
// one that a power cut has left in part is known.
const journalHead = 1 + 8 + 8 + 1

// keptJournal is how large the file of a journal may stay, in bytes.
const keptJournal = 64 << 10

// planned is the journal of a change to what snap holds.
func planned(snap *Snapshot, c *Change) (*journal, error) {
	j := &journal{Change: *c, base: snap.Commit}
	for _, f := range c.Files {
		there, err := snap.Has(f.Path)
		if err != nil {
			return nil, err // what is fresh is removed when the change is taken back
		}
		if !there {
			j.Fresh = append(j.Fresh, f.Path)
		}
	}
	return j, nil
}

func (s *Store) journalPath() string { return filepath.Join(s.ownDir(), "journal") }

// writeJournal leaves a journal, and its file open. It is not on disk yet: that is done with the rest, before
// anything that a power cut must not find alone.
func (s *Store) writeJournal(j *journal) (err error) {
	raw, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := os.MkdirAll(s.ownDir(), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(s.journalPath(), os.O_RDWR, 0)
	somebodyElses := errors.Is(err, fs.ErrPermission) && os.Remove(s.journalPath()) == nil // and settled
	if somebodyElses || errors.Is(err, fs.ErrNotExist) {
		if f, err = os.OpenFile(s.journalPath(), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666); err == nil {
			s.Share(s.journalPath()) // at once: should we be killed, somebody else finishes what is begun
		}
	}
	if err != nil {
		return err
	}
	was := []byte{0}
	_, _ = f.ReadAt(was, 0) // of a new one there is nothing
	head := fmt.Sprintf("%c%08x%08x\n", unready, crc32.ChecksumIEEE(raw), len(raw))
	_, err = f.WriteAt(append([]byte(head), raw...), 0)
	if err == nil {
		_, err = f.WriteAt([]byte{underway}, 0) // only now: who is killed in between has left no journal
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	j.file, j.fresh = f, was[0] != settled
	if info, err := f.Stat(); err == nil {
		j.began = info.ModTime()
	}
	return nil
}

// sync puts a journal on disk.
func (j *journal) sync() error {
	return errors.Join(j.file.Sync(), syncDir(filepath.Dir(j.file.Name())))
}

// close ends the use of a journal, which stays where it is.
func (j *journal) close() {
	if j.file != nil {
		_ = j.file.Close() // it was synced where that counts
	}
}

// readJournal finds what a crash has left, nil where there is nothing.
func (s *Store) readJournal() (*journal, error) {
	switch left, err := s.waitsJournal(); {
	case err != nil:
		return nil, writeError(err)
	case !left:
		return nil, nil
	}
	f, err := os.OpenFile(s.journalPath(), os.O_RDWR, 0)
	if err != nil {
		return nil, writeError(err)
	}
	raw, err := io.ReadAll(f)
	info, statErr := f.Stat()
	if err := errors.Join(err, statErr); err != nil {
		return nil, errors.Join(writeError(err), f.Close())
	}
	j := &journal{file: f, fresh: true, began: info.ModTime(), refused: raw[0] == takenBack}
	if content, ok := journaled(raw); !ok || json.Unmarshal(content, j) != nil || len(j.Change.Files) == 0 {
		defer j.close()
		return nil, j.settle() // a power cut left a part of it, and nothing else of the change; or it is not ours
	}
	return j, nil
}

// waitsJournal reports whether a change is still to be dealt with.
func (s *Store) waitsJournal() (bool, error) {
	f, err := os.Open(s.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	state := []byte{0}
	n, err := f.ReadAt(state, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n == 1 && (state[0] == underway || state[0] == takenBack), errors.Join(err, f.Close())
}

// journaled is the change that the file of a journal holds.
func journaled(raw []byte) (content []byte, ok bool) {
	var sum, size uint32
	if len(raw) < journalHead || raw[0] != underway && raw[0] != takenBack {
		return nil, false
	}
	content = raw[journalHead:]
	if n, err := fmt.Sscanf(string(raw[1:journalHead]), "%08x%08x\n", &sum, &size); n != 2 || err != nil || int64(size) > int64(len(content)) {
		return nil, false
	}
	content = content[:size]
	return content, crc32.ChecksumIEEE(content) == sum
}

// settle notes that nothing is left to be done.
func (j *journal) settle() error {
	if _, err := j.file.WriteAt([]byte{settled}, 0); err != nil {
		return writeError(err)
	}
	if info, err := j.file.Stat(); err == nil && info.Size() > keptJournal {
		_ = j.file.Truncate(journalHead) // it harms nobody, but takes the room of the largest one there ever was
	}
	return nil
}

// recover ends what a crash cut short. A change that git refuses now is kept as a draft: it must not
// stand in the way of others.
func (s *Store) recover(ctx context.Context) error {
	if err := s.reclaim(); err != nil { // before git is kept waiting by a lock of ours
		return err
	}
	_, _ = s.DropMidx()                   // before git misses what is there; one that cannot be removed harms little
	if err := s.giveUp(ctx); err != nil { // before git is asked whether it is in the middle of something
		return err
	}
	j, err := s.readJournal()
	if err != nil || j == nil {
		return err
	}
	defer j.close()
	id, landed, err := s.landed(ctx, j)
	switch {
	case err != nil:
		return err
	case landed: // it is in history, whatever its author was told
		s.settle(ctx, j, id)
		return j.settle()
	case j.refused:
		return s.takeBack(ctx, j)
	}
	if err := s.idle(); err != nil {
		return err
	}
	err = s.overwrites(ctx, j)
	if err == nil {
		_, err = s.perform(ctx, j)
	}
	switch {
	case err == nil:
		return j.settle()
	case ctx.Err() != nil, errors.Is(err, context.Canceled), errors.Is(err, ErrLocked), errors.Is(err, ErrBusy):
		return err // for the next one to try
	}
	kept, keepErr := s.rescue(j)
	if keepErr != nil {
		return errors.Join(err, keepErr)
	}
	s.warn(fmt.Sprintf("a change that a crash cut short could not be committed (%v); it is kept in %s", err, kept))
	if err := j.refuse(); err != nil {
		return err
	}
	return s.takeBack(ctx, j) // where it cannot be taken back yet, no other journal may take the place of this one
}

// landed reports whether the newest commit holds the change, and notes what it holds otherwise: a hook
// can alter what is committed. A commit has all of its files or none.
func (s *Store) landed(ctx context.Context, j *journal) (id string, yes bool, err error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return "", false, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	j.altered = nil
	for _, f := range j.Change.Files {
		committed, err := snap.Read(f.Path, int64(2*len(f.Data)))
		if unread(err) {
			return "", false, err // not seen is not the same as not there
		}
		if err != nil || !bytes.Equal(withLF(committed), withLF(f.Data)) {
			j.altered = append(j.altered, f.Path)
		}
	}
	yes = len(j.altered) == 0
	if len(j.Fresh) > 0 {
		yes = true
		for _, p := range j.Fresh {
			there, err := snap.Has(p)
			if err != nil {
				return "", false, err
			}
			yes = yes && there
		}
	}
	return snap.Commit, yes, nil
}

func withLF(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

// overwrites reports, as an [ErrDirty], a file that somebody has edited since the crash.
func (s *Store) overwrites(ctx context.Context, j *journal) error {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = snap.Close() }() // opened for reading
	for _, f := range j.Change.Files {
		now, err := s.ReadFile(f.Path, 1<<30)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		committed, notThere := snap.Read(f.Path, 1<<30)
		if unread(notThere) {
			return notThere
		}
		if err == nil && !bytes.Equal(now, f.Data) && (notThere != nil || !bytes.Equal(withLF(now), withLF(committed))) {
			return dirty(f.Path)
		}
	}
	return nil
}

// refuse notes that nobody is to carry a change out. Where not even that can be written, the next command may
// find it underway.
func (j *journal) refuse() error {
	_, err := j.file.WriteAt([]byte{takenBack}, 0)
	if err := errors.Join(err, j.sync()); err != nil {
		return writeError(err)
	}
	return nil
}

// takeBack removes a refused change from the work tree and the index, and then its journal. What somebody
// has made of its files since a crash stays.
func (s *Store) takeBack(ctx context.Context, j *journal) error {
	root, err := openTree(s.root)
	if err != nil {
		return writeError(err)
	}
	defer func() { _ = root.Close() }() // nothing was written through it
	var replaced []string
	for _, f := range j.Change.Files { // first, since they may be what fills the disk
		if err := direct(root, f.Path); unread(err) {
			return err
		} else if err != nil {
			continue // nothing was written there
		}
		if err := remove(root, s.part(f.Path)); err != nil {
			return writeError(err)
		}
		now, err := readIn(root, f.Path, 2*int64(len(f.Data)))
		if unread(err) {
			return writeError(err)
		}
		ours := err == nil && bytes.Equal(withLF(now), withLF(f.Data))
		switch fresh := slices.Contains(j.Fresh, f.Path); {
		case !fresh && (ours || j.mine):
			replaced = append(replaced, f.Path)
		case fresh && (ours || j.mine):
			if err := remove(root, f.Path); err != nil {
				return writeError(err)
			}
			fallthrough
		case fresh:
			removeEmpty(root, f.Path)
		}
	}
	if err := s.unstage(ctx, j.Change.paths()); err != nil {
		return err
	}
	if err := s.restore(ctx, replaced); err != nil {
		return err
	}
	return j.settle()
}

// unstage makes the index hold the paths as the newest commit does.
func (s *Store) unstage(ctx context.Context, paths []string) error {
	return s.where(ctx, []string{"diff", "--cached"}, paths, []string{"reset", "--quiet"})
}

// restore makes the work tree hold the paths as the index does.
func (s *Store) restore(ctx context.Context, paths []string) error {
	return s.where(ctx, []string{"diff"}, paths, []string{"checkout", "--quiet"})
}

// where runs a command of git's on the paths if they differ. It takes no lock where nothing is to be done.
func (s *Store) where(ctx context.Context, differ, paths, command []string) error {
	for some := range slices.Chunk(paths, maxPaths) {
		if err := s.whereFew(ctx, differ, some, command); err != nil {
			return err
		}
	}
	return nil
}

// maxPaths is how many paths go to one command: systems limit how long it may be.
const maxPaths = 500

func (s *Store) whereFew(ctx context.Context, differ, paths, command []string) error {
	out, err := s.git.run(ctx, slices.Concat([]string{"--no-optional-locks"}, differ, []string{"--name-only"}, exact(paths...))...)
	if errors.Is(err, ErrNoGit) && s.plainlyUnchanged(paths) {
		return nil
	}
	if err != nil || len(out) == 0 {
		return err
	}
	return s.insist(ctx, func() error {
		if err := s.waitForGit(ctx); err != nil {
			return err
		}
		_, err := s.git.run(ctx, slices.Concat(command, exact(paths...))...)
		return err
	})
}

// rescue keeps a change that git refuses where its author can find it.
func (s *Store) rescue(j *journal) (string, error) {
	dir := filepath.Join(s.PrivateDir(), "drafts")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", writeError(err)
	}
	for _, f := range j.Change.Files {
		name := strings.ReplaceAll(path.Clean(f.Path), "/", "-")
		if err := WriteDurably(filepath.Join(dir, name), f.Data, 0o600); err != nil {
			return "", writeError(err)
		}
	}
	return dir, nil
}
