package clarity

import (
	"fmt"
	"time"

	"incident/pkg/incident"
)

var needlessRules = []rule{
	{Rule: Rule{
		ID:      "needless/no-impact",
		Summary: "an update about an incident that touches nobody outside: its impact is none, or all components work",
		Why: "An alarm for nothing costs trust: readers check, find nothing, and read the next one later. If they are touched " +
			"after all, it is the impact that is wrong, and has to be put right first.",
		Before:   "We are replacing a part in our second data centre. All is well.",
		After:    "We are replacing a part in our second data centre. All is well.",
		Defaults: Defaults{Customer: Error, Stakeholder: Warning},
	}, anyLanguage: true, find: noImpact},
	{Rule: Rule{
		ID:       "needless/redundant-part",
		Summary:  "a spare took over, a redundant part failed, nobody was affected: and nothing that anybody notices",
		Why:      "That is what spares are for. Customers learn only that something broke.",
		Before:   "One of our servers failed and the standby took over without customer impact.",
		After:    "One of our servers failed. Until the spare took over at 14:10, signing in took up to a minute.",
		Defaults: Defaults{Customer: Warning},
	}, find: redundantPart},
	{Rule: Rule{
		ID:       "needless/too-soon",
		Summary:  "less than 10 minutes after the last update, in the same status, and nothing new",
		Why:      "Each update is an alarm on somebody's phone. Three in five minutes, one for each component, are one too many twice.",
		Before:   "We continue to investigate this issue.",
		After:    "Signing in fails too since 14:10. You can still pay without an account.",
		Defaults: Defaults{Customer: Warning},
	}, find: tooSoon},
}

func noImpact(r *reading) []Finding {
	none := r.c.Impact == incident.ImpactNone
	if !none && r.c.Impact == 0 && len(r.c.Components) > 0 && !r.c.Status.Over() {
		none = true
		for _, c := range r.c.Components {
			none = none && c.State == incident.Operational
		}
	}
	if !none || r.c.Status.Over() && len(r.c.Earlier) > 0 { // who was told of it is told of its end
		return nil
	}
	f := Finding{
		Message:    "the incident touches no " + r.c.Audience.String() + ": its impact is none",
		Suggestion: "note it for internal; or, if people notice it, set the impact first",
	}
	if len(r.c.Earlier) > 0 { // they wait for a word
		f.Level = Warning
	}
	return []Finding{f}
}

// untouched reports whether the text says that nobody notices anything.
func untouched(r *reading) bool {
	_, none := r.first(&untouchedWords)
	_, spare := r.first(&spareWords)
	return none || spare
}

func redundantPart(r *reading) []Finding {
	if len(noImpact(r)) > 0 { // says it already
		return nil
	}
	at, nobody := r.first(&nobodyWords)
	found := nobody
	for _, words := range []*phrases{&untouchedWords, &spareWords, &redundantWords} {
		if !found {
			at, found = r.first(words)
		}
	}
	if !found || !nobody && r.noticed() {
		return nil
	}
	return []Finding{r.spot(at.start, at.end, fmt.Sprintf("%q: nobody notices it", r.between(at.start, at.end)), "note it for internal; customers need not know")}
}

// noticed reports whether a sentence tells what people see, other than of the part that has a spare.
func (r *reading) noticed() bool {
	for _, s := range r.said {
		tokens := r.tokens[s.start:s.end]
		_, none := untouchedWords.find(tokens)
		_, spare := redundantWords.find(tokens)
		if s.tell(slotEffect) && !none && (!spare || s.tell(slotOperation|slotWhat)) {
			return true
		}
	}
	return false
}

// redundantWords name a part that is one of several: that it failed, nobody notices.
var redundantWords = phrases{text: `
	one of our/the/several/two/three/four/many/our ~ server/servers/node/nodes/replica/replicas/link/links/disk/disks/machine/machines/drive/drives/instances/lines/supplies/copies
	a/our redundant/spare/backup/secondary/standby/second/other
	power supply
	a/the disk/drive/fan in/of our/the storage/server/servers/backup
`}

var untouchedWords = phrases{text: `
	no customer/user/customers/users/service/production/external/client/visible? impact
	no ~ impact on/to/for
	no impact
	without any? customer/user/service? impact
	without affecting/impacting/anyone
	did/does/do/has/have/had/is/are/was/were/should/will not affect/impact/affected/impacted/affecting/impacting/been any/our/you/your/customers/users/customer/service/services/anyone/production
	didn't/doesn't/don't/isn't/hasn't/won't affect/impact/affecting/impacting any/our/you/your/customers/users/anyone/production
	customers/users/patients/students/players/shoppers/visitors were/are/will not be? affected/impacted
	no customers/users/functionality/function/functions/service/services/patients/students/players/orders/payments/one were/was/are/is/have/has/will been? be? affected/impacted
	nobody/noone/none was/is/were/are affected/impacted
	nobody/none/no one outside
	unnoticed
	without anyone/anybody noticing
	nothing/none was/is/has/were been? affected/impacted
	did/do/does/will/would/should not notice/see any/a/this/it/anything
	did not notice
	won't/didn't/don't/wouldn't notice/see any/a/this/it/anything
	nothing changes for
	internal tool/tools/tooling/dashboard/only/system/systems
	not customer/user facing
	invisible to customers/users
	you will/should not notice anything
	not be? noticed by
	no visible effect
	no interruption/interruptions/disruption to/of/for
	all ~ continue/continued/continues to work/run/operate
`}

// nobodyWords say it of everybody, whatever else the text tells.
var nobodyWords = phrases{text: `
	no customer/user/customers/users/client/visible? impact
	without any? customer/user/client impact
	no customers/users/patients/students/pupils/players/shoppers/orders/payments were/was/are/is/have/has/will been? be? affected/impacted
	nobody/noone/none/nothing was/is/were/are/has been? affected/impacted/noticed
	nobody noticed
	unnoticed
	without anyone/anybody noticing
	no ~ customer/user/visible impact
	customers/users/patients/students/pupils/players/teachers/visitors did/do/will not notice
	customers/users/patients/students/pupils/players/teachers/visitors didn't/don't/won't notice
	you won't/didn't/will/did not? see/notice any/anything/a
	you will/would/did/should not have? noticed/notice
	nothing you/customers use/uses/see is/was affected
	no data loss no downtime
	customers/users/patients/students/players were/are/will not be? affected/impacted
`}

// spareWords tell of a part that has a spare.
var spareWords = phrases{text: `
	redundant
	redundancy
	standby/spare/backup/second/secondary/other ~ took/takes/taken over
	took over automatically/immediately/at
	standby
	a/our/the spare/backup/redundant/standby _
	stand by system/server/unit
	hot spare
	automatic/automatically failover/failed/switched
	failed over automatically/successfully/cleanly
	remaining nodes/servers/capacity/machines/links
	as a precaution
	precautionary
`}

func tooSoon(r *reading) []Finding {
	n := len(r.c.Earlier)
	if n == 0 || !r.open || r.c.Moved || r.informs() || r.slots.tell(slotRecovered) {
		return nil
	}
	last := r.c.Earlier[n-1].Ago
	if last <= 0 || last >= 10*time.Minute {
		return nil
	}
	return []Finding{{
		Message:    fmt.Sprintf("the last update went out %d min ago, and this one tells nothing new", int(last.Minutes())),
		Suggestion: "one update for all that is affected, when there is something to say",
	}}
}
