package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"incident/pkg/gitstore"
)

// Drafts are texts that could not be recorded, kept in a folder of this machine until they are.
type Drafts struct{ Dir string }

// Drafts are those of this clone.
func (r *Record) Drafts() Drafts { return Drafts{filepath.Join(r.store.PrivateDir(), "drafts")} }

func (d Drafts) path(name string) string { return filepath.Join(d.Dir, name+".md") }

// Save keeps a text and returns where. An older draft of that name moves aside; none is lost.
func (d Drafts) Save(name, text string) (string, error) {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return "", err
	}
	file := d.path(name)
	old, err := os.ReadFile(file)
	if err == nil && string(old) == text+"\n" {
		return file, nil
	}
	if err == nil {
		aside := ""
		for n := 2; aside == "" || exists(aside); n++ {
			aside = d.path(fmt.Sprintf("%s-%d", name, n))
		}
		if err := os.Rename(file, aside); err != nil {
			return "", err
		}
	}
	return file, gitstore.WriteDurably(file, []byte(text+"\n"), 0o600)
}

// Load returns the newest draft of that name; false where there is none.
func (d Drafts) Load(name string) (text string, ok bool) {
	raw, err := os.ReadFile(d.path(name))
	return string(raw), err == nil
}

// Drop removes the newest draft of that name, once its text is recorded.
func (d Drafts) Drop(name string) error {
	if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
