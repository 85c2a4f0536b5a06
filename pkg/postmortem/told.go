package postmortem

import (
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// quoteLimit is how much of one update stands in the document, in bytes; quoteLimitMany where there are
// more than many updates.
const (
	quoteLimit     = 8 << 10
	quoteLimitMany = 500
	many           = 200
)

// summary tells what customers may know, from their view alone.
func (b *builder) summary() Summary {
	v := b.customer
	if !v.Visible {
		return Summary{}
	}
	s := Summary{Headline: inline(v.Headline)}
	if v.Impact != 0 {
		s.Impact = v.Impact.String()
	}
	if slices.ContainsFunc(v.Components, func(c view.Component) bool { return !strings.Contains(v.Headline, c.Name) }) {
		s.Parts = partsOf(v.Components)
	}
	for _, u := range slices.Backward(v.Updates) {
		if text, _ := quote(u.Text, quoteLimit); text != "" {
			s.Last, s.LastAt = text, b.at(u.At)
			break
		}
	}
	return s
}

// told lists the updates for customers as their view shows them, with what became of each promise.
func (b *builder) told(applied []incident.Entry) Told {
	promises, t := b.promised(applied)
	limit := quoteLimit
	if len(b.customer.Updates) > many {
		limit = quoteLimitMany
	}
	for _, u := range b.customer.Updates {
		row := Update{
			At: b.at(u.At), Corrected: u.Corrected, CorrectedAt: b.at(u.CorrectedAt),
			Withdrawn: u.Withdrawn, WithdrawnAt: b.at(u.WithdrawnAt), Promises: promises[mark{u.ID, u.Recorded}],
		}
		if u.Status != 0 {
			row.Status = u.Status.String()
		}
		t.Count++
		if u.Corrected {
			t.Corrected++
		}
		if u.Withdrawn {
			t.Withdrawn++
		} else {
			row.Text, row.More = quote(u.Text, limit)
			for i, a := range u.Attachment {
				row.Attached += strings.Repeat(", ", min(i, 1)) + inline(a.Name)
			}
		}
		t.Updates = append(t.Updates, row)
	}
	t.First = b.at(b.inc.Words(incident.Customer).First)
	return t
}

// mark names an entry also in views that do not know its name.
type mark struct {
	id       string
	recorded time.Time
}

// promised tells for each update for customers when the next one was promised, and what became of that. It
// follows the fold in what meets a promise; a test holds the two together.
func (b *builder) promised(applied []incident.Entry) (map[mark][]Promise, Told) {
	var t Told
	list := map[mark][]Promise{}
	var of mark // the update that made the promise which stands
	var by, made time.Time
	for _, e := range applied {
		root, about := b.inc.Root(e)
		if !about {
			root = e
		}
		speaks := e.Text != "" || len(e.Attachments) > 0
		says := e.Next.None || !e.Promise().IsZero()
		if e.Audience != incident.Customer || e.Kind == incident.Retracted || e.Kind.After() || !says && (!speaks || about) {
			continue
		}
		at, next, from := e.Happened(), e.Promise(), mark{root.Suffix(), root.Recorded()}
		p := Promise{By: b.at(by), Outcome: "changed", Met: b.at(at), Itself: from == of}
		switch {
		case at.Before(made):
			if by.IsZero() || !next.After(made) || next.After(by) {
				continue
			}
			list[of] = append(list[of], p)
		case by.IsZero():
		case at.After(by):
			t.Late++
			p.Outcome, p.Late = "late", lasted(by, at)
			list[of] = append(list[of], p)
		case speaks && !about:
			t.Kept++
			p.Outcome = "kept"
			list[of] = append(list[of], p)
		case next.Equal(by): // promised once more
		default:
			list[of] = append(list[of], p)
		}
		of, by, made = from, next, at
	}
	switch {
	case by.IsZero():
	case by.After(b.now):
		t.Open++
		list[of] = append(list[of], Promise{By: b.at(by), Outcome: "open"})
	default:
		t.Missed++
		list[of] = append(list[of], Promise{By: b.at(by), Outcome: "missed"})
	}
	return list, t
}
