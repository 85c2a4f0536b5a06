package incident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

func TestSeen(t *testing.T) {
	asked := note(10, "askd", incident.Internal, "Refund nobody yet.")
	asked.To = []string{"support", "ana@example.com"}
	ack := func(minute int, suffix string, a incident.Audience, as ...string) incident.Entry {
		return entry(minute, suffix, incident.Entry{Kind: incident.Acknowledged, Audience: a, Acks: []string{asked.Name}, As: as})
	}
	for _, tt := range []struct {
		rule      string
		entries   []incident.Entry
		unseen    []string
		anomalies int
	}{
		{"nobody has", nil, []string{"support", "ana@example.com"}, 0},
		{"one of two", []incident.Entry{ack(12, "seen", incident.Internal, "Support")}, []string{"ana@example.com"}, 0},
		{"both, one after the other", []incident.Entry{ack(12, "seen", incident.Internal, "support"), ack(13, "more", incident.Internal, "ana@example.com")}, nil, 0},
		{"somebody else changes nothing", []incident.Entry{ack(12, "seen", incident.Internal, "managers")}, []string{"support", "ana@example.com"}, 0},
		{"what was withdrawn needs no answer", []incident.Entry{retraction(12, "gone", asked)}, nil, 0},
		{"engineers' acknowledgement of what others read does not count", []incident.Entry{ack(12, "seen", incident.Technical, "support")}, []string{"support", "ana@example.com"}, 1},
		{"nor one of before", []incident.Entry{ack(5, "seen", incident.Internal, "support")}, []string{"support", "ana@example.com"}, 1},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			inc := fold(append(tt.entries, incidenttest.Opened(), asked)...)
			require.Equal(t, tt.unseen, inc.Unseen(asked))
			require.Len(t, inc.Anomalies, tt.anomalies)
			owed := 0
			for _, o := range inc.Owed(team) {
				if o.What == incident.OwedAck {
					require.Equal(t, incidenttest.At(25), o.By)
					require.Equal(t, asked.Name, o.Entry)
					owed++
				}
			}
			require.Equal(t, len(tt.unseen), owed)
		})
	}

	inc := fold(incidenttest.Opened(), asked, ack(12, "seen", incident.Internal, "support"))
	require.ErrorIs(t, inc.Admit(ack(14, "agai", incident.Internal, "support")), incident.ErrNothing)
	require.NoError(t, inc.Admit(ack(14, "ana1", incident.Internal, "ana@example.com")))
	require.ErrorIs(t, inc.Admit(ack(14, "narr", incident.Technical, "ana@example.com")), incident.ErrAudience)
	require.ErrorIs(t, inc.Admit(entry(14, "none", incident.Entry{Kind: incident.Acknowledged, Acks: []string{"x"}, As: []string{"support"}})), incident.ErrInvalid)
	require.ErrorIs(t, inc.Admit(entry(14, "empt", incident.Entry{Kind: incident.Acknowledged})), incident.ErrInvalid)
	seen := inc.SeenBy(asked)
	require.Len(t, seen, 1)
	require.Equal(t, incidenttest.At(12), seen[0].At)
}
