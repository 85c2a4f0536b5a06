package record

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"incident/pkg/gitstore"
)

// How says what decided where the records are.
type How uint8

// The ways to a record, first to last.
const (
	ByFlag      How = iota + 1 // --repo
	ByVariable                 // $INCIDENT_REPO
	ByEnclosing                // the git repository that we are in
	ByUser                     // the user's own
)

// Place is where records are kept.
type Place struct {
	Dir    string // absolute
	How    How
	Exists bool // there is a record in it
}

// Surroundings are what decides where the records are.
type Surroundings struct {
	Repo   string // --repo
	Env    func(string) string
	Dir    string // the working folder
	Home   string // the user's home, "" where there is none
	System string // runtime.GOOS
}

// Locate finds the place of the records: --repo, $INCIDENT_REPO, the enclosing git repository that holds
// records, or the user's own. It is an [ErrNotFound] where the user has no home.
func Locate(s Surroundings) (Place, error) {
	if s.Repo != "" {
		return at(s, s.Repo, ByFlag), nil
	}
	if dir := s.Env("INCIDENT_REPO"); dir != "" {
		return at(s, dir, ByVariable), nil
	}
	for dir := s.Dir; ; {
		if isRecord(dir) {
			return Place{dir, ByEnclosing, true}, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	data := dataDir(s)
	if data == "" {
		return Place{}, fail(ErrNotFound, "name a folder with --repo DIR or INCIDENT_REPO", "there is no home folder to keep records in")
	}
	return at(s, filepath.Join(data, "incident", "records"), ByUser), nil
}

func at(s Surroundings, dir string, how How) Place {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(s.Dir, dir)
	}
	named := how == ByFlag || how == ByVariable
	for up := dir; named && exists(dir); { // a folder of a record means that record, a slip means none
		if isRecord(up) {
			return Place{up, how, true}
		}
		next := filepath.Dir(up)
		if next == up || exists(filepath.Join(up, ".git")) {
			break
		}
		up = next
	}
	return Place{dir, how, isRecord(dir)}
}

// isRecord reports whether dir is the top of a git work tree that holds records.
func isRecord(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, settingsDir))
	return err == nil && info.IsDir() && exists(filepath.Join(dir, ".git"))
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// dataDir is the customary place for a user's data on the system.
func dataDir(s Surroundings) string {
	if dir := s.Env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if s.System == "windows" {
		return s.Env("LocalAppData")
	}
	switch {
	case s.Home == "":
		return ""
	case s.System == "darwin":
		return filepath.Join(s.Home, "Library", "Application Support")
	default:
		return filepath.Join(s.Home, ".local", "share")
	}
}

// notARecord explains why a place without a record cannot be used.
func notARecord(ctx context.Context, p Place, o gitstore.Options) error {
	info, err := os.Stat(p.Dir)
	switch {
	case err != nil:
		return fail(ErrNotFound, "incident init "+p.Dir+" makes a record there", "%s does not exist", p.Dir)
	case !info.IsDir():
		return fail(ErrNotFound, "name the folder that holds .incident", "%s is no folder", p.Dir)
	}
	if _, err := gitstore.Open(ctx, p.Dir, o); err != nil && !errors.Is(err, gitstore.ErrNoRepository) {
		return err
	}
	return fail(ErrNotFound, "incident init "+p.Dir+" makes a record there", "%s holds no incident records", p.Dir)
}
