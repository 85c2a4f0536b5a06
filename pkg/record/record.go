package record

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/templates"
)

// Record is a team's incidents in one repository.
type Record struct {
	store  *gitstore.Store
	env    func(string) string
	user   string
	now    func() time.Time
	warn   func(string)
	Config Config
	// Mistakes are what could not be used of the configuration.
	Mistakes []Finding
}

// Options are what a Record takes from its surroundings.
type Options struct {
	Env     func(string) string
	Environ []string         // all of it, for the git program
	Now     func() time.Time // when things are recorded
	User    string           // the user's name at this system, for whom git does not know
	Warn    func(string)     // takes sentences for the user that are no errors
}

func (o Options) store() gitstore.Options {
	return gitstore.Options{Env: o.Environ, Now: o.Now, Warn: o.Warn}
}

// Open opens the record in a place. It is an [ErrNotFound] where there is none, or an error of
// [gitstore.Open].
func Open(ctx context.Context, p Place, o Options) (*Record, error) {
	if !p.Exists {
		return nil, notARecord(ctx, p, o.store())
	}
	store, err := gitstore.Open(ctx, p.Dir, o.store())
	if err != nil {
		return nil, err
	}
	r := &Record{store: store, env: o.Env, user: o.User, now: o.Now, warn: o.Warn}
	r.Config, r.Mistakes = DefaultConfig(), nil
	raw, err := r.readSetting(configFile, maxConfig)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		r.Mistakes = []Finding{{Message: err.Error()}}
	default:
		r.Config, r.Mistakes = ParseConfig(raw)
	}
	return r, nil
}

// readSetting reads a file of the settings as it lies in the work tree, so that a change can be tried
// before it is committed. Links that lead out of the record are refused.
func (r *Record) readSetting(name string, limit int64) (_ []byte, err error) {
	root, err := os.OpenRoot(r.store.Root())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	info, err := root.Stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > limit {
		return nil, fail(ErrInvalid, "", "%s is no ordinary file of at most %d bytes", name, limit)
	}
	f, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, limit))
}

// Dir is the top folder of the record.
func (r *Record) Dir() string { return r.store.Root() }

// Detached reports whether no branch is checked out, so that commits are easily lost from sight.
func (r *Record) Detached() bool { return r.store.Detached() }

// Editor is the command that git would start to edit a text.
func (r *Record) Editor(ctx context.Context) string { return r.store.Editor(ctx) }

// Made is what [Init] did.
type Made struct {
	Record  *Record
	Created bool   // the repository is new
	Commit  string // "" where everything was there already
}

// Init makes a record in dir: in a new repository, or in the one whose top folder dir is. What the user
// has staged or changed there stays as it is. Where there is a record already, nothing changes.
func Init(ctx context.Context, dir string, o Options) (Made, error) {
	var made Made
	store, err := gitstore.Open(ctx, dir, o.store())
	switch {
	case errors.Is(err, gitstore.ErrNoRepository), errors.Is(err, fs.ErrNotExist), err != nil && !exists(dir):
		if store, err = gitstore.Init(ctx, dir, o.store()); err != nil {
			return made, err
		}
		made.Created = true
	case err != nil:
		return made, err
	case !sameDir(store.Root(), dir):
		return made, fail(incident.ErrNotAllowed, "incident init "+store.Root()+" keeps records there; or choose a folder outside of it",
			"%s lies inside the git repository %s", dir, store.Root())
	}
	seed := &Record{store: store, env: o.Env, user: o.User, now: o.Now, warn: o.Warn}
	author, committer := seed.author(ctx, "")
	ours := false
	made.Commit, err = store.Commit(ctx, func(snap *gitstore.Snapshot) (*gitstore.Change, error) {
		files, err := settingsToAdd(snap)
		if err != nil || len(files) == 0 {
			return nil, err
		}
		settings, err := snap.List(settingsDir)
		if err != nil {
			return nil, err
		}
		ours = len(settings) == 0
		return &gitstore.Change{Files: files, Message: "Keep incident records here\n", Author: author, Committer: committer, When: o.Now()}, nil
	})
	if err != nil {
		return made, err
	}
	if made.Commit != "" && ours { // what we made ourselves we may trust
		if err := seed.Trust(ctx); err != nil {
			o.Warn(err.Error())
		}
	}
	made.Record, err = Open(ctx, Place{Dir: store.Root(), How: ByFlag, Exists: true}, o)
	return made, err
}

// settingsToAdd are the files that a record needs and the commit does not hold.
func settingsToAdd(snap *gitstore.Snapshot) ([]gitstore.NewFile, error) {
	var files []gitstore.NewFile
	if !snap.Has(configFile) {
		files = append(files, gitstore.NewFile{Path: configFile, Data: templates.Config})
	}
	old, err := snap.Read(attributesFile, maxConfig)
	if err != nil && !errors.Is(err, gitstore.ErrNotFound) {
		return nil, err
	}
	missing := ""
	for line := range strings.Lines(attributes) {
		if !strings.Contains("\n"+string(old), "\n"+strings.TrimSpace(line)) {
			missing += line
		}
	}
	if missing != "" {
		if len(old) > 0 && !strings.HasSuffix(string(old), "\n") {
			missing = "\n" + missing
		}
		files = append(files, gitstore.NewFile{Path: attributesFile, Data: append(old, missing...)})
	}
	return files, nil
}

func sameDir(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

// author is who writes: as told (a flag, or $INCIDENT_AUTHOR), else git's own answer, else the user at
// this host. The second is for git where it knows no committer.
func (r *Record) author(ctx context.Context, told string) (author, committer gitstore.Identity) {
	known, ok := r.store.Identity(ctx)
	if !ok {
		known = r.nobody()
		committer = known
	}
	for _, s := range []string{told, r.env("INCIDENT_AUTHOR")} {
		if id, ok := gitstore.ParseIdentity(s); ok {
			return id, committer
		}
		if s != "" {
			return gitstore.Identity{Name: strings.TrimSpace(s), Email: known.Email}, committer
		}
	}
	if !ok {
		r.warnOnce("nobody", fmt.Sprintf("git does not know who you are; entries are signed %s <%s>. Tell it: git config --global user.name … and user.email …", known.Name, known.Email))
	}
	return known, committer
}

// nobody names the user as the system does.
func (r *Record) nobody() gitstore.Identity {
	user := firstOf(r.user, "user")
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return gitstore.Identity{Name: user, Email: user + "@" + host}
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// warnOnce warns a single time in the life of this clone.
func (r *Record) warnOnce(about, sentence string) {
	mark := filepath.Join(r.store.PrivateDir(), "told-"+about)
	if exists(mark) {
		return
	}
	r.warn(sentence)
	_ = r.writePrivate("told-"+about, nil) // told twice is better than not at all
}

// writePrivate writes a file that only this clone needs.
func (r *Record) writePrivate(name string, data []byte) error {
	file := filepath.Join(r.store.PrivateDir(), name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o666)
}

// Trusted reports whether this clone was told to use the templates that the record brings.
func (r *Record) Trusted(ctx context.Context) bool {
	return r.store.Setting(ctx, "incident.trust") == "true"
}

// Trust lets this clone use the templates that the record brings. It is kept in git's configuration of
// this clone, where nothing that is pulled can reach it.
func (r *Record) Trust(ctx context.Context) error {
	return r.store.SetSetting(ctx, "incident.trust", "true")
}

// Template is the record's own template of that name, "" where it has none or is not trusted with it.
func (r *Record) Template(ctx context.Context, name string) (string, error) {
	raw, err := r.readSetting(templatesDir+"/"+name, maxConfig)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	case !r.Trusted(ctx):
		r.warn(fmt.Sprintf("the record brings its own %s, which this clone does not trust; the built-in one is used. Read it, then: incident trust", name))
		return "", nil
	}
	return string(raw), nil
}

// Use remembers an incident as the current one of this clone; "" forgets it.
func (r *Record) Use(id string) error {
	if id == "" {
		err := os.Remove(filepath.Join(r.store.PrivateDir(), "current"))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return r.writePrivate("current", []byte(id+"\n"))
}

// Current is the incident that was chosen for this clone, "" for none.
func (r *Record) Current() string {
	raw, err := os.ReadFile(filepath.Join(r.store.PrivateDir(), "current"))
	id := strings.TrimSpace(string(raw))
	if err != nil || !validID(id) {
		return ""
	}
	return id
}
