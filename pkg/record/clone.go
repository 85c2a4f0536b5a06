package record

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// Clone says what to get.
type Clone struct {
	From string // address of a repository, as git knows them
	In   string // the folder that the address counts from, where it is a path
	Dir  string // absolute; it must not exist or be empty
	Ask  bool   // git may ask a person at the terminal for credentials
}

// Damage is an entry that cannot be read or applied.
type Damage struct {
	Incident string
	incident.Anomaly
}

// Cloned is what [Get] brought.
type Cloned struct {
	Record             *Record
	Incidents, Entries int
	Damages            []Damage
	Templates          bool // it brings templates of its own
}

// Get clones a team's record and reads all of it once. It is an [ErrConflict] where something is in the
// way, an [ErrInvalid] where what came is no record; then nothing of it is left.
func Get(ctx context.Context, c Clone, o Options) (Cloned, error) {
	made, err := free(c.Dir)
	if err != nil {
		return Cloned{}, err
	}
	if err := gitstore.Clone(ctx, c.In, c.From, c.Dir, o.store(), c.Ask); err != nil {
		return Cloned{}, err
	}
	got, err := inspect(ctx, c, o)
	if err != nil {
		return Cloned{}, errors.Join(err, made.takeBack())
	}
	return got, nil
}

// inspect looks at what was cloned.
func inspect(ctx context.Context, c Clone, o Options) (got Cloned, err error) {
	if !isRecord(c.Dir) {
		return got, fail(ErrInvalid, "see that the address is right. To begin a record for a team: incident init, git remote add origin URL, incident sync",
			"%s holds no incident records; it was removed again", gitstore.Shown(c.From))
	}
	got.Record, err = Open(ctx, Place{Dir: c.Dir, How: ByFlag, Exists: true}, o)
	if err != nil {
		return got, err
	}
	rd, err := got.Record.Read(ctx)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, rd.Close()) }()
	_, err = rd.Find(func(inc incident.Incident) bool {
		got.Incidents++
		got.Entries += len(inc.Timeline)
		for _, a := range inc.Anomalies {
			got.Damages = append(got.Damages, Damage{inc.ID, a})
		}
		return false
	})
	if err != nil {
		return got, err
	}
	templates, err := rd.snap.List(templatesDir)
	got.Templates = len(templates) > 0
	return got, err
}

// DirOf guesses, as git does, into which folder an address is cloned; "" where it tells none.
func DirOf(from string) string {
	from = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(from, `/\`), "/.git"), `/\`)
	name := from[strings.LastIndexAny(from, `/\:`)+1:]
	name = strings.TrimSuffix(name, ".git")
	if name == "." || name == ".." || strings.ContainsFunc(name, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return ""
	}
	return name
}

func (d Damage) String() string { return fmt.Sprintf("%s: %s: %v", d.Incident, d.Entry, d.Err) }

// room is where a clone goes, and what it takes to leave no trace of it.
type room struct {
	dir string
	was bool // an empty folder was there
}

// free refuses a place where something is already.
func free(dir string) (room, error) {
	p := room{dir: dir}
	items, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !exists(dir):
		return p, nil
	case err == nil && len(items) == 0:
		p.was = true
		return p, nil
	}
	return p, fail(ErrConflict, "name another folder: incident clone URL DIR", "%s is there already", dir)
}

// takeBack removes what was cloned there.
func (p room) takeBack() error {
	if !p.was {
		return os.RemoveAll(p.dir)
	}
	items, err := os.ReadDir(p.dir)
	for _, it := range items {
		err = errors.Join(err, os.RemoveAll(filepath.Join(p.dir, it.Name())))
	}
	return err
}
