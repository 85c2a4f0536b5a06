package clidoc

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Markdown is the whole reference as one page: the same commands give the same bytes.
func Markdown(root *cobra.Command) []byte {
	var b strings.Builder
	all := pages(root)
	fmt.Fprintf(&b, "# Commands of %s\n\n", root.Name())
	b.WriteString("<!-- Made from the commands by `make docs`; a test fails when it is stale. Change the commands, not this page. -->\n")
	for _, group := range groups(root, all) {
		fmt.Fprintf(&b, "\n| %s | |\n| --- | --- |\n", group)
		for _, p := range all[1:] {
			if p.group == group {
				fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", p.path, anchor(p.path), cell(p.short))
			}
		}
	}
	for _, p := range all {
		markdownPage(&b, p)
	}
	return []byte(b.String())
}

// groups lists the headings in the order of help: those of the root, then what stands under none of them.
func groups(root *cobra.Command, all []*page) []string {
	var out []string
	for _, g := range root.Groups() {
		out = append(out, strings.TrimSuffix(g.Title, ":"))
	}
	for _, p := range all[1:] {
		if !slices.Contains(out, p.group) {
			out = append(out, p.group)
		}
	}
	return out
}

func markdownPage(b *strings.Builder, p *page) {
	fmt.Fprintf(b, "\n## %s\n\n%s.\n", p.path, escape(p.short))
	if p.synopsis != "" {
		fenced(b, "", p.synopsis)
	}
	if len(p.aliases) > 0 {
		fmt.Fprintf(b, "\nAlso: `%s`.\n", strings.Join(p.aliases, "`, `"))
	}
	for i, bl := range p.long {
		switch bl.kind {
		case verbatim:
			fenced(b, "text", dedent(strings.Join(bl.lines, "\n")))
		case item:
			if i == 0 || p.long[i-1].kind != item {
				b.WriteString("\n")
			}
			fmt.Fprintf(b, "- %s\n", escape(strings.Join(bl.lines, " ")))
		default:
			fmt.Fprintf(b, "\n%s\n", escape(strings.Join(bl.lines, "\n")))
		}
	}
	if p.examples != "" {
		b.WriteString("\nExamples:\n")
		fenced(b, "sh", p.examples)
	}
	if p.parent == nil {
		// Said once, here; the pages of the commands list only what is their own.
		markdownFlags(b, "Flags of every command:", p.flags)
		return
	}
	markdownFlags(b, "Flags:", p.flags)
	if len(p.children) > 0 {
		b.WriteString("\nCommands:\n\n")
		for _, child := range p.children {
			fmt.Fprintf(b, "- [`%s`](#%s): %s\n", child.path, anchor(child.path), escape(child.short))
		}
	}
}

func markdownFlags(b *strings.Builder, title string, list []flag) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n\n| flag | meaning |\n| --- | --- |\n", title)
	for _, f := range list {
		fmt.Fprintf(b, "| `%s` | %s |\n", strings.ReplaceAll(f.names, "|", `\|`), cell(f.usage))
	}
}

// fenced writes text that is shown as it is; the fence is longer than any in the text.
func fenced(b *strings.Builder, language, text string) {
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	fmt.Fprintf(b, "\n%s%s\n%s\n%s\n", fence, language, text, fence)
}

// anchor is the name that Markdown hosts give to a heading.
func anchor(path string) string {
	return strings.ReplaceAll(strings.ToLower(path), " ", "-")
}

// cell is text for one cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(escape(text)), " "), "|", `\|`)
}

// escape makes Markdown show text as it was written. What stands between backticks stays code.
func escape(text string) string {
	var b strings.Builder
	code := false
	for i, r := range text {
		switch {
		case r == '`':
			code = !code
		case code:
		case strings.ContainsRune(`\*<[`, r),
			r == '_' && !insideWord(text, i),
			strings.ContainsRune("#>+-", r) && (i == 0 || text[i-1] == '\n'):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// insideWord reports whether the underscore at i joins two parts of one word, as in INCIDENT_ID.
func insideWord(text string, i int) bool {
	return i > 0 && i+1 < len(text) && isWord(text[i-1]) && isWord(text[i+1])
}

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}
