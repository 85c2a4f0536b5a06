package clarity

import (
	"fmt"
	"strings"
)

// identify finds the chunks of the text that name machines, programs and the like.
func (r *reading) identify() []span {
	var found []span
	at := 0
	for _, c := range r.chunks {
		for at < len(r.tokens) && r.tokens[at].start < c.start {
			at++
		}
		known, quoted := true, false
		for i := at; i < len(r.tokens) && r.tokens[i].end <= c.end; i++ {
			known = known && r.tokens[i].named
			quoted = quoted || r.tokens[i].quoted
		}
		switch {
		case known || quoted:
		case identifier(r.text[c.start:c.end]):
			found = append(found, c)
		case path(r.text, c):
			found = append(found, span{c.start - 1, c.end})
		}
	}
	return found
}

func identifiers(r *reading) []Finding {
	var found []Finding
	seen := map[string]bool{}
	hits := r.terms
	for _, c := range r.internal {
		for len(hits) > 0 && r.tokens[hits[0].end-1].end <= c.start {
			hits = hits[1:]
		}
		text := r.text[c.start:c.end]
		if seen[text] || len(hits) > 0 && r.tokens[hits[0].start].start < c.end { // a term that covers it says it with plain words
			continue
		}
		seen[text] = true
		found = append(found, Finding{
			Start: c.start, End: c.end, Message: fmt.Sprintf("%q is an internal name", text),
			Suggestion: "say what it does",
		})
	}
	return found
}

// path reports whether a chunk is the path of a file or of a web service: /api/v1.
func path(text string, c span) bool {
	return c.start > 0 && text[c.start-1] == '/' && (c.start == 1 || strings.IndexByte(" \t\n(\"'", text[c.start-2]) >= 0) &&
		strings.Contains(text[c.start:c.end], "/")
}

// ordinary are words that stand before a number and a hyphen without naming a machine: "top-10", "windows-11".
const ordinary = " top step mid part phase tier level covid windows ios version plan option gate page day week year grade class stage type model " +
	"form room hall wave group area zone under over pre post sub utc gmt the of up to and or a early late since from in terminal line route "

// identifier reports whether a word has the form that machines, programs and tickets are named in.
func identifier(s string) bool {
	if len(s) < 2 {
		return false
	}
	upper, digit, other := 0, 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			upper++
		case c >= '0' && c <= '9':
			digit++
		case c < 'a' || c > 'z':
			other++
		}
	}
	if upper+digit+other == 0 { // most words
		return false
	}
	switch {
	case strings.Contains(s, "_"):
		return !strings.HasSuffix(s, "_") && !strings.HasPrefix(s, "_")
	case address(s), hexadecimal(s), version(s):
		return true
	case strings.Contains(s, "."):
		for _, zone := range [...]string{".internal", ".local", ".svc", ".cluster", ".lan"} {
			if strings.HasSuffix(s, zone) || strings.Contains(s, zone+".") {
				return true
			}
		}
	}
	if strings.Contains(s, "-") {
		return hyphenated(s)
	}
	return other == 0 && humps(s)
}

// address reports an IPv4 address: four numbers up to 255.
func address(s string) bool {
	s, _, _ = strings.Cut(s, "/")
	s, _, _ = strings.Cut(s, ":")
	parts := 0
	for p := range strings.SplitSeq(s, ".") {
		parts++
		if len(p) == 0 || len(p) > 3 || strings.Trim(p, "0123456789") != "" || len(p) == 3 && p > "255" {
			return false
		}
	}
	return parts == 4
}

// hexadecimal reports what only a program writes: 0x3f, a hash with letters and digits, a universal identifier.
func hexadecimal(s string) bool {
	if rest, ok := strings.CutPrefix(s, "0x"); ok && rest != "" {
		return strings.Trim(rest, "0123456789abcdefABCDEF") == ""
	}
	plain := strings.ReplaceAll(s, "-", "")
	if len(plain) < 7 || len(plain) > 64 || strings.Trim(plain, "0123456789abcdef") != "" {
		return false
	}
	digits := len(plain) - len(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, plain))
	return digits >= 2 && digits < len(plain) && (plain == s || len(plain) == 32)
}

// version reports v1.2, v2.10.3.
func version(s string) bool {
	return len(s) >= 4 && s[0] == 'v' && strings.Contains(s, ".") && strings.Trim(s[1:], "0123456789.") == ""
}

// hyphenated reports edge-3, OPS-1432, payments-api, prod-db.
func hyphenated(s string) bool {
	first, _, _ := strings.Cut(s, "-")
	last := s[strings.LastIndexByte(s, '-')+1:]
	if first == "" || last == "" || strings.Contains(ordinary, " "+strings.ToLower(first)+" ") {
		return false
	}
	number := strings.TrimRight(strings.TrimPrefix(last, "v"), "abcdefgh")
	digits := number != "" && strings.Trim(number, "0123456789") == "" && len(last)-len(number) <= 2
	if first[0] >= 'A' && first[0] <= 'Z' { // a ticket
		return digits && len(first) >= 2 && len(first) <= 8 && strings.ToUpper(first) == first && strings.Trim(first, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" &&
			strings.Count(s, "-") == 1 && !strings.Contains(" UTF ISO SHA HTTP USB MP EN DIN COVID CET CEST EST PST BST A B C ", " "+first+" ")
	}
	if first[0] < 'a' || first[0] > 'z' || strings.ToLower(s) != s || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return false
	}
	if digits {
		return true
	}
	const roles = " api db svc prod lb worker backend srv mq k8s dev stg "
	return strings.Contains(roles, " "+last+" ") || strings.Contains(" prod db svc srv k8s stg ", " "+first+" ")
}

// humps reports checkoutService, and NullPointerException by its last part: names like PayPal are made so too, and
// one letter before a capital is a brand.
func humps(s string) bool {
	if s[0] >= 'a' && s[0] <= 'z' {
		i := strings.IndexFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' })
		return i >= 2 && i+1 < len(s) && s[i+1] >= 'a' && s[i+1] <= 'z'
	}
	if s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	for _, role := range [...]string{"Exception", "Error", "Service", "Controller", "Handler", "Manager", "Client", "Factory", "Worker", "Gateway"} {
		if head, is := strings.CutSuffix(s, role); is && head != "" && strings.ToUpper(head) != head {
			return true
		}
	}
	return false
}
