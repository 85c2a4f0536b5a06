package gitstore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// The journal holds a change from before its first byte reaches the work tree until its commit is durable.
// Who finds one has come after a crash.

func (s *Store) journalPath() string { return filepath.Join(s.gitDir, "incident", "journal.json") }

func (s *Store) writeJournal(c *Change) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(s.journalPath()), 0o777); err != nil {
		return err
	}
	return writeDurably(s.journalPath(), raw)
}

func (s *Store) dropJournal() error {
	if err := os.Remove(s.journalPath()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// recover ends what a crash cut short. A change that had reached the work tree is committed: its author
// may have been told so. One that had not is forgotten, as if it had never been asked for.
func (s *Store) recover(ctx context.Context) error {
	raw, err := os.ReadFile(s.journalPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return &problem{ErrGit, err.Error(), "the repository must be readable"}
	}
	var c Change
	if err := json.Unmarshal(raw, &c); err != nil {
		return s.dropJournal() // journals are renamed into place whole; this one is not ours
	}
	done, reached, err := s.progress(ctx, &c)
	if err != nil {
		return err
	}
	if done || !reached {
		return s.dropJournal()
	}
	if err := s.idle(); err != nil {
		return err
	}
	if _, err := s.perform(ctx, &c); err != nil {
		var refused *ProgramError
		if !errors.As(err, &refused) {
			return err
		}
		kept, keepErr := s.rescue(&c)
		if keepErr != nil {
			return errors.Join(err, keepErr)
		}
		s.warn(fmt.Sprintf("a change that a crash cut short could not be committed (%v); it is kept in %s", err, kept))
	}
	return s.dropJournal()
}

// progress tells how far a change had come: committed, or at least begun in the work tree.
func (s *Store) progress(ctx context.Context, c *Change) (done, reached bool, err error) {
	snap, err := s.Snapshot(ctx)
	if err != nil {
		return false, false, err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return false, false, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	done = true
	for _, f := range c.Files {
		committed, err := snap.Read(f.Path, int64(len(f.Data)))
		done = done && err == nil && bytes.Equal(committed, f.Data)
		if _, err := root.Lstat(f.Path); err == nil && !snap.Has(f.Path) {
			reached = true
		} else if now, err := root.ReadFile(f.Path); err == nil && snap.Has(f.Path) && bytes.Equal(now, f.Data) {
			reached = true
		}
	}
	return done, reached, nil
}

// rescue keeps a change that git refuses where its author can find it.
func (s *Store) rescue(c *Change) (string, error) {
	dir := filepath.Join(s.PrivateDir(), "drafts")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", err
	}
	for _, f := range c.Files {
		if err := writeDurably(filepath.Join(dir, path.Base(f.Path)), f.Data); err != nil {
			return "", err
		}
	}
	return dir, nil
}
