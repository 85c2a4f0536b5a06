// Package gitstore keeps files in a git repository: each change is one durable commit, made under a lock,
// and what was committed is read back from history.
package gitstore
