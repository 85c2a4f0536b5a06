package clarity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

func levelOf(t *testing.T, rule string, c clarity.Context) clarity.Level {
	t.Helper()
	for _, f := range clarity.Check("BGP is wrong, so paying fails for one in five.", c) {
		if f.Rule == rule {
			return f.Level
		}
	}
	return clarity.Off
}

func TestLevels(t *testing.T) {
	to := func(l clarity.Level) map[incident.Audience]clarity.Level {
		return map[incident.Audience]clarity.Level{incident.Customer: l}
	}
	for _, tt := range []struct {
		rule     string
		audience incident.Audience
		levels   clarity.Levels
		want     clarity.Level
	}{
		{"jargon is an error for customers", incident.Customer, nil, clarity.Error},
		{"a warning for stakeholders", incident.Stakeholder, nil, clarity.Warning},
		{"the war room's own", incident.Internal, nil, clarity.Off},
		{"and engineers'", incident.Technical, nil, clarity.Off},
		{"no audience reads nothing", incident.Audience(0), nil, clarity.Off},
		{"a team sets a fault", incident.Customer, clarity.Levels{"jargon": to(clarity.Warning)}, clarity.Warning},
		{"a rule's own level wins over its fault's", incident.Customer, clarity.Levels{"jargon": to(clarity.Off), "jargon/term": to(clarity.Warning)}, clarity.Warning},
		{"for its audience alone", incident.Stakeholder, clarity.Levels{"jargon": to(clarity.Off)}, clarity.Warning},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, levelOf(t, "jargon/term", clarity.Context{Audience: tt.audience, Levels: tt.levels}))
		})
	}
}

func TestLevelNames(t *testing.T) {
	for _, l := range []clarity.Level{clarity.Off, clarity.Warning, clarity.Error} {
		text, err := l.MarshalText()
		require.NoError(t, err)
		var again clarity.Level
		require.NoError(t, again.UnmarshalText(text))
		require.Equal(t, l, again)
	}
	var l clarity.Level
	require.ErrorIs(t, l.UnmarshalText([]byte("fatal")), incident.ErrUnknown)
}

func TestFacts(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		names      []string
		want       []string
	}{
		{"shares, times and components, in their order", "Since 14:05 UTC Checkout fails for 20% of users.", []string{"checkout"}, []string{"14:05 UTC", "Checkout", "20%"}},
		{"numbers with their unit", "300 orders are late by 30 minutes.", nil, []string{"300 orders", "30 minutes"}},
		{"each once", "20% here, 20% there.", nil, []string{"20%"}},
		{"the number of a machine is none", "edge-3 is down.", nil, nil},
		{"the longest name", "The checkout page is down.", []string{"Checkout", "Checkout page"}, []string{"checkout page"}},
		{"nothing to know", "It is down.", nil, nil},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, clarity.Facts(tt.text, tt.names)) })
	}
}

// What is offered in the place of a term is none itself, and leaves a sentence.
func TestReplacements(t *testing.T) {
	c := clarity.Context{Audience: incident.Customer}
	offered := 0
	for _, term := range clarity.BuiltIn().Terms() {
		for _, text := range []string{"The " + term.Term + " is wrong.", term.Term + " is wrong."} {
			for _, f := range clarity.Check(text, c) {
				if f.Replacement == "" {
					continue
				}
				offered++
				mended := text[:f.Start] + f.Replacement + text[f.End:]
				require.Equal(t, strings.ToUpper(mended[:1]), mended[:1], mended)
				require.NotContains(t, strings.ToLower(mended), "the the ", mended)
				require.NotContains(t, strings.ToLower(mended), "the our ", mended)
				for _, again := range clarity.Check(mended, c) {
					require.False(t, again.Rule == f.Rule && again.Message == f.Message, "%s: %s", mended, again.Message)
				}
			}
		}
	}
	require.Greater(t, offered, 100)
}

// What is not English is left to the rules that hold in any language.
func TestOtherLanguages(t *testing.T) {
	for _, text := range []string{
		"Der Einkauf ist nicht möglich. Wir arbeiten an der Lösung und melden uns.",
		"Le paiement ne fonctionne pas. Nous cherchons la cause de la panne.",
		"サービスは停止しています。調査中です。",
		"الخدمة متوقفة ونحن نعمل على إصلاحها",
	} {
		for _, f := range clarity.Check(text, clarity.Context{Audience: incident.Customer}) {
			require.Equal(t, "pointless/no-next-time", f.Rule, text)
		}
	}
}

// What is no sentence is never more than findings.
func TestOddTexts(t *testing.T) {
	for _, text := range []string{
		"", " ", "\x00\xff", "🔥🔥🔥", "…", "```", "`", "\u202eBGP\u202c", "<script>alert(1)</script>", "[BGP](https://example.com)",
		"PAYMENTS FAIL FOR ALL CARDS", strings.Repeat("a", 64<<10), strings.Repeat("BGP ", 16<<10), strings.Repeat("\"", 5000), strings.Repeat("(", 5000),
	} {
		for _, a := range []incident.Audience{incident.Internal, incident.Stakeholder, incident.Customer} {
			for _, f := range clarity.Check(text, clarity.Context{Audience: a, Strict: true}) {
				require.True(t, 0 <= f.Start && f.Start <= f.End && f.End <= len(text))
			}
		}
	}
	for _, empty := range []string{"🔥🔥🔥", "…", "?!"} {
		require.True(t, reports(clarity.Check(empty, clarity.Context{Audience: incident.Customer, Next: true}), "pointless/says-nothing"), empty)
	}
}

func TestNamesOfTheTeamAreNoJargon(t *testing.T) {
	for _, tt := range []struct{ name, text string }{
		{"Edge-3 portal", "The edge-3 portal cannot be reached."},
		{"Media CDN", "Media CDN cannot be reached."},
		{"Public API", "The API cannot be reached."},
		{"checkout_v2", "checkout_v2 cannot be reached."},
	} {
		require.Empty(t, found(tt.text, clarity.Context{Audience: incident.Customer, Known: []string{tt.name}}), tt.text)
	}
	require.NotEmpty(t, found("edge-3 cannot be reached.", clarity.Context{Audience: incident.Customer, Known: []string{"Edge-3 portal"}}))
}

// Those who work on it need less than customers; what is no more than a sign of life is told to them all the same.
func TestWarRoomIsToldOfIdleWordsOnly(t *testing.T) {
	for _, tt := range []struct {
		text string
		idle bool
	}{
		{"We rolled back.", false},
		{"Deploy 4711 is live.", false},
		{"Failing over to the replica.", false},
		{"The bank is told.", false},
		{"edge-3 looks odd.", false},
		{"Looking into it.", true},
		{"We are aware of the issue and actively investigating. More when we know more.", true},
	} {
		t.Run(tt.text, func(t *testing.T) {
			found := clarity.Check(tt.text, clarity.Context{Audience: incident.Internal})
			require.Empty(t, errorsOf(found), "nothing stands in the way of the war room")
			require.Equal(t, tt.idle, len(found) > 0, "%v", found)
			over := clarity.Check(tt.text, clarity.Context{Audience: incident.Internal, Status: incident.Closed})
			require.False(t, len(over) > 0 && !tt.idle, "%v", over)
		})
	}
}

func TestWhatDoesNotHappenIsAnEffect(t *testing.T) {
	for _, text := range []string{
		"The public API does not answer.",
		"Since 14:02 the doors do not unlock.",
		"Parcels did not get a label.",
	} {
		found := clarity.Check(text, clarity.Context{Audience: incident.Customer, Next: true, Known: []string{"Public API", "Doors", "Parcels"}})
		require.Empty(t, errorsOf(found), text)
	}
}

func TestTakingAChangeBackIsAnAction(t *testing.T) {
	for text, tells := range map[string]bool{
		"The change is withdrawn; payments are being watched.": true,
		"We are reverting this morning's update.":              true,
		"A change was applied.":                                false,
	} {
		found := errorsOf(clarity.Check(text, clarity.Context{Audience: incident.Stakeholder, Next: true}))
		require.Equal(t, tells, len(found) == 0, text)
	}
}

// Words of engineers are English, however few others stand beside them.
func TestTermsAloneAreFound(t *testing.T) {
	for _, text := range []string{"BGP flap p99 BGP flap p99", "DNS TLS BGP"} {
		require.NotEmpty(t, errorsOf(clarity.Check(text, clarity.Context{Audience: incident.Customer})), text)
	}
}

func TestPlainer(t *testing.T) {
	c := clarity.Context{Audience: incident.Customer, Next: true}
	for _, tt := range []struct{ text, want string }{
		{"Paying fails for one in five.", "Paying fails for one in five."},
		{"BGP is wrong. We mend BGP.", "The routing information that tells the internet how to reach us is wrong. We mend the routing information that tells the internet how to reach us."},
		{"edge-3 is slow.", "edge-3 is slow."}, // nobody else knows what it does
	} {
		require.Equal(t, tt.want, clarity.Plainer(tt.text, c))
	}
	again, unusable := clarity.BuiltIn().With([]clarity.Term{{Term: "foo", Hard: true, Plain: "the bar"}, {Term: "bar", Hard: true, Plain: "the foo"}})
	require.Empty(t, unusable)
	c.Glossary = again
	require.NotEmpty(t, clarity.Plainer("Our foo fails.", c), "it ends, though each term is explained by the other")
}
