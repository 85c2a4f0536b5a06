package clarity

import (
	"fmt"
	"hash/maphash"

	"incident/pkg/incident"
)

var pointlessRules = []rule{
	{Rule: Rule{
		ID:      "pointless/says-nothing",
		Summary: "an open incident, and nothing in the text but that somebody works on it",
		Why: "Customers know that it fails, they came because of it. What they decide by is missing: what is affected and " +
			"for whom, what is being done, what they can do meanwhile.",
		Before:   "We are aware of an issue and our team is actively investigating.",
		After:    "Card payments fail for one customer in five since 14:02. Bank transfer works. We are withdrawing this morning's change.",
		Defaults: Defaults{Customer: Error, Stakeholder: Error, Internal: Warning},
	}, find: saysNothing},
	{Rule: Rule{
		ID:      "pointless/bare-resolved",
		Summary: "a resolved incident, and nothing in the text but that it is resolved",
		Why: "It is the one update that everybody reads. Who was affected wants to know whether it was this, from when to " +
			"when, why, and whether anything is left to do.",
		Before:   "This incident has been resolved. Thank you for your patience.",
		After:    "From 14:02 to 15:20 one card payment in five failed, because of a change that we made that morning. Failed payments were not charged.",
		Defaults: Defaults{Customer: Error, Stakeholder: Error, Internal: Warning},
	}, find: bareResolved},
	{Rule: Rule{
		ID:       "pointless/no-function",
		Summary:  "nothing in the text or the title that readers use, by a name that they know",
		Why:      "Nobody can tell whether they are affected. Each of them has to try, or to ask.",
		Before:   "We are seeing failures and are adding servers.",
		After:    "Uploading photos fails; we are adding servers.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, find: noFunction},
	{Rule: Rule{
		ID:       "pointless/no-effect",
		Summary:  "a function is named, and only that it has a problem",
		Why:      "\"Issues with checkout\" can mean slow pages, lost orders, or charges made twice. Customers act differently in each case.",
		Before:   "There is a problem with checkout for customers in Europe; we are restarting payments.",
		After:    "Checkout takes up to two minutes for customers in Europe; we are restarting payments.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: noEffect},
	{Rule: Rule{
		ID:       "pointless/no-next-time",
		Summary:  "an open incident, and no time for the next update",
		Why:      "Without a time, readers look every few minutes, and ask. With a time they go and do something else. Two updates in a hundred give one.",
		Before:   "Card payments fail. We are withdrawing a change.",
		After:    "Card payments fail. We are withdrawing a change. Next update at 14:40 UTC.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, anyLanguage: true, find: noNextTime},
	{Rule: Rule{
		ID:       "pointless/vague-time",
		Summary:  "soon, shortly, when we have more: words that stand for a time",
		Why:      "\"Soon\" is a promise that nobody can hold you to, and readers know it.",
		Before:   "Card payments fail. More details will follow as soon as possible.",
		After:    "Card payments fail. More details will follow by 14:40 UTC.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: vagueTime},
	{Rule: Rule{
		ID:       "pointless/repeat",
		Summary:  "nearly the words of an earlier update",
		Why:      "Readers look for what is new, find nothing, and stop to read. An alarm for nothing wears out the next one.",
		Before:   "Card payments fail for one customer in five. We are withdrawing a change.",
		After:    "No change since 14:05: card payments still fail. We are withdrawing the change; that takes 20 minutes more.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, anyLanguage: true, find: repeats},
	{Rule: Rule{
		ID:       "pointless/no-advice",
		Summary:  "a second update or a later one about a major outage, and nothing that readers can do meanwhile",
		Why:      "By now they wait, and it costs them. One way round, or the word that there is none, lets them decide. Four updates in a hundred had it.",
		Before:   "Card payments still fail. We are withdrawing a change.",
		After:    "Card payments still fail. You can pay by bank transfer. We are withdrawing a change.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: noAdvice},
}

// nothing reports whether an update to an open incident tells nothing. Where words are left that no list knows, it
// gets the benefit of the doubt, the sooner if at least the next time is said.
func (r *reading) nothing() bool {
	if !r.open || r.informs() || r.slots.tell(slotRecovered) && r.slots.tell(slotWhat) && !settledOnly(r) || untouched(r) {
		return false
	}
	if r.c.Audience == incident.Internal {
		return r.idle()
	}
	few := 8
	if r.slots.tell(slotNext) {
		few = 4
	}
	return r.content < few || 5*r.content < r.words
}

// idle reports whether not even those who work on the incident learn anything: no name, number or term stands in the
// text, and no word of what was done.
func (r *reading) idle() bool {
	if r.content > 0 || len(r.terms) > 0 || len(r.internal) > 0 {
		return false
	}
	for i := range r.tokens {
		if t := &r.tokens[i]; t.class&(number|clock|thing) != 0 && t.class&light == 0 || isAct(r.tokens, i) {
			return false
		}
	}
	return true
}

func saysNothing(r *reading) []Finding {
	if !r.nothing() {
		return nil
	}
	if r.c.Audience == incident.Internal {
		return []Finding{{Message: "tells nothing that the war room does not know", Suggestion: "what you found, what you did, what you need"}}
	}
	return []Finding{{
		Message:    "tells nothing that " + r.c.Audience.Readers() + " do not know",
		Suggestion: "what is affected, and for whom; what you are doing; what they can do meanwhile",
	}}
}

func bareResolved(r *reading) []Finding {
	s := &r.slots
	if r.c.Audience == incident.Internal && !r.idle() {
		return nil
	}
	if r.open || r.informs() || s.tell(slotClock) && s.tell(slotWhat) || s.tell(slotRecovered) && s.tell(slotWhat) && !settledOnly(r) || r.content >= 8 && 5*r.content >= r.words {
		return nil
	}
	return []Finding{{
		Message:    "does not say what was wrong",
		Suggestion: "what failed, from when to when, why, and whether anything is left to do",
	}}
}

// settledOnly reports whether recovery is only said of the incident ("the issue with checkout is resolved") and not
// of what people use ("checkout works again").
func settledOnly(r *reading) bool {
	for _, s := range r.said {
		tokens := r.tokens[s.start:s.end]
		if s.tell(slotRecovered) && s.tell(slotWhat) {
			if _, settled := settledWords.find(tokens); !settled {
				return false
			}
		}
	}
	return true
}

var settledWords = phrases{text: `
	issue/issues/problem/problems/incident/disruption/outage/degradation/matter/this ~ is/are/has/have/was/were
	resolved/fixed/mitigated/addressed
	investigating
	working ~ restore/restored/recover/recovery
	restoring
`}

func noFunction(r *reading) []Finding {
	if !r.open || r.slots.tell(slotWhat) || r.slots.tell(slotOperation) || r.mentions(r.text) {
		return nil
	}
	if len(r.c.Components) > 0 || r.c.Headline != "" && r.mentions(r.c.Headline) {
		return nil // they stand above the text wherever it is read
	}
	f := Finding{Message: "does not say which function is affected", Suggestion: "name it as customers do: payments, search, signing in"}
	if r.mentions(r.c.Title) {
		if len(r.c.Earlier) > 0 {
			return nil // the first one has said it
		}
		f.Level = Warning
		f.Message = "does not say which function is affected; only the title does"
	}
	return []Finding{f}
}

// mentions reports whether a text names something that people use.
func (r *reading) mentions(text string) bool {
	words := lexicon()
	for _, w := range split(text) {
		if r.names[w] || words[w]&(thing|operation) != 0 && words[w]&light == 0 {
			return true
		}
	}
	return false
}

func noEffect(r *reading) []Finding {
	s := &r.slots
	if !r.open || !s.tell(slotWhat) || s.tell(slotEffect) || s.tell(slotWeak) || s.tell(slotRecovered) || r.nothing() {
		return nil
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.class&vague != 0 && t.class&(act|operation) == 0 && !t.named && !t.quoted && euphemismWord(t.low) && !negated(r.tokens, i) {
			return []Finding{{
				Start: t.start, End: t.end, Message: "does not say what " + r.c.Audience.Readers() + " see",
				Suggestion: "what happens when they try: pages load slowly, payments fail, messages arrive late",
			}}
		}
	}
	return nil
}

func noNextTime(r *reading) []Finding {
	if !r.open || r.slots.tell(slotNext) {
		return nil
	}
	f := Finding{Message: "no time for the next update", Suggestion: "--next 30m, or a clock time in the text"}
	if r.slots.tell(slotRecovered) && r.slots.tell(slotWhat) && !settledOnly(r) { // it may be the last one
		f.Level = Warning
	}
	return []Finding{f}
}

func vagueTime(r *reading) []Finding {
	if r.slots.tell(slotNext) {
		return nil
	}
	for _, s := range r.sentences {
		if at, found := vagueTimes.find(r.tokens[s.start:s.end]); found {
			return []Finding{r.spot(s.start+at.start, s.start+at.end, fmt.Sprintf("%q is no time", r.between(s.start+at.start, s.start+at.end)),
				"a clock time with its zone, or --next 30m")}
		}
	}
	return nil
}

var vagueTimes = phrases{text: `
	as soon as _
	soon
	shortly
	momentarily
	when/once/if we have ~ one/more/information/news/update/updates/something/details/anything
	when/once/as ~ available
	when/once/as ~ information/details/updates
	when/once we know more
	as necessary/needed/appropriate
	in due course
	in the near future
	in a/the moment/while/bit
	later today/on
	at a later time
	before long
	asap
	until we know more
	further/more/additional/another update/updates/information/details to/will follow
	keep you/everyone/customers/users updated/posted/informed
	stay tuned
	quickly as possible
	regular/regularly updates/update
`}

func repeats(r *reading) []Finding {
	if len(r.c.Earlier) == 0 || len(r.tokens) == 0 {
		return nil
	}
	if _, same := unchangedWords.find(r.tokens); same && r.slots.tell(slotNext) && r.english {
		return nil
	}
	mine := shingles(r.tokens)
	for i := len(r.c.Earlier) - 1; i >= 0; i-- {
		e := &r.c.Earlier[i]
		if 2*len(e.Text) < len(r.text) || 2*len(r.text) < len(e.Text) {
			continue // too far apart to be alike
		}
		theirs := scan(e.Text).tokens
		if !alike(mine, shingles(theirs)) && !(len(r.tokens) <= 30 && sameWords(r.tokens, theirs)) {
			continue
		}
		f := Finding{Message: "the same as an earlier update", Suggestion: `what changed; or "no change since" and the time of the next update`}
		if e.At != "" {
			f.Message = "the same as at " + e.At
		}
		return []Finding{f}
	}
	return nil
}

var unchangedWords = phrases{text: `
	no change/changes/news since/yet
	nothing new/changed
	nothing has changed
	not changed since
	unchanged since
	still the same
`}

var seed = maphash.MakeSeed()

// shingles are the sequences of three words of a text, of a shorter one all of it.
func shingles(tokens []token) map[uint64]bool {
	set := make(map[uint64]bool, len(tokens))
	var h maphash.Hash
	h.SetSeed(seed)
	for i := 0; i == 0 || i+3 <= len(tokens); i++ {
		h.Reset()
		for _, t := range tokens[i:min(i+3, len(tokens))] {
			h.WriteString(t.low)
			h.WriteByte(0)
		}
		set[h.Sum64()] = true
	}
	return set
}

// alike reports whether four fifths of two sets are the same.
func alike(a, b map[uint64]bool) bool {
	both := 0
	for k := range a {
		if b[k] {
			both++
		}
	}
	return 5*both >= 4*(len(a)+len(b)-both)
}

// sameWords reports whether two short texts have nearly the same words, and the same numbers: one word put in breaks
// three sequences of three, which is much of a short text. A number that changed is news.
func sameWords(a, b []token) bool {
	in := func(tokens []token) map[string]bool {
		set := make(map[string]bool, len(tokens))
		for i := range tokens {
			set[tokens[i].low] = true
		}
		return set
	}
	x, y, both := in(a), in(b), 0
	for w := range x {
		switch {
		case y[w]:
			both++
		case lexicon()[w]&number != 0 || shape(w)&(number|clock) != 0:
			return false
		}
	}
	return 20*both >= 17*(len(x)+len(y)-both)
}

func noAdvice(r *reading) []Finding {
	s := &r.slots
	if !r.open || r.c.Impact < incident.ImpactMajor || len(r.c.Earlier) == 0 || s.tell(slotAdvice) || s.tell(slotRecovered) {
		return nil
	}
	return []Finding{{
		Message:    "does not say what " + r.c.Audience.Readers() + " can do meanwhile",
		Suggestion: `a way round, or "there is nothing you need to do"`,
	}}
}

// spot is a finding at tokens.
func (r *reading) spot(from, to int, message, suggestion string) Finding {
	return Finding{Start: r.tokens[from].start, End: r.tokens[to-1].end, Message: message, Suggestion: suggestion}
}

// between is the text of tokens.
func (r *reading) between(from, to int) string {
	return r.text[r.tokens[from].start:r.tokens[to-1].end]
}
