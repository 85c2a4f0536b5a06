// Package gitstoretest changes repositories as no program of ours does, for tests.
package gitstoretest
