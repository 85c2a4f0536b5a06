package terminal

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// JSONSafe spells out, as \u escapes, what [Safe] would make visible: the values stay the same, and the
// bytes can be printed on a terminal. It takes valid JSON, in which such runes are found in strings alone.
func JSONSafe(b []byte) []byte { return []byte(rewrite(string(b), harmful, jsonEscape)) }

func jsonEscape(r rune, _ string) string {
	if r == '\r' { // valid JSON holds a raw one only between values, where a blank means the same
		return " "
	}
	if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r) // U+FFFD for a byte that is not UTF-8: every decoder reads it so
}
