//go:build !windows

package terminal_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/creack/pty"
	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

const (
	enter = "\r"
	up    = "\x1b[A"
	down  = "\x1b[B"
	ctrlC = "\x03"
	ctrlD = "\x04"
)

var severities = []terminal.Option{
	{Value: "sev1", Label: "sev1  everything is down"},
	{Value: "sev2", Label: "sev2  a part is down"},
	{Value: "sev3"},
}

var title = terminal.Question{Message: "Title:"}

// Questions in the usual terminal, drawn by survey.
func TestInput(t *testing.T) {
	for _, tt := range []struct {
		rule string
		q    terminal.Question
		does func(p *person)
		want string
	}{
		{"the answer is what was typed", title, func(p *person) { p.types("Checkout errors" + enter) }, "Checkout errors"},
		{"blanks around it are not meant", title, func(p *person) { p.types("  Checkout  errors " + enter) }, "Checkout  errors"},
		{"nothing is an answer", title, func(p *person) { p.types(enter) }, ""},
		{
			"a default is taken with Enter",
			terminal.Question{Message: "Title:", Default: "Checkout errors", Required: true},
			func(p *person) {
				p.sees("(Checkout errors)")
				p.types(enter)
			},
			"Checkout errors",
		},
		{
			"a default is shown harmless and returned as it is",
			terminal.Question{Message: "Title:", Default: "a\x1b[2Jb"},
			func(p *person) {
				p.sees(`a\x1b[2Jb`)
				p.types(enter)
			},
			"a\x1b[2Jb",
		},
		{
			"what is required is asked for again",
			terminal.Question{Message: "Title:", Required: true},
			func(p *person) {
				p.types(" " + enter)
				p.sees("an answer is needed")
				p.types("Checkout errors" + enter)
			},
			"Checkout errors",
		},
		{
			"help is a question mark away",
			terminal.Question{Message: "Title:", Help: "What customers notice."},
			func(p *person) {
				p.sees("? for help")
				p.types("?" + enter)
				p.sees("What customers notice.")
				p.types("Checkout errors" + enter)
			},
			"Checkout errors",
		},
		{"text of every script", title, func(p *person) { p.types("決済エラー 🔥 שלום" + enter) }, "決済エラー 🔥 שלום"},
		{"keys that move, and keys that mean nothing here", title, func(p *person) {
			p.types("heckout\x1b[H" + "C\x1b[F" + "\x1b[1;5C\x1b[15~\x1bb\x1b[Z\x1bOR" + "!\x7f" + enter)
		}, "Checkout"},
		{"an R is no position of the cursor", title, func(p *person) { p.types("RRR \x1b[2;3R" + enter) }, "RRR"},
		{
			"pasted lines are one line",
			title,
			func(p *person) {
				p.types("\x1b[200~Checkout\rerrors\n\x08in\x1b[201~ Berlin" + enter)
			},
			"Checkout errors in Berlin",
		},
		{
			"a long answer on a narrow screen", title, func(p *person) { p.types(strings.Repeat("long ", 60) + "end" + enter) },
			strings.Repeat("long ", 60) + "end",
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := sitDown(t)
			p.during(func() { p.sees("Title:"); tt.does(p) }, func(ctx context.Context) {
				got, err := p.prompter().Input(ctx, tt.q)
				require.NoError(t, err)
				require.Equal(t, tt.want, got)
			})
		})
	}
}

func TestSelect(t *testing.T) {
	for _, tt := range []struct {
		rule, def, keys, want string
	}{
		{"the first is offered first", "", enter, "sev1"},
		{"unless another is the default", "sev2", enter, "sev2"},
		{"a default that is no option is no default", "sev9", enter, "sev1"},
		{"arrows move", "", down + down + up + enter, "sev2"},
		{"arrows of another keypad move", "", "\x1bOB" + enter, "sev2"},
		{"arrows go round", "", up + enter, "sev3"},
		{"typing finds", "", "PART" + enter, "sev2"},
		{"typing what is not there hides nothing", "", "zzz" + down + enter, "sev2"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := sitDown(t)
			p.during(func() {
				p.sees("sev2  a part is down")
				p.types(tt.keys)
			}, func(ctx context.Context) {
				got, err := p.prompter().Select(ctx, "Severity:", severities, tt.def)
				require.NoError(t, err)
				require.Equal(t, tt.want, got)
			})
		})
	}
}

func TestMultiSelect(t *testing.T) {
	for _, tt := range []struct {
		rule, keys string
		want       []string
	}{
		{"none is an answer", enter, nil},
		{"those marked are the answer, in their order", down + down + " " + up + up + " " + enter, []string{"sev1", "sev3"}},
		{"a mark is taken back", "  " + enter, nil},
		{"typing finds", "part " + enter, []string{"sev2"}},
		{"typing what is not there hides nothing", "zzz" + up + up + " " + enter, []string{"sev2"}},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := sitDown(t)
			p.during(func() {
				p.sees("sev2  a part is down")
				p.types(tt.keys)
			}, func(ctx context.Context) {
				got, err := p.prompter().MultiSelect(ctx, "Which:", severities)
				require.NoError(t, err)
				require.Equal(t, tt.want, got)
			})
		})
	}
}

func TestConfirm(t *testing.T) {
	for _, tt := range []struct {
		rule string
		def  bool
		keys string
		want bool
	}{
		{"y is yes", false, "y" + enter, true},
		{"yes is yes", false, "YES" + enter, true},
		{"n is no", true, "n" + enter, false},
		{"Enter is the default, no", false, enter, false},
		{"Enter is the default, yes", true, enter, true},
		{"anything else is asked again", false, "perhaps" + enter + "y" + enter, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := sitDown(t)
			p.during(func() {
				p.sees("Publish?")
				p.types(tt.keys)
			}, func(ctx context.Context) {
				got, err := p.prompter().Confirm(ctx, "Publish?", tt.def)
				require.NoError(t, err)
				require.Equal(t, tt.want, got)
			})
		})
	}
}

// Questions in plain lines. A terminal in its ordinary mode echoes what is typed.
func TestPlainQuestions(t *testing.T) {
	for _, tt := range []struct {
		rule string
		asks func(ctx context.Context, p terminal.Prompter) (any, error)
		says []string // what the person sees, then types, in turn
		want any
	}{
		{
			"a line", input(terminal.Question{Message: "Title:", Help: "What customers notice."}),
			[]string{"What customers notice.", "", "Title:", " Checkout  errors \n"},
			"Checkout  errors",
		},
		{
			"a default", input(terminal.Question{Message: "Title:", Default: "Checkout errors", Required: true}),
			[]string{"Title: (Checkout errors) ", "\n"},
			"Checkout errors",
		},
		{
			"an answer that is required", input(terminal.Question{Message: "Title:", Required: true}),
			[]string{"Title:", "\n", "an answer is needed", "x\n"},
			"x",
		},
		{"bytes that are not UTF-8", input(title), []string{"Title:", "caf\xe9\n"}, "caf\ufffd"},
		{"a number", choose("sev1"), []string{"1  sev1  everything is down", "", "3  sev3", "", "Number from 1 to 3 (1)", "2\n"}, "sev2"},
		{"the default's number", choose("sev3"), []string{"Number from 1 to 3 (3)", "\n"}, "sev3"},
		{
			"a wrong number is asked again", choose(""),
			[]string{"Number from 1 to 3 (1)", "4\n", `"4" is not a number from 1 to 3`, "0\n", `"0" is not`, "sev\n", `"sev" is not`, "3\n"},
			"sev3",
		},
		{"several numbers", chooseAny, []string{"3  sev3", "", "(none)", "3, 1 1\n"}, []string{"sev1", "sev3"}},
		{"no numbers", chooseAny, []string{"(none)", "\n"}, []string(nil)},
		{"a wrong one among them is asked again", chooseAny, []string{"(none)", "1,7\n", `"7" is not a number from 1 to 3`, "2\n"}, []string{"sev2"}},
		{"yes", confirm(false), []string{"Publish? (y/N)", "Yes\n"}, true},
		{"no", confirm(true), []string{"Publish? (Y/n)", "n\n"}, false},
		{"the default, yes", confirm(true), []string{"Publish?", "\n"}, true},
		{"neither yes nor no", confirm(false), []string{"Publish?", "maybe\n", "answer y or n", "y\n"}, true},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			p := sitDown(t)
			p.during(func() {
				for i := 0; i < len(tt.says); i += 2 {
					p.sees(tt.says[i])
					p.types(tt.says[i+1])
				}
			}, func(ctx context.Context) {
				got, err := tt.asks(ctx, p.prompter("ACCESSIBLE=1"))
				require.NoError(t, err)
				require.Equal(t, tt.want, got)
			})
			require.NotContains(t, p.all(), "\x1b", "nothing that moves the cursor")
		})
	}
}

func input(q terminal.Question) func(context.Context, terminal.Prompter) (any, error) {
	return func(ctx context.Context, p terminal.Prompter) (any, error) { return p.Input(ctx, q) }
}

func choose(def string) func(context.Context, terminal.Prompter) (any, error) {
	return func(ctx context.Context, p terminal.Prompter) (any, error) {
		return p.Select(ctx, "Severity:", severities, def)
	}
}

func chooseAny(ctx context.Context, p terminal.Prompter) (any, error) {
	return p.MultiSelect(ctx, "Which:", severities)
}

func confirm(def bool) func(context.Context, terminal.Prompter) (any, error) {
	return func(ctx context.Context, p terminal.Prompter) (any, error) { return p.Confirm(ctx, "Publish?", def) }
}

func TestTypingAhead(t *testing.T) {
	for _, kind := range []string{"TERM=xterm", "ACCESSIBLE=1"} {
		t.Run(kind, func(t *testing.T) {
			p := sitDown(t)
			prompter := p.prompter(kind)
			p.types("Checkout errors\n") // before there is a question
			p.during(func() { p.sees("Title:"); p.types("2\nno\nSearch\n") }, func(ctx context.Context) {
				got, err := prompter.Input(ctx, title)
				require.NoError(t, err)
				require.Equal(t, "Checkout errors", got)
				sev, err := prompter.Select(ctx, "Severity:", severities, "")
				require.NoError(t, err)
				require.Equal(t, "sev2", sev)
				yes, err := prompter.Confirm(ctx, "Publish?", true)
				require.NoError(t, err)
				require.False(t, yes)
				got, err = prompter.Input(ctx, title)
				require.NoError(t, err)
				require.Equal(t, "Search", got)
			})
		})
	}
}

func TestWhatIsAskedIsHarmless(t *testing.T) {
	hostile := "a\x1b]0;owned\x07\nb\u202e"
	for kind, env := range kinds {
		t.Run(kind, func(t *testing.T) {
			p := sitDown(t)
			prompter := p.prompter(env)
			p.during(func() {
				p.sees("b\\u202e")
				p.types("\n\n\u202e\n\n")
			}, func(ctx context.Context) {
				got, err := prompter.Select(ctx, hostile, []terminal.Option{{Value: hostile}, {Value: "x", Label: hostile}}, "x")
				require.NoError(t, err)
				require.Equal(t, "x", got)
				_, err = prompter.MultiSelect(ctx, hostile, []terminal.Option{{Value: hostile}})
				require.NoError(t, err)
				_, err = prompter.Input(ctx, terminal.Question{Message: hostile, Help: hostile, Default: hostile})
				require.NoError(t, err)
				_, err = prompter.Confirm(ctx, hostile, false)
				require.NoError(t, err)
			})
			sent := p.all()
			require.NotContains(t, sent, "\x1b]")
			require.NotContains(t, sent, "\a")
			require.NotRegexp(t, `\x1b\[[0-9;]*m`, sent, "no colour was asked for")
			if kind == "drawn" { // elsewhere the terminal itself echoes what is typed
				require.NotContains(t, sent, "\u202e")
			}
		})
	}
}

func TestAScreenOfAnySize(t *testing.T) {
	for _, size := range []pty.Winsize{{}, {Cols: 1, Rows: 1}, {Cols: 20, Rows: 5}, {Cols: 500, Rows: 200}} {
		p := sitDown(t)
		require.NoError(t, pty.Setsize(p.tty, &size))
		if size.Cols > 0 {
			p.vt.Resize(int(size.Cols), int(size.Rows))
			width, height := terminal.Size(p.tty)
			require.Equal(t, []int{int(size.Cols), int(size.Rows)}, []int{width, height})
		}
		long := terminal.Option{Value: "long", Label: strings.Repeat("決済 ", 200)}
		p.types("\x1b[B\n  \nan answer that is longer than the screen\x7f\x1b[D\x1b[Dx\n")
		p.during(func() {}, func(ctx context.Context) {
			prompter := p.prompter()
			got, err := prompter.Select(ctx, "Severity:", append([]terminal.Option{long}, severities...), "")
			require.NoError(t, err)
			require.Equal(t, "sev1", got)
			_, err = prompter.MultiSelect(ctx, "Which:", []terminal.Option{long})
			require.NoError(t, err)
			got, err = prompter.Input(ctx, title)
			require.NoError(t, err)
			require.Equal(t, "an answer that is longer than the scrxee", got)
		})
	}
}

func TestNothingToChooseFrom(t *testing.T) {
	for kind, env := range kinds {
		t.Run(kind, func(t *testing.T) {
			prompter := sitDown(t).prompter(env)
			_, err := prompter.Select(t.Context(), "Severity:", nil, "")
			require.ErrorContains(t, err, "nothing to choose from")
			chosen, err := prompter.MultiSelect(t.Context(), "Which:", nil)
			require.NoError(t, err)
			require.Empty(t, chosen)
		})
	}
}

func TestNobodyToAsk(t *testing.T) {
	p := sitDown(t)
	pipe, _, err := os.Pipe()
	require.NoError(t, err)
	defer pipe.Close()
	for _, tt := range []struct {
		rule string
		got  terminal.Prompter
		want bool
	}{
		{"a person at a terminal is asked", p.prompter(), true},
		{"in plain lines too", p.prompter("ACCESSIBLE=1"), true},
		{"standard input must be a terminal", terminal.NewPrompter(pipe, p.tty, environment(), terminal.PromptOptions{}), false},
		{"standard error must be a terminal", terminal.NewPrompter(p.tty, pipe, environment(), terminal.PromptOptions{}), false},
		{"the caller may say that nobody is there", terminal.NewPrompter(p.tty, p.tty, environment(), terminal.PromptOptions{NoInput: true}), false},
		{"streams may be missing", terminal.NewPrompter(nil, nil, environment(), terminal.PromptOptions{}), false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, tt.got.Interactive())
			if tt.want {
				return
			}
			for message, asks := range questions {
				_, err := asks(t.Context(), tt.got)
				require.ErrorIs(t, err, terminal.ErrNoTerminal)
				require.ErrorContains(t, err, message)
			}
		})
	}
	require.Empty(t, p.all())
}
