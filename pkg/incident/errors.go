package incident

import (
	"errors"
	"fmt"
	"strings"

	"incident/pkg/suggest"
)

// Errors that callers branch on.
var (
	// ErrUnknown reports a word that is none of a fixed vocabulary.
	ErrUnknown = errors.New("unknown word")
	// ErrNotAllowed reports something that the incident's present state does not permit.
	ErrNotAllowed = errors.New("not allowed in this state")
	// ErrNothing reports an entry that would change nothing and says nothing.
	ErrNothing = errors.New("nothing to do")
	// ErrInvalid reports a value that no entry may hold: an empty title, a text that is too long.
	ErrInvalid = errors.New("invalid")
	// ErrAudience reports words that would reach an audience they were not written for.
	ErrAudience = errors.New("wrong audience")
)

// UnknownError is an [ErrUnknown] that knows the vocabulary.
type UnknownError struct {
	What  string   // "audience", "severity"
	Word  string   // what was given
	Known []string // what would have been understood
}

func (e *UnknownError) Error() string {
	msg := fmt.Sprintf("unknown %s %q", e.What, e.Word)
	if len(e.Known) > 0 {
		msg += "; one of " + strings.Join(e.Known, ", ")
	}
	if meant := suggest.Closest(e.Word, e.Known); meant != "" {
		msg += ". Did you mean " + meant + "?"
	}
	return msg
}

func (e *UnknownError) Unwrap() error { return ErrUnknown }

// refusal is an error of one kind with its advice.
type refusal struct {
	kind        error
	msg, remedy string
}

func (e *refusal) Error() string { return e.msg }
func (e *refusal) Unwrap() error { return e.kind }

// Remedy is what a person can do. pkg/cli prints it for any error in the chain that has one.
func (e *refusal) Remedy() string { return e.remedy }

func refuse(kind error, remedy, format string, args ...any) error {
	return &refusal{kind, fmt.Sprintf(format, args...), remedy}
}
