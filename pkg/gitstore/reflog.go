package gitstore

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

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
	files := []string{s.diary("HEAD")}
	if at.ref != "HEAD" {
		files = append(files, s.diary(at.ref))
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

// moved is one line of a diary: where a reference stood, where it went, and what git says of it.
type moved struct{ old, new, why string }

// unmeant reports whether nobody can have meant it: a reset to HEAD leaves HEAD where it is, and so does a
// rebase that is given up, unless a commit came after git had looked where that is.
func (m moved) unmeant() bool {
	if m.old == m.new {
		return false
	}
	return m.why == "reset: moving to HEAD" || strings.HasPrefix(m.why, "rebase (abort)") || strings.HasPrefix(m.why, "pull --rebase (abort)")
}

// maxDiary is how much of a diary is read, in bytes from its end.
const maxDiary = 256 << 10

// movesSince reads from the diary of what is checked out how it moved since it stood at a commit, the oldest
// move first; nothing where it did not in living memory, or where no diary is kept.
func (s *Store) movesSince(commit string) ([]moved, error) {
	at, err := s.head()
	if unread(err) {
		return nil, err
	}
	if err != nil {
		return nil, nil // kept in another way; without a diary nothing can be told
	}
	f, err := os.Open(s.diary(at.ref))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, writeError(err)
	}
	defer func() { _ = f.Close() }() // opened for reading
	info, err := f.Stat()
	if err != nil {
		return nil, writeError(err)
	}
	raw, err := io.ReadAll(io.NewSectionReader(f, max(0, info.Size()-maxDiary), maxDiary))
	if err != nil {
		return nil, writeError(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	for i, line := range slices.Backward(lines) {
		if _, next, _ := parseMove(line); next == commit {
			return parseMoves(lines[i+1:]), nil
		}
	}
	return nil, nil
}

func parseMoves(lines []string) (moves []moved) {
	for _, line := range lines {
		old, next, why := parseMove(line)
		moves = append(moves, moved{old, next, why})
	}
	return moves
}

// parseMove reads a line of a diary: two commits, who, when, a tab and why. What is none says nothing.
func parseMove(line string) (old, next, why string) {
	head, why, _ := strings.Cut(line, "\t")
	fields := strings.Fields(head)
	if len(fields) < 2 || !isObjectName(fields[0]) || !isObjectName(fields[1]) {
		return "", "", ""
	}
	return fields[0], fields[1], why
}

// diary is the file in which git notes the moves of a reference.
func (s *Store) diary(ref string) string {
	if ref == "HEAD" {
		return filepath.Join(s.gitDir, "logs", "HEAD")
	}
	return filepath.Join(s.commonDir, "logs", filepath.FromSlash(ref))
}
