package main

import "syscall"

// program is what is run, traced or not.
type program struct {
	path string
	args []string
	dir  string
	env  []string
}

// victim says who is killed.
type victim int

const (
	nobody victim = iota
	family        // the program with all that it has started, as when a terminal or a machine goes
	alone         // the program; a git that it runs goes on
)

// injection is what happens to a traced program, and when.
type injection struct {
	at     int              // the number of the call, from 1, among those that counts picks; 0: never
	counts func(*call) bool // nil: see changes
	kill   victim           // when the call is about to be made
	fail   syscall.Errno    // what the call, not made, returns
	on     bool             // it fails from there on
}

// run is what became of a program.
type run struct {
	stdout, stderr string
	code           int // -1: killed
	calls          []*call
	hit            *call // where the injection struck first; nil: there were not so many calls
	children       bool  // a program that it had started was there then
}
