package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/folder"
	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/publish"
	"incident/pkg/record"
)

type pagePublishCmd struct {
	paging
	to    []string
	save  bool
	force bool
}

func newPagePublish(d *deps) *cobra.Command {
	c := pagePublishCmd{paging: paging{deps: d, audience: incident.Customer}}
	cmd := &cobra.Command{
		Use:   "publish",
		Short: "Make the status page and bring it to where it is served",
		Long: `Makes the page as "page build" does, and brings it to one or more targets:

  branch:NAME           a branch of this repository that holds the page and nothing else, as GitHub and GitLab Pages serve
                        it; it is sent to the remote that the record is shared through
  branch:NAME@REMOTE    a branch of another repository: the name of a remote, an address or a path
  dir:PATH              a folder
  command:COMMAND       a command, which finds the page in the folder "$1"

One commit is made for each publish, and only when something changed. Files that others keep in the branch or the folder
stay. Where to is this clone's business: --save keeps the targets in git's configuration (incident.publish, one a line),
and no file of the record can set them. With incident.autopublish set to true, whatever customers may see is published
after it is recorded; a failure is then a warning, and a line in "incident due".

Only the page for customers goes to the targets that were saved. For another audience, name the target.`,
		Example: `incident page publish --to branch:gh-pages --save
incident page publish --to 'command:aws s3 sync "$1" s3://status.example.com --delete'
incident page publish -a internal --to dir:/srv/internal-status`,
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) },
	}
	f := cmd.Flags()
	c.addFlags(cmd)
	f.StringArrayVar(&c.to, "to", nil, "a `TARGET`: branch:NAME, dir:PATH or command:COMMAND; may be repeated")
	f.BoolVar(&c.save, "save", false, "keep the targets for the next time, in this clone's git configuration")
	f.BoolVar(&c.force, "force", false, "also into a branch or folder that holds something else, which stays, but for files of the same names; also over a page for other readers, or a newer one")
	return cmd
}

// publishedJSON is the answer to page publish.
type publishedJSON struct {
	Schema    string            `json:"schema"`
	Audience  incident.Audience `json:"audience"`
	Address   string            `json:"address"`
	Published []putJSON         `json:"published"`
}

// putJSON is what came of publishing to one target.
type putJSON struct {
	Target  string   `json:"target"`
	Changed []string `json:"changed"`
	Removed []string `json:"removed"`
	Commit  string   `json:"commit"`
	Remote  string   `json:"remote"`
}

func (r publishedJSON) ids() []string {
	var list []string
	for _, p := range r.Published {
		list = append(list, p.Target)
	}
	return list
}

func (c *pagePublishCmd) run(ctx context.Context) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	targets, err := c.targets(ctx, rec)
	if err != nil {
		return err
	}
	r, err := c.publish(ctx, rec, targets)
	if err != nil {
		return err
	}
	if c.save {
		var lines []string
		for _, t := range targets {
			lines = append(lines, t.String())
		}
		if err := rec.Store().SetSetting(ctx, publishKey, strings.Join(lines, "\n")); err != nil {
			return err
		}
		c.say("Saved in this clone, in the place of any that were: " + strings.Join(lines, ", ") + ".")
	}
	return c.print(r)
}

// The keys of git's configuration that say where the page goes, and whether by itself.
const (
	publishKey     = "incident.publish"
	autopublishKey = "incident.autopublish"
)

// targets are those that were named, else those that were saved.
func (c *pagePublishCmd) targets(ctx context.Context, rec *record.Record) ([]publish.Target, error) {
	switch {
	case len(c.to) == 0 && c.save:
		return nil, usage("incident page publish --to branch:gh-pages --save", "--save keeps targets, and none is named")
	case len(c.to) > 0 && c.save && c.audience != incident.Customer:
		return nil, usage("leave --save out", "only the page for customers goes to saved targets")
	case len(c.to) > 0:
		return parseTargets(c.to, c.Dir)
	case c.audience != incident.Customer:
		return nil, usage("incident page publish -a "+c.audience.String()+" --to dir:/srv/internal-status", "the page for %s goes only where you say", c.audience.Readers())
	}
	return savedTargets(ctx, rec)
}

func savedTargets(ctx context.Context, rec *record.Record) ([]publish.Target, error) {
	saved := strings.FieldsFunc(rec.Store().Setting(ctx, publishKey), func(r rune) bool { return r == '\n' })
	if len(saved) == 0 {
		return nil, usage("incident page publish --to branch:gh-pages --save", "nothing says where to: incident.publish is not set in this clone's git configuration")
	}
	return parseTargets(saved, rec.Dir())
}

func parseTargets(list []string, dir string) ([]publish.Target, error) {
	var targets []publish.Target
	for _, s := range list {
		t, err := publish.Parse(s, dir)
		if err != nil {
			return nil, usage("", "%s", err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// publish makes the page and brings it to all targets. One that fails keeps none of the others from it.
func (c *pagePublishCmd) publish(ctx context.Context, rec *record.Record, targets []publish.Target) (publishedJSON, error) {
	r := publishedJSON{Schema: schema, Audience: c.audience, Published: []putJSON{}}
	made, err := c.whole(ctx, rec, wholePage{})
	if err != nil {
		return r, err
	}
	r.Address = made.address
	p := publish.Publisher{Store: rec.Store(), Env: c.Environ, Output: c.Stderr, Now: c.Now, Force: c.force}
	if !c.force {
		p.Allowed = func(held func(string) ([]byte, error)) error {
			return mayReplace(held, func(path string) ([]byte, error) { return made.files[path], nil })
		}
	}
	var failed []error
	for _, t := range targets {
		if t.Kind == "dir" {
			if err := outside(rec, t.Where); err != nil {
				failed = append(failed, err)
				continue
			}
		}
		done, err := p.Put(ctx, t, made.files)
		if err != nil {
			failed = append(failed, notPublished(t, err))
			continue
		}
		r.Published = append(r.Published, putJSON{t.String(), list(done.Changed), list(done.Removed), done.Commit, done.Remote})
		where := t.String()
		if done.Remote != "" {
			where += ", sent to " + done.Remote
		}
		c.say(fmt.Sprintf("Published for %s to %s: %s of %d files changed.", c.audience.Readers(), where, countOf(len(done.Changed)), len(made.files)))
	}
	if c.audience == incident.Customer && len(failed) == 0 {
		c.publishSettled(rec)
	}
	return r, errors.Join(failed...)
}

func notPublished(t publish.Target, err error) error {
	what := fmt.Sprintf("not published to %s: %v", t, err)
	switch {
	case errors.Is(err, folder.ErrForeign):
		return &advised{errPage, what, "choose another target; or --force, which leaves what is there"}
	case errors.Is(err, gitstore.ErrGit), errors.Is(err, gitstore.ErrNetwork), errors.Is(err, gitstore.ErrNoGit), errors.Is(err, record.ErrConflict), errors.Is(err, incident.ErrAudience), errors.Is(err, gitstore.ErrBranch), errors.Is(err, gitstore.ErrNoRemote), errors.Is(err, gitstore.ErrWhichRemote), errors.Is(err, gitstore.ErrDirty), errors.Is(err, context.Canceled):
		return fmt.Errorf("not published to %s: %w", t, err)
	}
	return &advised{errPage, what, "the page that was there stays; see what is wrong, then: incident page publish"}
}
