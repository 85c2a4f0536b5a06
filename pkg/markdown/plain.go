package markdown

import "unicode"

// plain reports whether a text is one paragraph of nothing but words, which Markdown leaves as it is. Most updates are, and
// need not be parsed; a fuzz test holds this to what the parser makes of them.
func plain(said string) bool {
	before := rune('\n')
	for _, r := range said {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
		case before == '\n':
			return false // what a line begins with may make it something else
		case r >= '0' && r <= '9', r == ',', r == '.', r == ';', r == ':', r == '?', r == '(', r == ')', r == '\'', r == '%', r == '/', r == '-':
		case r == ' ' && before != ' ':
		case r > unicode.MaxASCII && r != unicode.ReplacementChar && unicode.IsLetter(r):
		default:
			return false
		}
		before = r
	}
	return before != '\n' && before != ' '
}
