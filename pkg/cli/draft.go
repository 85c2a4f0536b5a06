package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// draft says under which name words are kept that could not be recorded, and which command goes on with
// them; FILE stands for where they are. Early is the name while it is not clear which incident is meant.
type draft struct{ name, resume, early string }

// noteDraft is what was to be said to an audience in an incident: the next note for that audience there
// offers it. Before it is clear which incident was meant, nothing offers it; words of one incident must not
// turn up in another.
func noteDraft(id string, a incident.Audience) draft {
	command := "incident note -a " + a.String()
	if id == "" {
		return draft{name: "note-" + a.String(), resume: command + " -F FILE"}
	}
	return draft{name: id + "-note-" + a.String(), resume: command + " --draft -i " + id, early: "note-" + a.String()}
}

// keepDraft saves words that could not be recorded, so that no failure costs them.
func (d *deps) keepDraft(rec *record.Record, k draft, text string, err error) error {
	text = strings.TrimRight(text, "\n")
	if strings.TrimSpace(text) == "" || k.name == "" { // "": made from what is recorded, and made again
		return err
	}
	for _, place := range d.draftPlaces(rec) {
		if path, e := place.Save(k.name, text); e == nil {
			return &draftError{err, path, d.resumeWith(k, path, err)}
		}
	}
	// Never in a folder that others know the name of: they could put words into the mouth of the next user.
	if dir, e := os.MkdirTemp("", "incident-draft-"); e == nil {
		if path, e := (record.Drafts{Dir: dir}).Save(k.name, text); e == nil {
			return &draftError{error: err, path: path}
		}
	}
	d.errw.Line(terminal.Bold("Your text could not be kept in any file. Here it is:"))
	d.errw.Line(text)
	return err
}

// resumeWith is the command that goes on with a draft, in the same record; "" where it would fail again.
func (d *deps) resumeWith(k draft, path string, err error) string {
	for _, final := range []error{incident.ErrNotAllowed, incident.ErrAudience, incident.ErrNothing} {
		if errors.Is(err, final) {
			return ""
		}
	}
	command := strings.Replace(k.resume, "FILE", shellWords([]string{d.typed(path)}), 1)
	wrong := errors.Is(err, record.ErrNotFound) || errors.Is(err, record.ErrAmbiguous)
	if errors.Is(err, record.ErrAmbiguous) && !strings.Contains(command, " -i ") {
		command += " -i ID"
	}
	if d.incident != "" && !wrong && !strings.Contains(command, " -i ") {
		command += " -i " + shellWords([]string{d.incident})
	}
	if d.repo != "" && !wrong {
		command += " --repo " + shellWords([]string{d.repo})
	}
	return command
}

// typed spells a path so that it works in a command line; a ~ between quotes would not.
func (d *deps) typed(path string) string {
	if short := d.short(path); !strings.HasPrefix(short, "~") {
		return short
	}
	return path
}

// loadDrafts finds words that were kept under a name, the last first.
func (d *deps) loadDrafts(rec *record.Record, name string) []record.Draft {
	var found []record.Draft
	for _, place := range d.draftPlaces(rec) {
		found = append(found, place.List(name)...)
	}
	return found
}

// dropDraft removes kept words that are recorded now.
func (d *deps) dropDraft(rec *record.Record, k draft, recorded string) {
	drafts := d.loadDrafts(rec, k.name)
	if k.early != "" {
		drafts = append(drafts, d.loadDrafts(rec, k.early)...)
	}
	for _, kept := range drafts {
		if incident.NormalizeText(kept.Text) != recorded {
			continue
		}
		if err := rec.Drafts().Drop(kept); err != nil {
			d.warn(err.Error())
		}
	}
}

// draftPlaces are where drafts may be: with the record, else, where that could not be opened, with the
// user's own state.
func (d *deps) draftPlaces(rec *record.Record) []record.Drafts {
	var places []record.Drafts
	if rec != nil {
		places = append(places, rec.Drafts())
	}
	switch state := d.Env("XDG_STATE_HOME"); {
	case filepath.IsAbs(state):
		places = append(places, record.Drafts{Dir: filepath.Join(state, "incident", "drafts")})
	case d.Home != "":
		places = append(places, record.Drafts{Dir: filepath.Join(d.Home, ".local", "state", "incident", "drafts")})
	}
	return places
}

// What ends the user's text in the editor: git's line, or what follows it where somebody took that out. A
// line that only begins with # is a heading of the text's own.
const (
	scissors = "# ------------------------ >8 ------------------------"
	ignored  = "Everything below this line is ignored."
)

// sheet is what an editor opens with: a text to go on with, questions to write the answers between, and, below the line
// that ends the text, what its writer should know.
type sheet struct{ text, questions, below string }

// edit lets the user write a text in their editor.
func (d *deps) edit(ctx context.Context, rec *record.Record, k draft, p sheet) (string, error) {
	for _, left := range rec.Drafts().Unfinished(k.name) {
		d.say("Another text is being written in an editor, or was when that ended: " + d.short(left))
	}
	file, err := rec.Drafts().Edit(k.name, strings.TrimRight(p.text+"\n"+p.questions, "\n")+"\n\n"+scissors+"\n"+ignored+"\n"+p.below)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(file) }() // what it held is the result, or a draft
	editor := firstOf(rec.Editor(ctx), d.Env("VISUAL"), d.Env("EDITOR"), "vi")
	failed := terminal.Edit(ctx, editor, file, d.streams())
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", errors.Join(failed, err)
	}
	text := edited(string(raw), p.questions)
	switch {
	case failed != nil:
		return "", d.keepDraft(rec, k, text, &advised{errAborted, failed.Error(), "nothing was recorded"})
	case text == "":
		return "", &advised{errAborted, "the text is empty; nothing was recorded", ""}
	}
	return text, nil
}

// edited is what the user wrote in the editor, without the questions.
func edited(raw, questions string) string {
	asked := strings.Split(questions, "\n")
	var text strings.Builder
	blank := false
	for line := range strings.Lines(raw) {
		bare := strings.TrimSpace(line)
		switch {
		case bare == scissors || bare == ignored:
			return incident.NormalizeText(text.String())
		case bare != "" && slices.Contains(asked, bare):
			continue // and only one of the blank lines around it stays
		case bare == "" && blank && questions != "":
			continue
		}
		blank = bare == ""
		text.WriteString(line)
	}
	return incident.NormalizeText(text.String())
}

// streams are the standard streams for a program that takes over the terminal; standard output is not for
// it to draw on.
func (d *deps) streams() terminal.Streams {
	return terminal.Streams{In: file(d.Stdin), Out: file(d.Stderr), Err: file(d.Stderr)}
}
