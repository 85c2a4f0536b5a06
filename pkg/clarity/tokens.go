package clarity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a text: letters and digits, with _ . / ' + and - between them.
type token struct {
	start, end int
	word       string // in lower case, with straight apostrophes
	raw        string
	known      bool // its readers know it
	ends       bool // its sentence ends with it
}

// tokenize finds the words of a text. It leaves out what is no prose: addresses, code, and the messages of
// errors that customers see, which are quoted so that they recognise them.
func tokenize(text string) []token {
	var list []token
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '`':
			i = afterCode(text, i)
		case r == '"' || r == '“':
			i = afterQuote(text, i, size, list)
		case isWord(r):
			end := wordEnd(text, i)
			if skip := afterAddress(text, i, end); skip > 0 {
				i = skip
				continue
			}
			raw := text[i:end]
			list = append(list, token{start: i, end: end, raw: raw, word: strings.ReplaceAll(strings.ToLower(raw), "’", "'")})
			i = end
		default:
			if len(list) > 0 && endsSentence(text, i, r) {
				list[len(list)-1].ends = true
			}
			i += size
		}
	}
	return list
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

// wordEnd is where the word that begins at i ends.
func wordEnd(text string, i int) int {
	end := i
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !isWord(r) {
			next, _ := utf8.DecodeRuneInString(text[end+size:])
			if !strings.ContainsRune("_./'’+-", r) || !isWord(next) {
				break
			}
		}
		end += size
	}
	return end
}

func endsSentence(text string, i int, r rune) bool {
	switch r {
	case '\n', ';':
		return true
	case '.', '!', '?', '…', '。':
		next, size := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		return size == 0 || unicode.IsSpace(next)
	}
	return false
}

// afterAddress is where the web or mail address ends whose first word lies from i to end, 0 if it is none.
func afterAddress(text string, i, end int) int {
	word, rest := strings.ToLower(text[i:end]), text[end:]
	isMail := strings.HasPrefix(rest, "@") && len(rest) > 1 && rest[1] > ' '
	if !isMail && !strings.HasPrefix(rest, "://") && !strings.HasPrefix(word, "www.") {
		return 0
	}
	if n := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("<>()\"", r) }); n >= 0 {
		return end + n
	}
	return len(text)
}

// afterCode is where the code ends that begins with the backticks at i; without an end they are no code.
func afterCode(text string, i int) int {
	n := len(text[i:]) - len(strings.TrimLeft(text[i:], "`"))
	if end := strings.Index(text[i+n:], text[i:i+n]); end >= 0 {
		return i + n + end + n
	}
	return i + n
}

// showing are words before a quoted message.
var showing = []string{"error", "errors", "message", "messages", "says", "say", "saying", "show", "shows", "showing", "shown", "see", "sees", "read", "reads", "reading", "display", "displays", "displaying", "with"}

// afterQuote is where the quoted message ends that begins at i. Any other quotation is prose.
func afterQuote(text string, i, size int, before []token) int {
	last := before[max(0, len(before)-3):]
	if !slices.ContainsFunc(last, func(t token) bool { return slices.Contains(showing, t.word) }) {
		return i + size
	}
	end := strings.IndexAny(text[i+size:], "\"”\n")
	if end < 0 || text[i+size+end] == '\n' {
		return i + size
	}
	_, n := utf8.DecodeRuneInString(text[i+size+end:])
	return i + size + end + n
}

// matches reports whether the text begins with the words; the last may be in the plural.
func matches(text, words []token) bool {
	if len(text) < len(words) {
		return false
	}
	for i, w := range words {
		plural := i == len(words)-1 && len(w.word) >= 3 && text[i].word == w.word+"s"
		if text[i].word != w.word && !plural || i > 0 && text[i-1].ends {
			return false
		}
	}
	return true
}

// english reports whether the text is in English, as far as its most frequent words tell.
func english(tokens []token) bool {
	if len(tokens) < 6 {
		return true
	}
	n := 0
	for _, t := range tokens {
		if slices.Contains(frequent, t.word) {
			n++
		}
	}
	return n*12 >= len(tokens)
}

// frequent are words that hardly an English sentence does without, and that other languages do not share.
var frequent = []string{"the", "is", "are", "and", "to", "of", "we", "for", "it", "not", "be", "on", "with", "that", "this", "our", "has", "have", "by", "from", "you", "your", "can", "will"}
