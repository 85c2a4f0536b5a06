package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/folder"
	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/record"
	"incident/pkg/view"
	"incident/pkg/when"
	"incident/templates"
)

// errPage reports a status page that could not be built.
var errPage = errors.New("page")

func newPage(d *deps) *cobra.Command {
	cmd := &cobra.Command{Use: "page", Short: "Make the status page, from what customers may see"}
	cmd.AddCommand(newPageBuild(d))
	return cmd
}

type pageBuildCmd struct {
	*deps
	dir, asOf string
	audience  incident.Audience
	force     bool
}

func newPageBuild(d *deps) *cobra.Command {
	c := pageBuildCmd{deps: d, audience: incident.Customer}
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Write the status page into a folder",
		Long: `Writes a complete static site into a folder: what is going on, the state and the last 90 days of each component, a page
for each incident, the history. It needs no JavaScript and nothing from elsewhere, and works on any host and from
the disk. It is made from what its audience may see, and from nothing else.

Only files that changed are touched, each is replaced as a whole. The same record, time and settings give the same
bytes. A folder that holds something else is refused.`,
		Example: "incident page build -d public\nincident page build -d internal -a internal",
		Args:    arguments(0, 0),
		RunE:    func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVarP(&c.dir, "dir", "d", "public", "the `DIR` of the site")
	audienceFlag(cmd, &c.audience, "who reads it: customer, stakeholder or internal")
	f.StringVar(&c.asOf, "as-of", "", "the `TIME` that the page tells (default: now)")
	f.BoolVar(&c.force, "force", false, "also into a folder that holds something else, which stays")
	return cmd
}

// builtJSON is the answer to page build.
type builtJSON struct {
	Schema    string            `json:"schema"`
	Dir       string            `json:"dir"`
	Audience  incident.Audience `json:"audience"`
	AsOf      *timeJSON         `json:"as_of"`
	Files     int               `json:"files"`
	Changed   []string          `json:"changed"`
	Removed   []string          `json:"removed"`
	Incidents int               `json:"incidents"`
}

func (r builtJSON) ids() []string { return []string{r.Dir} }

func (c *pageBuildCmd) run(ctx context.Context) error {
	if c.audience == incident.Technical {
		return usage("--audience internal", "there is no page for engineers: they have the record")
	}
	asOf := c.Now()
	if c.asOf != "" {
		var err error
		if asOf, err = when.Time(c.asOf, c.now()); err != nil {
			return fmt.Errorf("--as-of: %w", err)
		}
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	in, err := c.input(ctx, rec, asOf)
	if err != nil {
		return err
	}
	files, err := page.Build(in)
	if err != nil {
		return &advised{errPage, err.Error(), ""}
	}
	dir := c.path(c.dir)
	done, err := folder.Put(dir, files, c.force)
	switch {
	case errors.Is(err, folder.ErrForeign):
		return &advised{errPage, err.Error(), "choose another with -d; or --force, which leaves what is there"}
	case err != nil:
		return &advised{errPage, err.Error(), "the page that was there stays"}
	}
	c.say(fmt.Sprintf("The page for %s is in %s: %s of %d files changed.", c.audience.Readers(), c.short(dir), countOf(len(done.Changed)), len(files)))
	return c.print(builtJSON{
		Schema: schema, Dir: dir, Audience: c.audience, AsOf: moment(asOf), Files: len(files),
		Changed: list(done.Changed), Removed: list(done.Removed), Incidents: len(in.Views),
	})
}

func countOf(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}

// input is what the page is made from: the views of its audience, as far as that may know of incidents.
func (c *pageBuildCmd) input(ctx context.Context, rec *record.Record, asOf time.Time) (in page.Input, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return in, err
	}
	defer func() { err = joinClose(err, rd) }()
	all, err := rd.All()
	if err != nil {
		return in, err
	}
	for _, inc := range all {
		if v := view.For(inc, c.audience); v.Visible {
			in.Views = append(in.Views, v)
		}
	}
	in.AsOf = asOf
	in.Settings, err = settingsOf(rec.Config, c.audience)
	return in, err
}

func settingsOf(config record.Config, a incident.Audience) (page.Settings, error) {
	s := page.Settings{
		Name: config.Page.Name, Address: strings.TrimRight(config.Page.Address, "/"), Language: config.Page.Language, Zone: config.TimeZone,
		Audience: a, PartialWeight: config.Page.PartialWeight,
	}
	for _, k := range config.Components {
		s.Components = append(s.Components, page.Component(k))
	}
	raw, err := templates.Page.ReadFile("page/locales/" + filepath.Base(s.Language) + ".yaml")
	if err != nil {
		return s, &advised{errPage, fmt.Sprintf("there are no words of the page in the language %q", s.Language), "set page.language in " + record.ConfigPath + " to en or de"}
	}
	s.Words, err = record.ParseWords(raw)
	return s, err
}
