package postmortem

import (
	"html"
	"strings"
	"time"

	"incident/pkg/incident"
)

// actionsBlock is the block that holds the table of actions, or where there are none the words of the built-in template.
const (
	actionsBlock = "actions"
	noActions    = "No action is recorded yet."
)

// Item is a row that somebody wrote into a table of actions. Its values are as they were written, without what Markdown
// needs around them.
type Item struct {
	Line                          int // from 1
	Text, Kind, Owner, Link, Open string
	Day                           string    // by which it is done, as it is written
	Due                           time.Time // the same; zero where that names no day

	block bool // it stands in the block of the record
}

// Done reports whether the row says that it is done, or that it will not be.
func (i Item) Done() bool {
	return i.Open != "" && !strings.EqualFold(i.Open, incident.ActionOpen.String())
}

// Unrecorded lists the rows that people have added to the tables of actions and that the record does not hold. Of the
// table that the record makes these are rows that it did not make; where rows that it did make are gone as well,
// somebody has changed those, and nothing is said to be new.
func Unrecorded(doc []byte, inc incident.Incident) []Item {
	known := recordedTexts(inc)
	var items []Item
	for _, it := range itemsIn(doc) {
		if !known[inline(it.Text)] {
			items = append(items, it)
		}
	}
	if !onlyAdded(doc, inc, items) {
		items = without(items, func(it Item) bool { return it.block })
	}
	return items
}

// AddedAlone reports whether rows that the record holds by now are all that somebody has changed in the table that it
// makes: then nothing is lost when that is made anew.
func AddedAlone(doc []byte, inc incident.Incident) bool {
	b, ok := tableBlock(doc)
	if !ok || b.untouched(doc) {
		return false
	}
	rows := without(itemsIn(doc), func(it Item) bool { return !it.block })
	for from := range rows { // they were added one after the other, at any place
		for to := from; to < len(rows) && holds(inc, rows[to]); to++ {
			if b.madeBut(doc, rows[from:to+1]) {
				return true
			}
		}
	}
	return false
}

func without[T any](list []T, drop func(T) bool) []T {
	var kept []T
	for _, v := range list {
		if !drop(v) {
			kept = append(kept, v)
		}
	}
	return kept
}

func tableBlock(doc []byte) (Block, bool) {
	blocks, err := Blocks(doc)
	for _, b := range blocks {
		if b.Name == actionsBlock {
			return b, err == nil
		}
	}
	return Block{}, false
}

// recordedTexts are the words of actions, as a table spells them: those of now, and those before a correction.
func recordedTexts(inc incident.Incident) map[string]bool {
	known := map[string]bool{}
	for _, e := range inc.Timeline {
		if root, about := inc.Root(e); e.Kind == incident.Action && e.Action.Settles == "" || about && root.Kind == incident.Action {
			known[inline(e.Text)] = true
		}
	}
	return known
}

// onlyAdded reports whether the table of the record is as it was made but for some rows, or at least holds all that is
// recorded.
func onlyAdded(doc []byte, inc incident.Incident, added []Item) bool {
	b, ok := tableBlock(doc)
	if !ok {
		return true
	}
	added = without(added, func(it Item) bool { return !it.block })
	if b.madeBut(doc, added) {
		return true
	}
	written := map[string]bool{}
	for _, it := range itemsIn(doc) {
		written[inline(it.Text)] = true
	}
	for _, a := range inc.Actions {
		e, _ := inc.Entry(a.Entry)
		text, there := now(inc, e)
		if there && !written[inline(text)] && !written[inline(e.Text)] {
			return false
		}
	}
	return true
}

// now is the text of an entry as it reads now; false where it was withdrawn.
func now(inc incident.Incident, e incident.Entry) (string, bool) {
	if _, gone := inc.Retraction(e); gone {
		return "", false
	}
	if c, ok := inc.Correction(e); ok {
		return c.Text, true
	}
	return e.Text, true
}

func contains(items []Item, line int) bool {
	for _, it := range items {
		if it.Line == line {
			return true
		}
	}
	return false
}

// madeBut reports whether a block is what was made there, but for some rows and, where these are the whole of a table,
// its head and the sentence that there are none.
func (b Block) madeBut(doc []byte, rows []Item) bool {
	var rest, words strings.Builder
	n, others := b.Line, 0
	for line := range strings.Lines(string(doc[b.Start:b.End])) {
		n++
		if contains(rows, n) {
			continue
		}
		rest.WriteString(line)
		if strings.HasPrefix(strings.TrimSpace(line), "|") {
			others++
		} else {
			words.WriteString(line)
		}
	}
	if sum([]byte(rest.String())) == b.Sum {
		return true
	}
	if others > 2 { // the head, and the line below it
		return false
	}
	left := strings.TrimSpace(words.String())
	return sum([]byte(left)) == b.Sum || left == "" && sum([]byte(noActions)) == b.Sum
}

// holds reports whether the record says all that a row says.
func holds(inc incident.Incident, it Item) bool {
	for _, a := range inc.Actions {
		e, _ := inc.Entry(a.Entry)
		text, _ := now(inc, e)
		same := inline(it.Text) == inline(text) || inline(it.Text) == inline(e.Text)
		if same && inline(it.Owner) == inline(a.Owner) && inline(it.Link) == inline(a.Link) && strings.EqualFold(it.Kind, a.For) &&
			it.Due.Equal(a.Due) && (it.Day == "") == a.Due.IsZero() && (!it.Done() || strings.HasPrefix(it.Open, a.State.String())) {
			return true
		}
	}
	return false
}

// forActions reports whether a section is the one for actions.
func (s section) forActions() bool {
	return strings.Contains(s.title, "limits the next one") || strings.EqualFold(s.title, "Actions")
}

// itemsIn are the rows of all tables of actions.
func itemsIn(doc []byte) []Item {
	var items []Item
	for _, s := range sections(doc) {
		var head []string // the columns of the table that is open, in small letters
		for _, l := range s.lines {
			row := strings.TrimSpace(l.text)
			switch {
			case l.block != actionsBlock && (l.block != "" || !s.forActions()), !strings.HasPrefix(row, "|"):
				head = nil
			case head == nil:
				head = cells(strings.ToLower(row))
			case l.prompt != "" || strings.Trim(row, "|-: \t") == "":
			default:
				if it := itemOf(head, cells(row)); it.Text != "" {
					it.Line, it.block = l.n, l.block == actionsBlock
					items = append(items, it)
				}
			}
		}
	}
	return items
}

// itemOf reads a row by the names of its columns. Without a column for what changes it is none.
func itemOf(head, row []string) (it Item) {
	for n, name := range head[:min(len(head), len(row))] {
		cell := row[n]
		switch name {
		case "what changes", "action", "what":
			it.Text = cell
		case "kind":
			it.Kind = strings.ToLower(cell)
		case "owner", "who":
			it.Owner = cell
		case "due", "by":
			it.Day, it.Due = cell, dayOf(cell)
		case "link":
			it.Link = address(cell)
		case "state":
			it.Open = strings.ToLower(cell)
		}
	}
	return it
}

// days are the spellings of a day that are clear in a document, whenever it is read.
var days = []string{time.DateOnly, longDate, "2 Jan 2006", "January 2, 2006"}

func dayOf(s string) time.Time {
	for _, form := range days {
		if day, err := time.Parse(form, s); err == nil {
			return day
		}
	}
	return time.Time{}
}

// address is where a link leads, or a text that is one.
func address(s string) string {
	if _, to, ok := strings.Cut(s, "]("); ok && strings.HasPrefix(s, "[") {
		return strings.TrimSuffix(to, ")")
	}
	return strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
}

// cells are those of a row of a table, without escapes.
func cells(row string) []string {
	var list []string
	var cell strings.Builder
	row = strings.TrimPrefix(row, "|")
	for i := 0; i < len(row); i++ {
		switch c := row[i]; {
		case c == '\\' && i+1 < len(row) && strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", row[i+1]) >= 0:
			i++
			cell.WriteByte(row[i])
		case c == '&':
			name := entity.FindString(row[i:min(len(row), i+40)])
			if name == "" {
				name = "&"
			}
			cell.WriteString(html.UnescapeString(name))
			i += len(name) - 1
		case c == '|':
			list = append(list, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(c)
		}
	}
	if last := strings.TrimSpace(cell.String()); last != "" {
		list = append(list, last)
	}
	return list
}
