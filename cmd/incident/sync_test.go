package main

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var seed = flag.Uint64("seed", 0, "of random steps; 0: another one each time")

// Three people share a record, each by the way that they like best: sync, git pull with a merge, or git
// pull with a rebase. Whatever the order, nobody meets a conflict, all end with the same files, and what
// was acknowledged is there once.
func TestClonesAgree(t *testing.T) {
	t.Parallel()
	s := *seed
	if s == 0 {
		s = rand.Uint64()
	}
	t.Logf("go test ./cmd/incident -run TestClonesAgree -seed %d", s)
	rnd := rand.New(rand.NewPCG(s, 0))
	team := newTeam(t, "ana", "ben", "cleo")
	acknowledged := map[string]bool{}
	write := func(who string, args ...string) {
		out := team.incident(who, append(args, "-o", "json")...)
		var entry string
		_, after, _ := strings.Cut(out, `"entry": {`)
		_, after, _ = strings.Cut(after, `"name": "`)
		entry, _, _ = strings.Cut(after, `"`)
		require.NotEmpty(t, entry, out)
		acknowledged[entry] = true
	}
	write("ana", "open", "Checkout errors")
	for _, who := range team.people {
		team.incident(who, "sync")
	}
	for step := range 60 {
		who := team.people[rnd.IntN(len(team.people))]
		switch n := rnd.IntN(10); {
		case n < 4:
			write(who, "note", fmt.Sprintf("Step %d of %s.", step, who), "-i", "checkout-errors", "--author", who)
		case n < 5:
			write(who, "open", fmt.Sprintf("Outage %d", rnd.IntN(3)))
		case n < 6:
			write(who, "assign", "scribe", fmt.Sprintf("Person %d", step), "-i", "checkout-errors")
		case n < 8:
			team.incident(who, "sync")
		case n < 9:
			team.git(who, "pull", "--quiet", "--no-rebase", "--no-edit")
			team.git(who, "push", "--quiet")
		default:
			team.git(who, "pull", "--quiet", "--rebase")
			team.git(who, "push", "--quiet")
		}
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
	}
	there := strings.Fields(team.git("cleo", "ls-tree", "-r", "--name-only", "HEAD", "incidents"))
	require.Len(t, there, len(acknowledged))
	for _, file := range there {
		require.True(t, acknowledged[strings.TrimSuffix(filepath.Base(file), ".md")], file)
	}
	list := team.incident("ben", "list", "--all", "-o", "json") // one title on one day is one incident, and that is told
	require.Equal(t, strings.Count(list, "opens the incident a second time"), strings.Count(list, `"problem"`))
}

// team are people with a clone each, and a bare repository between them.
type team struct {
	*testing.T
	home   string
	people []string
}

func newTeam(t *testing.T, people ...string) *team {
	t.Helper()
	g := &team{t, newHome(t), people}
	g.run(g.command("", "git", "init", "--quiet", "--bare", "team.git"))
	g.run(g.command("", "incident", "init", people[0]))
	g.git(people[0], "remote", "add", "origin", "file://"+filepath.ToSlash(filepath.Join(g.home, "team.git")))
	g.incident(people[0], "sync")
	for _, who := range people[1:] {
		g.run(g.command("", "incident", "clone", "team.git", who))
	}
	return g
}

func (g *team) command(who, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = g.home
	cmd.Env = append(environment(g.home), "GIT_AUTHOR_NAME="+who, "GIT_TEST_FSYNC=0")
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
