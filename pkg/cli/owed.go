package cli

import (
	"slices"
	"time"

	"incident/pkg/incident"
	"incident/pkg/terminal"
)

// owedPostmortem is the one thing owed that is no update for an audience.
const owedPostmortem = "postmortem"

// owedTo is what readers in an audience may know to be owed: updates promised to them or to wider
// audiences, and in the war room the postmortem.
func owedTo(a incident.Audience, owed []incident.Owed) []incident.Owed {
	return slices.DeleteFunc(owed, func(o incident.Owed) bool {
		return !a.Sees(o.Audience) || o.What == owedPostmortem && !a.Sees(incident.Internal)
	})
}

// owedWhat names it for a table.
func owedWhat(o incident.Owed) string {
	if o.What == owedPostmortem {
		return owedPostmortem
	}
	return o.Audience.Readers()
}

// owed prints what is waited for, with the names of incidents where there may be several.
func (d *deps) owed(owed []incident.Owed, now time.Time, of ...string) {
	if len(owed) == 0 {
		return
	}
	t := terminal.Table{Columns: make([]terminal.Column, 5)}
	for i, o := range owed {
		row := []terminal.Span{terminal.Plain(""), terminal.Plain(owedWhat(o)), terminal.Plain(d.clock(o.By)), until(o.By, now)}
		if i == 0 {
			row[0] = terminal.Bold("due")
		}
		if of != nil {
			row = append(row, terminal.Plain(of[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	d.out.Line()
	d.out.Table(t)
}
