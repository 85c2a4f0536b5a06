package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/view"
	"incident/pkg/when"
)

// writing are the flags of every command that writes, and what these do with them.
type writing struct {
	*deps
	accepting
	at, key, author string
	dryRun          bool
	times           times // that the entry was dated by
	toWhom          []string
	toAnyone        bool
	because         string // why the next word takes long
	narrower        string // the note that is put into plain words
	alike           []similarJSON
}

func (w *writing) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&w.at, "at", "", "when it happened, a `TIME`: 14:05, yesterday 14:05, 15m ago, RFC 3339 (default: now)")
	f.StringVar(&w.key, "key", "", "make a retry safe: one `KEY` writes once in an incident, and opens one once")
	f.BoolVar(&w.dryRun, "dry-run", false, "show what would be recorded, and record nothing")
	f.StringVar(&w.author, "author", "", "`WHO` writes: \"Ana Lima <ana@example.com>\" (default: $INCIDENT_AUTHOR, or as git knows you)")
}

// begin opens the record and reads the incident that the user means.
func (w *writing) begin(ctx context.Context, by order) (*record.Record, incident.Incident, error) {
	rec, err := w.openRecord(ctx)
	if err != nil {
		return nil, incident.Incident{}, err
	}
	inc, err := w.target(ctx, rec, "", by)
	return rec, inc, err
}

// target reads the incident that the user means, and says which it is where they did not.
func (w *writing) target(ctx context.Context, rec *record.Record, named string, by order) (_ incident.Incident, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return incident.Incident{}, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	inc, implied, err := w.pick(rec, rd, named, by)
	if err != nil {
		return incident.Incident{}, err
	}
	if where := w.implied(rec); implied || where != "" {
		w.line(terminal.Dim("in " + inc.ID + where))
	}
	return inc, nil
}

// implied names the record where the user did not.
func (w *writing) implied(rec *record.Record) string {
	if w.place.How != record.ByUser && w.place.How != record.ByEnclosing || sameFolder(rec.Dir(), w.Dir) {
		return ""
	}
	return ", " + w.short(rec.Dir())
}

func sameFolder(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// times are the flags by which people say when.
type times struct{ next, started string }

// entry starts an entry from the flags that all writes have.
func (w *writing) entry(kind incident.Kind, a incident.Audience, t times) (incident.Entry, error) {
	e := incident.Entry{Kind: kind, Audience: a, Key: w.key}
	return e, w.date(&e, t)
}

// date says when the entry happened, what it promises and when the incident began. All count from one
// moment, so that a retry a minute later is seen to say the same.
func (w *writing) date(e *incident.Entry, t times) (err error) {
	w.times = t
	now := w.now()
	e.At = now.UTC().Truncate(time.Millisecond)
	if w.at != "" {
		if e.At, err = when.Time(w.at, now); err != nil {
			return fmt.Errorf("--at: %w", err)
		}
	}
	if t.started != "" {
		if e.Started, err = when.Time(t.started, now); err != nil {
			return fmt.Errorf("--started: %w", err)
		}
	}
	e.Next, err = w.promise(t.next, e.At.In(now.Location()))
	return err
}

// job is one write and what to tell about it.
type job struct {
	inc    incident.Incident // as it was read; the zero value to open one
	entry  incident.Entry
	attach []record.NewAttachment
	doc    func(incident.Incident) ([]byte, error)
	edit   func(incident.Incident, []byte) ([]byte, error) // of the postmortem that is there
	draft  draft                                           // where the entry's text is kept, should it not be recorded
	tell   func(record.Written)
	after  func(record.Written) // what is of use once that is told, before the answer is printed
}

// record writes the entry, tells the user, and prints the answer. Whatever fails, the words survive it.
func (w *writing) record(ctx context.Context, rec *record.Record, j job) error {
	w.owes = rec.Config.Rules()
	if err := w.sound(ctx, rec, &j); err != nil {
		return err
	}
	done, err := rec.Write(ctx, record.Write{
		Incident: j.inc.ID, Entry: j.entry, Author: w.author, Attach: j.attach, Document: j.doc, Edit: j.edit, DryRun: w.dryRun,
	})
	if err != nil {
		return w.keepDraft(rec, j.draft, j.entry.Text, explain(err, j.inc.ID))
	}
	w.committed = done.Commit != ""
	if w.committed && j.entry.Text != "" {
		w.dropDraft(rec, j.draft, j.entry.Text)
	}
	w.report(rec, j, done)
	if w.committed {
		w.remind(done.Incident)
	}
	if j.after != nil {
		j.after(done)
	}
	err = w.print(written{w, rec, done, j.inc.ID == ""})
	if w.committed && err != nil {
		w.warn("recorded, but its name could not be printed: " + err.Error())
		err = nil // it is kept: any other exit code would make a script write it twice
	}
	if w.committed {
		w.share(ctx, rec)
		published := w.publishAfter(ctx, rec, done)
		if at := publicAddress(rec, done.Incident, done.Entry); at != "" {
			w.line(published, terminal.Cyan(at))
		}
	}
	return err
}

func (w *writing) report(rec *record.Record, j job, done record.Written) {
	switch {
	case done.Nothing != "":
		w.say(done.Incident.ID + ": " + done.Nothing)
	case done.Replayed:
		w.say(fmt.Sprintf("Recorded already, with the key %q, in %s.", w.key, done.Incident.ID))
	case w.dryRun:
		w.line(terminal.Bold("Nothing is recorded; this is what would be:"))
		j.tell(done)
	default:
		j.tell(done)
	}
	if n := lostIn(done.Incident); n > 0 {
		w.warn(fmt.Sprintf("%s of %s cannot be read; %s", entries(n), done.Incident.ID, repositoryDamaged))
	}
	if w.committed && rec.Detached() {
		w.warn("no branch is checked out in " + w.short(rec.Dir()) + "; this commit is on none. git switch -c NAME keeps it")
	}
}

// explain names the incident in the refusal of a status.
func explain(err error, id string) error {
	var move *incident.MoveError
	if !errors.As(err, &move) {
		return err
	}
	word := "become " + move.To.String()
	switch {
	case move.To == incident.Closed:
		word = "be closed yet"
	case move.To < move.From:
		word = "go back to " + move.To.String()
	}
	return &advised{incident.ErrNotAllowed, fmt.Sprintf("%s is %s; it cannot %s", id, move.From, word), move.Remedy()}
}

// written is the answer to every write.
type written struct {
	by     *writing
	rec    *record.Record
	done   record.Written
	opened bool
}

func (r written) ids() []string {
	switch {
	case r.opened:
		return []string{r.done.Incident.ID}
	case r.done.Nothing != "":
		return nil
	default:
		return []string{r.done.Entry.Name}
	}
}

// writtenJSON is written for programs.
type writtenJSON struct {
	Schema   string        `json:"schema"`
	Incident incidentJSON  `json:"incident"`
	Entry    *entryJSON    `json:"entry"`
	Commit   string        `json:"commit"`
	Document string        `json:"document"`
	Address  string        `json:"address"`
	Similar  []similarJSON `json:"similar"`
	Replayed bool          `json:"replayed"`
	Changed  bool          `json:"changed"`
	DryRun   bool          `json:"dry_run"`
}

func (r written) wire() any {
	done := r.done
	v := view.For(done.Incident, incident.Technical)
	j := writtenJSON{
		Schema: schema, Incident: wireIncident(v, done.Incident, r.by.Now()), Commit: done.Commit, Replayed: done.Replayed,
		Address: publicAddress(r.rec, done.Incident, done.Entry), Similar: append([]similarJSON{}, r.by.alike...),
		Changed: done.Nothing == "" && !done.Replayed && !r.by.dryRun, DryRun: r.by.dryRun,
	}
	if done.Entry.Kind == incident.Postmortem {
		j.Document = documentOf(r.rec, done.Incident.ID)
	}
	for _, u := range v.Updates {
		if done.Nothing == "" && u.Entry == done.Entry.Name {
			e := wireEntry(u)
			j.Entry = &e
		}
	}
	return j
}
