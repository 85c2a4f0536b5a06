// Package sandbox executes templates that come from whoever may push to a record.
//
// [text/template] has no way to a file, the environment or the network, but it has no brake either: a loop over a large
// number, or templates that call each other twice, run for years without writing a byte. So every node of a template is
// preceded by a call that counts, and the functions that make strings are ours. The calls are put into the parsed tree,
// where a template's author can neither name nor avoid them.
//
// A template has an end: after [maxSteps] steps and those that its caller adds, [maxDepth] templates within templates or
// [maxDocument] bytes it is stopped, wherever it is. That is counted, not timed, so that a template works on every
// machine or on none. A faulty template is an [ErrTemplate] that tells the place, a [TemplateError].
package sandbox
