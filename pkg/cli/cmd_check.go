package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
)

type checkCmd struct {
	*deps
	textFlags
	audience incident.Audience
	status   incident.Status
	promised string
	strict   bool
	only     string // the fault that is looked for; "": all
}

func newCheck(d *deps) *cobra.Command {
	c := checkCmd{deps: d, audience: incident.Customer}
	cmd := &cobra.Command{
		Use:   "check [TEXT | -]",
		Short: "Find what in an update fails its readers",
		Long: `Reads an update as customers would, or stakeholders, and names what fails them: words of engineers and internal
names, nothing said of what fails and what is done, smoothed words, failures that touch nobody. Each comes with
plainer words, or with what to say instead. It is read as an update to an open incident.
Names of components in the configuration are the customers' own words; so is what stands in backticks, and an
error message in quotation marks.

Exit 12 if there is an error among the findings; with --strict, any finding.`,
		Example: `incident check "BGP flap on edge-3"
incident check -a stakeholder -F update.md -o json`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.textFlags.addFlags(cmd, "what it says")
	audienceFlag(cmd, &c.audience, "who reads it")
	cmd.Flags().Var(enum[incident.Status, *incident.Status]{&c.status, "status"}, "status", "of the incident with this update (default: open)")
	cmd.Flags().StringVar(&c.promised, "next", "", "`WHEN` its readers hear again, as note takes it: 30m, 15:30, none")
	must(cmd.RegisterFlagCompletionFunc("status", fixed(words(incident.Statuses())...)))
	cmd.Flags().BoolVar(&c.strict, "strict", false, "shorter sentences, and exit 12 for warnings too")
	return cmd
}

func (c *checkCmd) run(ctx context.Context, args []string) error {
	src := c.source(args)
	text, err := c.readSource(ctx, src)
	if err != nil {
		return err
	}
	text = incident.NormalizeText(text)
	if text == "" {
		return usage(`incident check "…", or - to read standard input`, "a text is needed")
	}
	next, err := c.promise(c.promised, c.now())
	if err != nil {
		return err
	}
	names, levels, glossary, err := c.wording(ctx)
	if err != nil {
		return err
	}
	r := wordingJSON{Schema: schema, Audience: c.audience, Findings: []wordFindingJSON{}, text: text}
	for _, f := range clarity.Check(text, clarity.Context{
		Audience: c.audience, Status: c.status, Next: !next.By.IsZero(), Known: names, Levels: levels, Glossary: glossary, Strict: c.strict,
	}) {
		if strings.HasPrefix(f.Rule, c.only) {
			r.add(f)
		}
	}
	if err := c.print(r); err != nil {
		return err
	}
	if r.Errors > 0 || c.strict && r.Warnings > 0 {
		return errFound
	}
	if r.Warnings == 0 {
		c.say(fmt.Sprintf("Nothing found that fails %s.", c.audience.Readers()))
	}
	return nil
}
