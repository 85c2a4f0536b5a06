package gitstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"
)

// A commit that is made in this process. Nothing is visible in git until the branch moves, which is the
// last step, and everything that it leads to is on disk by then. The order is git's own: the index is
// renamed before the branch, so that a crash in between leaves an entry staged, never a removal.

// errMoved reports that somebody else's commit, or git's tidying, was faster: all over again.
var errMoved = errors.New("the repository changed meanwhile")

// fast carries a change out without the git program. It is a [notOrdinary] where that has to do it; then
// nothing is done but that files may lie in the work tree.
func (s *Store) fast(ctx context.Context, root *workTree, j *journal) (string, error) {
	set, err := s.ordinary(ctx)
	if err != nil {
		return "", err
	}
	for range tries {
		m := &move{Store: s, root: root, change: &j.Change, journal: j, settings: set}
		err = m.make(ctx, j)
		m.end()
		if err == nil {
			if j.good = j.good && m.from.commit == j.base; j.good {
				s.leaveMark(m.mark)
			}
			s.untidy = set
			return m.draft.commit, nil
		}
		if !errors.Is(err, errMoved) {
			return "", err
		}
		if err := root.forget(); err != nil {
			return "", writeError(err)
		}
	}
	return "", &problem{ErrLocked, "HEAD of " + s.root + " moved each time", "somebody else commits at the same time; try again"}
}

// move is one try to make a commit.
type move struct {
	*Store
	root     *workTree
	change   *Change
	journal  *journal
	settings settings

	from    position
	folders []string // of the work tree, that get new names
	draft   *draft
	parts   []*os.File // of files of the work tree
	pack    *newPack   // of what is new
	locks   []*gitLock
	ahead   struct { // see [move.writeAhead]
		lock  *gitLock // on the index, prepared
		index *splicing
	}
	mark string // see [Store.heal]
}

// make goes through the steps. After an error the branch has not moved.
func (m *move) make(ctx context.Context, j *journal) error {
	if err := m.plan(j); err != nil {
		return err
	}
	// A lock that stays is best met before there is anything to take back.
	if err := m.waitForGit(ctx); err != nil {
		return err
	}
	m.step("planned")
	if err := m.write(); err != nil {
		return notWritten(err)
	}
	m.step("written")
	index, ref, err := m.lockAll(ctx)
	if err != nil {
		return err
	}
	m.step("locked")
	// Compared before locking, another process could move HEAD in between, and a commit that it had
	// already reported as done would fall out of history.
	if now, err := m.head(); err != nil {
		return err
	} else if now != m.from {
		return errMoved
	}
	// Looked for again: a rebase that began since we planned would take HEAD away with our commit on it, and
	// drop both when it is given up. It cannot move HEAD while we hold the lock.
	if err := m.idle(); err != nil {
		return err
	}
	if err := m.fill(index, ref); err != nil {
		return notWritten(err)
	}
	m.step("filled")
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return notWritten(m.publish(index, ref))
}

// notWritten leaves errors that mean something to callers as they are.
func notWritten(err error) error {
	var unordinary *notOrdinary
	if err == nil || errors.Is(err, errMoved) || errors.As(err, &unordinary) {
		return err
	}
	return writeError(err)
}

// plan makes the objects of the commit in memory.
func (m *move) plan(j *journal) (err error) {
	if m.from, err = m.head(); err != nil {
		return err
	}
	snap, err := m.openAt(m.from.commit)
	if unread(err) {
		return writeError(err)
	}
	if err != nil {
		return rare(err.Error()) // git may be able to read it
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	if err := m.ordinaryFiles(m.settings, m.root, snap, m.change.Files); err != nil {
		return err
	}
	if j.base != "" && j.base != snap.Commit {
		if err := m.sameAs(j, snap); err != nil {
			return err
		}
	}
	if m.draft, err = compose(snap, m.change); err == nil {
		m.folders = m.newNamesIn(snap)
	}
	return err
}

// newNamesIn lists the folders of the work tree in which something new gets its name: those of the files,
// and those above a folder that the commit before does not hold.
func (m *move) newNamesIn(snap *Snapshot) (dirs []string) {
	for _, f := range m.change.Files {
		for dir := path.Dir(f.Path); !slices.Contains(dirs, dir); dir = path.Dir(dir) {
			dirs = append(dirs, dir)
			if _, err := snap.find(dir, Folder); err == nil {
				break
			}
		}
	}
	return dirs
}

// sameAs refuses to replace what somebody has committed since the change was planned.
func (m *move) sameAs(j *journal, snap *Snapshot) error {
	before, err := m.openAt(j.base)
	if err != nil {
		return err
	}
	for _, f := range m.change.Files {
		was, err := before.find(f.Path, File)
		now, nowErr := snap.find(f.Path, File)
		if unread(err) || unread(nowErr) {
			return writeError(errors.Join(err, nowErr))
		}
		if now != was {
			return &problem{ErrDirty, "somebody else has committed " + f.Path + " at the same time", "look at it, then try again"}
		}
	}
	return before.Close()
}

// write puts the files into the work tree and the objects into the repository. Contents are on disk
// before they get their names: the other way round, a power cut leaves empty objects.
func (m *move) write() error {
	for _, f := range m.change.Files {
		p, err := m.Store.begin(m.root, f.Path, f.Data)
		if err != nil {
			return err
		}
		m.parts = append(m.parts, p)
	}
	m.step("begun")
	if err := m.beginPack(); err != nil {
		return err
	}
	m.step("on disk")
	for _, f := range m.change.Files {
		if err := m.root.rename(m.part(f.Path), f.Path); err != nil {
			return err
		}
	}
	m.step("in the work tree")
	if err := m.pack.keep(m.lockPath()); err != nil {
		return err
	}
	return m.pack.finish()
}

// beginPack puts all that was begun on disk, and the objects with it.
func (m *move) beginPack() (err error) {
	if m.pack, err = beginPack(m.packs(), ownPart, m.draft.objects); err != nil {
		return err
	}
	wait := m.writeAhead()
	defer wait()
	return syncAll(slices.Concat(m.parts, []*os.File{m.journal.file}, m.pack.files()), nil)
}

// writeAhead writes the new index, as far as it is known, while the disk is busy with the rest: of a record that has
// grown, that takes as long. It is of use if the index is still the same when git's lock on it is held; where anything is
// in the way, it is written then.
func (m *move) writeAhead() (wait func()) {
	l, err := m.prepare("index", filepath.Join(m.gitDir, "index"))
	if err != nil {
		return func() {}
	}
	m.ahead.lock, m.locks = l, append(m.locks, l)
	var all sync.WaitGroup
	all.Go(func() {
		x, err := m.readIndex()
		if err != nil || x.state == "" {
			return
		}
		if x.base != "" || x.isLarge(m.limits) {
			m.Store.index = x
			return
		}
		if s, err := x.beginSplice(l.file, m.Store.root, m.draft.leaves); err == nil {
			m.ahead.index = s
			startWriting(l.file)
		}
	})
	return all.Wait
}

// lockAll takes git's locks in the order in which git takes them.
func (m *move) lockAll(ctx context.Context) (index, ref *gitLock, err error) {
	take := func(name, target string) *gitLock {
		if err != nil {
			return nil
		}
		var l *gitLock
		if l, err = m.take(ctx, name, target); err == nil {
			m.locks = append(m.locks, l)
			m.step("locked " + name)
		}
		return l
	}
	if index = m.ahead.lock; index == nil {
		index = take("index", filepath.Join(m.gitDir, "index"))
	} else if err = m.hold(ctx, index); err == nil {
		m.step("locked index")
	}
	if m.from.ref != "HEAD" {
		take(headLock, m.refFile("HEAD"))
	}
	return index, take("ref", m.refFile(m.from.ref)), err
}

// fill writes the new index and the new value of the branch, and puts all on disk that does not lie there.
func (m *move) fill(index, ref *gitLock) error {
	if err := m.fillIndex(index.file); err != nil {
		return err
	}
	if _, err := ref.file.WriteString(m.draft.commit + "\n"); err != nil {
		return err
	}
	if info, err := os.Lstat(ref.target); err == nil && info.IsDir() {
		return rare(ref.target + " is a folder")
	}
	dirs := []string{m.packs()}
	if m.journal != nil && m.journal.fresh {
		dirs = append(dirs, m.ownDir())
	}
	for _, dir := range m.folders {
		dirs = append(dirs, filepath.Join(m.Store.root, filepath.FromSlash(dir)))
	}
	return syncAll([]*os.File{index.file, ref.file}, dirs)
}

// fillIndex writes the new index, or what is missing of it.
func (m *move) fillIndex(f *os.File) error {
	if ahead := m.ahead.index; ahead != nil && m.sameIndex(ahead.x) {
		return ahead.finish()
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil { // of what was written ahead, or of what could not be
		return err
	}
	x, err := m.readIndex()
	if err != nil {
		return err
	}
	if err := m.trim(x); err != nil {
		return err
	}
	return x.splice(f, m.Store.root, m.draft.leaves)
}

// trim splits an index that has grown large.
func (m *move) trim(x *index) error {
	if x.isLarge(m.limits) && m.settings.mayBeSplit() {
		if err := x.split(m.gitDir, m.now()); err != nil {
			return fmt.Errorf("split the index of %s: %w", m.Store.root, err)
		}
		x.removeOldBases(m.gitDir, m.now())
	}
	x.keepBase(m.gitDir, m.now())
	return nil
}

// publish makes the commit visible.
func (m *move) publish(index, ref *gitLock) error {
	logs, err := m.logMove(m.settings, m.from, m.draft.commit, m.change)
	if err != nil {
		forget(logs)
		return err
	}
	m.step("logged")
	m.mark = markOf(m.draft.commit, index.own) // somebody else may write the index as soon as it is there
	if err := index.publish(); err != nil {
		forget(logs)
		return err
	}
	m.step("index renamed")
	if err := ref.publish(); err != nil {
		if now, _ := m.head(); now.commit != m.draft.commit {
			forget(logs)
			return err
		}
	}
	m.step("branch moved")
	if m.pack != nil {
		m.pack.release()
	}
	m.unlock() // before the folder goes to the disk, or a power cut would bring the lock on HEAD back
	// It is committed. To report a failure now would make a script write it twice.
	dirs := []string{m.gitDir}
	for _, l := range logs {
		dirs = append(dirs, l.file)
	}
	for dir := filepath.Dir(ref.target); dir != m.gitDir && dir != m.commonDir; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
	}
	if err := syncAll(nil, dirs); err != nil {
		m.warn(fmt.Sprintf("committed, but %v: it may not survive a power cut", err))
	}
	return nil
}

// unlock gives back git's locks.
func (m *move) unlock() {
	for _, l := range slices.Backward(m.locks) {
		l.release()
	}
	m.locks = nil
}

// end gives up what a try holds.
func (m *move) end() {
	m.unlock()
	for _, f := range m.parts {
		_ = f.Close() // it is on disk, or goes when the change is taken back
	}
	if m.pack != nil {
		m.pack.drop()
	}
}
