package record

import (
	"errors"
	"fmt"

	"incident/pkg/gitstore"
)

// Errors that callers branch on.
var (
	// ErrNotFound reports an incident, an entry or a record that is not there.
	ErrNotFound = errors.New("not found")
	// ErrAmbiguous reports a reference that means several incidents or entries.
	ErrAmbiguous = errors.New("ambiguous")
	// ErrConflict reports a write that contradicts what is there: a key with other content, an edited file.
	ErrConflict = errors.New("conflict")
	// ErrInvalid reports data that cannot be read or must not be written.
	ErrInvalid = errors.New("invalid")
)

// problem is an error of one kind with what a person can do about it.
type problem struct {
	kind        error
	msg, remedy string
}

func (e *problem) Error() string { return e.msg }
func (e *problem) Unwrap() error { return e.kind }

// Remedy is what a person can do. pkg/cli prints it for any error in the chain that has one.
func (e *problem) Remedy() string { return e.remedy }

func fail(kind error, remedy, format string, args ...any) error {
	return &problem{kind, fmt.Sprintf(format, args...), remedy}
}

// diskFailed says that the file system is at fault, not what a file holds.
func diskFailed(err error) error {
	return fail(gitstore.ErrDisk, "see that it can be read and written, and that the disk is not full, then try again", "%v", err)
}
