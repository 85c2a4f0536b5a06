package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type openCmd struct {
	writing
	textFlags
	factFlags
	title     string
	commander string
	promised  string
	audience  incident.Audience
	similarTo bool
}

func newOpen(d *deps) *cobra.Command {
	c := openCmd{writing: writing{deps: d}, audience: incident.Internal}
	cmd := &cobra.Command{
		Use:     "open [TITLE]",
		Aliases: []string{"new", "create", "start", "declare"},
		Short:   "Open an incident",
		Long: `Opens an incident, investigating. Its title and identifier are for the war room; what customers see as its
name is the headline, and they see nothing before the first entry for them.

At a terminal it then names up to three earlier incidents that are like this one, by the words of the title, by components,
tags and causes, with their postmortems. Scripts do not pay for that, unless they ask for it with --similar.

Your own records are made when you open the first incident; incident init makes others.`,
		Example: `incident open "Checkout errors"
incident open "Checkout errors" --severity sev2 --impact major --component Checkout=partial_outage
incident open "Checkout errors" --started "15m ago" -m "Support has ten calls about declined cards."`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVarP(&c.title, "title", "t", "", "the `TITLE`, instead of the argument")
	c.textFlags.addFlags(cmd, "what is known")
	f.StringVar(&c.commander, "commander", "", "`WHO` leads")
	c.factFlags.addFlags(cmd)
	f.BoolVar(&c.similarTo, "similar", false, "name similar earlier incidents without a terminal too")
	audienceFlag(cmd, &c.audience, "who may read the title and the text")
	c.nextFlags(cmd, &c.promised)
	c.accepting.addFlags(cmd, "`WHY` a finding is let pass")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *openCmd) run(ctx context.Context, args []string) error {
	if c.incident != "" {
		return usage("leave -i out; to say something in it: incident note -i "+shellWords([]string{c.incident}), "open makes a new incident and takes none")
	}
	text, err := c.readSource(ctx, c.source(nil))
	if err != nil {
		return err
	}
	keep := draft{name: "open", resume: `incident open "…" -F FILE`}
	title, err := c.givenTitle(args)
	if err != nil {
		return c.keepDraft(nil, keep, text, err)
	}
	rec, place, err := c.find(ctx)
	if err != nil {
		return c.keepDraft(nil, keep, text, err)
	}
	e, err := c.opening(ctx, rec, title, text)
	if err != nil {
		return c.keepDraft(rec, keep, text, err)
	}
	made := rec == nil
	if made { // only now: who leaves a question, or gave a wrong answer, has made nothing
		var done func()
		if rec, done, err = c.make(ctx, place); err != nil {
			return c.keepDraft(nil, keep, text, err)
		}
		defer done()
	}
	return c.record(ctx, rec, job{entry: e, draft: keep, tell: func(done record.Written) { c.tell(done, place, made) }, after: func(done record.Written) {
		c.seenBefore(ctx, rec, done)
	}})
}

// seenBefore names similar incidents. The incident is opened by then: whatever goes wrong here is not worth a word, unless
// somebody has asked for it.
func (c *openCmd) seenBefore(ctx context.Context, rec *record.Record, done record.Written) {
	if !c.similarTo && (!c.committed || c.quiet || c.output == outputJSON || !terminal.IsTerminal(file(c.Stderr))) {
		return
	}
	found, err := c.similar(ctx, rec, done.Incident)
	if err != nil && c.similarTo {
		c.warn("similar incidents could not be looked for: " + err.Error())
	}
	c.alike = found
	c.tellSimilar(found)
}

// givenTitle is the title, "" where it will be asked for.
func (c *openCmd) givenTitle(args []string) (string, error) {
	if len(args) > 0 && c.flags.Changed("title") {
		return "", usage("leave one of them out", "the title is given twice, as an argument and by --title")
	}
	title := strings.TrimSpace(c.title + strings.Join(args, ""))
	if title == "-" {
		return "", usage(`incident open "Checkout errors" -m - reads what is known from standard input`, "a title cannot be read from standard input")
	}
	if title == "" && (len(args) > 0 || c.flags.Changed("title") || !c.prompt.Interactive()) {
		return "", usage("", `a title is needed: incident open "Checkout errors"`)
	}
	return title, nil
}

// find opens the records that the user means; nil where their own are still to be made.
func (c *openCmd) find(ctx context.Context) (*record.Record, record.Place, error) {
	place, err := c.locate()
	if err != nil || !place.Exists && place.How == record.ByUser {
		return nil, place, err
	}
	rec, err := c.openRecord(ctx)
	return rec, place, err
}

// make makes the user's own records. A dry run makes them elsewhere, and done takes them away again.
func (c *openCmd) make(ctx context.Context, place record.Place) (_ *record.Record, done func(), err error) {
	dir, done := place.Dir, func() {}
	if c.dryRun {
		if dir, err = os.MkdirTemp("", "incident-dry-run-"); err != nil {
			return nil, done, err
		}
		done = func() { _ = os.RemoveAll(dir) }
	}
	made, err := record.InitApart(ctx, dir, c.recordOptions())
	if err != nil {
		done()
	}
	return made.Record, done, err
}

// opening makes the entry, and asks for what it lacks.
func (c *openCmd) opening(ctx context.Context, rec *record.Record, title, text string) (incident.Entry, error) {
	config := record.DefaultConfig()
	if rec != nil {
		config = rec.Config
	}
	e, err := c.entry(incident.Opened, c.audience, times{started: c.started, next: c.promised})
	if err != nil {
		return e, err
	}
	if title == "" {
		if title, err = c.ask(ctx, config); err != nil {
			return e, err
		}
	}
	c.fill(&e)
	if e.Components, err = c.components.components(config, c.impact); err != nil {
		return e, err
	}
	e.Severity = cmp.Or(e.Severity, config.DefaultSeverity)
	e.Title, e.Status, e.Text = title, incident.Investigating, c.readyText(c.audience, text)
	if c.commander != "" {
		e.Role, e.Holder = incident.Commander, strings.TrimSpace(c.commander)
	}
	return e, e.Check()
}

// ask asks for what opening an incident needs, and what is worth saying at once.
func (c *openCmd) ask(ctx context.Context, config record.Config) (string, error) {
	title, err := c.prompt.Input(ctx, terminal.Question{Message: "What is going on? (a title for the war room, not for customers)", Required: true})
	if err != nil {
		return "", err
	}
	if c.severity == 0 {
		var options []terminal.Option
		for _, s := range incident.Severities() {
			options = append(options, terminal.Option{Value: s.String(), Label: fmt.Sprintf("%s  %s", s, config.Severities[s].Meaning)})
		}
		if err := c.choose(ctx, "How bad is it?", options, config.DefaultSeverity.String(), &c.severity); err != nil {
			return "", err
		}
	}
	if c.impact == 0 {
		options := []terminal.Option{
			{Value: "", Label: "not known yet"},
			{Value: "none", Label: "none      nobody outside needs to know"},
			{Value: "minor", Label: "minor     some notice, and get by"},
			{Value: "major", Label: "major     many notice, and cannot do what they came for"},
			{Value: "critical", Label: "critical  nobody can"},
		}
		if err := c.choose(ctx, "What do customers notice?", options, "", &c.impact); err != nil {
			return "", err
		}
	}
	if len(c.components) == 0 {
		if err := c.askComponents(ctx, config); err != nil {
			return "", err
		}
	}
	return title, nil
}

// choose asks for one of the options; the empty one leaves the value as it is.
func (c *openCmd) choose(ctx context.Context, message string, options []terminal.Option, def string, into interface{ UnmarshalText([]byte) error }) error {
	answer, err := c.prompt.Select(ctx, message, options, def)
	if err != nil || answer == "" {
		return err
	}
	return into.UnmarshalText([]byte(answer))
}

func (c *openCmd) askComponents(ctx context.Context, config record.Config) error {
	var names []string
	if len(config.Components) == 0 {
		answer, err := c.prompt.Input(ctx, terminal.Question{Message: "Which parts, as customers call them? (commas between them; Enter for none)"})
		if err != nil {
			return err
		}
		for name := range strings.SplitSeq(answer, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	} else {
		var options []terminal.Option
		for _, k := range config.Components {
			options = append(options, terminal.Option{Value: k.Name})
		}
		var err error
		if names, err = c.prompt.MultiSelect(ctx, "Which parts are affected?", options); err != nil {
			return err
		}
	}
	for _, name := range names {
		c.components = append(c.components, incident.Component{Name: name})
	}
	return nil
}

func (c *openCmd) tell(done record.Written, place record.Place, made bool) {
	inc, e := done.Incident, done.Entry
	customers := "Customers see nothing yet."
	if inc.Public() {
		customers = fmt.Sprintf("Customers see it as %q.", inc.Headline())
		if e.Text != "" {
			c.toldCustomers("Told customers:", done)
		}
	}
	c.say(fmt.Sprintf("Opened for %s, %s, %s. %s", forWhom(e.Audience), inc.Status, inc.Severity, customers))
	switch {
	case made:
		c.say(fmt.Sprintf("Recorded in %s (made just now; \"incident init\" puts records elsewhere).", c.short(place.Dir)))
	case place.How == record.ByUser || place.How == record.ByEnclosing:
		c.say(fmt.Sprintf("Recorded in %s.", c.short(place.Dir)))
	}
	if inc.Impact == incident.ImpactNone || inc.Public() {
		c.next(`incident note "…"`, "")
		return
	}
	first := "the first word to customers"
	for _, o := range debts(c.owes, inc) {
		if o.Why == incident.WhyFirst && o.Audience == incident.Customer {
			first += " is due " + c.clock(o.By)
		}
	}
	c.next("incident note --audience customer", first)
}
