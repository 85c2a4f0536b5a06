package terminal

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Width is the number of cells that one line of text takes: two for wide characters and emoji, none for
// combining marks.
func Width(s string) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return uniseg.StringWidth(s)
		}
	}
	return len(s)
}

// Truncate shortens a line to at most width cells, the last of them "…" where something was cut. What a
// reader sees as one character is never cut in two.
func Truncate(s string, width int) string {
	if Width(s) <= width {
		return s
	}
	if width < 1 {
		return ""
	}
	kept, cells := 0, 0
	for rest, state := s, -1; rest != ""; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if cells+w > width-1 {
			break
		}
		kept, cells = kept+len(cluster), cells+w
	}
	return s[:kept] + "…"
}

// Wrap breaks the lines of text that are longer than width cells, indent included, and puts indent before
// each. Line breaks and shorter lines stay as they are. A word longer than the line is not cut: it may be
// an address or an identifier that somebody copies. With no width there are only the breaks of text.
func Wrap(text string, width int, indent string) string {
	var out []string
	for line := range strings.SplitSeq(Safe(text), "\n") {
		for _, part := range wrapLine(strings.ReplaceAll(line, "\t", "    "), width-Width(indent)) {
			out = append(out, strings.TrimRight(indent+part, " "))
		}
	}
	return strings.Join(out, "\n")
}

// wrapLine breaks one line into parts of at most room cells that all start with the blanks of the first.
func wrapLine(line string, room int) []string {
	if room < 1 || Width(line) <= room {
		return []string{line}
	}
	words := strings.TrimLeft(line, " ")
	lead := line[:len(line)-len(words)]
	var parts []string
	part, cells := "", len(lead) // without the lead
	for rest := words; rest != ""; {
		var word string
		word, rest = cutWord(rest)
		if part != "" && cells+Width(strings.TrimRight(word, " ")) > room {
			parts = append(parts, lead+part)
			words = words[len(part):]
			part, cells = "", len(lead)
		}
		part, cells = words[:len(part)+len(word)], cells+Width(word)
	}
	return append(parts, lead+part)
}

// cutWord cuts off the first word of s with the blanks after it.
func cutWord(s string) (word, rest string) {
	end := 0
	for end < len(s) && s[end] > ' ' && s[end] <= '~' {
		end++
	}
	if end < len(s) && s[end] != ' ' { // it takes the rules of Unicode
		end = wordEnd(s)
	}
	rest = strings.TrimLeft(s[end:], " ")
	return s[:len(s)-len(rest)], rest
}

// wordEnd is where the first word of s ends: at a blank, or after a wide character, whose languages write
// without blanks, where the rules of Unicode allow that. They would also break at a hyphen or slash; we do not.
func wordEnd(s string) (end int) {
	for tail, state := s, -1; tail != ""; {
		var segment string
		segment, tail, _, state = uniseg.FirstLineSegmentInString(tail, state)
		if blank := strings.IndexByte(segment, ' '); blank >= 0 {
			return end + blank
		}
		end += len(segment)
		if last, _ := utf8.DecodeLastRuneInString(segment); Width(string(last)) == 2 {
			return end
		}
	}
	return end
}
