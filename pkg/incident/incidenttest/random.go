package incidenttest

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
)

// Marked is a random timeline in which every word holds a mark: whole and sensible for the most part, with
// entries missing, damaged or hostile here and there.
type Marked struct {
	ID      string
	Entries []incident.Entry // in no order
	marks   []mark
}

// mark is one word and the widest audience that may read it.
type mark struct {
	field  string
	widest incident.Audience
}

const (
	markStart  = "zq" // no word holds it
	markLength = len(markStart) + 4
)

// Leaks lists the words in a text that are not for an audience.
func (m *Marked) Leaks(text string, a incident.Audience) []string {
	var leaks []string
	for {
		w, rest := m.next(text)
		if w == nil {
			return leaks
		}
		if !a.Sees(w.widest) {
			leaks = append(leaks, fmt.Sprintf("%s, for %s, reaches %s", w.field, w.widest, a))
		}
		text = rest
	}
}

// word makes a marked word. How wide it may be read is often known only at the end.
func (m *Marked) word(field string, widest incident.Audience) string {
	n := len(m.marks)
	m.marks = append(m.marks, mark{field, widest})
	code := []byte(markStart + "aaaa")
	for i := len(code) - 1; n > 0; i-- {
		code[i] = 'a' + byte(n%26)
		n /= 26
	}
	return string(code)
}

// next finds the first mark in a text and what follows it; nil where there is none. An identifier that happens to begin
// like a mark is none.
func (m *Marked) next(text string) (w *mark, rest string) {
	for {
		_, rest, found := strings.Cut(text, markStart)
		if !found {
			return nil, ""
		}
		n := 0
		for _, c := range []byte(rest[:min(4, len(rest))]) {
			n = n*26 + int(c) - 'a'
		}
		if len(rest) >= 4 && 0 <= n && n < len(m.marks) {
			return &m.marks[n], rest[4:]
		}
		text = rest
	}
}

// limit narrows the mark in a word, if there is one.
func (m *Marked) limit(word string, widest incident.Audience) {
	if w, _ := m.next(word); w != nil {
		w.widest = min(w.widest, widest)
	}
}

// maker is a timeline that is being made.
type maker struct {
	*rand.Rand
	*Marked
	recorded   time.Time
	components []string
}

// Random makes a timeline. The same source gives the same one.
func Random(r *rand.Rand) *Marked {
	k := maker{Rand: r, Marked: &Marked{}, recorded: At(0)}
	k.ID = "20261123-" + k.word("identifier", incident.Internal)
	for range 3 {
		k.components = append(k.components, "Part "+k.word("component", incident.Customer))
	}
	if k.chance(95) {
		k.add(incident.Opened)
	}
	for range k.IntN(14) {
		k.add(k.kind())
	}
	if k.chance(20) {
		k.Entries = slices.DeleteFunc(k.Entries, func(incident.Entry) bool { return k.chance(25) })
	}
	k.Marked.narrow()
	k.Shuffle(len(k.Entries), func(i, j int) { k.Entries[i], k.Entries[j] = k.Entries[j], k.Entries[i] })
	return k.Marked
}

func (k *maker) chance(percent int) bool { return k.IntN(100) < percent }

func (k *maker) kind() incident.Kind {
	switch n := k.IntN(100); {
	case n < 45:
		return incident.Note
	case n < 60:
		return incident.Moved
	case n < 75:
		return incident.Set
	case n < 82:
		return incident.Assigned
	case n < 92:
		return incident.Retracted
	case n < 94:
		return incident.Reopened
	case n < 96:
		return incident.Postmortem
	case n < 97:
		return incident.Acknowledged
	case n < 98:
		return []incident.Kind{incident.Action, incident.Published, incident.Waived}[k.IntN(3)]
	case n < 99:
		return incident.Opened
	default:
		return incident.Kind(k.IntN(30)) // unreadable or unknown for the most part
	}
}

// add makes an entry, or repeats an earlier one as a retry on another clone does.
func (k *maker) add(kind incident.Kind) {
	if !k.chance(10) { // else in the same millisecond
		k.recorded = k.recorded.Add(time.Duration(1+k.IntN(3_600_000)) * time.Millisecond)
	}
	if len(k.Entries) > 0 && k.chance(5) {
		if e := *k.entry(); e.Key != "" {
			e.Name = incident.Name{Recorded: k.recorded, Label: e.Label(), Suffix: k.suffix()}.String()
			k.Entries = append(k.Entries, e)
			return
		}
	}
	a := incident.Audience(1 + k.IntN(4))
	if k.chance(1) {
		a = []incident.Audience{0, 5, 255}[k.IntN(3)]
	}
	e := incident.Entry{Kind: kind, Audience: a, At: k.time()}
	readers := a // of its words
	if !slices.Contains(incident.Audiences(), a) {
		readers = 0
	}
	k.describe(&e, readers)
	k.name(&e)
	k.Entries = append(k.Entries, e)
}

// time is about when the entry is recorded, seldom far from it.
func (k *maker) time() time.Time {
	if k.chance(95) {
		return k.recorded.Add(-time.Duration(k.IntN(60)) * time.Minute)
	}
	odd := []time.Time{{}, At(-1e6), At(1e6), time.Date(9999, 12, 31, 23, 0, 0, 0, time.UTC), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(20000, 1, 1, 0, 0, 0, 0, time.UTC)}
	return odd[k.IntN(len(odd))]
}

func (k *maker) suffix() string {
	b := make([]byte, 6)
	for i := range b {
		b[i] = "23456789abcdefghjkmnp"[k.IntN(21)]
	}
	return string(b)
}

// name gives the entry its name, seldom a hostile one.
func (k *maker) name(e *incident.Entry) {
	e.Name = incident.Name{Recorded: k.recorded, Label: e.Label(), Suffix: k.suffix()}.String()
	if k.chance(98) {
		return
	}
	word := k.word("entry name", incident.Internal)
	odd := []string{
		word, "", "0", "\xff" + word, "../" + word, "20261123-" + word, e.Name + "-" + word + "!", strings.ToUpper(e.Name),
		incident.Name{Recorded: k.recorded, Label: "note-" + word, Suffix: k.suffix()}.String(),
		"99991231T235959.999Z-note-" + word + "-" + k.suffix(),
	}
	e.Name = odd[k.IntN(len(odd))]
	if slices.ContainsFunc(k.Entries, func(other incident.Entry) bool { return other.Name == e.Name }) {
		e.Name = word // names are unique
	}
}

// describe fills in what the entry says, in words that are for readers at most.
func (k *maker) describe(e *incident.Entry, readers incident.Audience) {
	warRoom := min(readers, incident.Internal)
	wide := func(facts incident.Audience) incident.Audience { // for words that are given as a fact
		if readers <= incident.Technical {
			return readers
		}
		return facts
	}
	e.Author = incident.Person{Name: "Ana " + k.word("author", warRoom), Email: k.word("address", warRoom) + "@example.com"}
	if k.chance(85) || e.Kind == incident.Retracted {
		field, who := "text", readers
		if e.Kind == incident.Retracted {
			field, who = "reason", warRoom
		}
		e.Text = "It is " + k.word(field, who) + "."
	}
	if k.chance(20) {
		e.Key = "key-" + k.word("key", warRoom)
		if other := k.entry(); other != nil && k.chance(10) {
			e.Key = other.Key
		}
	}
	if k.chance(20) {
		e.To = []string{"team-" + k.word("addressee", warRoom)}
	}
	if k.chance(20) {
		e.Next = incident.Next{By: k.recorded.Add(time.Duration(k.IntN(90)) * time.Minute)}
	} else if k.chance(10) {
		e.Next = incident.Next{None: true, By: k.time()}
	}
	if k.chance(15) {
		e.Attachments = []incident.Attachment{{Name: k.word("attachment", readers) + ".png", File: k.word("file", readers) + ".png", Size: 9, SHA256: "abc"}}
		if k.chance(10) {
			e.Attachments[0].File = "../" + e.Attachments[0].File
		}
	}
	if k.chance(15) {
		e.Accepted = []incident.Accepted{{Rule: "jargon/term", Reason: "They ask for " + k.word("reason", warRoom)}}
	}
	if k.chance(5) {
		e.Problem = errors.New("line 3: " + k.word("problem", min(readers, incident.Technical)))
	}
	if e.Kind == incident.Unreadable {
		e.Problem = errors.New("line 4: " + k.word("problem", incident.Technical))
	}
	switch e.Kind {
	case incident.Opened:
		e.Title = "Errors of " + k.word("title", wide(incident.Internal))
		if k.chance(30) {
			e.Role, e.Holder = incident.Commander, k.word("holder", wide(incident.Stakeholder))
		}
		k.facts(e, readers, wide)
	case incident.Set:
		k.facts(e, readers, wide)
		if k.chance(40) {
			e.Title = "Errors of " + k.word("title", wide(incident.Internal))
		}
	case incident.Assigned:
		e.Role, e.Holder = k.word("role", wide(incident.Stakeholder)), k.word("holder", wide(incident.Stakeholder))
		if k.chance(60) {
			e.Role = []string{"commander", "ic", "Scribe"}[k.IntN(3)]
		}
	case incident.Moved, incident.Reopened:
		e.Status = incident.Status(k.IntN(6))
		if k.chance(20) {
			k.facts(e, readers, wide)
		}
	case incident.Retracted:
		e.Retracts = k.target(e, warRoom)
	case incident.Acknowledged:
		if other := k.entry(); other != nil {
			e.Acks, e.As = []string{other.Name}, append([]string{"team-" + k.word("seen", warRoom)}, other.To...)
			for _, to := range other.To {
				k.limit(strings.TrimPrefix(to, "team-"), min(other.Audience, incident.Internal))
			}
		}
	case incident.Action:
		e.Action = incident.ActionFacts{Owner: "Ben " + k.word("owner", warRoom), Link: "https://tracker.example/" + k.word("link", warRoom), For: "detect"}
		if other := k.entry(); other != nil && k.chance(60) {
			e.Action.Settles, e.Action.State = other.Name, incident.ActionDropped
		}
	case incident.Postmortem:
		e.Document = k.word("document", warRoom)
	default:
		if k.chance(30) {
			e.Corrects = k.target(e, warRoom)
		}
		if k.chance(20) {
			k.facts(e, readers, wide)
		}
	}
}

func (k *maker) facts(e *incident.Entry, readers incident.Audience, wide func(incident.Audience) incident.Audience) {
	if k.chance(30) {
		e.Headline = "Failures of " + k.word("headline", wide(incident.Customer))
	}
	e.Severity, e.Impact = incident.Severity(k.IntN(5)), incident.Impact(k.IntN(5))
	for range k.IntN(3) {
		name := k.components[k.IntN(len(k.components))]
		if k.chance(20) {
			name = strings.Replace(name, "Part", "PART", 1)
		}
		e.Components = append(e.Components, incident.Component{Name: name, State: incident.State(1 + k.IntN(5))})
	}
	if k.chance(20) {
		e.Tags = []string{"tag-" + k.word("tag", min(readers, incident.Internal))}
	}
	if k.chance(20) {
		e.Cause = "cause-" + k.word("cause", min(readers, incident.Internal))
	}
	if k.chance(20) {
		e.Started = k.time()
	}
	if k.chance(20) {
		n := k.IntN(1000) - 10
		e.Customers = &n
	}
	if k.chance(20) {
		share := []float64{0, 12.5, 100, 101, -1, math.Inf(1)}[k.IntN(6)]
		e.Share = &share
	}
	if k.chance(2) {
		e.Severity, e.Impact = 200, 200
		e.Components = append(e.Components, incident.Component{Name: k.components[0], State: 200})
	}
}

// entry is an earlier entry, nil where there is none.
func (k *maker) entry() *incident.Entry {
	if len(k.Entries) == 0 {
		return nil
	}
	return &k.Entries[k.IntN(len(k.Entries))]
}

// target names the entry that e is about: mostly an earlier one, and one that it may be about.
func (k *maker) target(e *incident.Entry, warRoom incident.Audience) string {
	if k.chance(3) {
		return k.word("target", warRoom)
	}
	for range 10 {
		if other := k.entry(); other != nil && (other.Audience == e.Audience || k.chance(10)) {
			return other.Name
		}
	}
	return ""
}
