package terminal

import (
	"fmt"
	"slices"
	"strings"
)

// ColourMode says whether output has colour. Its text form is a flag's value; the zero value is Auto.
type ColourMode uint8

// The modes.
const (
	Auto   ColourMode = iota // colour on a terminal that wants it
	Always                   // even into a file
	Never
)

var colourModes = []string{"auto", "always", "never"}

// String returns the mode as it is typed.
func (m ColourMode) String() string {
	if int(m) >= len(colourModes) {
		return fmt.Sprintf("ColourMode(%d)", m)
	}
	return colourModes[m]
}

// MarshalText implements [encoding.TextMarshaler].
func (m ColourMode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *ColourMode) UnmarshalText(text []byte) error {
	i := slices.Index(colourModes, string(text))
	if i < 0 {
		return fmt.Errorf("unknown colour mode %q, use one of %s", text, strings.Join(colourModes, ", "))
	}
	*m = ColourMode(i)
	return nil
}

// UseColour decides on colour for one stream. In mode Auto the person's environment speaks first
// (NO_COLOR against it, then CLICOLOR_FORCE for it), then what the stream is.
func UseColour(mode ColourMode, isTerminal bool, env func(string) string) bool {
	force := env("CLICOLOR_FORCE")
	switch {
	case mode != Auto:
		return mode == Always
	case env("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	default:
		return isTerminal && env("TERM") != "dumb"
	}
}

// Span is a piece of text with one style. It means the same without the style: words come before colour.
type Span struct {
	Text string
	sgr  string // what goes between ESC [ and m; only this package sets it
}

// Plain is text without a style.
func Plain(s string) Span { return Span{Text: s} }

// Bold is for what the eye should find first.
func Bold(s string) Span { return Span{s, "1"} }

// Dim is for what may be skipped.
func Dim(s string) Span { return Span{s, "2"} }

// Red is for what is late or failed.
func Red(s string) Span { return Span{s, "31"} }

// Green is for what is well.
func Green(s string) Span { return Span{s, "32"} }

// Yellow is for what needs attention soon.
func Yellow(s string) Span { return Span{s, "33"} }

// Cyan is for what can be typed: commands, identifiers.
func Cyan(s string) Span { return Span{s, "36"} }

// String returns the text alone.
func (s Span) String() string { return s.Text }

// painted returns the text with its style, each line of it by itself: pagers forget styles at line ends.
func (s Span) painted() string {
	if s.sgr == "" || s.Text == "" {
		return s.Text
	}
	on, off := "\x1b["+s.sgr+"m", "\x1b[0m"
	return on + strings.ReplaceAll(s.Text, "\n", off+"\n"+on) + off
}
