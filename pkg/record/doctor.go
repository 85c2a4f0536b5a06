package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/pkg/when"
)

// State says how much a check has to tell.
type State uint8

// The states, the least first.
const (
	OK      State = iota
	Note          // good to know; nobody needs to do anything
	Problem       // somebody needs to do something
)

var stateNames = [...]string{"ok", "note", "problem"}

func (s State) String() string { return stateNames[s] }

// MarshalText implements [encoding.TextMarshaler].
func (s State) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Check is the answer to one question about a record.
type Check struct {
	Name            string // one word, for programs
	State           State
	Message, Remedy string
}

// Exam says how a record is examined.
type Exam struct {
	Place   Place
	Offline bool // no remote is asked
	Fix     bool // first mend what can be mended without anybody's judgement
}

// Examined is what was found, and what was mended before.
type Examined struct {
	Checks []Check
	Fixed  []string // sentences
}

// How long things may take or be there before somebody is told.
const (
	remoteWait = 5 * time.Second
	lockYoung  = 10 * time.Second // git's own locks are there for much less
	clockSlack = 10 * time.Minute
)

// lastCommits is among how many commits the newest entry is looked for.
const lastCommits = 500

// doctor examines one record.
type doctor struct {
	*Record
	Exam
	found   Examined
	noGit   bool
	damaged bool // objects are missing: git says so of most that it is asked for
}

// Examine looks at everything that can keep a record from being written, read or shared. What is wrong is
// an answer, not an error; an error is a fix that failed.
func (r *Record) Examine(ctx context.Context, e Exam) (Examined, error) {
	d := &doctor{Record: r, Exam: e}
	if e.Fix {
		if err := d.fix(ctx); err != nil {
			return d.found, err
		}
	}
	for _, check := range []func(context.Context){
		d.repository, d.writable, d.git, d.identity, d.commits, d.locks, d.journal, d.packIndex, d.objects, d.worktree, d.index, d.remote, d.clock,
		d.configuration, d.cache,
	} {
		if err := ctx.Err(); err != nil {
			return d.found, context.Cause(ctx)
		}
		check(ctx)
	}
	return d.found, nil
}

func (d *doctor) tell(name string, state State, remedy, format string, args ...any) {
	d.found.Checks = append(d.found.Checks, Check{name, state, fmt.Sprintf(format, args...), remedy})
}

// broken tells of a check that could not be made.
func (d *doctor) broken(name string, err error) {
	if errors.Is(err, gitstore.ErrNoGit) {
		d.tell(name, Note, "", "cannot be seen without the git program")
		return
	}
	var advice interface{ Remedy() string }
	remedy := ""
	if errors.As(err, &advice) {
		remedy = advice.Remedy()
	}
	d.tell(name, Problem, remedy, "%v", err)
}

var howFound = map[How]string{
	ByFlag: "named by --repo", ByVariable: "named by INCIDENT_REPO", ByEnclosing: "found around the working folder", ByUser: "your own, for want of another",
}

func (d *doctor) repository(context.Context) {
	const name = "repository"
	switch err := d.store.HalfDone(); {
	case err != nil:
		d.broken(name, err)
	case d.Detached():
		d.tell(name, Problem, "git switch main goes back to a branch; git switch -c NAME makes one of what is here",
			"%s: no branch is checked out; commits are easily lost from sight", d.Dir())
	default:
		d.tell(name, OK, "", "%s, %s", d.Dir(), howFound[d.Place.How])
	}
}

// writable tries to make files where a commit makes them.
func (d *doctor) writable(context.Context) {
	if err := d.store.Writable(); err != nil {
		d.broken("writable", err)
		return
	}
	d.tell("writable", OK, "", "new files can be made")
}

func (d *doctor) git(ctx context.Context) {
	version, err := d.store.GitVersion(ctx)
	switch {
	case errors.Is(err, gitstore.ErrNoGit):
		d.noGit = true
		d.tell("git", Note, "install git, and see that it is on PATH", "the git program was not found: hooks, signing, ssh and the joining of histories need it")
	case err != nil:
		d.broken("git", err)
	default:
		d.tell("git", OK, "", "git %s", version)
	}
}

func (d *doctor) identity(ctx context.Context) {
	known, err := d.store.Identity(ctx)
	if err != nil && !errors.Is(err, gitstore.ErrNobody) {
		d.broken("identity", err)
		return
	}
	if err == nil {
		d.tell("identity", OK, "", "entries are signed %s <%s>, as git says", known.Name, known.Email)
		return
	}
	made := d.nobody()
	d.tell("identity", Note, `git config --global user.name "…", and the same for user.email`,
		"git does not know who you are; entries are signed %s <%s>", made.Name, made.Email)
}

func (d *doctor) commits(ctx context.Context) {
	fast, why := d.store.Path(ctx)
	if fast {
		d.tell("commits", OK, "", "made by this program itself")
		return
	}
	if d.noGit {
		d.tell("commits", Problem, "install git, and see that it is on PATH", "only the git program can make them here, and it was not found: %s", why)
		return
	}
	d.tell("commits", Note, "", "made by the git program, which takes longer where there is much: %s", why)
}

func (d *doctor) locks(context.Context) {
	const name = "locks"
	writing, err := d.store.Writing()
	if err != nil {
		d.broken(name, err)
		return
	}
	state, remedy := OK, ""
	var said []string
	if writing {
		said = append(said, "another incident is writing now")
	}
	for _, l := range d.store.Locks() {
		file, age := d.below(l.Path), when.FormatDuration(l.Age.Round(time.Second))
		switch {
		case l.Ours:
			said = append(said, file+" was left by a crash of ours; the next entry removes it")
			state = max(state, Note)
		case l.Age < lockYoung:
			said = append(said, file+" is held by a git program, for "+age)
			state = max(state, Note)
		default:
			said = append(said, file+" has been there for "+age+"; a git program that ended in a crash may have left it")
			state, remedy = Problem, "see that no git program runs here, then delete it"
		}
	}
	if len(said) == 0 {
		said = []string{"none is held"}
	}
	d.tell(name, state, remedy, "%s", strings.Join(said, "; "))
}

// below spells a path from the top of the record.
func (d *doctor) below(file string) string {
	if rel, err := filepath.Rel(d.Dir(), file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}

func (d *doctor) journal(context.Context) {
	left, err := d.store.CutShort()
	if err != nil {
		d.broken("journal", err)
		return
	}
	if len(left) == 0 {
		d.tell("journal", OK, "", "nothing waits to be finished")
		return
	}
	if writing, err := d.store.Writing(); err == nil && writing {
		d.tell("journal", OK, "", "an entry is being written")
		return
	}
	d.tell("journal", Problem, "incident doctor --fix finishes it now; the next entry does, too", "cut short by a crash: %s", strings.Join(left, ", "))
}

// worktree compares the files with what is committed.
func (d *doctor) worktree(ctx context.Context) {
	const name = "files"
	if _, err := d.store.IndexMode(ctx); err != nil && !errors.Is(err, gitstore.ErrNoGit) {
		d.tell(name, Note, "", "not compared: see index")
		return
	}
	list, err := d.store.Differences(ctx, incidentsDir, settingsDir)
	if err != nil && d.damaged {
		d.tell(name, Note, "", "not compared: see objects")
		return
	}
	if err != nil {
		d.broken(name, err)
		return
	}
	var changed, missing, extra, edited []string
	for _, f := range list {
		switch {
		case !isKept(f.Path) && !f.Unmerged:
			edited = append(edited, f.Path)
		case f.Untold:
			extra = append(extra, f.Path)
		case f.Missing:
			missing = append(missing, f.Path)
		default:
			changed = append(changed, f.Path)
		}
	}
	state := OK
	var said, remedies []string
	if n := len(changed) + len(missing); n > 0 {
		state = Problem
		if len(changed) > 0 {
			said = append(said, "changed since it was recorded: "+some(changed))
		}
		if len(missing) > 0 {
			said = append(said, "recorded, and gone from its folder: "+some(missing))
		}
		remedies = append(remedies, "incident doctor --fix brings back what was recorded, and keeps what was changed as a draft")
	}
	if len(extra) > 0 {
		state = Problem
		what, how := d.extra(ctx, extra)
		said, remedies = append(said, what...), append(remedies, how...)
	}
	if len(edited) > 0 {
		state = max(state, Note)
		said = append(said, "edited, not committed: "+some(edited))
	}
	if len(said) == 0 {
		said = []string{"as the newest commit holds them"}
	}
	d.tell(name, state, strings.Join(remedies, "\n"), "%s", strings.Join(said, "; "))
}

// extra tells of files that the newest commit does not hold, and what to do about them. Many of them were recorded all
// the same: a branch that is switched or removed beside a write leaves them behind.
func (d *doctor) extra(ctx context.Context, files []string) (said, remedies []string) {
	branches, commits, err := d.store.Elsewhere(ctx, files)
	if err != nil {
		branches, commits = nil, nil // then nobody knows better
	}
	there, before := map[string][]string{}, map[string][]string{}
	var never []string
	for _, f := range files {
		switch {
		case branches[f] != "":
			there[branches[f]] = append(there[branches[f]], f)
		case commits[f] != "":
			before[commits[f]] = append(before[commits[f]], f)
		default:
			never = append(never, f)
		}
	}
	for _, branch := range slices.Sorted(maps.Keys(there)) {
		said = append(said, fmt.Sprintf("recorded on branch %s, and not on this one: %s", branch, some(there[branch])))
		remedies = append(remedies, "git merge brings what a branch holds here, too; or remove it here: the branch keeps it")
	}
	for _, commit := range slices.Sorted(maps.Keys(before)) {
		said = append(said, fmt.Sprintf("recorded in commit %.10s, which was checked out here, and not in the newest: %s", commit, some(before[commit])))
	}
	if len(never) > 0 {
		said = append(said, "never recorded, and shown nowhere: "+some(never))
	}
	if len(before)+len(never) > 0 {
		remedies = append(remedies, "look at it; git add and git commit record it as it is, or remove it")
	}
	return said, slices.Compact(remedies)
}

// some names the first few of a list.
func some(list []string) string {
	const few = 3
	if len(list) <= few {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s, and %d more", strings.Join(list[:few], ", "), len(list)-few)
}

func (d *doctor) index(ctx context.Context) {
	mode, err := d.store.IndexMode(ctx)
	if err != nil {
		d.broken("index", err)
		return
	}
	kind := "in one piece"
	if mode.Split {
		kind = "split"
	}
	d.tell("index", OK, "", "%s, %s", kind, size(mode.Bytes))
}

func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d kB", (n+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

func (d *doctor) remote(ctx context.Context) {
	const name = "remote"
	up, err := d.store.Upstream(ctx, "")
	switch {
	case errors.Is(err, gitstore.ErrNoRemote):
		d.tell(name, Note, "git remote add origin URL, then: incident sync", "shared with nobody")
		return
	case errors.Is(err, gitstore.ErrBusy), errors.Is(err, gitstore.ErrDetached):
		d.tell(name, Note, "", "not looked for: see repository")
		return
	case errors.Is(err, gitstore.ErrWhichRemote):
		d.tell(name, Note, "incident sync NAME", "%v; none is the one to share with", err)
		return
	case err != nil:
		d.broken(name, err)
		return
	case d.Offline:
		d.tell(name, OK, "", "%s, not asked", up.Spoken())
		return
	}
	bounded, stop := context.WithTimeoutCause(ctx, remoteWait, fail(gitstore.ErrNetwork, "", "%s did not answer within %s", up.Remote, remoteWait))
	defer stop()
	there, err := d.store.Reach(bounded, up)
	head, headErr := d.store.Head(ctx)
	switch {
	case errors.Is(err, gitstore.ErrNetwork):
		d.tell(name, Note, "try again when the network is back; what is recorded here is kept", "%v", err)
	case errors.Join(err, headErr) != nil:
		d.broken(name, errors.Join(err, headErr))
	case there == head:
		d.tell(name, OK, "", "%s answers, and holds the same", up.Spoken())
	default:
		d.tell(name, OK, "", "%s answers; it and this clone differ: incident sync exchanges it", up.Spoken())
	}
}

// clock compares this machine's clock with those that wrote the entries.
func (d *doctor) clock(ctx context.Context) {
	newest, err := d.newest(ctx)
	now := d.now()
	switch ahead := newest.Sub(now); {
	case err != nil && d.damaged:
		d.tell("clock", Note, "", "not compared with the newest entry: see objects")
	case err != nil:
		d.broken("clock", err)
	case newest.IsZero():
		d.tell("clock", OK, "", "%s; there is no entry to compare it with", now.UTC().Format(time.RFC3339))
	case ahead > clockSlack:
		d.tell("clock", Problem, "see that the clock of this machine is right; if it is, another's was wrong, and new entries of that incident count from there",
			"the newest entry was recorded %s ahead of this clock", when.FormatDuration(ahead))
	default:
		d.tell("clock", OK, "", "%s, after the newest entry", now.UTC().Format(time.RFC3339))
		if ahead > 0 {
			d.found.Checks[len(d.found.Checks)-1].Message = fmt.Sprintf("%s behind the newest entry", when.FormatDuration(max(ahead, time.Second)))
		}
	}
}

// newest is when the newest of the last entries was recorded.
func (d *doctor) newest(ctx context.Context) (newest time.Time, err error) {
	files, err := d.store.LastAdded(ctx, lastCommits)
	for _, f := range files {
		n, err := incident.ParseName(strings.TrimSuffix(path.Base(f), entryEnding))
		if err == nil && isKept(f) && n.Recorded.After(newest) {
			newest = n.Recorded
		}
	}
	return newest, err
}

func (d *doctor) configuration(ctx context.Context) {
	const name = "configuration"
	_, modeErr := d.SyncMode(ctx)
	templates, err := os.ReadDir(filepath.Join(d.Dir(), filepath.FromSlash(templatesDir)))
	switch {
	case len(d.Mistakes) > 0 && d.Mistakes[0].Unread != nil:
		d.broken(name, d.Mistakes[0].Unread)
	case len(d.Mistakes) > 0:
		d.tell(name, Problem, "incident config check lists all", "%s has %s: %s", ConfigPath, plural(len(d.Mistakes), "mistake"), d.Mistakes[0])
	case modeErr != nil:
		d.broken(name, modeErr)
	case err == nil && len(templates) > 0 && !d.Trusted(ctx):
		d.tell(name, Note, "read them in "+templatesDir+", then: incident trust", "the record brings its own templates, which this clone does not trust")
	default:
		d.tell(name, OK, "", "in order")
	}
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (d *doctor) cache(context.Context) {
	var bytes int64
	err := filepath.WalkDir(filepath.Join(d.store.PrivateDir(), "cache"), func(_ string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		info, err := f.Info()
		if err == nil {
			bytes += info.Size()
		}
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist) || err == nil && bytes == 0:
		d.tell("cache", OK, "", "none; it is made when it is needed")
	case err != nil:
		d.tell("cache", Note, "it can be removed at any time: "+d.below(filepath.Join(d.store.PrivateDir(), "cache")), "%v", err)
	default:
		d.tell("cache", OK, "", "%s", size(bytes))
	}
}

// fix mends what needs no judgement: what a crash cut short is finished, and what was recorded is brought
// back into its folder.
func (d *doctor) fix(ctx context.Context) error {
	if err := d.fixPackIndex(); err != nil { // first: git may not find what it needs for the rest
		return err
	}
	left, err := d.store.CutShort()
	if err != nil {
		return err
	}
	if len(left) > 0 {
		if err := d.store.Finish(ctx); err != nil {
			return err
		}
		d.found.Fixed = append(d.found.Fixed, "Finished what a crash had cut short: "+strings.Join(left, ", ")+".")
	}
	list, err := d.store.Differences(ctx, incidentsDir)
	if errors.Is(err, gitstore.ErrNoGit) {
		return nil // the check says so
	}
	if err != nil {
		return err
	}
	var paths []string
	for _, f := range list {
		if isKept(f.Path) && !f.Untold && !f.Unmerged {
			paths = append(paths, f.Path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	kept := map[string]string{}
	err = d.store.Restore(ctx, paths, func(p string, data []byte) (err error) {
		kept[p], err = d.Drafts().Save("was-"+strings.TrimSuffix(path.Base(p), entryEnding), strings.TrimSuffix(string(data), "\n"))
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range paths {
		said := "Brought back " + p
		if kept[p] != "" {
			said += "; what lay there is kept in " + kept[p]
		}
		d.found.Fixed = append(d.found.Fixed, said+".")
	}
	return nil
}
