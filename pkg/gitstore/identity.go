package gitstore

import (
	"cmp"
	"context"
	"errors"
	"os/exec"
	"strings"
)

// Identity is who git says somebody is.
type Identity struct{ Name, Email string }

// Identity is who the author of a commit would be, as git tells it: environment, configuration, includes and
// all. It is an [ErrNobody] where git does not know, and another error where it could not be asked.
func (s *Store) Identity(ctx context.Context) (Identity, error) { return s.identity(ctx, "author") }

// Committer is who would make a commit, whom the environment can tell apart from its author.
func (s *Store) Committer(ctx context.Context) (Identity, error) { return s.identity(ctx, "committer") }

// identity looks where git-commit(1) says, under COMMIT INFORMATION. Where that leaves anything open, git
// decides.
func (s *Store) identity(ctx context.Context, role string) (Identity, error) {
	set, err := s.settings(ctx)
	if err != nil {
		return Identity{}, err
	}
	variable := "GIT_" + strings.ToUpper(role)
	id := Identity{
		Name:  gitClean(cmp.Or(s.git.variable(variable+"_NAME"), set[role+".name"], set["user.name"])),
		Email: gitClean(cmp.Or(s.git.variable(variable+"_EMAIL"), set[role+".email"], set["user.email"], s.git.variable("EMAIL"))),
	}
	if id.Name != "" && id.Email != "" {
		return id, nil
	}
	out, err := s.git.run(ctx, "var", variable+"_IDENT")
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() || errors.Is(err, ErrNoGit) {
		return Identity{}, ErrNobody
	}
	if err != nil {
		return Identity{}, err
	}
	id, ok := ParseIdentity(string(out))
	if !ok {
		return Identity{}, ErrNobody
	}
	return id, nil
}

// isGitTime reports whether a text is what git writes behind an identity, seconds and a zone, or nothing.
func isGitTime(s string) bool {
	words := strings.Fields(s)
	if len(words) != 2 {
		return len(words) == 0
	}
	seconds, zone := strings.TrimPrefix(words[0], "-"), words[1]
	return isNumber(seconds) && len(zone) == 5 && strings.Contains("-+", zone[:1]) && isNumber(zone[1:])
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// ParseIdentity reads "Ana Lima <ana@example.com>", with or without git's time behind it. Both parts are
// needed, and neither holds what git would drop: angle brackets and line ends.
func ParseIdentity(s string) (Identity, bool) {
	name, rest, ok := strings.Cut(s, "<")
	email, after, closed := strings.Cut(rest, ">")
	id := Identity{strings.TrimSpace(name), strings.TrimSpace(email)}
	good := ok && closed && id.Name != "" && id.Email != "" &&
		!strings.ContainsAny(id.Name, ">\r\n\x00") && !strings.ContainsAny(id.Email, "<\r\n\x00") && isGitTime(after)
	if !good {
		return Identity{}, false
	}
	return id, true
}

// Editor is the command that git would start to edit a text.
func (s *Store) Editor(ctx context.Context) string {
	out, err := s.git.run(ctx, "var", "GIT_EDITOR")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
