//go:build !windows

package terminal_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"incident/pkg/terminal"
)

// person sits at a terminal: sees its screen, types on its keyboard. The terminal is real to the code
// under test; vt10x draws it and answers where the cursor is.
type person struct {
	t        *testing.T
	tty      *os.File // what the program has
	line     *os.File // our end
	vt       vt10x.Terminal
	finished chan struct{} // closed once nothing more is drawn

	news    sync.Cond // that something was drawn, and the lock of what follows
	sent    strings.Builder
	leaving bool
	gone    bool
}

func sitDown(t *testing.T) *person {
	t.Helper()
	line, tty, err := pty.Open()
	require.NoError(t, err)
	p := &person{
		t: t, tty: tty, line: line, vt: vt10x.New(vt10x.WithWriter(line)),
		finished: make(chan struct{}), news: sync.Cond{L: &sync.Mutex{}},
	}
	go func() {
		defer close(p.finished)
		p.watch()
	}()
	t.Cleanup(func() {
		p.hangsUp()
		tty.Close()
		<-p.finished
		line.Close()
	})
	return p
}

// watch draws what the program writes, until the program closes the terminal or the person hangs up.
func (p *person) watch() {
	var rest []byte
	buf := make([]byte, 4096)
	for {
		n, err := p.line.Read(buf)
		rest = append(rest, buf[:n]...)
		drawn, _ := p.vt.Write(rest) // leaves the start of a character that is cut
		p.news.L.Lock()
		p.sent.Write(rest[:drawn])
		p.gone = err != nil || p.leaving
		if p.gone {
			p.line.Close()
		}
		p.news.L.Unlock()
		p.news.Broadcast()
		if p.gone {
			return
		}
		rest = rest[drawn:]
	}
}

// until waits for the screen to be as it should.
func (p *person) until(what string, holds func(vt10x.View) bool) {
	p.t.Helper()
	p.news.L.Lock()
	defer p.news.L.Unlock()
	for !holds(p.vt) {
		if p.gone {
			p.t.Errorf("the terminal has gone, and not %s:\n%s", what, p.vt)
			return
		}
		p.news.Wait()
	}
}

func (p *person) sees(text string) {
	p.t.Helper()
	p.until("seen "+text, func(v vt10x.View) bool { return strings.Contains(v.String(), text) })
}

func (p *person) seesCursor() {
	p.t.Helper()
	p.until("seen the cursor", func(v vt10x.View) bool {
		v.Lock()
		defer v.Unlock()
		return v.CursorVisible()
	})
}

func (p *person) types(keys string) {
	p.t.Helper()
	if _, err := p.line.WriteString(keys); err != nil {
		p.t.Errorf("type %q: %v", keys, err)
	}
}

// hangsUp closes the terminal. A read of it cannot be called off; the echo of one more key ends ours.
func (p *person) hangsUp() {
	p.news.L.Lock()
	p.leaving = true
	p.news.L.Unlock()
	_, _ = p.line.WriteString("x") // an error where the terminal has gone already
}

// all is everything that was sent to the terminal, which this closes.
func (p *person) all() string {
	p.tty.Close()
	<-p.finished
	return p.sent.String()
}

// prompter asks this person, whose environment is given as NAME=value.
func (p *person) prompter(env ...string) terminal.Prompter {
	return terminal.NewPrompter(p.tty, p.tty, environment(env...), terminal.PromptOptions{})
}

func environment(env ...string) func(string) string {
	return func(name string) string {
		for _, line := range env {
			if value, ok := strings.CutPrefix(line, name+"="); ok {
				return value
			}
		}
		return ""
	}
}

// during runs what the person does while the program asks, and checks that the terminal treats keys
// afterwards as it did before.
func (p *person) during(does func(), asks func(ctx context.Context)) {
	p.t.Helper()
	before, err := term.GetState(int(p.tty.Fd()))
	require.NoError(p.t, err)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		does()
	}()
	asks(p.t.Context())
	<-finished
	after, err := term.GetState(int(p.tty.Fd()))
	if err == nil { // it is an error where the person hung up
		require.Equal(p.t, before, after, "the terminal's mode")
	}
}
