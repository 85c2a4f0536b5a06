package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
)

// errPage reports a status page that could not be built.
var errPage = errors.New("page")

func newPage(d *deps) *cobra.Command {
	cmd := &cobra.Command{Use: "page", Short: "Make the status page, from what customers may see"}
	cmd.AddCommand(newPageBuild(d), newPagePublish(d), newPageDiff(d), newPageServe(d))
	return cmd
}

type pageBuildCmd struct {
	paging
	dir   string
	force bool
}

func newPageBuild(d *deps) *cobra.Command {
	c := pageBuildCmd{paging: paging{deps: d, audience: incident.Customer}}
	cmd := &cobra.Command{
		Use:   "build",
		Short: "Write the status page into a folder",
		Long: `Writes a complete static site into a folder: what is going on, the state and the last 90 days of each component, a page
for each incident, the history. It needs no JavaScript and nothing from elsewhere, and works on any host and from
the disk. It is made from what its audience may see, and from nothing else.

Only files that changed are touched, each is replaced as a whole. The same record, time and settings give the same
bytes. A folder that holds something else is refused.`,
		Example: "incident page build -d public\nincident page build -d internal -a internal",
		Args: func(_ *cobra.Command, given []string) error {
			if len(given) > 0 {
				return usage("incident page build -d "+shellWords(given[:1]), "page build takes its folder with -d: %s", shellWords(given[:1]))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVarP(&c.dir, "dir", "d", "public", "the `DIR` of the site")
	c.addFlags(cmd)
	f.BoolVar(&c.force, "force", false, "also into a folder that holds something else, which stays, but for files of the same names; also over a page for other readers")
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

func (c *pageBuildCmd) run(ctx context.Context) (err error) {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	m, err := c.maker(ctx, rec)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	dir := c.path(c.dir)
	done, err := m.put(dir, c.force)
	if err != nil {
		return err
	}
	c.say(fmt.Sprintf("The page for %s is in %s: %s of %d files changed.", c.audience.Readers(), c.short(dir), countOf(len(done.Changed)), len(m.parts)))
	c.tellUntracked(ctx, rec, dir)
	return c.print(builtJSON{
		Schema: schema, Dir: dir, Audience: c.audience, AsOf: moment(m.asOf), Files: len(m.parts),
		Changed: list(done.Changed), Removed: list(done.Removed), Incidents: len(m.sources),
	})
}

// tellUntracked warns of a page in the work tree of the record that git would offer to commit with it.
func (c *pageBuildCmd) tellUntracked(ctx context.Context, rec *record.Record, dir string) {
	in, err := filepath.Rel(realPath(rec.Dir()), realPath(dir))
	if err != nil || !filepath.IsLocal(in) {
		return
	}
	in = filepath.ToSlash(in)
	if untracked, err := rec.Store().Untracked(ctx, in+"/index.html"); err == nil && untracked {
		exclude := filepath.Join(filepath.Dir(rec.Store().PrivateDir()), "info", "exclude")
		c.warn(fmt.Sprintf("%s lies among the files of the record, and git would commit it with them; choose a folder beside it with -d, or let git ignore it: echo %s >>%s",
			c.short(dir), shellWords([]string{"/" + in + "/"}), shellWords([]string{c.short(exclude)})))
	}
}

func countOf(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}
