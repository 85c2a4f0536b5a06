// Package folder puts a set of files into a folder, so that whoever reads there meanwhile never sees half a file, and what
// is there already stays untouched.
package folder
