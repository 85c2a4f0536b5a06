package gitstore

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// settings are what this package asks of git's configuration: the system's, the user's, this clone's, with
// all that they include. Names are in lower case, but for what stands between the first and the last dot.
type settings map[string]string

// consulted are the sections that are ever asked. No other is kept: some hold passwords.
var consulted = []string{
	"author", "branch", "commit", "committer", "core", "extensions", "feature", "gc", "incident", "index", "init", "maintenance",
	"splitindex", "user",
}

// keptSetting reports whether a setting may be remembered.
func keptSetting(name string) bool {
	section, _, _ := strings.Cut(name, ".")
	return slices.Contains(consulted, section) || section == "remote" && strings.HasSuffix(name, ".promisor")
}

// settings are asked for once, as long as the files that they come from stay as they are.
func (s *Store) settings(ctx context.Context) (settings, error) {
	s.asking.Lock()
	defer s.asking.Unlock()
	if s.known == nil || !s.known.holds() {
		a := s.recalled()
		if a == nil {
			var err error
			if a, err = s.askSettings(ctx); errors.Is(err, ErrNoGit) {
				a, err = s.readSettings()
			}
			if err != nil {
				return nil, err
			}
		}
		s.known = a
	}
	return s.known.set, nil
}

// askSettings asks git, which alone knows where all its files lie and what each includes.
func (s *Store) askSettings(ctx context.Context) (*answer, error) {
	a := &answer{set: settings{}, asked: s.now()}
	for _, file := range s.customary() {
		a.restsOn(file) // before git reads it
	}
	out, err := s.git.plainly(ctx, "config", "--list", "-z", "--show-origin")
	if err != nil {
		return nil, err
	}
	fields := strings.Split(string(out), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		name, value, given := strings.Cut(fields[i+1], "\n")
		if !given {
			value = "true" // a name alone
		}
		s.origin(a, fields[i], name, value)
		if keptSetting(name) {
			a.set[name] = value // the last one counts
		}
	}
	return a, nil
}

// settingName spells a name as git lists it.
func settingName(name string) string {
	first, last := strings.IndexByte(name, '.'), strings.LastIndexByte(name, '.')
	if first < 0 {
		return strings.ToLower(name)
	}
	return strings.ToLower(name[:first]) + name[first:last] + strings.ToLower(name[last:])
}

// is reports whether a value is what git takes for true. What is no such word is not true; see [settings.not].
func (set settings) is(name string) bool {
	return slices.Contains([]string{"true", "yes", "on", "1"}, strings.ToLower(set[name]))
}

// not reports whether a value is unset or what git takes for false.
func (set settings) not(name string) bool {
	return slices.Contains([]string{"", "false", "no", "off", "0"}, strings.ToLower(set[name]))
}
