// Command licences makes sure that all code in the released binaries may be given away with them, and
// collects the notices that those licences ask us to pass on.
//
//	go run ./.tools/licences [FILE for the notices]
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// systems are those that releases are built for: some modules are linked on one of them only.
var systems = []string{"linux", "darwin", "windows", "freebsd"}

// notice is one licence file and the code that it covers.
type notice struct{ module, version, file, text, kind string }

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	found, err := collect()
	if err != nil {
		return err
	}
	var refused []string
	for _, n := range found {
		fmt.Fprintf(out, "%-12s  %s %s (%s)\n", n.kind, n.module, n.version, n.file)
		if n.kind == "" {
			refused = append(refused, n.module+" "+n.file)
		}
	}
	if len(refused) > 0 {
		return fmt.Errorf("not known to be permissive, read and decide: %s", strings.Join(refused, ", "))
	}
	if len(args) == 0 {
		return nil
	}
	return write(args[0], found)
}

// write puts the texts into one file, modules in order, so that the same modules give the same bytes.
func write(file string, found []notice) error {
	var b strings.Builder
	b.WriteString("incident contains code of the projects below, under these licences.\n")
	for _, n := range found {
		fmt.Fprintf(&b, "\n%s\n%s %s (%s)\n\n%s\n", strings.Repeat("=", 78), n.module, n.version, n.file, strings.TrimSpace(n.text))
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}

// module is code of others that is linked: its folders up to the top, because code that it took over
// from elsewhere often lies in a folder with a licence of its own, and its files.
type module struct {
	path, version, dir string
	folders, files     map[string]bool
}

func collect() ([]notice, error) {
	modules, err := linked()
	if err != nil {
		return nil, err
	}
	var found []notice
	for _, m := range modules {
		notices, err := m.notices()
		if err != nil {
			return nil, err
		}
		if len(notices) == 0 {
			return nil, fmt.Errorf("%s has no licence file", m.path)
		}
		found = append(found, notices...)
	}
	slices.SortFunc(found, func(a, b notice) int {
		return strings.Compare(a.module+"\x00"+a.file, b.module+"\x00"+b.file)
	})
	return found, nil
}

// linked returns by path the modules in the binaries for all systems, and the standard library.
func linked() (map[string]*module, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	dir := strings.TrimSpace(string(goroot))
	std := &module{path: "the Go standard library", version: runtime.Version(), dir: dir, folders: map[string]bool{dir: true}}
	modules := map[string]*module{std.path: std}
	for _, system := range systems {
		list := exec.Command("go", "list", "-deps", "-json=Dir,GoFiles,SFiles,Module", "./cmd/incident")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		list.Stderr = os.Stderr
		out, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
		if err := add(modules, out); err != nil {
			return nil, fmt.Errorf("go list for %s: %w", system, err)
		}
	}
	return modules, nil
}

// add enters the packages that `go list` named.
func add(modules map[string]*module, list []byte) error {
	dec := json.NewDecoder(bytes.NewReader(list))
	for {
		var p struct {
			Dir             string
			GoFiles, SFiles []string
			Module          *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if p.Module == nil || p.Module.Main {
			continue
		}
		m := modules[p.Module.Path]
		if m == nil {
			m = &module{p.Module.Path, p.Module.Version, p.Module.Dir, make(map[string]bool), make(map[string]bool)}
			modules[m.path] = m
		}
		for dir := p.Dir; len(dir) >= len(m.dir); dir = filepath.Dir(dir) {
			m.folders[dir] = true
		}
		for _, file := range slices.Concat(p.GoFiles, p.SFiles) {
			m.files[filepath.Join(p.Dir, file)] = true
		}
	}
}

var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|copyright|notice|unlicense|patents)([._-].*)?$`)

// notices reads the licences of m. Where a module keeps code under several, and each file of it that is
// linked names a permissive one, the licences of the rest do not concern us.
func (m *module) notices() ([]notice, error) {
	var found []notice
	for dir := range m.folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.HasSuffix(e.Name(), ".go") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			inside, err := filepath.Rel(m.dir, filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			found = append(found, notice{m.path, m.version, filepath.ToSlash(inside), string(text), kind(e.Name(), string(text))})
		}
	}
	unclear := func(n notice) bool { return n.kind == "" }
	if slices.ContainsFunc(found, unclear) {
		named, err := m.namedInFiles()
		if err != nil {
			return nil, err
		}
		if named {
			found = slices.DeleteFunc(found, unclear)
		}
	}
	return found, nil
}

var spdx = regexp.MustCompile(`SPDX-License-Identifier: (MIT|BSD-2-Clause|BSD-3-Clause|ISC|Apache-2\.0)\s*\n`)

// namedInFiles reports whether every linked file of m names a permissive licence at its top.
func (m *module) namedInFiles() (bool, error) {
	for file := range m.files {
		source, err := os.ReadFile(file)
		if err != nil {
			return false, err
		}
		if !spdx.Match(source) {
			return false, nil
		}
	}
	return len(m.files) > 0, nil
}

// permissive are phrases by which a licence is known; they do not occur in one that asks for more than
// keeping its notice.
var permissive = []struct{ name, phrase string }{
	{"MIT", "permission is hereby granted, free of charge, to any person obtaining a copy"},
	{"BSD", "redistribution and use in source and binary forms, with or without modification, are permitted"},
	{"Apache-2.0", "apache license version 2.0"},
	{"ISC", "permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"},
	{"ISC", "permission to use, copy, modify, and distribute this software for any purpose with or without fee"},
}

// asksMore are licences that put a duty on the whole of what they are linked into, or on who may use it.
var asksMore = regexp.MustCompile(`gnu (lesser |affero |library )?general public|mozilla public|eclipse public|common development and distribution|european union public|server side public|business source|creative commons|commons clause|non-?commercial`)

var notLetters = regexp.MustCompile(`[\s*#/|]+`)

// kind names the licence of a text, and is empty where a person has to read it.
func kind(name, text string) string {
	text = notLetters.ReplaceAllString(strings.ToLower(text), " ")
	text = strings.ReplaceAll(text, "license, version", "license version")
	if asksMore.MatchString(text) {
		return ""
	}
	for _, p := range permissive {
		if strings.Contains(text, p.phrase) {
			return p.name
		}
	}
	// These add to the licence beside them: names to keep, patents granted.
	if upper := strings.ToUpper(name); strings.HasPrefix(upper, "NOTICE") || strings.HasPrefix(upper, "PATENTS") {
		return "notice"
	}
	return ""
}
