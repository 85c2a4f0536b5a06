package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The tables of docs/reference are true: each is compared with what the program does or is made of.

// object is a table of docs/reference/json.md: the types of fields by their names.
type object map[string]string

// TestJSONIsAsDescribed compares answers with the tables, field by field.
func TestJSONIsAsDescribed(t *testing.T) {
	t.Parallel()
	objects := jsonObjects(t)
	home := newHome(t)
	require.NoError(t, os.WriteFile(filepath.Join(home, "events.txt"), []byte("pod restarted\n"), 0o666))
	said := map[string]bool{} // the tables that were compared
	for _, c := range []struct {
		args   string
		answer string
		exit   int
	}{
		{"version", "version", 0},
		{"incident", "listed", 0},
		{"init records", "made", 0},
		{"init records", "made", 0},
		{"demo demo", "made", 0},
		{"--repo demo", "listed", 0},
		{"list --all --repo demo", "listed", 0},
		{"show checkout --repo demo", "shown", 0},
		{"show checkout --repo demo -a internal", "shown", 0},
		{"show checkout --repo demo -a stakeholder", "shown", 0},
		{"show checkout --repo demo -a customer", "shown", 0},
		{"log checkout --repo demo", "logged", 0},
		{"log checkout --repo demo -a customer", "logged", 0},
		{"postmortem checkout --repo demo", "written", 0},
		{"postmortem check checkout --repo demo", "paper", 12},
		{"action add An_alarm --owner Chen --due 2030-01-15 -i checkout --repo demo", "written", 0},
		{"postmortem templates --repo demo", "forms", 0},
		{"action list --repo demo", "actions", 0},
		{"search payments --repo demo", "found", 0},
		{"open Checkout-errors --similar --dry-run --repo demo", "written", 0},
		{"open Errors --repo records --started 8m_ago --tag x", "failed", 2},
		{"open Errors --repo records --component Checkout --commander Ana", "written", 0},
		{"due --all --repo records", "owing", 0},
		{"show -a customer --repo records", "shown", 0},
		{"note look --attach events.txt --to support --next 30m --key k --repo records", "written", 0},
		{"note look --attach events.txt --to support --next 30m --key k --repo records", "written", 0},
		{"inbox --for support --repo records", "inbox", 0},
		{"ack --all --as support --repo records", "written", 0},
		{"show --repo records -a internal", "shown", 0},
		{"brief --repo records", "briefing", 0},
		{"stats --repo demo", "measured", 0},
		{"page build --repo demo -d site", "built", 0},
		{"page publish --repo demo --to dir:served --to branch:gh-pages", "published", 0},
		{"page diff --repo demo --to dir:served --to dir:elsewhere", "differing", 0},
		{"stats --repo records", "measured", 0},
		{"note other --key k --repo records", "failed", 6},
		{"note --dry-run look --repo records", "written", 0},
		{"set --severity sev3 --repo records", "written", 0},
		{"set --customers 1200 --share 4.5% --tag payments --started 2026-01-01T00:00:00Z --repo records", "written", 0},
		{"assign scribe Ben --repo records", "written", 0},
		{"status --repo records", "standing", 0},
		{"status closed --repo records", "failed", 5},
		{"resolve --repo records", "written", 0},
		{"reopen --repo records", "written", 0},
		{"status identified -a customer -m Checkout-fails-for-12%-of-shoppers --next 1h --repo records", "written", 0},
		{"check BGP", "wording", 12},
		{"note -a stakeholder Checkout-fails-for-12%-of-shoppers,-BGP. --repo records", "written", 0},
		{"check --all --repo records --strict", "review", 12},
		{"glossary test BGP", "wording", 12},
		{"glossary list BGP", "glossary", 0},
		{"glossary add hyperlane --plain road --also hyperlanes --repo records", "added", 0},
		{"note -a customer BGP --repo records", "failed", 7},
		{"note -a customer BGP --accept jargon/term --accept pointless --accept needless --reason asked --repo records", "written", 0},
		{"show --repo damaged", "shown", 0},
		{"use errors --repo records", "used", 0},
		{"use --none --repo records", "used", 0},
		{"trust --repo records", "trusted", 0},
		{"sync --repo records", "synced", 0},
		{"clone damaged.git again", "cloned", 0},
		{"doctor --repo records", "examined", 0},
		{"config --repo records", "settings", 0},
		{"config check --repo records", "checked", 0},
		{"config check --repo broken", "checked", 12},
	} {
		switch {
		case strings.HasSuffix(c.args, "broken"):
			runIncident(t, home, "init", "broken")
			require.NoError(t, os.WriteFile(filepath.Join(home, "broken", ".incident", "config.yaml"), []byte("componets: []\n"), 0o666))
		case strings.HasSuffix(c.args, "damaged"):
			damage(t, home)
		case strings.HasPrefix(c.args, "sync"):
			for _, args := range []string{"clone --quiet --bare damaged damaged.git", "init --quiet --bare team.git", "-C records remote add origin ../team.git"} {
				git := exec.Command("git", strings.Fields(args)...)
				git.Dir, git.Env = home, environment(home)
				require.NoError(t, git.Run())
			}
		}
		args := slices.DeleteFunc(strings.Fields(c.args), func(a string) bool { return a == "incident" })
		code, out, errs := runIncident(t, home, append(args, "-o", "json", "--quiet")...)
		require.Equal(t, c.exit, code, "incident %s: %s", c.args, errs)
		if c.answer == "failed" {
			out = errs
		}
		var answer any
		require.NoError(t, json.Unmarshal([]byte(out), &answer), "incident %s: %s", c.args, out)
		objects.compare(t, "incident "+c.args, c.answer, answer, said)
	}
	for name := range objects {
		require.True(t, said[name], "no answer holds %s", name)
	}
}

// runIncident runs the program in a home, with no terminal.
func runIncident(t *testing.T, home string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command("incident", args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = home, environment(home), &out, &errs
	if err := cmd.Run(); err != nil {
		require.ErrorAs(t, err, new(*exec.ExitError))
	}
	return cmd.ProcessState.ExitCode(), out.String(), errs.String()
}

// damage makes a record with an entry that cannot be read.
func damage(t *testing.T, home string) {
	t.Helper()
	require.NoError(t, exec.Command("cp", "-R", filepath.Join(home, "records"), filepath.Join(home, "damaged")).Run())
	timelines, err := filepath.Glob(filepath.Join(home, "damaged", "incidents", "*", "*", "*", "errors", "timeline"))
	require.NoError(t, err)
	require.Len(t, timelines, 1)
	require.NoError(t, os.WriteFile(filepath.Join(timelines[0], "20260101T000000.000Z-note-customer-aaaaaa.md"), []byte("---\n"), 0o666))
	for _, args := range [][]string{{"add", "."}, {"commit", "--quiet", "-m", "damage"}} {
		git := exec.Command("git", args...)
		git.Dir, git.Env = filepath.Join(home, "damaged"), environment(home)
		require.NoError(t, git.Run())
	}
}

type objectTables map[string]object

var (
	jsonTable = regexp.MustCompile("(?ms)^### ([a-z ]+)$.*?^\\| field \\| type \\| meaning \\|\n\\| --- \\| --- \\| --- \\|\n((?:\\|[^\n]*\n)+)")
	jsonField = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.+?) \\| ")
	linked    = regexp.MustCompile(`\[([a-z ]+)\]\(#[a-z-]+\)`)
)

func jsonObjects(t *testing.T) objectTables {
	t.Helper()
	tables := objectTables{}
	for _, m := range jsonTable.FindAllStringSubmatch(readTop(t, "docs/reference/json.md"), -1) {
		o := object{}
		for _, f := range jsonField.FindAllStringSubmatch(m[2], -1) {
			o[f[1]] = linked.ReplaceAllString(f[2], "$1")
		}
		tables[m[1]] = o
	}
	require.NotEmpty(t, tables["entry"])
	for name, kind := range tables["entry"] { // a log entry is an entry with more
		tables["log entry"][name] = kind
	}
	return tables
}

// compare demands that value is an object with the fields of a table, each of its type.
func (tables objectTables) compare(t *testing.T, where, name string, value any, said map[string]bool) {
	t.Helper()
	said[name] = true
	fields, ok := value.(map[string]any)
	require.True(t, ok, "%s: %s is no object", where, name)
	table, known := tables[name]
	require.True(t, known, "%s: json.md has no table %q", where, name)
	for field, v := range fields {
		kind, known := table[field]
		require.True(t, known, "%s: json.md does not say that %s has a field %q", where, name, field)
		tables.compareType(t, fmt.Sprintf("%s: %s.%s", where, name, field), kind, v, said)
	}
	for field := range table {
		require.Contains(t, fields, field, "%s: %s has no field %q", where, name, field)
	}
}

func (tables objectTables) compareType(t *testing.T, where, kind string, v any, said map[string]bool) {
	t.Helper()
	if rest, ok := strings.CutSuffix(kind, " or null"); ok {
		if v == nil {
			return
		}
		kind = rest
	}
	if of, ok := strings.CutPrefix(kind, "list of "); ok {
		list, ok := v.([]any)
		require.True(t, ok, "%s is no list", where)
		for _, item := range list {
			tables.compareType(t, where, of, item, said)
		}
		return
	}
	switch kind {
	case "string":
		require.IsType(t, "", v, where)
	case "boolean":
		require.IsType(t, true, v, where)
	case "number":
		require.IsType(t, 0.5, v, where)
	case "integer":
		require.IsType(t, 0.5, v, where)
		_, fraction := math.Modf(v.(float64))
		require.Zero(t, fraction, where)
	case "time":
		require.IsType(t, "", v, where)
		at, err := time.Parse(time.RFC3339, v.(string))
		require.NoError(t, err, where)
		require.Equal(t, time.UTC, at.Location(), where)
	default:
		tables.compare(t, where, kind, v, said)
	}
}

var (
	exitLine  = regexp.MustCompile(`(?m)^ +(\d+) +(.+)$`)
	exitName  = regexp.MustCompile(`\{[\w.]+, (\d+), "(\w+)"\}`)
	exitTable = regexp.MustCompile(`(?m)^\| exit \| means \| code in JSON \|\n(?:\|.*\n)+`)
)

// TestExitCodesAreAsDescribed holds the table to what help says and to the names in pkg/cli/exit.go.
func TestExitCodesAreAsDescribed(t *testing.T) {
	names := map[string][]string{"1": {"`internal`"}}
	for _, m := range exitName.FindAllStringSubmatch(readTop(t, "pkg/cli/exit.go"), -1) {
		if name := "`" + m[2] + "`"; !slices.Contains(names[m[1]], name) {
			names[m[1]] = append(names[m[1]], name)
		}
	}
	_, help, _ := runIncident(t, newHome(t), "help", "exit-codes")
	want := "| exit | means | code in JSON |\n| --: | --- | --- |\n"
	for _, m := range exitLine.FindAllStringSubmatch(help, -1) {
		want += fmt.Sprintf("| %s | %s | %s |\n", m[1], m[2], strings.Join(names[m[1]], ", "))
		delete(names, m[1])
	}
	require.Empty(t, names, "exits that help does not tell")
	page := readTop(t, "docs/reference/exit-codes.md")
	if *update {
		page = exitTable.ReplaceAllLiteralString(page, want)
		require.NoError(t, os.WriteFile(filepath.Join(top, "docs/reference/exit-codes.md"), []byte(page), 0o644))
	}
	require.Equal(t, want, exitTable.FindString(page), "stale: run `make docs`")
}

var (
	yamlTag   = regexp.MustCompile("`yaml:\"(\\w+)[,\"]")
	fieldCell = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|")
)

// TestFrontMatterIsAsDescribed holds the table of fields to the header that pkg/record writes.
func TestFrontMatterIsAsDescribed(t *testing.T) {
	_, header, ok := strings.Cut(readTop(t, "pkg/record/codec.go"), "type header struct {")
	require.True(t, ok)
	header, _, _ = strings.Cut(header, "\n}")
	var written, described []string
	for _, m := range yamlTag.FindAllStringSubmatch(header, -1) {
		written = append(written, m[1])
	}
	for _, m := range fieldCell.FindAllStringSubmatch(section(t, "docs/reference/record-format.md", "Front matter"), -1) {
		described = append(described, m[1])
	}
	require.Equal(t, written, described, "in the order in which they are written")
}

// TestConfigurationIsAsDescribed holds the table of settings to those in force.
func TestConfigurationIsAsDescribed(t *testing.T) {
	_, keys, _ := runIncident(t, newHome(t), "config", "-o", "id")
	described := section(t, "docs/reference/record-format.md", "Configuration")
	for key := range strings.Lines(keys) {
		first, _, _ := strings.Cut(strings.TrimSpace(key), ".")
		require.Contains(t, described, "| `"+first+"` |")
	}
}

func readTop(t *testing.T, file string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(top, file))
	require.NoError(t, err)
	return string(raw)
}

// section is what stands below a heading of a page.
func section(t *testing.T, file, title string) string {
	t.Helper()
	_, text, ok := strings.Cut(readTop(t, file), "\n## "+title+"\n")
	require.True(t, ok, "%s: no heading %s", file, title)
	text, _, _ = strings.Cut(text, "\n## ")
	return text
}
