package clarity

import "strings"

// Facts lists what a note knows for sure, in its order: numbers with their unit, times, and those of the names.
func Facts(text string, names []string) []string {
	s := scan(text)
	wanted := make(map[string][][]string, len(names))
	for _, n := range names {
		if words := split(n); len(words) > 0 {
			wanted[words[0]] = append(wanted[words[0]], words)
		}
	}
	var facts []string
	seen := map[string]bool{}
	add := func(from, to int) {
		fact := strings.Join(strings.Fields(text[from:to]), " ")
		if !seen[strings.ToLower(fact)] {
			seen[strings.ToLower(fact)] = true
			facts = append(facts, fact)
		}
	}
	for i := 0; i < len(s.tokens); {
		t := &s.tokens[i]
		if n := longest(wanted[t.low], s.tokens[i:]); n > 0 {
			add(t.start, s.tokens[i+n-1].end)
			i += n
			continue
		}
		if digit := t.low[0]; digit >= '0' && digit <= '9' && !attached(text, t) {
			n, end := measure(s, i)
			add(t.start, end)
			i += n
			continue
		}
		i++
	}
	return facts
}

func longest(names [][]string, tokens []token) int {
	best := 0
	for _, words := range names {
		if len(words) <= len(tokens) && len(words) > best {
			same := true
			for k, w := range words {
				same = same && tokens[k].low == w
			}
			if same {
				best = len(words)
			}
		}
	}
	return best
}

// attached reports whether a number belongs to a name: edge-3.
func attached(text string, t *token) bool {
	return t.start > 0 && (text[t.start-1] == '-' || text[t.start-1] == '/' || text[t.start-1] == '#') && (t.start < 2 || text[t.start-2] != ' ')
}

// measure is how many tokens a number takes with its unit, and where it ends: "20%", "4 of 6", "30 minutes",
// "14:05 UTC", "300 orders".
func measure(s *scanned, i int) (n, end int) {
	t := s.tokens
	end = t[i].end
	if rest := s.text[end:]; strings.HasPrefix(rest, "%") || strings.HasPrefix(rest, " %") {
		return 1, end + strings.IndexByte(rest, '%') + 1
	}
	if i+1 == len(t) || strings.Trim(s.text[end:t[i+1].start], " ") != "" {
		return 1, end
	}
	next := &t[i+1]
	switch next.low {
	case "of", "in", "out":
		for k := i + 2; k < len(t) && k <= i+4; k++ {
			if t[k].low[0] >= '0' && t[k].low[0] <= '9' && t[k].class&clock == 0 {
				return k - i + 1, t[k].end
			}
		}
	case "utc", "gmt", "cet", "cest", "am", "pm", "ms", "s", "kb", "mb", "gb":
		return 2, next.end
	}
	if t[i].class&clock == 0 && (next.class&(unit|people) != 0 || strings.HasSuffix(next.low, "s") && next.class&english == 0 && len(next.low) > 3) {
		return 2, next.end
	}
	return 1, end
}
