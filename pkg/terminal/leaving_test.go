//go:build !windows

package terminal_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

// Every question, in every way that it is drawn, and what is on the screen once it can be answered.
var (
	questions = map[string]func(context.Context, terminal.Prompter) (any, error){
		"Title:": input(terminal.Question{Message: "Title:", Required: true}), "Severity:": choose("sev2"), "Which:": chooseAny, "Publish?": confirm(true),
	}
	kinds = map[string]string{"drawn": "TERM=xterm", "accessible": "ACCESSIBLE=1", "dumb": "TERM=dumb"}
)

func TestLeaving(t *testing.T) {
	ways := map[string]func(p *person, stop func()){
		"Ctrl-C":                       func(p *person, _ func()) { p.types(ctrlC) },
		"Ctrl-C within an answer":      func(p *person, _ func()) { p.types("x" + ctrlC) },
		"Ctrl-C within a broken paste": func(p *person, _ func()) { p.types("\x1b[200~x" + ctrlC) },
		"Ctrl-D":                       func(p *person, _ func()) { p.types(ctrlD) },
		"hanging up":                   func(p *person, _ func()) { p.hangsUp() },
		"being stopped":                func(_ *person, stop func()) { stop() },
	}
	for kind, env := range kinds {
		for message, asks := range questions {
			for way, leaves := range ways {
				if strings.HasPrefix(way, "Ctrl-C") && kind != "drawn" {
					continue // the terminal makes a signal of it, which ends ctx
				}
				t.Run(kind+" "+message+" left by "+way, func(t *testing.T) {
					p := sitDown(t)
					ctx, stop := context.WithCancel(t.Context())
					defer stop()
					p.during(func() {
						p.sees(message)
						leaves(p, stop)
					}, func(context.Context) {
						answer, err := asks(ctx, p.prompter(env))
						require.ErrorIs(t, err, terminal.ErrInterrupted)
						require.Zero(t, answer)
					})
					if way != "hanging up" {
						p.seesCursor()
					}
				})
			}
		}
	}
}

func TestAPrompterThatWasStoppedAsksNoMore(t *testing.T) {
	for kind, env := range kinds {
		t.Run(kind, func(t *testing.T) {
			p := sitDown(t)
			prompter := p.prompter(env)
			ctx, stop := context.WithCancel(t.Context())
			p.during(func() { p.sees("Title:"); stop() }, func(context.Context) {
				_, err := prompter.Input(ctx, title)
				require.ErrorIs(t, err, terminal.ErrInterrupted)
			})
			_, err := prompter.Confirm(t.Context(), "Publish?", true)
			require.ErrorIs(t, err, terminal.ErrInterrupted)
		})
	}
}

func TestAQuestionAfterOneThatWasLeft(t *testing.T) {
	p := sitDown(t)
	prompter := p.prompter()
	p.during(func() { p.sees("Title:"); p.types(ctrlC) }, func(ctx context.Context) {
		_, err := prompter.Input(ctx, title)
		require.ErrorIs(t, err, terminal.ErrInterrupted)
	})
	p.during(func() { p.sees("Publish?"); p.types("y" + enter) }, func(ctx context.Context) {
		yes, err := prompter.Confirm(ctx, "Publish?", false)
		require.NoError(t, err)
		require.True(t, yes)
	})
}
