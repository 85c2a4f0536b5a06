package terminal

import (
	"bytes"
	"slices"

	"incident/pkg/pattern"
)

// keys reads a terminal for survey, a key at a time, so that what is typed ahead waits for its question.
// Ctrl-C and Ctrl-D end the question wherever survey reads, keys that survey does not know are dropped,
// and pasted lines become one line: else the second line of a pasted text would answer the next question.
// On Windows survey reads the console itself, past all this.
type keys struct {
	patient
	waiting []byte // read, not yet taken
	pasting bool
	asked   int   // how often survey asked for the cursor's position and was not told yet
	err     error // once set, the question is over
}

var (
	anySequence = pattern.New(`^\x1b+(?:\[[0-?]*[ -/]*[@-~]|O[@-~]|[^\x1b\[O])`)
	knownKey    = pattern.New(`^\x1b(?:[\[O][ABCDFH]|\[3~)$`) // arrows, home, end, delete
	report      = pattern.New(`\x1b\[\d+;\d+R`)               // the cursor's position
)

const (
	leaving   = "\x03\x04" // Ctrl-C, Ctrl-D
	pasteHead = "\x1b[200~"
	pasteTail = "\x1b[201~"
)

// begin makes ready for a question.
func (k *keys) begin() { k.pasting, k.asked, k.err = false, 0, nil }

// Read returns one key, or the position where survey asked for it.
func (k *keys) Read(p []byte) (int, error) {
	for {
		next := k.key
		if k.asked > 0 {
			next = k.position
		}
		key := next()
		switch {
		case k.err != nil:
			return 0, k.err
		case len(key) > 0:
			return copy(p, key), nil
		}
		k.fill()
	}
}

// Fd lets survey switch the mode of the terminal.
func (k *keys) Fd() uintptr { return k.file.Fd() }

// fill waits for the terminal.
func (k *keys) fill() {
	buf := make([]byte, 1024)
	n, err := k.patient.Read(buf)
	if err != nil {
		k.err = ErrInterrupted // the terminal has gone
	}
	if string(buf[:n]) != "\x1b" { // alone it is the Escape key, which we have no use for
		k.waiting = append(k.waiting, buf[:n]...)
	}
}

// position takes the terminal's answer out of what was typed before it came. A terminal that gives none
// can still be left.
func (k *keys) position() []byte {
	at := report.FindIndex(k.waiting)
	if at == nil {
		if bytes.ContainsAny(k.waiting, leaving) {
			k.err, k.waiting = ErrInterrupted, nil
		}
		return nil
	}
	answer := bytes.Clone(k.waiting[at[0]:at[1]])
	k.waiting = slices.Delete(k.waiting, at[0], at[1])
	k.asked--
	return answer
}

// key takes the next key that survey should see; none where the terminal has to say more.
func (k *keys) key() []byte {
	for len(k.waiting) > 0 && k.err == nil {
		size := 1
		if k.waiting[0] == '\x1b' {
			if size = len(anySequence.Find(k.waiting)); size == 0 {
				return nil
			}
		}
		key := k.waiting[:size]
		k.waiting = k.waiting[size:]
		if key = k.translate(key); key != nil {
			return key
		}
	}
	return nil
}

// translate returns what survey sees of a key, if anything.
func (k *keys) translate(key []byte) []byte {
	c := key[0]
	switch {
	case string(key) == pasteHead, string(key) == pasteTail:
		k.pasting = string(key) == pasteHead
		return nil
	case c == '\x1b' && !knownKey.Match(key):
		return nil
	case c == '\x1b':
		return key
	case bytes.ContainsAny(key, leaving): // within a paste too: its end may have been lost
		k.err = ErrInterrupted
		return nil
	case k.pasting && (c == '\r' || c == '\n' || c == '\t'):
		return []byte(" ")
	case k.pasting && c < ' ':
		return nil
	}
	return key
}
