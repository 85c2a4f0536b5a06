package postmortem

import (
	"slices"
	"strings"
	"unicode"
)

// Forms are the shapes that a draft can have without a template of their own: what the default one has, without some of its
// sections.
var Forms = []Form{
	{"default", "all of it, for a severe incident", nil},
	{"short", "for a lesser one: the summary, the timeline, the cause and the actions", []string{
		"What customers were told, and when", "What we did", "What made it worse, or longer", "What went well, what did not, where we were lucky", "Impact in numbers", "Evidence",
		"Anomalies in the record",
	}},
	{"public", "for customers alone: the summary, what they were told, and where to ask", []string{
		"Impact in numbers", "Timeline", "How it was noticed", "Cause and contributing factors", "How it was resolved", "What went well, what did not, where we were lucky",
		"What limits the next one", "Internal appendix",
	}},
}

// Form is a shape of a draft.
type Form struct {
	Name, For string
	without   []string // sections, by their titles
}

// FormOf finds a form by its name.
func FormOf(name string) (Form, bool) {
	n := slices.IndexFunc(Forms, func(f Form) bool { return f.Name == name })
	if n < 0 {
		return Form{}, false
	}
	return Forms[n], true
}

// Of is a draft in that form.
func (f Form) Of(doc []byte) []byte {
	var out strings.Builder
	leaving := 0 // the level of the section that is left out
	comment, fence, block := false, false, false
	for raw := range strings.Lines(string(doc)) {
		bare := strings.TrimRight(raw, "\r\n")
		if m := marker.FindStringSubmatch(bare); m != nil && !comment {
			block = m[1] == "begin"
		}
		var text string
		before := comment
		text, _, comment = uncommented(bare, comment, fence)
		if strings.HasPrefix(strings.TrimSpace(text), "```") {
			fence = !fence
		}
		if level, title := heading(bare); level > 0 && !before && !fence && !block {
			if leaving > 0 && level <= leaving {
				leaving = 0
			}
			if leaving == 0 && slices.Contains(f.without, title) {
				leaving = level
			}
		}
		if leaving == 0 && !f.pointsAway(text) {
			out.WriteString(raw)
		}
	}
	return tidy(out.String())
}

// pointsAway reports whether a line leads to a section that is left out.
func (f Form) pointsAway(line string) bool {
	return slices.ContainsFunc(f.without, func(title string) bool { return strings.Contains(line, "](#"+anchor(title)+")") })
}

// anchor is the name of a heading in an address, as most programs make it.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, title)
}
