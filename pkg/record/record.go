package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"incident/pkg/clarity"
	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// Record is a team's incidents in one repository.
type Record struct {
	store   *gitstore.Store
	env     func(string) string
	user    func() string
	now     func() time.Time
	warn    func(string)
	read    map[string]incident.Entry // see [Reader]
	folded  *folded                   // see [Reader]
	shelved map[string]*shelf         // what a reader that was closed has used, for the next one
	Config  Config
	// Mistakes are what could not be used of the configuration.
	Mistakes []Finding

	glossary         *clarity.Glossary // see [Record.Glossary]
	glossaryMistakes []Finding
}

// Options are what a Record takes from its surroundings.
type Options struct {
	Env     func(string) string
	Environ []string         // all of it, for the git program
	Now     func() time.Time // when things are recorded
	User    func() string    // tells the user's name at this system, for whom git does not know
	Warn    func(string)     // takes sentences for the user that are no errors
}

func (o Options) store() gitstore.Options {
	return gitstore.Options{Env: o.Environ, Now: o.Now, Warn: o.Warn, Keep: isKept}
}

func (o Options) record(store *gitstore.Store) *Record {
	return &Record{store: store, env: o.Env, user: o.User, now: o.Now, warn: o.Warn, read: map[string]incident.Entry{}, folded: new(folded), shelved: map[string]*shelf{}}
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
	r := o.record(store)
	raw, err := store.ReadFile(ConfigPath, maxConfig)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.Config, r.Mistakes = DefaultConfig(), []Finding{unusable(err)}
		return r, nil
	}
	r.Config, r.Mistakes = r.cache().config(raw)
	return r, nil
}

func (r *Record) cache() shelves {
	return shelves{filepath.Join(r.store.PrivateDir(), cacheDir), r.store.Share}
}

// Dir is the top folder of the record.
func (r *Record) Dir() string { return r.store.Root() }

// Store is the repository of the record, for what is kept beside the entries.
func (r *Record) Store() *gitstore.Store { return r.store }

// Detached reports whether no branch is checked out, so that commits are easily lost from sight.
func (r *Record) Detached() bool { return r.store.Detached() }

// Editor is the command that git would start to edit a text.
func (r *Record) Editor(ctx context.Context) string { return r.store.Editor(ctx) }

// Trusted reports whether this clone was told to use the templates that the record brings.
func (r *Record) Trusted(ctx context.Context) bool {
	return r.store.Setting(ctx, "incident.trust") == "true"
}

// Trust lets this clone use the templates that the record brings. It is kept in git's configuration of
// this clone, where nothing that is pulled can reach it.
func (r *Record) Trust(ctx context.Context) error {
	return r.store.SetSetting(ctx, "incident.trust", "true")
}

// Templates lists the record's own templates in a folder of them, by name, trusted or not.
func (r *Record) Templates(dir string) ([]string, error) {
	list, err := os.ReadDir(filepath.Join(r.Dir(), filepath.FromSlash(templatesDir), dir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, diskFailed(err)
	}
	var names []string
	for _, f := range list {
		if f.Type().IsRegular() {
			names = append(names, f.Name())
		}
	}
	return names, nil
}

// Template is the record's own template of that name, "" where it has none or is not trusted with it.
func (r *Record) Template(ctx context.Context, name string) (string, error) {
	file := templatesDir + "/" + name
	raw, err := r.store.ReadFile(file, maxConfig)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case !r.Trusted(ctx):
		r.warn(fmt.Sprintf("the record brings its own %s, which this clone does not trust; the built-in one is used. Read it, then: incident trust", name))
		return "", nil
	case errors.Is(err, gitstore.ErrDisk):
		return "", fmt.Errorf("read %s: %w", file, err)
	case err != nil:
		return "", fail(ErrInvalid, "put an ordinary file in its place, or remove it", "%s: %s", file, err)
	}
	return string(raw), nil
}

// Use remembers an incident as the current one of this clone; "" forgets it.
func (r *Record) Use(id string) error {
	file := filepath.Join(r.store.PrivateDir(), "current")
	err := error(nil)
	if id != "" {
		err = r.writePrivate(file, []byte(id+"\n"))
	} else if err = os.Remove(file); errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if err != nil {
		return diskFailed(err)
	}
	return nil
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

// TellOnce warns of something that a user needs to hear a single time in the life of this clone.
func (r *Record) TellOnce(about, sentence string) { r.warnOnce(about, sentence) }

// warnOnce warns a single time in the life of this clone.
func (r *Record) warnOnce(about, sentence string) {
	mark := filepath.Join(r.store.PrivateDir(), "told-"+about)
	if exists(mark) {
		return
	}
	r.warn(sentence)
	_ = r.writePrivate(mark, nil) // told twice is better than not at all
}

// writePrivate writes a file that only this clone needs.
func (r *Record) writePrivate(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	err := gitstore.WriteDurably(file, data, 0o666)
	if err == nil {
		r.store.Share(filepath.Dir(file), file)
	}
	return err
}
