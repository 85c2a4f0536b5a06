package clarity_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

// The samples of bad updates that this package began with. Even with the next time promised, and something in
// the title, customers must not get them.
func TestBadUpdatesAreRefused(t *testing.T) {
	for _, text := range []string{
		"The router is broken, I'm fixing it.",
		"One of our vendors misconfigured their BGP and has taken down our network.",
		"We're receiving a strange route from our extranet.",
		"The service is out, we're looking into it.",
	} {
		t.Run(text, func(t *testing.T) {
			for _, c := range []clarity.Context{
				{Audience: incident.Customer},
				{Audience: incident.Customer, Next: true},
				{Audience: incident.Customer, Next: true, Title: "Checkout errors", Components: []clarity.Component{{Name: "Checkout", State: incident.MajorOutage}}},
			} {
				require.NotEmpty(t, errorsOf(clarity.Check(text, c)))
			}
			require.Empty(t, clarity.Check(text, clarity.Context{Audience: incident.Technical}), "engineers may say it so")
		})
	}
}

func TestGoodUpdatesPass(t *testing.T) {
	named := func(names ...string) []clarity.Component {
		var all []clarity.Component
		for _, n := range names {
			all = append(all, clarity.Component{Name: n, State: incident.PartialOutage})
		}
		return all
	}
	for _, tt := range []struct {
		text       string
		components []clarity.Component
	}{
		{"Our internet provider published wrong routing information, so our network cannot reach the internet; we are overriding it while they correct it.", nil},
		{"Since 14:37 about 15% of pages of type X show data up to 30 minutes old; nothing is lost; we look for the cause.", named("X")},
		{"Since 14:37 about 15% of product pages show data up to 30 minutes old. Nothing is lost. We are looking for the cause.", named("Product pages")},
		{"Y fails in region A; B and C work; choose B in your settings until this is fixed.", named("Y")},
		{"Video calls fail in Europe; America and Asia work; choose America in your settings until this is fixed.", named("Video calls")},
		{"The change that broke Z is withdrawn for 4 of 6 regions, the last two follow within 30 minutes; next update at 17:15 UTC.", named("Z")},
		{"The change that broke exports is withdrawn for 4 of 6 regions, the last two follow within 30 minutes; next update at 17:15 UTC.", named("Exports")},
	} {
		t.Run(tt.text, func(t *testing.T) {
			c := clarity.Context{Audience: incident.Customer, Status: incident.Identified, Next: true, Components: tt.components}
			require.Empty(t, clarity.Check(tt.text, c))
		})
	}
}

func errorsOf(found []clarity.Finding) []clarity.Finding {
	var all []clarity.Finding
	for _, f := range found {
		if f.Level == clarity.Error {
			all = append(all, f)
		}
	}
	return all
}

// What the documentation shows as found is found, and what it shows as mended is not.
func TestRuleSamples(t *testing.T) {
	for _, r := range clarity.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			require.NotEmpty(t, r.Summary)
			require.NotEmpty(t, r.Why)
			c := clarity.Context{Audience: incident.Customer, Status: incident.Identified, Title: "Card payments fail"}
			after := c
			after.Next = true
			switch r.ID {
			case "pointless/no-next-time", "pointless/vague-time":
				after.Next = false
			case "pointless/no-function":
				c.Title, after.Title = "", ""
			case "pointless/bare-resolved", "sanitised/no-cause", "sanitised/no-extent":
				c.Status, after.Status = incident.Resolved, incident.Resolved
			case "pointless/repeat":
				c.Earlier = []clarity.Update{{Text: "Card payments fail for one customer in five. We are withdrawing the change.", At: "14:05", Ago: 20 * 60e9}}
				c.Earlier[0].Text = r.Before
				after.Earlier = c.Earlier
			case "pointless/no-advice":
				c.Impact = incident.ImpactMajor
				c.Earlier = []clarity.Update{{Text: "Card payments fail.", Ago: 20 * 60e9}}
				after.Impact, after.Earlier = c.Impact, c.Earlier
			case "sanitised/lost-facts":
				c.Narrower = "since 14:02 about 20% of payments fail"
				after.Narrower = c.Narrower
			case "needless/no-impact":
				c.Impact = incident.ImpactNone
				after.Impact = incident.ImpactMinor
			case "needless/too-soon":
				c.Earlier = []clarity.Update{{Text: "Card payments fail.", Ago: 4 * 60e9}}
				after.Earlier = c.Earlier
			}
			require.True(t, reports(clarity.Check(r.Before, c), r.ID), "before: %v", clarity.Check(r.Before, c))
			require.False(t, reports(clarity.Check(r.After, after), r.ID), "after: %v", clarity.Check(r.After, after))
		})
	}
}

func reports(found []clarity.Finding, rule string) bool {
	for _, f := range found {
		if f.Rule == rule {
			return true
		}
	}
	return false
}
