//go:build !windows

package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"github.com/stretchr/testify/require"
)

const (
	enter = "\r"
	down  = "\x1b[B"
	ctrlC = "\x03"
	ctrlD = "\x04"
)

// desk is where somebody works: a home, and what is set there.
type desk struct {
	t      *testing.T
	home   string
	env    []string
	width  uint16
	stdout bool // standard output is kept, as by id=$(incident …), and not shown
}

func newDesk(t *testing.T, env ...string) *desk {
	t.Helper()
	home := newHome(t)
	all := append(environment(home), "TERM=xterm-256color", "GIT_EDITOR=false")
	return &desk{t: t, home: home, env: append(all, env...), width: 100}
}

// records is where a person's own records are, by default.
func (d *desk) records() string {
	return filepath.Join(d.home, ".local", "share", "incident", "records")
}

// quietly runs the program with no terminal, and demands that it succeeds.
func (d *desk) quietly(args ...string) string {
	d.t.Helper()
	code, out, errs := runIncident(d.t, d.home, args...)
	require.Zero(d.t, code, "incident %s: %s", strings.Join(args, " "), errs)
	return out
}

// commits counts those of the person's records; 0 where there are none.
func (d *desk) commits() int {
	d.t.Helper()
	if _, err := os.Stat(d.records()); errors.Is(err, os.ErrNotExist) {
		return 0
	}
	out, err := exec.Command("git", "-C", d.records(), "log", "--format=%H").Output()
	require.NoError(d.t, err)
	return bytes.Count(out, []byte("\n"))
}

// editor makes a program of the person's the editor: a script of sh, for which $1 is the file.
func (d *desk) editor(script string) {
	d.t.Helper()
	file := filepath.Join(d.home, "editor")
	require.NoError(d.t, os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o777))
	d.env = append(d.env, "GIT_EDITOR="+file)
}

// person sits at a terminal in which the program runs: sees its screen, types on its keyboard.
type person struct {
	t        *testing.T
	line     *os.File // our end of the terminal
	vt       vt10x.Terminal
	program  *exec.Cmd
	stdout   bytes.Buffer
	finished chan struct{} // closed once nothing more is drawn

	news    sync.Cond // that something was drawn, and the lock of what follows
	sent    bytes.Buffer
	leaving bool
	gone    bool
}

// types starts the program in a terminal.
func (d *desk) types(args ...string) *person {
	d.t.Helper()
	line, tty, err := pty.Open()
	require.NoError(d.t, err)
	require.NoError(d.t, pty.Setsize(tty, &pty.Winsize{Cols: d.width, Rows: 60}))
	p := &person{
		t: d.t, line: line, finished: make(chan struct{}), news: sync.Cond{L: &sync.Mutex{}},
		vt: vt10x.New(vt10x.WithWriter(line), vt10x.WithSize(int(d.width), 60)), program: exec.Command("incident", args...),
	}
	p.program.Dir, p.program.Env = d.home, d.env
	p.program.Stdin, p.program.Stdout, p.program.Stderr = tty, tty, tty
	if d.stdout {
		p.program.Stdout = &p.stdout
	}
	p.program.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(d.t, p.program.Start())
	require.NoError(d.t, tty.Close()) // the last one to close it is the program
	go func() {
		defer close(p.finished)
		p.watch()
	}()
	d.t.Cleanup(func() {
		_ = p.program.Process.Kill() // an error where it has ended, as it should
		line.Close()
		<-p.finished
	})
	return p
}

// watch draws what the program writes, until nobody holds the terminal any more.
func (p *person) watch() {
	var rest []byte
	buf := make([]byte, 4096)
	for {
		n, err := p.line.Read(buf)
		rest = append(rest, buf[:n]...)
		drawn, _ := p.vt.Write(rest) // leaves the start of a character that is cut
		p.news.L.Lock()
		p.sent.Write(rest[:drawn])
		if p.leaving {
			p.line.Close()
		}
		p.gone = err != nil || p.leaving
		p.news.L.Unlock()
		p.news.Broadcast()
		if p.gone {
			return
		}
		rest = rest[drawn:]
	}
}

// sees waits for a text on the screen.
func (p *person) sees(text string) {
	p.t.Helper()
	p.news.L.Lock()
	defer p.news.L.Unlock()
	for !strings.Contains(p.vt.String(), text) {
		if p.gone {
			p.t.Fatalf("the program has ended, and nobody saw %q:\n%s", text, p.screen())
		}
		p.news.Wait()
	}
}

func (p *person) types(keys string) {
	p.t.Helper()
	_, err := io.WriteString(p.line, keys)
	require.NoError(p.t, err)
}

// answers types to a question once it is there.
func (p *person) answers(question, keys string) {
	p.t.Helper()
	p.sees(question)
	p.types(keys)
}

// ends waits for the program's end and demands its exit code. It returns what is on the screen.
func (p *person) ends(code int) string {
	p.t.Helper()
	<-p.finished
	err := p.program.Wait()
	if exit := new(exec.ExitError); !errors.As(err, &exit) {
		require.NoError(p.t, err)
	}
	require.Equal(p.t, code, p.program.ProcessState.ExitCode(), p.screen())
	return p.screen()
}

// hangsUp closes the terminal under the program, which that ends, with all that runs in it. Our read of it
// cannot be called off; the echo of one more key ends it.
func (p *person) hangsUp() {
	p.t.Helper()
	p.news.L.Lock()
	p.leaving = true
	p.news.L.Unlock()
	_, _ = io.WriteString(p.line, "x") // an error where the program drew something just now, which ended the read
	<-p.finished
	require.Error(p.t, p.program.Wait())
}

// screen is what is to be seen, without what is empty.
func (p *person) screen() string {
	var lines []string
	for line := range strings.Lines(p.vt.String()) {
		lines = append(lines, strings.TrimRight(line, " \n"))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// raw is everything that was sent to the terminal.
func (p *person) raw() string {
	p.news.L.Lock()
	defer p.news.L.Unlock()
	return p.sent.String()
}
