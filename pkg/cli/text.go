package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// maxInput is how much of a text is read, and kept as a draft, in bytes. What a note may hold is less.
const maxInput = 16 << 20

// textFlags are -m and -F, by which writes take their words besides an argument.
type textFlags struct {
	flags         *pflag.FlagSet
	message, file string
}

func (t *textFlags) addFlags(cmd *cobra.Command, what string) {
	t.flags = cmd.Flags()
	t.flags.StringVarP(&t.message, "message", "m", "", what+", a `TEXT`; - reads standard input")
	t.flags.StringVarP(&t.file, "file", "F", "", what+", from a `FILE`; - reads standard input")
}

// source is where a text comes from: an argument, -m, a file. "-" is standard input, which is read only
// when asked for.
type source struct {
	arg, message, file string
	named              []string // what the user gave, be it empty
}

// source says where the text comes from; args is the argument for it, if there is one.
func (t *textFlags) source(args []string) source {
	s := source{arg: strings.Join(args, ""), message: t.message, file: t.file}
	if len(args) > 0 {
		s.named = append(s.named, "an argument")
	}
	for _, flag := range []string{"message", "file"} {
		if t.flags.Changed(flag) {
			s.named = append(s.named, "--"+flag)
		}
	}
	return s
}

// isGiven reports whether the user named any source.
func (s source) isGiven() bool { return len(s.named) > 0 }

// readSource reads the text that the user named. Nothing named is the empty text.
func (d *deps) readSource(ctx context.Context, s source) (string, error) {
	if len(s.named) > 1 {
		return "", usage("leave one of them out", "the text is given twice, by %s", strings.Join(s.named, " and "))
	}
	switch {
	case s.arg == "-", s.message == "-", s.file == "-":
		return d.readInput(ctx)
	case s.file != "":
		return d.reading(ctx, func() (string, error) { return d.readFile(s.file) })
	default:
		return s.arg + s.message, nil
	}
}

func (d *deps) readFile(name string) (text string, err error) {
	f, err := os.Open(d.path(name))
	if errors.Is(err, os.ErrNotExist) {
		return "", &advised{record.ErrNotFound, fmt.Sprintf("there is no file %s", name), "see that the path is right"}
	}
	if err != nil {
		return "", unread(err)
	}
	defer func() { err = joinClose(err, f) }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", usage("name a file", "%s is a directory", name)
	}
	return readAll(f)
}

// unread says that a text could not be had, be it never so well named.
func unread(err error) error {
	return &advised{gitstore.ErrDisk, err.Error(), "see that it can be read, then try again"}
}

// readInput reads standard input to its end.
func (d *deps) readInput(ctx context.Context) (string, error) {
	if d.Stdin == nil {
		return "", usage("", "standard input is closed")
	}
	if terminal.IsTerminal(file(d.Stdin)) {
		d.say("Reading what you type; Ctrl-D on a line of its own ends it, Ctrl-C leaves.")
	}
	return d.reading(ctx, func() (string, error) { return readAll(d.Stdin) })
}

// reading reads to the end, or until the user leaves. The read itself cannot be called off, if nobody
// writes to the other end of a pipe: it then stays behind until the process ends.
func (d *deps) reading(ctx context.Context, read func() (string, error)) (string, error) {
	var text string
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		text, err = read()
	}()
	select {
	case <-done:
		return text, err
	case <-ctx.Done():
		return "", terminal.ErrInterrupted
	}
}

func readAll(r io.Reader) (string, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxInput))
	if err != nil {
		return "", unread(err)
	}
	return strings.TrimPrefix(string(raw), "\ufeff"), nil // the mark that some editors begin a file with
}

// readyText makes a text as it is kept. What engineers pipe in may hold the colours of another program or
// broken characters; those are made visible. Words for anybody else are refused with them.
func (d *deps) readyText(a incident.Audience, text string) string {
	text = incident.NormalizeText(text)
	if a > incident.Internal {
		return text
	}
	escaped, n := incident.EscapeControls(text)
	if n > 0 {
		d.warn(fmt.Sprintf(`the text holds control characters or broken bytes, %d of them; they are kept as visible escapes such as \x1b`, n))
	}
	return incident.NormalizeText(escaped)
}

// path is a file's path as the user means it: from the working folder.
func (d *deps) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(d.Dir, name)
}

// joinClose ends a reading and keeps the first error.
func joinClose(err error, c io.Closer) error { return errors.Join(err, c.Close()) }
