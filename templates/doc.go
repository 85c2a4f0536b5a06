// Package templates holds the texts that incident starts from: the settings of a new record, the postmortem, and what
// a note begins with. A record may bring its own.
package templates

import "embed"

// Config is the configuration that a new record begins with, commented and complete.
//
//go:embed config.yaml
var Config []byte

// Postmortem is the draft of a postmortem.
//
//go:embed postmortem.md
var Postmortem string

// Notes are what a note begins with, by audience and status, and the closing words that a record can say by itself.
//
//go:embed notes
var Notes embed.FS

// Page holds the status page: its template, its style and its words in each language.
//
//go:embed page
var Page embed.FS

// Report is the page of figures.
//
//go:embed report.html
var Report embed.FS
