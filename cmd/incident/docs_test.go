package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"incident/pkg/cli"
)

var update = flag.Bool("update", false, "rewrite what the pages show; read the diff as a newcomer would")

const top = "../.." // of the repository

// What a page shows was really typed: every console block is played here, and what the program printed
// is compared with the page. Names, times and durations may differ; a line that is … stands for any lines.
//
//	$ incident open "Checkout errors"         the real program, in one shell for the whole page
//	14:02 $ incident open "Checkout errors"   the same in this process, with the clock set to that time
//
// A block of sh that begins with #!/bin/sh is a script of the reader's: it is kept under the name that its
// second line says, and the sessions below it call it.
func TestPagesAreTrue(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh on this system") // the pages show commands of a shell, which Windows has not; they are played on the others
	}
	for _, file := range pages(t) {
		p := readPage(t, file)
		if len(p.steps) == 0 {
			continue
		}
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			p.play(t)
			for _, s := range p.steps {
				if matches(s.shown, s.printed) || sameWords(s.shown, s.printed) {
					continue
				}
				if *update {
					p.rewrite(t)
					return
				}
				t.Errorf("%s:%d: %s\nprints:\n%s\nnot:\n%s", p.file, s.line+1, s.command, strings.Join(s.printed, "\n"), strings.Join(s.shown, "\n"))
			}
		})
	}
}

// pages are the README and everything in docs, from the top of the repository.
func pages(t *testing.T) []string {
	t.Helper()
	list := []string{"README.md"}
	require.NoError(t, filepath.WalkDir(filepath.Join(top, "docs"), func(name string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".md") {
			rel, _ := filepath.Rel(top, name) // both are relative
			list = append(list, filepath.ToSlash(rel))
		}
		return err
	}))
	return list
}

// page is a page and what is typed in it.
type page struct {
	file    string
	lines   []string
	steps   []*step
	scripts map[string]string // by name
}

// step is one command of a console block.
type step struct {
	line    int    // of the command, from 0
	output  int    // the line where its output begins
	clock   string // "14:02", or empty
	command string
	shown   []string // what the page says it prints
	printed []string // what it prints
}

var (
	fence  = regexp.MustCompile("^```(\\w*)$")
	prompt = regexp.MustCompile(`^(?:(\d\d:\d\d) )?\$ (.*)$`)
)

func readPage(t *testing.T, file string) *page {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(top, file))
	require.NoError(t, err)
	p := &page{file: file, lines: strings.Split(string(raw), "\n"), scripts: map[string]string{}}
	for begin := 0; begin < len(p.lines); begin++ {
		m := fence.FindStringSubmatch(p.lines[begin])
		if m == nil {
			continue
		}
		end := begin + 1
		for end < len(p.lines) && p.lines[end] != "```" {
			end++
		}
		require.Less(t, end, len(p.lines), "%s:%d: the block has no end", file, begin+1)
		switch {
		case m[1] == "console":
			p.session(t, begin+1, end)
		case strings.HasPrefix(p.lines[begin+1], "#!"):
			name, _, ok := strings.Cut(strings.TrimPrefix(p.lines[begin+2], "# "), ":")
			require.True(t, ok, "%s:%d: the second line of a script says its name: # NAME: what it does", file, begin+3)
			p.scripts[name] = strings.Join(p.lines[begin+1:end], "\n") + "\n"
		}
		begin = end
	}
	return p
}

// session reads the commands of a console block.
func (p *page) session(t *testing.T, begin, end int) {
	t.Helper()
	for i := begin; i < end; i++ {
		m := prompt.FindStringSubmatch(p.lines[i])
		if m == nil {
			require.Greater(t, i, begin, "%s:%d: a session begins with a command", p.file, i+1)
			s := p.steps[len(p.steps)-1]
			s.shown = append(s.shown, p.lines[i])
			continue
		}
		s := &step{line: i, clock: m[1], command: m[2]}
		for strings.HasSuffix(s.command, `\`) {
			i++
			s.command += "\n" + p.lines[i]
		}
		s.output = i + 1
		p.steps = append(p.steps, s)
	}
}

// play types what the page says, as somebody with an empty home.
func (p *page) play(t *testing.T) {
	home := newHome(t)
	for name, script := range p.scripts {
		require.NoError(t, os.WriteFile(filepath.Join(home, name), []byte(script), 0o777))
		used := slices.ContainsFunc(p.steps, func(s *step) bool { return strings.Contains(s.command, "./"+name) })
		require.True(t, used, "%s: nobody runs %s", p.file, name)
		if _, err := exec.LookPath("jq"); err != nil && strings.Contains(script, "jq ") {
			p.steps = slices.DeleteFunc(p.steps, func(s *step) bool { return strings.Contains(s.command, "./"+name) })
		}
	}
	var typed []*step
	clocked := newHome(t)
	for _, s := range p.steps {
		if s.clock == "" {
			typed = append(typed, s)
		} else {
			s.print(clocked, atTime(t, clocked, s))
		}
	}
	if len(typed) > 0 {
		inShell(t, home, typed)
	}
}

// newHome is the home of Ana, whom git knows.
func newHome(t *testing.T) string {
	t.Helper()
	home, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	identity := "[user]\n\tname = Ana Lima\n\temail = ana@example.com\n[init]\n\tdefaultBranch = main\n"
	require.NoError(t, os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(identity), 0o666))
	return home
}

func environment(home string) []string {
	return []string{
		"GOCOVERDIR=" + os.Getenv("GOCOVERDIR"), // where the program says what the tests ran of it
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "TZ=UTC", "LC_ALL=C.UTF-8",
		"GIT_CONFIG_NOSYSTEM=1", "NO_COLOR=1",
		"GORACE=atexit_sleep_ms=0", // else, under -race, each program waits a second at its end
	}
}

// inShell plays steps in one shell, which says after each how it went.
func inShell(t *testing.T, home string, steps []*step) {
	t.Helper()
	var script strings.Builder
	for _, s := range steps {
		// The command finds in $? how the one before it went.
		fmt.Fprintf(&script, "{ (exit $was); %s\n} </dev/null 2>&1; was=$?; printf '\\036%%d\\036' $was\n", s.command)
	}
	cmd := exec.Command("sh", "-c", "was=0\n"+script.String())
	cmd.Dir, cmd.Env = home, environment(home)
	out, err := cmd.Output()
	require.NoError(t, err)
	said := strings.Split(string(out), "\x1e")
	require.Len(t, said, 2*len(steps)+1)
	for i, s := range steps {
		s.print(home, said[2*i])
		if said[2*i+1] != "0" && (i+1 == len(steps) || !strings.Contains(steps[i+1].command, "$?")) {
			t.Errorf("line %d: %s\nexits with %s, and the page does not say so:\n%s", s.line+1, s.command, said[2*i+1], said[2*i])
		}
	}
}

// atTime runs the program with its clock set.
func atTime(t *testing.T, home string, s *step) string {
	t.Helper()
	now, err := time.Parse("2006-01-02 15:04", "2026-11-23 "+s.clock)
	require.NoError(t, err)
	dir := filepath.Join(home, "work")
	require.NoError(t, os.MkdirAll(dir, 0o777))
	words, err := exec.Command("sh", "-c", `printf '%s\0' `+s.command).Output()
	require.NoError(t, err)
	args := strings.Split(strings.TrimSuffix(string(words), "\x00"), "\x00")
	require.Equal(t, "incident", args[0], "only incident can be run at another time")
	env := environment(home)
	var out bytes.Buffer
	code := cli.Run(context.Background(), cli.World{
		Args: args[1:], Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Environ: env,
		Env: func(name string) string {
			for _, kv := range env {
				if value, ok := strings.CutPrefix(kv, name+"="); ok {
					return value
				}
			}
			return ""
		},
		Now: func() time.Time { return now }, Dir: dir, Home: home, User: func() string { return "ana" }, System: "linux",
	})
	if code != 0 {
		t.Errorf("line %d: %s exits with %d:\n%s", s.line+1, s.command, code, out.String())
	}
	return out.String()
}

// print keeps what a command printed, as if the home were Ana's.
func (s *step) print(home, text string) {
	text = strings.TrimRight(strings.ReplaceAll(text, home, "/home/ana"), "\n")
	if text != "" {
		s.printed = strings.Split(text, "\n")
	}
}

// rewrite puts what was printed into the page: all of it, so that one name stands for one thing on it.
func (p *page) rewrite(t *testing.T) {
	t.Helper()
	for _, s := range slices.Backward(p.steps) {
		printed := s.printed
		for i := range printed {
			printed[i] = strings.TrimRight(printed[i], " ")
		}
		if slices.Contains(s.shown, "…") {
			if !matches(s.shown, printed) {
				t.Errorf("%s:%d: shorten this by hand: %s\n%s", p.file, s.line+1, s.command, strings.Join(printed, "\n"))
			}
			continue
		}
		gap := 0
		for gap < len(s.shown) && s.shown[len(s.shown)-1-gap] == "" {
			gap++
		}
		p.lines = slices.Replace(p.lines, s.output, s.output+len(s.shown)-gap, printed...)
	}
	require.NoError(t, os.WriteFile(filepath.Join(top, p.file), []byte(strings.Join(p.lines, "\n")), 0o644))
}

// matches reports whether a program printed what the page shows.
func matches(shown, printed []string) bool {
	shown, printed = alike(shown), alike(printed)
	if len(shown) == 0 {
		return len(printed) == 0
	}
	if shown[0] == "…" {
		for i := range len(printed) + 1 {
			if matches(shown[1:], printed[i:]) {
				return true
			}
		}
		return false
	}
	return len(printed) > 0 && shown[0] == printed[0] && matches(shown[1:], printed[1:])
}

// different are the parts of an output that differ from day to day and from machine to machine.
var different = []struct {
	part *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(` as [2-9a-z]{6}\.$`), " as ID."},
	{regexp.MustCompile(`^[2-9a-z]{6}  (\d{4}-\d\d-\d\d)`), "ID $1"},
	{regexp.MustCompile(`/incidents/\d{8}-[2-9a-z]{6}\.html#u-[2-9a-z]{6}\b`), "/ADDRESS"},
	{regexp.MustCompile(`\b\d{8}T\d{6}\.\d{3}Z-([a-z-]+)-[2-9a-z]{6}\b`), "ENTRY-$1"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\dT[\d:.]+Z`), "TIME"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d`), "TIME"},
	{regexp.MustCompile(`((yesterday|tomorrow|\d{1,2} [A-Z][a-z]{2}( \d{4})?) )?\b\d\d:\d\d\b`), "TIME"},
	{regexp.MustCompile(`\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{1,2} [A-Z][a-z]+ \d{4}`), "DAY"},
	{regexp.MustCompile(`\b20\d{6}-`), "DATE-"},
	{regexp.MustCompile(`\bDATE-[2-9a-z]{6}\b`), "DATE-SUFFIX"},
	{regexp.MustCompile(`\b20\d\d/\d\d/\d\d\b`), "DATE"},
	{regexp.MustCompile(`\b(under a minute|\d+ (min|h|d)( \d+ (min|h))?)(\s|$|[.,)])`), "LONG$5"},
	{regexp.MustCompile(`(\s)[2-9a-z]{6}(\s|$)`), "${1}SUFFIX$2"}, // of an entry; words of six letters look the same on both sides
	{regexp.MustCompile(`\b[0-9a-f]{7,40}\b`), "COMMIT"},
	{regexp.MustCompile(`~/\S*( Support)?/incident/records`), "RECORDS"},
	{regexp.MustCompile(`\s+`), " "},
}

// alike takes out of lines what may differ, and the empty ones at the end.
func alike(lines []string) []string {
	var out []string
	for _, line := range lines {
		for _, d := range different {
			line = d.part.ReplaceAllString(line, d.as)
		}
		out = append(out, strings.TrimSpace(line))
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return out
}

// sameWords reports whether two outputs say the same, broken into lines elsewhere: shortly before midnight a
// time is longer by the word "tomorrow".
func sameWords(shown, printed []string) bool {
	joined := func(lines []string) []string {
		return alike([]string{strings.Join(strings.Fields(strings.Join(lines, " ")), " ")})
	}
	return slices.Equal(joined(shown), joined(printed))
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
	block   = regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]*`")
)

func TestLinksLeadSomewhere(t *testing.T) {
	read := func(file string) string {
		raw, err := os.ReadFile(filepath.Join(top, file))
		require.NoError(t, err)
		return string(raw)
	}
	for _, file := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(block.ReplaceAllString(read(file), ""), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := filepath.ToSlash(filepath.Join(filepath.Dir(file), target))
			if target == "" {
				to = file
			}
			if _, err := os.Stat(filepath.Join(top, to)); err != nil {
				t.Errorf("%s: %s leads nowhere", file, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(to)), anchor) {
				t.Errorf("%s: %s: there is no such heading", file, m[1])
			}
		}
	}
}

// anchors are the names that a git host gives to the headings of a page.
func anchors(text string) []string {
	var names []string
	seen := map[string]int{}
	text = regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(text, "")
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N}\- _]`).ReplaceAllString(strings.ToLower(m[1]), "")
		name = strings.ReplaceAll(strings.TrimSpace(name), " ", "-")
		if n := seen[name]; n > 0 {
			names = append(names, name+"-"+strconv.Itoa(n))
		} else {
			names = append(names, name)
		}
		seen[name]++
	}
	return names
}

// The first two commands of the README are its promise; continuous integration runs them on a fresh machine.
func TestReadmeNamesItsTwoCommands(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(top, "README.md"))
	require.NoError(t, err)
	_, after, ok := strings.Cut(string(raw), "\n## Two commands\n")
	require.True(t, ok)
	m := regexp.MustCompile("(?s)```sh\n(.*?)\n```").FindStringSubmatch(after)
	require.NotNil(t, m)
	var commands []string
	for line := range strings.Lines(m[1]) {
		command, _, _ := strings.Cut(line, "#")
		commands = append(commands, strings.TrimSpace(command))
	}
	require.Equal(t, []string{"go run ./cmd/incident demo", "go test ./..."}, commands)
}
