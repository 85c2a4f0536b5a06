package gitstore

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/go-git/gcfg"
)

// Where there is no git program, as in a container that holds nothing but ours, records are kept all the
// same. What is here stands in for git there; what is rare waits until git is there again.

// alone reports whether there is no git program.
func alone() bool {
	_, err := exec.LookPath("git")
	return errors.Is(err, exec.ErrNotFound)
}

// alone reports whether to do without the git program.
func (s *Store) alone() bool { return s.apart || alone() }

// needsGit says of something that only the git program can do that it is not there.
func needsGit(why string) error {
	return &problem{ErrNoGit, why + ", which takes the git program, and that was not found", "install git, and see that it is on PATH; what is recorded here is kept"}
}

// openAlone says why a repository was not found without git's help.
func openAlone(dir string) error {
	for top := dir; ; top = filepath.Dir(top) {
		for _, sign := range []string{".git", "HEAD"} {
			if _, err := os.Lstat(filepath.Join(top, sign)); err == nil {
				return needsGit(top + " has an unusual owner or layout")
			}
		}
		if top == filepath.Dir(top) {
			return noRepository(dir)
		}
	}
}

// initAlone makes a repository in dir, as `git init` does. HEAD is written last: without it a folder is no
// repository, and who is cut short begins again.
func initAlone(dir string, o Options) error {
	gitDir := filepath.Join(dir, ".git")
	dirs := []string{"objects/info", "objects/pack", "refs/heads", "refs/tags", "info"}
	for _, d := range dirs {
		if err := os.MkdirAll(filepath.Join(gitDir, filepath.FromSlash(d)), 0o777); err != nil {
			return writeError(err)
		}
	}
	s := newStore(&Store{root: dir, gitDir: gitDir, commonDir: gitDir}, o)
	all, err := s.readSettings()
	if err != nil {
		return err
	}
	branch := all.set["init.defaultbranch"]
	if !ordinaryBranch("refs/heads/" + branch) {
		branch = "main"
	}
	config := filepath.Join(gitDir, "config")
	err = WriteDurably(config, []byte(firstConfig(gitDir)), 0o666)
	if err == nil {
		err = WriteDurably(filepath.Join(gitDir, "HEAD"), []byte("ref: refs/heads/"+branch+"\n"), 0o666)
	}
	for _, d := range append(dirs, "objects", "refs", ".", "..") {
		err = errors.Join(err, syncDir(filepath.Join(gitDir, filepath.FromSlash(d))))
	}
	if err != nil {
		return writeError(err)
	}
	return nil
}

// firstConfig is the configuration of a new repository, with what git finds out about a file system.
func firstConfig(gitDir string) string {
	windows := runtime.GOOS == "windows"
	text := fmt.Sprintf("[core]\n\trepositoryformatversion = 0\n\tfilemode = %v\n\tbare = false\n\tlogallrefupdates = true\n", !windows)
	if windows {
		text += "\tsymlinks = false\n"
	}
	if _, err := os.Stat(filepath.Join(gitDir, "OBJECTS")); err == nil {
		text += "\tignorecase = true\n"
	}
	if runtime.GOOS == "darwin" {
		text += "\tprecomposeunicode = true\n"
	}
	return text
}

// ordinaryBranch reports whether a name is one that git allows for a branch, and a path of no surprise.
func ordinaryBranch(ref string) bool {
	name, ok := strings.CutPrefix(ref, "refs/heads/")
	odd := func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`~^:?*[\`, r) }
	return ok && name != "HEAD" && !strings.ContainsFunc(name, odd) && !strings.Contains(name, "..") && !strings.Contains(name, "@{") &&
		!slices.ContainsFunc(strings.Split(name, "/"), func(part string) bool {
			return part == "" || part[0] == '.' || part[0] == '-' || strings.HasSuffix(part, ".") || strings.HasSuffix(part, ".lock")
		})
}

// setAlone writes a setting to this clone's configuration, where git would write it.
func (s *Store) setAlone(key, value string) error {
	file := filepath.Join(s.commonDir, "config")
	info, err := os.Stat(file)
	if err != nil {
		return writeError(err)
	}
	old, err := os.ReadFile(file)
	if err != nil {
		return writeError(err)
	}
	text, ok := withSetting(string(old), settingName(key), value)
	if !ok {
		return needsGit("to change " + key + " in " + file)
	}
	if text == string(old) {
		return nil
	}
	lock := file + ".lock" // git's own
	if f, err := os.OpenFile(lock, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()); errors.Is(err, fs.ErrExist) {
		return s.locked(lock)
	} else if err != nil {
		return writeError(err)
	} else if err := fill(f, []byte(text)); err != nil {
		return writeError(errors.Join(err, os.Remove(lock)))
	}
	if err := os.Rename(lock, file); err != nil {
		return writeError(errors.Join(err, os.Remove(lock)))
	}
	if err := syncDir(s.commonDir); err != nil {
		return writeError(err)
	}
	return nil
}

// withSetting is the text of a configuration with one value set. It is false where the text would not say
// just that then, and nothing else than before.
func withSetting(text, name, value string) (string, bool) {
	before, err := parseSettings(text)
	if err != nil {
		return "", false
	}
	if before[name] == value && value != "" {
		return text, true
	}
	line := "\t" + name[strings.LastIndexByte(name, '.')+1:] + " = " + quotedSetting(value) + "\n"
	if _, set := before[name]; set {
		text = replacedSetting(text, name, line)
	} else {
		text = addedSetting(text, name, line)
	}
	after, err := parseSettings(text)
	if err != nil || after[name] != value {
		return "", false
	}
	before[name] = value
	return text, maps.Equal(before, after)
}

// parseSettings reads the text of a configuration, without what it includes.
func parseSettings(text string) (settings, error) {
	set := settings{}
	err := gcfg.ReadWithCallback(strings.NewReader(text), func(section, sub, name, value string, bare bool) error {
		if bare {
			value = "true"
		}
		if full := strings.ToLower(section) + "." + strings.ToLower(name); name != "" && sub == "" {
			set[full] = value
		} else if name != "" {
			set[strings.ToLower(section)+"."+sub+"."+strings.ToLower(name)] = value
		}
		return nil
	})
	return set, err
}

// replacedSetting puts a line in the place of the last one that sets a name under a head as we write it.
func replacedSetting(text, name, line string) string {
	key := name[strings.LastIndexByte(name, '.')+1:]
	lines, at, inside := strings.SplitAfter(text, "\n"), -1, false
	for i, l := range lines {
		trimmed := strings.TrimSpace(l)
		if strings.HasPrefix(trimmed, "[") {
			inside = trimmed == sectionHead(name)
		}
		if k, _, ok := strings.Cut(trimmed, "="); inside && ok && strings.EqualFold(strings.TrimSpace(k), key) {
			at = i
		}
	}
	if at >= 0 {
		lines[at] = line
	}
	return strings.Join(lines, "")
}

// addedSetting puts a line at the end of the section that it belongs to, which may be new.
func addedSetting(text, name, line string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	before, section, found := strings.Cut("\n"+text, "\n"+sectionHead(name)+"\n")
	if !found {
		return text + sectionHead(name) + "\n" + line
	}
	head := before + "\n" + sectionHead(name) + "\n"
	if next := strings.Index("\n"+section, "\n["); next >= 0 {
		return head[1:] + section[:next] + line + section[next:]
	}
	return head[1:] + section + line
}

// sectionHead is the head under which a name stands: [core], or [remote "origin"].
func sectionHead(name string) string {
	first, last := strings.IndexByte(name, '.'), strings.LastIndexByte(name, '.')
	if first == last {
		return "[" + name[:first] + "]"
	}
	return fmt.Sprintf(`[%s "%s"]`, name[:first], strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name[first+1:last]))
}

// quotedSetting spells a value so that git reads it as it is.
func quotedSetting(value string) string {
	if value != "" && value == strings.TrimSpace(value) && !strings.ContainsAny(value, "\"#;\\\n\t") {
		return value
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(value) + `"`
}
