// Package markdown makes harmless HTML and plain text of the Markdown that people write.
package markdown
