package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/view"
)

// errWording reports that an update holds words that its readers do not know.
var errWording = errors.New("wording")

// wordingError is an [errWording] with what was found.
type wordingError struct{ found reviewedJSON }

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
	return "say it in plain words; or let it pass with --accept " + strings.Join(e.rules(), " --accept ") + ` --reason "…"`
}

// rules are those that refuse it.
func (e *wordingError) rules() []string {
	var rules []string
	for _, f := range e.found.Findings {
		if f.Level == clarity.Error && !slices.Contains(rules, f.Rule) {
			rules = append(rules, f.Rule)
		}
	}
	return rules
}

// accepting are the flags by which a writer lets findings on an update pass.
type accepting struct {
	rules  []string
	reason string
	said   []incident.Accepted // what was let pass at a question, each for its own reason
}

func (a *accepting) addFlags(cmd *cobra.Command, reason string) {
	cmd.Flags().StringArrayVar(&a.rules, "accept", nil, "record it in spite of what this `RULE` finds (repeatable): jargon/term, jargon")
	cmd.Flags().StringVar(&a.reason, "reason", "", reason)
	must(cmd.RegisterFlagCompletionFunc("accept", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return clarity.Names(), cobra.ShellCompDirectiveNoFileComp
	}))
}

// check says what is wrong with the flags themselves.
func (a *accepting) check() error {
	if len(a.rules) == 0 {
		return nil
	}
	known := clarity.Names()
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

// covers reports whether findings of the rule are to be let pass, and why.
func (a *accepting) covers(rule string) (reason string, is bool) {
	for _, said := range a.said {
		if said.Rule == rule {
			return said.Reason, true
		}
	}
	fault, _, _ := strings.Cut(rule, "/")
	return strings.TrimSpace(a.reason), slices.Contains(a.rules, rule) || slices.Contains(a.rules, fault)
}

// checkWords refuses an update whose readers would not understand it, an [errWording]; what its writer lets
// pass is put into the entry. What is only a warning is told. Words for engineers are their own, and so is
// the reason for withdrawing others. What cannot be recorded anyhow is refused for that
// alone, elsewhere, and a retry was read when it was first recorded.
func (w *writing) checkWords(rec *record.Record, inc incident.Incident, e *incident.Entry) error {
	if err := w.accepting.check(); err != nil {
		return err
	}
	w.checkHeadline(rec, inc, *e)
	if e.Text == "" || e.Audience == incident.Technical || e.Kind == incident.Retracted || e.Kind.After() {
		return nil
	}
	recordable := inc.Admit(*e) == nil
	retry := e.Key != "" && slices.ContainsFunc(inc.Timeline, func(old incident.Entry) bool { return old.Key == e.Key })
	if !recordable || retry {
		return nil
	}
	found := reviewedJSON{Audience: e.Audience, Findings: []wordFindingJSON{}, text: e.Text}
	var passed []incident.Accepted
	c := w.readersKnow(rec, inc, *e)
	c.Narrower = w.narrower
	for _, f := range clarity.Check(e.Text, c) {
		if f.Rule == "pointless/no-next-time" && e.Next.None { // it was said that this is the last word
			f.Level = min(f.Level, clarity.Warning)
		}
		reason, covered := w.covers(f.Rule)
		accepted := incident.Accepted{Rule: f.Rule, Reason: reason}
		switch {
		case !covered:
			found.add(f)
		case f.Level == clarity.Error && !slices.Contains(passed, accepted):
			passed = append(passed, accepted)
		}
	}
	if found.Errors > 0 {
		return &wordingError{found}
	}
	if !clarity.English(e.Text) {
		rec.TellOnce("language", "this text is not taken for English; in other languages only internal names, repetition and the time of the next update are looked for")
	}
	for _, f := range found.Findings {
		w.warn(fmt.Sprintf("%s (%s)", advice(f.Message, f.Suggestion), f.Rule))
	}
	e.Accepted = passed
	return nil
}

// checkHeadline warns of a headline with words that customers, who see the incident by it, do not know.
func (w *writing) checkHeadline(rec *record.Record, inc incident.Incident, e incident.Entry) {
	if e.Headline == "" {
		return
	}
	e.Audience = incident.Customer
	for _, f := range clarity.Check(e.Headline, w.readersKnow(rec, inc, e)) {
		if strings.HasPrefix(f.Rule, "jargon/") {
			w.warn(fmt.Sprintf("the headline, which customers read: %s (%s)", advice(f.Message, f.Suggestion), f.Rule))
		}
	}
}

// readersKnow is what is known of an incident as the entry will leave it, by which its words are read.
func (d *deps) readersKnow(rec *record.Record, inc incident.Incident, e incident.Entry) clarity.Context {
	c := clarity.Context{
		Audience: e.Audience, Status: cmp.Or(e.Status, inc.Status), Moved: e.Status != 0 && e.Status != inc.Status,
		Severity: cmp.Or(e.Severity, inc.Severity), Impact: cmp.Or(e.Impact, inc.Impact),
		Title: cmp.Or(e.Title, inc.Title), Headline: cmp.Or(e.Headline, inc.Headline()),
		Next: !e.Next.None, // without --next the cadence says when
	}
	c.Known, c.Levels, c.Glossary = d.wordingOf(rec)
	for _, k := range slices.Concat(inc.ComponentsFor(incident.Technical), e.Components) {
		c.Known = append(c.Known, k.Name)
	}
	for _, k := range hit(inc.ComponentsHit(e.Audience), e.Components) {
		c.Components = append(c.Components, clarity.Component{Name: k.Name, State: k.State})
	}
	corrected, _ := inc.Entry(e.Corrects)
	if root, ok := inc.Root(corrected); ok {
		corrected = root
	}
	for _, u := range view.For(inc, e.Audience).Updates {
		if u.Text != "" && u.About == "" && u.ID != corrected.Suffix() {
			c.Earlier = append(c.Earlier, clarity.Update{Text: u.Text, Ago: e.At.Sub(u.At), At: d.clock(u.At)})
		}
	}
	return c
}

// wording is what a team knows of words: the names that its readers know, the levels of rules, and its glossary; what
// is built in where there are no records yet.
func (d *deps) wording(ctx context.Context) ([]string, clarity.Levels, *clarity.Glossary, error) {
	rec, err := d.recordIfAny(ctx)
	if err != nil || rec == nil {
		return nil, nil, clarity.BuiltIn(), err
	}
	names, levels, glossary := d.wordingOf(rec)
	return names, levels, glossary, nil
}

// wordingOf tells of mistakes in the glossary, once.
func (d *deps) wordingOf(rec *record.Record) ([]string, clarity.Levels, *clarity.Glossary) {
	glossary, mistakes := rec.Glossary()
	if len(mistakes) > 0 && !d.toldGlossary {
		d.toldGlossary = true
		d.tell(record.GlossaryPath, mistakes)
	}
	return rec.Config.Names(), rec.Config.Wording, glossary
}

// hit adds what an entry says of components to how they were when they last did not work.
func hit(known, said []incident.Component) []incident.Component {
	list := slices.Clone(known)
	for _, k := range said {
		at := slices.IndexFunc(list, func(o incident.Component) bool { return strings.EqualFold(o.Name, k.Name) })
		switch {
		case at < 0:
			list = append(list, k)
		case k.State != incident.Operational:
			list[at].State = k.State
		}
	}
	return list
}
