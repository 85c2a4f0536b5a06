package incident

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of what one entry may carry.
const (
	MaxText       = 64 << 10 // bytes of a text
	MaxLine       = 200      // characters of a title, headline, name
	MaxAttachment = 10 << 20 // bytes of one attached file
)

// NormalizeText makes a text as it is kept: line ends are \n, no blank lines before or after it, no
// blanks after it. Doing it twice changes nothing more.
func NormalizeText(s string) string {
	if strings.Contains(s, "\r\n") {
		lines := strings.Split(s, "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], "\r") // all of them: a line end that was converted twice is \r\r\n
		}
		s = strings.Join(lines, "\n")
	}
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// EscapeControls makes control characters and bytes that are not UTF-8 visible, as \x1b, and says how
// many there were. Evidence that is piped in holds such things; it must neither be lost nor reach a
// terminal as it is. Use it after [NormalizeText], to which \r\n is no control character.
func EscapeControls(s string) (string, int) {
	n := 0
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if textRune(r, size) {
			b.WriteString(s[i : i+size])
		} else {
			n++
			for _, c := range []byte(s[i : i+size]) {
				b.WriteString(`\x`)
				b.WriteByte("0123456789abcdef"[c>>4])
				b.WriteByte("0123456789abcdef"[c&15])
			}
		}
		i += size
	}
	return b.String(), n
}

// textRune reports whether a text may hold the rune: no control character but newline and tab.
func textRune(r rune, size int) bool {
	return (r != utf8.RuneError || size > 1) && (r == '\n' || r == '\t' || !unicode.IsControl(r))
}

// checkText says why a text cannot be kept. The empty text can.
func checkText(s string) error {
	if len(s) > MaxText {
		return refuse(ErrInvalid, "say it shorter, or attach it as a file: --attach FILE",
			"the text is %d bytes long; at most %d KiB (%d bytes) fit into a note", len(s), MaxText>>10, MaxText)
	}
	line := 1
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if !textRune(r, size) {
			return refuse(ErrInvalid, "remove it; a file can be attached as it is: --attach FILE",
				"line %d of the text holds %q, which is no printable character", line, s[i:i+size])
		}
		if r == '\n' {
			line++
		}
		i += size
	}
	if s != NormalizeText(s) {
		return refuse(ErrInvalid, "", "the text is not in normal form")
	}
	return nil
}

// reorders reports whether a rune breaks a line or shows its letters in another order than they stand: in
// a name that others decide by, that is a disguise. Texts may hold them; terminals show them as escapes.
func reorders(r rune) bool {
	return r == '\u2028' || r == '\u2029' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// checkLine says why s cannot be a title, a name or another value of one line.
func checkLine(what, s string) error {
	switch {
	case strings.TrimSpace(s) == "":
		return refuse(ErrInvalid, "", "the %s is empty", what)
	case s != strings.TrimSpace(s):
		return refuse(ErrInvalid, "", "the %s has blanks around it", what)
	case utf8.RuneCountInString(s) > MaxLine:
		return refuse(ErrInvalid, "say the rest in a note", "the %s is %d characters long; at most %d fit", what, utf8.RuneCountInString(s), MaxLine)
	}
	for i, r := range s {
		_, size := utf8.DecodeRuneInString(s[i:])
		if r == '\n' || r == '\t' || !textRune(r, size) || reorders(r) {
			return refuse(ErrInvalid, "one line of printable characters is needed", "the %s holds %q", what, s[i:i+size])
		}
	}
	return nil
}
