package clarity

// The phrases by which a sentence is known to tell something.

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
	work/works/working/load/loads/open/opens/arrive/arrives again
	again work/works/working
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
	following a/an/the/our/yesterday's/today's/last ~ change/update/release/upgrade/migration/maintenance/failure/fault/cut/storm/fire/power/mistake/error/outage/deployment
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

// undoWords are what is done about a change that did harm, where a change alone would be any fix.
var undoWords = phrases{text: `
	withdraw/withdraws/withdrawing/withdrawn/withdrew/revert/reverting/reverted/undo/undoing/undid ~ change/changes/update/release/version
	change/changes/update/release/version ~ withdrawn/reverted/undone
`}

// devotedWords tell how seriously somebody takes it, which is nothing that anybody can use.
var devotedWords = phrases{text: `
	committed to
	take/takes/taking this/these/the/such/it ~ seriously
	strive/striving to/for
	dedicated to
	our/a top/highest priority
`}
