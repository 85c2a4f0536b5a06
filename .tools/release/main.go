// Command release checks, without publishing anything, that a release could be made from this commit: the
// release configuration, a build of every archive and package and what is inside them, the licences of
// all linked code, and known vulnerabilities. A check that could not be made is said to be missing.
//
//	go run ./.tools/release
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	goreleaser  = "github.com/goreleaser/goreleaser/v2@v2.16.0"
	govulncheck = "golang.org/x/vuln/cmd/govulncheck@v1.9.0"
)

// targets is what a release has an archive for.
var targets = []string{
	"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64",
	"windows_amd64", "windows_arm64", "freebsd_amd64", "freebsd_arm64",
}

// inside is what every archive holds besides the program.
var inside = []string{
	"LICENSE", "README.md", "third-party-licences.txt", "man/incident.1.gz", "man/incident-note.1.gz",
	"completions/incident.bash", "completions/incident.zsh", "completions/incident.fish", "completions/incident.ps1",
}

// maxSize is the most that a program may measure, in bytes.
const maxSize = 20_000_000

// errSkipped reports a check that could not be made here, which is not the same as one that passed.
var errSkipped = errors.New("not checked")

func main() {
	var failed, skipped []string
	for _, check := range []struct {
		name string
		run  func() error
	}{
		{"release configuration", func() error { return command("go", "run", goreleaser, "check") }},
		{"snapshot of all archives and packages", snapshot},
		{"contents of the archives", contents},
		{"licences of linked code", func() error { return command("go", "run", "./.tools/licences") }},
		{"known vulnerabilities", vulnerabilities},
	} {
		fmt.Printf("\n== %s\n", check.name)
		start := time.Now()
		err := check.run()
		took := time.Since(start).Seconds()
		switch {
		case errors.Is(err, errSkipped):
			fmt.Printf("-- %s: NOT CHECKED (%.0f s): %v\n", check.name, took, err)
			skipped = append(skipped, check.name)
		case err != nil:
			fmt.Printf("-- %s: FAILED (%.0f s): %v\n", check.name, took, err)
			failed = append(failed, check.name)
		default:
			fmt.Printf("-- %s: good (%.0f s)\n", check.name, took)
		}
	}
	fmt.Println()
	if len(skipped) > 0 {
		fmt.Printf("release-check: NOT CHECKED here, check it before a release: %s\n", strings.Join(skipped, ", "))
	}
	if len(failed) > 0 {
		fmt.Printf("release-check: FAILED: %s\n", strings.Join(failed, ", "))
		os.Exit(1)
	}
	fmt.Println("release-check: all that could be checked is good")
}

func command(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func snapshot() error {
	return command("go", "run", goreleaser, "release", "--snapshot", "--clean")
}

// contents opens what the snapshot left in dist.
func contents() error {
	archives, err := filepath.Glob("dist/incident_*")
	if err != nil {
		return err
	}
	for _, target := range targets {
		i := slices.IndexFunc(archives, func(name string) bool {
			return strings.HasSuffix(name, target+".tar.gz") || strings.HasSuffix(name, target+".zip")
		})
		if i < 0 {
			return fmt.Errorf("no archive for %s", target)
		}
		if err := holdsAll(archives[i]); err != nil {
			return err
		}
	}
	for _, format := range []string{"deb", "rpm", "apk"} {
		found, err := filepath.Glob("dist/*." + format)
		if err != nil {
			return err
		}
		if len(found) != 2 {
			return fmt.Errorf("%d %s packages, not one for amd64 and one for arm64", len(found), format)
		}
	}
	return nil
}

func holdsAll(archive string) error {
	sizes, err := list(archive)
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	program := "incident"
	if strings.HasSuffix(archive, ".zip") {
		program += ".exe"
	}
	for _, want := range append([]string{program}, inside...) {
		if _, there := sizes[want]; !there {
			return fmt.Errorf("%s does not hold %s, only %s", archive, want, slices.Sorted(maps.Keys(sizes)))
		}
	}
	fmt.Printf("%s: %d files, the program %d bytes\n", archive, len(sizes), sizes[program])
	if sizes[program] > maxSize {
		return fmt.Errorf("the program of %s measures more than %d bytes", archive, maxSize)
	}
	return nil
}

// list returns the files of an archive, without the folder that wraps them, and their sizes.
func list(archive string) (map[string]int64, error) {
	raw, err := os.ReadFile(archive)
	if err != nil {
		return nil, err
	}
	sizes := make(map[string]int64)
	add := func(name string, size int64) {
		_, rest, _ := strings.Cut(path.Clean(name), "/")
		sizes[rest] = size
	}
	if strings.HasSuffix(archive, ".zip") {
		z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return nil, err
		}
		for _, f := range z.File {
			add(f.Name, f.FileInfo().Size())
		}
		return sizes, nil
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return sizes, nil
		}
		if err != nil {
			return nil, err
		}
		add(h.Name, h.Size)
	}
}

// vulnerabilities asks the public database which of its entries our code can reach.
func vulnerabilities() error {
	var said bytes.Buffer
	cmd := exec.Command("go", "run", govulncheck, "./...")
	cmd.Stdout = io.MultiWriter(os.Stdout, &said)
	cmd.Stderr = io.MultiWriter(os.Stderr, &said)
	err := cmd.Run()
	if err != nil && strings.Contains(said.String(), "fetching vulnerabilities:") {
		return fmt.Errorf("%w: the vulnerability database was not reached", errSkipped)
	}
	return err
}
