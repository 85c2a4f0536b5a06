package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
)

// Drafts are texts that could not be recorded, kept in a folder of this machine until they are.
type Drafts struct{ Dir string }

// Draft is one of them.
type Draft struct{ Path, Text string }

// Drafts are those of this clone.
func (r *Record) Drafts() Drafts { return Drafts{filepath.Join(r.store.PrivateDir(), "drafts")} }

// path is where the n-th draft of a name lies. A draft never moves: its path was told to somebody.
func (d Drafts) path(name string, n int) string {
	if n > 1 {
		name = fmt.Sprintf("%s-%d", name, n)
	}
	return filepath.Join(d.Dir, name+".md")
}

// Save keeps a text under a name and returns where. Others of that name stay as they are.
func (d Drafts) Save(name, text string) (string, error) {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		file := d.path(name, n)
		claim, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // another may save at the same time
		if errors.Is(err, fs.ErrExist) {
			if old, err := os.ReadFile(file); err == nil && string(old) == text+"\n" {
				return file, nil
			}
			continue
		}
		if err == nil {
			err = errors.Join(claim.Close(), gitstore.WriteDurably(file, []byte(text+"\n"), 0o600))
		}
		if err != nil {
			_ = os.Remove(file) // empty, if it is there at all
			return "", err
		}
		return file, nil
	}
}

// List returns the drafts of a name, the one that was kept last first.
func (d Drafts) List(name string) []Draft {
	var list []Draft
	kept := map[string]time.Time{}
	for _, file := range d.files(name, ".md") {
		info, err := os.Stat(file)
		if err != nil {
			continue
		}
		if raw, err := os.ReadFile(file); err == nil {
			list, kept[file] = append(list, Draft{file, string(raw)}), info.ModTime()
		}
	}
	slices.SortStableFunc(list, func(a, b Draft) int { return kept[b.Path].Compare(kept[a.Path]) })
	return list
}

// Unfinished returns the files that editors have open for a name, or had when this program was killed.
func (d Drafts) Unfinished(name string) []string { return d.files(name, editEnding) }

// editEnding ends the name of a file that is being edited.
const editEnding = ".edit.md"

// Edit makes the file in which a text of that name is edited.
func (d Drafts) Edit(name, text string) (string, error) {
	if err := os.MkdirAll(d.Dir, 0o700); err != nil {
		return "", diskFailed(err)
	}
	f, err := os.CreateTemp(d.Dir, name+"-*"+editEnding)
	if err != nil {
		return "", diskFailed(err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(diskFailed(err), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// files lists the files of a name, numbered or not, with that ending.
func (d Drafts) files(name, ending string) []string {
	entries, err := os.ReadDir(d.Dir)
	if err != nil {
		return nil // no folder, no drafts
	}
	var files []string
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), name)
		number, is := strings.CutSuffix(number, ending)
		if ok && is && strings.Trim(number, "-0123456789") == "" {
			files = append(files, filepath.Join(d.Dir, e.Name()))
		}
	}
	return files
}

// Drop removes a draft, once its text is recorded.
func (d Drafts) Drop(draft Draft) error {
	if err := os.Remove(draft.Path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
