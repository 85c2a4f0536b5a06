package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

// Edit lets a person edit the file path and returns when the editor ends. Editor is a command line as in
// $EDITOR (`code --wait`) and is run the way git does it.
//
// Once the editor runs, the end of ctx does not stop it: the interrupt may be its own (C-g in Emacs is
// one), and it holds words that are not saved yet.
func Edit(ctx context.Context, editor, path string, s Streams) error {
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	if !IsTerminal(s.Out) && IsTerminal(s.Err) {
		s.Out = s.Err // our output goes into a file or pipe; an editor must not draw there
	}
	argv := editorCommand(runtime.GOOS, editor, path)
	if argv == nil {
		return errors.New("no editor is set")
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.In, s.Out, s.Err
	defer keepMode(s.In)() // an editor that crashes leaves the terminal raw

	// Without this, an interrupt meant for the editor would end us, and two programs read one terminal.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt, syscall.SIGQUIT)
	defer signal.Stop(interrupts)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("editor %q: %w", editor, err)
	}
	return nil
}

// editorCommand returns the program and arguments that open path in editor.
func editorCommand(goos, editor, path string) []string {
	if strings.TrimSpace(editor) == "" {
		return nil
	}
	if goos != "windows" {
		// The trap keeps the shell there through an interrupt that the editor handles; it is not inherited.
		return []string{"sh", "-c", `trap : INT QUIT; ` + editor + ` "$@"`, editor, path}
	}
	return append(splitWindows(editor), path)
}

// splitWindows splits a command at the blanks outside double quotes. A backslash is part of a path there,
// not an escape, and the path of a program may have blanks without quotes: C:\Program Files\Vim\gvim.exe -f.
func splitWindows(command string) []string {
	var words []string
	if i := strings.Index(strings.ToLower(command)+" ", ".exe "); i > 0 && !strings.Contains(command[:i], `"`) {
		words, command = append(words, command[:i+len(".exe")]), command[i+len(".exe"):]
	}
	var word strings.Builder
	quoted, started := false, false
	for _, r := range command + " " {
		switch {
		case r == '"':
			quoted, started = !quoted, true
		case quoted || r != ' ' && r != '\t':
			word.WriteRune(r)
			started = true
		case started:
			words, started = append(words, word.String()), false
			word.Reset()
		}
	}
	return words
}
