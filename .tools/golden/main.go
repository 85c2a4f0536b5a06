// Command golden rewrites all golden files: it runs, with -update, the tests of every package that
// defines that flag. Read the diff before committing it.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "golden:", err)
		os.Exit(1)
	}
}

func run() error {
	list := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	args := []string{"test"}
	for line := range strings.Lines(string(out)) {
		pkg, dir, _ := strings.Cut(strings.TrimSpace(line), "\t")
		has, err := hasUpdate(dir)
		if err != nil {
			return err
		}
		if has {
			args = append(args, pkg)
		}
	}
	if len(args) == 1 {
		return nil
	}
	test := exec.Command("go", append(args, "-args", "-update")...)
	test.Stdout, test.Stderr = os.Stdout, os.Stderr
	return test.Run()
}

// hasUpdate reports whether the tests in dir define the flag; others would refuse it.
func hasUpdate(dir string) (bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return false, err
	}
	found := slices.ContainsFunc(files, func(file string) bool {
		var source []byte
		source, err = os.ReadFile(file)
		return err != nil || bytes.Contains(source, []byte(`flag.Bool("update"`))
	})
	return found, err
}
