package gitstore

import (
	"context"
	"strings"
)

// Identity is who git says the user is.
type Identity struct{ Name, Email string }

// Identity asks git who the user is: environment, configuration, includes and all. False: git does not
// know.
func (s *Store) Identity(ctx context.Context) (Identity, bool) {
	out, err := s.git.run(ctx, "var", "GIT_AUTHOR_IDENT")
	if err != nil {
		return Identity{}, false
	}
	return ParseIdentity(string(out))
}

// ParseIdentity reads "Ana Lima <ana@example.com>", with or without git's time behind it.
func ParseIdentity(s string) (Identity, bool) {
	name, rest, ok := strings.Cut(s, "<")
	email, _, closed := strings.Cut(rest, ">")
	id := Identity{strings.TrimSpace(name), strings.TrimSpace(email)}
	return id, ok && closed && id.Name != "" && id.Email != ""
}

// Editor is the command that git would start to edit a text.
func (s *Store) Editor(ctx context.Context) string {
	out, err := s.git.run(ctx, "var", "GIT_EDITOR")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
