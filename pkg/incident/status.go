package incident

import (
	"fmt"
	"slices"
	"strings"
)

// Status is how far the work on an incident has come.
type Status uint8

// The statuses, in their order.
const (
	Investigating Status = iota + 1 // something is wrong, the cause is not known
	Identified                      // the cause is known, it is being mended
	Monitoring                      // mended, being watched
	Resolved                        // over
	Closed                          // over, and the work after it is done
)

var statuses = vocabulary{
	what:  "status",
	names: []string{"unset", "investigating", "identified", "monitoring", "resolved", "closed"},
	aliases: map[string]uint8{
		"investigate": 1, "identify": 2, "monitor": 3, "watching": 3, "resolve": 4, "close": 5,
	},
}

// Statuses lists them all, in their order.
func Statuses() []Status { return []Status{Investigating, Identified, Monitoring, Resolved, Closed} }

// moves says which statuses may follow: forward with skips while the incident is open, back only when
// it returns while it is being watched. From resolved and closed the way back is reopening.
var moves = map[Status][]Status{
	Investigating: {Identified, Monitoring, Resolved},
	Identified:    {Monitoring, Resolved},
	Monitoring:    {Resolved, Identified, Investigating},
	Resolved:      {Closed},
}

// Next lists the statuses that s may become, the usual one first.
func (s Status) Next() []Status { return slices.Clone(moves[s]) }

// Over reports whether the incident no longer disturbs anyone.
func (s Status) Over() bool { return s == Resolved || s == Closed }

func (s Status) valid() bool { return s >= Investigating && s <= Closed }

// String is the status's name, "unset" for none.
func (s Status) String() string { return statuses.name(uint8(s)) }

// MarshalText implements [encoding.TextMarshaler].
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]; an unknown name is an [ErrUnknown].
func (s *Status) UnmarshalText(text []byte) error {
	i, err := statuses.parse(text)
	if err == nil {
		*s = Status(i)
	}
	return err
}

// MoveError is an [ErrNotAllowed]: a status that the incident cannot take from where it stands.
type MoveError struct{ From, To Status }

func (e *MoveError) Error() string { return fmt.Sprintf("%s cannot become %s", e.From, e.To) }
func (e *MoveError) Unwrap() error { return ErrNotAllowed }

// Remedy says where the incident may go instead.
func (e *MoveError) Remedy() string {
	if e.From.Over() && !e.To.Over() {
		return "it is " + e.From.String() + "; if it came back: incident reopen"
	}
	var next []string
	for _, s := range e.From.Next() {
		next = append(next, s.String())
	}
	if len(next) == 0 {
		return "from " + e.From.String() + " it may only be reopened: incident reopen"
	}
	return "from " + e.From.String() + " it may become: " + strings.Join(next, ", ")
}

// checkMove says whether from may become to. Staying is allowed: it is an update, or a second clone
// that made the same move.
func checkMove(from, to Status, reopen bool) error {
	switch {
	case reopen && !from.Over():
		return refuse(ErrNotAllowed, "there is nothing to reopen; incident status shows where it may go",
			"it is %s, not resolved or closed", from)
	case reopen && (to.Over() || !to.valid()):
		return refuse(ErrNotAllowed, "reopen it as investigating, identified or monitoring",
			"an incident that is reopened cannot be %s", to)
	case reopen, from == to, slices.Contains(moves[from], to):
		return nil
	default:
		return &MoveError{From: from, To: to}
	}
}
