// Package clarity checks the words of an update for those who read it: text and what is known around it go
// in, findings come out. It does no I/O and reads no clock.
package clarity
