package cli

import (
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
)

// answers are what every good update tells its readers; when they hear next is the promise. By these flags
// a script, or somebody in haste, writes a whole update without leaving one of them out unawares.
type answers struct{ affected, doing, advice string }

func (a *answers) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&a.affected, "affected", "", "instead of a text: what does not work, and for whom, a `SENTENCE`")
	f.StringVar(&a.doing, "doing", "", "and what you do about it, a `SENTENCE`")
	f.StringVar(&a.advice, "advice", "", "and what its readers can do meanwhile, a `SENTENCE`")
}

// flag is the first that was given, "" for none.
func (a *answers) flag() string {
	switch {
	case a.affected != "":
		return "--affected"
	case a.doing != "":
		return "--doing"
	case a.advice != "":
		return "--advice"
	default:
		return ""
	}
}

// text is the update that the answers make, each a sentence of its own.
func (a *answers) text() string {
	var sentences []string
	for _, s := range []string{a.affected, a.doing, a.advice} {
		if s = incident.NormalizeText(s); s == "" {
			continue
		}
		if end, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "\"'”’»)]`")); !strings.ContainsRune(".!?:…。！？؟", end) {
			s += "."
		}
		sentences = append(sentences, s)
	}
	return strings.Join(sentences, " ")
}
