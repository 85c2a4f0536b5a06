package postmortem

import (
	"strings"
)

// section is a heading with what follows it, up to the next heading. What stands before the first is one, too.
type section struct {
	title    string
	level    int // of the heading; 0: none
	line     int // of the heading, from 1
	internal bool
	lines    []line
}

// line is one line of a document, without what stands in comments.
type line struct {
	n      int // from 1
	text   string
	prompt string // how the question begins that it asks people, "" for none
	block  string // the block that it stands in
}

func (l line) said() bool { return strings.TrimSpace(l.text) != "" }

// sections reads a document. A section below one that is internal is internal.
func sections(doc []byte) []section {
	list := []section{{}}
	open := 0 // the level of the internal section that is open
	comment, fence := false, false
	block := ""
	n := 0
	for raw := range strings.Lines(strings.TrimPrefix(string(doc), "\ufeff")) {
		n++
		raw = strings.TrimRight(raw, "\r\n")
		if m := marker.FindStringSubmatch(raw); m != nil && !comment {
			if block = m[2]; m[1] == "end" {
				block = ""
			}
			continue
		}
		now := &list[len(list)-1]
		if strings.TrimSpace(raw) == internalMark && !comment {
			if !now.internal {
				open = now.level
			}
			now.internal = true
			continue
		}
		l := line{n: n, block: block}
		l.text, l.prompt, comment = uncommented(raw, comment, fence)
		if strings.HasPrefix(strings.TrimSpace(l.text), "```") {
			fence = !fence
		}
		if level, title := heading(l.text); level > 0 && !fence && block == "" {
			if open > 0 && level <= open {
				open = 0
			}
			list = append(list, section{title: title, level: level, line: n, internal: open > 0})
			continue
		}
		now.lines = append(now.lines, l)
	}
	return list
}

// uncommented takes the comments out of a line. Comments in code are none.
func uncommented(raw string, comment, code bool) (text, prompt string, still bool) {
	if code {
		return raw, "", false
	}
	for {
		if comment {
			_, rest, ended := strings.Cut(raw, "-->")
			if !ended {
				return text, prompt, true
			}
			raw = rest
		}
		before, rest, begun := strings.Cut(raw, "<!--")
		text += before
		if !begun {
			return text, prompt, false
		}
		if asked, ok := strings.CutPrefix(strings.TrimSpace(rest), "prompt:"); ok && prompt == "" {
			prompt = strings.TrimSpace(asked)
		}
		raw, comment = rest, true
	}
}

// heading is the level and the title of a line that is a heading, 0 for none.
func heading(s string) (level int, title string) {
	rest := strings.TrimLeft(s, "#")
	if level = len(s) - len(rest); level < 1 || level > 6 || rest != "" && rest[0] != ' ' {
		return 0, ""
	}
	return level, strings.Trim(rest, " #")
}
