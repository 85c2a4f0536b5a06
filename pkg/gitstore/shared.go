package gitstore

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// Where people share one repository, git opens what it creates to the others, whatever umask says
// (core.sharedRepository). The same goes for what we keep beside it, but for words and settings of one person.

// sharedMode is what core.sharedRepository adds to the rights on a file, or, where it is exact, all that there are; 0
// where it says nothing. What git does not understand it refuses itself.
func (set settings) sharedMode() (mode fs.FileMode, exact bool) {
	const group, everybody = 0o660, 0o664
	const name = "core.sharedrepository"
	switch value := set[name]; {
	case value == "group":
		return group, false
	case slices.Contains([]string{"all", "world", "everybody"}, value):
		return everybody, false
	case value == "umask":
		return 0, false
	default:
		octal, err := strconv.ParseUint(value, 8, 12)
		switch {
		case err != nil && set.is(name), err == nil && octal == 1:
			return group, false
		case err != nil, octal == 0:
			return 0, false
		case octal == 2:
			return everybody, false
		}
		return fs.FileMode(octal) & 0o666, true
	}
}

// Share opens files and folders of the repository to those whom it is shared with. It cannot fail: what belongs to
// somebody else is theirs to open.
func (s *Store) Share(names ...string) {
	set, err := s.settings(context.Background())
	if err != nil {
		return // and nothing is opened
	}
	mode, exact := set.sharedMode()
	if mode == 0 {
		return
	}
	for _, name := range names {
		info, err := os.Lstat(name)
		if err != nil || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		was, now := info.Mode(), mode
		if was&0o200 == 0 {
			now &^= 0o222
		}
		if !exact {
			now |= was.Perm()
		}
		if info.IsDir() {
			now |= now & 0o444 >> 2
			if now&0o060 != 0 {
				now |= fs.ModeSetgid
			}
		}
		if was&(fs.ModePerm|fs.ModeSetgid) != now {
			_ = os.Chmod(name, now)
		}
	}
}

// shareOwn is Share for all that is kept beside git's files.
func (s *Store) shareOwn() {
	s.asking.Lock()
	known := s.known
	s.asking.Unlock()
	if known == nil {
		return // nothing has been written
	}
	if mode, _ := known.set.sharedMode(); mode == 0 {
		return
	}
	s.Share(filepath.Join(s.gitDir, "COMMIT_EDITMSG")) // which git forgets, and the next one's commit cannot open
	for _, top := range slices.Compact([]string{s.PrivateDir(), s.ownDir()}) {
		_ = filepath.WalkDir(top, func(name string, _ fs.DirEntry, _ error) error {
			switch name {
			case filepath.Join(s.PrivateDir(), "drafts"):
				return fs.SkipDir
			case s.recallPath():
			default:
				s.Share(name)
			}
			return nil
		})
	}
}
