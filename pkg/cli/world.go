package cli

import (
	"io"
	"os"
	"time"
)

// World is what one run of the program takes from outside. Only cmd/incident knows where it comes from.
type World struct {
	Args    []string // without the program's name
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Env     func(string) string
	Environ []string         // all of the environment, for programs that are started
	Now     func() time.Time // in the user's time zone
	After   func(time.Duration) <-chan time.Time
	Dir     string        // the working folder
	Home    string        // the user's home, "" where there is none
	User    func() string // tells the user's name at this system, "" where it is not known
	System  string        // as runtime.GOOS
	Version Version
	Program func() string // names this very program, "" where that is not known: one made otherwise has another name
}

// Version says which program this is.
type Version struct{ Number, Commit, Date, Go string }

// file is a stream as the file that it is, nil where it is none.
func file(stream any) *os.File {
	f, _ := stream.(*os.File)
	return f
}
