package postmortem

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/pattern"
)

// Finding is something that keeps a document from being published as it is.
type Finding struct {
	Line   int    // from 1; 0: of the document as a whole
	Rule   string // "unanswered"
	What   string
	Remedy string
}

// Checked is what a document is held to.
type Checked struct {
	Doc      []byte
	Fresh    []byte // a draft of the same incident as it is recorded now
	Incident incident.Incident
	Zone     *time.Location
	Due      time.Time // when it is to be published; zero: never
	Now      time.Time
	Plain    func(string) []string // what customers would not understand of a text
}

// Check says what a document still lacks. An empty list: it can be published.
func Check(c Checked) []Finding {
	if err := conflicts(c.Doc); err != nil {
		return []Finding{{Rule: "conflict", What: strings.TrimPrefix(err.Error(), ErrDocument.Error()+": "), Remedy: "settle it with git"}}
	}
	var list []Finding
	find := func(line int, rule, remedy, format string, args ...any) {
		list = append(list, Finding{line, rule, fmt.Sprintf(format, args...), remedy})
	}
	switch r, err := Refresh(c.Doc, c.Fresh, nil); {
	case errors.Is(err, ErrDocument):
		find(0, "marks", "put the marked lines right, or draft it anew", "%s", strings.TrimPrefix(err.Error(), ErrDocument.Error()+": "))
	default:
		for _, name := range r.Changed {
			find(lineOf(c.Doc, name), "stale", "incident postmortem refresh", "the record tells more by now than the block %q", name)
		}
		for _, name := range r.Kept {
			if name == actionsBlock && c.checkAdded(find) {
				continue
			}
			find(lineOf(c.Doc, name), "changed", "write below the block, then: incident postmortem refresh --force-block "+name, "the block %q was changed by hand, and is otherwise in the record", name)
		}
	}
	if name, line := exposed(c.Doc); name != "" {
		find(line, "exposed", "write "+internalMark+" below the heading of its section", "what stands around the block %q would be published", name)
	}
	all := sections(c.Doc)
	summed := false
	for n, s := range all {
		c.checkSection(all[n:], find)
		if strings.EqualFold(s.title, "Summary") {
			summed = true
			c.checkSummary(all[n:], find)
		}
	}
	if !summed {
		find(0, "summary", "write it below a heading \"## Summary\"", "there is no summary, which customers and the business read first")
	}
	c.checkActions(all, find)
	if !c.Due.IsZero() && c.Now.After(c.Due) {
		find(0, "late", "incident postmortem publish", "it was due at %s", c.Due.In(zoneOf(c.Zone)).Format("2 January 2006, 15:04 MST"))
	}
	slices.SortStableFunc(list, func(a, b Finding) int { return a.Line - b.Line })
	return list
}

// checkAdded names the rows that were added to the table of the record by hand, and reports whether these are all that
// was changed there.
func (c Checked) checkAdded(find finder) bool {
	if AddedAlone(c.Doc, c.Incident) {
		find(lineOf(c.Doc, actionsBlock), "stale", "incident postmortem refresh", "the record tells more by now than the block %q", actionsBlock)
		return true
	}
	added := false
	for _, it := range Unrecorded(c.Doc, c.Incident) {
		if it.block {
			added = true
			find(it.Line, "unrecorded", "incident postmortem refresh offers to record it", "the action %q stands in the table alone, not in the record", firstWords(it.Text, 8))
		}
	}
	return added
}

func zoneOf(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

func lineOf(doc []byte, block string) int {
	blocks, _ := Blocks(doc) // read already
	for _, b := range blocks {
		if b.Name == block {
			return b.Line
		}
	}
	return 0
}

type finder func(line int, rule, remedy, format string, args ...any)

// blame are words that look for somebody at fault instead of a cause.
var blame = pattern.New(`(?i)\b(human error|operator error|user error|should(?:n't| not)? have|could have been more careful|careless(?:ness)?|negligen(?:t|ce)|incompeten(?:t|ce)|(?:his|her|their) (?:fault|mistake)|to blame|forgot to|failed to follow)\b`)

// checkSection looks for questions that nobody has answered, for a heading with nothing below it, and for blame.
func (c Checked) checkSection(rest []section, find finder) {
	s := rest[0]
	asked, said, anything := line{}, false, false
	unanswered := func() {
		if asked.prompt != "" && !said {
			find(asked.n, "unanswered", "write the answer in the place of the comment", "under %q nobody has answered: %s …", s.title, firstWords(asked.prompt, 12))
		}
	}
	for _, l := range s.lines {
		if l.prompt != "" {
			unanswered()
			asked, said = l, false
			if l.said() { // in a table: the row itself is asked for
				continue
			}
		}
		if l.said() {
			anything = true
			said = said || l.block == ""
		}
		if l.said() && l.block == "" {
			c.checkBlame(s, l, find)
		}
		if l.block != "" {
			anything = true
		}
	}
	unanswered()
	deeper := len(rest) > 1 && rest[1].level > s.level
	if s.level > 0 && !anything && asked.prompt == "" && !deeper {
		find(s.line, "empty", "write it, or take the heading out", "nothing stands under %q", s.title)
	}
}

func (c Checked) checkBlame(s section, l line, find finder) {
	if word := blame.FindString(l.text); word != "" {
		find(l.n, "blame", "say what made it easy to do and hard to see", "%q looks for somebody at fault", word)
	}
	if !strings.Contains(strings.ToLower(s.title), "cause") && !strings.Contains(s.title, "set it off") && !strings.Contains(s.title, "made it") {
		return
	}
	for _, name := range people(c.Incident) {
		if strings.Contains(l.text, name) {
			find(l.n, "blame", "name the role, or what the system allowed", "%s is named among the causes", name)
		}
	}
}

func firstWords(s string, n int) string {
	words := strings.Fields(s)
	return strings.Join(words[:min(n, len(words))], " ")
}

// leastSummary is how many characters a summary has that says something.
const leastSummary = 80

var clockTime = pattern.New(`\b(?:[01]?\d|2[0-3]):[0-5]\d\b`)

// checkSummary looks at what customers and the business read first.
func (c Checked) checkSummary(rest []section, find finder) {
	var said strings.Builder
	for n, s := range rest {
		if n > 0 && s.level <= rest[0].level {
			break
		}
		for _, l := range s.lines {
			if l.block != "" || !l.said() {
				continue
			}
			said.WriteString(l.text + "\n")
			for _, problem := range c.Plain(l.text) {
				find(l.n, "wording", "say it in plain words", "%s", problem)
			}
			c.checkTimes(l, find)
		}
	}
	if n := len(strings.TrimSpace(said.String())); n < leastSummary {
		find(rest[0].line, "summary", "three or four sentences for a reader who does not know your systems", "there is no summary for the business")
	}
}

// checkTimes finds times of day at which nothing of the incident can have happened.
func (c Checked) checkTimes(l line, find finder) {
	inc := c.Incident
	if inc.ResolvedAt.IsZero() || inc.Started.IsZero() || inc.ResolvedAt.Sub(inc.Started) > 20*time.Hour {
		return // every time of day is within it
	}
	for _, word := range clockTime.FindAllStringSubmatch(l.text, -1) {
		at, err := time.Parse("15:04", word[0])
		if err != nil {
			continue
		}
		within := false
		for _, zone := range []*time.Location{zoneOf(c.Zone), time.UTC} {
			for day := -1; day <= 1; day++ {
				local := inc.Started.In(zone).AddDate(0, 0, day)
				t := time.Date(local.Year(), local.Month(), local.Day(), at.Hour(), at.Minute(), 0, 0, zone)
				within = within || t.After(inc.Started.Add(-2*time.Hour)) && t.Before(inc.ResolvedAt.Add(2*time.Hour))
			}
		}
		if !within {
			find(l.n, "times", "see the timeline", "%s lies outside of the incident, %s to %s", word[0], inc.Started.In(zoneOf(c.Zone)).Format("15:04"), inc.ResolvedAt.In(zoneOf(c.Zone)).Format("15:04 MST"))
		}
	}
}

// checkActions demands an action, and of each an owner and a day: of those in the record and of rows of the table.
func (c Checked) checkActions(all []section, find finder) {
	count := 0
	for _, a := range c.Incident.Actions {
		if a.State == incident.ActionDropped {
			continue
		}
		count++
		if a.State == incident.ActionOpen && (a.Owner == "" || a.Due.IsZero()) {
			find(0, "actions", "incident action done or drop it, and add it with --owner and --due", "the action %q has no owner or no day", firstWords(a.Text, 8))
		}
	}
	for _, s := range all { // a table of people's own
		if !s.forActions() {
			continue
		}
		for _, l := range s.lines {
			cells := strings.Split(strings.Trim(strings.TrimSpace(l.text), "|"), "|")
			if l.block != "" || len(cells) < 6 || l.prompt != "" || strings.Trim(strings.Join(cells, ""), " -:") == "" || strings.TrimSpace(cells[0]) == "What changes" {
				continue
			}
			if count++; strings.TrimSpace(cells[2]) == "" || strings.TrimSpace(cells[3]) == "" {
				find(l.n, "actions", "name one owner and a day", "the action %q has no owner or no day", strings.TrimSpace(cells[0]))
			}
		}
	}
	if count == 0 {
		find(0, "actions", `incident action add "…" --owner WHO --due DATE`, "nothing limits the next one: there is no action")
	}
}
