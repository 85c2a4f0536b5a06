// Package clarity finds what makes an update useless to those who read it: jargon, nothing said, words that are
// smoothed until they mean nothing, news that nobody needs. Text and context go in, findings come out.
package clarity
