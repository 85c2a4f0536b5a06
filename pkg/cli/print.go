package cli

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"

	"incident/pkg/incident"
	"incident/pkg/terminal"
)

// output is a format of standard output. Not asked for, it is a table.
type output uint8

const (
	outputUnset output = iota
	outputTable
	outputJSON
	outputID
	outputSARIF // of check alone
	outputCSV   // of stats alone, as outputMD is
	outputMD
)

// outputs are the formats by name.
var outputs = []string{"", "table", "json", "id", "sarif", "csv", "md"}

// String implements [pflag.Value].
func (o *output) String() string { return outputs[*o] }

// Type implements [pflag.Value].
func (o *output) Type() string { return "FORMAT" }

// Set implements [pflag.Value].
func (o *output) Set(s string) error {
	for i, name := range outputs[1:] {
		if s == name {
			*o = output(i + 1)
			return nil
		}
	}
	return &incident.UnknownError{What: "output", Word: s, Known: outputs[1:]}
}

// result is the answer of a command: encoded as JSON it is for programs.
type result interface {
	ids() []string // one a line, for scripts
}

// wired is a result whose JSON is made of it only when it is asked for.
type wired interface {
	wire() any
}

// tabled is a result that people see as more than its ids.
type tabled interface {
	table(d *deps)
}

// print prints a result in the format that was asked for.
func (d *deps) print(r result) error {
	switch d.output {
	case outputJSON:
		if w, ok := r.(wired); ok {
			return d.encode(d.out, w.wire())
		}
		return d.encode(d.out, r)
	case outputSARIF:
		if found, ok := r.(interface{ sarif() sarifLog }); ok {
			return d.encode(d.out, found.sarif())
		}
	case outputCSV, outputMD:
		if sheet, ok := r.(interface{ rows() [][]string }); ok {
			return d.printRows(sheet.rows())
		}
	case outputID:
	default:
		if t, ok := r.(tabled); ok {
			t.table(d)
			return d.outputError()
		}
	}
	for _, id := range r.ids() {
		d.out.Line(id)
	}
	return d.outputError()
}

// printRows prints a sheet for other programs than ours.
func (d *deps) printRows(rows [][]string) error {
	text := asMarkdown(rows)
	if d.output == outputCSV {
		var err error
		if text, err = asCSV(rows); err != nil {
			return err
		}
	}
	for line := range strings.Lines(text) {
		d.out.Line(strings.TrimRight(line, "\r\n"))
	}
	return d.outputError()
}

// outputError says that the answer could not be printed: on a full disk, or to a reader that has gone.
func (d *deps) outputError() error {
	if err := d.out.Err(); err != nil {
		return &outputError{err}
	}
	return nil
}

// outputError is an [errOutput] with its cause.
type outputError struct{ cause error }

func (e *outputError) Error() string   { return "standard output: " + e.cause.Error() }
func (e *outputError) Unwrap() []error { return []error{errOutput, e.cause} }

// encode prints JSON that is harmless on a terminal, indented for people who look at it.
func (d *deps) encode(to *terminal.Screen, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	if err := to.Raw(terminal.JSONSafe(b.Bytes())); err != nil {
		return &outputError{err}
	}
	return nil
}

// short spells a path as people say it: below the working folder, or below their home.
func (d *deps) short(path string) string {
	if rel, err := filepath.Rel(d.Dir, path); err == nil && filepath.IsLocal(rel) && rel != "." {
		return rel
	}
	if d.Home != "" && d.Home != string(filepath.Separator) {
		if rel, err := filepath.Rel(d.Home, path); err == nil && filepath.IsLocal(rel) {
			return filepath.Join("~", rel)
		}
	}
	return path
}
