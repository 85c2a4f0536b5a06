package incident_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
)

// source spells entries from bytes, every value that a field can hold included.
type source []byte

func (s *source) byte() byte {
	if len(*s) == 0 {
		return 0
	}
	b := (*s)[0]
	*s = (*s)[1:]
	return b
}

// word is a short text, mostly one that occurred before.
func (s *source) word() string {
	n := int(s.byte() % 8)
	if n > len(*s) {
		n = len(*s)
	}
	w := string((*s)[:n])
	*s = (*s)[n:]
	return w
}

func (s *source) time() time.Time {
	switch b := s.byte(); {
	case b < 8:
		return time.Unix(int64(binary.BigEndian.Uint64([]byte{s.byte(), s.byte(), s.byte(), s.byte(), s.byte(), s.byte(), s.byte(), s.byte()})), 0).UTC()
	case b < 16:
		return time.Time{}
	default:
		return incidenttest.At(int(b))
	}
}

func (s *source) entry(earlier []incident.Entry) incident.Entry {
	name := func() string {
		if b := s.byte(); b > 64 && len(earlier) > 0 {
			return earlier[int(b)%len(earlier)].Name
		}
		return s.word()
	}
	customers, share := int(int8(s.byte())), math.Float64frombits(uint64(s.byte())<<56|uint64(s.byte())<<48)
	e := incident.Entry{
		Kind: incident.Kind(s.byte() % 10), Audience: incident.Audience(s.byte() % 6), At: s.time(), Key: s.word(), Text: s.word(),
		Facts: incident.Facts{
			Title: s.word(), Headline: s.word(), Severity: incident.Severity(s.byte()), Impact: incident.Impact(s.byte()), Started: s.time(),
			Customers: &customers, Share: &share, Tags: []string{s.word()}, Cause: s.word(), Components: []incident.Component{{Name: s.word(), State: incident.State(s.byte() % 8)}},
		},
		Status: incident.Status(s.byte() % 8), Role: s.word(), Holder: s.word(), Next: incident.Next{By: s.time(), None: s.byte() > 200},
		Corrects: name(), Retracts: name(),
		Attachments: []incident.Attachment{{Name: s.word(), File: s.word()}},
	}
	e.Name = incident.Name{Recorded: incidenttest.At(int(s.byte())), Label: e.Label(), Suffix: "s" + string("abcd"[s.byte()%4]) + "cd"}.String()
	if s.byte() > 240 {
		e.Name = s.word()
	}
	return e
}

// Whatever lies in a timeline, the fold neither fails nor loses any of it, and it does not matter in what
// order it was read.
func FuzzFold(f *testing.F) {
	f.Add([]byte("an incident"))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 200, 201, 202, 203, 204, 205, 250, 251, 252, 253, 254, 255})
	for _, seed := range []uint64{1, 2, 3} {
		var b []byte
		for n := range 600 {
			b = append(b, byte(seed*uint64(n*n+n)))
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, names := source(raw), map[string]bool{}
		var entries []incident.Entry
		for len(s) > 0 && len(entries) < 50 {
			if e := s.entry(entries); !names[e.Name] {
				names[e.Name] = true
				entries = append(entries, e)
			}
		}
		inc := incident.Fold(incidenttest.ID, entries)
		require.Len(t, inc.Timeline, len(entries))
		backwards := slices.Clone(entries)
		slices.Reverse(backwards)
		requireSame(t, 0, inc, incident.Fold(incidenttest.ID, backwards))
		for _, e := range entries {
			_ = inc.Admit(e)
			if root, ok := inc.Root(e); ok {
				require.Less(t, root.Name, e.Name)
			}
			if now, ok := inc.Correction(e); ok {
				require.Equal(t, e.Audience, now.Audience)
			}
		}
		require.GreaterOrEqual(t, inc.Duration(incidenttest.At(0)), time.Duration(0))
		for _, o := range inc.Owed(incidenttest.Rules) {
			require.False(t, o.By.IsZero())
		}
	})
}
