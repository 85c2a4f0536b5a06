package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The libraries that only some packages may use: heavy ones, those with a right of their own, and one that
// has a better form.
const (
	cobra    = "github.com/spf13/cobra"
	yaml     = "gopkg.in/yaml.v3"
	goGit    = "github.com/go-git/go-git/v5"
	survey   = "github.com/AlecAivazis/survey/v2"
	template = "text/template"
	process  = "os/exec"
	regular  = "regexp" // compiled as variables they delay every start: pkg/pattern

	extensions = "github.com/yuin/goldmark/extension" // these do just that: pkg/markdown has tables of its own
	tableNodes = extensions + "/ast"
)

var watched = []string{cobra, yaml, goGit, survey, template, process, regular, extensions}

// mayImport is the one place that says which of our packages, and which of the watched libraries, each
// package may use. Imports run only downwards; docs/architecture.md draws it. What renders for people outside
// gets a line without pkg/incident and pkg/record: a View is all that it may see.
var mayImport = map[string][]string{
	"cmd/incident":    {"pkg/cli"},
	"pkg/folder":      {},
	"pkg/report":      {"pkg/picture", "templates"},
	"pkg/picture":     {},
	"pkg/publish":     {"pkg/folder", "pkg/gitstore", process},
	"pkg/cli":         {"pkg/clarity", "pkg/folder", "pkg/gitstore", "pkg/incident", "pkg/notes", "pkg/page", "pkg/pagememo", "pkg/pattern", "pkg/publish", "pkg/report", "pkg/postmortem", "pkg/record", "pkg/sandbox", "pkg/suggest", "pkg/terminal", "pkg/view", "pkg/when", "templates", cobra},
	"pkg/cli/clidoc":  {cobra},
	"pkg/cli/gen":     {"pkg/clarity", "pkg/cli", "pkg/cli/clidoc", cobra},
	"pkg/terminal":    {"pkg/pattern", survey, process},
	"pkg/clarity":     {"pkg/incident"},
	"pkg/clarity/gen": {"pkg/incident", yaml},
	"pkg/postmortem":  {"pkg/incident", "pkg/pattern", "pkg/sandbox", "pkg/view", "pkg/when", "templates", regular}, // regular: names of people
	"pkg/notes":       {"pkg/incident", "pkg/sandbox", "pkg/view", "pkg/when", "templates"},
	"pkg/page":        {"pkg/markdown", "pkg/pattern", "pkg/picture", "pkg/sandbox", "pkg/tape", "pkg/view", "templates"},
	"pkg/pagememo":    {"pkg/page", "pkg/tape", "pkg/view"},
	"pkg/tape":        {},
	"pkg/markdown":    {tableNodes},
	"pkg/sandbox":     {"pkg/pattern", template},
	"pkg/record":      {"pkg/clarity", "pkg/gitstore", "pkg/incident", "pkg/pattern", "pkg/suggest", "pkg/tape", "pkg/when", "templates", yaml},
	"pkg/gitstore":    {"pkg/pattern", goGit, process},
	"pkg/view":        {"pkg/incident"},
	"pkg/incident":    {"pkg/suggest"},
	"pkg/suggest":     {},
	"pkg/when":        {"pkg/pattern"},
	"pkg/pattern":     {regular},
	"templates":       {},

	"pkg/incident/incidenttest": {"pkg/incident"},
	"pkg/gitstore/gitstoretest": {process},
}

func TestImportsRunDownwards(t *testing.T) {
	for _, p := range packages(t) {
		t.Run(p.name(), func(t *testing.T) {
			may, known := mayImport[p.name()]
			require.True(t, known, "a package without a line in mayImport")
			for _, i := range p.Imports {
				ours, isOurs := strings.CutPrefix(i, "incident/")
				switch {
				case isOurs:
					require.Contains(t, may, ours)
				case slices.ContainsFunc(watched, func(w string) bool { return i == w || strings.HasPrefix(i, w+"/") }):
					require.True(t, slices.ContainsFunc(may, func(m string) bool { return i == m || strings.HasPrefix(i, m+"/") }), "may not use %s", i)
				}
			}
		})
	}
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func (p goPackage) name() string { return strings.TrimPrefix(p.ImportPath, "incident/") }

func packages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	require.NoError(t, err)
	var list []goPackage
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err)
		list = append(list, p)
	}
}
