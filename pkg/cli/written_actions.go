package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/postmortem"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// recordRows offers to record the actions that people wrote into the postmortem's table: asks for each at a terminal,
// names the command for each elsewhere, and records all where that was asked for. It returns the incident with them.
func (c *refreshCmd) recordRows(ctx context.Context, rec *record.Record, inc incident.Incident, doc []byte) (incident.Incident, error) {
	for _, row := range postmortem.Unrecorded(doc, inc) {
		e, err := c.rowEntry(row)
		if err == nil {
			err = e.Check()
		}
		if err != nil {
			c.warn(fmt.Sprintf("line %d, %q, cannot be recorded: %v", row.Line, oneLine(row.Text), err))
			continue
		}
		switch yes, err := c.wanted(ctx, row, e.Action); {
		case err != nil:
			return inc, err
		case !yes:
			c.warn(fmt.Sprintf("line %d is not recorded: %q; --record-actions records it, or:", row.Line, oneLine(row.Text)))
			c.line("  ", terminal.Cyan(terminal.SafeLine(addCommand(inc.ID, e))))
			continue
		}
		if err := c.sound(ctx, rec, &job{inc: inc, entry: e}); err != nil {
			return inc, err
		}
		done, err := rec.Write(ctx, record.Write{Incident: inc.ID, Entry: e, Author: c.author})
		if err != nil {
			return inc, err
		}
		c.say(fmt.Sprintf("Recorded as %s: %s", done.Entry.Suffix(), oneLine(e.Text)))
		if row.Done() {
			c.next("incident action done "+done.Entry.Suffix(), "the table calls it "+terminal.SafeLine(row.Open))
		}
		inc = done.Incident
	}
	return inc, nil
}

// rowEntry is the entry that records a row.
func (c *refreshCmd) rowEntry(row postmortem.Item) (incident.Entry, error) {
	e, err := c.entry(incident.Action, incident.Internal, times{})
	if err != nil {
		return e, err
	}
	if row.Day != "" && row.Due.IsZero() {
		return e, fmt.Errorf("%q is no day; write %s", row.Day, c.now().AddDate(0, 0, 14).Format(time.DateOnly))
	}
	e.Text = incident.NormalizeText(row.Text)
	e.Action = incident.ActionFacts{Owner: row.Owner, Due: row.Due, For: row.Kind, Link: row.Link}
	return e, nil
}

// wanted reports whether a row is to be recorded.
func (c *refreshCmd) wanted(ctx context.Context, row postmortem.Item, facts incident.ActionFacts) (bool, error) {
	switch {
	case c.dryRun:
		return false, nil
	case c.recordActions:
		return true, nil
	case !c.prompt.Interactive():
		return false, nil
	}
	due := "no day"
	if !facts.Due.IsZero() {
		due = "due " + facts.Due.Format("2 January 2006")
	}
	return c.prompt.Confirm(ctx, fmt.Sprintf("Record the action %q? (%s, %s)", oneLine(row.Text), firstOf(facts.Owner, "no owner"), due), true)
}

// addCommand is the command that records an action, for any shell that knows single quotes.
func addCommand(id string, e incident.Entry) string {
	words := []string{"incident", "action", "add", "-i", id}
	for _, f := range []struct{ flag, value string }{{"--owner", e.Action.Owner}, {"--kind", e.Action.For}, {"--link", e.Action.Link}} {
		if f.value != "" {
			words = append(words, f.flag+"="+f.value)
		}
	}
	if !e.Action.Due.IsZero() {
		words = append(words, "--due="+e.Action.Due.Format(time.DateOnly))
	}
	return inSingleQuotes(append(words, "--", e.Text))
}

// inSingleQuotes spells a command so that a shell takes every word as it is: within single quotes nothing has a meaning,
// not even "!" in a shell that a person types into.
func inSingleQuotes(words []string) string {
	var typed []string
	for _, w := range words {
		if w == "" || strings.Trim(w, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_") != "" {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		typed = append(typed, w)
	}
	return strings.Join(typed, " ")
}
