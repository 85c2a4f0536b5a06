package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/gitstore"
	"incident/pkg/record"
)

// Where the disk does not give a file, it is not the file that is wrong.

// tooLong is a name that no disk takes: it fails for everybody, root as well.
var tooLong = strings.Repeat("a", 300)

func TestWhatTheDiskDoesNotGive(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	require.NoError(t, r.Trust(t.Context()))
	b.file(".incident/templates/notes/customer.md", "")
	_, template := r.Template(t.Context(), "notes/"+tooLong)
	_, templates := r.Templates(tooLong)
	_, attachment := record.ReadAttachment(filepath.Join(b.dir, tooLong))
	_, edit := record.Drafts{Dir: filepath.Join(b.dir, tooLong)}.Edit("x", "words")
	_, edited := r.Drafts().Edit(tooLong, "words")
	for what, err := range map[string]error{"template": template, "templates": templates, "attachment": attachment, "edit": edit, "edited": edited} {
		require.ErrorIs(t, err, gitstore.ErrDisk, what)
		require.NotErrorIs(t, err, record.ErrInvalid, what)
		require.Contains(t, err.Error(), tooLong, what)
		require.Contains(t, err.Error(), "file name too long", what)
		require.NotEmpty(t, remedy(err), what)
	}
}

func TestWhatMayNotBeRead(t *testing.T) {
	t.Parallel()
	if os.Getuid() <= 0 {
		t.Skip("root may read everything, and Windows has other rights")
	}
	b := newBox(t)
	r := b.init()
	require.NoError(t, r.Trust(t.Context()))
	require.Empty(t, r.Mistakes)
	const template = ".incident/templates/postmortem.md"
	for _, file := range []string{record.ConfigPath, record.GlossaryPath, template} {
		b.file(file, "terms: []\n")
		require.NoError(t, os.Chmod(filepath.Join(b.dir, file), 0))
	}
	r = b.open()
	_, glossary := r.Glossary()
	require.Len(t, r.Mistakes, 1)
	require.Len(t, glossary, 1)
	_, err := r.Template(t.Context(), "postmortem.md")
	for file, err := range map[string]error{record.ConfigPath: r.Mistakes[0].Unread, record.GlossaryPath: glossary[0].Unread, template: err} {
		require.ErrorIs(t, err, gitstore.ErrDisk, file)
		require.NotErrorIs(t, err, record.ErrInvalid, file)
		require.Contains(t, err.Error(), file)
		require.Contains(t, err.Error(), "permission denied", file)
	}
}
