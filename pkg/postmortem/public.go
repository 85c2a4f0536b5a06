package postmortem

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"incident/pkg/incident"
	"incident/pkg/view"
	"incident/pkg/when"
)

// Release is what the public form of a document is made from. Of the incident it knows what customers may see; people are
// there to be taken out.
type Release struct {
	Doc       []byte
	View      view.View // as customers see it
	Zone      *time.Location
	People    map[string]string // by the names and addresses of people: what stands in their place
	Questions string            // the invitation to ask, "" for what the document says
	Title     string            // which customers do not know: in the heading the headline stands in its place
	Unheard   bool              // customers have not heard of the incident before: so it does everywhere
}

// Public is the form of a document that everybody may read: without the sections that are internal, without comments, with
// the blocks of the record made from what customers may see, and with roles in the place of people.
func Public(r Release) (string, error) {
	if err := conflicts(r.Doc); err != nil {
		return "", err
	}
	if _, err := Blocks(r.Doc); err != nil {
		return "", fmt.Errorf("%w: %w", ErrDocument, err)
	}
	if name, line := exposed(r.Doc); name != "" {
		return "", fmt.Errorf("%w: line %d: what stands around the block %q would be published; write %s below the heading of its section", ErrDocument, line, name, internalMark)
	}
	facts := publicBlocks(r.View, newClock(r.Zone, r.View.Started))
	var b strings.Builder
	done := map[string]bool{}
	for _, s := range sections(r.Doc) {
		if s.internal {
			continue
		}
		if s.level > 0 {
			title := s.title
			if s.level == 1 {
				title = r.untitled(title)
			}
			fmt.Fprintf(&b, "\n%s %s\n\n", strings.Repeat("#", s.level), title)
		}
		for _, l := range s.lines {
			switch {
			case l.block == "":
				b.WriteString(l.text + "\n")
			case !done[l.block]:
				done[l.block] = true
				b.WriteString(facts[l.block] + "\n")
			}
		}
		if r.Questions != "" && strings.EqualFold(s.title, "Questions") {
			b.WriteString("\n" + r.Questions + "\n")
		}
	}
	return r.anonymous(string(tidy(withoutEmpty(b.String())))), nil
}

// exposed is a block of the appendix that does not stand in an internal section, "" where there is none.
func exposed(doc []byte) (name string, line int) {
	for _, s := range sections(doc) {
		for _, l := range s.lines {
			if !s.internal && slices.Contains([]string{"responders", "attachments", "anomalies"}, l.block) {
				return l.block, l.n
			}
		}
	}
	return "", 0
}

// withoutEmpty takes out headings with nothing below them.
func withoutEmpty(text string) string {
	var out []string
	lines := strings.Split(text, "\n")
	for n, l := range lines {
		level, _ := heading(l)
		if level > 0 && emptyBelow(lines[n+1:], level) {
			continue
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

func emptyBelow(rest []string, level int) bool {
	for _, l := range rest {
		if deeper, _ := heading(l); deeper > 0 {
			if deeper <= level {
				return true
			}
			continue
		}
		if strings.TrimSpace(l) != "" {
			return false
		}
	}
	return true
}

// anonymous puts roles in the place of people, the longest names first, and of an incident that nobody had heard of its
// headline in that of the title.
func (r Release) anonymous(text string) string {
	var names []string
	for name := range r.People {
		if name != "" {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	for _, name := range names {
		text = nameIn(name).ReplaceAllLiteralString(text, r.People[name])
	}
	if r.Unheard {
		text = r.untitled(text)
	}
	return text
}

// nameIn finds a name where it stands for itself, of several words also in other letters and on two lines.
func nameIn(name string) *regexp.Regexp {
	words := strings.Fields(name)
	for n, w := range words {
		words[n] = regexp.QuoteMeta(w)
	}
	how := ""
	if len(words) > 1 {
		how = "(?i)"
	}
	edge := func(r rune) string {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return `\b`
		}
		return ""
	}
	first, _ := utf8.DecodeRuneInString(name)
	last, _ := utf8.DecodeLastRuneInString(name)
	return regexp.MustCompile(how + edge(first) + strings.Join(words, `[\s*_]+`) + edge(last))
}

// untitled puts the headline in the place of the title.
func (r Release) untitled(text string) string {
	if r.Title == "" {
		return text
	}
	return strings.NewReplacer(inline(r.Title), inline(r.View.Headline), r.Title, inline(r.View.Headline)).Replace(text)
}

// people are the names of those who have taken part, for what is looked for and taken out.
func people(inc incident.Incident) []string {
	var list []string
	for _, e := range inc.Timeline {
		list = append(list, e.Author.Name, e.Author.Email, e.Holder, e.Action.Owner)
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(name string) bool { return len(name) < 3 || ordinary(name) })
}

// ordinary reports whether a name is a word like any other, of a team perhaps: "support".
func ordinary(name string) bool {
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLower(r) })
}

// Roles are what stands in the place of people in public: the role that they held, else "a responder".
func Roles(inc incident.Incident) map[string]string {
	roles := map[string]string{}
	for _, name := range people(inc) {
		roles[name] = "a responder"
	}
	for _, e := range inc.Timeline {
		if e.Role != "" && e.Holder != "" && !ordinary(e.Holder) {
			role := "the " + incident.RoleName(e.Role)
			roles[e.Holder] = role
			for _, other := range inc.Timeline {
				if other.Author.Name == e.Holder && other.Author.Email != "" {
					roles[other.Author.Email] = role
				}
			}
		}
	}
	return roles
}

// publicBlocks are the parts that come from the record, as customers may read them. Those that tell of the inside are
// empty.
func publicBlocks(v view.View, c clock) map[string]string {
	return map[string]string{
		"summary": publicSummary(v, c), "impact": publicImpact(v, c), "told": publicTold(v, c), "timeline": publicTimeline(v, c), "noticed": "", "cause": "", "moves": publicMoves(v, c),
	}
}

func publicSummary(v view.View, c clock) string {
	text := "It began at " + c.at(v.Started).Both
	if !v.ResolvedAt.IsZero() {
		text += " and was over at " + c.at(v.ResolvedAt).Both
		if took := lasted(v.Started, v.Started.Add(v.Lasted())); took != "" {
			text += ", after " + took
			if v.Started.Add(v.Lasted()).Before(v.ResolvedAt) {
				text += " in all: it came back after it had been resolved"
			}
		}
	}
	text += "."
	if parts := hitParts(v); parts != "" {
		text += " Affected: " + parts + "."
	}
	return text
}

func hitParts(v view.View) string {
	var parts []string
	for _, k := range v.Hit {
		parts = append(parts, inline(k.Name)+" ("+k.State.Words()+")")
	}
	return strings.Join(parts, ", ")
}

func publicImpact(v view.View, c clock) string {
	var b strings.Builder
	if v.Impact != 0 {
		fmt.Fprintf(&b, "- **Impact:** %s\n", v.Impact)
	}
	fmt.Fprintf(&b, "- **Began:** %s\n", c.at(v.Started).Both)
	if took := lasted(v.Started, v.Started.Add(v.Lasted())); took != "" {
		fmt.Fprintf(&b, "- **Lasted:** %s\n", took)
	}
	if parts := hitParts(v); parts != "" {
		fmt.Fprintf(&b, "- **Affected:** %s\n", parts)
	}
	if len(v.Updates) > 0 {
		if wait := lasted(v.Started, v.Updates[0].At); wait != "" {
			fmt.Fprintf(&b, "- **First update:** %s after it began\n", wait)
		}
	}
	return b.String()
}

func publicTold(v view.View, c clock) string {
	var b strings.Builder
	for _, p := range v.Promises {
		if p.Audience == incident.Customer && p.Kept+p.Late > 0 {
			fmt.Fprintf(&b, "Of our promises when you would hear next %d were kept, and %d late.\n\n", p.Kept, p.Late)
		}
	}
	for _, u := range v.Updates {
		at := c.at(u.At).Both
		switch {
		case u.Withdrawn:
			fmt.Fprintf(&b, "**At %s** we published an update that we withdrew.\n\n", at)
		case u.Text != "":
			text, _ := quote(u.Text, 4000)
			mark := ""
			if u.Corrected {
				mark = ", as corrected at " + c.at(u.CorrectedAt).Both
			}
			fmt.Fprintf(&b, "**At %s** we wrote%s:\n\n%s\n\n", at, mark, text)
		}
	}
	if b.Len() == 0 {
		return "Customers were told nothing while it went on.\n"
	}
	return b.String()
}

func publicTimeline(v view.View, c clock) string {
	type row struct {
		at   time.Time
		text string
	}
	rows := []row{}
	if !v.Started.IsZero() {
		rows = append(rows, row{v.Started, "It began."})
	}
	for _, m := range v.Moves {
		rows = append(rows, row{m.At, "**" + strings.ToUpper(m.Status.String()[:1]) + m.Status.String()[1:] + "**"})
	}
	for _, m := range v.States {
		rows = append(rows, row{m.At, inline(m.Component) + ": " + m.State.Words()})
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.at.Compare(b.at) })
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "- %s: %s\n", c.at(r.at).Both, r.text)
	}
	return b.String()
}

func publicMoves(v view.View, c clock) string {
	if len(v.Moves) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("| Status | From | Lasted |\n| --- | --- | --- |\n")
	for i, m := range v.Moves {
		took := "–"
		if i+1 < len(v.Moves) && v.Moves[i+1].At.After(m.At) {
			took = when.FormatDuration(v.Moves[i+1].At.Sub(m.At))
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Status, c.at(m.At).Both, took)
	}
	return b.String()
}
