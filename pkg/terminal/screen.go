package terminal

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Options say what a [Screen] writes to.
type Options struct {
	Terminal bool // a person looks at it: tables may be shortened to fit
	Colour   bool // see [UseColour]
	Width    int  // in cells, see [Size]
}

// Screen is the one writer of a stream; everything printed goes through it. All text is made harmless by
// [Safe], and colour is added after that, so text can never switch it. It remembers the first error of
// its stream, and is not for several goroutines at once.
type Screen struct {
	w    io.Writer
	opts Options
	held []byte // the end of the last Write, where it may be the start of a character
	err  error
}

// NewScreen returns a screen on w.
func NewScreen(w io.Writer, opts Options) *Screen {
	opts.Colour = opts.Colour && takesColour(w)
	return &Screen{w: w, opts: opts}
}

// Line prints its parts and ends the line. A part is a [Span], a string or anything that fmt can print.
// Line breaks inside the parts stay.
func (s *Screen) Line(parts ...any) {
	texts := make([]string, 0, len(parts)+1)
	for _, part := range parts {
		var span Span
		switch part := part.(type) {
		case Span:
			span = part
		case string:
			span = Plain(part)
		default:
			span = Plain(fmt.Sprint(part))
		}
		span.Text = Safe(span.Text)
		texts = append(texts, s.paint(span))
	}
	s.print(strings.Join(append(texts, "\n"), ""))
}

// Linef prints one formatted line, without colour: a [Span] among the arguments is its text.
func (s *Screen) Linef(format string, args ...any) { s.Line(fmt.Sprintf(format, args...)) }

// Write prints text for those who ask for an [io.Writer]. A character may be cut between two writes.
func (s *Screen) Write(p []byte) (int, error) {
	text := append(s.held, p...)
	n := decided(text)
	s.held = bytes.Clone(text[n:])
	s.send(Safe(string(text[:n])))
	if s.err != nil {
		return 0, s.err
	}
	return len(p), nil
}

// Raw writes bytes as they are: only for what is harmless by construction, as [JSONSafe] makes it.
func (s *Screen) Raw(p []byte) error {
	s.print(string(p))
	return s.err
}

// Err completes what a [Screen.Write] left open and returns the first error of the stream. A command asks
// it last: on a full disk, or when the reader has gone, the words have not been printed.
func (s *Screen) Err() error {
	s.print("")
	return s.err
}

// paint returns a span whose text is already harmless, with colour where that is wanted.
func (s *Screen) paint(span Span) string {
	if !s.opts.Colour {
		return span.Text
	}
	return span.painted()
}

// print writes what was held back, then text that is already harmless.
func (s *Screen) print(text string) {
	held := Safe(string(s.held))
	s.held = nil
	s.send(held + text)
}

func (s *Screen) send(text string) {
	if s.err == nil && text != "" {
		_, s.err = io.WriteString(s.w, text)
	}
}

// decided returns how much of text no later byte can change the meaning of: it ends before the start of a
// UTF-8 sequence, and before a CR that a newline may follow.
func decided(text []byte) int {
	if bytes.HasSuffix(text, []byte("\r")) {
		return len(text) - 1
	}
	for i := len(text) - 1; i >= max(0, len(text)-utf8.UTFMax); i-- {
		if !utf8.RuneStart(text[i]) {
			continue
		}
		if !utf8.FullRune(text[i:]) {
			return i
		}
		break
	}
	return len(text)
}
