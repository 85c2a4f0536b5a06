// Package terminal is what a person at a terminal sees and is asked. Every text that is printed passes
// through a [Screen], which makes it harmless first; every question goes through a [Prompter]. Streams,
// environment and sizes are handed in by the caller.
package terminal
