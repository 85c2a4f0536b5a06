//go:build !windows

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shownJSON is what a test asks of show -o json.
type shownJSON struct {
	Incident struct {
		Title      string `json:"title"`
		Severity   string `json:"severity"`
		Impact     string `json:"impact"`
		Status     string `json:"status"`
		Components []struct {
			Name  string `json:"name"`
			State string `json:"state"`
		} `json:"components"`
	} `json:"incident"`
	Timeline []struct {
		Kind     string `json:"kind"`
		Audience string `json:"audience"`
		Text     string `json:"text"`
	} `json:"timeline"`
}

func (d *desk) shows() shownJSON {
	d.t.Helper()
	var s shownJSON
	require.NoError(d.t, json.Unmarshal([]byte(d.quietly("show", "-o", "json")), &s))
	return s
}

// last is the newest text of the incident.
func (d *desk) last() string {
	d.t.Helper()
	s := d.shows()
	return s.Timeline[len(s.Timeline)-1].Text
}

// What open asks, in order, and what is typed to each: where it is drawn, and in plain lines.
var openQuestions = []struct{ asks, typed, plain string }{
	{"What is going on?", "Checkout errors" + enter, "Checkout errors\n"},
	{"How bad is it?", "sev2" + enter, "2\n"},
	{"What do customers notice?", "major" + enter, "4\n"},
	{"Which parts", "Checkout, Search index" + enter, "Checkout, Search index\n"},
}

func TestOpenAsksForWhatItNeeds(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.types("open")
	for _, q := range openQuestions {
		p.answers(q.asks, q.typed)
	}
	screen := p.ends(0)
	require.Contains(t, screen, "Opened for the war room (internal), investigating, sev2. Customers see nothing yet.")
	got := d.shows().Incident
	require.Equal(t, "Checkout errors", got.Title)
	require.Equal(t, "sev2", got.Severity)
	require.Equal(t, "major", got.Impact)
	require.Len(t, got.Components, 2)
	require.Equal(t, "Checkout", got.Components[0].Name)
	require.Equal(t, "partial_outage", got.Components[0].State)
	require.Equal(t, "Search index", got.Components[1].Name)
	require.Equal(t, 2, d.commits())
}

func TestOpenTakesEnterForAnAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.types("open")
	p.answers("What is going on?", enter)
	p.answers("an answer is needed", "Checkout errors"+enter)
	for _, q := range openQuestions[1:] {
		p.answers(q.asks, enter)
	}
	p.ends(0)
	got := d.shows().Incident
	require.Equal(t, "Checkout errors", got.Title)
	require.Equal(t, "sev3", got.Severity, "the default")
	require.Empty(t, got.Impact, "not known yet")
	require.Empty(t, got.Components)
}

func TestOpenAsksOnlyForWhatWasNotSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.types("open", "--severity", "sev1", "--component", "Checkout", "-m", "Ten calls.")
	p.answers("What is going on?", "Checkout errors"+enter)
	p.answers("What do customers notice?", enter)
	screen := p.ends(0)
	require.NotContains(t, screen, "How bad")
	require.NotContains(t, screen, "Which parts")
	require.Equal(t, "sev1", d.shows().Incident.Severity)
	require.Equal(t, "Ten calls.", d.last())

	p = d.types("open", "A title is enough")
	screen = p.ends(0)
	require.NotContains(t, screen, "?", "nothing is asked of those who said what is going on")
}

func TestOpenOffersTheComponentsOfTheTeam(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("init", d.records())
	config := "components:\n  - name: Checkout\n  - name: Search\n  - name: Mail\n"
	require.NoError(t, os.WriteFile(filepath.Join(d.records(), ".incident", "config.yaml"), []byte(config), 0o666))
	p := d.types("open")
	for _, q := range openQuestions[:3] {
		p.answers(q.asks, q.typed)
	}
	p.sees("Mail")
	p.answers("Which parts are affected?", down+" "+down+" "+enter)
	p.ends(0)
	got := d.shows().Incident
	require.Len(t, got.Components, 2)
	require.Equal(t, "Search", got.Components[0].Name)
	require.Equal(t, "Mail", got.Components[1].Name)
}

// Screen readers, and terminals that cannot move their cursor: lines that stay, and numbers.
func TestOpenAsksInPlainLines(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"ACCESSIBLE=1", "TERM=dumb"} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, env)
			p := d.types("open")
			p.answers("What is going on?", "Checkout errors\n")
			p.sees("2  sev2")
			p.answers("Number from 1 to 4 (3)", "7\n")
			p.answers(`"7" is not a number from 1 to 4`, "2\n")
			p.sees("4  major")
			p.answers("Number from 1 to 5 (1)", "4\n")
			p.answers("Which parts, as customers call them?", "Checkout\n")
			p.ends(0)
			require.NotContains(t, p.raw(), "\x1b", "nothing that moves the cursor")
			got := d.shows().Incident
			require.Equal(t, "sev2", got.Severity)
			require.Equal(t, "major", got.Impact)
			require.Len(t, got.Components, 1)
		})
	}
}

// Whoever leaves a question has changed nothing, not even made the records.
func TestLeavingAQuestionOfOpenMakesNothing(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"TERM=xterm", "ACCESSIBLE=1", "TERM=dumb"} {
		for at, q := range openQuestions {
			for way, keys := range map[string]string{"Ctrl-C": ctrlC, "Ctrl-D": ctrlD} {
				t.Run(env+" "+q.asks+" "+way, func(t *testing.T) {
					t.Parallel()
					d := newDesk(t, env)
					p := d.types("open")
					for _, earlier := range openQuestions[:at] {
						if env == "TERM=xterm" {
							p.answers(earlier.asks, earlier.typed)
						} else {
							p.answers(earlier.asks, earlier.plain)
						}
					}
					p.answers(q.asks, keys)
					p.ends(130)
					require.Zero(t, d.commits())
					require.NoDirExists(t, d.records())
				})
			}
		}
	}
}

func TestNobodyIsAskedWhoSaysSo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, args := range [][]string{{"open", "--no-input"}, {"note", "--no-input"}} {
		screen := d.types(args...).ends(map[string]int{"open": 2, "note": 4}[args[0]])
		require.NotContains(t, screen, "What is going on")
	}
	require.Zero(t, d.commits())
	d.quietly("open", "Checkout errors")
	require.Contains(t, d.types("note", "--no-input").ends(2), "a text is needed")
	d.types("status", "identified", "--no-input").ends(0)
	require.Equal(t, 3, d.commits())
}

// id=$(incident open): the questions are on the terminal all the same, and the answer is not.
func TestQuestionsAreNoOutput(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.stdout = true
	p := d.types("open")
	for _, q := range openQuestions {
		p.answers(q.asks, q.typed)
	}
	screen := p.ends(0)
	require.Regexp(t, `^\d{8}-checkout-errors\n$`, p.stdout.String())
	require.NotContains(t, screen, strings.TrimSpace(p.stdout.String()), "the answer is on standard output alone")
	require.Contains(t, screen, "Opened for the war room")
}

func TestNoteOpensTheEditor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "--component", "Checkout=partial_outage")
	d.quietly("note", "-a", "customer", "--next", "30m", "Card payments fail.\nWe are withdrawing a change.")
	d.editor(`cp "$1" seen; { echo '# Payments'; echo; echo 'Card payments work again.'; cat "$1"; } >new; mv new "$1"`)
	screen := d.types("note", "-a", "customer").ends(0)
	require.Contains(t, screen, "Told customers:")
	require.Equal(t, "# Payments\n\nCard payments work again.", d.last())
	seen, err := os.ReadFile(filepath.Join(d.home, "seen"))
	require.NoError(t, err)
	text, below, cut := strings.Cut(string(seen), "# ------------------------ >8 ------------------------\n")
	require.True(t, cut)
	require.Contains(t, text, "What does not work, and for whom?")
	require.Contains(t, below, "A note for customers in ")
	require.Contains(t, below, "Seen by: everyone.")
	require.Contains(t, below, "    Card payments fail.\n    We are withdrawing a change.\n")
	require.Contains(t, below, "They were promised the next word by ")
	require.NoFileExists(t, filepath.Join(d.records(), ".git", "incident", "drafts", "customer.md"))

	// The line that ends the text was lost: what stands below it is still not told to customers.
	d.editor(`{ echo 'Bank transfer works for everybody.'; grep -v '>8' "$1"; } >new; mv new "$1"`)
	d.types("note", "-a", "customer").ends(0)
	require.Equal(t, "Bank transfer works for everybody.", d.last())
}

func TestAnEditorThatFailsCostsNoWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	d.editor(`{ echo 'Card payments fail.'; cat "$1"; } >new; mv new "$1"; exit 3`)
	p := d.types("note", "-a", "customer")
	p.ends(3)
	said := strings.Join(strings.Fields(p.raw()), " ") // the editor's path decides where lines break
	require.Contains(t, said, "exit status 3")
	require.Contains(t, said, "Your text is kept in")
	require.Contains(t, said, "incident note -a customer --draft")
	require.Equal(t, 2, d.commits())

	// Another audience is not offered it, the same one is, and may leave it.
	d.editor(`cp "$1" seen`)
	d.types("note").ends(3)
	require.NotContains(t, d.seen(), "Card payments fail.")
	d.editor(`cp "$1" seen; : >"$1"`)
	require.Contains(t, d.types("note", "-a", "customer").ends(3), "the text is empty; nothing was recorded")
	require.Contains(t, d.seen(), "Card payments fail.\n")
	require.Contains(t, d.seen(), "The text above was kept when an earlier note could not be recorded.")
	require.Equal(t, 2, d.commits())

	d.editor(`{ echo 'Since noon:'; cat "$1"; } >new; mv new "$1"`)
	d.types("note", "-a", "customer").ends(0)
	require.Equal(t, "Since noon:\nCard payments fail.", d.last())
	d.editor(`cp "$1" seen`)
	d.types("note", "-a", "customer").ends(3)
	require.NotContains(t, d.seen(), "The text above was kept", "it is recorded, and no draft any more")
	require.Equal(t, 3, d.commits())
}

// seen is what the editor was given.
func (d *desk) seen() string {
	d.t.Helper()
	raw, err := os.ReadFile(filepath.Join(d.home, "seen"))
	require.NoError(d.t, err)
	return string(raw)
}

func TestWordsOfTheEditorSurviveARefusedCommit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	hook := filepath.Join(d.records(), ".git", "hooks", "pre-commit")
	require.NoError(t, os.MkdirAll(filepath.Dir(hook), 0o777))
	require.NoError(t, os.WriteFile(hook, []byte("#!/bin/sh\necho no commits on a Friday >&2\nexit 1\n"), 0o777))
	d.editor(`{ echo 'p99 at 9 s'; cat "$1"; } >new; mv new "$1"`)
	screen := d.types("note").ends(9)
	require.Contains(t, screen, "no commits on a Friday")
	require.Contains(t, screen, "Your text is kept in")
	require.NoError(t, os.Remove(hook))
	d.editor(`true`)
	d.types("note").ends(0)
	require.Equal(t, "p99 at 9 s", d.last())
	require.Equal(t, 3, d.commits())
}

// Ctrl-C in an editor is the editor's own affair. One that ends of it has saved what it has saved.
func TestInterruptingTheEditor(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	d.editor(`{ echo 'half a thought'; cat "$1"; } >new; mv new "$1"; trap 'exit 130' INT; echo writing; while :; do sleep 0.01; done`)
	p := d.types("note")
	p.answers("writing", ctrlC)
	screen := p.ends(3)
	require.Contains(t, screen, "Your text is kept in")
	require.Equal(t, 2, d.commits())
	d.editor(`trap 'echo not yet' INT; echo writing; until read answer; do :; done; echo "$answer" >"$1"`)
	p = d.types("note")
	p.answers("writing", ctrlC)
	p.answers("not yet", "a whole thought\n")
	p.ends(0)
	require.Equal(t, "a whole thought", d.last())
}

func TestAMoveAsksForThePlainUpdate(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	p := d.types("status", "identified")
	p.answers("What does that mean for the war room?", "A change to payments is the cause."+enter)
	require.Contains(t, p.ends(0), "Now identified (was investigating for under a minute). Update seen by: the war room")
	require.Equal(t, "A change to payments is the cause.", d.last())

	p = d.types("status", "monitoring", "-a", "customer")
	p.answers("What does that mean for customers?", enter)
	p.ends(0)
	require.Equal(t, "monitoring", d.shows().Incident.Status)
	require.Empty(t, d.last(), "Enter skips it")
	require.Equal(t, 4, d.commits())

	// Given, or refused, it is not asked for.
	screen := d.types("status", "investigating", "-m", "It is back.").ends(0)
	require.NotContains(t, screen, "What does that mean")
	screen = d.types("close").ends(5)
	require.NotContains(t, screen, "What does that mean")
	for _, args := range [][]string{{"resolve"}, {"close"}, {"reopen"}} {
		p := d.types(args...)
		p.answers("What does that mean for the war room?", "So it "+args[0]+"s."+enter)
		p.ends(0)
		require.Equal(t, "So it "+args[0]+"s.", d.last())
	}
	require.Equal(t, 8, d.commits())
}

func TestLeavingAMoveMovesNothing(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"TERM=xterm", "ACCESSIBLE=1"} {
		t.Run(env, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, env)
			d.quietly("open", "Checkout errors")
			p := d.types("status", "identified")
			p.answers("What does that mean", "half a"+ctrlC)
			p.ends(130)
			require.Equal(t, "investigating", d.shows().Incident.Status)
			require.Equal(t, 2, d.commits())
		})
	}
}

// A note can be typed into the terminal, if somebody asks for that.
func TestStandardInputIsTheTerminal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors")
	p := d.types("note", "-")
	p.answers("Ctrl-D on a line of its own ends it", "p99 at 9 s\nand rising\n"+ctrlD)
	p.ends(0)
	require.Equal(t, "p99 at 9 s\nand rising", d.last())
	p = d.types("note", "-")
	p.answers("Ctrl-D on a line of its own ends it", "p99 at"+ctrlC)
	p.ends(130)
	require.Equal(t, 3, d.commits())
}

func TestNarrowTerminals(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.quietly("open", "Checkout errors", "--severity", "sev2", "--component", "Checkout", "--commander", "Ana Lima")
	d.quietly("note", "-a", "customer", "--next", "40m", "Card payments fail at the last step. We are withdrawing a change that we made today.")
	d.quietly("note", "see https://status.example.com/incidents/20261123-checkout-errors")

	d.width = 80
	lines := strings.Split(d.types("list").ends(0), "\n")
	require.Len(t, lines, 2, "a table keeps its lines, as long as that is possible")
	id := strings.Fields(lines[1])[0]
	require.True(t, strings.HasSuffix(id, "…"))
	require.Contains(t, d.quietly("show", id), "CHECKOUT ERRORS", "what is shown of an identifier can be typed")
	require.Contains(t, d.types("log").ends(0), "\n    Card payments fail at the last step. We are withdrawing a change that we\n    made today.\n")
	require.Contains(t, d.types("show").ends(0), "  customer        Card payments fail at the last step. We are withdrawing a\n"+strings.Repeat(" ", 23)+"change")
	require.Contains(t, d.types().ends(0), "  customer        Card payments fail at the last step. …   Ana Lima, ", "a line for each entry")

	d.width = 40
	screen := d.types("show").ends(0)
	require.Contains(t, screen, "\ncommander Ana Lima\n")
	require.Contains(t, screen, "  customer\n       Card payments fail at the last\n       step.")
	for _, args := range [][]string{{"list"}, {"log"}, {}} {
		d.width = 1
		d.types(args...).ends(0)
	}
}

func TestColourIsForTerminals(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "NO_COLOR=")
	d.quietly("open", "Checkout errors", "--severity", "sev1")
	p := d.types("list")
	p.ends(0)
	require.Contains(t, p.raw(), "\x1b[31msev1\x1b[0m")
	for _, env := range []string{"NO_COLOR=1", "TERM=dumb"} {
		d.env = append(d.env, env)
		p := d.types("list")
		p.ends(0)
		require.NotContains(t, p.raw(), "\x1b", env)
		d.env = d.env[:len(d.env)-1]
	}
}

func TestSentencesBreakBetweenWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.width = 40
	screen := d.types("open", "Checkout errors").ends(0)
	require.Contains(t, screen, "Opened for the war room (internal),\ninvestigating, sev3. Customers see\nnothing yet.\n")
	screen = d.types("show", "-a", "custmer").ends(2)
	require.Contains(t, screen, "unknown audience \"custmer\"; one of\ntechnical, internal, stakeholder,\ncustomer. Did you mean customer?")
}

// The window was closed, or the connection lost: nothing is written, and what was in an editor is found again.
func TestTheTerminalGoes(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.types("open")
	p.sees("What is going on?")
	p.hangsUp()
	require.Zero(t, d.commits())
	d.quietly("open", "Checkout errors")
	d.editor(`echo 'half a thought' >"$1"; echo writing; while :; do sleep 0.01; done`)
	p = d.types("note")
	p.sees("writing")
	p.hangsUp()
	require.Equal(t, 2, d.commits())
	d.editor(`echo 'another thought' >"$1"`)
	screen := d.types("note").ends(0)
	require.Contains(t, screen, "Another text is being written in an editor, or was when that ended:")
	kept, err := filepath.Glob(filepath.Join(d.records(), ".git", "incident", "drafts", "*.edit.md"))
	require.NoError(t, err)
	require.Len(t, kept, 1)
	text, err := os.ReadFile(kept[0])
	require.NoError(t, err)
	require.Equal(t, "half a thought\n", string(text))
}
