package terminal

import (
	"os"

	"golang.org/x/term"
)

// Streams are the standard streams of the process, or what stands for them.
type Streams struct{ In, Out, Err *os.File }

// IsTerminal reports whether a person sits at the other end of f.
func IsTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// Size returns the columns and rows of the terminal f, each as on an ordinary one (80, 24) where it is not
// known.
func Size(f *os.File) (width, height int) {
	if f != nil {
		width, height, _ = term.GetSize(int(f.Fd())) // an error leaves both at 0
	}
	if width <= 0 {
		width = 80
	}
	if height <= 0 {
		height = 24
	}
	return width, height
}

// keepMode remembers how the terminal f treats keys; the function that it returns brings that back.
func keepMode(f *os.File) (restore func()) {
	state, err := term.GetState(int(f.Fd()))
	if err != nil {
		return func() {} // not a terminal: nothing to lose
	}
	return func() { _ = term.Restore(int(f.Fd()), state) } // fails only where the terminal has gone
}
