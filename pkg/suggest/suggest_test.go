package suggest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/suggest"
)

func TestClosest(t *testing.T) {
	audiences := []string{"technical", "internal", "stakeholder", "customer", "клиент"}
	for _, tt := range []struct {
		rule, word, want string
	}{
		{"one letter missing", "custmer", "customer"},
		{"a word in capitals", "INTERNL", "internal"},
		{"an unfinished word", "stake", "stakeholder"},
		{"two letters changed places", "cutsomer", "customer"},
		{"blanks around it", " customr\n", "customer"},
		{"letters of another script, two of six wrong", "клоинт", "клиент"},
		{"a single letter of another script says nothing", "к", ""},
		{"a third of the letters may be wrong", "antxrnal", "internal"},
		{"not more", "antxrnyl", ""},
		{"a word that is like none", "everybody", ""},
		{"a single letter says nothing", "c", ""},
		{"an empty word says nothing", "", ""},
		{"a whole page says nothing", strings.Repeat("customer", 100), ""},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, suggest.Closest(tt.word, audiences)) })
	}
}

func TestClosestOfEquals(t *testing.T) {
	require.Empty(t, suggest.Closest("sev5", []string{"sev1", "sev2"}), "none is named")
	require.Equal(t, "sev2", suggest.Closest("sec2", []string{"sev1", "sev2", "sev2"}), "one that is listed twice is no tie")
	require.Equal(t, "pointless", suggest.Closest("pointles", []string{"pointless", "pointless/repeat"}), "the one that the other begins with")
	require.Empty(t, suggest.Closest("sev1", nil))
}
