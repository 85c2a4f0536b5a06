package record

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
)

// What the domain lets through is written and comes back unchanged: no text is damaged, none is refused.
func FuzzEntryRoundTrip(f *testing.F) {
	f.Add("\n  ---\nschema: 1\n\u2028", "true")
	f.Add("# heading", "- x: 'y' #z")
	f.Add("\ufeff", "\u00a0\u200b")
	f.Fuzz(func(t *testing.T, text, line string) {
		e := withLine(line)
		e.Text = text
		e = normal(e)
		raw, err := encode(e)
		if checked := e.Check(); checked != nil {
			require.Error(t, err)
			require.True(t, errors.Is(err, incident.ErrInvalid) || errors.Is(err, incident.ErrAudience))
			return
		}
		require.NoError(t, err)
		require.Equal(t, e, decode(e.Name, raw))
	})
}

// said is all that the problem of an entry may say: nothing of the file.
var said = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`(?:it|its front matter) is larger than \d+ bytes: invalid`,
	`it is not UTF-8: invalid`,
	`it does not begin with front matter: invalid`,
	`its front matter does not end: invalid`,
	`front matter: invalid: (?:no valid YAML|line \d+(?:, line \d+)*)`,
	`front matter is no mapping: invalid`,
	`front matter with (?:aliases|too many fields): invalid`,
	`front matter: more than one document: invalid`,
	`front matter has no (?:kind|schema that is known): invalid`,
	`it has schema \d+, made by a newer version of incident; this one knows 1: invalid`,
	`its name says note-internal, its front matter [a-z-]+: invalid`,
}, "|") + `)$`)

// Whatever bytes a file holds: reading it ends in an entry, or in a problem that quotes nothing.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("---\nschema: 1\nkind: note\nnext: none\nshare: .nan\ntags: [~, 1]\n---\n"))
	for _, e := range samples {
		raw, err := encode(e)
		require.NoError(f, err)
		f.Add(raw)
	}
	name := sample(incident.Entry{Kind: incident.Note}).Name
	f.Fuzz(func(t *testing.T, raw []byte) {
		before := string(raw)
		e := decode(name, raw)
		require.Equal(t, before, string(raw))
		require.Equal(t, decodeBy(yamlHeader, name, raw), e)
		require.Equal(t, name, e.Name)
		if e.Kind == incident.Unreadable {
			require.Error(t, e.Problem)
			require.Regexp(t, said, e.Problem.Error())
			return
		}
		require.NoError(t, e.Problem)
		incident.Fold("20261123-x", []incident.Entry{e})
		again, err := encode(e)
		if err != nil {
			return // made by hand, and not as we would
		}
		require.Equal(t, e, decode(name, again))
	})
}
