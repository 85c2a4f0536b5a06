// Command glossary writes the built-in glossary as a Go table: read as YAML it would delay each check.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: glossary templates/glossary.yaml pkg/clarity/builtin.go")
	}
	raw, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var glossary struct {
		Terms []struct {
			Term, Plain, Level string
			Also               []string
		}
	}
	if err := yaml.Unmarshal(raw, &glossary); err != nil {
		log.Fatalf("%s: %v", os.Args[1], err)
	}
	var b bytes.Buffer
	b.WriteString("// Code generated from templates/glossary.yaml by make generate. DO NOT EDIT.\n\npackage clarity\n\n")
	fmt.Fprintf(&b, "var builtIn = [...]Term{\n")
	for _, t := range glossary.Terms {
		fmt.Fprintf(&b, "{Term: %q, Plain: %q, Hard: %t", t.Term, t.Plain, t.Level == "hard")
		if len(t.Also) > 0 {
			fmt.Fprintf(&b, ", Also: %#v", t.Also)
		}
		b.WriteString("},\n")
	}
	b.WriteString("}\n")
	src, err := format.Source(b.Bytes())
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], src, 0o666); err != nil {
		log.Fatal(err)
	}
}
