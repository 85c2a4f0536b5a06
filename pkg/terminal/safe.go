package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe makes text of unknown origin harmless on a terminal: whatever could move the cursor, switch
// colours, reorder or hide text is spelled out (`\x1b`, `\u202e`, `\U000e0041`; a byte that is not UTF-8
// as `\xff`). Newlines and tabs stay, CRLF becomes a newline. Text that needs nothing is returned as it is.
func Safe(s string) string {
	return rewrite(strings.ReplaceAll(s, "\r\n", "\n"), harmful, visible)
}

// SafeLine is [Safe] for what must stay on one line, a title or a table's cell: newlines and tabs become
// blanks.
func SafeLine(s string) string { return oneLine.Replace(Safe(s)) }

var oneLine = strings.NewReplacer("\n", " ", "\t", " ")

// harmful reports whether r can do more on a terminal than be seen as itself. That zero-width joiners are
// among them costs some emoji their shape; text that nobody can see costs more.
func harmful(r rune) bool {
	switch {
	case r < ' ':
		return r != '\n' && r != '\t'
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true
	case r == '\ufe0e', r == '\ufe0f': // choose between the text and the emoji form of what precedes
		return false
	}
	return unicode.In(r,
		unicode.Cf, unicode.Zl, unicode.Zp, // bidirectional controls, zero-width characters, tags, line separators
		unicode.Co, // private use: what it shows depends on the font
		unicode.Noncharacter_Code_Point,
		unicode.Other_Default_Ignorable_Code_Point, // fillers that show nothing
		unicode.Variation_Selector,                 // invisible too, and there are enough of them to hide a message
	)
}

// visible spells out a harmful rune; raw is how it lay in the text.
func visible(r rune, raw string) string {
	switch {
	case r == utf8.RuneError:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r < utf8.RuneSelf:
		return fmt.Sprintf(`\x%02x`, r)
	case r <= 0xffff:
		return fmt.Sprintf(`\u%04x`, r)
	default:
		return fmt.Sprintf(`\U%08x`, r)
	}
}

// rewrite replaces the bad runes of s, and every byte that is not UTF-8, by what spell makes of them.
func rewrite(s string, bad func(rune) bool, spell func(r rune, raw string) string) string {
	i, n := find(s, bad)
	if n == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	for ; n > 0; i, n = find(s, bad) {
		r, _ := utf8.DecodeRuneInString(s[i:])
		b.WriteString(s[:i])
		b.WriteString(spell(r, s[i:i+n]))
		s = s[i+n:]
	}
	b.WriteString(s)
	return b.String()
}

// find returns where the first bad rune of s starts and how many bytes it has: 0 where there is none. What ASCII can
// print is never bad.
func find(s string, bad func(rune) bool) (start, size int) {
	for i := 0; i < len(s); {
		if s[i] >= ' ' && s[i] <= '~' { // nearly all there is
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || bad(r) {
			return i, n
		}
		i += n
	}
	return len(s), 0
}
