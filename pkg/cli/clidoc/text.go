package clidoc

import "strings"

// kind tells how a block of help text is set.
type kind uint8

const (
	prose    kind = iota // lines that may be filled anew
	item                 // one line of a list, with its continuation
	verbatim             // lines whose columns matter: an example, a table
)

// block is a run of lines of help text that are set alike.
type block struct {
	kind  kind
	lines []string
}

// blocks reads help text as a person does on a terminal: what is indented is meant to stand as it is,
// "- " begins an item of a list, an empty line ends whatever it was.
func blocks(text string) []block {
	var out []block
	fresh := true // the next line begins a block
	for line := range strings.Lines(strings.TrimSpace(text)) {
		line = strings.TrimRight(line, " \t\n")
		if line == "" {
			fresh = true
			continue
		}
		last := len(out) - 1
		indented := line[0] == ' ' || line[0] == '\t'
		switch {
		case strings.HasPrefix(line, "- "):
			out = append(out, block{item, []string{line[2:]}})
		case indented && !fresh && out[last].kind == item:
			out[last].lines = append(out[last].lines, strings.TrimSpace(line))
		case indented && last >= 0 && out[last].kind == verbatim:
			// An empty line inside a table does not end it.
			if fresh {
				out[last].lines = append(out[last].lines, "")
			}
			out[last].lines = append(out[last].lines, line)
		case indented:
			out = append(out, block{verbatim, []string{line}})
		case !fresh && out[last].kind == prose:
			out[last].lines = append(out[last].lines, line)
		default:
			out = append(out, block{prose, []string{line}})
		}
		fresh = false
	}
	return out
}

// dedent takes from every line the indentation that all of them share.
func dedent(text string) string {
	lines := strings.Split(strings.Trim(text, "\n"), "\n")
	shared := -1
	for _, line := range lines {
		rest := strings.TrimLeft(line, " \t")
		if indent := len(line) - len(rest); rest != "" && (shared < 0 || indent < shared) {
			shared = indent
		}
	}
	for i, line := range lines {
		lines[i] = strings.TrimRight(line[min(max(shared, 0), len(line)):], " \t")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
