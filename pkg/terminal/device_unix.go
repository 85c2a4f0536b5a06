//go:build !windows

package terminal

import "io"

// takesColour reports whether escape sequences on w become colour: every terminal of these systems does it.
func takesColour(io.Writer) bool { return true }
