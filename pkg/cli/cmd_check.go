package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

type checkCmd struct {
	*deps
	textFlags
	audience incident.Audience
	status   incident.Status
	promised string
	all      bool
	strict   bool
	only     string // the fault that is looked for; "": all
}

func newCheck(d *deps) *cobra.Command {
	c := checkCmd{deps: d, audience: incident.Customer}
	cmd := &cobra.Command{
		Use:   "check [TEXT | - | ENTRY]",
		Short: "Find what in an update fails its readers",
		Long: `Reads an update as customers would, or stakeholders, and names what fails them: words of engineers and internal
names, nothing said of what fails and what is done, smoothed words, failures that touch nobody. Each comes with
plainer words, or with what to say instead. A text is read as an update to an open incident.
Names of components in the configuration are the customers' own words; so is what stands in backticks, and an
error message in quotation marks.

An ENTRY, named by its six letters, is read as it was when it was recorded, with what its readers knew then. --all
reads all that was ever recorded for others than engineers, or all of one incident (-i). What was let pass with a
reason is not found again.

Exit 12 if there is an error among the findings; with --strict, any finding. -o sarif is for programs that show
findings beside a text.`,
		Example: `incident check "BGP flap on edge-3"
incident check -a stakeholder -F update.md -o json
incident check --all --strict`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.textFlags.addFlags(cmd, "what it says")
	audienceFlag(cmd, &c.audience, "who reads it")
	cmd.Flags().Var(enum[incident.Status, *incident.Status]{&c.status, "status"}, "status", "of the incident with this update (default: open)")
	cmd.Flags().StringVar(&c.promised, "next", "", "`WHEN` its readers hear again, as note takes it: 30m, 15:30, none")
	must(cmd.RegisterFlagCompletionFunc("status", fixed(words(incident.Statuses())...)))
	cmd.Flags().BoolVar(&c.all, "all", false, "everything that was recorded for others than engineers")
	cmd.Flags().BoolVar(&c.strict, "strict", false, "shorter sentences, and exit 12 for warnings too")
	return cmd
}

func (c *checkCmd) run(ctx context.Context, args []string) error {
	src := c.source(args)
	if c.all {
		if src.isGiven() {
			return usage("leave one of them out", "--all reads what was recorded, and takes no text")
		}
		return c.review(ctx)
	}
	if len(args) == 1 && namesEntry(args[0]) {
		if done, err := c.entry(ctx, args[0]); done || err != nil {
			return err
		}
	}
	return c.read(ctx, src)
}

// namesEntry reports whether a word can be the name of an entry, or its six letters.
func namesEntry(word string) bool {
	_, err := incident.ParseName(strings.TrimSuffix(word, ".md"))
	return err == nil || len(word) == 6 && !strings.ContainsFunc(word, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLower(r) && !unicode.IsDigit(r)
	})
}

// read reads a text that was given.
func (c *checkCmd) read(ctx context.Context, src source) error {
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
	r := reviewedJSON{Audience: c.audience, Findings: []wordFindingJSON{}, text: text, file: firstOf(src.file, "-")}
	c.look(&r, clarity.Context{
		Audience: c.audience, Status: c.status, Next: !next.None, Known: names, Levels: levels, Glossary: glossary,
	}, nil)
	return c.answer(r)
}

// look adds what is found in a text, but for what was let pass.
func (c *checkCmd) look(r *reviewedJSON, in clarity.Context, passed []incident.Accepted) {
	in.Strict = c.strict
	for _, f := range clarity.Check(r.text, in) {
		let := slices.ContainsFunc(passed, func(a incident.Accepted) bool { return a.Rule == f.Rule })
		if !let && strings.HasPrefix(f.Rule, c.only) {
			r.add(f)
		}
	}
}

func (c *checkCmd) answer(r reviewedJSON) error {
	if err := c.print(wordingJSON{schema, r}); err != nil {
		return err
	}
	return c.verdict(r.Errors, r.Warnings, "Nothing found that fails "+r.Audience.Readers()+".")
}

func (c *checkCmd) verdict(errors, warnings int, well string) error {
	if errors > 0 || c.strict && warnings > 0 {
		return errFound
	}
	if warnings == 0 {
		c.say(well)
	}
	return nil
}

// entry reads what was recorded, if there is such an entry; a word of six letters may be a text.
func (c *checkCmd) entry(ctx context.Context, ref string) (done bool, err error) {
	if place, err := c.locate(); err != nil || !place.Exists {
		return false, nil // a text needs no records
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return false, err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return false, err
	}
	defer func() { err = joinClose(err, rd) }()
	found, err := rd.FindEntry(strings.TrimSuffix(ref, ".md"))
	if err != nil || len(found) == 0 {
		return false, err
	}
	one, err := c.findEntry(rd, ref)
	if err != nil {
		return true, err
	}
	inc, err := rd.Incident(one.Incident)
	if err != nil {
		return true, err
	}
	e, _ := inc.Entry(one.Name)
	if c.flags.Changed("audience") {
		e.Audience = c.audience
	}
	if e.Text == "" {
		return true, &advised{record.ErrNotFound, one.Name + " has no words", "incident log shows which entries have"}
	}
	return true, c.answer(c.asRecorded(rec, inc, e))
}

// asRecorded reads an entry with what was known when it was recorded.
func (c *checkCmd) asRecorded(rec *record.Record, inc incident.Incident, e incident.Entry) reviewedJSON {
	var earlier []incident.Entry
	for _, old := range inc.Timeline {
		if old.Name < e.Name {
			earlier = append(earlier, old)
		}
	}
	before := incident.Incident{}
	if len(earlier) > 0 {
		before = incident.Fold(inc.ID, earlier)
	}
	r := reviewedJSON{
		Incident: inc.ID, Entry: e.Name, Audience: e.Audience, Findings: []wordFindingJSON{}, text: e.Text, file: record.PathOf(inc.ID, e.Name),
	}
	c.look(&r, c.readersKnow(rec, before, e), e.Accepted)
	return r
}

// reviewJSON is the answer to check --all.
type reviewJSON struct {
	Schema   string         `json:"schema"`
	Texts    []reviewedJSON `json:"texts"`
	Errors   int            `json:"errors"`
	Warnings int            `json:"warnings"`
	Read     int            `json:"read"`
}

func (r reviewJSON) ids() []string {
	var ids []string
	for _, t := range r.Texts {
		ids = append(ids, t.Entry)
	}
	return ids
}

func (r reviewJSON) table(d *deps) {
	for _, t := range r.Texts {
		d.out.Line(terminal.Bold(t.Incident), "  ", t.Entry, terminal.Dim("  for "+t.Audience.Readers()))
		t.show(d.out, d.screen(d.Stdout).Width)
		d.out.Line()
	}
}

func (r reviewJSON) sarif() sarifLog { return sarifOf(r.Texts) }

// review reads all that was recorded and not withdrawn.
func (c *checkCmd) review(ctx context.Context) error {
	return c.withRecord(ctx, func(rec *record.Record, rd *record.Reader) error {
		incidents, err := c.reviewed(rd)
		if err != nil {
			return err
		}
		r := reviewJSON{Schema: schema, Texts: []reviewedJSON{}}
		for _, inc := range incidents {
			for _, e := range inc.Timeline {
				if !c.isRead(inc, e) {
					continue
				}
				r.Read++
				if t := c.asRecorded(rec, inc, e); len(t.Findings) > 0 {
					r.Texts = append(r.Texts, t)
					r.Errors += t.Errors
					r.Warnings += t.Warnings
				}
			}
		}
		if err := c.print(r); err != nil {
			return err
		}
		return c.verdict(r.Errors, r.Warnings, fmt.Sprintf("Updates read: %d. Nothing was found.", r.Read))
	})
}

func (c *checkCmd) reviewed(rd *record.Reader) ([]incident.Incident, error) {
	if c.incident == "" {
		return rd.All()
	}
	inc, err := resolve(rd, c.incident)
	return []incident.Incident{inc}, err
}

// isRead reports whether --all reads an entry: words that somebody other than engineers still reads, of the audience
// that was asked for.
func (c *checkCmd) isRead(inc incident.Incident, e incident.Entry) bool {
	root, about := inc.Root(e)
	if !about {
		root = e
	}
	_, gone := inc.Retraction(root)
	asked := !c.flags.Changed("audience") || e.Audience == c.audience
	return asked && e.Text != "" && e.Audience > incident.Technical && e.Kind != incident.Retracted && e.Unusable() == nil && !gone
}
