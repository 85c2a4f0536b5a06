package postmortem

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"incident/pkg/incident"
	"incident/pkg/pattern"
)

// Words from the record are data. Three functions bring them into a document, and nothing else does:
// inline for one line, excerpt for the beginning of a text, quote for a whole text.

// inline makes s one line that Markdown shows literally, wherever in a line it is put.
func inline(s string) string {
	s, _ = head(s, incident.MaxLine)
	s = strings.Join(strings.Fields(visible(s)), " ")
	s, _ = cut(s, incident.MaxLine)
	return literal(s)
}

// excerpt is the first paragraph of a text, or its beginning, as one line that Markdown shows literally, and
// whether that is not all of it. Fences around pasted output are left out.
func excerpt(s string, limit int) (_ string, more bool) {
	s, more = head(s, limit)
	var words []string
	for line := range strings.Lines(visible(s)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 0 && len(words) > 0:
			short, _ := cut(strings.Join(words, " "), limit)
			return literal(short), true
		case !fenceLine.MatchString(line):
			words = append(words, fields...)
		}
	}
	short, cutOff := cut(strings.Join(words, " "), limit)
	return literal(short), more || cutOff
}

// head is as much of s as can matter to its first limit characters: of a long text that is work enough.
func head(s string, limit int) (string, bool) {
	if far := limit * utf8.UTFMax * 2; len(s) > far {
		return strings.ToValidUTF8(s[:far], ""), true
	}
	return s, false
}

var fenceLine = pattern.New("^[ \t]*(```|~~~)[^`]*$")

// cut shortens s to at most limit characters, at the end of a word if there is one, and says whether it did.
func cut(s string, limit int) (string, bool) {
	if len(s) <= limit {
		return s, false
	}
	n := 0
	for i := range s {
		if n++; n > limit {
			short := s[:i]
			if blank := strings.LastIndexByte(short, ' '); blank > i/2 {
				short = short[:blank]
			}
			return strings.TrimRight(short, " ,;:") + " …", true
		}
	}
	return s, false
}

// literal escapes what Markdown or HTML would take as more than the character itself; only `code` stays code.
// "<" becomes an entity and not `\<`, so that no program which looks for the text of a marker finds it in data.
func literal(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	lead := len(s) - len(strings.TrimLeft(s, "0123456789"))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '`':
			if code := codeSpan.FindStringSubmatch(s[i:]); code != nil && !strings.HasSuffix(s[:i], "`") {
				b.WriteString(code[1])
				i += len(code[1]) - 1
				continue
			}
			b.WriteByte('\\')
		case '<':
			b.WriteString("&lt;")
			continue
		case '>':
			if strings.HasSuffix(s[:i], "--") || strings.HasSuffix(s[:i], "--!") {
				b.WriteString("&gt;")
				continue
			}
			if i == 0 {
				b.WriteByte('\\')
			}
		case '\\', '*', '[', ']', '|', '~':
			b.WriteByte('\\')
		case '_':
			if !between(s, i) {
				b.WriteByte('\\')
			}
		case '&':
			if entity.MatchString(s[i:min(len(s), i+40)]) {
				b.WriteByte('\\')
			}
		case '#', '+', '-', '=':
			if i == 0 && (c == '#' || ends(s, 1, "+-=")) {
				b.WriteByte('\\')
			}
		case '.', ')':
			if i == lead && i > 0 && ends(s, i+1, "") {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// codeSpan is code in one pair of backticks that nothing but a backtick can end.
var codeSpan = pattern.New("^(`[^`<>|\\\\&]+`)(?:[^`]|$)")

// ends reports whether s is over at i, or goes on with a blank or one of more.
func ends(s string, i int, more string) bool {
	return i >= len(s) || s[i] == ' ' || strings.IndexByte(more, s[i]) >= 0
}

var entity = pattern.New(`^&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[a-zA-Z][a-zA-Z0-9]{1,31});`)

// between reports whether a letter or digit stands on both sides of s[i]: there "_" is no emphasis.
func between(s string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:i])
	after, _ := utf8.DecodeRuneInString(s[i+1:])
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return word(before) && word(after)
}

// quote makes a text a block quote, at most limit bytes of it, and says whether that is not all. Emphasis,
// links and lists stay as they were written. HTML, images, headings, rules, fences and definitions of links
// become the characters that they are made of: these would be more than words in the middle of a document.
func quote(s string, limit int) (_ Quote, more bool) {
	if len(s) > limit {
		s, more = strings.ToValidUTF8(s[:limit], ""), true
	}
	s = strings.Trim(visible(s), "\n")
	if strings.TrimSpace(s) == "" {
		return "", more
	}
	if more {
		s += " …"
	}
	var b strings.Builder
	blank := false
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" {
			blank = true
			continue
		}
		if blank {
			b.WriteString(">\n")
		}
		blank = false
		b.WriteString("> " + tame(line) + "\n")
	}
	return Quote(strings.TrimSuffix(b.String(), "\n")), more
}

var (
	// containers are what may stand before the content of a line: quotes and list items, nested.
	containers = pattern.New(`^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]))*[ \t]*`)
	// rule is a line that makes a heading of the line before it, or a line across.
	rule = pattern.New(`^(?:=+|-+|(?:[-*_][ \t]*){3,})$`)
	// link is a link in the text; what else begins with "[" may go on to define one for the whole document.
	link     = pattern.New(`^\[[^\[\]]*\]\(`)
	fence    = pattern.New("^(?:`{3,}|~{3,})")
	markup   = pattern.New(`<([A-Za-z/!?])`)
	closings = strings.NewReplacer("-->", "--&gt;", "--!>", "--!&gt;", "![", `!\[`)
)

// tame takes from one line of Markdown what must not work inside a quote.
func tame(line string) string {
	line = markup.ReplaceAllString(line, "&lt;$1")
	line = closings.Replace(line)
	if rule.MatchString(strings.TrimSpace(line)) { // before the containers, for "- - -" looks like three of them
		at := strings.IndexAny(line, "=-*_")
		return line[:at] + `\` + line[at:]
	}
	lead := containers.FindString(line)
	rest := line[len(lead):]
	switch {
	case strings.HasPrefix(rest, "#"), strings.HasPrefix(rest, "[") && !link.MatchString(rest), rule.MatchString(rest):
		return lead + `\` + rest
	case fence.MatchString(rest):
		n := len(fence.FindString(rest))
		return lead + strings.Repeat(`\`+rest[:1], n) + rest[n:]
	}
	return line
}

// visible spells out whatever could reorder or hide text (`\x1b`, `\u202e`; a byte that is not UTF-8 as
// `\xff`). Newlines stay, CRLF becomes one, a tab becomes a blank.
func visible(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || r != '\n' && hidden(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	var b strings.Builder
	b.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\t':
			b.WriteByte(' ')
		case r == '\n' || !hidden(r):
			b.WriteString(s[i : i+n])
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		i += n
	}
	return b.String()
}

// hidden reports whether r cannot be seen as itself. The rule is that of the terminal.
func hidden(r rune) bool {
	switch {
	case r < ' ':
		return true
	case r < 0x7f:
		return false
	case r < 0xa0:
		return true
	case r == '\ufe0e', r == '\ufe0f': // choose between the text and the emoji form of what precedes
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Noncharacter_Code_Point,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
