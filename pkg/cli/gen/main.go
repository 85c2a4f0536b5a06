// Command gen writes what is made from the commands: shell completions and manual pages for releases, and
// the reference pages of docs. It is a program of its own so that nothing of it is linked into the product.
//
//	go run ./pkg/cli/gen completions|man|markdown DIR
package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"incident/pkg/cli"
	"incident/pkg/cli/clidoc"
)

const usage = "usage: go run ./pkg/cli/gen completions|man|markdown DIR"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("%d arguments: %s", len(args), usage)
	}
	files, err := generate(args[0], cli.Command())
	if err != nil {
		return err
	}
	dir := args[1]
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the files of one kind by name. The same commands give the same bytes on any day, so
// that anybody can build a release again and compare.
func generate(kind string, root *cobra.Command) (map[string][]byte, error) {
	switch kind {
	case "completions":
		return completions(root)
	case "man":
		return compressed(clidoc.Man(root))
	case "markdown":
		return map[string][]byte{"cli.md": clidoc.Markdown(root), "wording.md": wording()}, nil
	}
	return nil, fmt.Errorf("unknown kind %q: %s", kind, usage)
}

func completions(root *cobra.Command) (map[string][]byte, error) {
	out := make(map[string][]byte)
	for _, shell := range []struct {
		suffix string
		write  func(*bytes.Buffer) error
	}{
		{"bash", func(b *bytes.Buffer) error { return root.GenBashCompletionV2(b, true) }},
		{"zsh", func(b *bytes.Buffer) error { return root.GenZshCompletion(b) }},
		{"fish", func(b *bytes.Buffer) error { return root.GenFishCompletion(b, true) }},
		{"ps1", func(b *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(b) }},
	} {
		var b bytes.Buffer
		if err := shell.write(&b); err != nil {
			return nil, fmt.Errorf("completion for %s: %w", shell.suffix, err)
		}
		out[root.Name()+"."+shell.suffix] = b.Bytes()
	}
	return out, nil
}

// compressed packs each file as `gzip -n` does: with neither a name nor a time inside.
func compressed(files map[string][]byte) (map[string][]byte, error) {
	out := make(map[string][]byte)
	for name, content := range files {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, fmt.Errorf("compress %s: %w", name, err)
		}
		if err := w.Close(); err != nil {
			return nil, fmt.Errorf("compress %s: %w", name, err)
		}
		out[name+".gz"] = b.Bytes()
	}
	return out, nil
}
