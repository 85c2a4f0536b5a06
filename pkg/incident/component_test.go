package incident_test

import (
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
