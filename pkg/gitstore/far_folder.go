package gitstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// folderRemote is a repository in a folder of this machine, or of one that is mounted. It is read and
// written as our own is.
type folderRemote struct{ there *Store }

// openFolder finds the repository that an address of a folder means, as git does.
func (s *Store) openFolder(address string) (far, error) {
	for _, ending := range []string{"/.git", "", ".git/.git", ".git"} {
		dir := filepath.Clean(address + filepath.FromSlash(ending))
		if info, err := os.Stat(filepath.Join(dir, "objects")); err != nil || !info.IsDir() {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "HEAD")); err != nil {
			continue
		}
		there := &Store{root: dir, gitDir: dir, commonDir: dir, git: s.git, apart: true}
		there.objects, there.now, there.warn, there.step = newHere(dir), s.now, s.warn, s.step
		return &folderRemote{there}, there.readable()
	}
	return nil, &problem{ErrNoRemote, address + " leads to no repository", "see that the address is right"}
}

// readable refuses a repository of a kind that only git knows.
func (s *Store) readable() error {
	set := settings{}
	if err := s.readInto(set, filepath.Join(s.commonDir, "config"), 0); err != nil {
		return err
	}
	for name := range set {
		if strings.HasPrefix(name, "extensions.") && name != "extensions.noop" && name != "extensions.worktreeconfig" {
			return needsGit("to read " + s.root + ", where " + name + " is set")
		}
	}
	for _, u := range unusual {
		if _, err := os.Lstat(filepath.Join(s.commonDir, filepath.FromSlash(u.file))); err == nil {
			return needsGit("to read " + s.root + ", where " + u.why)
		}
	}
	if s.isCut() {
		return needsGit("to read " + s.root + ", which holds only a part of history")
	}
	return nil
}

// isCut reports whether a clone holds only a part of history.
func (s *Store) isCut() bool {
	info, err := os.Stat(filepath.Join(s.commonDir, "shallow"))
	return err == nil && info.Size() > 0
}

func (r *folderRemote) heads(context.Context) (map[string]string, string, error) {
	commits, err := r.there.references("refs/heads")
	if err != nil {
		return nil, "", err
	}
	head, err := os.ReadFile(filepath.Join(r.there.gitDir, "HEAD"))
	if err != nil {
		return nil, "", writeError(err)
	}
	first, _ := strings.CutPrefix(strings.TrimSpace(string(head)), "ref: ")
	maps.DeleteFunc(commits, func(name, _ string) bool { return !ordinaryBranch(name) })
	return commits, first, nil
}

// references are those of a name, or below it, and the commits that they name. What names another
// reference is left out.
func (s *Store) references(under string) (map[string]string, error) {
	all := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(s.commonDir, "packed-refs"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, writeError(err)
	}
	for line := range bytes.Lines(raw) {
		id, name, ok := strings.Cut(strings.TrimSpace(string(line)), " ")
		if ok && isObjectName(id) && (name == under || strings.HasPrefix(name, under+"/")) {
			all[name] = id
		}
	}
	err = filepath.WalkDir(s.refFile(under), func(file string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) || err == nil && (d.IsDir() || strings.HasSuffix(file, ".lock")) {
			return nil
		}
		value, readErr := os.ReadFile(file)
		if err := errors.Join(err, readErr); err != nil {
			return err
		}
		name, err := filepath.Rel(s.commonDir, file)
		if id := strings.TrimSpace(string(value)); isObjectName(id) {
			all[filepath.ToSlash(name)] = id
		}
		return err
	})
	if err != nil {
		return nil, writeError(err)
	}
	return all, nil
}

func (r *folderRemote) send(_ context.Context, want string, have []string, w io.Writer) (err error) {
	p, err := r.there.past()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	var both []string
	for _, id := range have {
		if _, err := p.commit(id); err == nil {
			both = append(both, id)
		}
	}
	known, err := p.upTo(both...)
	if err != nil {
		return err
	}
	ids, err := p.leadsTo(want, known)
	if err != nil {
		return err
	}
	return packTo(w, p.here, ids)
}

// receive does what `git receive-pack` does where nothing special is set up.
func (r *folderRemote) receive(ctx context.Context, branch, from, to string, pack func(io.Writer) error) (err error) {
	if err := r.receives(branch); err != nil {
		return err
	}
	release, err := r.there.lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	if err := r.there.reclaim(); err != nil {
		return err
	}
	if err := r.there.keepPack(pack); err != nil {
		return err
	}
	return r.there.note(ctx, branch, from, to)
}

// receives refuses what git would decide otherwise: hooks, settings, a branch that is checked out there.
func (r *folderRemote) receives(branch string) error {
	for _, h := range []string{"pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive", "push-to-checkout"} {
		if info, err := os.Stat(filepath.Join(r.there.commonDir, "hooks", h)); err == nil && info.Mode()&0o111 != 0 {
			return needsGit(fmt.Sprintf("to run the hook %s of %s", h, r.there.root))
		}
	}
	set := settings{}
	if err := r.there.readInto(set, filepath.Join(r.there.commonDir, "config"), 0); err != nil {
		return err
	}
	for name := range set {
		ours := name == "receive.denynonfastforwards" || name == "receive.denydeletes" // as we do anyway
		if strings.HasPrefix(name, "receive.") && !ours || name == "core.hookspath" {
			return needsGit(fmt.Sprintf("to do as %s of %s says", name, r.there.root))
		}
	}
	if shared := set["core.sharedrepository"]; !set.not("core.sharedrepository") && shared != "umask" {
		return needsGit("to share " + r.there.root + " among several users")
	}
	if head, err := os.ReadFile(filepath.Join(r.there.gitDir, "HEAD")); !set.is("core.bare") &&
		(err != nil || strings.TrimSpace(string(head)) == "ref: "+branch) {
		return &problem{ErrGit, branch + " is checked out in " + r.there.root, "share through a bare repository: git init --bare makes one"}
	}
	return nil
}

// syncFolders puts the folders of a reference's file on disk.
func (s *Store) syncFolders(file string) error {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if err := syncDir(dir); err != nil {
			return writeError(err)
		}
		if dir == s.commonDir || dir == s.gitDir || dir == filepath.Dir(dir) {
			return nil
		}
	}
}
