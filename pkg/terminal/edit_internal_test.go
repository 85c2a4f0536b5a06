package terminal

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Inside the package because the command for Windows must be right on every system that we test on.
func TestEditorCommand(t *testing.T) {
	const path = `C:\Users\Ana Lima\note.md`
	for _, tt := range []struct {
		rule, goos, editor string
		want               []string
	}{
		{"the shell takes the command apart, never the path", "linux", "code --wait", []string{"sh", "-c", `trap : INT QUIT; code --wait "$@"`, "code --wait", path}},
		{"Windows: a program", "windows", "notepad", []string{"notepad", path}},
		{"Windows: a program with arguments", "windows", "code  --wait", []string{"code", "--wait", path}},
		{"Windows: quotes hold a path together", "windows", `"C:\Program Files\Vim\gvim.exe" -f`, []string{`C:\Program Files\Vim\gvim.exe`, "-f", path}},
		{"Windows: a path may come without quotes", "windows", `C:\Program Files\Vim\gvim.EXE -f "a b"`, []string{`C:\Program Files\Vim\gvim.EXE`, "-f", "a b", path}},
		{"Windows: a path without quotes, alone", "windows", `C:\Program Files\Vim\gvim.exe`, []string{`C:\Program Files\Vim\gvim.exe`, path}},
		{"Windows: an empty argument is one", "windows", `vim ""`, []string{"vim", "", path}},
		{"Windows: quotes within a word", "windows", `vim --cmd="set tw=72"`, []string{"vim", "--cmd=set tw=72", path}},
		{"no editor is none", "linux", " ", nil},
		{"no editor is none on Windows", "windows", "", nil},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, editorCommand(tt.goos, tt.editor, path)) })
	}
}
