package incident_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

func TestStateFor(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		impact incident.Impact
		want   incident.State
	}{
		{"nobody knows yet", 0, incident.DegradedPerformance},
		{"customers notice nothing", incident.ImpactNone, incident.Operational},
		{"customers notice little", incident.ImpactMinor, incident.DegradedPerformance},
		{"customers notice much", incident.ImpactMajor, incident.PartialOutage},
		{"nothing works for customers", incident.ImpactCritical, incident.MajorOutage},
		{"an impact beyond the last claims no more than is known", 99, incident.DegradedPerformance},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, incident.StateFor(tt.impact)) })
	}
}

func TestDefaultHeadline(t *testing.T) {
	for _, tt := range []struct {
		rule       string
		components []incident.Component
		want       string
	}{
		{"without a component it tells nothing", nil, "Service disruption"},
		{"a component is named with its state", []incident.Component{{Name: "Checkout", State: incident.PartialOutage}}, "Checkout: partial outage"},
		{"the worst is first, the same together", []incident.Component{
			{Name: "Search", State: incident.DegradedPerformance}, {Name: "Checkout", State: incident.MajorOutage}, {Name: "Login", State: incident.DegradedPerformance},
		}, "Checkout: major outage; Search, Login: degraded performance"},
		{"what works is not named", []incident.Component{{Name: "Checkout", State: incident.Operational}, {Name: "Search", State: incident.UnderMaintenance}}, "Search: under maintenance"},
		{"what has no state is not named", []incident.Component{{Name: "Checkout"}, {Name: "Search", State: 99}}, "Service disruption"},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, incident.DefaultHeadline(tt.components)) })
	}
}

// What a word of a headline that is made rests on stands in the names of components, or the word is one of the
// headline's own.
func TestGivenPartOfHeadlines(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 0))
	letters := []rune("aBé,:; x-")
	own := 0
	for range 3000 {
		var components []incident.Component
		names := ""
		for range r.IntN(4) {
			var name []rune
			for range 1 + r.IntN(8) {
				name = append(name, letters[r.IntN(len(letters))])
			}
			components = append(components, incident.Component{Name: string(name), State: incident.State(1 + r.IntN(5))})
			names += strings.ToLower(string(name)) + "\n"
		}
		for _, word := range strings.Fields(strings.ToLower(incident.DefaultHeadline(components))) {
			runes := []rune(word)
			from := r.IntN(len(runes))
			part := incident.GivenPart(string(runes[from : from+1+r.IntN(len(runes)-from)]))
			if part == "" {
				own++
			}
			require.Contains(t, names, part)
		}
	}
	require.Positive(t, own)
	for word, want := range map[string]string{
		"checkout:": "checkout", "checkout": "checkout", "a,b": "a,b", "outage;": "", "outage": "", "disrupt": "", "service": "", ":": "", "services": "services",
	} {
		require.Equal(t, want, incident.GivenPart(word), word)
	}
}
