package clarity_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

// found lists findings as "rule: words".
func found(text string, c clarity.Context) []string {
	list := []string{}
	off := map[incident.Audience]clarity.Level{incident.Customer: clarity.Off}
	c.Levels = clarity.Levels{"pointless": off, "sanitised": off, "needless": off}
	for _, f := range clarity.Check(text, c) {
		list = append(list, f.Rule+": "+text[f.Start:f.End])
	}
	return list
}

func TestJargon(t *testing.T) {
	for _, tt := range []struct {
		rule, text string
		known      []string
		want       []string
	}{
		{"a word that customers do not know", "One of our vendors misconfigured their BGP and has taken down our network.", nil, []string{"jargon/insider: misconfigured", "jargon/term: BGP"}},
		{"an internal network is nobody's business", "We're receiving a strange route from our extranet.", nil, []string{"jargon/term: extranet"}},
		{"the same in plain words", "Our internet provider published wrong routing information, so our network cannot reach the internet; we are overriding it while they correct it.", nil, nil},
		{"the name of a machine", "edge-3 does not answer.", nil, []string{"jargon/identifier: edge-3"}},
		{"a ticket, a version and an address", "See OPS-123: v2.4.1 on 10.1.2.3 fails.", nil, []string{"jargon/identifier: OPS-123", "jargon/identifier: v2.4.1", "jargon/identifier: 10.1.2.3"}},
		{"names of code", "checkout_api and readConfig fail at db.svc.internal.", nil, []string{"jargon/identifier: checkout_api", "jargon/identifier: readConfig", "jargon/identifier: db.svc.internal"}},
		{"numbers that people count with", "COVID-19 tests: step-2 works on iPhone and eBay, 24/7.", nil, nil},
		{"a date is no internal name", "On 2026-11-26 from 14:05 to 15:20 payments failed.", nil, nil},
		{"an abbreviation", "The ZXC of two parcels is wrong.", nil, []string{"jargon/acronym: ZXC"}},
		{"an abbreviation that is written out", "The tax office (HMRC) does not answer; HMRC is working on it.", nil, nil},
		{"a text that shouts has no abbreviations", "PAYMENTS FAIL FOR ALL CARDS", nil, nil},
		{"part of a component's name", "The Public API answers slowly.", []string{"Public API"}, nil},
		{"a word of a component's name by itself", "The API answers slowly.", []string{"Public API"}, nil},
		{"code is quoted for those who write some", "Calls of `GET /v1/db_nodes` fail.", nil, nil},
		{"an error message that customers see", `Customers see "504 gateway timeout" when they pay.`, nil, nil},
		{"any other quotation is prose", `We call it "BGP".`, nil, []string{"jargon/term: BGP"}},
		{"an address is no word", "See https://status.example.com/BGP/edge-3 or ask ops_team@example.com.", nil, nil},
		{"each term once, in the plural too", "Webhooks are late. Each webhook is sent again.", nil, []string{"jargon/insider: Webhooks"}},
		{"only internal names count in another language", "Der Einkauf geht nicht, weil BGP auf edge-3 falsch ist und ZXC auch.", nil, []string{"jargon/identifier: edge-3"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if tt.want == nil {
				tt.want = []string{}
			}
			require.Equal(t, tt.want, found(tt.text, clarity.Context{Audience: incident.Customer, Known: tt.known}))
		})
	}
}

func TestTeamGlossary(t *testing.T) {
	g, unusable := clarity.BuiltIn().With([]clarity.Term{
		{Term: "BGP", Allowed: true},
		{Term: "flux gate", Plain: "the part that counts visitors", Hard: true},
	})
	require.Empty(t, unusable)
	c := clarity.Context{Audience: incident.Customer, Glossary: g}
	require.Equal(t, []string{"jargon/term: flux gate"}, found("BGP is right, but the flux gate is not.", c))

	for _, form := range []string{"flux gates", "Flux-Gate", "flux-gates"} {
		require.Equal(t, []string{"jargon/term: " + form}, found("The "+form+" failed.", c))
	}

	// What cannot be used is left out, and named; the rest holds.
	g, unusable = clarity.BuiltIn().With([]clarity.Term{
		{Term: ""}, {Term: "…"}, {Term: strings.Repeat("x ", 600)}, {Term: "flux gate", Plain: "a gate", Hard: true}, {Term: "Flux-gate", Also: []string{"flux GATE"}},
	})
	var at []int
	for _, e := range unusable {
		require.ErrorIs(t, e, incident.ErrInvalid)
		at = append(at, e.Index)
	}
	require.Equal(t, []int{0, 1, 2, 4}, at)
	c.Glossary = g
	require.Equal(t, []string{"jargon/term: flux gate"}, found("The doors work, but the flux gate does not.", c))
}

func FuzzCheck(f *testing.F) {
	for _, s := range []string{"BGP on edge-3", "``` x `", "say \"", "İSTANBUL ǅ ’’", "/a/b\xff", "🔥🔥", "(ABC)", "a@b", "http://"} {
		f.Add(s, "Public API")
	}
	f.Fuzz(func(t *testing.T, text, known string) {
		for _, finding := range clarity.Check(text, clarity.Context{Audience: incident.Customer, Known: []string{known}}) {
			require.True(t, 0 <= finding.Start && finding.Start <= finding.End && finding.End <= len(text))
			if utf8.ValidString(text) {
				require.True(t, utf8.ValidString(text[finding.Start:finding.End]))
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	var team []clarity.Term
	for i := range 5000 {
		team = append(team, clarity.Term{Term: fmt.Sprintf("word%d thing%d", i%700, i), Plain: "x", Hard: true})
	}
	g, unusable := clarity.BuiltIn().With(team)
	require.Empty(b, unusable)
	for _, kib := range []int{1, 8, 16, 32, 64} {
		text := strings.Repeat("Card payments fail for about one in five customers since 14:02. BGP on edge-3 is wrong; word3 is not. ", 700)[:kib<<10]
		b.Run(fmt.Sprintf("%d KiB", kib), func(b *testing.B) {
			for b.Loop() {
				clarity.Check(text, clarity.Context{Audience: incident.Customer, Known: []string{"Checkout", "Public API"}, Glossary: g})
			}
		})
	}
	b.Run("built-in glossary", func(b *testing.B) {
		for b.Loop() {
			clarity.BuiltIn()
		}
	})
}
