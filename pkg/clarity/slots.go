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

// slots are what an update can tell.
type slots struct {
	operation bool // what people try to do
	effect    bool // what they see
	weak      bool // only that it does not work
	scope     bool // how many, where
	number    bool
	region    bool
	act       bool // what is done about it
	advice    bool // what people can do, or need not
	cause     bool
	clock     bool
	next      bool // when they hear next
	what      bool // what it is about, by a name they know
	recovered bool
}

func (s *slots) join(o *slots) {
	s.operation = s.operation || o.operation
	s.effect = s.effect || o.effect
	s.weak = s.weak || o.weak
	s.scope = s.scope || o.scope
	s.number = s.number || o.number
	s.region = s.region || o.region
	s.act = s.act || o.act
	s.advice = s.advice || o.advice
	s.cause = s.cause || o.cause
	s.clock = s.clock || o.clock
	s.next = s.next || o.next
	s.what = s.what || o.what
	s.recovered = s.recovered || o.recovered
}

// informs reports whether the text tells anything that its readers did not know: what they cannot do, what they
// see, how many and where, what is done, what they can do, why. That something unnamed is down they know.
func (r *reading) informs() bool {
	s := &r.slots
	return s.operation || s.effect || s.weak && s.what || s.scope || s.act || s.advice || s.cause
}

func read(text string, c *Context) *reading {
	r := &reading{scanned: scan(text), c: c, glossary: c.Glossary, open: !c.Status.Over()}
	if r.glossary == nil {
		r.glossary = BuiltIn()
	}
	r.name()
	r.english = isEnglish(r.tokens)
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
			said.slots = slots{what: said.what, next: said.next, recovered: said.recovered, clock: said.clock}
		}
		r.slots.join(&said.slots)
	}
	r.slots.next = r.slots.next || c.Next
	return r
}

// name marks the words of names that customers know.
func (r *reading) name() {
	r.names = map[string]bool{}
	words := lexicon()
	add := func(name string) {
		parts := split(name)
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
	_, tellsNext := r.next(tokens)
	out.next = tellsNext
	_, out.advice = adviceWords.find(tokens)
	_, out.recovered = recoveredWords.find(tokens)
	_, out.effect = effectWords.find(tokens)
	if _, causal := causeWords.find(tokens); causal {
		out.cause = true
	}
	ourAct, objects := false, 0
	for i := range tokens {
		t := &tokens[i]
		c := t.class
		if t.named || c&thing != 0 && c&(light|generic) == 0 || t.code {
			out.what = true
		}
		if t.named || c&(light|vague|generic|english|number|clock|hedge|unit|some|small|ours|stock|weak) == 0 {
			out.content++
			if c&(act|carry) == 0 {
				objects++
			}
		} else if c&thing != 0 && c&light == 0 {
			objects++
		}
		if c&clock != 0 || c&number != 0 && i+1 < len(tokens) && (tokens[i+1].low == "am" || tokens[i+1].low == "pm" || tokens[i+1].low == "utc") {
			out.clock = true
		}
		if c&number != 0 && !tellsNext && r.counts(tokens, i) {
			out.number = true
		}
		if !out.region && r.place(tokens, i) {
			out.region = true
		}
		mine := i > 0 && before(tokens, i, ours, 4)
		if c&symptom != 0 && !t.quoted && !negated(tokens, i) && !(mine && c&act != 0) && !(t.low == "hang" && i+1 < len(tokens) && idiom(tokens[i+1].low)) {
			out.effect = true
		}
		if c&weak != 0 && !negated(tokens, i) && !idle(tokens, i) {
			out.weak = true
		}
		if c&negation != 0 && stops(tokens, i) {
			out.effect = true
		}
		if c&operation != 0 && c&(light|thing) == 0 && !t.named && !mine && !t.quoted {
			out.operation = true
		}
		if n := operationWords.at(tokens[i:]); n > 0 && !mine {
			out.operation, out.what = true, true
		}
		if c&act != 0 && (i == 0 || tokens[i-1].class&(small|some) == 0 && !article(tokens[i-1].low)) {
			ourAct = true
		}
	}
	out.scope = out.number || out.region
	out.act = ourAct && objects > 0 && !(out.content == 0 && !out.what)
	out.filler = out.content == 0 && !out.scope && !out.effect && !out.advice && !out.operation && !out.act && !(out.weak && out.what)
	if out.cause && out.content == 0 && !out.what {
		out.cause = false
	}
	return out
}

// idiom reports what makes patience of "hang": hang on, hang tight, hang in there.
func idiom(w string) bool { return w == "on" || w == "tight" || w == "in" }

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
	case "is", "are", "was", "were", "be", "been", "went", "go", "goes", "going", "gone", "currently", "still", "completely", "now", "fully", "totally", "all", "it's", "still-down", "taken", "took":
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
		case strings.HasSuffix(tokens[i].low, "n't") && c&(english|light) == 0:
			return true
		}
	}
	return false
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
	digits := t.low[0] <= '9'
	if t.start > 0 && strings.ContainsAny(r.text[max(0, t.start-3):t.start], "€$£") {
		return true
	}
	for k := i + 1; k < len(tokens) && k <= i+3; k++ {
		n := &tokens[k]
		switch {
		case (n.low == "in" || n.low == "of" || n.low == "out") && k == i+1:
			if k+1 < len(tokens) && tokens[k+1].class&number != 0 && tokens[k+1].low[0] > '9' == (tokens[k+1].class&english == 0) {
				return true
			}
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

// next finds the time of the next update in a sentence: a word for hearing from us, and a time that lies ahead.
func (r *reading) next(tokens []token) (span, bool) {
	about := -1
	for i := 0; i < len(tokens) && about < 0; i++ {
		if hears(tokens, i) {
			about = i
		}
	}
	if about < 0 {
		return span{}, false
	}
	for i := range tokens {
		if i > about+14 {
			break
		}
		switch tokens[i].low {
		case "in", "within", "by", "at", "before", "every", "around", "than", "until", "next", "about", "after", "for", "again", "is":
		case "tomorrow", "hourly", "tonight":
			return span{i, i + 1}, true
		default:
			continue
		}
		for k := i + 1; k < len(tokens) && k <= i+4; k++ {
			n := &tokens[k]
			if n.class&clock != 0 || n.class&unit != 0 || n.low == "tomorrow" || n.low == "noon" || n.low == "midnight" ||
				n.class&number != 0 && n.low[0] <= '9' && (k+1 == len(tokens) || tokens[k+1].class&unit != 0 || tokens[k+1].low == "am" || tokens[k+1].low == "pm" || tokens[k+1].low == "utc" || tokens[k+1].low == "cet" || tokens[k+1].low == "o'clock") {
				if k > about-10 {
					return span{i, k + 1}, true
				}
			}
		}
	}
	return span{}, false
}

// hears reports whether a word at i is about hearing from us: "next update", "we report back", "let you know". What
// was updated, and a report that somebody has sent, are not.
func hears(tokens []token, i int) bool {
	prev := ""
	if i > 0 {
		prev = tokens[i-1].low
	}
	switch w := tokens[i].low; w {
	case "update", "updates", "hear", "post", "write", "news", "information", "details", "share", "inform", "posting", "notify":
		return true
	case "back":
		return prev == "report" || prev == "check" || prev == "write" || prev == "come" || prev == "be" || prev == "again"
	case "know", "tell", "say":
		return before(tokens, i, ours, 3) || prev == "you" || prev == "everyone"
	case "more":
		return before(tokens, i, ours, 3)
	case "report", "reporting":
		return !article(prev)
	default:
		return false
	}
}

// isEnglish reports whether the rules that know English words apply.
func isEnglish(tokens []token) bool {
	ours, theirs, known, other, words := 0, 0, 0, 0, 0
	for i := range tokens {
		t := &tokens[i]
		if t.low[0] <= '9' && t.low[0] >= '0' || t.code {
			continue
		}
		words++
		c := t.class
		if c&english != 0 {
			ours++
		}
		if c&foreign != 0 {
			theirs++
		}
		if c&^foreign != 0 {
			known++
		}
		if first, _ := utf8.DecodeRuneInString(t.low); first > 0x24f { // neither Latin nor accented Latin
			other++
		}
	}
	switch {
	case words == 0:
		return true
	case other*3 > words:
		return false
	case theirs > ours:
		return false
	case ours == 0 && words >= 3:
		return known*4 >= words
	default:
		return true
	}
}

// English reports whether a text is checked by the rules that know English words. Others are checked by those
// alone that hold in any language.
func English(text string) bool { return isEnglish(scan(text).tokens) }

var adviceWords = phrases{text: `
	you can/may/should/could
	you do/will not need
	you don't/needn't/won't need?
	please use/try/retry/rerun/re/refresh/restart/reconnect/contact/wait/check/see/follow/visit/reload/sign/log/switch/clear/disable/enable/select/choose/call/ring/pay/do/make/keep/bring/take/avoid/save/write/ask/come/reschedule/print/update
	please allow ~ extra
	customers/users/patients/students/players/members/shoppers/guests/visitors/teachers/parents/staff/everyone/people/merchants/developers can/should
	customers/users/patients/students/players/members/shoppers/guests/visitors/teachers/parents/staff/people do/will not? need
	customers/users/patients/students/players/members/shoppers/guests/teachers/parents/staff need not
	try again
	trying again
	retry
	retrying
	retries should/will/may
	workaround
	work around
	follow these steps
	as an alternative
	alternatively
	instead use/call/pay/choose
	no action is? needed/required/necessary
	no need to
	nothing you need to
	nothing is? needed/required
	nothing to do
	recommend ~ to/using/switching/trying/waiting
	is/are/remain/remains/was/were unaffected
	is/are/was/were not affected/impacted
	aren't/isn't/wasn't/weren't affected/impacted
	unaffected
	is/are/remain/remains still available
	still work/works/open/available
	can still
	work/works/working as normal/usual
	work/works normally/fine
	keep/keeps/kept working/running
	remain/remains/stay/stays/stayed available/open/safe
	is/are safe
	is/are/was/were not lost
	no ~ data/orders/money/messages/files/payments/results is/are/was/were/has/have lost
	nothing is/was/has/will be? been? lost
	will be? not be? charged
	until then use
	choose/use/call/visit/try/reload/refresh/restart/switch ~ instead/until/meanwhile
	use/call/try/choose/pay/go the/your/our/another/a/by/in/with/to
	in the meantime _
	meanwhile
	wait/waiting and/before/until/for/a
	if you
`}

// operationWords are what people do, where the verb alone is something else.
var operationWords = phrases{text: `
	sign/signs/signing/signed/log/logs/logging/logged/clock/clocking in/on/up/into/out
	check/checking in
	hand/handed/handing/turn/turning in
	top/topping up
	logins
	sign ins/ups
`}

// effectWords are what people see, where no single word says it.
var effectWords = phrases{text: `
	take/takes/took/taking ~ minute/minutes/second/seconds/hour/hours
	take/takes/took/taking up to
	take/takes/took/taking too/longer/much long/longer
	no longer _
	logged/logs/logging/signed/kicked/locked ~ out
	too early/late/long/low/high
	out of date/sync/order
	old data/prices/results/information
	up to _ minutes/hours/days old/late
	ask/asks/asked/asking ~ again
	sent/sends/return/returns/returned/brought ~ back to the? start/login/sign/beginning/first
	cut off
	goes/go/went/going ~ voicemail/busy/silent/dark
	does/do/did nothing
	show/shows/showed/shown/showing ~ wrong/zero/old/empty/blank/yesterday's
	charged twice/again/double
	more than once
	times out
	time/timing/timed out
	need/needs/needed several/two/three/many ~ tries/attempts/times
	spin/spins/spinning
	not everyone/everybody/all ~ get/gets/receive/receives/see/sees/can
`}

var recoveredWords = phrases{text: `
	operating normally
	recover/recovered/recovering/recovery/recovers
	back to normal/usual
	returned to normal
	fully operational/restored
	restored
	once again available
	available again
	works/work/working/load/loads/open/opens/arrive/arrives again
	again works/work/working
	work/works/working as/normally
	as normal/usual
	on time again?
	has/have now? been now? fixed/resolved/mitigated/processed/completed
	is/are now? fixed/resolved/mitigated/back/over/online/up
	have/has fixed/resolved/mitigated
	can ~ again
	caught up
	back online
	back up
`}

var causeWords = phrases{text: `
	because of? _
	due to _
	caused by
	cause was/is
	as a result of
	result/resulted/resulting from/in
	led to
	stemmed/stemming from
	after a/an/we/our/one
	triggered by
	owing to
	attributed to
	traced to/back
	the? problem/issue/incident/fault/error/outage was/is in/with/that
	introduced
	expired
	ran out
	runs out
	inadvertently
	overloaded/overload
	by mistake
	mistakenly
	misconfigured/misconfiguration
	bug
	fault
	faulty
	originated/originating
	so our/the/that _
	which made/caused/stopped/broke/filled
	made ~ slow/fail/slower
	broke/blocked/filled/overloaded/damaged/cut/lost power
	the? change/update/release/setting that
	power cut/failure/outage
	too many/much/small/few
	not know ~ why/cause
	don't know ~ why
	do not yet? know ~ why/yet
	could not keep/cope/handle
	couldn't keep/cope/handle
	was/were wrong/full/missing/damaged/broken/misconfigured
	published/sent/pushed/released/changed/deleted/switched ~ wrong/faulty/incorrect
	look for the cause
	following a/an/the/our/yesterday's/today's/last _
	as a/an/the/one/our ~ arrived/failed/broke/was/were/had/ran/got
	damaged/burnt/burned/flooded/wrongly/accidentally
	by accident
	mistake
	human error
	fire
	was/were/been/got cut
	bad/faulty/broken/wrong/incorrect/failed/damaged ~ update/change/setting/settings/file/files/release/version/upgrade/date/part/cable/machine
	power strip/loss
	had ~ set/typed/copied/deleted/forgotten
	a _ caused
`}
