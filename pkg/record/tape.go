package record

import (
	"math"

	"incident/pkg/incident"
	"incident/pkg/tape"
)

// reel is the spelling of the cache.
type reel struct{ *tape.Tape }

func reading(raw []byte) reel { return reel{tape.Read(string(raw))} }

func writing() reel { return reel{tape.Write(0)} }

// entry is everything but the problem: what could not be read is not on a tape.
func (t reel) entry(e *incident.Entry) {
	t.Text(&e.Name)
	tape.Small(t.Tape, &e.Kind)
	tape.Small(t.Tape, &e.Audience)
	t.Time(&e.At)
	t.Text(&e.Author.Name)
	t.Text(&e.Author.Email)
	t.Text(&e.Key)
	t.Text(&e.Text)
	t.facts(&e.Facts)
	tape.Small(t.Tape, &e.Status)
	t.Text(&e.Role)
	t.Text(&e.Holder)
	tape.List(t.Tape, &e.To, t.Text)
	t.Time(&e.Next.By)
	t.Flag(&e.Next.None)
	t.Text(&e.Next.Because)
	t.Flag(&e.Next.Cadence)
	t.Text(&e.Corrects)
	t.Text(&e.Retracts)
	tape.List(t.Tape, &e.Acks, t.Text)
	tape.List(t.Tape, &e.As, t.Text)
	t.Text(&e.Action.Owner)
	t.Time(&e.Action.Due)
	t.Text(&e.Action.For)
	t.Text(&e.Action.Link)
	t.Text(&e.Action.Settles)
	tape.Small(t.Tape, &e.Action.State)
	tape.List(t.Tape, &e.Accepted, func(a *incident.Accepted) {
		t.Text(&a.Rule)
		t.Text(&a.Reason)
	})
	tape.List(t.Tape, &e.Attachments, func(a *incident.Attachment) {
		t.Text(&a.Name)
		t.Text(&a.File)
		t.Signed(&a.Size)
		t.Text(&a.SHA256)
	})
	t.Text(&e.Document)
}

func (t reel) facts(f *incident.Facts) {
	t.Text(&f.Title)
	t.Text(&f.Headline)
	tape.Small(t.Tape, &f.Severity)
	tape.Small(t.Tape, &f.Impact)
	tape.List(t.Tape, &f.Components, func(c *incident.Component) {
		t.Text(&c.Name)
		tape.Small(t.Tape, &c.State)
	})
	t.Time(&f.Started)
	tape.Maybe(t.Tape, &f.Customers, func(n *int) {
		wide := int64(*n)
		t.Signed(&wide)
		*n = int(wide)
	})
	tape.Maybe(t.Tape, &f.Share, t.float)
	tape.List(t.Tape, &f.Tags, t.Text)
	t.Text(&f.Cause)
}

func (t reel) float(f *float64) {
	bits := math.Float64bits(*f)
	t.Number(&bits)
	*f = math.Float64frombits(bits)
}
