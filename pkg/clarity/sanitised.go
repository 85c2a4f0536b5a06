package clarity

import (
	"fmt"
	"slices"
	"strings"
)

var sanitisedRules = []rule{
	{Rule: Rule{
		ID:       "sanitised/vague-scope",
		Summary:  "some, several, a subset of users or services, and no number or place in the text",
		Why:      "Everybody wonders whether they are among \"some\". A rough share, a region, or that you do not know yet, lets most stop to worry.",
		Before:   "Some users cannot sign in.",
		After:    "About one user in ten cannot sign in, most of them in Europe.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: vagueScope},
	{Rule: Rule{
		ID:       "sanitised/minimised",
		Summary:  "small, slight, brief, only: and no number that shows it",
		Why:      "To those who are hit it is not small, and they read that you do not care. A number lets them judge for themselves.",
		Before:   "Orders were briefly delayed.",
		After:    "Orders were delayed by up to ten minutes.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: minimised},
	{Rule: Rule{
		ID:       "sanitised/euphemism",
		Summary:  "degraded performance, service disruption, technical difficulties: a state is named, not what people notice",
		Why:      "The words are chosen so that nobody can be held to them. Readers notice, and believe the next ones less.",
		Before:   "Our systems have degraded performance in Europe while we move to new servers.",
		After:    "Pages take up to 20 seconds in Europe while we move to new servers.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: euphemism},
	{Rule: Rule{
		ID:       "sanitised/hedged",
		Summary:  "may, might, possibly three times in a text without a number; or \"may have\" after it is over",
		Why:      "Each hedge is honest, three of them say nothing. After the fact you know what happened, or can say that you do not.",
		Before:   "Users may possibly see errors, which could potentially delay orders.",
		After:    "Users see errors. We do not know yet whether orders are late.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: hedged},
	{Rule: Rule{
		ID:       "sanitised/unnamed-supplier",
		Summary:  "a third party, a vendor, an upstream provider, not named, and not what it did",
		Why:      "It reads like blame for somebody who cannot be asked. What the supplier does for you tells customers what is affected.",
		Before:   "An issue at a third-party provider delays emails.",
		After:    "The company that sends our emails has lost power, so emails are late.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: unnamedSupplier},
	{Rule: Rule{
		ID:       "sanitised/no-cause",
		Summary:  "resolved, and a text of 12 words or more does not say why it happened",
		Why:      "Without a cause, even one that is not known yet, customers have to assume that it will happen again.",
		Before:   "From 14:02 to 15:20 card payments failed. All payments work again, and we apologise.",
		After:    "From 14:02 to 15:20 card payments failed because of a faulty change. All payments work again.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: noCause},
	{Rule: Rule{
		ID:      "sanitised/no-extent",
		Summary: "resolved, and a text of 25 words or more has neither a number nor a time",
		Why:     "Customers compare it with what they saw: was this mine, is all of it over? The record knows the times.",
		Before: "A faulty change made card payments fail in our shop. We have withdrawn the change, and all payments work " +
			"again. We will test such changes better before we make them.",
		After: "A faulty change made card payments fail in our shop from 14:02 to 15:20. We have withdrawn the change, and all " +
			"payments work again. We will test such changes better.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: noExtent},
	{Rule: Rule{
		ID:       "sanitised/hollow-courtesy",
		Summary:  "an apology for \"any inconvenience\", thanks for patience, in a text that says nothing else",
		Why:      "\"Any\" says that you have not looked. Courtesy is welcome after the content, and hurts in its place.",
		Before:   "We are working on it. We apologise for any inconvenience.",
		After:    "Salaries were paid out a day late. We are sorry: we know that rents depended on it.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, find: hollowCourtesy},
	{Rule: Rule{
		ID:       "sanitised/lost-facts",
		Summary:  "the note that is put into plain words has two facts or more (numbers, times, components), and the text none of them",
		Why:      "You knew how many and since when. Plain words are no reason to keep it back; it is what readers need most.",
		Before:   "Payments fail at the last step.",
		After:    "Since 14:02 one payment in five fails at the last step.",
		Defaults: Defaults{Customer: Warning, Stakeholder: Warning},
	}, anyLanguage: true, find: lostFacts},
}

// first is the first place of phrases in the text.
func (r *reading) first(p *phrases) (span, bool) {
	for _, s := range r.sentences {
		if at, found := p.find(r.tokens[s.start:s.end]); found {
			return span{s.start + at.start, s.start + at.end}, true
		}
	}
	return span{}, false
}

func vagueScope(r *reading) []Finding {
	if r.slots.tell(slotScope) || r.words >= 60 && r.slots.tell(slotCause) || unknownYet(r) {
		return nil
	}
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.class&some == 0 || t.quoted {
			continue
		}
		if share(t.low) && (i == 0 || !before(r.tokens, i, english|small, 2) || t.low != "few" && !(i+1 < len(r.tokens) && r.tokens[i+1].low == "of")) {
			continue // "our group", "the number": not how many
		}
		for k := i + 1; k < len(r.tokens) && k <= i+5; k++ {
			n := &r.tokens[k]
			if n.class&unit != 0 || n.class&english != 0 && !binds(n.low) || strings.ContainsAny(r.text[r.tokens[k-1].end:n.start], ".;\n") {
				break
			}
			if many(n) {
				return []Finding{r.spot(i, k+1, fmt.Sprintf("%q: how many, which?", r.between(i, k+1)),
					`a share, a number, a region; or "we do not know yet how many"`)}
			}
		}
	}
	return nil
}

// share reports whether a word says how many only with "a" before it, and "of" after it.
func share(w string) bool {
	switch w {
	case "number", "subset", "portion", "fraction", "handful", "few", "percentage", "proportion", "group", "share":
		return true
	}
	return false
}

// binds reports whether a word of grammar can stand between "some" and what there is some of.
func binds(w string) bool {
	switch w {
	case "of", "our", "the", "your", "their", "these", "those", "other":
		return true
	}
	return false
}

// many reports whether a word stands for several of something: a plural, or one that means many.
func many(t *token) bool {
	switch t.low {
	case "people", "functionality", "traffic", "data", "staff", "base":
		return true
	case "thanks", "errors", "delays", "failures":
		return false
	}
	return strings.HasSuffix(t.low, "s") && len(t.low) > 3 && !strings.HasSuffix(t.low, "ss") && !strings.HasSuffix(t.low, "us") && t.class&english == 0 &&
		(t.class&vague == 0 || t.class&(people|thing) != 0)
}

// unknownYet reports whether the text says honestly that the extent is not known.
func unknownYet(r *reading) bool {
	_, found := r.first(&unknownWords)
	return found
}

var unknownWords = phrases{text: `
	we do not yet? know ~ how/which/whether/who
	we don't yet? know ~ how/which/whether/who
	not yet? know/known ~ how/which/whether/who
	not clear ~ how/which/who
`}

func minimised(r *reading) []Finding {
	if r.slots.tell(slotNumber) {
		return nil
	}
	at, found := r.first(&minimisers)
	if !found {
		return nil
	}
	return []Finding{r.spot(at.start, at.end, fmt.Sprintf("%q: how small?", r.between(at.start, at.end)), "the number, and leave the rest to the reader")}
}

var minimisers = phrases{text: `
	small/tiny/limited/minimal/minor/slight/brief/negligible/low/modest/marginal subset/number/percentage/portion/fraction/set/share/proportion/group/part/amount
	small/minimal/minor/slight/brief/negligible/limited/modest/marginal/short ~ impact/disruption/interruption/delay/delays/inconvenience/issue/issues/increase/degradation/period/problem/outage/hiccup/blip/slowdown/effect/errors/slowness
	slightly
	briefly
	marginally
	only affects/affected/affecting/impacts/impacted/impacting/some/minor
	only a few/small/handful/very/minor/limited/fraction/subset
	a handful of
	a tiny _
	a little slower/longer/late/slow
	a bit slower/longer/late/slow/of
	blip
	hiccup
	minor glitch
	very few
	just a few/small/handful
`}

func euphemism(r *reading) []Finding {
	s := &r.slots
	if s.tell(slotRecovered) || s.tell(slotEffect) || s.tell(slotWeak) || s.tell(slotOperation) || r.nothing() || !r.open && len(bareResolved(r)) > 0 {
		return nil
	}
	at, found := r.first(&euphemisms)
	if !found || len(noEffect(r)) > 0 {
		return nil
	}
	return []Finding{r.spot(at.start, at.end, fmt.Sprintf("%q names a state, not what %s notice", r.between(at.start, at.end), r.c.Audience.Readers()),
		"slow, failing, late, missing: what they see when they try")}
}

var euphemisms = phrases{text: `
	degraded ~ performance/availability/service/state/experience/functionality
	degradation
	performance degradation/issues/problems/issue
	impacted performance/availability
	reduced performance/availability/functionality
	service issue/issues/event/interruption/interruptions/disruption/disruptions/degradation/impact
	disruption
	disruptions
	unexpected behaviour/behavior
	connectivity issues/issue/problems
	technical issue/issues/difficulties/difficulty/problem/problems
	experiencing ~ issues/problems/difficulties/instability/degradation
	elevated error/errors/failure/failures
	anomalies
	anomaly
	instability
	suboptimal
	degraded/reduced/impaired ~ experience
	technical/unforeseen ~ matter/occurrence/event
	service quality
	not performing as
	below ~ standard/standards/expectations
`}

// euphemismWord reports whether a vague word names a state, rather than how strong or how often one is.
func euphemismWord(w string) bool {
	switch w {
	case "performance", "availability", "quality", "experience", "elevated", "reduced", "limited", "partial", "partially", "temporary", "temporarily",
		"momentary", "unplanned", "technical", "affected", "impacted", "matter", "situation", "event", "events", "incident", "incidents", "unexpected":
		return false
	}
	return true
}

func hedged(r *reading) []Finding {
	if r.slots.tell(slotNumber) {
		return nil
	}
	n, first := 0, -1
	for i := range r.tokens {
		t := &r.tokens[i]
		if t.class&hedge == 0 || t.quoted || t.low == "may" && i+1 < len(r.tokens) && (r.tokens[i+1].class&number != 0 || i > 0 && r.tokens[i-1].class&number != 0) {
			continue
		}
		if first < 0 {
			first = i
		}
		n++
	}
	for _, s := range r.sentences {
		if _, unsure := unsureWords.find(r.tokens[s.start:s.end]); unsure {
			n++
		}
	}
	if !r.open && first >= 0 {
		if at, found := r.first(&mayHave); found {
			return []Finding{r.spot(at.start, at.end, fmt.Sprintf("%q: it is over, did they or not?", r.between(at.start, at.end)), `what happened; or that you do not know`)}
		}
	}
	if n < 3 || first < 0 {
		return nil
	}
	return []Finding{r.spot(first, first+1, fmt.Sprintf("%d times may, could, possibly", n), "what you know, and apart from it what you do not know")}
}

var mayHave = phrases{text: `
	may/might/could have _
	may/might/could also/potentially/possibly have _
`}

// unsureWords hedge where no single word does.
var unsureWords = phrases{text: `
	it is/may possible
	cannot be ruled out
	there is a chance
	not rule out
	reports of
	reports that
	reportedly
`}

func unnamedSupplier(r *reading) []Finding {
	if r.slots.tell(slotNumber) || r.slots.tell(slotRecovered) {
		return nil
	}
	at, found := r.first(&suppliers)
	if !found {
		return nil
	}
	if _, did := r.first(&supplierDid); did {
		return nil
	}
	// A name nearby names the supplier: a capital that begins no sentence and is no abbreviation of the trade.
	for _, s := range r.sentences {
		for i := s.start + 1; i < s.end; i++ {
			t := &r.tokens[i]
			c := r.text[t.start]
			if c >= 'A' && c <= 'Z' && t.class == 0 && !t.named && !r.isTerm(i) {
				return nil
			}
		}
	}
	return []Finding{r.spot(at.start, at.end, fmt.Sprintf("%q: who, or what do they do for you?", r.between(at.start, at.end)), `"our payment provider", or the name`)}
}

func (r *reading) isTerm(i int) bool {
	_, found := r.termAt(i)
	return found
}

var suppliers = phrases{text: `
	upstream/external/third/cloud/service/hosting/infrastructure/network/outside ~ provider/providers/vendor/vendors/partner/partners/supplier/suppliers
	upstream issue/issues/problem/outage/incident/dependency/service
	third party/parties
	one of our vendors/suppliers/providers/partners
	a vendor/supplier/provider/partner
	our vendor/vendors/supplier/suppliers/provider/providers/partner/partners
	external dependency/dependencies/factor/factors
	vendor issue/issues/problem/outage
`}

var supplierDid = phrases{text: `
	provider/vendor/partner/supplier/party has/have/had? ~ applied/made/published/changed/restarted/lost/fixed/rolled/deployed/confirmed/withdrawn/replaced/released/switched/repaired/cut
	providers/vendors/partners/suppliers has/have/had? ~ applied/made/published/changed/restarted/lost/fixed/rolled/deployed/confirmed/withdrawn/replaced/released/switched/repaired/cut
	lost power
	ran out
	wrong/faulty
`}

func noCause(r *reading) []Finding {
	if r.open || r.words < 12 || r.slots.tell(slotCause) || len(bareResolved(r)) > 0 {
		return nil
	}
	return []Finding{{Message: "does not say why it happened", Suggestion: `one sentence; or "we do not know yet why" and when you will publish it`}}
}

func noExtent(r *reading) []Finding {
	if r.open || r.words < 25 || r.slots.tell(slotClock) || len(bareResolved(r)) > 0 {
		return nil
	}
	for i := range r.tokens { // "all payments work again" is no extent
		if t := &r.tokens[i]; t.class&number != 0 && (t.low[0] <= '9' || i+1 < len(r.tokens) && r.tokens[i+1].class&unit != 0) {
			return nil
		}
	}
	return []Finding{{Message: "does not say how long it lasted, or how many it touched", Suggestion: "from when to when; the record has both times"}}
}

func hollowCourtesy(r *reading) []Finding {
	if r.informs() {
		return nil
	}
	at, found := r.first(&courtesies)
	if !found {
		return nil
	}
	return []Finding{r.spot(at.start, at.end, "courtesy in place of content", "what happened to them, and that you are sorry for that")}
}

var courtesies = phrases{text: `
	any inconvenience
	the/this inconvenience
	inconvenience
	apologise/apologize/apologies/apology ~ for
	sorry for the/any/this trouble/disruption/issue/inconvenience
	thank/thanks you? for your patience/understanding/continued/cooperation
	appreciate your patience/understanding/continued/cooperation
	patience and understanding
	your patience
	your understanding
	take/takes/taking this/these/the ~ seriously
	remain/remains committed to
	utmost priority/importance
	top priority
	highest priority
	committed to providing/ensuring/delivering
	bear with us
	working tirelessly/diligently
	valued customers
`}

func lostFacts(r *reading) []Finding {
	if r.c.Narrower == "" {
		return nil
	}
	names := make([]string, 0, len(r.c.Components))
	for _, c := range r.c.Components {
		names = append(names, c.Name)
		names = append(names, c.Aliases...)
	}
	facts := Facts(r.c.Narrower, names)
	if len(facts) < 2 || r.slots.tell(slotNumber) || r.slots.tell(slotClock) { // it has numbers of its own: "one in five" is 20%
		return nil
	}
	said := lower(r.text)
	numbers := slices.DeleteFunc(slices.Clone(facts), func(f string) bool { return !strings.ContainsAny(f, "0123456789") })
	if len(numbers) >= 2 { // that the component is named goes without saying
		facts = numbers
	}
	for _, f := range facts {
		if strings.Contains(said, lower(f)) {
			return nil
		}
	}
	if len(facts) > 6 {
		facts = append(facts[:6], "…")
	}
	return []Finding{{Message: "the note says more: " + strings.Join(facts, ", "), Suggestion: "tell what readers can use of it"}}
}
