package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	seed  = flag.Uint64("seed", 0, "of random steps; 0: another one each time")
	steps = flag.Int("steps", 10, "how many random steps people with clones take")
)

// Three people share a record, each by the way that they like best: sync, git pull with a merge, or git
// pull with a rebase. Whatever the order, nobody meets a conflict, all end with the same files, and what
// was acknowledged is there once.
func TestClonesAgree(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		remote func(t *testing.T, home string) remote
		steps  int
	}{
		{"file", overFile, *steps},
		{"ssh", overSSH, max(3, *steps/5)},
		{"http", overHTTP, max(3, *steps/5)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := *seed
			if s == 0 {
				s = rand.Uint64()
			}
			t.Logf("go test ./cmd/incident -run TestClonesAgree/%s -steps %d -seed %d", tt.name, *steps, s)
			clonesAgree(t, tt.remote, rand.New(rand.NewPCG(s, 0)), tt.steps)
		})
	}
}

func clonesAgree(t *testing.T, via func(t *testing.T, home string) remote, rnd *rand.Rand, steps int) {
	t.Helper()
	team := newTeam(t, via, "ana", "ben", "cleo")
	w := &walk{team, map[string]bool{}, map[string]string{}}
	w.write("ana", "open", "Checkout errors")
	w.write("cleo", "open", "Slow search")
	w.write("cleo", "resolve", "-i", "slow-search")
	w.write("cleo", "postmortem", "-i", "slow-search")
	for range 2 {
		for _, who := range team.people {
			team.incident(who, "sync")
		}
	}
	for step := range steps {
		w.step(team.people[rnd.IntN(len(team.people))], rnd, step)
	}
	for range 2 {
		for _, who := range team.people {
			team.incident(who, "sync")
		}
	}
	for _, who := range team.people {
		require.Equal(t, team.git("ana", "rev-parse", "HEAD^{tree}"), team.git(who, "rev-parse", "HEAD^{tree}"), who)
		require.Empty(t, team.git(who, "status", "--porcelain"), who)
		team.git(who, "fsck", "--strict")
		team.incident(who, "doctor")
	}
	there := strings.Fields(team.git("cleo", "ls-tree", "-r", "--name-only", "HEAD", "incidents"))
	there = slices.DeleteFunc(there, func(file string) bool { return filepath.Base(file) == "postmortem.md" })
	require.Len(t, there, len(w.acknowledged))
	for _, file := range there {
		require.True(t, w.acknowledged[strings.TrimSuffix(filepath.Base(file), ".md")], file)
	}
	require.NotContains(t, team.incident("ben", "list", "--all", "-o", "json"), "cannot be read")
}

// walk are random steps of a team, and what was acknowledged on the way.
type walk struct {
	*team
	acknowledged map[string]bool
	last         map[string]string // each one's newest note
}

// write records an entry. Where others have moved on, a status may not be allowed any more.
func (w *walk) write(who string, args ...string) string {
	w.Helper()
	cmd := w.command(who, "incident", append([]string{"--repo", who, "-o", "json"}, args...)...)
	out, err := cmd.Output()
	if cmd.ProcessState.ExitCode() == 5 && args[0] == "status" {
		return ""
	}
	require.NoError(w, err, "%s\n%s", cmd, out)
	var answer struct {
		Entry   struct{ Name string }
		Changed bool
	}
	require.NoError(w, json.Unmarshal(out, &answer))
	if answer.Changed {
		require.NotEmpty(w, answer.Entry.Name, "%s\n%s", cmd, out)
		w.acknowledged[answer.Entry.Name] = true
	}
	return answer.Entry.Name
}

func (w *walk) step(who string, rnd *rand.Rand, step int) {
	w.Helper()
	switch n := rnd.IntN(16); {
	case n < 4:
		w.last[who] = w.write(who, "note", fmt.Sprintf("Step %d of %s.", step, who), "-i", "checkout-errors", "--author", who)
	case n < 5:
		w.write(who, "open", fmt.Sprintf("Outage %d", rnd.IntN(3)))
	case n < 6:
		w.write(who, "assign", "scribe", fmt.Sprintf("Person %d", step), "-i", "checkout-errors")
	case n < 7:
		w.write(who, "status", []string{"investigating", "identified", "monitoring"}[rnd.IntN(3)], "-i", "checkout-errors")
	case n < 8 && w.last[who] != "":
		w.write(who, "note", "--retract", w.last[who], "-m", "It was not so.", "-i", "checkout-errors")
		delete(w.last, who)
	case n < 9 && who == "cleo": // what people edit by hand is one person's at a time
		files, err := filepath.Glob(filepath.Join(w.home, who, "incidents", "*", "*", "*", "slow-search", "postmortem.md"))
		require.NoError(w, err)
		require.Len(w, files, 1)
		raw, err := os.ReadFile(files[0])
		require.NoError(w, err)
		require.NoError(w, os.WriteFile(files[0], fmt.Appendf(raw, "\nWords of step %d.\n", step), 0o666))
		w.git(who, "commit", "--quiet", "--all", "--message", "Edit the postmortem")
	case n < 12:
		w.incident(who, "sync")
	case n < 13:
		_ = w.command(who, "git", "-C", who, "push", "--quiet").Run() // refused where others were faster
	case n < 15:
		w.git(who, "pull", "--quiet", "--no-rebase", "--no-edit")
		w.git(who, "push", "--quiet")
	default:
		w.git(who, "pull", "--quiet", "--rebase")
		w.git(who, "push", "--quiet")
	}
}

// Many programs exchange at the same time, several of one clone and of several clones: all come through.
func TestSyncAtOnce(t *testing.T) {
	t.Parallel()
	team := newTeam(t, overFile, "ana", "ben", "cleo")
	team.incident("ana", "open", "Checkout errors")
	team.incident("ana", "sync")
	const notes = 3
	for i := range notes {
		for _, who := range team.people {
			team.incident(who, "sync")
			team.incident(who, "note", fmt.Sprintf("%d of %s.", i, who), "-i", "checkout-errors")
		}
		var syncs sync.WaitGroup
		for _, who := range append(team.people, team.people...) {
			cmd := team.command(who, "incident", "--repo", who, "sync")
			syncs.Go(func() {
				out, err := cmd.CombinedOutput()
				assert.NoError(t, err, "%s", out)
			})
		}
		syncs.Wait()
	}
	for _, who := range append(team.people, team.people...) {
		team.incident(who, "sync")
	}
	for _, who := range team.people {
		require.Equal(t, team.git("ana", "rev-parse", "HEAD"), team.git(who, "rev-parse", "HEAD"), who)
		require.Empty(t, team.git(who, "status", "--porcelain"), who)
		team.git(who, "fsck", "--strict")
	}
	require.Len(t, strings.Fields(team.git("ben", "ls-tree", "-r", "--name-only", "HEAD", "incidents")), 1+notes*len(team.people))
}

// A remote that takes a connection and never answers holds nobody up: the entry is acknowledged before
// anything is sent, and sending ends after 5 seconds.
func TestWriteWhileTheRemoteHangs(t *testing.T) {
	t.Parallel()
	team := newTeam(t, overFile, "ana")
	team.incident("ana", "open", "Checkout errors")
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = silent.Close() }() // nothing was written to it
	team.git("ana", "remote", "set-url", "origin", "http://"+silent.Addr().String()+"/team.git")
	team.git("ana", "config", "incident.sync", "push")
	cmd := team.command("ana", "incident", "--repo", "ana", "note", "While nobody answers.")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.Contains(t, line, "-note-technical-")
	require.Contains(t, team.git("ana", "ls-tree", "-r", "--name-only", "HEAD"), strings.TrimSpace(line))
	acknowledged := time.Now()
	require.NoError(t, cmd.Wait(), &said)
	require.Contains(t, said.String(), "warning: recorded here, not sent: no answer within 5s; next: incident sync")
	require.Less(t, time.Since(acknowledged), 10*time.Second, "5, and what a busy machine adds")
}

// team are people with a clone each, and a bare repository between them.
type team struct {
	*testing.T
	home   string
	people []string
	remote remote
}

func newTeam(t *testing.T, via func(t *testing.T, home string) remote, people ...string) *team {
	t.Helper()
	g := &team{T: t, home: newHome(t), people: people}
	g.run(g.command("", "git", "init", "--quiet", "--bare", "team.git"))
	g.remote = via(t, g.home)
	g.run(g.command("", "incident", "init", people[0]))
	g.git(people[0], "remote", "add", "origin", g.remote.url)
	g.incident(people[0], "sync")
	for _, who := range people[1:] {
		g.run(g.command("", "incident", "clone", g.remote.url, who))
	}
	return g
}

func (g *team) command(who, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = g.home
	cmd.Env = append(append(environment(g.home), "GIT_AUTHOR_NAME="+who, "GIT_TEST_FSYNC=0"), g.remote.env...)
	return cmd
}

func (g *team) run(cmd *exec.Cmd) string {
	g.Helper()
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(g, cmd.Run(), "%s\n%s%s", cmd, &out, &errs)
	return out.String()
}

func (g *team) incident(who string, args ...string) string {
	g.Helper()
	return g.run(g.command(who, "incident", append([]string{"--repo", who}, args...)...))
}

func (g *team) git(who string, args ...string) string {
	g.Helper()
	return g.run(g.command(who, "git", append([]string{"-C", who}, args...)...))
}
