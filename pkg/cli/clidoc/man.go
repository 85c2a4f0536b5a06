package clidoc

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// Man is the reference as manual pages of section 1, by file name ("incident-note.1"). They carry no
// date, so that one commit always gives the same bytes.
func Man(root *cobra.Command) map[string][]byte {
	out := make(map[string][]byte)
	for _, p := range pages(root) {
		out[manName(p.path)+".1"] = manPage(root.Name(), p)
	}
	return out
}

func manPage(product string, p *page) []byte {
	var b strings.Builder
	name := manName(p.path)
	fmt.Fprintf(&b, ".TH %q 1 \"\" %q %q\n", strings.ToUpper(name), product, "Manual of "+product)
	// Hyphenated flags cannot be found by searching, and stretched lines are hard to read.
	b.WriteString(".nh\n.ad l\n")
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(name), roff(p.short))
	if p.synopsis != "" {
		fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roff(p.synopsis))
	}
	if len(p.long) > 0 || len(p.aliases) > 0 {
		b.WriteString(".SH DESCRIPTION\n")
		manBlocks(&b, p.long)
	}
	if len(p.aliases) > 0 {
		fmt.Fprintf(&b, ".PP\nAlso: %s.\n", roff(strings.Join(p.aliases, ", ")))
	}
	manFlags(&b, "OPTIONS", p.flags)
	manFlags(&b, "OPTIONS OF EVERY COMMAND", p.inherited)
	if len(p.children) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, child := range p.children {
			manEntry(&b, roff(manName(child.path))+"(1)", child.short)
		}
	}
	if p.examples != "" {
		b.WriteString(".SH EXAMPLES\n")
		manVerbatim(&b, strings.Split(p.examples, "\n"))
	}
	if p.parent != nil {
		fmt.Fprintf(&b, ".SH SEE ALSO\n.BR %s (1)\n", roff(manName(p.parent.path)))
	}
	return []byte(b.String())
}

func manBlocks(b *strings.Builder, list []block) {
	for _, bl := range list {
		switch bl.kind {
		case verbatim:
			manVerbatim(b, strings.Split(dedent(strings.Join(bl.lines, "\n")), "\n"))
		case item:
			fmt.Fprintf(b, ".IP \\(bu 2\n%s\n", roff(strings.Join(bl.lines, " ")))
		default:
			fmt.Fprintf(b, ".PP\n%s\n", roff(strings.Join(bl.lines, "\n")))
		}
	}
}

func manVerbatim(b *strings.Builder, lines []string) {
	fmt.Fprintf(b, ".PP\n.RS 4\n.nf\n%s\n.fi\n.RE\n", roff(strings.Join(lines, "\n")))
}

func manFlags(b *strings.Builder, title string, list []flag) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, f := range list {
		manEntry(b, roff(f.names), f.usage)
	}
}

// manEntry writes a term in bold with its explanation; the term is roff already.
func manEntry(b *strings.Builder, term, explained string) {
	fmt.Fprintf(b, ".TP\n\\fB%s\\fR\n%s\n", term, roff(explained))
}

// manName is the name under which man finds a command: "incident-config-check".
func manName(path string) string { return strings.ReplaceAll(path, " ", "-") }

// roff makes text stand as it was written, each character one that can be copied into a shell: left
// alone, groff sets "-" as a hyphen and "'" as a closing quotation mark.
func roff(text string) string {
	text = roffEscapes.Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") {
			lines[i] = `\&` + line // else a request
		}
	}
	return strings.Join(lines, "\n")
}

var roffEscapes = strings.NewReplacer(
	`\`, `\(rs`,
	"-", `\-`,
	"'", `\(aq`,
	"`", `\(ga`,
	"^", `\(ha`,
	"~", `\(ti`,
	`"`, `\(dq`,
)
