package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"incident/pkg/folder"
	"incident/pkg/incident"
	"incident/pkg/page"
	"incident/pkg/pagememo"
	"incident/pkg/record"
	"incident/pkg/view"
	"incident/pkg/when"
)

// many incidents take longer than a moment, which is told to who waits at a terminal.
const many = 2000

// pageMaker makes a page from what its audience may see. Its files are made when they are asked for: those that are in a
// folder already need not be. It is closed when they are.
type pageMaker struct {
	*paging
	rec      *record.Record
	rd       *record.Reader
	asOf     time.Time
	settings page.Settings
	parts    []page.Part // none of them is made where words of a narrower audience are in it all the same
	sources  []page.Source

	was    *pagememo.Memo // what the page was made from the last time
	is     *pagememo.Memo // and what it is made from now
	before wholePage      // files that are at hand
	lock   sync.Mutex     // of rd
	feeds  sync.WaitGroup // that are being made
	narrow narrowing
	failed error // why a file could not be made
}

// maker reads what a page is made from.
func (c *paging) maker(ctx context.Context, rec *record.Record) (_ *pageMaker, err error) {
	if c.audience == incident.Technical {
		return nil, usage("--audience internal", "there is no page for engineers: they have the record")
	}
	m := &pageMaker{paging: c, rec: rec, asOf: c.Now()}
	if c.asOf != "" {
		if m.asOf, err = when.Time(c.asOf, c.now()); err != nil {
			return nil, fmt.Errorf("--as-of: %w", err)
		}
	}
	if m.settings, err = settingsOf(ctx, rec, c.audience); err != nil {
		return nil, err
	}
	if m.rd, err = rec.Read(ctx); err != nil {
		return nil, err
	}
	if err := m.read(); err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return m, nil
}

// Close ends the reading.
func (m *pageMaker) Close() error {
	m.feeds.Wait()
	return m.rd.Close()
}

// memoFile is where the memo of an audience's page lies.
func (m *pageMaker) memoFile() string {
	return filepath.Join(m.rec.Store().PrivateDir(), "cache", "page-"+m.audience.String())
}

// read reads all incidents that have changed since the page was made last, and lists the files.
func (m *pageMaker) read() error {
	program := m.Program()
	m.was = pagememo.Load(m.memoFile(), program)
	m.is = &pagememo.Memo{Program: program, Incidents: map[string]pagememo.Incident{}, Parts: map[string]pagememo.Part{}}
	m.narrow.theirs = sync.OnceValues(m.theirs)
	var fresh narrowing // what was not known when pages were made that stay as they are
	fresh.theirs = m.narrow.theirs
	var damaged []incident.Incident
	err := m.rd.Each(func(id, version string) bool {
		known, ok := m.was.Incidents[id]
		if !ok || known.Version != version {
			return true
		}
		m.take(id, known, m.viewLater(id))
		return false
	}, func(inc incident.Incident, version string) {
		if lostIn(inc) > 0 {
			damaged = append(damaged, inc)
		}
		one := m.told(inc, version)
		before := m.was.Incidents[inc.ID].Narrow
		fresh.add(inc.ID, slices.DeleteFunc(slices.Clone(one.Narrow), func(w pagememo.Words) bool { return slices.Contains(before, w) }))
		v := view.For(inc, m.audience)
		m.take(inc.ID, one, func() (view.View, error) { return v, nil })
	})
	if err != nil {
		return err
	}
	m.tellDamage(damaged...) // the page lacks what they say
	if tell := m.progress(); tell != nil && len(m.sources) > many {
		tell(fmt.Sprintf("making the page of %d incidents", len(m.sources)))
	}
	if m.settings.Address == "" && m.audience == incident.Customer {
		m.warn("no feeds, no sitemap and no JSON of Statuspage: they hold whole addresses, and page.address in " + record.ConfigPath + " is not set; write address: https://status.example.com")
	}
	parts, err := page.Parts(page.Input{Sources: m.sources, Settings: m.settings, AsOf: m.asOf, Program: program})
	if err != nil {
		return pageError(err)
	}
	for _, p := range parts {
		known, same := m.was.Parts[p.Path]
		if same = same && p.Key != "" && known.Key == p.Key; same {
			m.is.Parts[p.Path] = pagememo.Part{Key: p.Key, Letters: known.Letters}
			if err := fresh.check(p.Path, known.Letters); err != nil {
				return err
			}
		}
		m.parts = append(m.parts, p)
	}
	return nil
}

// beforehand has the feeds made that are not there yet, while this goroutine makes the rest, as far as that is not much.
func (m *pageMaker) beforehand(there func(page.Part) bool) {
	var feeds, rest []func() ([]byte, error)
	for n, p := range m.parts {
		if there(p) {
			continue
		}
		if p.Feed {
			m.parts[n].Make = sync.OnceValues(p.Make)
			feeds = append(feeds, m.parts[n].Make)
		} else {
			rest = append(rest, p.Make)
			if len(rest) <= fewParts {
				m.parts[n].Make = sync.OnceValues(p.Make)
				rest[len(rest)-1] = m.parts[n].Make
			}
		}
	}
	m.feeds.Go(func() {
		for _, f := range feeds {
			_, _ = f() // told to who puts it into its place
		}
	})
	if len(rest) <= fewParts {
		for _, f := range rest {
			_, _ = f() // as above
		}
	}
}

// fewParts is how many files are kept in memory until all are made.
const fewParts = 64

// told is what the page tells of an incident that has changed. What could not be read is told, and read again the next time.
func (m *pageMaker) told(inc incident.Incident, version string) pagememo.Incident {
	readable := func(path string) bool {
		_, err := m.attachment(inc.ID, path)
		if err != nil {
			m.warn(fmt.Sprintf("%s is only named on the page: %v", filepath.Base(path), err))
			version = ""
		}
		return err == nil
	}
	one := pagememo.Incident{Brief: page.BriefOf(view.For(inc, m.audience), readable), Narrow: narrowOf(inc, m.audience)}
	one.Version = version
	return one
}

func (m *pageMaker) attachment(id, path string) ([]byte, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	return m.rd.Attachment(id, incident.Attachment{Name: filepath.Base(path), File: filepath.Base(path)})
}

// take takes an incident into the page.
func (m *pageMaker) take(id string, one pagememo.Incident, load func() (view.View, error)) {
	if one.Version != "" {
		m.is.Incidents[id] = one
	}
	m.narrow.add(id, one.Narrow)
	if one.Brief.Visible {
		m.sources = append(m.sources, page.Source{
			Brief: one.Brief, Version: one.Version, View: load,
			File: func(path string) ([]byte, error) { return m.attachment(id, path) },
		})
	}
}

func (m *pageMaker) viewLater(id string) func() (view.View, error) {
	return func() (view.View, error) {
		m.lock.Lock()
		defer m.lock.Unlock()
		inc, err := m.rd.Again(id)
		return view.For(inc, m.audience), err
	}
}

// theirs is what was written for the readers of the page.
func (m *pageMaker) theirs() ([]string, error) {
	m.lock.Lock()
	defer m.lock.Unlock()
	var all []string
	err := m.rd.Each(func(string, string) bool { return true }, func(inc incident.Incident, _ string) {
		all = append(all, writtenFor(inc, m.audience)...)
	})
	return all, err
}

// making makes a file and looks at what it says.
func (m *pageMaker) making(p page.Part) func() ([]byte, error) {
	return func() ([]byte, error) {
		raw := m.before.files[p.Path]
		if p.Key == "" || m.before.keys[p.Path] != p.Key {
			var err error
			if raw, err = p.Make(); err != nil {
				m.failed = pageError(err)
				return nil, m.failed
			}
		}
		said := pagememo.Part{Key: p.Key}
		if strings.HasSuffix(p.Path, ".html") {
			said.Letters = lettersOf(raw)
			if m.failed = m.narrow.check(p.Path, said.Letters); m.failed != nil {
				return nil, m.failed
			}
		}
		m.is.Parts[p.Path] = said
		return raw, nil
	}
}

func pageError(err error) error {
	if errors.Is(err, page.ErrInput) {
		return &advised{errPage, err.Error(), ""}
	}
	return err
}

// wholePage is a page with all its files.
type wholePage struct {
	address string
	files   page.Files
	keys    map[string]string // of the files, by path
}

// whole makes all files of the page, but for those that one made before has already.
func (c *paging) whole(ctx context.Context, rec *record.Record, before wholePage) (_ wholePage, err error) {
	m, err := c.maker(ctx, rec)
	if err != nil {
		return before, err
	}
	defer func() { err = joinClose(err, m) }()
	m.before = before
	made := wholePage{m.settings.Address, page.Files{}, map[string]string{}}
	m.beforehand(func(p page.Part) bool { return p.Key != "" && before.keys[p.Path] == p.Key })
	for _, p := range m.parts {
		made.keys[p.Path] = p.Key
		if made.files[p.Path], err = m.making(p)(); err != nil {
			return before, err
		}
	}
	return made, nil
}

// put makes a folder hold the page, and remembers what it was made from.
func (m *pageMaker) put(dir string, force bool) (folder.Done, error) {
	if err := m.mayHold(dir, force); err != nil {
		return folder.Done{}, err
	}
	files := map[string]folder.File{}
	seen := map[string]folder.Stamp{}
	m.beforehand(func(p page.Part) bool { return p.Key != "" && m.was.Dir == dir && m.was.Parts[p.Path].Key == p.Key })
	for _, p := range m.parts {
		files[p.Path] = folder.File{Version: p.Key, Bytes: m.making(p)}
		if was := m.was.Parts[p.Path]; m.was.Dir == dir && was.Key != "" {
			seen[p.Path] = folder.Stamp{Version: was.Key, Size: was.Size, Modified: was.Modified}
		}
	}
	done, err := folder.Put(dir, files, seen, force)
	switch {
	case m.failed != nil:
		return done, m.failed
	case errors.Is(err, folder.ErrForeign):
		return done, &advised{errPage, err.Error(), "choose another with -d; or --force, which leaves what is there"}
	case err != nil:
		return done, &advised{errPage, err.Error(), "the page that was there stays"}
	}
	m.is.Dir = dir
	for path, p := range m.is.Parts {
		if stamp, ok := done.Seen[path]; ok {
			p.Size, p.Modified = stamp.Size, stamp.Modified
			m.is.Parts[path] = p
		}
	}
	_ = m.is.Save(m.memoFile()) // a full disk makes the next page slower, not this one wrong
	m.rec.Store().Share(filepath.Dir(m.memoFile()), m.memoFile())
	return done, nil
}

// mayHold refuses folders in which a page would be in the way of the record, or of other readers.
func (m *pageMaker) mayHold(dir string, force bool) error {
	if err := outside(m.rec, dir); err != nil || force {
		return err
	}
	was, err := reading(func(path string) ([]byte, error) {
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		return raw, err
	}).tells(toldDir + "status.json")
	if err == nil && was.Audience != "" && was.Audience != m.audience.String() {
		return &advised{
			incident.ErrAudience, fmt.Sprintf("the page in %s is for another audience, %s, and this one for %s", m.short(dir), was.Audience, m.audience),
			"choose another folder with -d; or --force, if its readers are to see this one",
		}
	}
	return nil // what cannot be read here is told by who writes
}

// outside refuses the folder of the record itself and those that it is made of.
func outside(rec *record.Record, dir string) error {
	dir, top := realPath(dir), realPath(rec.Dir())
	inside := dir == top
	for _, own := range []string{".git", ".incident", "incidents"} {
		own = filepath.Join(top, own)
		inside = inside || dir == own || strings.HasPrefix(dir, own+string(filepath.Separator))
	}
	if !inside {
		return nil
	}
	return &advised{errPage, dir + " belongs to the record", "choose a folder beside it with -d, ../status for one; or publish it: incident page publish --to branch:gh-pages"}
}

// realPath is a path without symbolic links, as far as it is there.
func realPath(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	if parent := filepath.Dir(path); parent != path {
		return filepath.Join(realPath(parent), filepath.Base(path))
	}
	return path
}
