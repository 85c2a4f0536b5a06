package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/AlecAivazis/survey/v2"
	"github.com/AlecAivazis/survey/v2/terminal"

	"incident/pkg/pattern"
)

// surveyPrompter asks with the survey library, whose faults are dealt with here and in [keys]: it takes
// Ctrl-D for a choice, loses what is typed ahead, types the ends of keys that it does not know, panics on
// a filter that matches nothing, and reads the environment for colour.
type surveyPrompter struct {
	turn turn
	keys *keys
	ink  ink
}

func newSurveyPrompter(in, errw *os.File, colour bool) *surveyPrompter {
	p := &surveyPrompter{}
	p.keys = &keys{patient: patient{in, &p.turn}}
	p.ink = ink{file: errw, colour: colour, keys: p.keys}
	return p
}

func (p *surveyPrompter) Interactive() bool { return true }

func (p *surveyPrompter) Input(ctx context.Context, q Question) (string, error) {
	shown := SafeLine(q.Default)
	prompt := &survey.Input{Message: SafeLine(q.Message), Help: Safe(q.Help), Default: shown}
	var checks []survey.AskOpt
	if q.Required {
		checks = append(checks, survey.WithValidator(func(answer any) error {
			if strings.TrimSpace(answer.(string)) == "" {
				return errRequired
			}
			return nil
		}))
	}
	answer, err := ask[string](ctx, p, prompt, checks...)
	if err == nil && answer == shown {
		return q.Default, nil
	}
	return strings.TrimSpace(answer), err
}

func (p *surveyPrompter) Select(ctx context.Context, message string, options []Option, def string) (string, error) {
	if len(options) == 0 {
		return "", noOptions(message)
	}
	labels := p.labels(options)
	i, err := ask[int](ctx, p, &survey.Select{
		Message: SafeLine(message), Options: labels, Default: optionAt(options, def),
		Filter: filter(labels), PageSize: p.pageSize(),
	})
	if err != nil {
		return "", err
	}
	return options[i].Value, nil
}

func (p *surveyPrompter) MultiSelect(ctx context.Context, message string, options []Option) ([]string, error) {
	if len(options) == 0 {
		return nil, nil
	}
	labels := p.labels(options)
	chosen, err := ask[[]int](ctx, p, &survey.MultiSelect{
		Message: SafeLine(message), Options: labels, Filter: filter(labels), PageSize: p.pageSize(),
	}, survey.WithRemoveSelectAll(), survey.WithRemoveSelectNone()) // their hints alone fill a line
	var values []string
	for _, i := range chosen {
		values = append(values, options[i].Value)
	}
	return values, err
}

func (p *surveyPrompter) Confirm(ctx context.Context, message string, def bool) (bool, error) {
	return ask[bool](ctx, p, &survey.Confirm{Message: SafeLine(message), Default: def})
}

// ask draws one prompt and waits for its answer.
func ask[T any](ctx context.Context, p *surveyPrompter, prompt survey.Prompt, checks ...survey.AskOpt) (T, error) {
	opts := append(checks, survey.WithStdio(p.keys, p.ink, p.ink))
	defer keepMode(p.keys.file)()
	// Survey does this too, after it has drawn: a Ctrl-C between the two would be a signal, not a key.
	_ = terminal.NewRuneReader(terminal.Stdio{In: p.keys}).SetTermMode()
	p.ink.control(pasteOn)
	defer p.ink.control(pasteOff)
	answer, err := await(ctx, &p.turn, func() (answer T, err error) {
		p.keys.begin()
		defer func() {
			if fault := recover(); fault != nil {
				err = fmt.Errorf("prompt: %v", fault)
			}
			if p.keys.err != nil || errors.Is(err, terminal.InterruptErr) { // whatever survey made of it
				err = ErrInterrupted
			}
		}()
		err = survey.AskOne(prompt, &answer, opts...)
		return answer, err
	})
	if errors.Is(err, ErrInterrupted) {
		_ = (&terminal.Cursor{Out: p.ink.file}).Show()
		_, _ = io.WriteString(p.ink.file, "\r\n") // the shell's prompt goes on a line of its own
	}
	return answer, err
}

// labels returns what the person sees of the options, none longer than a line: survey miscounts lines
// that wrap.
func (p *surveyPrompter) labels(options []Option) []string {
	width, _ := Size(p.ink.file)
	labels := make([]string, len(options))
	for i, option := range options {
		labels[i] = Truncate(option.label(), max(width-len("> [x]  ")-1, minWidth))
	}
	return labels
}

// pageSize leaves room for the question.
func (p *surveyPrompter) pageSize() int {
	_, height := Size(p.ink.file)
	return min(max(height-4, 3), 15)
}

// filter shows the options that contain what was typed, and all of them where none does: survey panics on
// an empty list.
func filter(labels []string) func(typed, label string, _ int) bool {
	contains := func(label, typed string) bool {
		return strings.Contains(strings.ToLower(label), strings.ToLower(typed))
	}
	return func(typed, label string, _ int) bool {
		if contains(label, typed) {
			return true
		}
		for _, other := range labels {
			if contains(other, typed) {
				return false
			}
		}
		return true
	}
}

// ink is what survey draws on.
type ink struct {
	file   *os.File
	colour bool
	keys   *keys
}

const (
	pasteOn  = "\x1b[?2004h" // from now on the terminal marks what is pasted, see [keys]
	pasteOff = "\x1b[?2004l"
	position = "\x1b[6n" // survey asks the terminal where the cursor is
)

var colourSequence = pattern.New(`\x1b\[[0-9;]*m`)

// Write takes out colour where none is wanted, and makes harmless what was typed or pasted. Survey's own
// sequences are ASCII, and it lets nobody type those.
func (k ink) Write(p []byte) (int, error) {
	k.keys.asked += bytes.Count(p, []byte(position))
	text := rewrite(string(p), func(r rune) bool { return r >= 0x7f && harmful(r) }, visible)
	if !k.colour {
		text = colourSequence.ReplaceAllString(text, "")
	}
	if _, err := io.WriteString(k.file, text); err != nil {
		k.keys.err = ErrInterrupted // the terminal has gone
		return 0, err
	}
	return len(p), nil
}

// Fd lets survey ask for the size of the terminal.
func (k ink) Fd() uintptr { return k.file.Fd() }

// control sends a sequence of ours; a console of Windows would print it.
func (k ink) control(sequence string) {
	if runtime.GOOS != "windows" {
		_, _ = io.WriteString(k.file, sequence)
	}
}
