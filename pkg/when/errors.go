package when

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrUnclear is in the chain of every error of this package. The message of such an error is for the
// person who typed: it quotes what was not understood and says what would be.
var ErrUnclear = errors.New("time or duration is unclear")

// ErrFuture is an [ErrUnclear] too: [Time] was asked for a moment that has not come yet.
var ErrFuture = fmt.Errorf("%w: it has not come yet", ErrUnclear)

// refusal is an error whose message stands alone, without the text of its sentinel.
type refusal struct {
	message  string
	sentinel error
}

func (r *refusal) Error() string { return r.message }
func (r *refusal) Unwrap() error { return r.sentinel }

func refuse(format string, args ...any) error {
	return &refusal{fmt.Sprintf(format, args...), ErrUnclear}
}

func refuseFuture(format string, args ...any) error {
	return &refusal{fmt.Sprintf(format, args...), ErrFuture}
}

// quote makes s safe to show, and short: a whole file may have been piped into a flag.
func quote(s string) string {
	const most = 60
	runes := 0
	for i := range s {
		if runes == most {
			return strconv.Quote(s[:i] + "…")
		}
		runes++
	}
	return strconv.Quote(s)
}
