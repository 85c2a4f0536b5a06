package record

import (
	"context"
	"errors"
	"os"
	"strings"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
	"incident/templates"
)

// Made is what [Init] did.
type Made struct {
	Record  *Record
	Created bool   // the repository is new
	Commit  string // "" where everything was there already
}

// Init makes a record in dir: in a new repository, or in the one whose top folder dir is. What the user
// has staged or changed there stays as it is. Where there is a record already, nothing changes. Inside
// another repository it is an [incident.ErrNotAllowed].
func Init(ctx context.Context, dir string, o Options) (Made, error) {
	store, err := gitstore.Open(ctx, dir, o.store())
	if err == nil && !sameDir(store.Root(), dir) {
		return Made{}, fail(incident.ErrNotAllowed, "incident init "+store.Root()+" keeps records there; or choose a folder outside of it",
			"%s lies inside the git repository %s", dir, store.Root())
	}
	return settle(ctx, store, err, dir, o)
}

// InitApart is Init for the user's own place: it makes a repository of its own there, even where the
// folder lies inside another one, as it does for those who keep their whole home in git.
func InitApart(ctx context.Context, dir string, o Options) (Made, error) {
	store, err := gitstore.Open(ctx, dir, o.store())
	if err == nil && !sameDir(store.Root(), dir) {
		err = gitstore.ErrNoRepository
	}
	return settle(ctx, store, err, dir, o)
}

// settle makes a record in a repository, or, by the error of opening it, in a new one.
func settle(ctx context.Context, store *gitstore.Store, err error, dir string, o Options) (Made, error) {
	var made Made
	if errors.Is(err, gitstore.ErrNoRepository) || err != nil && !exists(dir) {
		store, err = gitstore.Init(ctx, dir, o.store())
		made.Created = err == nil
	}
	if err != nil {
		return made, err
	}
	seed := o.record(store)
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
	configured, err := snap.Has(ConfigPath)
	if err != nil {
		return nil, err
	}
	if !configured {
		files = append(files, gitstore.NewFile{Path: ConfigPath, Data: templates.Config})
	}
	old, err := snap.Read(attributesFile, maxConfig)
	if err != nil && !errors.Is(err, gitstore.ErrNotFound) {
		return nil, err
	}
	if all, missing := withAttributes(string(old)); missing {
		files = append(files, gitstore.NewFile{Path: attributesFile, Data: []byte(all)})
	}
	return files, nil
}

// withAttributes adds our lines to a file of attributes. Later lines win, so ours go to the end, in their
// order, unless they are there in that order.
func withAttributes(old string) (all string, missing bool) {
	lines := "\n" + strings.ReplaceAll(old, "\r\n", "\n")
	if lines != "\n" && !strings.HasSuffix(lines, "\n") {
		lines += "\n"
		old += "\n"
	}
	for ours := range strings.Lines(attributes) {
		_, rest, found := strings.Cut(lines, "\n"+ours)
		if !found {
			return old + attributes, true
		}
		lines = "\n" + rest
	}
	return old, false
}

func sameDir(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
