package incident_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

func TestAudienceSees(t *testing.T) {
	for _, tt := range []struct {
		rule         string
		reader, note incident.Audience
		want         bool
	}{
		{"customers read what is for them", incident.Customer, incident.Customer, true},
		{"customers never read what is for stakeholders", incident.Customer, incident.Stakeholder, false},
		{"customers never read the war room", incident.Customer, incident.Internal, false},
		{"customers never read engineers", incident.Customer, incident.Technical, false},
		{"stakeholders read what is for customers", incident.Stakeholder, incident.Customer, true},
		{"stakeholders never read the war room", incident.Stakeholder, incident.Internal, false},
		{"the war room reads what is for stakeholders", incident.Internal, incident.Stakeholder, true},
		{"the war room never reads engineers", incident.Internal, incident.Technical, false},
		{"engineers read every audience", incident.Technical, incident.Customer, true},
		{"a forgotten audience is shown to nobody", incident.Technical, incident.Audience(0), false},
		{"a forgotten reader sees nothing", incident.Audience(0), incident.Customer, false},
		{"nobody does not even see nobody", incident.Audience(0), incident.Audience(0), false},
		{"an audience beyond the last sees nothing", incident.Customer + 1, incident.Customer, false},
		{"what is for an audience beyond the last is shown to nobody", incident.Technical, incident.Customer + 1, false},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, tt.reader.Sees(tt.note)) })
	}
}

func TestAudienceReaders(t *testing.T) {
	var all []string
	for _, a := range append(incident.Audiences(), 0) {
		all = append(all, a.Readers())
	}
	require.Equal(t, []string{"engineers", "the war room", "stakeholders", "customers", "nobody"}, all)
}
