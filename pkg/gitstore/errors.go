package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"incident/pkg/pattern"
)

// Errors that callers branch on.
var (
	// ErrNoRepository reports a folder that is in no git repository.
	ErrNoRepository = errors.New("not a git repository")
	// ErrNoWorkTree reports a bare repository.
	ErrNoWorkTree = errors.New("the repository has no work tree")
	// ErrNoGit reports that the git program is missing.
	ErrNoGit = errors.New("the git program was not found")
	// ErrGit reports that the git program, or writing for it, failed.
	ErrGit = errors.New("git failed")
	// ErrDamaged reports an object that a commit leads to, and that is not there or not whole. It is an [ErrGit], too.
	ErrDamaged = fmt.Errorf("the repository is damaged: %w", ErrGit)
	// ErrDisk reports that the file system failed. It is an [ErrGit], too.
	ErrDisk = errors.New("the disk failed")
	// ErrLocked reports that another program holds one of git's locks, or ours.
	ErrLocked = errors.New("repository is locked")
	// ErrBusy reports a merge, rebase or the like that is half done.
	ErrBusy = errors.New("an operation is half done")
	// ErrDirty reports a file with changes that nobody committed and that a write would overwrite.
	ErrDirty = errors.New("uncommitted changes")
	// ErrNotFound reports a path that the commit does not hold.
	ErrNotFound = errors.New("not in the repository")
	// ErrNobody reports that git does not know who somebody is.
	ErrNobody = errors.New("git does not know who you are")
	// ErrTooLarge reports a file of more bytes than its reader takes.
	ErrTooLarge = errors.New("too large")
)

// problem is an error of one kind with what a person can do about it.
type problem struct {
	kind        error
	msg, remedy string
}

// diskError is a [problem] of the file system itself. Git would meet it as well, and say less of it.
type diskError struct{ problem }

func (e *diskError) Unwrap() []error { return []error{ErrGit, ErrDisk} }

func isDisk(err error) bool { return errors.Is(err, ErrDisk) }

func (e *problem) Error() string { return e.msg }
func (e *problem) Unwrap() error { return e.kind }

// Remedy is what a person can do. pkg/cli prints it for any error in the chain that has one.
func (e *problem) Remedy() string { return e.remedy }

// writeError says that the file system, not git, failed.
func writeError(err error) error {
	var known *problem
	if errors.As(err, &known) {
		return err
	}
	if isDisk(err) {
		return err
	}
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return &diskError{problem{ErrGit, err.Error(), moreFiles}}
	}
	return &diskError{problem{ErrGit, err.Error(), writable}}
}

const moreFiles = "let more files be open at a time, then try again: ulimit -n 256"

const writable = "see that the repository is writable and the disk is not full, then try again"

// unread reports whether the file system kept something from being read. That is not the same as not there, nor as
// not ours: who takes it so may drop what was acknowledged.
func unread(err error) bool {
	var failed *fs.PathError
	return isDisk(err) || errors.As(err, &failed) && !errors.Is(err, fs.ErrNotExist)
}

// damaged says of an object that could not be read what that means: a commit leads to it, so that the repository is
// damaged. It is no [ErrNotFound]: who took it for one would take a folder that is lost for one that never was.
func damaged(id string, err error) error {
	var known *problem
	switch {
	case err == nil, unread(err), errors.As(err, &known), errors.Is(err, ErrTooLarge):
		return err
	case errors.Is(err, ErrNotFound):
		return &problem{ErrDamaged, "object " + id + " is missing", examine}
	}
	return &problem{ErrDamaged, fmt.Sprintf("object %s is damaged: %v", id, err), examine}
}

const examine = "incident doctor names what is damaged, and says how to get it back\nuntil then an incident can be written to that is named in full: -i 20261123-checkout-errors"

// LockedError is an [ErrLocked] that names the lock. We delete no lock that is not provably ours.
type LockedError struct {
	Path string
	Age  time.Duration // since it was made
}

func (e *LockedError) Error() string {
	return fmt.Sprintf("%s is held by another program, for %s", e.Path, e.Age.Round(time.Second))
}
func (e *LockedError) Unwrap() error { return ErrLocked }

// Remedy is what a person can do.
func (e *LockedError) Remedy() string {
	return "if no git program is running, delete it and try again"
}

// ProgramError is an [ErrGit]: what git, or a hook that it ran, said before it gave up.
type ProgramError struct {
	Command string // "commit"
	Dir     string // where it ran
	Stderr  string
	Err     error // of running it
}

func (e *ProgramError) Error() string {
	said := strings.TrimSpace(e.Stderr)
	if e.Dir != "" && ownWords.MatchString(said) && !strings.ContainsAny(said, `/\`) {
		return fmt.Sprintf("git %s in %s: %s", e.Command, e.Dir, said) // "unable to write loose object file": of which disk?
	}
	if said == "" {
		said = e.Err.Error()
		if e.Command == "commit" {
			said += ", without a word; one of the commit hooks may have refused"
		}
	}
	return "git " + e.Command + ": " + said
}

func (e *ProgramError) Unwrap() []error { return []error{ErrGit, e.Err} }

// Git's words for a lock that somebody else holds, and for a branch that moved or a folder of objects that
// a repack removed while it looked away.
var (
	lockHeld = pattern.New(`(?m)^(?:fatal|error): .*Unable to create '(.+\.lock)': File exists`)
	raced    = pattern.New(`(?m)^(?:fatal|error): (?:cannot lock ref |unable to create temporary file: No such file)`)
)

// ownWords is how git, not a hook of somebody's, begins to say what is wrong.
var ownWords = pattern.New(`(?m)^(?:fatal|error): `)

// contended reports whether git gave up because another git program was faster, and which lock that holds
// if it still does.
func (e *ProgramError) contended() (lock string, yes bool) {
	if m := lockHeld.FindStringSubmatch(e.Stderr); m != nil {
		return m[1], true
	}
	return "", raced.MatchString(e.Stderr) && !notWritable.MatchString(e.Stderr) // or it waits for what never comes
}

// unsureError reports that it could not be seen whether git committed.
type unsureError struct{ err error }

func (e *unsureError) Error() string {
	return "it is not known whether it was committed: " + e.err.Error()
}
func (e *unsureError) Unwrap() []error { return []error{ErrGit, e.err} }

// Remedy is what a person can do.
func (e *unsureError) Remedy() string {
	return "the next command finds out, and commits it if it was not; incident log shows it"
}
