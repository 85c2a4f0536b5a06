package clarity

import (
	"fmt"
	"strings"
)

var jargonRules = []rule{
	{Rule: Rule{
		ID:      "jargon/term",
		Summary: "a word that only those know who build and repair such systems",
		Why: "Who does not know the word cannot tell whether it concerns them. They skip the sentence, or ask support " +
			"what it means, and support has to ask you.",
		Before:   "One of our vendors misconfigured their BGP and has taken down our network.",
		After:    "Our internet provider published wrong routing information, so our network cannot reach the internet.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, anyLanguage: true, find: func(r *reading) []Finding { return r.jargon(true) }},
	{Rule: Rule{
		ID:      "jargon/insider",
		Summary: "a word that many have heard, and that tells them nothing",
		Why: "Words of the trade that have become common (mitigation, rollback, latency) sound like information. A plain " +
			"word says what happens, and often shows that nothing was said.",
		Before:   "Latency on checkout is intermittent; a mitigation is in progress.",
		After:    "Now and then, checkout takes longer than a minute; we are adding servers.",
		Defaults: Defaults{Customer: Warning},
	}, anyLanguage: true, find: func(r *reading) []Finding { return r.jargon(false) }},
	{Rule: Rule{
		ID:       "jargon/acronym",
		Summary:  "an abbreviation that is not explained",
		Why:      "Those who do not know it cannot look it up: three letters mean ten things.",
		Before:   "Payments by OPC fail since 14:00.",
		After:    "Payments by one-page checkout (OPC) fail since 14:00.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: acronyms},
	{Rule: Rule{
		ID:      "jargon/identifier",
		Summary: "the name of a machine, a program, a file, a ticket, a version",
		Why: "It means something to those who can look it up, and nothing to all others. It also tells strangers how your " +
			"systems are named.",
		Before:   "Restarting payments-api-7 has helped; see OPS-1432.",
		After:    "Restarting the program that takes payments has helped.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, anyLanguage: true, find: identifiers},
	{Rule: Rule{
		ID:       "jargon/long-sentence",
		Summary:  "a sentence of more than 40 words; where rules are strict, of more than 25",
		Why:      "An update is read on a phone, in a hurry, and often in a second language. Who loses the thread reads no further.",
		Before:   longBefore,
		After:    "The change that we released this morning made paying slow. We have withdrawn it in Europe. America follows within the hour.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: longSentences},
	{Rule: Rule{
		ID:      "jargon/hard-to-read",
		Summary: "30 words or more with a reading ease (Flesch) below 30: long sentences of long words",
		Why: "At that level a text reads like a contract. Half of the updates that we measured were there, and their readers " +
			"were not lawyers.",
		Before: "Authentication functionality availability deteriorated considerably following infrastructure modernisation " +
			"activities; engineering organisations subsequently initiated comprehensive remediation procedures, prioritising " +
			"restoration of transactional capabilities, notwithstanding operational complexities encountered throughout " +
			"implementation, verification, coordination and stabilisation.",
		After: "Signing in failed after we moved to new servers. We are moving back. Paying works again; saved cards will " +
			"follow within the hour. You do not need to change your password. We are sorry that you had to wait so long today.",
		Defaults: Defaults{Customer: Warning},
	}, find: hardToRead},
}

const longBefore = "The change that we released this morning to the part of our shop that takes payments made paying slow for " +
	"everybody who uses a saved card and we have now withdrawn it for customers in Europe while for customers in America " +
	"the same will be done within the next hour."

// hit is a place where the glossary has something to say.
type hit struct {
	span // of tokens
	term int
	team bool
}

// lookUp finds the terms of the glossary, the longest at each place. What is code, quoted, or of a name that
// customers know is no jargon.
func (r *reading) lookUp() []hit {
	var hits []hit
	internal := r.internal
	for i := 0; i < len(r.tokens); {
		if r.tokens[i].code || r.tokens[i].quoted {
			i++
			continue
		}
		h, found := r.termAt(i)
		if !found {
			i++
			continue
		}
		named := true
		for _, t := range r.tokens[h.start:h.end] {
			named = named && t.named
		}
		for len(internal) > 0 && internal[0].end <= r.tokens[i].start {
			internal = internal[1:]
		}
		from, to := r.tokens[h.start].start, r.tokens[h.end-1].end
		// A term within the name of a machine is one fault, not two.
		within := len(internal) > 0 && internal[0].start <= from && to <= internal[0].end && to-from < internal[0].end-internal[0].start
		if !named && !within {
			hits = append(hits, h)
		}
		i = h.end
	}
	return hits
}

func (r *reading) termAt(i int) (hit, bool) {
	for _, s := range r.glossary.first[r.tokens[i].low] {
		end := i + len(s.words)
		if end > len(r.tokens) {
			continue
		}
		same := true
		for k := 1; k < len(s.words) && same; k++ {
			t := &r.tokens[i+k]
			same = t.low == s.words[k] && t.start-r.tokens[i+k-1].end <= 2 && strings.Trim(r.text[r.tokens[i+k-1].end:t.start], " -/\n\t*_") == ""
		}
		if same {
			return hit{span{i, end}, s.term, s.team}, true
		}
	}
	// A plural or a possessive that the glossary does not list.
	for _, suffix := range [...]string{"'s", "s"} {
		base, cut := strings.CutSuffix(r.tokens[i].low, suffix)
		if !cut || len(base) < 3 || base[len(base)-1] == 's' {
			continue
		}
		for _, s := range r.glossary.first[base] {
			if len(s.words) == 1 {
				return hit{span{i, i + 1}, s.term, s.team}, true
			}
		}
	}
	return hit{}, false
}

// jargon reports each term once, where it stands first: a text that says "BGP" five times has one fault.
func (r *reading) jargon(hard bool) []Finding {
	var found []Finding
	seen := map[int]bool{}
	for _, h := range r.terms {
		t := &r.glossary.terms[h.term]
		if t.Hard != hard || seen[h.term] || t.knows(r.c.Audience) || !r.english && !h.team {
			continue
		}
		seen[h.term] = true
		start, end := r.tokens[h.start].start, r.tokens[h.end-1].end
		f := Finding{Start: start, End: end, Suggestion: t.Plain}
		if hard {
			f.Message = fmt.Sprintf("%q is jargon", r.text[start:end])
		} else {
			f.Message = fmt.Sprintf("%q says little to %s", r.text[start:end], r.c.Audience.Readers())
		}
		if strings.EqualFold(r.text[start:end], t.Term) {
			f.Replacement = r.fitting(h.start, t.Plain)
		}
		found = append(found, f)
	}
	return found
}

// fitting is plain words as they can stand at a token: without their own article where there is one already, with a
// capital where a sentence begins. Empty where an article before would be wrong.
func (r *reading) fitting(i int, plain string) string {
	if plain == "" {
		return ""
	}
	first, rest, _ := strings.Cut(plain, " ")
	own := first == "the" || first == "a" || first == "an" || first == "our" || first == "your"
	begins := true
	for _, s := range r.sentences {
		if s.start <= i && i < s.end {
			before := strings.TrimRight(r.text[:r.tokens[i].start], " ")
			begins = s.start == i && !strings.HasSuffix(before, ";")
		}
	}
	if !begins {
		switch r.tokens[i-1].low {
		case "the", "our", "their", "your", "its", "this", "that", "my":
			if own {
				return rest
			}
		case "a", "an":
			if own {
				plain = rest
			}
			if vowel := strings.IndexByte("aeiou", plain[0]) >= 0; vowel != (r.tokens[i-1].low == "an") || first == "the" || first == "our" || first == "your" {
				return ""
			}
		}
		return plain
	}
	return strings.ToUpper(plain[:1]) + plain[1:]
}

// common abbreviations need no explanation. Words of English that are written in capitals are none.
const common = " UTC GMT CET CEST PST PDT EST EDT MST CST BST IST AEST JST AM PM USA US UK EU UAE CA NY LA OK ID IDS FAQ PDF CSV TV SMS PIN ATM GPS " +
	"USB PC PCS CEO II III IV VI A I Q1 Q2 Q3 Q4 JAN FEB MAR APR JUN JUL AUG SEP SEPT OCT NOV DEC MON TUE WED THU FRI SAT SUN KB MB GB TB KM " +
	"VIP HQ IT TBD TBA HR QR SIM DVD NHS BBC DHL UPS IBM HP EUR USD GBP CHF IBAN SEPA BIC VAT URL URLS WWW PS PS4 PS5 AI VR 2D 3D 4G 5G LTE " +
	"MP3 MP4 JPG JPEG PNG HD 4K EOD FYI DIY ASAP PO AC DC NFC EV RSVP COVID DJ MRI CT GP ICU ER UPI BMW NBA NFL "

func acronyms(r *reading) []Finding {
	if r.shouts() {
		return nil
	}
	var found []Finding
	seen := map[string]bool{}
	term := map[int]bool{}
	for _, h := range r.terms {
		for i := h.start; i < h.end; i++ {
			term[i] = true
		}
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.code || t.quoted || t.named || term[i] || t.end-t.start > 8 || t.class&^(foreign|number|region) != 0 {
			continue
		}
		name := strings.TrimSuffix(r.text[t.start:t.end], "s")
		if !abbreviation(name) || seen[name] || strings.Contains(common, " "+name+" ") {
			continue
		}
		if _, known := r.glossary.Find(name); known { // and allowed, or known to this audience
			continue
		}
		seen[name] = true
		if around := r.text[:t.start]; strings.HasSuffix(around, "(") || strings.HasPrefix(r.text[t.end:], " (") || part(r.text, t) {
			continue // explained, or a part of an identifier
		}
		found = append(found, Finding{
			Start: t.start, End: t.end, Message: fmt.Sprintf("%q is not explained", r.text[t.start:t.end]),
			Suggestion: "write it out once: the words, then (" + name + ")",
		})
	}
	return found
}

func abbreviation(s string) bool {
	if len(s) < 2 || len(s) > 7 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	letters := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			letters++
		case c < '0' || c > '9':
			return false
		}
	}
	return letters >= 2
}

// part reports whether a token is joined to digits: OPS-1432, UTC-5.
func part(text string, t *token) bool {
	return t.end+1 < len(text) && text[t.end] == '-' && text[t.end+1] >= '0' && text[t.end+1] <= '9'
}

// shouts reports whether most of a text is in capitals: then they mean nothing.
func (r *reading) shouts() bool {
	upper, letters := 0, 0
	for i := 0; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c >= 'A' && c <= 'Z':
			upper++
			letters++
		case c >= 'a' && c <= 'z':
			letters++
		}
	}
	return letters > 0 && upper*2 > letters
}

func longSentences(r *reading) []Finding {
	limit := 40
	if r.c.Strict {
		limit = 25
	}
	var found []Finding
	for _, s := range r.sentences {
		if n := s.end - s.start; n > limit {
			found = append(found, Finding{
				Start: r.tokens[s.start].start, End: r.tokens[s.end-1].end,
				Message: fmt.Sprintf("a sentence of %d words", n), Suggestion: "make two of it, one thing each",
			})
		}
	}
	return found
}

func hardToRead(r *reading) []Finding {
	if r.words < 30 {
		return nil
	}
	syllables := 0
	for i := range r.tokens {
		if r.tokens[i].low[0] > '9' {
			syllables += sounds(r.tokens[i].low)
		}
	}
	ease := 206.835 - 1.015*float64(r.words)/float64(len(r.sentences)) - 84.6*float64(syllables)/float64(r.words)
	if ease >= 30 {
		return nil
	}
	return []Finding{{Message: fmt.Sprintf("hard to read: reading ease %.0f of 100", ease), Suggestion: "shorter words, shorter sentences; 60 reads well"}}
}

// sounds is about how many syllables an English word has: its groups of vowels, without a silent e.
func sounds(w string) int {
	n, prev := 0, false
	for i := range len(w) {
		vowel := strings.IndexByte("aeiouy", w[i]) >= 0
		if vowel && !prev {
			n++
		}
		prev = vowel
	}
	if n > 1 && strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") {
		n--
	}
	return max(n, 1)
}
