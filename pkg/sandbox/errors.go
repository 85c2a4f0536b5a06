package sandbox

import (
	"errors"
	"fmt"
)

// ErrTemplate reports a template from which nothing can be made.
var ErrTemplate = errors.New("faulty template")

// TemplateError is an [ErrTemplate] that knows the place.
type TemplateError struct {
	Template     string // its name: "postmortem.md"
	Line, Column int    // from 1, the column in bytes; 0 where there is no single place
	Problem      string
}

func (e *TemplateError) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("template %s: %s", e.Template, e.Problem)
	case e.Column == 0:
		return fmt.Sprintf("template %s, line %d: %s", e.Template, e.Line, e.Problem)
	}
	return fmt.Sprintf("template %s, line %d, column %d: %s", e.Template, e.Line, e.Column, e.Problem)
}

func (e *TemplateError) Unwrap() error { return ErrTemplate }

// Remedy is what a person can do.
func (e *TemplateError) Remedy() string {
	return "put it right in the template, or remove that to use the built-in one"
}
