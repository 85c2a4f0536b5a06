package view_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/view"
)

func TestLasted(t *testing.T) {
	move := func(minute int, s incident.Status) view.Move {
		return view.Move{At: incidenttest.At(minute), Status: s}
	}
	for rule, tt := range map[string]struct {
		status   incident.Status
		resolved int
		moves    []view.Move
		want     time.Duration
	}{
		"from the start to the end": {incident.Resolved, 40, []view.Move{move(5, incident.Identified), move(40, incident.Resolved)}, 40 * time.Minute},
		"periods together, where it came back": {
			incident.Closed, 70,
			[]view.Move{move(40, incident.Resolved), move(50, incident.Investigating), move(70, incident.Resolved), move(90, incident.Closed)},
			60 * time.Minute,
		},
		"nothing while it goes on":               {incident.Investigating, 0, []view.Move{move(40, incident.Resolved), move(50, incident.Investigating)}, 0},
		"nothing where it ended before it began": {incident.Resolved, -10, []view.Move{move(-10, incident.Resolved)}, 0},
		"an end that only the record knows":      {incident.Resolved, 30, nil, 30 * time.Minute},
	} {
		t.Run(rule, func(t *testing.T) {
			v := view.View{Status: tt.status, Started: incidenttest.At(0), Moves: tt.moves}
			if tt.resolved != 0 {
				v.ResolvedAt = incidenttest.At(tt.resolved)
			}
			require.Equal(t, tt.want, v.Lasted())
		})
	}
}
