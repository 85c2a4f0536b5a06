package cli

import (
	"fmt"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// toldCustomers shows an update as customers read it, and what it made public.
func (w *writing) toldCustomers(before incident.Incident, done record.Written) {
	e, inc := done.Entry, done.Incident
	text := e.Text
	if !e.Next.By.IsZero() {
		text += "\nNext update by " + w.clocks(e.Next.By) + "."
	}
	w.quote(text)
	w.say()
	public := ""
	if !before.Public() {
		public = fmt.Sprintf(" This makes the incident public as %q.", inc.Headline())
	}
	w.say("Seen by: everyone." + public)
	w.nextStep(inc)
}

// nextStep names the command that usually comes now.
func (w *writing) nextStep(inc incident.Incident) {
	switch inc.Status {
	case incident.Investigating:
		w.next(`incident status identified -m "…"        when the cause is known`)
	case incident.Identified:
		w.next(`incident status monitoring -m "…"        when it is mended`)
	case incident.Monitoring:
		w.next(`incident resolve -m "…"        when it is over`)
	case incident.Resolved:
		if len(inc.Owed(1)) > 0 {
			w.next("incident postmortem", "incident close")
			return
		}
		w.next("incident close        when the work after it is done")
	}
}
