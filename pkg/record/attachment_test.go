package record_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/record"
)

func TestAttachments(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("../.gitconfig", "[core]\n\tautocrlf = true\n\tsafecrlf = true\n")
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	binary := "\x00\x01\r\n\n\r\xff text\r\n"
	w := note(id, "Evidence.")
	w.Attach = []record.NewAttachment{
		{Name: "Graph of today.PNG", Data: []byte(binary)}, {Name: "log.txt", Data: []byte("a\r\nb\n")}, {Name: "log.txt", Data: nil}, {Name: "日本", Data: []byte("x")},
	}
	done := b.write(r, w)
	suffix := done.Entry.Suffix()
	var names []string
	for _, a := range done.Entry.Attachments {
		names = append(names, a.File)
	}
	require.Equal(t, []string{suffix + "-graph-of-today.png", suffix + "-2-log.txt", suffix + "-3-log.txt", suffix + "-4-ri-ben"}, names)
	require.Equal(t, "Graph of today.PNG", done.Entry.Attachments[0].Name)
	require.Equal(t, int64(len(binary)), done.Entry.Attachments[0].Size)
	require.Equal(t, done.Entry, b.incident(r, id).Timeline[1])
	b.requireSound()

	for _, crlf := range []string{"true", "input", "false"} {
		clone := b.in("../clone-" + crlf)
		b.git("clone", "--quiet", "--config", "core.autocrlf="+crlf, "--config", "core.eol=crlf", b.dir, clone.dir)
		dir := "incidents/2026/11/23/checkout-errors/"
		require.Equal(t, binary, clone.read(dir+"attachments/"+names[0]))
		require.Equal(t, "a\r\nb\n", clone.read(dir+"attachments/"+names[1]))
		require.NotContains(t, clone.read(record.PathOf(id, done.Entry.Name)), "\r")
		clone.requireSound()
		clone.write(clone.open(), note(id, "more"))
		clone.requireSound()
	}
}

func TestAttachmentsOfHostileNames(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	r := b.init()
	id := b.write(r, opening("Checkout errors")).Incident.ID
	for _, name := range []string{"../../../../../x", "/etc/passwd", ".git", "-rf", "con", "a\\b:c", "x\u200bgnp.exe", strings.Repeat("x", incident.MaxLine)} {
		w := note(id, "Evidence "+name)
		w.Attach = []record.NewAttachment{{Name: name, Data: []byte(name)}}
		done := b.write(r, w)
		require.Equal(t, name, done.Entry.Attachments[0].Name)
		require.True(t, done.Entry.Attachments[0].Plain())
		require.Equal(t, name, b.read("incidents/2026/11/23/checkout-errors/attachments/"+done.Entry.Attachments[0].File))
	}
	b.requireSound()
}

func TestReadAttachment(t *testing.T) {
	t.Parallel()
	b := newBox(t)
	b.file("a\x1bb.txt", "data")
	b.file("x\u202egnp\n.exe", "data")
	b.file("empty", "")
	b.file("largest", strings.Repeat("x", incident.MaxAttachment))
	b.file("larger", strings.Repeat("x", incident.MaxAttachment+1))
	require.NoError(t, os.Symlink("empty", filepath.Join(b.dir, "link")))
	for _, tt := range []struct {
		file, says string
		want       error
	}{
		{".", "is a folder", incident.ErrInvalid},
		{"link", "is a link", incident.ErrInvalid},
		{"larger", "10 MiB", incident.ErrInvalid},
		{"none", "no file", record.ErrNotFound},
		{"", "is a folder", incident.ErrInvalid},
	} {
		_, err := record.ReadAttachment(filepath.Join(b.dir, tt.file))
		require.ErrorIs(t, err, tt.want, tt.file)
		require.Contains(t, err.Error(), tt.says)
		require.NotEmpty(t, remedy(err))
	}
	for file, name := range map[string]string{"a\x1bb.txt": `a\x1bb.txt`, "empty": "empty", "largest": "largest", "x\u202egnp\n.exe": `x\u202egnp .exe`} {
		a, err := record.ReadAttachment(filepath.Join(b.dir, file))
		require.NoError(t, err)
		require.Equal(t, name, a.Name)
	}
	if info, err := os.Lstat("/dev/null"); err == nil && !info.Mode().IsRegular() {
		_, err := record.ReadAttachment("/dev/null")
		require.ErrorIs(t, err, incident.ErrInvalid)
	}
}
