package clarity

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// terms finds words of the glossary, each term once. "BGP is down" fails a customer; "the routing
// information that tells the internet how to reach us is wrong" does not. What is part of a component's name
// is the customers' own word.
func (k *checker) terms() {
	g := k.Glossary
	if g == nil {
		g = BuiltIn()
	}
	told := map[string]bool{}
	for i := 0; i < len(k.tokens); {
		t, n := g.longest(k.tokens[i:])
		if n == 0 {
			i++
			continue
		}
		known := !slices.ContainsFunc(k.tokens[i:i+n], func(t token) bool { return !t.known && !slices.Contains(k.names, t.word) })
		for j := i; j < i+n; j++ {
			k.tokens[j].known = true // no second finding on it
		}
		if said := k.said(i, i+n); !known && !t.Allowed && !told[t.Term] {
			told[t.Term] = true
			rule, message := "jargon/insider", quote(said)+" says little outside engineering"
			if t.Hard {
				rule, message = "jargon/term", quote(said)+" is jargon"
			}
			k.find(rule, i, i+n, message, quote(t.Plain))
		}
		i += n
	}
}

// identifiers finds names that mean something inside only: db-7, checkout_api, 10.1.2.3, OPS-123, v2.4.1,
// /var/log/app. Near misses are words with a number of their own: COVID-19, step-2, iPhone, 24/7.
func (k *checker) identifiers() {
	for i, t := range k.tokens {
		if !t.known && (isIdentifier(t.raw) || t.start > 0 && isPath(k.text, t.start-1, t.raw)) {
			k.tokens[i].known = true
			k.find("jargon/identifier", i, i+1, quote(t.raw)+" is an internal name", "say what it does")
		}
	}
}

func isIdentifier(s string) bool {
	return isMachine(s) || isTicket(s) || isCommit(s) || isNumeric(s) || isCode(s)
}

// isCode finds snake_case, camelCase, and names of inner domains.
func isCode(s string) bool {
	if i := strings.IndexByte(s, '_'); i > 0 && i < len(s)-1 {
		return true
	}
	for _, inner := range []string{".internal", ".local", ".svc", ".cluster"} {
		if strings.HasSuffix(s, inner) {
			return true
		}
	}
	for i := 2; i+1 < len(s); i++ { // two small letters first: iPhone and eBay are names that people know
		if isUpper(s[i]) && isLower(s[i-1]) && isLower(s[i+1]) && isLower(s[0]) && isLower(s[1]) && isPlain(s) {
			return true
		}
	}
	return false
}

// counted are words that people count with a hyphen.
var counted = []string{"covid", "top", "step", "version", "option", "phase", "part", "level", "under", "over", "age", "mid", "pre", "post", "type", "class", "plan", "zone", "terminal", "gate", "platform", "group", "line", "room", "formula"}

// isMachine finds db-7, edge-3a and sev1.
func isMachine(s string) bool {
	low := strings.ToLower(s)
	if digits := strings.TrimLeft(strings.TrimPrefix(low, "sev"), "-"); strings.HasPrefix(low, "sev") && len(digits) == 1 && isDigit(digits[0]) {
		return true
	}
	i := strings.LastIndexByte(s, '-')
	if i < 1 || s != low || !isLower(s[0]) || !isPlain(strings.ReplaceAll(s, "-", "")) || slices.Contains(counted, s[:i]) {
		return false
	}
	end := strings.TrimLeft(s[i+1:], "0123456789")
	return end != s[i+1:] && (end == "" || len(end) == 1)
}

// isTicket finds OPS-123.
func isTicket(s string) bool {
	project, number, ok := strings.Cut(s, "-")
	return ok && len(project) >= 2 && len(project) <= 8 && strings.Trim(project, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
		number != "" && strings.Trim(number, "0123456789") == "" && !slices.Contains([]string{"COVID", "UTC", "GMT"}, project)
}

// isCommit finds the names of commits and images: 7 to 40 hexadecimal digits, letters among them.
func isCommit(s string) bool {
	return len(s) >= 7 && len(s) <= 40 && strings.Trim(s, "0123456789abcdef") == "" &&
		strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "abcdef")
}

// isNumeric finds versions with a v, and addresses of machines.
func isNumeric(s string) bool {
	if v, ok := strings.CutPrefix(s, "v"); ok && strings.Contains(v, ".") {
		return strings.Trim(v, "0123456789.") == ""
	}
	address, _, _ := strings.Cut(s, "/")
	return strings.Count(address, ".") == 3 && strings.Trim(address, "0123456789.") == ""
}

// isPath reports whether the word after the slash at i is a path: /var/log.
func isPath(text string, i int, word string) bool {
	begins := i == 0 || text[i-1] == ' ' || text[i-1] == '\n'
	return text[i] == '/' && begins && strings.Contains(word, "/")
}

func isPlain(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 || !isLower(byte(r)) && !isUpper(byte(r)) && !isDigit(byte(r)) })
}

func isUpper(b byte) bool { return 'A' <= b && b <= 'Z' }
func isLower(b byte) bool { return 'a' <= b && b <= 'z' }
func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// everyday are abbreviations that readers know.
const everyday = " UTC GMT CET CEST EET WET PST PDT EST EDT CST IST BST AM PM USA US UK EU UAE CA OK ID IDs FAQ PDF CSV TV SMS PIN ATM GPS USB PC PCs CEO II III IV KB MB GB TB KM HQ IT VIP QR WIFI NHS VAT IBAN ASAP Q1 Q2 Q3 Q4 "

// acronyms finds abbreviations that are neither known nor written out where they first stand: "the NIC
// failed". Near misses: "the tax office (HMRC)", "PDF", a text that shouts.
func (k *checker) acronyms() {
	upper, small := 0, 0
	for _, t := range k.tokens {
		if strings.ToUpper(t.raw) == t.raw {
			upper++
		} else {
			small++
		}
	}
	if upper > small {
		return
	}
	told := map[string]bool{}
	for i, t := range k.tokens {
		name := strings.TrimSuffix(t.raw, "s")
		if t.known || told[name] || !isAcronym(name) || strings.Contains(everyday, " "+t.raw+" ") || strings.Contains(everyday, " "+name+" ") {
			continue
		}
		told[name] = true // also when it is written out: then it is known from here on
		open := i > 0 && strings.HasPrefix(k.text[t.start-1:], "(")
		if open || strings.HasPrefix(k.text[t.end:], " (") {
			continue
		}
		k.find("jargon/acronym", i, i+1, quote(t.raw)+" is not explained", "write it out once, or leave it out")
	}
}

func isAcronym(s string) bool {
	return len(s) >= 2 && len(s) <= 7 && isUpper(s[0]) && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" &&
		strings.ContainsAny(s[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// Limits of what is read with ease.
const (
	longSentence       = 40 // words
	longSentenceStrict = 25
	fewWords           = 30 // too few for a measure
	hardEase           = 30 // Flesch, R.: A new readability yardstick (1948): below it, "very difficult"
)

// readability finds sentences that are too long, and a text that is hard as a whole.
func (k *checker) readability() {
	limit := longSentence
	if k.Strict {
		limit = longSentenceStrict
	}
	words, sentences, syllables, first := 0, 0, 0, 0
	for i, t := range k.tokens {
		words++
		syllables += countSyllables(t.word)
		if !t.ends && i != len(k.tokens)-1 {
			continue
		}
		sentences++
		if n := i + 1 - first; n > limit {
			k.find("jargon/long-sentence", first, i+1, fmt.Sprintf("a sentence of %d words", n), "split it; one thought a sentence")
		}
		first = i + 1
	}
	if words < fewWords {
		return
	}
	ease := 206.835 - 1.015*float64(words)/float64(sentences) - 84.6*float64(syllables)/float64(words)
	if ease < hardEase {
		k.find("jargon/hard-to-read", 0, len(k.tokens), fmt.Sprintf("hard to read: reading ease %.0f of 100", max(0, ease)), "shorter words and sentences")
	}
}

// countSyllables estimates the syllables of an English word: groups of vowels, without a silent e.
func countSyllables(word string) int {
	n, within := 0, false
	for _, r := range word {
		vowel := strings.ContainsRune("aeiouy", unicode.ToLower(r))
		if vowel && !within {
			n++
		}
		within = vowel
	}
	if n > 1 && strings.HasSuffix(word, "e") && !strings.HasSuffix(word, "le") {
		n--
	}
	return max(n, 1)
}
