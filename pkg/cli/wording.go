package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
)

// errWording reports that an update holds words that its readers do not know.
var errWording = errors.New("wording")

// wordingError is an [errWording] with what was found.
type wordingError struct{ found wordingJSON }

func (e *wordingError) Error() string {
	things := "one thing"
	if e.found.Errors > 1 {
		things = fmt.Sprintf("%d things", e.found.Errors)
	}
	return fmt.Sprintf("not recorded: %s that %s cannot use", things, e.found.Audience.Readers())
}

func (e *wordingError) Unwrap() error { return errWording }

// Remedy is what the writer can do.
func (e *wordingError) Remedy() string {
	var flags []string
	for _, f := range e.found.Findings {
		if flag := "--accept " + f.Rule; f.Level == clarity.Error && !slices.Contains(flags, flag) {
			flags = append(flags, flag)
		}
	}
	return "say it in plain words; or let it pass with " + strings.Join(flags, " ") + ` --reason "…"`
}

// accepting are the flags by which a writer lets findings on an update pass.
type accepting struct {
	rules  []string
	reason string
}

func (a *accepting) addFlags(cmd *cobra.Command, reason string) {
	cmd.Flags().StringArrayVar(&a.rules, "accept", nil, "record it in spite of what this `RULE` finds (repeatable): jargon/term, jargon")
	cmd.Flags().StringVar(&a.reason, "reason", "", reason)
	must(cmd.RegisterFlagCompletionFunc("accept", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return acceptable(), cobra.ShellCompDirectiveNoFileComp
	}))
}

// acceptable are the faults and their rules.
func acceptable() []string {
	var names []string
	for _, r := range clarity.Rules() {
		fault, _, _ := strings.Cut(r.ID, "/")
		if !slices.Contains(names, fault) {
			names = append(names, fault)
		}
		names = append(names, r.ID)
	}
	return names
}

// check says what is wrong with the flags themselves.
func (a *accepting) check() error {
	if len(a.rules) == 0 {
		return nil
	}
	known := acceptable()
	for _, r := range a.rules {
		if !slices.Contains(known, r) {
			return &incident.UnknownError{What: "rule", Word: r, Known: known}
		}
	}
	if strings.TrimSpace(a.reason) == "" {
		return usage(`--reason "…"`, "what is let pass needs a reason")
	}
	return nil
}

// covers reports whether findings of the rule are to be let pass.
func (a *accepting) covers(rule string) bool {
	fault, _, _ := strings.Cut(rule, "/")
	return slices.Contains(a.rules, rule) || slices.Contains(a.rules, fault)
}

// checkWords refuses an update whose readers would not understand it, an [errWording]; what its writer lets
// pass is put into the entry. What is only a warning is told. Words for engineers are their own, and so is
// the reason for withdrawing others. What cannot be recorded anyhow is refused for that alone, elsewhere.
func (w *writing) checkWords(config record.Config, inc incident.Incident, e *incident.Entry) error {
	if err := w.accepting.check(); err != nil {
		return err
	}
	if e.Text == "" || e.Audience == incident.Technical || e.Kind == incident.Retracted {
		return nil
	}
	if admitted := inc.Admit(*e) == nil; !admitted {
		return nil
	}
	known := append(config.Names(), namesOf(inc)...)
	for _, c := range e.Components {
		known = append(known, c.Name)
	}
	refused := wordingJSON{Schema: schema, Audience: e.Audience, Findings: []wordFindingJSON{}, text: e.Text}
	for _, f := range clarity.Check(e.Text, clarity.Context{Audience: e.Audience, Known: known, Levels: jargonAlone(e.Audience)}) {
		accepted := incident.Accepted{Rule: f.Rule, Reason: strings.TrimSpace(w.reason)}
		switch {
		case f.Level == clarity.Error && !w.covers(f.Rule):
			refused.add(f)
		case f.Level == clarity.Error && !slices.Contains(e.Accepted, accepted):
			e.Accepted = append(e.Accepted, accepted)
		case f.Level == clarity.Warning && !w.covers(f.Rule):
			w.warn(fmt.Sprintf("%s (%s)", advice(f.Message, f.Suggestion), f.Rule))
		}
	}
	if refused.Errors > 0 {
		return &wordingError{refused}
	}
	return nil
}

// jargonAlone leaves out the rules that need to know what readers were told before.
func jargonAlone(a incident.Audience) clarity.Levels {
	off := map[incident.Audience]clarity.Level{a: clarity.Off}
	return clarity.Levels{"pointless": off, "sanitised": off, "needless": off}
}

// namesOf are the names of the incident's components, which its readers know.
func namesOf(inc incident.Incident) []string {
	var names []string
	for _, c := range inc.ComponentsFor(incident.Technical) {
		names = append(names, c.Name)
	}
	return names
}
