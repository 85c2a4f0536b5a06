package record

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// Write is one entry to be recorded. Its name is given when it is written.
type Write struct {
	Incident string         // its identifier; "" for an entry that opens one
	Entry    incident.Entry // At zero: now
	Author   string         // "Ana Lima <ana@example.com>"; "": see [Record] and git
	Attach   []NewAttachment
	// Document makes the postmortem that is committed with the entry.
	Document func(incident.Incident) ([]byte, error)
	// Edit makes it from the one that is committed, which people may have edited.
	Edit   func(inc incident.Incident, old []byte) ([]byte, error)
	DryRun bool // everything but the commit
}

// Written is what a write did.
type Written struct {
	Incident incident.Incident // as it is now
	Entry    incident.Entry
	Commit   string // "" for a replay, a dry run and where there was nothing to do
	Replayed bool   // the key was used before, for the same content: Entry is the first one
	Nothing  string // why nothing was to be done, else ""

	added bool // the incident is still as it was before
}

// Write adds an entry, in one commit. Once it returns nil the entry is kept for good. Errors are those of
// [incident.Incident.Admit] and [gitstore.Store.Commit], and [ErrConflict] for a key that was used for
// something else or a postmortem that people have edited.
func (r *Record) Write(ctx context.Context, w Write) (Written, error) {
	author, committer := r.author(ctx, w.Author)
	w.Entry.Author = incident.Person(author)
	now := r.now()
	if w.Entry.At.IsZero() {
		w.Entry.At = now
	}
	w.Entry.At = w.Entry.At.Truncate(time.Millisecond)
	w.Entry = normal(w.Entry)
	if err := r.warm(ctx, w.Entry); err != nil {
		return Written{}, err
	}
	var done Written
	build := func(snap *gitstore.Snapshot) (*gitstore.Change, error) {
		var files []gitstore.NewFile
		var err error
		d := r.reader(snap)
		d.hurried = true
		done, files, err = r.prepare(d, w, now)
		if err != nil || len(files) == 0 {
			return nil, err
		}
		return &gitstore.Change{Files: files, Message: message(done), Author: author, Committer: committer, When: now}, nil
	}
	if w.DryRun {
		err := r.store.Check(ctx, build)
		return done.told(), err
	}
	look := func(snap *gitstore.Snapshot) {
		d := r.reader(snap)
		d.hurried = true
		_, _, _ = r.subject(d, w, now) // what it finds is kept for the next time
	}
	id, err := r.store.CommitInTurn(ctx, look, build)
	if id != "" {
		done.Commit = id
	}
	done = done.told() // only now: others wait no longer
	if err == nil && id != "" {
		r.tellClock(done.Entry, now)
	}
	return done, err
}

// warm reads what an opening with a key is compared with, so that others need not wait for us to do so
// under the lock: where there is no cache yet, that is every opening.
func (r *Record) warm(ctx context.Context, e incident.Entry) (err error) {
	if e.Kind != incident.Opened || e.Key == "" {
		return nil
	}
	d, err := r.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	_, _, err = d.openedWith(e.Key)
	return err
}

// tellClock warns when somebody's clock ran ahead, so that times of recording had to be moved.
func (r *Record) tellClock(e incident.Entry, now time.Time) {
	if ahead := e.Recorded().Sub(now); ahead > 10*time.Minute {
		r.warn(fmt.Sprintf("the newest entry was recorded %s ahead of this clock; one of the two clocks is wrong", ahead.Round(time.Minute)))
	}
}

// prepare decides what a write adds to the commit that it finds. It tells the incident as it was.
func (r *Record) prepare(d *Reader, w Write, now time.Time) (Written, []gitstore.NewFile, error) {
	inc, first, err := r.subject(d, w, now)
	if err != nil {
		return Written{}, nil, err
	}
	e := w.Entry
	describe(&e, w.Attach)
	if first != nil {
		if !incident.SameContent(*first, e) {
			return Written{}, nil, fail(ErrConflict, "use another --key for another entry", "the key %q was used for %s, which says something else", e.Key, first.Name)
		}
		return Written{Incident: inc, Entry: *first, Replayed: true}, nil, nil
	}
	if err := inc.Admit(e); errors.Is(err, incident.ErrNothing) {
		return Written{Incident: inc, Entry: e, Nothing: err.Error()}, nil, nil
	} else if err != nil {
		return Written{}, nil, fmt.Errorf("%s: %w", inc.ID, err)
	}
	suffix := newSuffix()
	e.Name = incident.Name{Recorded: incident.NextRecorded(now, inc.Timeline), Label: e.Label(), Suffix: suffix}.String()
	files, err := attach(inc.ID, suffix, &e, w.Attach)
	if err != nil {
		return Written{}, nil, err
	}
	if w.Document != nil || w.Edit != nil {
		doc, err := document(d, inc, &e, w)
		if err != nil {
			return Written{}, nil, err
		}
		if doc == nil {
			return Written{Incident: inc, Entry: e, Nothing: "nothing to do: the document stays as it is"}, nil, nil
		}
		files = append(files, *doc)
	}
	raw, err := encode(e)
	if err != nil {
		return Written{}, nil, err
	}
	files = append(files, gitstore.NewFile{Path: PathOf(inc.ID, e.Name), Data: raw})
	return Written{Incident: inc, Entry: e, added: true}, files, nil
}

// told tells the incident as it is with the entry that was added to it.
func (w Written) told() Written {
	if w.added {
		w.Incident = w.Incident.With(w.Entry)
	}
	return w
}

// subject finds the incident that a write is about, and the entry that its key made before.
func (r *Record) subject(d *Reader, w Write, now time.Time) (incident.Incident, *incident.Entry, error) {
	if w.Entry.Kind == incident.Opened {
		return opening(d, w.Entry, now)
	}
	inc, err := d.Incident(w.Incident)
	if err != nil {
		return incident.Incident{}, nil, err
	}
	return inc, byKey(inc, w.Entry.Key), nil
}

func byKey(inc incident.Incident, key string) *incident.Entry {
	i := slices.IndexFunc(inc.Timeline, func(e incident.Entry) bool { return key != "" && e.Key == key })
	if i < 0 {
		return nil
	}
	return &inc.Timeline[i]
}

// opening finds the incident that an opening's key made before, or a free identifier for a new one.
func opening(d *Reader, e incident.Entry, now time.Time) (incident.Incident, *incident.Entry, error) {
	if err := e.Check(); err != nil {
		return incident.Incident{}, nil, err
	}
	if e.Key != "" {
		id, name, err := d.openedWith(e.Key)
		if err != nil {
			return incident.Incident{}, nil, err
		}
		if id != "" {
			inc, err := d.Incident(id)
			first, _ := inc.Entry(name)
			return inc, &first, err
		}
	}
	taken, err := d.takenOn(now)
	if err != nil {
		return incident.Incident{}, nil, err
	}
	slug := Slug(e.Title)
	for n := 1; ; n++ {
		if name := numbered(slug, n); !taken[name] {
			return incident.Fold(makeID(now, name), nil), nil, nil
		}
	}
}

// describe fills in what an entry says of the files that come with it.
func describe(e *incident.Entry, files []NewAttachment) {
	e.Attachments = nil
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		e.Attachments = append(e.Attachments, incident.Attachment{
			Name: f.Name, File: safeFileName(f.Name), Size: int64(len(f.Data)), SHA256: hex.EncodeToString(sum[:]),
		})
	}
}

// attach gives the attached files names that are free.
func attach(id, suffix string, e *incident.Entry, files []NewAttachment) ([]gitstore.NewFile, error) {
	dir, err := dirOf(id)
	if err != nil {
		return nil, err
	}
	var out []gitstore.NewFile
	for i, f := range files {
		name := suffix + "-" + e.Attachments[i].File
		if i > 0 { // two files of one name in one note
			name = fmt.Sprintf("%s-%d-%s", suffix, i+1, e.Attachments[i].File)
		}
		e.Attachments[i].File = name
		out = append(out, gitstore.NewFile{Path: path.Join(dir, attachmentsDir, name), Data: f.Data})
	}
	return out, nil
}

// document makes the postmortem that goes with an entry, nil where it is there already. One that people
// have edited is theirs.
func document(d *Reader, inc incident.Incident, e *incident.Entry, w Write) (*gitstore.NewFile, error) {
	old, err := d.Postmortem(inc.ID)
	first := errors.Is(err, ErrNotFound)
	if err != nil && (w.Edit != nil || !first) {
		return nil, err
	}
	var raw []byte
	if w.Edit != nil {
		raw, err = w.Edit(inc, old)
	} else {
		raw, err = w.Document(inc)
	}
	if err != nil {
		return nil, err
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")) // as it is committed
	if len(raw) > maxDocument {
		return nil, fail(ErrInvalid, "shorten the template", "the postmortem has %d bytes; at most %d MiB are kept", len(raw), maxDocument>>20)
	}
	e.Document = sum(raw)
	file := &gitstore.NewFile{Path: PostmortemPath(inc.ID), Data: raw}
	if first {
		return file, nil
	}
	drafted := ""
	for _, earlier := range inc.Timeline {
		if earlier.Kind == incident.Postmortem && earlier.Document != "" {
			drafted = earlier.Document
		}
	}
	switch now := sum(old); {
	case now == e.Document:
		return nil, nil
	case w.Edit != nil:
		e.Document = "" // it may hold words of people now: it is no draft any more that is made anew as a whole
		return file, nil
	case now == drafted:
		return file, nil
	}
	return nil, fail(ErrConflict, "incident postmortem refresh makes the record's parts of it anew; to start over, remove it with git first", "%s was edited since it was drafted", file.Path)
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// suffixLetters can be read aloud and typed: no 0, 1, i, l, o.
const suffixLetters = "23456789abcdefghjkmnpqrstuvwxyz"

// newSuffix makes the random end of an entry's name; 31^6 of them keep clones apart.
func newSuffix() string {
	raw := make([]byte, 6)
	_, _ = rand.Read(raw) // never fails
	for i, b := range raw {
		raw[i] = suffixLetters[int(b)%len(suffixLetters)]
	}
	return string(raw)
}

// message is what git keeps of a write: what was done, and nothing of what was said.
func message(w Written) string {
	return fmt.Sprintf("%s: %s\n\nIncident-Id: %s\nIncident-Entry: %s\nIncident-Audience: %s\n",
		w.Incident.ID, subject(w.Entry), w.Incident.ID, w.Entry.Name, w.Entry.Audience)
}

func subject(e incident.Entry) string {
	switch e.Kind {
	case incident.Opened:
		return "opened"
	case incident.Note:
		if e.Corrects != "" {
			return "correction for " + e.Audience.Readers()
		}
		return "note for " + e.Audience.Readers()
	case incident.Moved:
		return "status " + e.Status.String()
	case incident.Reopened:
		return "reopened"
	case incident.Set:
		return "facts set"
	case incident.Assigned:
		return "role assigned"
	case incident.Retracted:
		return "words withdrawn"
	case incident.Postmortem:
		return "postmortem drafted"
	case incident.Acknowledged:
		return "seen"
	case incident.Action:
		if e.Action.Settles == "" {
			return "action added"
		}
		return "action " + e.Action.State.String()
	case incident.Published:
		return "postmortem published"
	case incident.Waived:
		return "postmortem waived"
	default:
		return e.Kind.String()
	}
}
