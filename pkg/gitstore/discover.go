package gitstore

import (
	"os"
	"path/filepath"
	"strings"
)

// To find a repository takes git a process, and most are found where one looks first. Whatever is not
// plainly so is git's to find: other layouts, other owners, other file systems, settings that move things.

// layout is where the parts of a repository lie.
type layout struct{ root, gitDir string }

// findPlain finds the repository that dir lies in, if it is a plain one.
func findPlain(dir string, p program) (layout, bool) {
	if p.variable("GIT_CEILING_DIRECTORIES") != "" || p.variable("GIT_DISCOVERY_ACROSS_FILESYSTEM") != "" {
		return layout{}, false
	}
	dir, err := filepath.EvalSymlinks(dir)
	if info, statErr := os.Stat(dir); err != nil || statErr != nil || !info.IsDir() || strings.ContainsAny(dir, "\r\n") {
		return layout{}, false
	}
	for top := dir; ; top = filepath.Dir(top) {
		l := layout{top, filepath.Join(top, ".git")}
		if info, err := os.Lstat(l.gitDir); err == nil {
			return l, info.IsDir() && oursAlone(dir, top, l.gitDir) && l.plain()
		}
		if _, err := os.Lstat(filepath.Join(top, "HEAD")); err == nil || top == filepath.Dir(top) {
			return layout{}, false // it may be a bare repository
		}
	}
}

// plain reports whether git would take it for a repository whose work tree is around it.
func (l layout) plain() bool {
	for _, dir := range []string{"objects", "refs"} {
		if info, err := os.Lstat(filepath.Join(l.gitDir, dir)); err != nil || !info.IsDir() {
			return false
		}
	}
	if _, err := os.Lstat(filepath.Join(l.gitDir, "commondir")); err == nil {
		return false
	}
	head, err := os.ReadFile(filepath.Join(l.gitDir, "HEAD"))
	if err != nil || !plainHead(string(head)) {
		return false
	}
	config, err := os.ReadFile(filepath.Join(l.gitDir, "config"))
	if err != nil {
		return false
	}
	for line := range strings.Lines(strings.ToLower(string(config))) {
		line = strings.Join(strings.Fields(line), " ")
		setting := strings.ReplaceAll(line, " ", "")
		for _, word := range []string{"worktree", "extensions", "bare", "repositoryformatversion"} {
			if strings.Contains(line, word) && setting != "bare=false" && setting != "repositoryformatversion=0" {
				return false
			}
		}
		if strings.HasSuffix(line, `\`) {
			return false // the line goes on
		}
	}
	return true
}

// plainHead reports whether HEAD names a branch or a commit.
func plainHead(head string) bool {
	head = strings.TrimSuffix(head, "\n")
	branch, named := strings.CutPrefix(head, "ref: refs/heads/")
	return named && branch != "" && !strings.ContainsAny(branch, " \t\r\n\f") || isObjectName(head)
}
