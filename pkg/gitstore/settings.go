package gitstore

import (
	"context"
	"slices"
	"strings"
	"sync"
)

// settings are git's configuration: the system's, the user's, this clone's, with all that they include.
// Names are in lower case, but for what stands between the first and the last dot.
type settings map[string]string

// settings asks git, which alone knows where all its files lie and what each includes.
func (s *Store) settings(ctx context.Context) (settings, error) {
	out, err := s.git.run(ctx, "config", "--list", "-z")
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

// settingsSoon asks for the settings while other things are done. They can be had as often as need be, and
// the caller ends it.
func (s *Store) settingsSoon(ctx context.Context) (get func() (settings, error), end func()) {
	get = sync.OnceValues(func() (settings, error) { return s.settings(ctx) })
	var asking sync.WaitGroup
	asking.Go(func() { _, _ = get() })
	return get, asking.Wait
}

// is reports whether a value is what git takes for true. What is no such word is not true; see [settings.not].
func (set settings) is(name string) bool {
	switch strings.ToLower(set[name]) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}

// not reports whether a value is unset or what git takes for false.
func (set settings) not(name string) bool {
	return slices.Contains([]string{"", "false", "no", "off", "0"}, strings.ToLower(set[name]))
}
