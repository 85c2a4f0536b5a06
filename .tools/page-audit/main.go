// Page-audit looks at a sample status page as browsers, readers and clients do. It plays a record with the real commands,
// among them some that only a person of ill will would type, builds its page, and runs audit.mjs over it in Chromium. Then
// it spoils a copy in every way that it looks for, and fails unless each of these faults is found.
//
// It needs node, npm and Chromium (CHROMIUM names it where it is not /usr/bin/chromium).
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	shots := flag.String("shots", "", "a `folder` for pictures of the page, as they stand in the README")
	keep := flag.String("keep", "", "a `folder` that the sample site is left in")
	flag.Parse()
	if err := run(*shots, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "page-audit:", err)
		os.Exit(1)
	}
}

const tools = ".tools/page-audit"

func run(shots, keep string) (err error) {
	dir, err := os.MkdirTemp("", "page-audit-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := sample{dir: dir, incident: filepath.Join(dir, "incident")}
	for _, step := range []func() error{
		func() error { return start("", "go", "build", "-o", s.incident, "./cmd/incident") },
		func() error { return start(tools, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error") },
		s.play, s.spoil,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for _, site := range []string{"demo", "customer", "internal"} {
		fmt.Println("the site", site)
		args := []string{filepath.Join(dir, site)}
		if shots != "" && site == "demo" {
			if shots, err = filepath.Abs(shots); err != nil {
				return err
			}
			args = append(args, shots)
		}
		if _, err := audit(os.Stdout, args...); err != nil {
			return fmt.Errorf("the site %s has faults: %w", site, err)
		}
	}
	if keep != "" {
		if err := os.CopyFS(keep, os.DirFS(filepath.Join(dir, "demo"))); err != nil {
			return err
		}
	}
	return control(filepath.Join(dir, "customer"))
}

// audit runs the audit over a site.
func audit(out io.Writer, args ...string) (string, error) {
	var said bytes.Buffer
	cmd := exec.Command("node", append([]string{"audit.mjs"}, args...)...)
	cmd.Dir, cmd.Stderr = tools, os.Stderr
	cmd.Stdout = io.MultiWriter(out, &said)
	err := cmd.Run()
	return said.String(), err
}

// control spoils a site in every way that the audit looks for: one that finds nothing there looks at nothing.
func control(site string) error {
	home := filepath.Join(site, "index.html")
	raw, err := os.ReadFile(home)
	if err != nil {
		return err
	}
	broken := strings.NewReplacer(
		`<html lang="en">`, "<html>",
		"default-src 'none'", "default-src 'none' nonsense:",
		"</main>", `<p style="color: #eee; background: #fff">pale</p><table width="1600"><tr><td>wide</td></tr></table><img src="nothing.png"><a href="incidents/none.html">dead</a><a href="#nowhere">lost</a>`+
			`<img src="https://elsewhere.invalid/x.png" alt="x"><script src="x.js"></script></main>`,
	).Replace(string(raw))
	if err := os.WriteFile(home, []byte(broken), 0o644); err != nil {
		return err
	}
	if err := os.Remove(filepath.Join(site, "api", "v2", "summary.json")); err != nil {
		return err
	}
	said, err := audit(io.Discard, site)
	if err == nil {
		return errors.New("the audit finds nothing in a page that is full of faults")
	}
	for _, want := range []string{
		"html element-required-attributes", "html no-inline-style", "axe html-has-lang", "axe image-alt", "axe color-contrast", "scrolls sideways", "console error",
		"404 ", "dead link", "no such place", "foreign request", "script:", "api/v2: missing",
	} {
		if !strings.Contains(said, want) {
			return fmt.Errorf("the audit does not find %q in a page that has this fault:\n%s", want, said)
		}
	}
	fmt.Println("a spoilt copy: every kind of fault is found")
	return nil
}

// start runs a program and shows what it says only where it fails.
func start(dir, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, out)
	}
	return nil
}
