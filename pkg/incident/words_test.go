package incident_test

import (
	"encoding"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

// word is a value of any of the vocabularies.
type word[T any] interface {
	*T
	encoding.TextUnmarshaler
}

// vocabulary holds what the tests below need of each.
type vocabulary struct {
	known   []fmt.Stringer
	zero    fmt.Stringer
	beyond  fmt.Stringer
	read    func(string) (fmt.Stringer, error)
	written func(fmt.Stringer) string
}

func of[T interface {
	fmt.Stringer
	encoding.TextMarshaler
	~uint8
}, P word[T]](known []T) vocabulary {
	v := vocabulary{zero: T(0), beyond: T(200)}
	for _, k := range known {
		v.known = append(v.known, k)
	}
	v.read = func(s string) (fmt.Stringer, error) {
		var got T
		err := P(&got).UnmarshalText([]byte(s))
		return got, err
	}
	v.written = func(k fmt.Stringer) string {
		text, err := k.(T).MarshalText()
		if err != nil {
			return err.Error()
		}
		return string(text)
	}
	return v
}

var vocabularies = map[string]vocabulary{
	"audience":        of(incident.Audiences()),
	"status":          of(incident.Statuses()),
	"severity":        of(incident.Severities()),
	"impact":          of(incident.Impacts()),
	"component state": of(incident.States()),
	"kind of entry":   of(incident.Kinds()),
}

func TestEveryWordIsReadBack(t *testing.T) {
	for what, v := range vocabularies {
		t.Run(what, func(t *testing.T) {
			for _, k := range v.known {
				require.Equal(t, k.String(), v.written(k))
				for _, spelling := range []string{k.String(), strings.ToUpper(k.String()), " " + k.String() + "\n", strings.ReplaceAll(k.String(), "_", "-"), strings.ReplaceAll(k.String(), "_", " ")} {
					got, err := v.read(spelling)
					require.NoError(t, err, "%q", spelling)
					require.Equal(t, k, got, "%q", spelling)
				}
			}
		})
	}
}

func TestNoWordMeansNothingSaid(t *testing.T) {
	for what, v := range vocabularies {
		t.Run(what, func(t *testing.T) {
			for _, word := range []string{"", " ", v.zero.String(), v.beyond.String(), "zero", "0", "-1"} {
				got, err := v.read(word)
				require.ErrorIs(t, err, incident.ErrUnknown, "%q", word)
				require.Equal(t, v.zero, got, "%q", word)
			}
			require.Equal(t, v.zero.String(), v.beyond.String(), "a value beyond the last has no name of its own")
		})
	}
}

func TestWordsThatPeopleUse(t *testing.T) {
	for _, tt := range []struct{ what, given, want string }{
		{"audience", "customers", "customer"},
		{"audience", "Public", "customer"},
		{"audience", "war-room", "internal"},
		{"audience", "engineers", "technical"},
		{"audience", "management", "stakeholder"},
		{"severity", "2", "sev2"},
		{"severity", "SEV-1", "sev1"},
		{"severity", "P3", "sev3"},
		{"severity", "s4", "sev4"},
		{"status", "resolve", "resolved"},
		{"status", "watching", "monitoring"},
		{"component state", "down", "major_outage"},
		{"component state", "degraded", "degraded_performance"},
		{"component state", "Partial outage", "partial_outage"},
		{"component state", "ok", "operational"},
		{"kind of entry", "notes", "note"},
	} {
		t.Run(tt.what+" "+tt.given, func(t *testing.T) {
			got, err := vocabularies[tt.what].read(tt.given)
			require.NoError(t, err)
			require.Equal(t, tt.want, got.String())
		})
	}
}

func TestUnknownWords(t *testing.T) {
	for _, tt := range []struct{ rule, what, given, want string }{
		{
			"a mistyped word is answered with the one that was meant", "audience", "custmer",
			`unknown audience "custmer"; one of technical, internal, stakeholder, customer. Did you mean customer?`,
		},
		{
			"a word that is like none is answered with all of them", "severity", "terrible",
			`unknown severity "terrible"; one of sev1, sev2, sev3, sev4`,
		},
		{
			"a hostile word is quoted so that a terminal obeys nothing in it", "status", "\x1b[2J\n",
			`unknown status "\x1b[2J\n"; one of investigating, identified, monitoring, resolved, closed`,
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := vocabularies[tt.what].read(tt.given)
			require.EqualError(t, err, tt.want)
			var unknown *incident.UnknownError
			require.ErrorAs(t, err, &unknown)
			require.Equal(t, tt.what, unknown.What)
		})
	}
}

// Whatever is understood is one of the names, and its name is understood as the same.
func FuzzWords(f *testing.F) {
	f.Add("Sev 1")
	f.Add("war-room")
	f.Add("under_maintenance\x00")
	f.Fuzz(func(t *testing.T, given string) {
		for _, v := range vocabularies {
			got, err := v.read(given)
			if err != nil {
				require.ErrorIs(t, err, incident.ErrUnknown)
				require.Equal(t, v.zero, got)
				continue
			}
			require.Contains(t, v.known, got)
			again, err := v.read(got.String())
			require.NoError(t, err)
			require.Equal(t, got, again)
		}
	})
}
