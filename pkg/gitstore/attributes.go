package gitstore

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// By attributes git can be told to commit another content than that of the file. What may be meant for our
// files is not worked out here: git does that.

// ordinaryFiles returns a [notOrdinary] for files that git may commit other than they are, or not at all.
func (s *Store) ordinaryFiles(set settings, root *workTree, snap *Snapshot, files []NewFile) error {
	for _, f := range files {
		if bytes.Contains(f.Data, []byte("\r\n")) {
			return rare(f.Path + " has line ends that git may change")
		}
		if !ordinaryPath(f.Path) {
			return rare(f.Path + " is an unusual path")
		}
	}
	if err := s.outerAttributes(set, files); err != nil {
		return err
	}
	for _, dir := range foldersAbove(files) {
		name := path.Join(dir, ".gitattributes")
		raw, err := readIn(root, name, 1<<20)
		missing := errors.Is(err, fs.ErrNotExist)
		if missing {
			missing, err = snap.Has(name)
		}
		switch {
		case missing:
			return rare(name + " is missing")
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return rare(name + " cannot be read")
		}
		if i := slices.IndexFunc(files, func(f NewFile) bool { return f.Path == name }); i >= 0 {
			raw = slices.Concat(raw, []byte{'\n'}, files[i].Data) // git may read the old one or the new one
		}
		if err := plain(raw, name, files); err != nil {
			return err
		}
	}
	return nil
}

// ordinaryPath reports whether a path means the same on every system.
func ordinaryPath(name string) bool {
	if !utf8.ValidString(name) || strings.ContainsAny(name, "\\:\x00") || path.Clean("/"+name) != "/"+name {
		return false
	}
	return !slices.ContainsFunc(strings.Split(strings.ToLower(name), "/"), func(part string) bool {
		special := strings.HasPrefix(part, ".git") || strings.HasPrefix(part, "git~")
		return special && part != ".gitattributes" && part != ".gitignore"
	})
}

// outerAttributes looks at those that lie outside of the work tree.
func (s *Store) outerAttributes(set settings, paths []NewFile) error {
	files := []string{
		filepath.Join(s.commonDir, "info", "attributes"),
		"/etc/gitattributes", "/usr/local/etc/gitattributes", "/opt/homebrew/etc/gitattributes",
	}
	home := s.git.variable("HOME")
	switch own, config := set["core.attributesfile"], s.git.variable("XDG_CONFIG_HOME"); {
	case strings.HasPrefix(own, "~/"):
		files = append(files, filepath.Join(home, own[2:]))
	case filepath.IsAbs(own):
		files = append(files, own)
	case own != "":
		return rare("core.attributesFile is set")
	case config != "":
		files = append(files, filepath.Join(config, "git", "attributes"))
	default:
		files = append(files, filepath.Join(home, ".config", "git", "attributes"))
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return rare("its attributes cannot be read: " + err.Error())
		}
		if err := plain(raw, file, paths); err != nil {
			return err
		}
	}
	return nil
}

// altering are attributes by which git commits another content than that of the file.
var altering = []string{"filter", "ident", "working-tree-encoding"}

// plain returns a [notOrdinary] for attributes that may alter one of the paths.
func plain(attributes []byte, file string, paths []NewFile) error {
	for line := range bytes.Lines(attributes) {
		words := strings.Fields(string(line))
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if strings.HasPrefix(words[0], "[attr]") {
			return rare(file + " gives the attribute [attr]")
		}
		if otherNames(words[0], paths) {
			continue
		}
		for _, word := range words { // a quoted pattern has several
			name, _, _ := strings.Cut(word, "=")
			if slices.Contains(altering, name) {
				return rare(file + " gives the attribute " + name)
			}
		}
	}
	return nil
}

// simple reports whether a pattern is one for a file's own name that means the same everywhere.
func simple(pattern string) bool {
	return strings.Trim(strings.ToLower(pattern), "abcdefghijklmnopqrstuvwxyz0123456789._*-") == ""
}

// otherNames reports whether a pattern is certainly for other files only.
func otherNames(pattern string, paths []NewFile) bool {
	return simple(pattern) && !slices.ContainsFunc(paths, func(f NewFile) bool {
		ok, err := path.Match(strings.ToLower(pattern), strings.ToLower(path.Base(f.Path)))
		return ok || err != nil
	})
}
