package main

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTableIsUpToDate(t *testing.T) {
	source, err := os.ReadFile("../../../templates/glossary.yaml")
	require.NoError(t, err)
	want, err := generate(source)
	require.NoError(t, err)
	got, err := os.ReadFile("../glossary_table.go")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "run: make generate")
}

func TestGenerateRefuses(t *testing.T) {
	for _, tt := range []struct{ rule, source string }{
		{"a level that is neither", "terms: [{term: BGP, plain: routes, level: medium}]"},
		{"a term without plain words", "terms: [{term: BGP, level: hard}]"},
		{"a spelling that another term has", "terms: [{term: BGP, plain: routes, level: hard}, {term: OSPF, plain: routes, level: hard, also: [bgp]}]"},
		{"a field that it does not know", "terms: [{term: BGP, plain: routes, level: hard, kind: network}]"},
		{"a backquote, which would end the table", "terms: [{term: 'B`P', plain: routes, level: hard}]"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := generate([]byte(tt.source))
			require.Error(t, err)
		})
	}
}
