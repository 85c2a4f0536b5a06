// Package postmortem drafts the postmortem of an incident from its record. It reads no clock and does no
// I/O: the incident, the time and the template come in as values, and a document comes out.
//
// # The document
//
// A postmortem is Markdown. What the record knows stands between two lines of their own,
//
//	<!-- incident:begin timeline -->
//	<!-- incident:end timeline -->
//
// a block, which [Blocks] finds again. What people have to write is asked for where the answer goes, in a
// comment that rendering drops and that begins with "prompt:"; the answer replaces it. A section whose
// heading is followed by the line <!-- incident:internal --> is never for publication.
//
// # Templates
//
// A template is written in the language of [text/template] and receives one [Data]. All of it is text,
// numbers and truth values, ready to be written into Markdown: there is no way from it to a file, the
// environment or the network. Words that people recorded have been made harmless, so that they can neither
// end a block nor begin a heading, a table's cell or a comment:
//
//   - a text is one line, spelled literally, for any place in a line, a cell or a link;
//   - a [Quote] is whole lines that begin with ">", and stands on lines of its own;
//   - a [Moment] is a time in the forms that a document needs.
//
// What is not known is "", 0, false or empty, so that {{with}} and {{if}} leave it out. Blank lines that
// pile up become one, and blanks at the end of a line go, so templates may be laid out freely.
//
// A template is executed by [sandbox.Execute], with [moreSteps] steps for each entry: it always ends. A faulty one is a
// [sandbox.TemplateError] that tells the place.
package postmortem
