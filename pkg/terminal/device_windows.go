package terminal

import (
	"io"
	"os"

	"golang.org/x/sys/windows"
)

// takesColour reports whether escape sequences on w become colour. A console of Windows has to be told;
// one that is too old would print them.
func takesColour(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return true
	}
	var mode uint32
	if windows.GetConsoleMode(windows.Handle(f.Fd()), &mode) != nil {
		return true // a file or a pipe: colour was asked for
	}
	mode |= windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING
	return windows.SetConsoleMode(windows.Handle(f.Fd()), mode) == nil
}
