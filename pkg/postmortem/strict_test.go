package postmortem_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"

	"incident/pkg/incident"
	"incident/pkg/incident/incidenttest"
	"incident/pkg/postmortem"
	"incident/pkg/view"
)

// faults holds a document to the rules of markdownlint that tell of its structure, by their names there. Left out are
// MD013, for lines are as long as what was recorded, and MD034, for addresses in people's words stay as they were typed.
// What stands in a quote is people's own too.
func faults(doc []byte) (list []string) {
	find := func(line int, rule, what string) { list = append(list, fmt.Sprintf("%d: %s: %s", line, rule, what)) }
	lines := strings.Split(string(doc), "\n")
	for n, l := range lines {
		switch {
		case strings.TrimRight(l, " \t") != l:
			find(n+1, "MD009", "blanks at the end of a line")
		case strings.Contains(l, "\t"):
			find(n+1, "MD010", "a tab")
		case l == "" && n > 0 && lines[n-1] == "" && n < len(lines)-1:
			find(n+1, "MD012", "more than one blank line")
		}
	}
	if !strings.HasSuffix(string(doc), "\n") || strings.HasSuffix(string(doc), "\n\n") {
		find(len(lines), "MD047", "does not end with one line end")
	}
	top := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(doc))
	level, first := 0, true
	leads, anchors := map[string]int{}, map[string]bool{}
	titles := make([]map[string]bool, 7) // of the headings below the one that is open
	blank := func(n int) bool { return n < 1 || n > len(lines) || strings.TrimSpace(lines[n-1]) == "" }
	for b := top.FirstChild(); b != nil; b = b.NextSibling() {
		from, to := span(doc, b)
		if b.Kind() != ast.KindBlockquote && b.Kind() != ast.KindHTMLBlock {
			for _, m := range fragment.FindAllStringSubmatch(strings.Join(lines[from-1:to], "\n"), -1) {
				leads[m[1]] = from
			}
		}
		if !blank(from-1) || !blank(to+1) {
			find(from, "MD022, MD031, MD032, MD058", "no blank line around "+b.Kind().String())
		}
		switch b := b.(type) {
		case *ast.Heading:
			title := string(b.Lines().Value(doc))
			anchors[strings.ReplaceAll(strings.ToLower(signs.ReplaceAllString(title, "")), " ", "-")] = true
			switch {
			case first && b.Level != 1:
				find(from, "MD041", "does not begin with a title")
			case b.Level > level+1:
				find(from, "MD001", "a heading is skipped before "+title)
			case !first && b.Level == 1:
				find(from, "MD025", "a second title")
			case titles[b.Level][title]:
				find(from, "MD024", "the heading "+title+" again")
			}
			if titles[b.Level] == nil {
				titles[b.Level] = map[string]bool{}
			}
			titles[b.Level][title] = true
			clear(titles[b.Level+1:])
			level = b.Level
		case *extast.Table:
			checkTable(lines[from-1:to], from, find)
		case *ast.CodeBlock:
			find(from, "MD046", "code that is only indented")
		case *ast.ThematicBreak:
			find(from, "MD035", "a line across")
		}
		first = false
	}
	for name, from := range leads {
		if !anchors[name] {
			find(from, "MD051", "nothing has the name #"+name)
		}
	}
	return list
}

var (
	fragment = regexp.MustCompile(`\]\(#([^)]*)\)`)
	signs    = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

var cell = regexp.MustCompile(`^ (?:\S(?:.*\S)? )?$`)

// checkTable wants as many cells in each row, and one blank around what stands in them.
func checkTable(rows []string, from int, find func(int, string, string)) {
	columns := 0
	for n, row := range rows {
		cells := strings.Split(strings.ReplaceAll(row, `\|`, "xx"), "|")
		if len(cells) < 3 || cells[0] != "" || cells[len(cells)-1] != "" {
			find(from+n, "MD055", "a row that does not begin and end with a bar")
			continue
		}
		cells = cells[1 : len(cells)-1]
		if columns == 0 {
			columns = len(cells)
		}
		if len(cells) != columns {
			find(from+n, "MD056", "another number of cells")
		}
		if slices.ContainsFunc(cells, func(c string) bool { return !cell.MatchString(c) }) {
			find(from+n, "MD060", "a cell without one blank around it: "+row)
		}
	}
}

// span are the first and the last line of a block.
func span(doc []byte, b ast.Node) (from, to int) {
	line := func(at int) int { return strings.Count(string(doc[:at]), "\n") + 1 }
	from, to = 1<<30, 0
	take := func(s text.Segment) {
		if s.Len() > 0 {
			from, to = min(from, line(s.Start)), max(to, line(s.Stop-1))
		}
	}
	_ = ast.Walk(b, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // it stops for no error
		if !entering || n.Type() != ast.TypeBlock {
			return ast.WalkContinue, nil
		}
		for i := range n.Lines().Len() {
			take(n.Lines().At(i))
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if n.HasClosure() {
				take(n.ClosureLine)
			}
		case *ast.FencedCodeBlock:
			from, to = from-1, to+1
		}
		return ast.WalkContinue, nil
	})
	if t, ok := b.(*extast.Table); ok && t.ChildCount() == 1 {
		to++ // the line below the head
	}
	return from, to
}

// Every form of a postmortem, of very different incidents, is Markdown that a strict linter takes.
func TestMarkdownIsStrict(t *testing.T) {
	for name, in := range cases(t) {
		t.Run(name, func(t *testing.T) {
			doc, err := postmortem.Draft("", in)
			require.NoError(t, err)
			strictForms(t, doc, in.Incident, in.Zone)
		})
	}
	for seed := range uint64(200) {
		made := incidenttest.Random(rand.New(rand.NewPCG(seed, 11)))
		inc := incident.Fold(made.ID, made.Entries)
		doc, err := postmortem.Draft("", postmortem.Input{Incident: inc, Now: incidenttest.At(10_000), Deadline: 48 * time.Hour})
		require.NoError(t, err)
		strictForms(t, doc, inc, time.UTC)
	}
}

func strictForms(t *testing.T, doc []byte, inc incident.Incident, zone *time.Location) {
	t.Helper()
	require.Empty(t, faults(doc), string(doc))
	for _, form := range postmortem.Forms {
		require.Empty(t, faults(form.Of(doc)), form.Name)
	}
	public, err := postmortem.Public(postmortem.Release{Doc: doc, View: view.For(inc, incident.Customer), Zone: zone, People: postmortem.Roles(inc), Questions: "Ask us until Friday."})
	require.NoError(t, err)
	require.Empty(t, faults([]byte(public)), public)
}

func TestFaultsAreFound(t *testing.T) {
	const title = "# Title\n\n"
	for _, tt := range []struct{ rule, doc string }{
		{"MD009", title + "words \n"},
		{"MD010", title + "a\tb\n"},
		{"MD012", title + "a\n\n\nb\n"},
		{"MD047", title + "words"},
		{"MD041", "## Not a title\n"},
		{"MD001", title + "### Deep\n"},
		{"MD025", title + "# Another\n"},
		{"MD024", title + "## One\n\n## One\n"},
		{"MD022", title + "## One\nwords\n"},
		{"MD032", title + "words\n- a\n- b\n"},
		{"MD032", title + "- a\n\nwords\n1. b\n"},
		{"MD031", title + "words\n```\ncode\n```\n"},
		{"MD058", title + "| a | b |\n| --- | --- |\n| c | d |\n<!-- end -->\n"},
		{"MD056", title + "| a | b |\n| --- | --- |\n| c |\n"},
		{"MD060", title + "| a | b |\n| --- | --- |\n| c |  |\n"},
		{"MD058", title + "| a | b |\n| --- | --- |\n<!-- end -->\n"},
		{"MD051", title + "See [more](#more).\n\n## Less\n"},
		{"MD046", title + "    code\n"},
	} {
		require.Contains(t, strings.Join(faults([]byte(tt.doc)), "\n"), tt.rule, tt.doc)
	}
	require.Empty(t, faults([]byte(title+"<!-- begin -->\n\n- a\n- b\n\n| a \\| x | |\n| --- | --- |\n| c | d |\n\n<!-- end -->\n\n## Two\n\n> - a\n")))
}
