package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
	"incident/pkg/when"
)

// deps are what every command needs: the world, the flags that all have, and where to print and ask.
type deps struct {
	World
	repo, incident string
	output         output
	noInput        bool
	quiet          bool
	colour         terminal.ColourMode
	utc            bool

	out, errw *terminal.Screen
	outWidth  int // of running text on out, in cells
	errWidth  int // of a sentence on errw, in cells; 0 where no terminal breaks it within a word
	prompt    terminal.Prompter
	place     record.Place   // of the record that was opened
	owes      incident.Rules // what is owed in its incidents
	committed bool           // something is recorded that was not before

	toldGlossary bool // of the mistakes in it
}

func newDeps(w World) *deps {
	d := &deps{World: w}
	d.screens()
	return d
}

func (d *deps) addFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.StringVar(&d.repo, "repo", "", "`DIR` of the records (default: $INCIDENT_REPO, the repository around, or your own)")
	f.StringVarP(&d.incident, "incident", "i", "", "which incident: its `ID`, a beginning or a part of it (default: $INCIDENT_ID, \"incident use\", or the only open one)")
	f.VarP(&d.output, "output", "o", "format of standard output: table, json or id; of check also sarif")
	f.BoolVar(&d.noInput, "no-input", false, "never ask a question")
	f.BoolVarP(&d.quiet, "quiet", "q", false, "no hints and confirmations, only errors and warnings")
	f.Var(enum[terminal.ColourMode, *terminal.ColourMode]{&d.colour, "when"}, "color", "auto, always or never")
	f.BoolVar(&d.utc, "utc", false, "read and show times in UTC")
	must(root.RegisterFlagCompletionFunc("incident", d.completeIncidents))
	must(root.RegisterFlagCompletionFunc("output", fixed(outputs[1:]...)))
	must(root.RegisterFlagCompletionFunc("color", fixed("auto", "always", "never")))
}

// must is for errors that only a mistake in this program can cause, found by any test that starts it.
func must(err error) {
	if err != nil {
		panic(err) // nothing that a user does leads here: only a flag that this program names wrongly
	}
}

// ready is called when the flags are read.
func (d *deps) ready(root *cobra.Command) {
	d.screens()
	root.SetOut(d.out)
	root.SetErr(d.errw)
}

func (d *deps) screens() {
	out, errs := d.screen(d.Stdout), d.screen(d.Stderr)
	d.out, d.outWidth = terminal.NewScreen(d.Stdout, out), readable
	if out.Terminal {
		d.outWidth = min(out.Width, readable)
	}
	d.errw, d.errWidth = terminal.NewScreen(d.Stderr, errs), errs.Width
	d.prompt = terminal.NewPrompter(file(d.Stdin), file(d.Stderr), d.Env, terminal.PromptOptions{NoInput: d.noInput, Colour: errs.Colour})
}

func (d *deps) screen(stream any) terminal.Options {
	f := file(stream)
	isTerminal := terminal.IsTerminal(f)
	o := terminal.Options{Terminal: isTerminal, Colour: terminal.UseColour(d.colour, isTerminal, d.Env)}
	if isTerminal {
		o.Width, _ = terminal.Size(f)
	}
	return o
}

// readable is how wide running text is set at most, in cells: longer lines are hard to follow.
const readable = 100

// now is the time, in the zone that the user reads and types times in.
func (d *deps) now() time.Time {
	if d.utc {
		return d.Now().UTC()
	}
	return d.Now()
}

// promise reads --next: a time after at, "none", or nothing.
func (d *deps) promise(next string, at time.Time) (n incident.Next, err error) {
	switch strings.ToLower(strings.TrimSpace(next)) {
	case "":
	case "none":
		n.None = true
	default:
		if n.By, err = when.Next(next, at); err != nil {
			return n, fmt.Errorf("--next: %w", err)
		}
	}
	return n, nil
}

// warned is a warning on standard error when JSON was asked for.
type warned struct {
	Schema  string `json:"schema"`
	Warning string `json:"warning"`
}

// warn tells the user something that is no error. It is shown under --quiet too.
func (d *deps) warn(sentence string) {
	if d.output == outputJSON {
		_ = d.encode(d.errw, warned{schema, sentence}) // standard error is the last resort
		return
	}
	lead := "warning: "
	d.errw.Line(terminal.Yellow(lead), strings.TrimPrefix(d.sentence(lead+sentence), lead))
}

// sentence breaks a sentence for a terminal between its words.
func (d *deps) sentence(s string) string { return terminal.Wrap(terminal.Safe(s), d.errWidth, "") }

// say tells the user what was done. Programs that asked for JSON read it there.
func (d *deps) say(s string) { d.line(d.sentence(s)) }

// line is a line of what is told besides the answer, of one or more parts.
func (d *deps) line(parts ...any) {
	if !d.quiet && d.output != outputJSON {
		d.errw.Line(parts...)
	}
}

// next tells the user the command that is most likely wanted now, and when or why.
func (d *deps) next(command, why string) {
	if why != "" {
		why = "        " + why
	}
	d.line(terminal.Dim("next: "), terminal.Cyan(command), why)
}

// locate finds the place of the records.
func (d *deps) locate() (record.Place, error) {
	return record.Locate(record.Surroundings{Repo: d.repo, Env: d.Env, Dir: d.Dir, Home: d.Home, System: d.System})
}

func (d *deps) recordOptions() record.Options {
	return record.Options{Env: d.Env, Environ: d.Environ, Now: d.Now, User: d.User, Warn: d.warn}
}

// openRecord opens the records that the user means, and tells of mistakes in their configuration.
func (d *deps) openRecord(ctx context.Context) (*record.Record, error) {
	place, err := d.locate()
	if err != nil {
		return nil, err
	}
	if !place.Exists && place.How == record.ByUser {
		return nil, noRecordsYet()
	}
	rec, err := record.Open(ctx, place, d.recordOptions())
	if err != nil {
		return nil, err
	}
	d.place, d.owes = place, rec.Config.Rules()
	d.tell("configuration", rec.Mistakes)
	return rec, nil
}

// withRecord opens the records that the user means, for as long as use reads them.
func (d *deps) withRecord(ctx context.Context, use func(*record.Record, *record.Reader) error) (err error) {
	rec, err := d.openRecord(ctx)
	if err != nil {
		return err
	}
	rd, err := rec.Read(ctx)
	if err != nil {
		return err
	}
	defer func() { err = joinClose(err, rd) }()
	return use(rec, rd)
}

// withIncident reads the incident that the user means, an open one where they do not say.
func (d *deps) withIncident(ctx context.Context, args []string, use func(*record.Record, incident.Incident) error) error {
	return d.withRecord(ctx, func(rec *record.Record, rd *record.Reader) error {
		inc, _, err := d.pick(rec, rd, strings.Join(args, ""), openFirst)
		if err != nil {
			return err
		}
		d.tellDamage(inc)
		return use(rec, inc)
	})
}

// config is the record's configuration, or the built-in one where there are no records yet.
func (d *deps) config(ctx context.Context) (record.Config, error) {
	rec, err := d.recordIfAny(ctx)
	if err != nil || rec == nil {
		return record.DefaultConfig(), err
	}
	return rec.Config, nil
}

// recordIfAny opens the records that the user means; nil where their own are still to be made.
func (d *deps) recordIfAny(ctx context.Context) (*record.Record, error) {
	if place, err := d.locate(); err == nil && !place.Exists && place.How == record.ByUser {
		return nil, nil
	}
	return d.openRecord(ctx)
}

func noRecordsYet() error {
	return &advised{record.ErrNotFound, "there are no incident records yet", `incident open "Checkout errors" makes them; incident init puts them where you want`}
}

// tell warns of mistakes in one of the team's files; one of them is enough.
func (d *deps) tell(file string, mistakes []record.Finding) {
	switch n := len(mistakes); {
	case n == 1:
		d.warn(fmt.Sprintf("%s: %s; what cannot be used is left out", file, mistakes[0]))
	case n > 1:
		d.warn(fmt.Sprintf("%s: %s, and %d more; incident config check lists them", file, mistakes[0], n-1))
	}
}
