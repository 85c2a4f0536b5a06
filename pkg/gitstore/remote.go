package gitstore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"incident/pkg/pattern"
)

// Errors of sharing a repository.
var (
	// ErrNetwork reports a remote that could not be reached.
	ErrNetwork = errors.New("the network could not be reached")
	// ErrNoRemote reports a remote that does not exist, here by its name or there by its address.
	ErrNoRemote = errors.New("no such remote")
	// ErrWhichRemote reports that there are several remotes, and none of them stands out.
	ErrWhichRemote = errors.New("several remotes")
	// ErrBranch reports a name that no branch can have.
	ErrBranch = errors.New("no name of a branch")
	// ErrDetached reports that no branch is checked out.
	ErrDetached = errors.New("no branch is checked out")
	// ErrBehind reports a push that was refused because the remote holds commits that are not here.
	ErrBehind = errors.New("the remote is ahead")
	// ErrConflict reports two histories that git cannot join by itself.
	ErrConflict = errors.New("histories in conflict")
)

// Upstream is the branch of a remote that the branch here is shared through.
type Upstream struct {
	Remote string // its name in git's configuration
	Branch string // its full name there
	here   string // the full name of the branch that is checked out
	known  bool   // git's configuration says that these two belong together
	set    settings
}

// tracking is what git remembers of the branch there.
func (u Upstream) tracking() string {
	return "refs/remotes/" + u.Remote + "/" + strings.TrimPrefix(u.Branch, "refs/heads/")
}

// Spoken is the upstream as people type it: origin/main.
func (u Upstream) Spoken() string { return strings.TrimPrefix(u.tracking(), "refs/remotes/") }

// sharing is what git's configuration says of exchanging commits: remotes, branches, and how a merge is made.
func (s *Store) sharing(ctx context.Context) (settings, error) {
	if s.alone() {
		all, err := s.readSettings()
		if err != nil {
			return nil, err
		}
		return all.set, nil
	}
	out, err := s.git.run(ctx, "config", "-z", "--get-regexp", `^(remote|branch|merge)\.|^core\.(sshcommand|hookspath)$|^commit\.gpgsign$`)
	if saidNothing(err) { // it says nothing of that
		return settings{}, nil
	}
	if err != nil {
		return nil, err
	}
	set := settings{}
	for line := range strings.SplitSeq(string(out), "\x00") {
		name, value, given := strings.Cut(line, "\n")
		if !given {
			value = "true" // a name alone
		}
		set[name] = value // the last one counts
	}
	return set, nil
}

// remotes lists the remotes by name.
func (set settings) remotes() []string {
	var names []string
	for key := range set {
		if rest, ok := strings.CutPrefix(key, "remote."); ok && strings.Contains(rest, ".") {
			names = append(names, rest[:strings.LastIndexByte(rest, '.')])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Remotes lists the remotes by name.
func (s *Store) Remotes(ctx context.Context) ([]string, error) {
	set, err := s.sharing(ctx)
	return set.remotes(), err
}

// Upstream finds where the branch that is checked out is shared: at the remote of that name, else at the
// one that git's configuration says, the only one, or origin. It is an [ErrNoRemote], [ErrWhichRemote],
// [ErrDetached] or [ErrBusy].
func (s *Store) Upstream(ctx context.Context, remote string) (Upstream, error) {
	if err := s.idle(); err != nil {
		return Upstream{}, err
	}
	at, err := s.standing(ctx)
	if err != nil {
		return Upstream{}, err
	}
	branch, ok := strings.CutPrefix(at.ref, "refs/heads/")
	if !ok {
		return Upstream{}, &problem{ErrDetached, "no branch is checked out in " + s.root, "git switch main goes back to one; git switch -c NAME makes one of what is here"}
	}
	set, err := s.sharing(ctx)
	if err != nil {
		return Upstream{}, err
	}
	names, there, merge := set.remotes(), set["branch."+branch+".remote"], set["branch."+branch+".merge"]
	u := Upstream{Remote: remote, Branch: at.ref, here: at.ref, set: set}
	if remote == "" {
		if u.Remote, err = choose(names, there); err != nil {
			return Upstream{}, err
		}
	}
	if !slices.Contains(names, u.Remote) {
		return Upstream{}, &problem{ErrNoRemote, fmt.Sprintf("there is no remote %q", u.Remote), remotesThere(names)}
	}
	if u.known = there != "" && merge != ""; u.Remote == there && strings.HasPrefix(merge, "refs/heads/") {
		u.Branch = merge
	}
	return u, nil
}

func remotesThere(names []string) string {
	if len(names) == 0 {
		return "name one: git remote add origin URL"
	}
	return "there is " + strings.Join(names, ", ") + "; git remote add NAME URL makes another"
}

// choose picks a remote where none is named.
func choose(names []string, set string) (string, error) {
	switch {
	case slices.Contains(names, set):
		return set, nil
	case len(names) == 0:
		return "", &problem{ErrNoRemote, "this record is shared with nobody yet: it has no remote", "name one: git remote add origin URL"}
	case len(names) == 1:
		return names[0], nil
	case slices.Contains(names, "origin"):
		return "origin", nil
	}
	return "", &problem{ErrWhichRemote, "there are several remotes: " + strings.Join(names, ", "), "name one: incident sync " + names[0]}
}

// Head is the newest commit of the branch here, "" before the first one.
func (s *Store) Head(ctx context.Context) (string, error) {
	at, err := s.standing(ctx)
	return at.commit, err
}

// standing is where HEAD stands. Where it is not plain, git tells.
func (s *Store) standing(ctx context.Context) (position, error) {
	if at, err := s.head(); err == nil && !s.tables() || isDisk(err) {
		return at, err
	}
	out, err := s.git.run(ctx, "symbolic-ref", "--quiet", "HEAD")
	if err != nil && !saidNothing(err) {
		return position{}, err
	}
	commit, err := s.commitOf(ctx, "HEAD")
	return position{cmp.Or(strings.TrimRight(string(out), "\r\n"), "HEAD"), commit}, err
}

// tables reports whether references lie where only git finds them.
func (s *Store) tables() bool {
	_, err := os.Lstat(filepath.Join(s.commonDir, "reftable"))
	return err == nil
}

// Known is the newest commit that is known of the upstream, "" where nothing is. The network is not asked.
func (s *Store) Known(ctx context.Context, u Upstream) (string, error) {
	if id, err := s.reference(u.tracking()); err == nil && !s.tables() {
		return id, nil
	}
	return s.commitOf(ctx, u.tracking())
}

func (s *Store) commitOf(ctx context.Context, ref string) (string, error) {
	if s.alone() {
		return s.valueOf(ref)
	}
	out, err := s.git.run(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", ref+"^{commit}")
	if saidNothing(err) { // that there is none is no failure
		return "", nil
	}
	return strings.TrimSpace(string(out)), err
}

// saidNothing reports whether git answered no, and had nothing to complain of.
func saidNothing(err error) bool {
	var p *ProgramError
	return errors.As(err, &p) && strings.TrimSpace(p.Stderr) == ""
}

// Fetch gets what the upstream holds and returns its newest commit, "" where there is no such branch yet.
// Nothing of the branch here changes. With ask, git may ask the person at the terminal for credentials.
func (s *Store) Fetch(ctx context.Context, u Upstream, ask bool) (string, error) {
	if s.alone() {
		return s.fetchAlone(ctx, u)
	}
	before, err := s.Known(ctx, u)
	if err != nil {
		return "", err
	}
	err = s.insist(ctx, func() error {
		_, err := s.talk(ctx, u, ask, "fetch", "--quiet", "--no-write-fetch-head", "--no-recurse-submodules", "--", u.Remote, "+"+u.Branch+":"+u.tracking())
		return err
	})
	var p *ProgramError
	switch {
	case errors.As(err, &p) && strings.Contains(p.Stderr, "couldn't find remote ref"):
		return "", nil
	case err != nil:
		return "", farError(u.Remote, err)
	}
	after, err := s.Known(ctx, u)
	if err != nil || before == "" || before == after {
		return after, err
	}
	if _, err := s.git.run(ctx, "merge-base", "--is-ancestor", before, after); err != nil && ctx.Err() == nil {
		s.warn(rewritten(u))
	}
	return after, ctx.Err()
}

// behind are git's words for a push that came too late: somebody else's was faster.
var behind = pattern.New(`(?m)^!\t.*\((?:fetch first|non-fast-forward|needs force|failed to update ref|cannot lock ref .*|incorrect old value provided|reference already exists|failed to lock)\)`)

// refused is a push that the other side does not want, and why.
var refused = pattern.New(`(?m)^!\t.*\t(\[.*)$`)

// Push sends a commit to the upstream, and makes git remember that the two branches belong together. It
// is an [ErrBehind] where the upstream holds something else by now.
func (s *Store) Push(ctx context.Context, u Upstream, commit string, ask bool) error {
	if s.alone() {
		return s.pushAlone(ctx, u, commit)
	}
	out, err := s.talk(ctx, u, ask, "push", "--porcelain", "--no-recurse-submodules", "--", u.Remote, commit+":"+u.Branch)
	var p *ProgramError
	switch {
	case errors.As(err, &p) && behind.Match(out):
		return tooLate(u)
	case errors.As(err, &p) && refused.Match(out):
		said := withoutPasswords(withoutHints(p.Stderr)) + "\n" + u.Remote + " refuses it: " + string(refused.FindSubmatch(out)[1])
		return &ProgramError{Command: p.Command, Dir: p.Dir, Stderr: said, Err: p.Err}
	case err != nil:
		return farError(u.Remote, err)
	}
	if u.known {
		return nil
	}
	branch := "branch." + strings.TrimPrefix(u.here, "refs/heads/")
	if err := errors.Join(s.SetSetting(ctx, branch+".remote", u.Remote), s.SetSetting(ctx, branch+".merge", u.Branch)); err != nil {
		s.warn(fmt.Sprintf("sent, but git does not remember where to: %v", err))
	}
	return nil
}

// MergeBase is a newest commit that both have come from, "" where their histories never met.
func (s *Store) MergeBase(ctx context.Context, a, b string) (string, error) {
	if s.alone() {
		return s.baseAlone(a, b)
	}
	out, err := s.git.run(ctx, "merge-base", a, b)
	if saidNothing(err) {
		return "", nil
	}
	return strings.TrimSpace(string(out)), err
}

// Clone gets a repository from a remote into target, which must not exist or be empty. After an error
// nothing of it is left. It is an [ErrNoRemote], [ErrNetwork], [ErrNoGit] or [ErrGit].
func Clone(ctx context.Context, dir, url, target string, o Options, ask bool) error {
	if alone() {
		return cloneAlone(ctx, dir, url, target, o)
	}
	git := newProgram(dir, o.Env)
	ssh, _ := git.run(ctx, "config", "--get", "core.sshCommand")
	_, err := git.feed(ctx, nil, git.far(ask, len(ssh) > 0), "clone", "--quiet", "--no-recurse-submodules", "--", url, target)
	if err != nil {
		return farError(url, err)
	}
	// A remote may still call a branch the newest that nobody has ever sent. Where there is one other, that is meant.
	git = newProgram(target, o.Env)
	if _, err := git.run(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); err == nil {
		return nil
	}
	out, err := git.run(ctx, "for-each-ref", "--format=%(refname:strip=2)", "refs/remotes/")
	if there := strings.Fields(string(out)); err == nil && len(there) == 1 {
		_, err = git.run(ctx, "checkout", "--quiet", "--track", there[0])
	}
	return err
}

// Branches lists the branches that the remote has, by their full names.
func (s *Store) Branches(ctx context.Context, u Upstream, ask bool) ([]string, error) {
	if s.alone() {
		return s.branchesAlone(ctx, u)
	}
	out, err := s.talk(ctx, u, ask, "ls-remote", "--heads", "--", u.Remote)
	if err != nil {
		return nil, farError(u.Remote, err)
	}
	var list []string
	for line := range strings.Lines(string(out)) {
		_, name, _ := strings.Cut(strings.TrimSpace(line), "\t")
		list = append(list, name)
	}
	return list, nil
}

// talk runs a command of git's that speaks with a remote.
func (s *Store) talk(ctx context.Context, u Upstream, ask bool, args ...string) ([]byte, error) {
	return s.git.feed(ctx, nil, s.git.far(ask, u.set["core.sshcommand"] != ""), args...)
}

// far is the environment of a command that speaks with a remote. Where nobody can answer, nothing asks:
// not git, not ssh, not a window that pops up. What the user has configured stays.
func (p program) far(ask, ownSSH bool) []string {
	set := func(name string) bool {
		return slices.ContainsFunc(p.env, func(kv string) bool { return strings.HasPrefix(strings.ToUpper(kv), name+"=") })
	}
	if ask {
		if slices.Index(p.env, "GIT_TERMINAL_PROMPT=0") < len(p.env)-1 { // the user's own; the last one is ours
			return nil
		}
		return []string{"GIT_TERMINAL_PROMPT=1"}
	}
	env := []string{"SSH_ASKPASS="}
	if !ownSSH && !set("GIT_SSH_COMMAND") && !set("GIT_SSH") {
		env = append(env, "GIT_SSH_COMMAND=ssh -o BatchMode=yes")
	}
	return env
}

// farKinds tell by git's words, or those of ssh and the other side, what kept it from a remote. The first
// that matches counts: who is not let in hears that the repository could not be read, too.
var farKinds = []struct {
	said          *pattern.Pattern
	kind          error
	means, remedy string
}{
	{
		pattern.New(`(?i)authentication failed|permission denied|could not read (?:username|password)|terminal prompts disabled|host key verification failed|returned error: 40[13]|invalid credentials`),
		ErrGit, "does not let you in", "see that your key or password for it is known to git; on a terminal git can ask for it",
	},
	{
		pattern.New(`(?i)could not resolve (?:host|proxy)|temporary failure in name resolution|name or service not known|unable to look up|connection (?:refused|timed out|reset|closed)|network is unreachable|no route to host|failed to connect|couldn't connect|unable to connect|operation timed out|host is down|timed? ?out|returned error: 5\d\d|early eof|empty reply from server|recv failure|(?:gnutls_handshake\(\)|ssl.*) (?:failed|error)|kex_exchange_identification`),
		ErrNetwork, "could not be reached", "try again when the network is back; what is recorded here is kept",
	},
	{
		pattern.New(`(?i)does not appear to be a git repository|repository .*not found|does not exist|no such file or directory|returned error: 404|unable to access .*404`),
		ErrNoRemote, "leads to no repository", "see that the address is right; in a record git remote -v shows it, and git remote set-url NAME URL changes it",
	},
}

// farError says of a failure to speak with a remote what kind it is.
func farError(remote string, err error) error {
	var p *ProgramError
	if !errors.As(err, &p) {
		return err
	}
	said := withoutPasswords(withoutHints(p.Stderr))
	if words := fromOthers.ReplaceAllString(said, ""); !strings.Contains(words, "cannot run ") && !strings.Contains(words, "transport '") {
		for _, k := range farKinds {
			if k.said.MatchString(words) {
				return &problem{k.kind, withoutPasswords(remote) + " " + k.means + ": " + said, k.remedy}
			}
		}
	}
	return &ProgramError{Command: p.Command, Dir: p.Dir, Stderr: said, Err: p.Err}
}

// fromOthers are words of the other side: of its hooks, and of whoever wrote them.
var fromOthers = pattern.New(`(?m)^remote: .*$`)

// withoutHints leaves out git's advice: it is about commands that the user did not type.
func withoutHints(said string) string {
	var lines []string
	for line := range strings.Lines(said) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && !strings.HasPrefix(line, "hint:") {
			lines = append(lines, strings.TrimRight(line, " "))
		}
	}
	return strings.Join(lines, "\n")
}

var password = pattern.New(`(://)[^/\s@]*@`)

// withoutPasswords takes what is secret out of addresses; see [Shown].
func withoutPasswords(s string) string { return password.ReplaceAllString(s, "$1") }

// Shown is an address as it may be shown and logged, without the name and the password that it can hold.
func Shown(url string) string { return withoutPasswords(url) }
