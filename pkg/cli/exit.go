package cli

import (
	"context"
	"errors"
	"fmt"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/postmortem"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

var (
	// errAborted reports that the person gave up: an editor that failed, an empty text.
	errAborted = errors.New("aborted")
	// errOutput reports that the answer could not be printed.
	errOutput = errors.New("output")
	// errFound reports that a check found problems. They are printed already.
	errFound = errors.New("problems were found")
)

// exits maps errors to exit codes: the first match wins, no match is 1, internal.
var exits = []struct {
	is   error
	code int
	name string // "code" of a JSON error
}{
	{terminal.ErrInterrupted, 130, "interrupted"},
	{context.Canceled, 130, "interrupted"},
	{errUsage, 2, "usage"},
	{terminal.ErrNoTerminal, 2, "usage"},
	{when.ErrUnclear, 2, "usage"},
	{incident.ErrUnknown, 2, "usage"},
	{record.ErrAmbiguous, 2, "ambiguous"},
	{incident.ErrInvalid, 2, "invalid_input"},
	{errAborted, 3, "aborted"},
	{gitstore.ErrNoGit, 9, "no_git"},
	{record.ErrNotFound, 4, "not_found"},
	{gitstore.ErrNoRepository, 4, "not_found"},
	{incident.ErrNotAllowed, 5, "not_allowed"},
	{gitstore.ErrBusy, 5, "not_allowed"},
	{record.ErrConflict, 6, "conflict"},
	{gitstore.ErrLocked, 6, "locked"},
	{gitstore.ErrDirty, 6, "conflict"},
	{incident.ErrAudience, 7, "refused"},
	{record.ErrInvalid, 8, "invalid_data"},
	{postmortem.ErrTemplate, 8, "invalid_data"},
	{gitstore.ErrNoWorkTree, 8, "invalid_data"},
	{gitstore.ErrGit, 9, "git_failed"},
	{errOutput, 1, "output"},
	{errFound, 12, "problems_found"},
}

// exitOf returns the exit code of an error, and its name in JSON.
func exitOf(err error) (int, string) {
	for _, x := range exits {
		if errors.Is(err, x.is) {
			return x.code, x.name
		}
	}
	return 1, "internal"
}

// remedyOf finds what a person can do about an error.
func remedyOf(err error) string {
	var r interface{ Remedy() string }
	if errors.As(err, &r) {
		return r.Remedy()
	}
	return ""
}

// draftError is an error that cost nobody their words: they are kept in a file.
type draftError struct {
	error
	path   string // of the draft
	resume string // the command that goes on with it
}

func (e *draftError) Unwrap() error { return e.error }

// fail prints an error for people or for programs, and returns its exit code.
func (d *deps) fail(err error) int {
	code, name := exitOf(err)
	var draft *draftError
	kept := errors.As(err, &draft)
	if d.output == outputJSON {
		wire := errorJSON{Code: name, Exit: code, Message: err.Error(), Remedy: remedyOf(err)}
		if kept {
			wire.Draft = draft.path
		}
		_ = d.encode(d.errw, struct { // standard error is the last resort
			Schema string    `json:"schema"`
			Error  errorJSON `json:"error"`
		}{schema, wire})
		return code
	}
	if errors.Is(err, errFound) {
		return code
	}
	d.errw.Line(terminal.Red(err.Error()))
	if remedy := remedyOf(err); remedy != "" {
		d.errw.Line(remedy)
	}
	if kept {
		d.errw.Line(fmt.Sprintf("Your text is kept in %s", d.short(draft.path)))
		if draft.resume != "" {
			d.next(draft.resume)
		}
	}
	if code == 1 && !errors.Is(err, errOutput) {
		d.errw.Line("This should not happen. What you did and the line above make a good report.")
	}
	return code
}
