package suggest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/suggest"
)

func TestClosest(t *testing.T) {
	audiences := []string{"technical", "internal", "stakeholder", "customer"}
	for _, tt := range []struct {
		rule, word, want string
	}{
		{"one letter missing", "custmer", "customer"},
		{"a word in capitals", "INTERNL", "internal"},
		{"an unfinished word", "stake", "stakeholder"},
		{"a word that is like none", "everybody", ""},
		{"a single letter says nothing", "c", ""},
		{"an empty word says nothing", "", ""},
		{"a whole page says nothing", strings.Repeat("customer", 100), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, suggest.Closest(tt.word, audiences)) })
	}
}
