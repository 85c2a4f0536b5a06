package gitstore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// position is where HEAD stands.
type position struct {
	ref    string // "HEAD" where no branch is checked out
	commit string // "" before the branch's first one
}

// isObjectName reports whether a text is the name of an object, as git spells it.
func isObjectName(s string) bool { return len(s) == 40 && strings.Trim(s, "0123456789abcdef") == "" }

// head reads where HEAD stands.
func (s *Store) head() (position, error) {
	raw, err := os.ReadFile(filepath.Join(s.gitDir, "HEAD"))
	if errors.Is(err, fs.ErrNotExist) {
		return position{}, rare("there is no HEAD")
	}
	if err != nil {
		return position{}, writeError(err)
	}
	value := strings.TrimSpace(string(raw))
	ref, symbolic := strings.CutPrefix(value, "ref:")
	if !symbolic {
		if !isObjectName(value) {
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

// newest is the newest commit of what is checked out, "" before the first one.
func (s *Store) newest(ctx context.Context) (string, error) {
	if at, err := s.head(); err == nil && !s.sha256 || isDisk(err) {
		return at.commit, err
	}
	return s.Head(ctx)
}

// reference reads a branch, "" where there is none yet.
func (s *Store) reference(ref string) (string, error) {
	raw, err := os.ReadFile(s.refFile(ref))
	switch value := strings.TrimSpace(string(raw)); {
	case err == nil && isObjectName(value):
		return value, nil
	case err == nil:
		return "", rare(ref + " is unusual") // it may name another one
	case isFolder(s.refFile(ref)):
		return "", rare(ref + " is a folder")
	case !errors.Is(err, fs.ErrNotExist):
		return "", writeError(err)
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
		if id, name, ok := strings.Cut(strings.TrimSpace(string(line)), " "); ok && name == ref && isObjectName(id) {
			return id, nil
		}
	}
	// Git would look whether the packed ones leave room for a branch of this name.
	return "", rare(ref + " has no commit yet, while others are packed")
}

func isFolder(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.IsDir()
}

// refFile is the file of a reference: HEAD is this work tree's own, branches are shared.
func (s *Store) refFile(ref string) string {
	if ref == "HEAD" {
		return filepath.Join(s.gitDir, ref)
	}
	return filepath.Join(s.commonDir, filepath.FromSlash(ref))
}
