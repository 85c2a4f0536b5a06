package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// scissors is the line below which an editor's text is ours. A line that begins with # is a heading of the
// text's own.
const scissors = "# ------------------------ >8 ------------------------"

// maxInput is how much of a text is read, and kept as a draft, in bytes. What a note may hold is less.
const maxInput = 16 << 20

// source says where a text comes from: an argument, -m, a file. "-" is standard input, which is read only
// when asked for.
type source struct {
	arg, message, file string
	argGiven, given    bool // -m was given, be it empty
}

// isGiven reports whether the user named any source.
func (s source) isGiven() bool { return s.argGiven || s.given || s.file != "" }

// readSource reads the text that the user named. Nothing named is the empty text.
func (d *deps) readSource(s source) (string, error) {
	named := 0
	for _, is := range []bool{s.argGiven, s.given, s.file != ""} {
		if is {
			named++
		}
	}
	if named > 1 {
		return "", usage("", "the text is given twice; use one of: an argument, -m, -F")
	}
	switch {
	case s.arg == "-", s.message == "-", s.file == "-":
		return d.readAll(d.Stdin, "standard input")
	case s.file != "":
		f, err := os.Open(d.path(s.file))
		if errors.Is(err, os.ErrNotExist) {
			return "", &advised{record.ErrNotFound, fmt.Sprintf("there is no file %s", s.file), "see that the path is right"}
		}
		if err != nil {
			return "", usage("", "%s", err)
		}
		text, err := d.readAll(f, s.file)
		return text, errors.Join(err, f.Close())
	default:
		return s.arg + s.message, nil
	}
}

func (d *deps) readAll(r io.Reader, name string) (string, error) {
	if r == nil {
		return "", usage("", "%s is closed", name)
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxInput))
	if err != nil {
		return "", usage("", "read %s: %s", name, err)
	}
	return string(raw), nil
}

// readyText makes a text as it is kept. What engineers pipe in may hold the colours of another program or
// broken characters; those are made visible. Words for anybody else are refused with them.
func (d *deps) readyText(a incident.Audience, text string) string {
	text = incident.NormalizeText(text)
	if a > incident.Internal {
		return text
	}
	escaped, n := incident.EscapeControls(text)
	if n > 0 {
		d.warn(fmt.Sprintf("%d control characters or broken bytes of the text are kept as visible escapes, such as \\x1b", n))
	}
	return incident.NormalizeText(escaped)
}

// keepDraft saves words that could not be recorded, so that no failure costs them.
func (d *deps) keepDraft(rec *record.Record, name, text string, err error) error {
	if incident.NormalizeText(text) == "" || errors.Is(err, incident.ErrNothing) {
		return err
	}
	resume := ""
	var places []record.Drafts
	if rec != nil {
		places = append(places, rec.Drafts())
		if _, e := incident.Audience(0), new(incident.Audience).UnmarshalText([]byte(name)); e == nil {
			resume = "incident note -a " + name + " --draft"
		}
	}
	for _, p := range append(places, d.ownDrafts()...) {
		if path, saveErr := p.Save(name, strings.TrimRight(text, "\n")); saveErr == nil {
			return &draftError{err, path, resume}
		}
		resume = ""
	}
	d.errw.Line(terminal.Bold("Your text could not be kept in any file. Here it is:"))
	d.errw.Line(text)
	return err
}

// ownDrafts are the places for drafts that belong to no record.
func (d *deps) ownDrafts() []record.Drafts {
	var places []record.Drafts
	switch state := d.Env("XDG_STATE_HOME"); {
	case filepath.IsAbs(state):
		places = append(places, record.Drafts{Dir: filepath.Join(state, "incident", "drafts")})
	case d.Home != "":
		places = append(places, record.Drafts{Dir: filepath.Join(d.Home, ".local", "state", "incident", "drafts")})
	}
	return append(places, record.Drafts{Dir: filepath.Join(os.TempDir(), "incident-drafts")})
}

// edit lets the user write a text in their editor, beginning with a draft, above what they should know.
func (d *deps) edit(ctx context.Context, rec *record.Record, name, draft, below string) (text string, err error) {
	editor := firstOf(rec.Editor(ctx), d.Env("VISUAL"), d.Env("EDITOR"), "vi")
	drafts := rec.Drafts()
	if err := os.MkdirAll(drafts.Dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(drafts.Dir, name+"-*.edit.md")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(f.Name()) }() // what it held is the result, or a draft
	_, err = f.WriteString(strings.TrimRight(draft, "\n") + "\n\n" + scissors + "\n" + below)
	if err := errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	failed := terminal.Edit(ctx, editor, f.Name(), terminal.Streams{In: file(d.Stdin), Out: file(d.Stderr), Err: file(d.Stderr)})
	raw, err := os.ReadFile(f.Name())
	if err != nil {
		return "", err
	}
	text, _, _ = strings.Cut("\n"+strings.ReplaceAll(string(raw), "\r\n", "\n"), "\n"+scissors)
	text = incident.NormalizeText(text)
	switch {
	case failed != nil:
		return "", d.keepDraft(rec, name, text, &advised{errAborted, failed.Error(), "nothing was recorded"})
	case text == "":
		return "", &advised{errAborted, "the text is empty; nothing was recorded", ""}
	}
	return text, nil
}

// path is a file's path as the user means it: from the working folder.
func (d *deps) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(d.Dir, name)
}

// joinClose ends a reading and keeps the first error.
func joinClose(err error, c io.Closer) error { return errors.Join(err, c.Close()) }
