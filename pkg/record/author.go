package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
	"unicode/utf8"

	"incident/pkg/gitstore"
	"incident/pkg/incident"
)

// author is who writes: as told (a flag, or $INCIDENT_AUTHOR), else git's own answer, else the user at
// this host. The committer is git's own answer, or the same.
func (r *Record) author(ctx context.Context, told string) (author, committer gitstore.Identity) {
	known, err := r.store.Identity(ctx)
	if err != nil {
		known = r.nobody()
	}
	committer, other := r.store.Committer(ctx)
	if other != nil {
		committer = known
	}
	known, committer = tidy(known), tidy(committer)
	for _, s := range []string{told, r.env("INCIDENT_AUTHOR")} {
		if id, ok := gitstore.ParseIdentity(s); ok {
			return tidy(id), committer
		}
		if name := tidyName(s); name != "" {
			return gitstore.Identity{Name: name, Email: known.Email}, committer
		}
	}
	switch {
	case errors.Is(err, gitstore.ErrNobody):
		r.warnOnce("nobody", fmt.Sprintf("git does not know who you are; entries are signed %s <%s>. Tell it: git config --global user.name … and user.email …", known.Name, known.Email))
	case err != nil:
		r.warn(fmt.Sprintf("git could not be asked who you are (%v); signed %s <%s>", err, known.Name, known.Email))
	}
	return known, committer
}

// Me is who writes, as an entry is signed; told is the flag that says so, or "".
func (r *Record) Me(ctx context.Context, told string) incident.Person {
	author, _ := r.author(ctx, told)
	return incident.Person(author)
}

// nobody names the user as the system does.
func (r *Record) nobody() gitstore.Identity {
	user := tidyName(r.user())
	if user == "" {
		user = "user"
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return gitstore.Identity{Name: user, Email: strings.ReplaceAll(user, " ", ".") + "@" + host}
}

// tidy makes an identity that git, an entry and a line on a screen can hold, so that an odd name never
// keeps anybody from writing.
func tidy(id gitstore.Identity) gitstore.Identity {
	id = gitstore.Identity{Name: tidyName(id.Name), Email: tidyName(id.Email)}
	if id.Name == "" {
		id.Name = "user"
	}
	return id
}

func tidyName(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "<", ""), ">", "")
	return strings.Trim(oneLine(s), " .,;:'\"\\") // what git drops at the ends
}

// oneLine makes of any words a value of one line that an entry can hold: what would break the line or
// disguise it becomes visible, what is too long is cut.
func oneLine(s string) string {
	if utf8.ValidString(s) && plain(s) && utf8.RuneCountInString(s) <= incident.MaxLine {
		return s // as nearly all are
	}
	s, _ = incident.EscapeControls(strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ").Replace(s))
	var b strings.Builder
	n := 0
	for _, r := range s {
		part := string(r)
		if unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' || r == '\ufeff' {
			part = fmt.Sprintf(`\u%04x`, r)
		}
		if n += utf8.RuneCountInString(part); n > incident.MaxLine {
			break
		}
		b.WriteString(part)
	}
	return strings.TrimSpace(b.String())
}
