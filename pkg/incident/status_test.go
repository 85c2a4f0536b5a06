package incident_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// standing is a timeline that leads to a status.
func standing(s incident.Status) []incident.Entry {
	entries := []incident.Entry{incidenttest.Opened()}
	path := map[incident.Status][]incident.Status{
		incident.Identified: {incident.Identified},
		incident.Monitoring: {incident.Monitoring},
		incident.Resolved:   {incident.Resolved},
		incident.Closed:     {incident.Resolved, incident.Closed},
	}
	for n, to := range path[s] {
		entries = append(entries, incidenttest.Entry(1+n, fmt.Sprintf("mov%d", n), incident.Entry{Kind: incident.Moved, Status: to}))
	}
	return entries
}

// Every step of every status is listed here, by moving and by reopening. The fold takes the same steps
// that are admitted, and reports the others.
func TestMoves(t *testing.T) {
	const move, reopen = incident.Moved, incident.Reopened
	may := map[incident.Status]map[incident.Kind][]incident.Status{
		incident.Investigating: {move: {incident.Investigating, incident.Identified, incident.Monitoring, incident.Resolved}},
		incident.Identified:    {move: {incident.Identified, incident.Monitoring, incident.Resolved}},
		incident.Monitoring:    {move: {incident.Investigating, incident.Identified, incident.Monitoring, incident.Resolved}},
		incident.Resolved: {
			move:   {incident.Resolved, incident.Closed},
			reopen: {incident.Investigating, incident.Identified, incident.Monitoring},
		},
		incident.Closed: {
			move:   {incident.Closed},
			reopen: {incident.Investigating, incident.Identified, incident.Monitoring},
		},
	}
	for _, from := range incident.Statuses() {
		entries := standing(from)
		inc := incident.Fold(incidenttest.ID, entries)
		require.Equal(t, from, inc.Status)
		require.Empty(t, inc.Anomalies)
		for _, kind := range []incident.Kind{move, reopen} {
			for _, to := range incident.Statuses() {
				t.Run(fmt.Sprintf("from %s by %s to %s", from, kind, to), func(t *testing.T) {
					e := incidenttest.Entry(10, "next", incident.Entry{Kind: kind, Status: to, Text: "As it is."})
					after := incident.Fold(incidenttest.ID, append(entries, e))
					if slices.Contains(may[from][kind], to) {
						require.NoError(t, inc.Admit(e))
						require.Empty(t, after.Anomalies)
						require.Equal(t, to, after.Status)
						require.Equal(t, to, after.Became(e))
						return
					}
					err := inc.Admit(e)
					require.ErrorIs(t, err, incident.ErrNotAllowed)
					require.NotEmpty(t, remedy(err))
					require.Len(t, after.Anomalies, 1)
					require.ErrorIs(t, after.Anomalies[0].Err, incident.ErrNotAllowed)
					require.Equal(t, from, after.Status)
					require.Zero(t, after.Became(e))
				})
			}
		}
	}
}

// remedy is the advice that comes with an error, if any does.
func remedy(err error) string {
	var advice interface{ Remedy() string }
	if errors.As(err, &advice) {
		return advice.Remedy()
	}
	return ""
}

func TestMoveRemedies(t *testing.T) {
	for _, tt := range []struct {
		rule      string
		from, to  incident.Status
		says, may string
	}{
		{
			"an open incident is not closed at once", incident.Identified, incident.Closed,
			"identified cannot become closed", "from identified it may become: monitoring, resolved",
		},
		{
			"what came back is reopened", incident.Resolved, incident.Investigating,
			"resolved cannot become investigating", "it is resolved; if it came back: incident reopen",
		},
		{
			"a closed incident stays so", incident.Closed, incident.Resolved,
			"closed cannot become resolved", "from closed it may only be reopened: incident reopen",
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			err := incident.Fold(incidenttest.ID, standing(tt.from)).Admit(incidenttest.Entry(10, "next", incident.Entry{Kind: incident.Moved, Status: tt.to}))
			require.EqualError(t, err, tt.says)
			require.Equal(t, tt.may, remedy(err))
			var move *incident.MoveError
			require.ErrorAs(t, err, &move)
			require.Equal(t, incident.MoveError{From: tt.from, To: tt.to}, *move)
		})
	}
}

func TestNextIsACopy(t *testing.T) {
	require.Equal(t, []incident.Status{incident.Identified, incident.Monitoring, incident.Resolved}, incident.Investigating.Next())
	incident.Investigating.Next()[0] = incident.Closed
	require.Equal(t, incident.Identified, incident.Investigating.Next()[0])
	require.Empty(t, incident.Closed.Next())
}
