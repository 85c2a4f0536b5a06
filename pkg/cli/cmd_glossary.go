package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"incident/pkg/clarity"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

func newGlossary(d *deps) *cobra.Command {
	list := glossaryListCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "glossary",
		Short: "Print the words that readers do not know, with plain ones",
		Long: `Prints the words that are found in updates, with what can be written instead. Many are built in; the
team's own are in .incident/glossary.yaml in the record, and stand before those of the same name.`,
		Example: `incident glossary add "flux gate" "the part that counts visitors"
incident glossary add webhook --allowed
incident glossary list webhook`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return list.run(cmd.Context(), nil) },
	}
	cmd.AddCommand(newGlossaryList(d), newGlossaryAdd(d), newGlossaryTest(d))
	return cmd
}

type glossaryListCmd struct {
	*deps
	team bool
}

func newGlossaryList(d *deps) *cobra.Command {
	c := glossaryListCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "list [WORD...]",
		Short: "Print the terms, or those that hold a word",
		Args:  cobra.ArbitraryArgs,
		RunE:  func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	cmd.Flags().BoolVar(&c.team, "team", false, "only the team's own")
	return cmd
}

// glossaryJSON is the answer to glossary list.
type glossaryJSON struct {
	Schema string     `json:"schema"`
	Terms  []termJSON `json:"terms"`
}

// termJSON is a word that not everybody knows.
type termJSON struct {
	Term    string            `json:"term"`
	Plain   string            `json:"plain"`
	Level   string            `json:"level"`
	Also    []string          `json:"also"`
	KnownTo incident.Audience `json:"known_to"`
	Allowed bool              `json:"allowed"`
	Team    bool              `json:"team"`
}

func wireTerm(t clarity.Term) termJSON {
	level := "soft"
	if t.Hard {
		level = "hard"
	}
	known := max(t.Audience, incident.Internal)
	if t.Allowed {
		known = incident.Customer
	}
	return termJSON{
		Term: t.Term, Plain: t.Plain, Level: level, Also: append([]string{}, t.Also...), KnownTo: known, Allowed: t.Allowed, Team: t.Team,
	}
}

func (r glossaryJSON) ids() []string {
	var ids []string
	for _, t := range r.Terms {
		ids = append(ids, t.Term)
	}
	return ids
}

func (r glossaryJSON) table(d *deps) {
	t := terminal.Table{Columns: []terminal.Column{{Title: "TERM"}, {Title: "IN PLAIN WORDS", Flexible: true}, {Title: "LEVEL"}, {Title: "FROM"}}}
	for _, term := range r.Terms {
		from, level := "built in", term.Level
		if term.Team {
			from = "team"
		}
		if term.Allowed {
			level = "allowed"
		}
		t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(term.Term), terminal.Plain(term.Plain), terminal.Plain(level), terminal.Dim(from)})
	}
	d.out.Table(t)
}

func (c *glossaryListCmd) run(ctx context.Context, words []string) error {
	_, _, glossary, err := c.wording(ctx)
	if err != nil {
		return err
	}
	r := glossaryJSON{Schema: schema, Terms: []termJSON{}}
	for _, t := range glossary.Terms() {
		if (t.Team || !c.team) && named(t, words) {
			r.Terms = append(r.Terms, wireTerm(t))
		}
	}
	return c.print(r)
}

// named reports whether a term or one of its spellings holds one of the words.
func named(t clarity.Term, words []string) bool {
	for _, w := range words {
		for _, s := range append([]string{t.Term}, t.Also...) {
			if strings.Contains(strings.ToLower(s), strings.ToLower(w)) {
				return true
			}
		}
	}
	return len(words) == 0
}

type glossaryAddCmd struct {
	*deps
	term   clarity.Term
	plain  string
	soft   bool
	dryRun bool
	author string
}

func newGlossaryAdd(d *deps) *cobra.Command {
	c := glossaryAddCmd{deps: d}
	cmd := &cobra.Command{
		Use:   "add TERM [PLAIN]",
		Short: "Add a term of the team, with what to write instead",
		Long: `Adds a term to .incident/glossary.yaml, or changes it there, in one commit. From then on it is found in updates,
and PLAIN is offered. With --allowed your readers know the word, and it is found no more.`,
		Args: arguments(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	f := cmd.Flags()
	f.StringVar(&c.plain, "plain", "", "the plain `WORDS`, besides the argument")
	f.StringArrayVar(&c.term.Also, "also", nil, "another `SPELLING` of it (repeatable)")
	f.BoolVar(&c.soft, "soft", false, "many have heard the word; an update is not refused for it")
	f.BoolVar(&c.term.Allowed, "allowed", false, "your readers know it")
	f.Var(enum[incident.Audience, *incident.Audience]{&c.term.Audience, "audience"}, "known-to", "the widest audience that knows it (default: internal)")
	f.BoolVar(&c.dryRun, "dry-run", false, "see whether it could be added, and add nothing")
	f.StringVar(&c.author, "author", "", "`WHO` writes: \"Ana Lima <ana@example.com>\" (default: $INCIDENT_AUTHOR, or as git knows you)")
	must(cmd.RegisterFlagCompletionFunc("known-to", fixed(words(incident.Audiences())...)))
	return cmd
}

// addedJSON is the answer to glossary add.
type addedJSON struct {
	Schema  string   `json:"schema"`
	Term    termJSON `json:"term"`
	Commit  string   `json:"commit"`
	Changed bool     `json:"changed"`
	DryRun  bool     `json:"dry_run"`
}

func (r addedJSON) ids() []string { return []string{r.Term.Term} }

func (c *glossaryAddCmd) run(ctx context.Context, args []string) error {
	t := c.term
	t.Term, t.Hard, t.Plain = strings.TrimSpace(args[0]), !c.soft, c.plain
	switch {
	case len(args) > 1 && c.plain != "":
		return usage("leave one of them out", "the plain words are given twice, by an argument and by --plain")
	case len(args) > 1:
		t.Plain = args[1]
	}
	t.Plain = strings.TrimSpace(t.Plain)
	if t.Plain == "" && !t.Allowed {
		return usage(`incident glossary add `+shellWords([]string{t.Term})+` "…", or --allowed if your readers know it`, "what is %q in plain words?", t.Term)
	}
	rec, err := c.openRecord(ctx)
	if err != nil {
		return err
	}
	commit, err := rec.AddTerm(ctx, t, c.author, c.dryRun)
	if err != nil {
		return err
	}
	t.Team = true
	c.committed = commit != ""
	switch {
	case c.dryRun:
		c.say("Nothing is recorded; it could be.")
	case commit == "":
		c.say("Nothing to do: the glossary says so already.")
	default:
		c.say(fmt.Sprintf("Added to %s.", record.GlossaryPath))
		c.share(ctx, rec)
	}
	return c.print(addedJSON{Schema: schema, Term: wireTerm(t), Commit: commit, Changed: commit != "", DryRun: c.dryRun})
}

func newGlossaryTest(d *deps) *cobra.Command {
	c := checkCmd{deps: d, audience: incident.Customer, only: "jargon"}
	cmd := &cobra.Command{
		Use:   "test [TEXT | -]",
		Short: "Find the terms in a text; exit 12 if an update would be refused for one",
		Args:  arguments(0, 1),
		RunE:  func(cmd *cobra.Command, args []string) error { return c.run(cmd.Context(), args) },
	}
	c.textFlags.addFlags(cmd, "what it says")
	audienceFlag(cmd, &c.audience, "who reads it")
	return cmd
}
