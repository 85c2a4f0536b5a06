package record

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"incident/pkg/incident"
)

// NewAttachment is a file to be kept with an entry.
type NewAttachment struct {
	Name string // as the person called it, without folders
	Data []byte
}

// ReadAttachment reads a file to attach. A folder, a link, a device and a file that is too large are
// refused, as an [incident.ErrInvalid]; a missing one is an [ErrNotFound], one
// that cannot be read a [gitstore.ErrDisk].
func ReadAttachment(file string) (_ NewAttachment, err error) {
	refuse := func(why string) (NewAttachment, error) {
		return NewAttachment{}, fail(incident.ErrInvalid, "attach an ordinary file of at most 10 MiB", "%s %s", file, why)
	}
	info, err := os.Lstat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return NewAttachment{}, fail(ErrNotFound, "see that the path is right", "there is no file %s to attach", file)
	case err != nil:
		return NewAttachment{}, diskFailed(err)
	case info.IsDir():
		return refuse("is a folder")
	case info.Mode()&os.ModeSymlink != 0:
		return refuse("is a link")
	case !info.Mode().IsRegular():
		return refuse("is no ordinary file")
	case info.Size() > incident.MaxAttachment:
		return refuse("is larger than 10 MiB")
	}
	f, err := os.Open(file)
	if err != nil {
		return NewAttachment{}, diskFailed(err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err := io.ReadAll(io.LimitReader(f, incident.MaxAttachment+1))
	if err != nil {
		return NewAttachment{}, diskFailed(err)
	}
	if len(data) > incident.MaxAttachment {
		return refuse("is larger than 10 MiB")
	}
	return NewAttachment{Name: oneLine(filepath.Base(file)), Data: data}, nil
}

// safeFileName makes a name that every file system takes, and that nobody mistakes for an option or a
// hidden file.
func safeFileName(name string) string {
	ext := filepath.Ext(name)
	stem := Slug(strings.TrimSuffix(name, ext))
	ext = strings.TrimSuffix(Slug(ext), "-incident") // only stems can be device names
	if stem == "" {
		stem = "file"
	}
	if ext == "" {
		return stem
	}
	return stem + "." + ext
}
