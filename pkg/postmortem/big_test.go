package postmortem_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/postmortem"
)

// long is an incident of two days with n entries, most of them evidence that was piped in.
func long(t testing.TB, n int) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	s.add("06:00", ana, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Text: "Checkout errors",
		Facts: incident.Facts{Title: "Checkout errors", Severity: incident.Sev1, Impact: incident.ImpactMajor, Components: []incident.Component{{Name: "Checkout", State: incident.MajorOutage}}},
	})
	evidence := strings.Repeat("HTTP 504  payments-api-7c9f  POST /v2/authorize  9012 ms\n", 20)
	for len(s.entries) < n-1 {
		i := len(s.entries)
		minute := i * 40 * 60 / n
		clock := fmt.Sprintf("%02d:%02d", 6+minute/60, minute%60)
		switch {
		case i%40 == 0:
			s.told(clock, "", fmt.Sprintf("About one in five card payments fails at the last step. We have checked %d of %d parts. Bank transfer works.", i, n))
		case i%20 == 0:
			s.note(clock, ben, incident.Internal, fmt.Sprintf("Host %d is checked and healthy; the next one is drained now.", i))
		default:
			s.note(clock, []incident.Person{ana, carl, bot}[i%3], incident.Technical, fmt.Sprintf("host %d answers slowly\n\n```\n%s```", i, evidence))
		}
	}
	s.move("46:00", incident.Resolved, "Everything is replaced.")
	return s.input("20261123-checkout-errors", "47:00")
}

// An incident of 2,000 entries makes a document that a person can read.
func TestLongIncidentStaysReadable(t *testing.T) {
	doc, err := postmortem.Draft("", long(t, 2000))
	require.NoError(t, err)
	require.Less(t, len(doc), 100<<10)
	require.Less(t, strings.Count(string(block(t, doc, "timeline")), "\n- "), 250)
	require.Contains(t, string(doc), " notes to engineers by deploy-bot, Ana Lima and Carl Voss ([the first](timeline/20261123T")
	require.Contains(t, string(doc), "### 24 November 2026")
}

func BenchmarkDraft500(b *testing.B) {
	in := long(b, 500)
	for b.Loop() {
		_, err := postmortem.Draft("", in)
		require.NoError(b, err)
	}
}

func BenchmarkDraft2000(b *testing.B) {
	in := long(b, 2000)
	for b.Loop() {
		_, err := postmortem.Draft("", in)
		require.NoError(b, err)
	}
}

func block(t testing.TB, doc []byte, name string) []byte {
	blocks, err := postmortem.Blocks(doc)
	require.NoError(t, err)
	for _, b := range blocks {
		if b.Name == name {
			return doc[b.Start:b.End]
		}
	}
	require.Fail(t, "no block "+name)
	return nil
}
