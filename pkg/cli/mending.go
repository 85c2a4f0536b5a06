package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// sound lets nothing pass that fails its readers. Where there is somebody to ask, they can mend the words or say why
// they go out as they are; else, and when they give up, the words are kept.
func (w *writing) sound(ctx context.Context, rec *record.Record, j *job) error {
	for {
		if err := w.promiseNext(ctx, j, rec.Config.TimeZone); err != nil {
			return w.keepDraft(rec, j.draft, j.entry.Text, err)
		}
		err := w.checkWords(rec, j.inc, &j.entry)
		var wrong *wordingError
		if err == nil {
			return nil
		}
		if !errors.As(err, &wrong) || !w.prompt.Interactive() || w.dryRun {
			return w.keepDraft(rec, j.draft, j.entry.Text, err)
		}
		if err := w.mend(ctx, rec, j, wrong); err != nil {
			return err
		}
		if err := w.date(&j.entry, w.times); err != nil {
			return w.keepDraft(rec, j.draft, j.entry.Text, err)
		}
	}
}

// mend asks what to do about words that were refused, and does it.
func (w *writing) mend(ctx context.Context, rec *record.Record, j *job, wrong *wordingError) error {
	text := j.entry.Text
	plain := clarity.Plainer(text, w.readersKnow(rec, j.inc, j.entry))
	w.errw.Line(terminal.Red(w.sentence(wrong.Error())))
	w.errw.Line()
	wrong.found.show(w.errw, w.errWidth)
	if plain != text {
		w.errw.Line(terminal.Bold("In plain words:"))
		w.errw.Line(terminal.Wrap(plain, min(w.errWidth, readable), "  "))
		w.errw.Line()
	}
	answer, err := w.prompt.Select(ctx, "What now?", mendings(plain != text), "edit")
	if err != nil {
		return w.keepDraft(rec, j.draft, text, err)
	}
	switch answer {
	case "edit":
		written, err := w.edit(ctx, rec, j.draft, sheet{text: text, below: remarks(wrong)})
		if kept := new(draftError); errors.As(err, &kept) {
			return err
		}
		if err != nil {
			return w.keepDraft(rec, j.draft, text, err)
		}
		j.entry.Text = w.readyText(j.entry.Audience, written)
	case "plain":
		j.entry.Text = plain
	case "anyway":
		reason, err := w.prompt.Input(ctx, terminal.Question{Message: "Why is it right as it is? (stands in the record, for the war room)", Required: true})
		if err != nil {
			return w.keepDraft(rec, j.draft, text, err)
		}
		for _, rule := range wrong.rules() {
			w.said = append(w.said, incident.Accepted{Rule: rule, Reason: reason})
		}
	default:
		return w.keepDraft(rec, j.draft, text, &advised{errAborted, "nothing was recorded", ""})
	}
	return nil
}

// mendings are the ways on from a refusal.
func mendings(plainer bool) []terminal.Option {
	options := []terminal.Option{{Value: "edit", Label: "edit     change the text"}}
	if plainer {
		options = append(options, terminal.Option{Value: "plain", Label: "plain    take the plain words"})
	}
	return append(options,
		terminal.Option{Value: "anyway", Label: "anyway   record it as it is, and say why"},
		terminal.Option{Value: "stop", Label: "stop     record nothing; the text is kept"})
}

// remarks tell in the editor what was found.
func remarks(wrong *wordingError) string {
	var b strings.Builder
	fmt.Fprintf(&b, "This is what %s cannot use:\n", wrong.found.Audience.Readers())
	for _, f := range wrong.found.Findings {
		fmt.Fprintf(&b, "\n%s\n", terminal.Wrap(terminal.Safe(advice(f.Message, f.Suggestion)+" ("+f.Rule+")"), readable, "  "))
	}
	return b.String()
}
