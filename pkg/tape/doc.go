// Package tape is the spelling of what this machine keeps for itself and can make again: values one after the other,
// without names.
package tape
