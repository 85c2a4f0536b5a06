package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
	"github.com/spf13/cobra"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/postmortem"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// addPapers adds the commands about a postmortem that is there.
func addPapers(cmd *cobra.Command, d *deps) {
	cmd.AddCommand(newRefresh(d), newPaperCheck(d), newPaperShow(d), newPaperEdit(d), newPaperPublish(d), newPaperExport(d), newWaive(d))
}

func paperCommand(d *deps, use, short, long, example string, run func(context.Context, []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Long: long, Example: example, Args: arguments(0, 1), ValidArgsFunction: d.completeIncidents,
		RunE: func(cmd *cobra.Command, args []string) error { return run(cmd.Context(), args) },
	}
}

type refreshCmd struct {
	paper
	force         []string
	recordActions bool
}

func newRefresh(d *deps) *cobra.Command {
	c := refreshCmd{paper: paper{writing{deps: d}}}
	cmd := paperCommand(d, "refresh [ID]", "Make the record's parts of a postmortem anew", `Writes what stands between the marked lines of postmortem.md anew from the record, and commits it. What people have
written is not touched. A block that somebody has changed by hand is kept and named; --force-block makes it anew.

Rows that people have added to the table of actions are offered to be recorded: at a terminal you are asked for each,
elsewhere each is named with the command that records it, and --record-actions records them all. What is recorded then
stands in the table as all actions do, and is in "incident due" and "incident action list".`,
		"incident postmortem refresh --dry-run\nincident postmortem refresh --force-block timeline\nincident postmortem refresh --record-actions", c.run)
	cmd.Flags().StringArrayVar(&c.force, "force-block", nil, "make this `BLOCK` anew although it was changed by hand; may be repeated")
	cmd.Flags().BoolVar(&c.dryRun, "dry-run", false, "show what would change, and change nothing")
	cmd.Flags().BoolVar(&c.recordActions, "record-actions", false, "record the rows that people have added to the table of actions, without asking")
	return cmd
}

func (c *refreshCmd) run(ctx context.Context, args []string) error {
	rec, inc, doc, committed, err := c.of(ctx, args)
	if err != nil {
		return err
	}
	r, err := c.refreshed(ctx, rec, inc, doc)
	if err != nil {
		return unsound(err)
	}
	if !committed && !c.dryRun {
		c.tellKept(r)
		return uncommitted(inc)
	}
	if inc, err = c.recordRows(ctx, rec, inc, doc); err != nil {
		return err
	}
	if r, err = c.refreshed(ctx, rec, inc, doc); err != nil {
		return unsound(err)
	}
	c.tellKept(r)
	if c.dryRun {
		return c.diff(doc, r.Doc)
	}
	e, err := c.entry(incident.Postmortem, incident.Internal, times{})
	if err != nil {
		return err
	}
	edit := func(inc incident.Incident, old []byte) ([]byte, error) {
		r, err := c.refreshed(ctx, rec, inc, old)
		return r.Doc, err
	}
	return c.record(ctx, rec, job{inc: inc, entry: e, edit: edit, tell: func(record.Written) {
		c.say(fmt.Sprintf("Made anew in %s: %s.", c.short(documentOf(rec, inc.ID)), strings.Join(r.Changed, ", ")))
	}})
}

// refreshed is a document with the blocks as they are recorded now.
func (c *refreshCmd) refreshed(ctx context.Context, rec *record.Record, inc incident.Incident, doc []byte) (postmortem.Refreshed, error) {
	fresh, err := c.fresh(ctx, rec, inc)
	if err != nil {
		return postmortem.Refreshed{}, err
	}
	force := c.force
	if postmortem.AddedAlone(doc, inc) {
		force = append(slices.Clone(force), "actions")
	}
	return postmortem.Refresh(doc, fresh, force)
}

func (c *refreshCmd) tellKept(r postmortem.Refreshed) {
	for _, name := range r.Kept {
		c.warn(fmt.Sprintf("the block %q was changed by hand and is kept; --force-block %s makes it anew", name, name))
	}
}

func (c *refreshCmd) diff(old, fresh []byte) error {
	text, err := difflib.GetUnifiedDiffString(difflib.UnifiedDiff{
		A: difflib.SplitLines(string(normalEnds(old))), B: difflib.SplitLines(string(normalEnds(fresh))), FromFile: "postmortem.md", ToFile: "refreshed", Context: 2,
	})
	if err != nil {
		return err
	}
	for line := range strings.Lines(text) {
		c.out.Line(strings.TrimRight(line, "\n"))
	}
	return c.outputError()
}

func unsound(err error) error {
	if errors.Is(err, postmortem.ErrDocument) {
		return &advised{record.ErrInvalid, err.Error(), "put the marked lines right; incident postmortem check tells more"}
	}
	return err
}

func uncommitted(inc incident.Incident) error {
	file := record.PostmortemPath(inc.ID)
	return &advised{gitstore.ErrDirty, file + " has changes that are not committed", "git commit -m \"Write the postmortem\" -- " + file}
}

func newPaperCheck(d *deps) *cobra.Command {
	c := paper{writing{deps: d}}
	return paperCommand(d, "check [ID]", "Say what a postmortem still lacks; exit 12 if anything", `Looks at postmortem.md as it lies in the work tree: questions that nobody has answered, headings with nothing below them,
a summary that is missing or that customers would not understand, words that look for somebody at fault, times outside of the
incident, actions without an owner or a day or none at all, facts that the record tells otherwise by now, and the deadline.`,
		"incident postmortem check && incident postmortem publish", func(ctx context.Context, args []string) error {
			rec, inc, doc, _, err := c.of(ctx, args)
			if err != nil {
				return err
			}
			found, err := c.findings(ctx, rec, inc, doc)
			if err != nil {
				return err
			}
			if err := c.print(newPaper(rec, inc, found)); err != nil {
				return err
			}
			if len(found) > 0 {
				return errFound
			}
			c.say("It can be published.")
			c.next("incident postmortem publish", "")
			return nil
		})
}

func newPaperShow(d *deps) *cobra.Command {
	c := paper{writing{deps: d}}
	return paperCommand(d, "show [ID]", "Print a postmortem as it is", "Prints postmortem.md as it lies in the work tree, for the war room. For everybody else: incident postmortem export.",
		"incident postmortem show", func(ctx context.Context, args []string) error {
			_, _, doc, _, err := c.of(ctx, args)
			if err != nil {
				return err
			}
			return c.lines(string(doc))
		})
}

// lines prints a text line by line.
func (c *paper) lines(text string) error {
	for line := range strings.Lines(text) {
		c.out.Line(terminal.Safe(strings.TrimRight(line, "\r\n")))
	}
	return c.outputError()
}

func newPaperEdit(d *deps) *cobra.Command {
	c := paper{writing{deps: d}}
	return paperCommand(d, "edit [ID]", "Write a postmortem in your editor, check it, commit it", `Opens postmortem.md in your editor. What you save is committed, then checked: what it still lacks is told, and keeps nothing
from being committed. You may as well edit the file where it lies, and commit it with git.`,
		"incident postmortem edit", c.editPaper)
}

func (c *paper) editPaper(ctx context.Context, args []string) error {
	rec, inc, doc, committed, err := c.of(ctx, args)
	if err != nil {
		return err
	}
	if !committed {
		return uncommitted(inc)
	}
	k := draft{name: inc.ID + "-postmortem", resume: "incident postmortem edit " + inc.ID}
	file, err := rec.Drafts().Edit(k.name, string(doc))
	if err != nil {
		return err
	}
	editor := firstOf(rec.Editor(ctx), c.Env("VISUAL"), c.Env("EDITOR"))
	if editor == "" && !c.screen(c.Stderr).Terminal {
		return usage("EDITOR=… incident postmortem edit", "no editor is set, and there is no terminal for one")
	}
	editor = firstOf(editor, "vi")
	failed := terminal.Edit(ctx, editor, file, c.streams())
	now, err := os.ReadFile(file)
	if err = errors.Join(failed, err); err != nil {
		return &advised{errAborted, err.Error(), "nothing was recorded; what you wrote is in " + file}
	}
	if len(bytes.TrimSpace(now)) == 0 {
		return &advised{errAborted, "the document is empty", "nothing was recorded; delete " + file + " to begin again from what is recorded"}
	}
	e, err := c.entry(incident.Postmortem, incident.Internal, times{})
	if err != nil {
		return err
	}
	edit := func(_ incident.Incident, old []byte) ([]byte, error) {
		if !bytes.Equal(normalEnds(old), normalEnds(doc)) {
			return nil, &advised{record.ErrConflict, "somebody else has changed the postmortem meanwhile", "what you wrote is in " + file}
		}
		return now, nil
	}
	if err := c.record(ctx, rec, job{inc: inc, entry: e, edit: edit, tell: func(record.Written) {
		c.say("Committed " + c.short(documentOf(rec, inc.ID)) + ".")
	}}); err != nil {
		return err
	}
	if err := os.Remove(file); err != nil {
		c.warn(err.Error())
	}
	found, err := c.findings(ctx, rec, inc, now)
	if err != nil {
		return err
	}
	for _, f := range found {
		where := ""
		if f.Line > 0 {
			where = fmt.Sprintf("line %d: ", f.Line)
		}
		c.line(terminal.Dim(fmt.Sprintf("%s%s: %s", where, f.Rule, f.What)))
	}
	return nil
}

type paperPublishCmd struct {
	paper
	yes, anyway bool
}

func newPaperPublish(d *deps) *cobra.Command {
	c := paperPublishCmd{paper: paper{writing{deps: d}}}
	cmd := paperCommand(d, "publish [ID]", "Publish a postmortem: record its public form, for the status page", `Makes the public form of postmortem.md: without the internal sections and all comments, with the record's facts as customers
may see them, and with roles in the place of people (page.names: true in the configuration keeps names). It shows that, asks,
and records its exact words; the status page shows them. Published again it is a new version, and the older ones stay.

What "postmortem check" finds keeps it from being published; --anyway does not. Without a terminal: --yes.`,
		"incident postmortem publish\nincident postmortem publish checkout --yes", c.run)
	c.addFlags(cmd)
	cmd.Flags().BoolVarP(&c.yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&c.anyway, "anyway", false, "also with what the check finds")
	return cmd
}

func (c *paperPublishCmd) run(ctx context.Context, args []string) error {
	rec, inc, doc, committed, err := c.of(ctx, args)
	if err != nil {
		return err
	}
	if !committed {
		return uncommitted(inc)
	}
	found, err := c.findings(ctx, rec, inc, doc)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(f postmortem.Finding) bool { return f.Rule == "late" })
	if len(found) > 0 && !c.anyway {
		if err := c.print(newPaper(rec, inc, found)); err != nil {
			return err
		}
		c.say("Not published: see above; --anyway publishes it all the same.")
		return errFound
	}
	text, err := c.public(rec, inc, doc)
	if err != nil {
		return err
	}
	c.warnOfNarrow(inc, text)
	c.quote("Everybody will read:", text)
	if !c.yes && !c.dryRun {
		ok, err := c.prompt.Confirm(ctx, "Publish it?", false)
		if errors.Is(err, terminal.ErrNoTerminal) {
			return usage("--yes", "there is no terminal to ask at")
		}
		if err != nil || !ok {
			return errors.Join(err, &advised{errAborted, "nothing was published", ""})
		}
	}
	e, err := c.entry(incident.Published, incident.Customer, times{})
	if err != nil {
		return err
	}
	e.Text = text
	return c.record(ctx, rec, job{inc: inc, entry: e, tell: func(done record.Written) {
		version := ""
		if n := len(done.Incident.Published); n > 1 {
			version = fmt.Sprintf(", version %d", n)
		}
		c.say(fmt.Sprintf("Published the postmortem of %s%s.%s", inc.ID, version, wentPublic(inc, done.Incident)))
		c.next("incident page publish", "shows it on the status page")
	}})
}

type paperExportCmd struct {
	paper
	format string
}

func newPaperExport(d *deps) *cobra.Command {
	c := paperExportCmd{paper: paper{writing{deps: d}}}
	cmd := paperCommand(d, "export [ID]", "Print the public form of a postmortem, as Markdown or as one HTML file", `Prints the public form of postmortem.md, as "postmortem publish" would record it: for a blog, a mail, a printer. The HTML is
one file that needs nothing else.`, "incident postmortem export --format html > postmortem.html", c.run)
	cmd.Flags().StringVar(&c.format, "format", "md", "md or html")
	return cmd
}

func (c *paperExportCmd) run(ctx context.Context, args []string) error {
	if c.format != "md" && c.format != "html" {
		return &incident.UnknownError{What: "format", Word: c.format, Known: []string{"md", "html"}}
	}
	rec, inc, doc, _, err := c.of(ctx, args)
	if err != nil {
		return err
	}
	text, err := c.public(rec, inc, doc)
	if err != nil {
		return err
	}
	if c.format == "md" {
		return c.lines(text)
	}
	settings, err := settingsOf(ctx, rec, incident.Customer)
	if err != nil {
		return err
	}
	raw, err := page.Article(settings, c.release(rec, inc, doc).View, text)
	if err != nil {
		return err
	}
	return c.lines(string(raw))
}

type waiveCmd struct {
	writing
	reason string
}

func newWaive(d *deps) *cobra.Command {
	c := waiveCmd{writing: writing{deps: d}}
	cmd := paperCommand(d, "waive [ID]", "Record that no postmortem is owed, and why", `Records that an incident that is over gets no postmortem. Nothing is owed any more, unless it is reopened and resolved again;
the reason stands in the record, for the war room.`, `incident postmortem waive --reason "A drill"`, c.run)
	c.addFlags(cmd)
	cmd.Flags().StringVar(&c.reason, "reason", "", "why")
	return cmd
}

func (c *waiveCmd) run(ctx context.Context, args []string) error {
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	inc, err := c.target(ctx, rec, strings.Join(args, ""), resolvedFirst)
	if err != nil {
		return err
	}
	e, err := c.entry(incident.Waived, incident.Internal, times{})
	if err != nil {
		return err
	}
	e.Text = incident.NormalizeText(c.reason)
	return c.record(ctx, rec, job{inc: inc, entry: e, tell: func(record.Written) {
		c.say("No postmortem is owed for " + inc.ID + ".")
	}})
}
