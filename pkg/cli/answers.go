package cli

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"incident/pkg/incident"
)

// answers are what every good update tells its readers; when they hear next is the promise. By these flags
// a script, or somebody in haste, writes a whole update without leaving one of them out unawares.
type answers struct {
	flags                   *pflag.FlagSet
	affected, doing, advice string
}

// questions are the flags of the answers, in the order in which an update gives them.
var questions = []string{"affected", "doing", "advice"}

func (a *answers) addFlags(cmd *cobra.Command) {
	a.flags = cmd.Flags()
	a.flags.StringVar(&a.affected, "affected", "", "instead of a text: what does not work, and for whom, a `SENTENCE`")
	a.flags.StringVar(&a.doing, "doing", "", "and what you do about it, a `SENTENCE`")
	a.flags.StringVar(&a.advice, "advice", "", "and what its readers can do meanwhile, a `SENTENCE`")
}

// given are the flags that were used.
func (a *answers) given() []string {
	var list []string
	for _, q := range questions {
		if a.flags.Changed(q) {
			list = append(list, "--"+q)
		}
	}
	return list
}

// text is the update that the answers make, each a sentence of its own.
func (a *answers) text() string {
	var sentences []string
	for _, s := range []string{a.affected, a.doing, a.advice} {
		if s = incident.NormalizeText(s); s == "" {
			continue
		}
		if !strings.ContainsAny(s[len(s)-1:], ".!?:") && !strings.HasSuffix(s, "…") {
			s += "."
		}
		sentences = append(sentences, s)
	}
	return strings.Join(sentences, " ")
}
