package clarity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// reading is a text with all that the rules ask of it.
type reading struct {
	*scanned
	c        *Context
	glossary *Glossary
	internal []span          // chunks of the text that are names of machines and the like
	names    map[string]bool // the words of the names that customers know
	english  bool
	open     bool // the incident is not over with this update
	slots    slots
	said     []sentence // as s.sentences
	words    int        // with letters
	content  int        // words that say something of their own
	terms    []hit      // of the glossary
}

// sentence is what one sentence tells.
type sentence struct {
	span
	slots
	content int
	filler  bool
}

// slots are what an update can tell, a set.
type slots uint16

const (
	slotOperation slots = 1 << iota // what people try to do
	slotEffect                      // what they see
	slotWeak                        // only that it does not work
	slotNumber                      // how many
	slotRegion                      // where
	slotAct                         // what is done about it
	slotAdvice                      // what people can do, or need not
	slotCause
	slotClock
	slotNext // when they hear next
	slotWhat // what it is about, by a name they know
	slotRecovered

	slotScope = slotNumber | slotRegion
)

// tell reports whether any of the wanted is told.
func (s slots) tell(wanted slots) bool { return s&wanted != 0 }

// add adds what is told, if it is.
func (s *slots) add(told slots, is bool) {
	if is {
		*s |= told
	}
}

// informs reports whether the text tells anything that its readers did not know: what they cannot do, what they
// see, how many and where, what is done, what they can do, why. That something unnamed is down they know.
func (r *reading) informs() bool {
	return r.slots.tell(slotOperation|slotEffect|slotScope|slotAct|slotAdvice|slotCause) || r.slots.tell(slotWeak) && r.slots.tell(slotWhat)
}

func read(text string, c *Context) *reading {
	r := &reading{scanned: scan(text), c: c, glossary: c.Glossary, open: !c.Status.Over()}
	if r.glossary == nil {
		r.glossary = BuiltIn()
	}
	r.name()
	r.english = isEnglish(r.tokens, r.glossary)
	r.internal = r.identify()
	r.terms = r.lookUp()
	for i := range r.tokens {
		if r.tokens[i].low[0] > '9' {
			r.words++
		}
	}
	for _, s := range r.sentences {
		said := r.understand(s)
		r.said = append(r.said, said)
		r.content += said.content
		if said.filler {
			said.slots &= slotWhat | slotNext | slotRecovered | slotClock
		}
		r.slots |= said.slots
	}
	r.slots.add(slotNext, c.Next)
	return r
}

// name marks the words of names that customers know: each by itself, unless it is an ordinary word, and all of
// them where the whole name stands.
func (r *reading) name() {
	r.names = map[string]bool{}
	whole := map[string][][]string{} // by the first word
	words := lexicon()
	add := func(name string) {
		parts := split(name)
		if len(parts) > 1 {
			whole[parts[0]] = append(whole[parts[0]], parts)
		}
		for _, w := range parts {
			if c := words[w]; len(parts) == 1 || len(w) > 1 && c&(english|light|generic) == 0 {
				r.names[w] = true
				r.names[w+"s"] = true
			}
		}
	}
	for _, c := range r.c.Components {
		add(c.Name)
		for _, a := range c.Aliases {
			add(a)
		}
	}
	for _, n := range r.c.Known {
		add(n)
	}
	for i := range r.tokens {
		r.tokens[i].named = r.names[r.tokens[i].low] && r.proper(i)
	}
	for i := range r.tokens {
		for k := range longest(whole[r.tokens[i].low], r.tokens[i:]) {
			r.tokens[i+k].named = true
		}
	}
}

// proper keeps names that are a single letter or a word of grammar from being found in ordinary words: those
// have to be written with a capital.
func (r *reading) proper(i int) bool {
	t := &r.tokens[i]
	if len(t.low) > 1 && t.class&(english|light) == 0 {
		return true
	}
	first, _ := utf8.DecodeRuneInString(r.text[t.start:])
	return unicode.IsUpper(first)
}

// understand fills the slots from one sentence.
func (r *reading) understand(s span) sentence {
	tokens := r.tokens[s.start:s.end]
	out := sentence{span: s}
	if _, devoted := devotedWords.find(tokens); devoted {
		out.filler = true
		return out
	}
	for _, by := range []struct {
		slot  slots
		words *phrases
	}{
		{slotAdvice, &adviceWords},
		{slotRecovered, &recoveredWords},
		{slotEffect, &effectWords},
		{slotCause, &causeWords},
		{slotAct, &undoWords},
	} {
		_, told := by.words.find(tokens)
		out.add(by.slot, told)
	}
	_, tellsNext := r.next(tokens)
	out.add(slotNext, tellsNext)
	acts, objects := false, 0
	for i := range tokens {
		own, object := ownContent(&tokens[i])
		if own {
			out.content++
		}
		if object {
			objects++
		}
		out.slots |= r.toldBy(tokens, i, !tellsNext)
		acts = acts || isAct(tokens, i)
	}
	out.add(slotAct, acts && objects > 0 && (out.content > 0 || out.tell(slotWhat)))
	out.filler = out.content == 0 && !out.tell(slotScope|slotEffect|slotAdvice|slotOperation|slotAct) && !(out.tell(slotWeak) && out.tell(slotWhat))
	if out.content == 0 && !out.tell(slotWhat|slotEffect) {
		out.slots &^= slotCause
	}
	return out
}

// ownContent reports whether a word says something of its own, and whether it can be what an action is done to.
func ownContent(t *token) (own, object bool) {
	c := t.class
	if t.named || c&(light|vague|generic|english|number|clock|hedge|unit|some|small|ours|stock|weak) == 0 {
		return true, c&(act|carry) == 0
	}
	return false, c&thing != 0 && c&light == 0
}

// isAct reports whether the word at i says what is done, and is no noun: "a restart", "some changes".
func isAct(tokens []token, i int) bool {
	return tokens[i].class&act != 0 && (i == 0 || tokens[i-1].class&(small|some) == 0 && !article(tokens[i-1].low))
}

// toldBy is what the word at i tells by itself; counting says whether a number counts something, and is not that of
// the next update.
func (r *reading) toldBy(tokens []token, i int, counting bool) (out slots) {
	t := &tokens[i]
	c := t.class
	mine := before(tokens, i, ours, 4) // what we do is no symptom, and nothing that people try
	out.add(slotWhat, t.named || t.code || c&thing != 0 && c&(light|generic) == 0)
	out.add(slotClock, c&clock != 0 || c&number != 0 && i+1 < len(tokens) && dayPart(tokens[i+1].low))
	out.add(slotNumber, c&number != 0 && counting && r.counts(tokens, i))
	out.add(slotRegion, r.place(tokens, i))
	out.add(slotEffect, c&symptom != 0 && !t.quoted && !negated(tokens, i) && !(mine && c&act != 0) && !idiom(tokens, i))
	out.add(slotEffect, c&negation != 0 && stops(tokens, i))
	out.add(slotWeak, c&weak != 0 && !negated(tokens, i) && !idle(tokens, i))
	out.add(slotOperation, c&operation != 0 && c&(light|thing) == 0 && !t.named && !mine && !t.quoted)
	out.add(slotOperation|slotWhat, !mine && operationWords.at(tokens[i:]) > 0)
	return out
}

// dayPart reports what makes a clock time of a number before it.
func dayPart(w string) bool { return w == "am" || w == "pm" || w == "utc" }

// idiom reports a "hang" that asks for patience: hang on, hang tight, hang in there.
func idiom(tokens []token, i int) bool {
	if tokens[i].low != "hang" || i+1 == len(tokens) {
		return false
	}
	w := tokens[i+1].low
	return w == "on" || w == "tight" || w == "in"
}

func article(w string) bool { return w == "a" || w == "an" || w == "the" || w == "any" || w == "of" }

// before reports whether one of the n tokens before i is of a class.
func before(tokens []token, i int, c class, n int) bool {
	for k := max(0, i-n); k < i; k++ {
		if tokens[k].class&c != 0 {
			return true
		}
	}
	return false
}

// negated reports whether what stands at i is said not to be: "no errors", "does not affect".
func negated(tokens []token, i int) bool {
	for k := max(0, i-2); k < i; k++ {
		switch tokens[k].low {
		case "no", "without", "never", "nothing", "longer":
			return tokens[i].low != "longer"
		}
	}
	return false
}

// idle keeps "carry out", "slow down", "find out", "fall out" and "rolled out" from reading as a state: down and
// out are one after is, are, went, goes, been.
func idle(tokens []token, i int) bool {
	if w := tokens[i].low; w != "out" && w != "down" && w != "dead" {
		return false
	}
	if i == 0 {
		return false
	}
	switch tokens[i-1].low {
	case "is", "are", "was", "were", "be", "been", "went", "go", "goes", "going", "gone", "currently", "still", "completely", "now", "fully", "totally", "all", "it's", "taken", "took":
		return false
	}
	return tokens[i-1].class&(thing|generic) == 0
}

// stops reports whether a negation denies what people do or see: "do not load", "isn't arriving", "not shown".
// What we or they need not, know not, and what is not affected, is something else.
func stops(tokens []token, i int) bool {
	if before(tokens, i, ours, 2) || i > 0 && (tokens[i-1].low == "you" || tokens[i-1].low == "do" && i > 1 && tokens[i-2].low == "you") {
		return false
	}
	if n := tokens[i].low; n == "no" || n == "nothing" || n == "none" || n == "without" || n == "never" || n == "nobody" {
		return false
	}
	for k := i + 1; k < len(tokens) && k <= i+3; k++ {
		w, c := tokens[k].low, tokens[k].class
		switch {
		case w == "affected" || w == "impacted" || w == "affect" || w == "impact" || w == "need" || w == "know" || w == "yet" || w == "lost" || w == "only" || w == "working" || w == "available":
			return false
		case w == "be" || w == "been" || w == "being" || w == "able" || w == "always" || w == "currently" || w == "properly" || w == "all":
			continue
		case c&operation != 0 || strings.HasSuffix(w, "ing") || strings.HasSuffix(w, "ed") || effectVerb(w):
			return true
		case c&(english|light) == 0 && denies(tokens, i):
			return true
		}
	}
	return false
}

// denies reports whether the negation at i goes with a verb that follows: doesn't, did not.
func denies(tokens []token, i int) bool {
	if strings.HasSuffix(tokens[i].low, "n't") {
		return true
	}
	if tokens[i].low != "not" || i == 0 {
		return false
	}
	w := tokens[i-1].low
	return w == "do" || w == "does" || w == "did"
}

func effectVerb(w string) bool {
	switch w {
	case "show", "shown", "appear", "work", "run", "open", "start", "reach", "sent", "seen", "get", "use", "see", "respond", "arrive", "heard", "ring", "count", "match", "go", "come", "save", "finish", "complete", "receive", "update", "load":
		return true
	}
	return false
}

// counts reports whether the number at i counts or measures something: a share, people, things, a duration.
func (r *reading) counts(tokens []token, i int) bool {
	t := &tokens[i]
	if t.low == "third" && i+1 < len(tokens) && tokens[i+1].low == "party" || t.low == "half" && i > 0 && tokens[i-1].low == "first" {
		return false
	}
	if t.class&unit != 0 || t.end < len(r.text) && strings.HasPrefix(strings.TrimLeft(r.text[t.end:min(len(r.text), t.end+2)], " "), "%") {
		return true
	}
	if fraction(t.low) && i > 0 && (tokens[i-1].low == "a" || tokens[i-1].low == "one" || tokens[i-1].low == "by") {
		return true
	}
	digits := t.low[0] <= '9'
	if t.start > 0 && strings.ContainsAny(r.text[max(0, t.start-3):t.start], "€$£") {
		return true
	}
	for k := i + 1; k < len(tokens) && k <= i+3; k++ {
		n := &tokens[k]
		switch {
		case (n.low == "in" || n.low == "of" || n.low == "out") && k == i+1:
			if k+1 < len(tokens) && (tokens[k+1].low[0] <= '9' || tokens[k+1].low == "every" || tokens[k+1].class&number != 0) {
				return true
			}
			if digits || t.low == "half" || t.low == "third" || t.low == "quarter" || t.low == "most" || t.low == "all" || t.low == "none" || t.low == "two" || t.low == "three" || t.low == "four" {
				continue
			}
			return false
		case t.low == "one" && n.class&unit == 0:
			return false
		case n.class&(people|unit) != 0:
			return true
		case n.class&(thing|operation) != 0 && (digits || t.low != "no"):
			return true
		case digits && strings.HasSuffix(n.low, "s") && n.class&english == 0 && len(n.low) > 3:
			return true
		case n.class&(clock|negation|past) != 0 || n.low == "and":
			return false
		}
	}
	return false
}

func fraction(w string) bool {
	return w == "half" || w == "third" || w == "quarter" || w == "fifth" || w == "tenth"
}

// place reports whether a region or a kind of device stands at i. A word with a capital after "in" is one too,
// if it is no name of ours.
func (r *reading) place(tokens []token, i int) bool {
	t := &tokens[i]
	if t.named || t.low[0] <= '9' {
		return false
	}
	first := r.text[t.start]
	upper := first >= 'A' && first <= 'Z'
	if t.class&region != 0 {
		return upper && t.low != "us" && t.low != "switch" && t.low != "edge" || r.text[t.start:t.end] == "US" ||
			t.low == "mobile" || t.low == "browser" || t.low == "desktop" || t.low == "ios" || t.low == "android" || t.low == "iphones"
	}
	if i == 0 || !upper || len(t.low) < 3 || t.class&(english|light|vague|generic|thing|stock) != 0 || t.end-t.start < 3 {
		return false
	}
	if r.text[t.start+1] >= 'A' && r.text[t.start+1] <= 'Z' { // an abbreviation, or all in capitals
		return false
	}
	if p := tokens[i-1].low; p != "in" && p != "across" && p != "near" && p != "around" {
		return false
	}
	_, term := r.glossary.Find(t.low)
	return !term
}
