package clarity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word, or a number with what holds it together: "we're", "14:05", "1,200". Words that are joined by a
// hyphen or a slash are two, so that "fail-over" and "fail over" are the same to all rules.
type token struct {
	start, end int
	low        string // in lower case, with straight apostrophes
	class      class
	code       bool // in a span of code
	quoted     bool // in an error message or the like that is quoted
	named      bool // of a name that customers know
}

// span is a part of the text, or of the tokens.
type span struct{ start, end int }

// scanned is a text as tokens and sentences.
type scanned struct {
	text      string
	tokens    []token
	sentences []span // of tokens
	chunks    []span // of text, between blanks; without code, addresses and what is around words
}

// split is the tokens of a few words, as [scan] sees them.
func split(s string) []string {
	var words []string
	for i := 0; i < len(s); {
		end, next := word(s, i)
		if end > i {
			words = append(words, lower(s[i:end]))
		}
		i = next
	}
	return words
}

func lower(s string) string {
	s = strings.ToLower(s)
	if strings.Contains(s, "’") {
		s = strings.ReplaceAll(s, "’", "'")
	}
	return s
}

// word finds the end of the word that begins at i, and where to go on; at no word, end is i.
func word(s string, i int) (end, next int) {
	r, size := rune(s[i]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(s[i:])
	}
	if !letter(r) {
		return i, i + size
	}
	prev := r
	for end = i + size; end < len(s); {
		r, size = rune(s[end]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[end:])
		}
		if letter(r) {
			prev = r
			end += size
			continue
		}
		if end+size >= len(s) {
			break
		}
		after, _ := utf8.DecodeRuneInString(s[end+size:])
		if !letter(after) || !joins(r, prev, after) {
			break
		}
		end += size
	}
	return end, end
}

// joins reports whether r between two letters or digits keeps them one word.
func joins(r, prev, after rune) bool {
	digits := prev >= '0' && prev <= '9' && after >= '0' && after <= '9'
	switch r {
	case '\'', '’', '_':
		return true
	case '.':
		return digits || !unicode.IsUpper(after) // "fixed.We" lacks a blank
	case ':', ',':
		return digits
	default:
		return false
	}
}

func letter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}

// scan reads a text once. Fenced code, addresses and comments of markup are left out.
func scan(text string) *scanned {
	s := &scanned{text: text, tokens: make([]token, 0, len(text)/5)}
	skip, code := masks(text)
	words := lexicon()
	first, line := 0, 0 // token and byte at which the sentence and the line begin
	stop := func() {
		if len(s.tokens) > first {
			s.sentences = append(s.sentences, span{first, len(s.tokens)})
			first = len(s.tokens)
		}
	}
	for i := 0; i < len(text); {
		for len(skip) > 0 && skip[0].end <= i {
			skip = skip[1:]
		}
		if len(skip) > 0 && i >= skip[0].start {
			i = skip[0].end
			continue
		}
		for len(code) > 0 && code[0].end <= i {
			code = code[1:]
		}
		end, next := word(text, i)
		if end > i {
			low := lower(text[i:end])
			known, listed := words[low]
			if !listed {
				known = words[strings.TrimSuffix(low, "'s")] // "team's"
			}
			s.tokens = append(s.tokens, token{
				start: i, end: end, low: low, class: known | shape(low),
				code: len(code) > 0 && i >= code[0].start,
			})
			i = next
			continue
		}
		switch c := text[i]; {
		case c == '\n':
			if i-line < 50 || breaks(text[i+1:]) {
				stop()
			}
			line = i + 1
		case c == ';', (c == '.' || c == '!' || c == '?') && (next == len(text) || ends(text[next])):
			stop()
		}
		i = next
	}
	stop()
	s.chunk()
	s.quote()
	return s
}

// ends reports whether a byte after a full stop shows that it was one.
func ends(c byte) bool {
	return strings.IndexByte(" \t\n\r\"')]*_!?.", c) >= 0 || c >= utf8.RuneSelf
}

// breaks reports whether a line that begins with rest does not go on with a sentence: it is empty, a heading,
// an item.
func breaks(rest string) bool {
	rest = strings.TrimLeft(rest, " \t")
	return rest == "" || strings.IndexByte("\n\r-*#>|+", rest[0]) >= 0 || rest[0] >= '0' && rest[0] <= '9'
}

// masks finds what is no prose: skip is fenced code and addresses, code the spans of code within lines.
func masks(text string) (skip, code []span) {
	fence, fenced := "", 0
	for at := 0; at < len(text); {
		end := len(text)
		if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		line := text[at:end]
		mark := strings.TrimLeft(line, " ")
		switch {
		case fence != "":
			if strings.HasPrefix(mark, fence) {
				skip = append(skip, span{fenced, end})
				fence = ""
			}
		case strings.HasPrefix(mark, "```"), strings.HasPrefix(mark, "~~~"):
			fence, fenced = mark[:3], at
		default:
			skip = append(skip, addresses(line, at)...)
			code = append(code, ticks(line, at)...)
		}
		at = end
	}
	if fence != "" {
		skip = append(skip, span{fenced, len(text)})
	}
	return skip, code
}

// ticks finds the spans of code of a line.
func ticks(line string, at int) []span {
	var found []span
	for i := strings.IndexByte(line, '`'); i >= 0 && i < len(line); {
		n := strings.IndexByte(line[i+1:], '`')
		if n < 0 {
			break
		}
		found = append(found, span{at + i, at + i + n + 2})
		i += n + 2
		next := strings.IndexByte(line[i:], '`')
		if next < 0 {
			break
		}
		i += next
	}
	return found
}

// addresses finds the web and mail addresses of a line.
func addresses(line string, at int) []span {
	if !strings.Contains(line, "://") && !strings.Contains(line, "@") && !strings.Contains(line, "www.") {
		return nil
	}
	var found []span
	for i := 0; i < len(line); {
		n := strings.IndexAny(line[i:], " \t\n<>()[]")
		if n < 0 {
			n = len(line) - i
		}
		word := line[i : i+n]
		if strings.Contains(word, "://") || strings.HasPrefix(word, "www.") || mail(word) {
			found = append(found, span{at + i, at + i + len(strings.TrimRight(word, ".,;:!?"))})
		}
		i += n + 1
	}
	return found
}

func mail(word string) bool {
	name, host, ok := strings.Cut(word, "@")
	return ok && name != "" && strings.Contains(strings.TrimRight(host, ".,;:!?"), ".")
}

// chunk finds what stands between blanks, trimmed: where names of machines, files and tickets are looked for.
// Only those are kept that hold more than letters, or capitals within.
func (s *scanned) chunk() {
	for i := 0; i < len(s.tokens); {
		first := s.tokens[i]
		last := first
		for i++; i < len(s.tokens) && !strings.ContainsAny(s.text[last.end:s.tokens[i].start], " \t\n\r()[]{}<>\",;|*`="); i++ {
			if s.text[last.end] >= utf8.RuneSelf {
				break
			}
			last = s.tokens[i]
		}
		if first.code {
			continue
		}
		s.chunks = append(s.chunks, span{first.start, last.end})
	}
}

// quote marks what is quoted in a sentence that speaks of a message: what a customer sees on the screen has to be
// named as it stands there.
func (s *scanned) quote() {
	if !strings.ContainsAny(s.text, "\"“”«„") {
		return
	}
	for _, sentence := range s.sentences {
		tokens := s.tokens[sentence.start:sentence.end]
		if !slices.ContainsFunc(tokens, func(t token) bool { return t.class&shown != 0 }) {
			continue
		}
		from, to := tokens[0].start, tokens[len(tokens)-1].end
		if from > 0 {
			_, size := utf8.DecodeLastRuneInString(s.text[:from])
			from -= size
		}
		open, at := false, from
		for i := range tokens {
			if n := quotes(s.text[at:tokens[i].start]); n%2 == 1 {
				open = !open
			}
			at = tokens[i].end
			tokens[i].quoted = open
		}
		if open && quotes(s.text[at:min(to+4, len(s.text))]) == 0 { // never closed: it was no quotation
			for i := range tokens {
				tokens[i].quoted = false
			}
		}
	}
}

func quotes(s string) int {
	n := 0
	for _, r := range s {
		if strings.ContainsRune("\"“”«»„", r) {
			n++
		}
	}
	return n
}
