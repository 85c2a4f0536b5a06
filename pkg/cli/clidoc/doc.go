// Package clidoc writes the command reference from the commands themselves, so that the pages cannot say
// anything that `--help` does not.
//
// It is linked into the generator and into tests, never into the product. It has its own small writers,
// because cobra's drop every "<ID>" of a text as if it were markup, set "--at" with hyphens that cannot
// be pasted into a shell, put the date of the build on each page, and bring three modules, one of them a
// second YAML library.
package clidoc
