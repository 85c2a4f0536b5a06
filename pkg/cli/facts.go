package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/view"
)

// componentFlag collects --component NAME[=STATE].
type componentFlag []incident.Component

// String implements [pflag.Value].
func (c *componentFlag) String() string { return "" }

// Type implements [pflag.Value].
func (c *componentFlag) Type() string { return "NAME=STATE" }

// Set implements [pflag.Value]. Without a state the impact tells it later.
func (c *componentFlag) Set(s string) error {
	name, state := s, ""
	given := false
	if i := strings.LastIndexByte(s, '='); i >= 0 {
		name, state, given = s[:i], s[i+1:], true
	}
	k := incident.Component{Name: strings.TrimSpace(name)}
	if given {
		if err := k.State.UnmarshalText([]byte(state)); err != nil {
			return err
		}
	}
	if k.Name == "" {
		return fmt.Errorf("a component's name is missing: --component Checkout=partial_outage")
	}
	*c = append(*c, k)
	return nil
}

// components checks names against the configuration, and fills in states that were left out.
func (c componentFlag) components(config record.Config, i incident.Impact) ([]incident.Component, error) {
	var list []incident.Component
	for _, k := range c {
		name, err := config.Component(k.Name)
		if err != nil {
			return nil, err
		}
		k.Name = name
		if k.State == 0 {
			k.State = incident.StateFor(i)
		}
		list = append(list, k)
	}
	return list, nil
}

// stated is components for commands that must be told the states.
func (c componentFlag) stated(config record.Config) ([]incident.Component, error) {
	for _, k := range c {
		if k.State == 0 {
			return nil, usage("one of "+strings.Join(words(incident.States()), ", "), "how is it? --component %s", shellWords([]string{k.Name + "=partial_outage"}))
		}
	}
	return c.components(config, 0)
}

// factFlags are the facts that open and set share.
type factFlags struct {
	severity   incident.Severity
	impact     incident.Impact
	components componentFlag
	headline   string
	started    string
}

func (f *factFlags) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.VarP(enum[incident.Severity, *incident.Severity]{&f.severity, "severity"}, "severity", "s", "how bad it is for the business: sev1 (worst) to sev4")
	flags.Var(enum[incident.Impact, *incident.Impact]{&f.impact, "impact"}, "impact", "what customers notice: none, minor, major or critical")
	flags.VarP(&f.components, "component", "c", "what is affected, and how: Checkout=partial_outage (repeatable)")
	flags.StringVar(&f.headline, "headline", "", "what customers see as its name, a `TEXT` (default: from the components)")
	flags.StringVar(&f.started, "started", "", "when customers began to notice, a `TIME`")
	must(cmd.RegisterFlagCompletionFunc("severity", fixed(words(incident.Severities())...)))
	must(cmd.RegisterFlagCompletionFunc("impact", fixed(words(incident.Impacts())...)))
}

// fill puts the facts into an entry, all but the components.
func (f *factFlags) fill(e *incident.Entry) {
	e.Severity, e.Impact, e.Headline = f.severity, f.impact, strings.TrimSpace(f.headline)
}

// factValue is what an entry says of a fact; its time is as the user's own clock shows it.
func (d *deps) factValue(c view.Change) string {
	if at, err := time.Parse(time.RFC3339, c.Value); c.Fact == "started" && err == nil {
		return d.clocks(at)
	}
	return c.Value
}

// parseShare reads "20%" or "20".
func parseShare(s string) (*float64, error) {
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%")), 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return nil, usage("", "--share %q: a number from 0%% to 100%% is needed", s)
	}
	return &n, nil
}

// enum is a flag whose value is one of a fixed vocabulary. Unlike pflag's own text flag it shows no
// default where nothing is set, and names what it takes.
type enum[T any, P interface {
	*T
	UnmarshalText([]byte) error
	String() string
}] struct {
	value P
	what  string
}

// String implements [pflag.Value].
func (e enum[T, P]) String() string {
	switch s := e.value.String(); s {
	case "unset", "nobody":
		return ""
	default:
		return s
	}
}

// Type implements [pflag.Value].
func (e enum[T, P]) Type() string { return strings.ToUpper(e.what) }

// Set implements [pflag.Value].
func (e enum[T, P]) Set(s string) error { return e.value.UnmarshalText([]byte(s)) }

// audienceFlag adds --audience. The value that a already has is the default.
func audienceFlag(cmd *cobra.Command, a *incident.Audience, usage string) {
	cmd.Flags().VarP(enum[incident.Audience, *incident.Audience]{a, "audience"}, "audience", "a", usage)
	must(cmd.RegisterFlagCompletionFunc("audience", fixed(words(incident.Audiences())...)))
}

// words spells a vocabulary.
func words[T fmt.Stringer](list []T) []string {
	var out []string
	for _, v := range list {
		out = append(out, v.String())
	}
	return out
}
