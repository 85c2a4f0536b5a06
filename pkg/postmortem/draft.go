package postmortem

import (
	"bytes"
	"cmp"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/sandbox"
	"incident/templates"
)

// Input is what a draft is made from.
type Input struct {
	Incident incident.Incident
	Zone     *time.Location // of the people who will read it; nil: UTC
	Now      time.Time      // tells how long what is not over goes on
	Deadline time.Duration  // how long after the resolution a postmortem is due; 0: never
	Template string         // the template's name, for errors; "": postmortem.md
}

// moreSteps is what a template may take for each entry of the timeline; the built-in one takes fewer than 50.
const moreSteps = 150

// Draft makes the document from a template, the built-in one where tmpl is "". The same input gives the
// same document, and Now only counts in an incident that is not over or owes customers a word. The error of
// a faulty template is a [sandbox.TemplateError].
func Draft(tmpl string, in Input) ([]byte, error) {
	name := cmp.Or(in.Template, "postmortem.md")
	data := dataOf(in)
	text, err := sandbox.Execute(name, cmp.Or(tmpl, templates.Postmortem), data, moreSteps*data.Entries)
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(text) == "" {
		return nil, &sandbox.TemplateError{Template: name, Problem: "the document that it makes is empty"}
	}
	doc := tidy(text)
	if doc, err = seal(doc); err != nil {
		return nil, &sandbox.TemplateError{Template: name, Problem: "in the document that it makes, " + err.Error()}
	}
	return doc, nil
}

// tidy takes away blanks at the end of lines and all but one of several blank lines, so that a template may
// be laid out to be read.
func tidy(text string) []byte {
	var b bytes.Buffer
	b.Grow(len(text))
	blank := true // none at the beginning
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" {
			blank = blank || b.Len() == 0
			if !blank {
				blank = true
				b.WriteByte('\n')
			}
			continue
		}
		blank = false
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}
