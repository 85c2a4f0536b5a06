package gitstore

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// position is where HEAD stands.
type position struct {
	ref    string // "HEAD" where no branch is checked out
	commit string // "" before the branch's first one
}

var objectName = regexp.MustCompile(`^[0-9a-f]{40}$`)

// head reads where HEAD stands.
func (s *Store) head() (position, error) {
	raw, err := os.ReadFile(filepath.Join(s.gitDir, "HEAD"))
	if err != nil {
		return position{}, writeError(err)
	}
	value := strings.TrimSpace(string(raw))
	ref, symbolic := strings.CutPrefix(value, "ref:")
	if !symbolic {
		if !objectName.MatchString(value) {
			return position{}, rare("HEAD is unusual")
		}
		return position{"HEAD", value}, nil
	}
	ref = strings.TrimSpace(ref)
	if !strings.HasPrefix(ref, "refs/heads/") || filepath.ToSlash(filepath.Clean(ref)) != ref {
		return position{}, rare("HEAD names no branch")
	}
	commit, err := s.reference(ref)
	return position{ref, commit}, err
}

// reference reads a branch, "" where there is none yet.
func (s *Store) reference(ref string) (string, error) {
	raw, err := os.ReadFile(s.refFile(ref))
	switch value := strings.TrimSpace(string(raw)); {
	case err == nil && objectName.MatchString(value):
		return value, nil
	case err == nil:
		return "", rare(ref + " is unusual") // it may name another one
	case !errors.Is(err, fs.ErrNotExist):
		return "", rare(ref + " cannot be read: " + err.Error())
	}
	packed, err := os.ReadFile(filepath.Join(s.commonDir, "packed-refs"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", writeError(err)
	}
	if bytes.Contains(packed, []byte(" refs/replace/")) {
		return "", rare("objects are replaced by others")
	}
	for line := range bytes.Lines(packed) {
		if id, name, ok := strings.Cut(strings.TrimSpace(string(line)), " "); ok && name == ref && objectName.MatchString(id) {
			return id, nil
		}
	}
	// Git would look whether the packed ones leave room for a branch of this name.
	return "", rare(ref + " has no commit yet, while others are packed")
}

// refFile is the file of a reference: HEAD is this work tree's own, branches are shared.
func (s *Store) refFile(ref string) string {
	if ref == "HEAD" {
		return filepath.Join(s.gitDir, ref)
	}
	return filepath.Join(s.commonDir, filepath.FromSlash(ref))
}

// reflog is git's diary of where a reference has stood.
type reflog struct {
	file string
	size int64 // before we wrote to it
}

// logMove writes a move to the diaries of HEAD and of its branch, as git does.
func (s *Store) logMove(set settings, at position, next string, c *Change) (logs []reflog, err error) {
	who, err := c.committer().line(c)
	if err != nil {
		return nil, err
	}
	old, what := at.commit, "commit"
	if old == "" {
		old, what = strings.Repeat("0", len(next)), "commit (initial)"
	}
	subject, _, _ := strings.Cut(strings.TrimLeft(c.Message, "\r\n"), "\n\n")
	line := fmt.Sprintf("%s %s %s\t%s\n", old, next, who, strings.Join(strings.Fields(what+": "+subject), " "))
	files := []string{filepath.Join(s.gitDir, "logs", "HEAD")}
	if at.ref != "HEAD" {
		files = append(files, filepath.Join(s.commonDir, "logs", filepath.FromSlash(at.ref)))
	}
	for _, file := range files {
		l, err := s.appendLog(file, line, set)
		if l != nil {
			logs = append(logs, *l)
		}
		if err != nil {
			return logs, err
		}
	}
	return logs, nil
}

func (s *Store) appendLog(file, line string, set settings) (*reflog, error) {
	mode := os.O_WRONLY | os.O_APPEND
	if wanted := set["core.logallrefupdates"]; wanted == "" || wanted == "always" || set.is("core.logallrefupdates") {
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return nil, err
		}
		mode |= os.O_CREATE
	}
	f, err := os.OpenFile(file, mode, 0o666)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // it is not kept, and git would not begin it
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	_, err = f.WriteString(line)
	return &reflog{file, info.Size()}, errors.Join(err, f.Close())
}

// forget takes back what was written to diaries about a move that did not happen.
func forget(logs []reflog) {
	for _, l := range logs {
		_ = os.Truncate(l.file, l.size) // a line too many in a diary harms nobody
	}
}
