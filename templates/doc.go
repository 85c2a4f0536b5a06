// Package templates holds the texts that incident starts from: the settings of a new record and the
// postmortem. A record may bring its own.
package templates

import _ "embed"

// Config is the configuration that a new record begins with, commented and complete.
//
//go:embed config.yaml
var Config []byte

// Postmortem is the draft of a postmortem.
//
//go:embed postmortem.md
var Postmortem string
