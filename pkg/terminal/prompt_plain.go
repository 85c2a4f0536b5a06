package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// plainPrompter asks in lines that stay on the screen, for screen readers and for terminals that cannot
// move their cursor. The terminal itself edits the line.
type plainPrompter struct {
	turn turn
	in   *bufio.Reader
	out  *Screen
}

func newPlainPrompter(in, errw *os.File) *plainPrompter {
	p := &plainPrompter{out: NewScreen(errw, Options{Terminal: true})}
	p.in = bufio.NewReader(patient{in, &p.turn})
	return p
}

func (p *plainPrompter) Interactive() bool { return true }

func (p *plainPrompter) Input(ctx context.Context, q Question) (string, error) {
	return askPlainly(ctx, p, func() (string, error) {
		if q.Help != "" {
			p.out.Line(q.Help)
		}
		hint := ""
		if q.Default != "" {
			hint = " (" + q.Default + ")"
		}
		return retry(p, q.Message+hint, func(line string) (string, error) {
			switch {
			case line == "" && q.Default != "":
				return q.Default, nil
			case line == "" && q.Required:
				return "", errRequired
			}
			return line, nil
		})
	})
}

func (p *plainPrompter) Select(ctx context.Context, message string, options []Option, def string) (string, error) {
	if len(options) == 0 {
		return "", noOptions(message)
	}
	return askPlainly(ctx, p, func() (string, error) {
		p.list(message, options)
		first := optionAt(options, def)
		return retry(p, fmt.Sprintf("Number from 1 to %d (%d)", len(options), first+1), func(line string) (string, error) {
			if line == "" {
				return options[first].Value, nil
			}
			i, err := number(line, len(options))
			if err != nil {
				return "", err
			}
			return options[i].Value, nil
		})
	})
}

func (p *plainPrompter) MultiSelect(ctx context.Context, message string, options []Option) ([]string, error) {
	if len(options) == 0 {
		return nil, nil
	}
	return askPlainly(ctx, p, func() ([]string, error) {
		p.list(message, options)
		return retry(p, "Numbers, with commas between (none)", func(line string) ([]string, error) {
			chosen := make([]bool, len(options))
			for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' }) {
				i, err := number(word, len(options))
				if err != nil {
					return nil, err
				}
				chosen[i] = true
			}
			var values []string
			for i, option := range options {
				if chosen[i] {
					values = append(values, option.Value)
				}
			}
			return values, nil
		})
	})
}

func (p *plainPrompter) Confirm(ctx context.Context, message string, def bool) (bool, error) {
	hint := " (y/N)"
	if def {
		hint = " (Y/n)"
	}
	return askPlainly(ctx, p, func() (bool, error) {
		return retry(p, message+hint, func(line string) (bool, error) {
			switch strings.ToLower(line) {
			case "":
				return def, nil
			case "y", "yes":
				return true, nil
			case "n", "no":
				return false, nil
			}
			return false, errors.New("answer y or n")
		})
	})
}

// askPlainly asks one question.
func askPlainly[T any](ctx context.Context, p *plainPrompter, ask func() (T, error)) (T, error) {
	answer, err := await(ctx, &p.turn, ask)
	if errors.Is(err, ErrInterrupted) {
		p.out.Line() // the shell's prompt goes on a line of its own
	}
	return answer, err
}

// list prints the options under their numbers.
func (p *plainPrompter) list(message string, options []Option) {
	p.out.Line(SafeLine(message))
	for i, option := range options {
		p.out.Linef("  %*d  %s", len(strconv.Itoa(len(options))), i+1, option.label())
	}
}

// retry asks until understand takes the answer.
func retry[T any](p *plainPrompter, message string, understand func(line string) (T, error)) (T, error) {
	for {
		_, _ = io.WriteString(p.out, SafeLine(message)+" ") // a terminal that has gone shows in the read
		line, err := p.in.ReadString('\n')
		if err != nil {
			var none T
			return none, ErrInterrupted
		}
		answer, err := understand(strings.TrimSpace(strings.ToValidUTF8(line, "\ufffd")))
		if err == nil {
			return answer, nil
		}
		p.out.Line(err)
	}
}

// number reads the number of one of n options as its index.
func number(word string, n int) (int, error) {
	i, err := strconv.Atoi(word)
	if err != nil || i < 1 || i > n {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", word, n)
	}
	return i - 1, nil
}
