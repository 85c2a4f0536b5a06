package incident

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"
)

// Check says why the entry, whatever its incident, cannot be written: an [ErrInvalid], or an [ErrAudience]
// where it is for engineers alone and gives what others would read.
func (e Entry) Check() error {
	if !e.Audience.valid() {
		return refuse(ErrInvalid, "", "the entry has no audience")
	}
	for _, check := range []func() error{e.checkKind, e.checkAbout, e.checkLines, e.checkNext, e.checkAction, e.Facts.check, e.checkFiles} {
		if err := check(); err != nil {
			return err
		}
	}
	if e.Headline != "" && e.Audience == Technical {
		return refuse(ErrAudience, "give it in an entry for the war room: --audience internal", "a headline is read by customers, not by engineers alone")
	}
	return checkText(e.Text)
}

// checkKind says what an entry of its kind lacks.
func (e Entry) checkKind() error {
	switch e.Kind {
	case Opened:
		if e.Title == "" {
			return refuse(ErrInvalid, `incident open "Checkout errors"`, "a title is needed")
		}
		if e.Role != "" || e.Holder != "" {
			return e.checkRole()
		}
	case Note:
		if !e.speaks() {
			return refuse(ErrInvalid, `say something: incident note "…", or - to read standard input`, "the text is empty")
		}
	case Moved, Reopened:
		if !e.Status.valid() {
			return refuse(ErrInvalid, "incident status shows where it may go", "the entry has no status")
		}
	case Assigned:
		return e.checkRole()
	case Retracted:
		if e.Text == "" {
			return refuse(ErrInvalid, `say why: --reason "…"`, "a retraction needs a reason")
		}
	case Acknowledged:
		if len(e.Acks) == 0 || len(e.As) == 0 {
			return refuse(ErrInvalid, "incident ack ENTRY", "a note and those who have seen it are needed")
		}
	case Published:
		if e.Text == "" {
			return refuse(ErrInvalid, "", "a postmortem that is published needs words")
		}
	case Waived:
		if e.Text == "" {
			return refuse(ErrInvalid, `say why: --reason "…"`, "a waiver needs a reason")
		}
	case Set, Postmortem, Action:
	default:
		return refuse(ErrInvalid, "", "the entry has no kind")
	}
	return nil
}

func (e Entry) checkRole() error {
	if e.Role == "" || e.Holder == "" {
		return refuse(ErrInvalid, `incident assign commander "Ana Lima"`, "a role and who has it are needed")
	}
	return nil
}

// checkAbout says why an entry cannot be about another one.
func (e Entry) checkAbout() error {
	switch {
	case e.Corrects != "" && e.Kind != Note:
		return refuse(ErrInvalid, "", "only a note corrects another entry")
	case e.Corrects != "" && e.Text == "":
		return refuse(ErrInvalid, "to withdraw words: incident note --retract ENTRY", "a correction needs the words as they should be")
	case len(e.Acks)+len(e.As) > 0 && e.Kind != Acknowledged:
		return refuse(ErrInvalid, "", "only an acknowledgement says who has seen a note")
	case e.Retracts != "" && e.Kind != Retracted:
		return refuse(ErrInvalid, "", "only a retraction withdraws another entry")
	}
	return nil
}

// checkLines looks at the entry's values of one line, those that are given.
func (e Entry) checkLines() error {
	for _, l := range []struct{ what, value string }{
		{"title", e.Title},
		{"headline", e.Headline},
		{"key", e.Key},
		{"role", e.Role},
		{"holder", e.Holder},
		{"cause", e.Cause},
		{"reason", e.Next.Because},
		{"author's name", e.Author.Name},
		{"author's address", e.Author.Email},
	} {
		if l.value == "" {
			continue
		}
		if err := checkLine(l.what, l.value); err != nil {
			return err
		}
	}
	var err error
	for _, c := range e.Components {
		err = cmp.Or(err, checkLine("component's name", c.Name))
	}
	for _, t := range e.Tags {
		err = cmp.Or(err, checkLine("tag", t))
	}
	for _, t := range slices.Concat(e.To, e.As) {
		err = cmp.Or(err, checkLine("addressee", t))
	}
	for _, t := range e.Acks {
		err = cmp.Or(err, checkLine("note that was seen", t))
	}
	for _, a := range e.Accepted {
		err = cmp.Or(err, checkLine("rule", a.Rule), checkLine("reason", a.Reason))
	}
	return err
}

func (e Entry) checkNext() error {
	switch by := e.Next.By; {
	case by.IsZero() && (e.Next.Because != "" || e.Next.Cadence):
		return refuse(ErrInvalid, "--next 3h --because \"…\"", "there is a reason for a time that is not promised")
	case e.Next.None && !by.IsZero():
		return refuse(ErrInvalid, "say one of the two", "the next update is promised, and none is")
	case !by.IsZero() && !by.After(e.At):
		return refuse(ErrInvalid, "promise a time to come: --next 30m", "the next update is promised for a time that is over")
	case !datable(by):
		return refuse(ErrInvalid, "", "the next update is promised for the year %d", by.Year())
	}
	return nil
}

// check says why facts cannot be written.
func (f Facts) check() error {
	_, faults := f.sound()
	if len(faults) > 0 {
		return faults[0]
	}
	return nil
}

// sound leaves out the facts that cannot be, which a file that was made by hand may hold all the same, and
// says what was wrong with them.
func (f Facts) sound() (Facts, []error) {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, refuse(ErrInvalid, "", format, args...)) }
	if f.Customers != nil && *f.Customers < 0 {
		fault("the number of customers is negative")
		f.Customers = nil
	}
	if f.Share != nil && !(*f.Share >= 0 && *f.Share <= 100) { // written so that NaN is none either
		fault("the share of customers is not between 0%% and 100%%")
		f.Share = nil
	}
	if f.Severity > Sev4 {
		fault("the severity is none that is known")
		f.Severity = 0
	}
	if f.Impact > ImpactCritical {
		fault("the impact is none that is known")
		f.Impact = 0
	}
	if !datable(f.Started) {
		fault("it began in the year %d", f.Started.Year())
		f.Started = time.Time{}
	}
	var components []Component
	for _, c := range f.Components {
		if c.State < Operational || c.State > MajorOutage {
			fault("component %q has no state", c.Name)
			continue
		}
		components = append(components, c)
	}
	f.Components = components
	return f, faults
}

// datable reports whether a time can be written with a year of four digits, as files and JSON need it.
func datable(t time.Time) bool { return t.Year() >= 0 && t.Year() <= 9999 }

func (e Entry) checkFiles() error {
	for _, a := range e.Attachments {
		if err := cmp.Or(checkLine("attachment's name", a.Name), checkLine("attachment's file", a.File)); err != nil {
			return err
		}
		switch {
		case !a.Plain():
			return refuse(ErrInvalid, "", "the attachment's file %q is no plain file name", a.File)
		case a.Size < 0 || a.Size > MaxAttachment:
			return refuse(ErrInvalid, "attach a smaller part of it", "%q is %d bytes; at most %d MiB can be attached", a.Name, a.Size, MaxAttachment>>20)
		}
	}
	return nil
}

// Plain reports whether File names a file in the folder of attachments and no other place. What was made
// by hand, elsewhere, may name any; it is never to be followed.
func (a Attachment) Plain() bool {
	return a.File != "" && a.File[0] != '.' && a.File[0] != '-' && !strings.ContainsAny(a.File, "/\\:\x00")
}

// Unusable says why the fold takes nothing of an entry but keeps it: it could not be read, or it was not
// made by this tool. nil for all others.
func (e Entry) Unusable() error {
	switch _, err := ParseName(e.Name); {
	case e.Kind == Unreadable:
		return cmp.Or(e.Problem, errors.New("cannot be read"))
	case !slices.Contains(Kinds(), e.Kind):
		return errors.New("is of an unknown kind")
	case err != nil:
		return errors.New("has a name that no entry has")
	case !e.Audience.valid():
		return errors.New("is for no audience")
	}
	return nil
}
