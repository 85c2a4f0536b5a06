package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type openCmd struct {
	writing
	factFlags
	title, message, file string
	commander            string
	audience             incident.Audience
}

func newOpen(d *deps) *cobra.Command {
	c := openCmd{writing: writing{deps: d}, audience: incident.Internal}
	cmd := &cobra.Command{
		Use:     "open [TITLE]",
		Aliases: []string{"new", "create", "start", "declare"},
		Short:   "Open an incident",
		Long: `Opens an incident, investigating. Its title and identifier are for the war room; what customers see as its
name is the headline, and they see nothing before the first entry for them.

Where there are no records yet they are made: in the folder of --repo or $INCIDENT_REPO, else in your own.`,
		Example: `incident open "Checkout errors"
incident open "Checkout errors" --severity sev2 --impact major --component Checkout=partial_outage
incident open "Checkout errors" --started "15m ago" -m "Support has ten calls about declined cards."`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.run(cmd.Context(), args, cmd.Flags().Changed("message"))
		},
	}
	f := cmd.Flags()
	f.StringVarP(&c.title, "title", "t", "", "the `TITLE`, instead of the argument")
	f.StringVarP(&c.message, "message", "m", "", "what is known, a `TEXT`; - reads standard input")
	f.StringVarP(&c.file, "file", "F", "", "read what is known from a `FILE`")
	f.StringVar(&c.commander, "commander", "", "`WHO` leads")
	c.factFlags.addFlags(cmd)
	audienceFlag(cmd, &c.audience, "who may read the title and the text")
	c.writing.addFlags(cmd)
	return cmd
}

func (c *openCmd) run(ctx context.Context, args []string, messageGiven bool) error {
	text, err := c.readSource(source{message: c.message, given: messageGiven, file: c.file})
	if err != nil {
		return err
	}
	if len(args) > 0 && c.title != "" {
		return usage("", "the title is given twice, as an argument and with --title")
	}
	title := strings.TrimSpace(c.title + strings.Join(args, ""))
	rec, place, made, err := c.recordToOpenIn(ctx)
	if err != nil {
		return c.keepDraft(nil, "open", text, err)
	}
	if title == "" {
		if title, err = c.ask(ctx, rec.Config); err != nil {
			return c.keepDraft(rec, "open", text, err)
		}
	}
	e, err := c.opening(rec.Config, title, text)
	if err != nil {
		return c.keepDraft(rec, "open", text, err)
	}
	return c.record(ctx, rec, job{entry: e, draft: "open", tell: func(done record.Written) { c.tell(done, rec, place, made) }})
}

// recordToOpenIn opens the records that the user means, and makes the user's own on first use.
func (c *openCmd) recordToOpenIn(ctx context.Context) (_ *record.Record, _ record.Place, made bool, err error) {
	place, err := c.locate()
	if err != nil {
		return nil, place, false, err
	}
	if place.Exists || place.How != record.ByUser || c.dryRun {
		rec, err := c.openRecord(ctx)
		return rec, place, false, err
	}
	done, err := record.Init(ctx, place.Dir, c.recordOptions())
	if err != nil {
		return nil, place, false, err
	}
	return done.Record, place, done.Created, nil
}

// opening makes the entry.
func (c *openCmd) opening(config record.Config, title, text string) (incident.Entry, error) {
	if title == "" {
		return incident.Entry{}, usage(`incident open "Checkout errors"`, "a title is needed")
	}
	e, err := c.entry(incident.Opened, c.audience)
	if err != nil {
		return e, err
	}
	if err := c.fill(c.deps, config, &e, c.impact); err != nil {
		return e, err
	}
	if e.Severity == 0 {
		e.Severity = config.DefaultSeverity
	}
	e.Title, e.Status, e.Text = title, incident.Investigating, c.readyText(c.audience, text)
	if c.commander != "" {
		e.Role, e.Holder = incident.Commander, strings.TrimSpace(c.commander)
	}
	return e, nil
}

// ask asks for what opening an incident needs, and what is worth saying at once.
func (c *openCmd) ask(ctx context.Context, config record.Config) (string, error) {
	if !c.prompt.Interactive() {
		return "", usage(`incident open "Checkout errors"`, "a title is needed")
	}
	title, err := c.prompt.Input(ctx, terminal.Question{Message: "What is going on?", Help: "A title for the war room; customers do not see it", Required: true})
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
		answer, err := c.prompt.Input(ctx, terminal.Question{Message: "Which parts, as customers call them?", Help: "With commas between them; Enter for none"})
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

func (c *openCmd) tell(done record.Written, rec *record.Record, place record.Place, made bool) {
	inc := done.Incident
	customers := "Customers see nothing yet."
	if inc.Public() {
		customers = fmt.Sprintf("Customers see it as %q.", inc.Headline())
	}
	c.say(fmt.Sprintf("Opened for %s, %s, %s. %s", forWhom(done.Entry.Audience), inc.Status, inc.Severity, customers))
	switch {
	case made:
		c.say(fmt.Sprintf("Recorded in %s (made just now; \"incident init\" puts records elsewhere).", c.short(rec.Dir())))
	case place.How == record.ByUser || place.How == record.ByEnclosing:
		c.say(fmt.Sprintf("Recorded in %s.", c.short(rec.Dir())))
	}
	switch {
	case inc.Impact == incident.ImpactNone || inc.Public():
		c.next(`incident note "…"`)
	default:
		c.next("incident note --audience customer        the first word to customers")
	}
}
