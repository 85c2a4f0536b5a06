package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/view"
)

// toldCustomers shows what customers read from now on: words as they read them, and the incident itself
// where this entry made it public.
func (w *writing) toldCustomers(lead string, done record.Written) {
	text := done.Entry.Text
	if by := done.Incident.Words(incident.Customer).Promised; !by.IsZero() { // a correction leaves it as it stands
		text += "\nNext update by " + w.clocks(by) + "."
	}
	w.quote(lead, text)
}

// quote shows words apart from what is said about them.
func (w *writing) quote(lead, text string) {
	w.line(terminal.Bold(lead))
	w.line()
	w.line(terminal.Wrap(terminal.Safe(text), cmp.Or(w.errWidth, readable), "  "))
	w.line()
}

// wentPublic says what customers see from now on, where this entry made the incident public.
func wentPublic(before, after incident.Incident) string {
	if before.Public() || !after.Public() {
		return ""
	}
	return fmt.Sprintf(" This makes the incident public as %q.", after.Headline())
}

// customersSee says how customers see the incident, where facts of an entry changed that.
func customersSee(before, after incident.Incident) string {
	was, is := view.For(before, incident.Customer), view.For(after, incident.Customer)
	if !was.Visible || was.Headline == is.Headline && slices.Equal(was.Components, is.Components) && was.Impact == is.Impact && was.Started.Equal(is.Started) {
		return ""
	}
	var parts []string
	for _, c := range is.Components {
		parts = append(parts, c.Name+": "+c.State.Words())
	}
	if len(parts) == 0 {
		return fmt.Sprintf(" Customers see the incident as %q.", is.Headline)
	}
	return fmt.Sprintf(" Customers see the incident as %q, with %s.", is.Headline, strings.Join(parts, ", "))
}

// nextStep names the command that usually comes now: the next word to customers, when that is late or soon
// due.
func (d *deps) nextStep(inc incident.Incident) {
	for _, o := range within(debts(d.owes, inc), d.Now(), shortly) {
		if o.What != incident.OwedUpdate || o.Audience != incident.Customer || o.Why == incident.WhyFirst {
			continue
		}
		why := d.why(o)
		if o.By.Before(d.Now()) {
			why = "late: " + why
		}
		d.next(`incident note --audience customer "…"`, why)
		return
	}
	switch inc.Status {
	case incident.Investigating:
		d.next(`incident status identified -m "…"`, "when the cause is known")
	case incident.Identified:
		d.next(`incident status monitoring -m "…"`, "when it is mended")
	case incident.Monitoring:
		d.next(`incident resolve -m "…"`, "when it is over")
	case incident.Resolved:
		if !inc.Drafted() {
			d.next("incident postmortem", "then: incident close")
			return
		}
		d.next("incident close", "when the work after it is done")
	}
}
