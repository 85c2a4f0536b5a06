package cli

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type configCmd struct{ *deps }

func newConfig(d *deps) *cobra.Command {
	c := configCmd{d}
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Print the configuration in force, and where each value comes from",
		Long: `Prints the configuration of the record: components, teams, severities, deadlines. It is the file
.incident/config.yaml in the record; what that leaves out is built in.`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "check",
		Short: "Find mistakes in the configuration and the glossary; exit 12 if there are any",
		Args:  arguments(0, 0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return c.check(cmd.Context()) },
	})
	return cmd
}

// configJSON is the answer to config.
type configJSON struct {
	Schema string       `json:"schema"`
	Values []originJSON `json:"values"`
}

type originJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func (r configJSON) ids() []string {
	var ids []string
	for _, v := range r.Values {
		ids = append(ids, v.Key)
	}
	return ids
}

func (r configJSON) table(d *deps) {
	t := terminal.Table{Columns: []terminal.Column{{Title: "KEY"}, {Title: "VALUE", Flexible: true}, {Title: "FROM"}}}
	for _, v := range r.Values {
		t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(v.Key), terminal.Plain(v.Value), terminal.Dim(v.From)})
	}
	d.out.Table(t)
}

func (c *configCmd) run(ctx context.Context) error {
	config, err := c.config(ctx)
	if err != nil {
		return err
	}
	r := configJSON{Schema: schema, Values: []originJSON{}}
	for _, o := range config.Origins() {
		r.Values = append(r.Values, originJSON(o))
	}
	return c.print(r)
}

// checkedJSON is the answer to config check.
type checkedJSON struct {
	Schema   string        `json:"schema"`
	Files    []string      `json:"files"`
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Message string `json:"message"`
}

func (r *checkedJSON) add(file string, mistakes []record.Finding) {
	r.Files = append(r.Files, file)
	for _, f := range mistakes {
		r.Findings = append(r.Findings, findingJSON{file, f.Line, f.Message})
	}
}

func (r checkedJSON) ids() []string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	return ids
}

func (r checkedJSON) table(d *deps) {
	for _, f := range r.Findings {
		if f.Line == 0 {
			d.out.Line(f.File, ": ", f.Message)
			continue
		}
		d.out.Line(fmt.Sprintf("%s: line %d: ", f.File, f.Line), f.Message)
	}
}

func (c *configCmd) check(ctx context.Context) error {
	place, err := c.locate()
	if err != nil {
		return err
	}
	rec, err := record.Open(ctx, place, c.recordOptions())
	if err != nil {
		return err
	}
	r := checkedJSON{Schema: schema, Findings: []findingJSON{}}
	r.add(record.ConfigPath, rec.Mistakes)
	_, mistakes := rec.Glossary()
	r.add(record.GlossaryPath, mistakes)
	for _, f := range slices.Concat(rec.Mistakes, mistakes) {
		if f.Unread != nil {
			return f.Unread
		}
	}
	if problem := emptyPage(ctx, rec, c.Now()); problem != nil {
		r.Findings = append(r.Findings, findingJSON{record.ConfigPath, 0, "page: " + problem.Error()})
	}
	if err := c.print(r); err != nil {
		return err
	}
	if len(r.Findings) > 0 {
		return errFound
	}
	c.say("The configuration and the glossary are in order.")
	return nil
}

// emptyPage says why no page can be made of the settings: its language, its colours, what the team has made itself.
func emptyPage(ctx context.Context, rec *record.Record, now time.Time) error {
	settings, err := settingsOf(ctx, rec, incident.Customer)
	if err == nil {
		_, err = page.Build(page.Input{Settings: settings, AsOf: now})
	}
	return err
}
