// Package notes makes what a note begins with: the questions that its readers ask, with what the record knows of the
// answers, and the closing words that the record can say by itself. It reads no clock and does no I/O: a view comes in,
// so that nothing of a narrower audience can be in the text that comes out.
//
// # Templates
//
// A template is written in the language of [text/template], executed by [sandbox.Execute], and receives one [Data]. What
// is not known is "" or empty, so that {{with}} and {{if}} leave it out. In an editor the lines of a template are
// questions: they are taken away again, and only what is written between them is recorded.
package notes
