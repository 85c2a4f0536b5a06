package cli

import (
	"fmt"
	"slices"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// toldCustomers shows what customers read from now on: words as they read them, and the incident itself
// where this entry made it public.
func (w *writing) toldCustomers(lead string, done record.Written) {
	e := done.Entry
	text := e.Text
	if !e.Next.By.IsZero() {
		text += "\nNext update by " + w.clocks(e.Next.By) + "."
	}
	w.say(terminal.Bold(lead))
	w.say()
	w.say(terminal.Wrap(terminal.Safe(text), w.errWidth, "  "))
	w.say()
}

// wentPublic says what customers see from now on, where this entry made the incident public.
func wentPublic(before, after incident.Incident) string {
	if before.Public() || !after.Public() {
		return ""
	}
	return fmt.Sprintf(" This makes the incident public as %q.", after.Headline())
}

// nextStep names the command that usually comes now.
func (d *deps) nextStep(inc incident.Incident) {
	switch inc.Status {
	case incident.Investigating:
		d.next(`incident status identified -m "…"`, "when the cause is known")
	case incident.Identified:
		d.next(`incident status monitoring -m "…"`, "when it is mended")
	case incident.Monitoring:
		d.next(`incident resolve -m "…"`, "when it is over")
	case incident.Resolved:
		if slices.ContainsFunc(inc.Owed(1), func(o incident.Owed) bool { return o.What == owedPostmortem }) {
			d.next("incident postmortem", "then: incident close")
			return
		}
		d.next("incident close", "when the work after it is done")
	}
}
