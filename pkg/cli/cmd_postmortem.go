package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/pattern"
	"incident/pkg/postmortem"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type postmortemCmd struct {
	writing
	template string
}

func newPostmortem(d *deps) *cobra.Command {
	c := postmortemCmd{writing: writing{deps: d}}
	cmd := &cobra.Command{
		Use:     "postmortem [ID]",
		Aliases: []string{"pm"},
		Short:   "Draft the postmortem from the record",
		Long: `Writes postmortem.md into the incident's folder and commits it: everything that the record knows is filled
in, and what people have to write is asked for in comments. A draft that nobody has edited is written anew; an
edited one is never touched.

"incident postmortem templates" lists the templates; without --template a sev3 or sev4 gets the short one.`,
		Example:           "incident postmortem\nincident postmortem checkout",
		Args:              arguments(0, 1),
		RunE:              func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
		ValidArgsFunction: d.completeIncidents,
	}
	c.addFlags(cmd)
	cmd.Flags().StringVar(&c.template, "template", "", "the `TEMPLATE`: default, short, public, or one of the record's own")
	cmd.AddCommand(newPaperTemplates(d))
	addPapers(cmd, d)
	return cmd
}

func (c *postmortemCmd) run(ctx context.Context, args []string) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, err := c.target(ctx, rec, strings.Join(args, ""), resolvedFirst)
	if err != nil {
		return err
	}
	e, err := c.entry(incident.Postmortem, incident.Internal, times{})
	if err != nil {
		return err
	}
	name := c.template
	if name == "" && (inc.Severity == incident.Sev3 || inc.Severity == incident.Sev4) {
		name = "short"
	}
	make, err := c.maker(ctx, rec, firstOf(name, "default"))
	if err != nil {
		return err
	}
	draft := func(inc incident.Incident) ([]byte, error) { return make(c.draftOf(rec, inc)) }
	return c.record(ctx, rec, job{inc: inc, entry: e, doc: draft, tell: func(done record.Written) { c.tell(rec, done) }})
}

// maker makes drafts by a template: a file of the record, else a form of the default one.
func (c *postmortemCmd) maker(ctx context.Context, rec *record.Record, name string) (func(postmortem.Input) ([]byte, error), error) {
	file := "postmortem-" + name + ".md"
	if !ownTemplate.MatchString(name) {
		return nil, c.noTemplate(rec, name)
	}
	own, err := rec.Template(ctx, file)
	if err != nil {
		return nil, err
	}
	if own != "" {
		return func(in postmortem.Input) ([]byte, error) {
			in.Template = file
			return postmortem.Draft(own, in)
		}, nil
	}
	form, ok := postmortem.FormOf(name)
	if !ok {
		return nil, c.noTemplate(rec, name)
	}
	base, err := rec.Template(ctx, "postmortem.md")
	return func(in postmortem.Input) ([]byte, error) {
		doc, err := postmortem.Draft(base, in)
		return form.Of(doc), err
	}, err
}

// ownTemplate is what a template of the record's own may be called.
var ownTemplate = pattern.New(`^[a-z0-9][a-z0-9-]{0,99}$`)

func (c *postmortemCmd) noTemplate(rec *record.Record, name string) error {
	var known []string
	for _, t := range templatesOf(rec) {
		if t.Name == name { // it is there, and was passed over
			return &advised{incident.ErrNotAllowed, fmt.Sprintf("the record brings the template %q itself, which this clone does not trust", name), "read it, then: incident trust"}
		}
		known = append(known, t.Name)
	}
	return &incident.UnknownError{What: "template", Word: name, Known: known}
}

// templatesJSON is the answer to postmortem templates.
type templatesJSON struct {
	Schema    string         `json:"schema"`
	Templates []templateJSON `json:"templates"`
}

// templateJSON is a template of a postmortem.
type templateJSON struct {
	Name string `json:"name"`
	For  string `json:"for"`
	File string `json:"file"`
}

func (r templatesJSON) ids() []string {
	var list []string
	for _, t := range r.Templates {
		list = append(list, t.Name)
	}
	return list
}

func (r templatesJSON) table(d *deps) {
	t := terminal.Table{Columns: []terminal.Column{{Title: "NAME"}, {Title: "FOR", Flexible: true}, {Title: "FILE"}}}
	for _, one := range r.Templates {
		t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(one.Name), terminal.Plain(one.For), terminal.Plain(firstOf(one.File, "built in"))})
	}
	d.out.Table(t)
}

// templatesOf lists the forms, and the record's own templates.
func templatesOf(rec *record.Record) []templateJSON {
	var list []templateJSON
	for _, f := range postmortem.Forms {
		list = append(list, templateJSON{Name: f.Name, For: f.For})
	}
	files, _ := rec.Templates("") // where they cannot be read, there are none
	for _, file := range files {
		name, is := strings.CutSuffix(strings.TrimPrefix(file, "postmortem-"), ".md")
		if !is || !strings.HasPrefix(file, "postmortem-") || !ownTemplate.MatchString(name) {
			continue
		}
		one := templateJSON{Name: name, For: "the record's own", File: ".incident/templates/" + file}
		if n := slices.IndexFunc(list, func(t templateJSON) bool { return t.Name == name }); n >= 0 {
			list[n] = one
		} else {
			list = append(list, one)
		}
	}
	return list
}

func newPaperTemplates(d *deps) *cobra.Command {
	return &cobra.Command{
		Use: "templates", Short: "List the templates of postmortems", Args: arguments(0, 0),
		Long: `Lists the templates that "incident postmortem --template" takes. A file .incident/templates/postmortem.md takes the place of
the default one, postmortem-NAME.md is one more, or takes the place of the built-in one of that name, in clones that trust
the record. The built-in file explains the variables.`,
		Example: "incident postmortem templates",
		RunE: func(cmd *cobra.Command, _ []string) error {
			rec, err := d.openRecord(cmd.Context())
			if err != nil {
				return err
			}
			return d.print(templatesJSON{schema, templatesOf(rec)})
		},
	}
}

func (c *postmortemCmd) tell(rec *record.Record, done record.Written) {
	inc := done.Incident
	c.say(fmt.Sprintf("Drafted the postmortem of %s: %s", inc.ID, c.short(documentOf(rec, inc.ID))))
	if term := rec.Config.Severities[inc.Severity].Postmortem; inc.Status == incident.Resolved && term > 0 {
		c.say(fmt.Sprintf("It is due %s.", c.clocks(inc.ResolvedAt.Add(term))))
	}
	if !inc.Status.Over() {
		c.say(fmt.Sprintf("The incident is still %s; draft it again when it is over.", inc.Status))
	}
	c.next("incident postmortem edit", "answers what only people know; then: incident postmortem publish")
}

// documentOf is the file of an incident's postmortem.
func documentOf(rec *record.Record, id string) string {
	return filepath.Join(rec.Dir(), filepath.FromSlash(record.PostmortemPath(id)))
}
