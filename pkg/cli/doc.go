// Package cli is the command line: each command reads its flags, makes one call to the record, and prints
// the answer in the format asked for.
package cli
