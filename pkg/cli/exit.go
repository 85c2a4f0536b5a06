package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/sandbox"
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
	{gitstore.ErrNetwork, 13, "unreachable"},
	{gitstore.ErrWhichRemote, 2, "ambiguous"},
	{gitstore.ErrBranch, 2, "usage"},
	{gitstore.ErrNoRemote, 4, "not_found"},
	{gitstore.ErrDetached, 5, "not_allowed"},
	{gitstore.ErrConflict, 6, "conflict"},
	{gitstore.ErrBehind, 6, "diverged"},
	{record.ErrNotFound, 4, "not_found"},
	{gitstore.ErrNoRepository, 4, "not_found"},
	{incident.ErrNotAllowed, 5, "not_allowed"},
	{gitstore.ErrBusy, 5, "not_allowed"},
	{record.ErrConflict, 6, "conflict"},
	{gitstore.ErrLocked, 6, "locked"},
	{gitstore.ErrDirty, 6, "conflict"},
	{incident.ErrAudience, 7, "refused"},
	{errWording, 7, "wording"},
	{record.ErrInvalid, 8, "invalid_data"},
	{sandbox.ErrTemplate, 8, "invalid_data"},
	{gitstore.ErrNoWorkTree, 8, "invalid_data"},
	{gitstore.ErrGit, 9, "git_failed"},
	{gitstore.ErrDisk, 9, "git_failed"},
	{errOutput, 1, "output"},
	{errPage, 11, "page"},
	{errFound, 12, "problems_found"},
}

// meanings say what each exit code tells a script. incident help exit-codes prints them, and a test holds
// docs/reference/exit-codes.md to them and to the table above.
var meanings = []struct {
	code  int
	means string
}{
	{0, "done; also: nothing was to be done, or the list is empty"},
	{1, "an error in incident itself, or the answer could not be printed"},
	{2, "the command line is not understood, or something is missing that nobody can be asked for"},
	{3, "you gave up: the editor failed, or the text was empty"},
	{4, "not found: no such incident, entry, file, record or remote"},
	{5, "not allowed in this state"},
	{6, "conflict: a key was used for something else, a file was edited, here or by others too, the repository is locked"},
	{7, "the content was refused: it would reach the wrong readers, or they would not understand it"},
	{8, "data or configuration is invalid"},
	{9, "git failed, or the disk did; or there is no git program"},
	{10, "some deliveries failed"},
	{11, "the page could not be built or published"},
	{12, "a check found problems"},
	{13, "the network could not be reached"},
	{130, "interrupted"},
}

// topicExitCodes is the page that incident help exit-codes prints.
func topicExitCodes() string {
	lines := []string{"What the number says to a script:", ""}
	for _, m := range meanings {
		lines = append(lines, fmt.Sprintf("  %-3d   %s", m.code, m.means))
	}
	return strings.Join(lines, "\n")
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

// choiceError is an error that lists what could have been meant.
type choiceError struct {
	advised
	names []string // of incidents or entries, as they can be typed
	lines []string // the same with what tells them apart
}

// draftError is an error that cost nobody their words: they are kept in a file.
type draftError struct {
	error
	path   string // of the draft
	resume string // the command that goes on with it
}

func (e *draftError) Unwrap() error { return e.error }

// errorJSON is an error for programs.
type errorJSON struct {
	Code       string   `json:"code"`
	Exit       int      `json:"exit"`
	Message    string   `json:"message"`
	Remedy     string   `json:"remedy"`
	Draft      string   `json:"draft"`
	Candidates []string `json:"candidates"`

	Findings []wordFindingJSON `json:"findings"` // of errWording
}

// failed is the answer on standard error when JSON was asked for.
type failed struct {
	Schema string    `json:"schema"`
	Error  errorJSON `json:"error"`
}

// fail prints an error for people or for programs, and returns its exit code.
func (d *deps) fail(err error) int {
	code, name := exitOf(err)
	var draft *draftError
	var choice *choiceError
	var wording *wordingError
	worded := errors.As(err, &wording)
	kept, many := errors.As(err, &draft), errors.As(err, &choice)
	if d.output == outputJSON {
		wire := errorJSON{Code: name, Exit: code, Message: err.Error(), Remedy: remedyOf(err), Candidates: []string{}, Findings: []wordFindingJSON{}}
		if worded {
			wire.Findings = wording.found.Findings
		}
		if kept {
			wire.Draft = draft.path
		}
		if many {
			wire.Candidates = choice.names
		}
		_ = d.encode(d.errw, failed{schema, wire}) // standard error is the last resort
		return code
	}
	if errors.Is(err, errFound) {
		return code
	}
	d.errw.Line(terminal.Red(d.sentence(err.Error())))
	if worded {
		d.errw.Line()
		wording.found.show(d.errw, d.errWidth)
		d.errw.Line()
	}
	if many {
		for _, line := range choice.lines {
			d.errw.Line("  ", line)
		}
	}
	if remedy := remedyOf(err); remedy != "" {
		d.errw.Line(d.sentence(remedy))
	}
	if kept {
		d.errw.Line(fmt.Sprintf("Your text is kept in %s", d.short(draft.path)))
		if draft.resume != "" {
			d.next(draft.resume, "")
		}
	}
	if name == "internal" {
		d.errw.Line("This should not happen. What you did and the line above make a good report.")
	}
	return code
}
