package incident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

func titled(title string, components ...string) incident.Incident {
	inc := incident.Incident{Title: title}
	for _, name := range components {
		inc.Components = append(inc.Components, incident.Component{Name: name, State: incident.PartialOutage})
	}
	return inc
}

func TestLikeness(t *testing.T) {
	caused := func(inc incident.Incident, cause string, tags ...string) incident.Incident {
		inc.Cause, inc.Tags = cause, tags
		return inc
	}
	for _, tt := range []struct {
		rule            string
		begins, earlier incident.Incident
		similar         bool
	}{
		{"the same title again", titled("Checkout errors"), titled("Checkout errors"), true},
		{"the same in other words for how", titled("Checkout errors"), titled("Checkout fails"), true},
		{"in another number, tense and letter case", titled("Card payments are failing"), titled("CARD payment failed"), true},
		{"in another order", titled("Exhausted: connection pool of db-7"), titled("db-7 connection pool exhausted"), true},
		{"one word that tells little", titled("Checkout errors"), titled("Search errors"), false},
		{"only words that any title has", titled("All systems are down"), titled("Some customers cannot log in"), false},
		{"one of many words", titled("Certificate of the mail relay expired"), titled("Disk of the mail queue full since the import"), false},
		{"the same component with one word in common", titled("Checkout is slow", "Checkout"), titled("Payments fail at checkout", "Checkout", "Mail"), true},
		{"the same component in other letter case, and the same symptom", titled("Timeouts of cards", "checkout"), titled("Timeout at the bank", "Checkout"), true},
		{"the same component alone", titled("Nobody can pay", "Checkout"), titled("Wrong prices shown", "Checkout"), false},
		{"the same component and tag alone", caused(titled("Nobody can pay", "Checkout"), "", "bank"), caused(titled("Wrong prices shown", "Checkout"), "", "bank"), true},
		{"a half of the components, and a symptom", titled("Logins fail", "Login", "Search"), titled("Searches fail", "Search"), false},
		{"the title says what the earlier one came from", titled("Connection pool exhausted"), caused(titled("Checkout errors"), "connection pool exhausted", "database"), true},
		{"one of the words of what it came from", titled("Pool of workers is empty"), caused(titled("Checkout errors"), "connection pool exhausted"), false},
		{"the title names the component that the earlier one touched", titled("Checkout errors"), titled("Errors at the last step", "Checkout"), true},
		{"nothing in common", titled("Mail is stuck", "Mail"), titled("Search answers slowly", "Search"), false},
		{"an earlier one without a title", titled("Checkout errors"), titled(""), false},
		{"a title that says nothing", titled("It is down"), titled("It is not"), false},
		{"a title in another script", titled("決済エラー"), titled("決済エラー"), true},
		{"a title of signs", titled("???"), titled("???"), false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := incident.Likeness(tt.begins)(tt.earlier)
			require.Equal(t, tt.similar, got >= incident.Similar, "likeness %d", got)
			require.GreaterOrEqual(t, got, 0)
			require.LessOrEqual(t, got, 100)
		})
	}
}

// What has more in common comes first.
func TestLikenessOrders(t *testing.T) {
	like := incident.Likeness(titled("Card payments fail", "Checkout"))
	same, near, far := like(titled("Card payments fail", "Checkout")), like(titled("Card payments fail")), like(titled("Payments are declined", "Checkout"))
	require.Equal(t, 90, same)
	require.Greater(t, same, near)
	require.Greater(t, near, far)
}
