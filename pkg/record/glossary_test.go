package record_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
)

func TestParseGlossary(t *testing.T) {
	for _, tt := range []struct {
		rule, raw string
		finding   string // the beginning of the one finding; "": none
		terms     int    // of the team
	}{
		{"nothing at all", "", "", 0},
		{"nothing but comments", "# ours\n", "", 0},
		{"an empty list", "terms: []\n", "", 0},
		{"a term", "terms:\n  - {term: flux gate, plain: the counter, level: soft, also: [flux], audience: stakeholder}\n", "", 1},
		{"a word that readers know", "terms: [{term: webhook, allowed: true}]\n", "", 1},
		{"a term without a name", "terms: [{plain: x}]\n", `line 1: term "": it is empty`, 0},
		{"a term twice", "terms:\n  - {term: a1, plain: x}\n  - {term: A1, plain: y}\n", `line 3: term "A1": it is there twice`, 1},
		{"a level that is none", "terms: [{term: a1, plain: x, level: medium}]\n", `line 1: level: "medium" is neither hard nor soft`, 1},
		{"an audience that is none", "terms: [{term: a1, plain: x, audience: all}]\n", `line 1: audience: unknown audience "all"`, 1},
		{"a yes that is none", "terms: [{term: a1, allowed: perhaps}]\n", `line 1: allowed: "perhaps" is neither true nor false`, 1},
		{"an expression that takes for ever elsewhere", "terms: [{term: '(zx+)+$', plain: x}]\n", "", 1},
		{"an escape", "terms: [{term: \"a\\e[31m\", plain: x}]\n", "line 1: term must be a text of one line", 0},
		{"a list that is none", "terms: 5\n", "line 1: terms must be a list", 0},
		{"aliases", "a: &x 1\nterms: *x\n", "line 1: aliases and anchors are not used here", 0},
		{"too much", "# " + strings.Repeat("x", 1<<20), "the file is larger than", 0},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			g, findings := record.ParseGlossary([]byte(tt.raw))
			team := 0
			for _, term := range g.Terms() {
				if term.Team {
					team++
				}
			}
			require.Equal(t, tt.terms, team)
			if tt.finding == "" {
				require.Empty(t, findings)
				return
			}
			require.NotEmpty(t, findings)
			require.True(t, strings.HasPrefix(findings[0].String(), tt.finding), "%q", findings[0].String())
		})
	}
}

func FuzzParseGlossary(f *testing.F) {
	f.Add("terms:\n  - {term: flux gate, plain: the counter, also: [flux]}\n")
	f.Add("terms: [{term: [a], plain: {b: c}, allowed: yes, audience: 7}]")
	f.Fuzz(func(t *testing.T, raw string) {
		g, _ := record.ParseGlossary([]byte(raw))
		clarity.Check("The flux gate fails.", clarity.Context{Audience: incident.Customer, Glossary: g})
	})
}
