package postmortem_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/postmortem"
	"incident/pkg/sandbox"
)

func TestFaultyTemplates(t *testing.T) {
	in := neverPublic(t)
	for _, tt := range []struct {
		rule, template string
		line, column   int
		problem        string
	}{
		{"a field that does not exist", "# a\n\nxx {{.Nope}}", 3, 6, "Data has no field Nope"},
		{"a field of a part that does not exist", "{{range .Days}}\n {{.Rows.Who}}{{end}}", 2, 9, "a list has no field Who; use range"},
		{"a function that does not exist", "a\n  {{exec `rm`}}", 2, 5, `function "exec" not defined`},
		{"a variable that does not exist", "{{$x}}", 1, 3, `undefined variable "$x"`},
		{"an action without an end", "a\nb {{.ID", 2, 3, "unclosed action"},
		{"a block without an end", "a\n{{if .ID}}\nb", 3, 1, "unexpected EOF"},
		{"a template that is not defined", "{{template `x`}}", 1, 12, `template "x" not defined`},
		{"an index beyond the end", "\n{{index .Moves 77}}", 2, 3, "out of range"},
		{"nothing but definitions", "{{define `x`}}a{{end}}", 0, 0, "the document that it makes is empty"},
		{"a marked line that nothing ends", "a\n<!-- incident:begin x -->", 0, 0, `nothing ends the block "x"`},
		{"a marked line inside another block", "<!-- incident:begin x -->\n<!-- incident:begin y -->", 0, 0, `begins the block "y" inside "x"`},
		{"one that is far too large", strings.Repeat("a", 300<<10), 0, 0, "larger than 256 KiB"},
		{"a printed value that is no word", "{{print .Days}}", 1, 3, "choose a field"},
		{"a format that nobody needs", "{{printf `%500d` 1}}", 1, 3, "widths up to 99"},
		{"a call", "{{call .Days}}", 1, 3, "no functions to call"},
		{"the calls that count", "{{step 1}}", 1, 3, `function "step" not defined`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			doc, err := postmortem.Draft(tt.template, in)
			require.ErrorIs(t, err, sandbox.ErrTemplate)
			require.Nil(t, doc)
			var faulty *sandbox.TemplateError
			require.ErrorAs(t, err, &faulty)
			require.Equal(t, "postmortem.md", faulty.Template)
			require.Contains(t, faulty.Problem, tt.problem)
			require.Equal(t, [2]int{tt.line, tt.column}, [2]int{faulty.Line, faulty.Column}, err)
			require.Contains(t, err.Error(), "template postmortem.md")
		})
	}
}

// Whatever a template does, it ends: with a document or with an error that tells where.
func TestEndlessTemplates(t *testing.T) {
	in := checkout(t)
	for _, tt := range []struct{ rule, template, problem string }{
		{"a loop without a body", "{{range 9223372036854775807}}{{end}}", "does not come to an end"},
		{"loops in loops that write nothing", "{{range 100000}}{{range 100000}}{{range 100000}}{{$x := .}}{{end}}{{end}}{{end}}", "does not come to an end"},
		{"a loop with a heavy condition", "{{range 100000000}}{{if and " + strings.Repeat("(eq 1 1) ", 5000) + "}}{{end}}{{end}}", "does not come to an end"},
		{"a loop that goes on", "{{range 9223372036854775807}}{{continue}}{{end}}", "does not come to an end"},
		{"templates that double", "{{define `a`}}{{if .}}{{template `a` slice . 1}}{{template `a` slice . 1}}{{end}}{{end}}{{template `a` `" + strings.Repeat("x", 100) + "`}}", "does not come to an end"},
		{"a template that calls itself", "{{define `a`}}{{template `a`}}{{end}}{{template `a`}}", "more than 200 deep"},
		{"a document without an end", "{{range 9223372036854775807}}" + strings.Repeat("x", 500) + "{{end}}", "beyond 4 MiB"},
		{"a text that doubles", "{{$x := `xxxxxxxx`}}{{range 100}}{{$x = print $x $x}}{{end}}", "too long for a function"},
		{"a text that is escaped again and again", "{{$x := `<<<<<<<<`}}{{range 100}}{{$x = js $x}}{{end}}", "too long for a function"},
		{"a format that repeats", "{{$x := `xxxxxxxx`}}{{range 100}}{{$x = printf `%s%s%s` $x $x $x}}{{end}}", "too long for a function"},
		{"texts without an end", "{{range 9223372036854775807}}{{$x := printf `%99d` .}}{{end}}", ""},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			_, err := postmortem.Draft(tt.template, in)
			require.ErrorIs(t, err, sandbox.ErrTemplate)
			require.ErrorContains(t, err, tt.problem)
			require.ErrorContains(t, err, "line 1, column ")
		})
	}
}

func TestTemplatesMayBeLaidOutFreely(t *testing.T) {
	in := neverPublic(t)
	in.Template = "short.md"
	for _, tt := range []struct{ rule, template, want string }{
		{"blank lines that pile up become one", "\n\n# {{.Name}}  \n\n\n\n\ntext\t\n\n", "# Second mail relay down\n\ntext\n"},
		{"Windows' line ends are read", "# {{.Name}}\r\n\r\ntext\r\n", "# Second mail relay down\n\ntext\n"},
		{"functions that make text work", "{{printf `%-4s|%03d` .Severity 7}} {{print 1 `a` true}} {{len .Moves}} {{html `<`}} {{urlquery `a b`}} {{js `'`}}", "sev4|007 1atrue 2 &lt; a+b \\'\n"},
		{"templates call templates", "{{define `x`}}{{if .}}x{{template `x` slice . 1}}{{end}}{{end}}{{template `x` `abc`}}", "xxx\n"},
		{"loops may be left", "{{range .Moves}}{{.Status}}{{break}}{{end}}", "investigating\n"},
		{"an empty loop has its other branch", "{{range .Anomalies}}a{{else}}none{{end}}", "none\n"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			doc, err := postmortem.Draft(tt.template, in)
			require.NoError(t, err)
			require.Equal(t, tt.want, string(doc))
		})
	}
	_, err := postmortem.Draft("{{.Nope}}", in)
	require.EqualError(t, err, "template short.md, line 1, column 3: Data has no field Nope")
}

func ExampleDraft() {
	_, err := postmortem.Draft("# {{.Name}}\n\n{{.Sevrity}}", postmortem.Input{})
	fmt.Println(err)
	// Output: template postmortem.md, line 3, column 3: Data has no field Sevrity
}

// Whatever a template is, drafting from it ends, with a document or with the error of a template.
func FuzzTemplate(f *testing.F) {
	in := checkout(f)
	for _, s := range []string{
		"{{.Name}}", "{{range $i, $d := .Days}}{{range .Rows}}{{.Text}}{{else}}{{break}}{{end}}{{end}}", "{{with $x := .Told}}{{$x.Kept}}{{else with 1}}{{.}}{{end}}",
		"{{define `a`}}{{template `a` .}}{{end}}{{template `a` 1}}", "{{block `b` .}}{{.ID}}{{end}}", "{{range 9999999}}{{print . | printf `%9v` | html}}{{end}}",
		"{{if and (eq 1 1) (not .Public) (index .Moves 1 | len)}}{{end}}", "{{/* a */ -}}\n{{- slice `abc` 1 2}}", "{{(index .Days 0).Date}}", "{{call 1}}{{len .}}{{.X.Y}}", "{{", "{{end}}", "{{\n\n.Nope}}", "<!-- incident:begin a -->",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, tmpl string) {
		doc, err := postmortem.Draft(tmpl, in)
		if err == nil {
			require.NotEmpty(t, doc)
			return
		}
		var faulty *sandbox.TemplateError
		require.ErrorAs(t, err, &faulty)
		require.ErrorIs(t, err, sandbox.ErrTemplate)
		lines := strings.Split(strings.ReplaceAll(tmpl, "\r\n", "\n"), "\n")
		require.LessOrEqual(t, faulty.Line, len(lines))
		if faulty.Line > 0 {
			require.LessOrEqual(t, faulty.Column, len(lines[faulty.Line-1])+1)
		}
		require.NotEmpty(t, faulty.Problem)
	})
}
