package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
)

var (
	// ErrNoTerminal reports that there is nobody to ask: the answer has to come as a flag or argument.
	ErrNoTerminal = errors.New("nobody to ask: this is not a terminal, or --no-input was given")

	// ErrInterrupted reports that the person left instead of answering, or that the terminal has gone.
	ErrInterrupted = errors.New("interrupted")
)

// Prompter asks a person. Leaving a question with Ctrl-C or Ctrl-D, closing the terminal and the end of
// ctx are all [ErrInterrupted], and the terminal is always left as it was found. After a ctx has ended
// within a question the prompter asks no more.
type Prompter interface {
	// Interactive reports whether there is somebody to ask; if not, every question is [ErrNoTerminal].
	Interactive() bool
	// Input asks for one line, and returns it without the blanks around it.
	Input(ctx context.Context, q Question) (string, error)
	// Select asks for one of the options and returns its value; def is the value offered first.
	Select(ctx context.Context, message string, options []Option, def string) (string, error)
	// MultiSelect asks for any number of the options, none included, and returns their values in order.
	MultiSelect(ctx context.Context, message string, options []Option) ([]string, error)
	// Confirm asks for yes or no.
	Confirm(ctx context.Context, message string, def bool) (bool, error)
}

// Question is asked by [Prompter.Input].
type Question struct {
	Message  string
	Help     string // a sentence on what is wanted
	Default  string // the answer where nothing is typed
	Required bool   // ask again until there is an answer
}

// Option is one of several answers.
type Option struct {
	Value string
	Label string // what the person sees; the value where it is empty
}

func (o Option) label() string {
	if o.Label == "" {
		return SafeLine(o.Value)
	}
	return SafeLine(o.Label)
}

// PromptOptions are what a caller knows of how to ask.
type PromptOptions struct {
	NoInput bool // never ask
	Colour  bool // see [UseColour]
}

// NewPrompter returns the prompter for these streams and this person. It reads from in and draws on errw,
// for standard output holds only what was asked for. Where ACCESSIBLE is set, or the terminal cannot move
// its cursor, the questions are plain lines; there Ctrl-C is a signal, and the caller ends ctx on it.
func NewPrompter(in, errw *os.File, env func(string) string, opts PromptOptions) Prompter {
	switch {
	case opts.NoInput, !IsTerminal(in), !IsTerminal(errw):
		return noPrompter{}
	case env("ACCESSIBLE") != "", env("TERM") == "dumb":
		return newPlainPrompter(in, errw)
	default:
		return newSurveyPrompter(in, errw, opts.Colour)
	}
}

// noPrompter is for scripts.
type noPrompter struct{}

func (noPrompter) Interactive() bool { return false }

func (noPrompter) Input(_ context.Context, q Question) (string, error) {
	return "", cannotAsk(q.Message)
}

func (noPrompter) Select(_ context.Context, message string, _ []Option, _ string) (string, error) {
	return "", cannotAsk(message)
}

func (noPrompter) MultiSelect(_ context.Context, message string, _ []Option) ([]string, error) {
	return nil, cannotAsk(message)
}

func (noPrompter) Confirm(_ context.Context, message string, _ bool) (bool, error) {
	return false, cannotAsk(message)
}

func cannotAsk(message string) error { return fmt.Errorf("%q: %w", message, ErrNoTerminal) }

// turn is held by the question that is being asked, but for the time that it waits for a key.
type turn struct {
	held sync.Mutex
	left bool
}

// await returns what ask returns, or [ErrInterrupted] as soon as ctx ends. Nothing can call off the read
// of a terminal: ask then stays behind in it until the process ends, the only goroutine that we do not
// wait for. Its turn is taken and never given back, so it can draw nothing more, and cannot change the
// terminal's mode after the caller has restored it.
func await[T any](ctx context.Context, t *turn, ask func() (T, error)) (T, error) {
	var none, answer T
	var err error
	if t.left || ctx.Err() != nil {
		return none, ErrInterrupted
	}
	done := make(chan struct{})
	go func() {
		t.held.Lock()
		defer t.held.Unlock()
		defer close(done)
		answer, err = ask()
	}()
	select {
	case <-done:
		return answer, err
	case <-ctx.Done():
		t.held.Lock()
		t.left = true
		return none, ErrInterrupted
	}
}

// patient reads a terminal for the question that is being asked.
type patient struct {
	file *os.File
	turn *turn
}

func (r patient) Read(p []byte) (int, error) {
	r.turn.held.Unlock()
	defer r.turn.held.Lock()
	return r.file.Read(p)
}

var errRequired = errors.New("an answer is needed")

func noOptions(message string) error { return fmt.Errorf("%q: nothing to choose from", message) }

// optionAt returns the index of the option with this value, the first where there is none.
func optionAt(options []Option, value string) int {
	return max(0, slices.IndexFunc(options, func(o Option) bool { return o.Value == value }))
}
