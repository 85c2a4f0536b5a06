package terminal_test

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/terminal"
)

var errFull = errors.New("disk full")

// full is a disk with room for n bytes.
type full struct{ n int }

func (f *full) Write(p []byte) (int, error) {
	if f.n -= len(p); f.n < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func printed(opts terminal.Options, print func(*terminal.Screen)) string {
	var out bytes.Buffer
	print(terminal.NewScreen(&out, opts))
	return out.String()
}

func TestScreenLine(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		colour bool
		print  func(*terminal.Screen)
		want   string
	}{
		{"parts follow each other", false, func(s *terminal.Screen) { s.Line("due in ", 2, " min") }, "due in 2 min\n"},
		{"nothing is an empty line", false, func(s *terminal.Screen) { s.Line() }, "\n"},
		{"line breaks stay", false, func(s *terminal.Screen) { s.Line("one\ntwo") }, "one\ntwo\n"},
		{
			"colour is added where it is wanted", true, func(s *terminal.Screen) { s.Line(terminal.Red("LATE"), " 55 min") },
			"\x1b[31mLATE\x1b[0m 55 min\n",
		},
		{
			"without colour the words are the same", false, func(s *terminal.Screen) { s.Line(terminal.Red("LATE"), " 55 min") },
			"LATE 55 min\n",
		},
		{
			"text cannot switch colour", true, func(s *terminal.Screen) { s.Line(terminal.Bold("a\x1b[0m"), "\x1b[31mb") },
			"\x1b[1ma\\x1b[0m\x1b[0m\\x1b[31mb\n",
		},
		{
			"each line has its own colour", true, func(s *terminal.Screen) { s.Line(terminal.Dim("a\nb")) },
			"\x1b[2ma\x1b[0m\n\x1b[2mb\x1b[0m\n",
		},
		{
			"errors are text of others too", false, func(s *terminal.Screen) { s.Line(errors.New("branch \x1b[2J")) },
			"branch \\x1b[2J\n",
		},
		{
			"a format's arguments are made harmless", true, func(s *terminal.Screen) { s.Linef("%s: %v", "\x1b[2J", terminal.Cyan("x")) },
			"\\x1b[2J: x\n",
		},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, printed(terminal.Options{Colour: tt.colour}, tt.print))
		})
	}
}

func TestScreenWrite(t *testing.T) {
	for _, tt := range []struct {
		rule   string
		writes []string
		want   string
	}{
		{"what is written is made harmless", []string{"a\x1bb"}, `a\x1bb`},
		{"a character may be cut in two", []string{"\xe6\xb1", "\xba"}, "決"},
		{"a character may be cut in four", []string{"\xf0", "\x9f", "\x94", "\xa5"}, "🔥"},
		{"a harmful one too", []string{"\xe2\x80", "\xae"}, `\u202e`},
		{"a line's end may be cut in two", []string{"a\r", "\nb"}, "a\nb"},
		{"what never comes whole is seen in the end", []string{"a\xe6\xb1"}, `a\xe6\xb1`},
		{"a carriage return at the end is seen", []string{"a\r"}, `a\x0d`},
		{"nothing is nothing", []string{"", ""}, ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			require.Equal(t, tt.want, printed(terminal.Options{}, func(s *terminal.Screen) {
				for _, text := range tt.writes {
					n, err := io.WriteString(s, text)
					require.NoError(t, err)
					require.Equal(t, len(text), n)
				}
				require.NoError(t, s.Err())
			}))
		})
	}
}

func TestScreenKeepsTheOrder(t *testing.T) {
	require.Equal(t, "a\\xe6b\n\\xe6{\"\u202e\":1}c", printed(terminal.Options{}, func(s *terminal.Screen) {
		fmt.Fprint(s, "a\xe6")
		s.Line("b")
		fmt.Fprint(s, "\xe6")
		require.NoError(t, s.Raw([]byte("{\"\u202e\":1}"))) // as it is: its maker answers for it
		fmt.Fprint(s, "c")
	}))
}

func TestScreenRemembersTheFirstError(t *testing.T) {
	s := terminal.NewScreen(&full{n: 10}, terminal.Options{})
	s.Line("123456789")
	require.NoError(t, s.Err())
	s.Line("this is lost")
	s.Line("and so is this, though it would fit"[:1])
	require.ErrorIs(t, s.Err(), errFull)
	require.ErrorIs(t, s.Raw([]byte("x")), errFull)
	_, err := s.Write([]byte("x"))
	require.ErrorIs(t, err, errFull)

	s = terminal.NewScreen(&full{}, terminal.Options{})
	_, err = s.Write([]byte("\r"))
	require.NoError(t, err, "nothing is written yet")
	require.ErrorIs(t, s.Err(), errFull, "the last byte counts too")
}

// However a text is cut into writes, the screen shows the same.
func FuzzScreenWrite(f *testing.F) {
	f.Add([]byte("決済\r\n\x1b[31m\xe2\x80\xae\xff\xf0\x9f\x94\xa5\r"), []byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, text, sizes []byte) {
		whole := printed(terminal.Options{}, func(s *terminal.Screen) {
			_, err := s.Write(text)
			require.NoError(t, err)
			require.NoError(t, s.Err())
		})
		require.Equal(t, terminal.Safe(string(text)), whole)
		cut := printed(terminal.Options{}, func(s *terminal.Screen) {
			rest := text
			for i := 0; len(rest) > 0; i++ {
				n := 1
				if len(sizes) > 0 {
					n = min(int(sizes[i%len(sizes)])%8+1, len(rest))
				}
				_, err := s.Write(rest[:n])
				require.NoError(t, err)
				rest = rest[n:]
			}
			require.NoError(t, s.Err())
		})
		require.Equal(t, whole, cut)
	})
}

func TestUseColour(t *testing.T) {
	for _, tt := range []struct {
		rule       string
		mode       terminal.ColourMode
		isTerminal bool
		env        map[string]string
		want       bool
	}{
		{"a terminal has colour", terminal.Auto, true, nil, true},
		{"a file or pipe has none", terminal.Auto, false, nil, false},
		{"always is always", terminal.Always, false, map[string]string{"NO_COLOR": "1", "TERM": "dumb"}, true},
		{"never is never", terminal.Never, true, map[string]string{"CLICOLOR_FORCE": "1"}, false},
		{"NO_COLOR is heard", terminal.Auto, true, map[string]string{"NO_COLOR": "0"}, false},
		{"NO_COLOR without a value says nothing", terminal.Auto, true, map[string]string{"NO_COLOR": ""}, true},
		{"CLICOLOR_FORCE colours a pipe", terminal.Auto, false, map[string]string{"CLICOLOR_FORCE": "1"}, true},
		{"CLICOLOR_FORCE at 0 says nothing", terminal.Auto, false, map[string]string{"CLICOLOR_FORCE": "0"}, false},
		{"who wants none is heard first", terminal.Auto, true, map[string]string{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, false},
		{"a dumb terminal has none", terminal.Auto, true, map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got := terminal.UseColour(tt.mode, tt.isTerminal, func(name string) string { return tt.env[name] })
			require.Equal(t, tt.want, got)
		})
	}
}

func TestColourModeIsAFlag(t *testing.T) {
	var (
		mode terminal.ColourMode
		_    encoding.TextMarshaler   = mode
		_    encoding.TextUnmarshaler = &mode
	)
	require.Equal(t, terminal.Auto, mode, "the zero value")
	for _, name := range []string{"always", "never", "auto"} {
		require.NoError(t, mode.UnmarshalText([]byte(name)))
		text, err := mode.MarshalText()
		require.NoError(t, err)
		require.Equal(t, name, string(text))
	}
	require.EqualError(t, mode.UnmarshalText([]byte("red")), `unknown colour mode "red", use one of auto, always, never`)
	require.Equal(t, "ColourMode(9)", terminal.ColourMode(9).String())
}

func TestAFileIsNoTerminal(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "")
	require.NoError(t, err)
	defer f.Close()
	for _, f := range []*os.File{f, nil} {
		require.False(t, terminal.IsTerminal(f))
		width, height := terminal.Size(f)
		require.Equal(t, []int{80, 24}, []int{width, height})
	}
}
