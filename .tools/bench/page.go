package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// pages times the status page of n incidents with six updates each: all of it, and again after one more update. Beside it
// Hugo, where it is installed, makes plain pages of the same words: a page for each incident, a list of them, and a feed.
func (b *bench) pages(ctx context.Context, n int, whole, again goal) error {
	f, err := b.record(ctx, shape{n, 0, 6})
	if err != nil {
		return err
	}
	if err := withAddress(ctx, f); err != nil {
		return err
	}
	site := filepath.Join(b.scratch, fmt.Sprintf("site-%d", n))
	build := func(ctx context.Context) (sample, error) {
		return b.clock.time(ctx, f.dir, []string{b.program, "page", "build", "-d", site})
	}
	// What was there is moved away and stays: for some seconds ext4 looks long for room among what was deleted.
	moved := 0
	anew := turn{func(context.Context) error {
		moved++
		err := os.Rename(site, fmt.Sprintf("%s.%d", site, moved))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return err
	}, build}
	told := 0
	after := turn{func(ctx context.Context) error {
		told++
		_, err := b.clock.time(ctx, f.dir, []string{
			b.program, "note", "-i", storyOf(n-1, n).id, "-a", "customer", "--next", "1h",
			fmt.Sprintf("About one in %d card payments fails at the last step. PayPal works. We are putting the earlier version back.", told+2),
		})
		return err
	}, build}
	turns := []turn{anew, after, {nothing, b.gitVersion}}
	hugo, err := exec.LookPath("hugo")
	if err == nil {
		plain := filepath.Join(b.scratch, "hugo")
		if err := hugoSite(plain, n); err != nil {
			return err
		}
		turns = append(turns, turn{
			func(context.Context) error { return os.RemoveAll(filepath.Join(plain, "public")) },
			func(ctx context.Context) (sample, error) {
				return b.clock.time(ctx, plain, []string{hugo, "--quiet"})
			},
		})
	}
	s, err := b.rounds(ctx, turns...)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("page/%d", n)
	all := row{Name: name, What: fmt.Sprintf("the page of %d incidents with 6 updates each, from nothing", n), Ours: summarize(s[0])}
	if len(s) > 3 {
		all = versus(name, all.What+", faster than hugo with a plain template", s[0], s[3], true)
	}
	all.judge(whole, all.Ours.Median, slower(s[2]))
	more := row{Name: name + "/again", What: "again after one more update", Ours: summarize(s[1])}
	more.judge(again, more.Ours.Median, slower(s[2]))
	memory := row{Name: name + "/memory", What: "memory of making it"}
	memory.judge(goal{atMost, 500, " MB"}, all.Ours.Peak, 1)
	b.rows = append(b.rows, all, more, memory)
	return nil
}

// withAddress tells the address of the page, without which it has no feeds.
func withAddress(ctx context.Context, f *fixture) error {
	file := filepath.Join(f.dir, ".incident", "config.yaml")
	raw, err := os.ReadFile(file)
	if err != nil || strings.Contains(string(raw), "address: https://status.bench.example") {
		return err
	}
	text := strings.Replace(string(raw), "\npage:\n", "\npage:\n  address: https://status.bench.example\n", 1)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		return err
	}
	_, err = f.git.run(ctx, f.dir, "commit", "--quiet", "-am", "address")
	return err
}

// hugoSite is a site of Hugo's that tells of n incidents, with six updates each.
func hugoSite(dir string, n int) error {
	files := map[string]string{
		"config.toml":                  "baseURL = 'https://status.example.com/'\ntitle = 'Status'\ndisableKinds = ['taxonomy', 'term', 'sitemap']\n",
		"layouts/_default/single.html": "<!doctype html><html lang=en><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}</html>",
		"layouts/_default/list.html":   "<!doctype html><html lang=en><title>{{ .Title }}</title><ul>{{ range .RegularPagesRecursive }}<li><a href={{ .RelPermalink }}>{{ .Title }}</a>{{ end }}</ul></html>",
		"layouts/index.html":           "<!doctype html><html lang=en><title>{{ .Title }}</title><ul>{{ range first 20 .Site.RegularPages }}<li><a href={{ .RelPermalink }}>{{ .Title }}</a>{{ end }}</ul></html>",
	}
	for i := range n {
		st := storyOf(i, n)
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: %q\ndate: %s\n---\n", st.title, st.opened.Format("2006-01-02T15:04:05Z"))
		for u := range 6 {
			fmt.Fprintf(&b, "\n## Update %d\n\nCard payments fail for some customers at the last step. We are moving to our second database. Bank transfer works.\n", u+1)
		}
		files["content/incidents/"+st.id+".md"] = b.String()
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
