// Command fuzz runs every fuzz target of the module in turn, because `go test -fuzz` takes one at a time.
//
//	go run ./.tools/fuzz 30s
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// target is one fuzz function.
type target struct{ pkg, dir, name string }

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./.tools/fuzz TIME  (for each target: 30s, or 10000x for a number of inputs)")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

func run(time string) error {
	targets, err := find()
	if err != nil {
		return err
	}
	var failed []string
	for _, t := range targets {
		fmt.Printf("\n%s %s\n", t.pkg, t.name)
		if err := t.fuzz(time); err != nil {
			failed = append(failed, t.pkg+" "+t.name)
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("failed: %s", strings.Join(failed, ", "))
	}
	fmt.Printf("\n%d fuzz targets, %s each: nothing found\n", len(targets), time)
	return nil
}

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

// find lists the targets in the test files that go would compile on this system.
func find() ([]target, error) {
	format := `{{$p := .}}{{range .TestGoFiles}}{{$p.ImportPath}} {{$p.Dir}} {{.}}{{"\n"}}{{end}}` +
		`{{range .XTestGoFiles}}{{$p.ImportPath}} {{$p.Dir}} {{.}}{{"\n"}}{{end}}`
	list := exec.Command("go", "list", "-f", format, "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var targets []target
	for line := range strings.Lines(string(out)) {
		pkg, file, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			continue
		}
		// The folder may hold blanks; the file's name does not.
		cut := strings.LastIndexByte(file, ' ')
		dir, file := file[:cut], file[cut+1:]
		source, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		for _, m := range fuzzFunc.FindAllSubmatch(source, -1) {
			targets = append(targets, target{pkg, dir, string(m[1])})
		}
	}
	return targets, nil
}

func (t target) fuzz(time string) error {
	cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", time, t.pkg)
	var said bytes.Buffer
	cmd.Stdout = io.MultiWriter(os.Stdout, &said)
	cmd.Stderr = io.MultiWriter(os.Stderr, &said)
	err := cmd.Run()
	if err != nil && endOfTime(said.String()) {
		fmt.Println("    not a finding: the end of the time met a running input (go.dev/issue/75804, gone in Go 1.27)")
		return nil
	}
	if m := written.FindStringSubmatch(said.String()); m != nil {
		t.show(m[1])
	}
	return err
}

var written = regexp.MustCompile(`Failing input written to (\S+)`)

// show prints the input that was found: the folder it was written to may be gone with the machine.
func (t target) show(file string) {
	file = filepath.Join(t.dir, file)
	input, err := os.ReadFile(file)
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		return
	}
	fmt.Printf("    it is:\n%s\n", input)
}

// endOfTime reports whether all that failed is the fuzzer's own clock: when the time is up while an input
// runs, Go before 1.27 now and then calls that a failure. A real one names the input that it wrote down.
func endOfTime(said string) bool {
	_, after, found := strings.Cut(said, "--- FAIL: ")
	if !found {
		return false
	}
	lines := strings.Split(after, "\n")
	return len(lines) > 2 && strings.TrimSpace(lines[1]) == "context deadline exceeded" && strings.TrimSpace(lines[2]) == "FAIL"
}
