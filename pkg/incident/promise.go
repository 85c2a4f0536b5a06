package incident

import "time"

// Outcome is what became of a promise.
type Outcome uint8

// The outcomes. At any time a promise has exactly one of them.
const (
	Open     Outcome = iota + 1 // its time has not come
	Kept                        // the word came in time
	KeptLate                    // the word came, after its time
	Broken                      // its time is over, and the word did not come
)

var outcomes = vocabulary{
	what:  "outcome",
	names: []string{"unset", "open", "kept", "kept_late", "broken"},
}

// Outcomes lists them all.
func Outcomes() []Outcome { return []Outcome{Open, Kept, KeptLate, Broken} }

// String is the outcome's name, "unset" for none.
func (o Outcome) String() string { return outcomes.name(uint8(o)) }

// MarshalText implements [encoding.TextMarshaler].
func (o Outcome) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (o *Outcome) UnmarshalText(text []byte) error {
	i, err := outcomes.parse(text)
	if err == nil {
		*o = Outcome(i)
	}
	return err
}

// Promise is a time by which an audience was told to hear again, as it stood in the end: who moves or ends
// one before its time has made another of it, or none.
type Promise struct {
	Audience Audience
	Entry    string    // that made it, or was the last to move it
	Made     time.Time // when that was
	By       time.Time // when the word is due
	Because  string    // why it is as far ahead as it is, where somebody had to say
	Cadence  bool      // nobody named the time; it followed from what was settled then

	Met   time.Time // when the word came; zero: it did not, or not yet
	MetBy string    // the entry that was the word

	ended bool // its time was over when another took its place without a word
}

// Outcome is what has become of the promise by now.
func (p Promise) Outcome(now time.Time) Outcome {
	switch {
	case !p.Met.IsZero() && !p.Met.After(p.By):
		return Kept
	case !p.Met.IsZero():
		return KeptLate
	case p.ended || now.After(p.By):
		return Broken
	default:
		return Open
	}
}

// Words tells when one audience was spoken to, and what it was promised. A word is an entry with a
// text or a file for that very audience; the wider ones that it can read too do not count. Nor does a
// correction: it is the same word put right, and can only move what that promised.
type Words struct {
	First, Last time.Time // zero: never
	LastEntry   string    // the name of the last word

	Promised   time.Time // when the next word is due; zero: nothing is promised
	Kept, Late int       // promises that a later word met, in time or not

	Promises []Promise // all that were made, in the order they were; the last may still stand
	Ended    bool      // they were told to expect no further word, and heard none since

	made time.Time // when Promised was
}

// Standing is the promise that no word has met yet, if there is one.
func (w Words) Standing() (Promise, bool) {
	if w.Promised.IsZero() {
		return Promise{}, false
	}
	return w.Promises[len(w.Promises)-1], true
}

// reasoned reports whether somebody said why the promise that stands is as far ahead as it is.
func (w Words) reasoned() bool {
	p, ok := w.Standing()
	return ok && p.Because != ""
}

// hear tells the entry's audience what the entry says.
func (i *Incident) hear(e *Entry) {
	if e.Kind == Retracted {
		return
	}
	if e.Audience == Customer {
		i.public = true
	}
	if e.Kind.After() {
		return
	}
	speaks := e.speaks() && i.fate(e.Name).about == "" // an earlier word put right is no new one, but it may move the promise
	if e.Next.said() || speaks {
		i.words[e.Audience].hear(e, speaks)
	}
	if last := len(i.Moves) - 1; i.Status == Resolved && i.Moves[last].Entry == e.Name {
		for _, a := range []Audience{Technical, Internal} {
			i.words[a].over(e)
		}
	}
}

// over ends what was promised before an entry by which the incident is resolved: those who work on it see that, and
// wait for no further word. Others may well be waiting to hear whether it lasts.
func (w *Words) over(e *Entry) {
	p, standing := w.Standing()
	if !standing || p.Entry == e.Name {
		return
	}
	last := len(w.Promises) - 1
	if e.Happened().After(p.By) {
		w.Promises[last].ended = true
		w.Late++
	} else {
		w.Promises = w.Promises[:last]
	}
	w.Promised = time.Time{}
}

// hear counts an entry: its words meet what was promised before, and it may promise anew. Withdrawing
// words takes no promise back, for it was heard.
func (w *Words) hear(e *Entry, speaks bool) {
	at := e.Happened()
	if speaks {
		if w.First.IsZero() || at.Before(w.First) {
			w.First = at
		}
		if !at.Before(w.Last) {
			w.Last, w.LastEntry = at, e.Name
		}
	}
	standing := len(w.Promises) - 1
	if w.Promised.IsZero() {
		standing = -1
	}
	moved := standing >= 0 // in time, and without a word
	switch {
	case at.Before(w.made): // it was noted down afterwards, and meets nothing that was promised since
		if standing < 0 || !e.Next.By.After(w.made) || e.Next.By.After(w.Promised) {
			return // they have heard since; and of two promises the sooner stands
		}
	case standing >= 0 && speaks:
		p := &w.Promises[standing]
		p.Met, p.MetBy, moved = at, e.Name, false
		if at.After(w.Promised) {
			w.Late++
		} else {
			w.Kept++
		}
	case standing >= 0 && at.After(w.Promised):
		w.Promises[standing].ended, moved = true, false
		w.Late++
	}
	if moved {
		w.Promises = w.Promises[:standing]
	}
	w.Promised, w.made, w.Ended = e.Next.By, at, e.Next.None && e.Next.By.IsZero()
	if !w.Promised.IsZero() {
		w.Promises = append(w.Promises, Promise{
			Audience: e.Audience, Entry: e.Name, Made: at, By: w.Promised, Because: e.Next.Because, Cadence: e.Next.Cadence,
		})
	}
}
