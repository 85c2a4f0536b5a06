package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// form is an entry as incident itself has written it, with the message of its commit. Filled in for
// another story it gives the bytes that incident would have written there.
type form struct {
	raw, message string
	id, name     string // in both, as the time and the words below are
}

// What stands in forms for what differs from entry to entry.
const (
	formTitle  = "Title to be replaced"
	formSerial = "4711471147"
)

var (
	formTime = time.Date(2001, 2, 3, 4, 5, 6, 789e6, time.UTC)
	formNext = formTime.Add(30*time.Minute + time.Millisecond)
)

// formWrites are the entries that stories are made of, in an order in which an incident takes them.
func formWrites() []incident.Entry {
	return []incident.Entry{
		{Kind: incident.Opened, Audience: incident.Internal, Text: "Alert " + formSerial + ": more than one answer in five is an error.", Facts: incident.Facts{
			Title: formTitle, Severity: incident.Sev2, Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}},
		}},
		{
			Kind: incident.Note, Audience: incident.Technical,
			Text: "The p99 of payments-api is at 9 s since deploy " + formSerial + ".\nThreads of all replicas wait for the same lock; db-7 has 212 idle transactions.",
		},
		{
			Kind: incident.Note, Audience: incident.Customer, Next: incident.Next{By: formNext},
			Text: "About one in five card payments fails at the last step (case " + formSerial + "). We are withdrawing the latest change to payments. Bank transfer works.",
		},
		{Kind: incident.Moved, Status: incident.Identified, Audience: incident.Internal, Text: "Change " + formSerial + " to payments is the cause; it is being withdrawn."},
		{Kind: incident.Moved, Status: incident.Resolved, Audience: incident.Customer, Text: "Checkout works again (case " + formSerial + "). About one in five card payments failed for half an hour."},
		{Kind: incident.Moved, Status: incident.Closed, Audience: incident.Internal, Text: "Follow-up is in the backlog as " + formSerial + "."},
	}
}

// newForms lets incident's own code write one entry of each kind into a record in dir, by label.
func newForms(ctx context.Context, g git, dir string) (map[string]form, error) {
	o := g.options(func() time.Time { return formTime })
	if err := g.init(ctx, dir); err != nil {
		return nil, err
	}
	made, err := record.Init(ctx, dir, o)
	if err != nil {
		return nil, err
	}
	forms, id := map[string]form{}, ""
	for _, e := range formWrites() {
		done, err := made.Record.Write(ctx, record.Write{Incident: id, Entry: e, Author: author})
		if err != nil {
			return nil, err
		}
		id = done.Incident.ID
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(record.PathOf(id, done.Entry.Name))))
		if err != nil {
			return nil, err
		}
		message, err := g.run(ctx, dir, "log", "-1", "--format=%B")
		if err != nil {
			return nil, err
		}
		f := form{string(raw), strings.TrimRight(message, "\n") + "\n", id, done.Entry.Name}
		if missing := f.missing(e); missing != "" {
			return nil, fmt.Errorf("the form of %s holds no %s: the format of entries has changed; change form.go with it", done.Entry.Label(), missing)
		}
		forms[done.Entry.Label()] = f
	}
	return forms, nil
}

// missing names what should be in a form to be replaced, and is not.
func (f form) missing(e incident.Entry) string {
	want := map[string]string{stamp(formTime): "time", formSerial: "serial"}
	if e.Kind == incident.Opened {
		want[formTitle] = "title"
	}
	if !e.Next.By.IsZero() {
		want[stamp(formNext)] = "promise"
	}
	for text, what := range want {
		if !strings.Contains(f.raw, text) {
			return what
		}
	}
	if !strings.Contains(f.message, f.id) || !strings.Contains(f.message, f.name) {
		return "identifier or name"
	}
	return ""
}

// stamp is a time as front matter spells it.
func stamp(t time.Time) string { return t.Format(time.RFC3339Nano) }

// written is an entry, ready to be committed.
type written struct {
	path, message string
	raw           []byte
	at            time.Time
}

// fill makes the entry of a story that was recorded at a time.
func (f form) fill(s story, label string, at time.Time, nth int) written {
	at = at.UTC().Truncate(time.Millisecond)
	name := s.name(label, at, nth)
	fill := strings.NewReplacer(
		f.name, name, f.id, s.id, stamp(formTime), stamp(at), stamp(formNext), stamp(at.Add(30*time.Minute)),
		formTitle, s.title, formSerial, fmt.Sprintf("%d-%d", s.serial, nth),
	)
	return written{path: record.PathOf(s.id, name), message: fill.Replace(f.message), raw: []byte(fill.Replace(f.raw)), at: at}
}

// commit writes the entry as one commit for `git fast-import`, on top of from, or of the one before.
func (w written) commit(out *bytes.Buffer, from string) {
	fmt.Fprintf(out, "commit refs/heads/main\ncommitter %s %d +0000\ndata %d\n%s", author, w.at.Unix(), len(w.message), w.message)
	if from != "" {
		fmt.Fprintf(out, "from %s\n", from)
	}
	fmt.Fprintf(out, "M 100644 inline %s\ndata %d\n", w.path, len(w.raw))
	out.Write(w.raw)
	out.WriteByte('\n')
}
