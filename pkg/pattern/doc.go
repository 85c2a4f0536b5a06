// Package pattern is regular expressions that are compiled when they are first used.
package pattern
