package clarity

import (
	"strings"
	"sync"
)

// class is what a word can be in an update; several at once.
type class uint32

const (
	english   class = 1 << iota // a word of grammar: the, is, of
	foreign                     // the same in another language that uses these letters
	light                       // says nothing of its own: aware, team, currently
	vague                       // names a state and not what anyone sees: issue, impact
	generic                     // names anything: service, system
	thing                       // what people use, by its everyday name: card, website
	operation                   // what people do with it: pay, sign in
	symptom                     // what they see when it fails: slow, missing
	weak                        // that it fails, which they know: down, out
	act                         // what is done about it: restart, replace
	carry                       // how any fix is brought: apply, deploy
	stock                       // any fix: fix, solution, patch
	people                      // who is affected: customers, patients
	some                        // how many, without a number: some, several
	small                       // how little, without a number: slight
	hedge                       // not said for sure: may, possibly
	ours                        // who writes: we, engineers
	unit                        // of time and money: minutes
	number                      // two, half, 15
	clock                       // 14:05
	region                      // a place or a kind of device: Europe, Android
	shown                       // the words around a quoted message: error, says
	negation                    // not, don't
	past                        // was, were
)

// words of each class. A word with ~ stands for all forms of a verb, with ~~ for those that double the last
// consonant, with + for itself and the plural. What can be formed is not listed, so that no form is forgotten.
var lists = []struct {
	class class
	words string
}{
	{english, `the a an is are was were be been being am we our us you your they their them it its this that these those
		and or but so of to in on at for from with by as not no all some can cannot will would has have had do does did
		if when while until since after before because than then there here which who what where how i i'm we're we've
		we'll you're it's they're isn't aren't can't don't doesn't won't only also now still again more most other into
		out up off about between through during please my me at's any every each both such just`},
	{foreign, `der das und ist nicht wir mit ein eine auf für den dem von zu sie es wird werden sind unsere alle aus bei nach
		le la les des et est nous une pour dans sur avec pas qui que vous votre nos notre au aux du ne cette sont leur ont
		el los las y en es un una por con para nos nuestro nuestra estamos hemos su sus se lo al como más está están del
		het een zijn niet voor wij onze onder wordt worden van dat deze te er aan naar ook
		il gli di che e è sono non abbiamo stiamo nostro nostra alcuni dei della nel
		o os as um uma não com estamos do da no na em nossa
		och att det som på är inte vi för med av har vår den til og ikke på med jeg
		w z się nie na jest są do że`},
	{light, `the a an is are was were be been being am we our us you your they their them it its this that these those
		and or but so of to in on at for from with by as no all can will would has have had do does did if when while
		until since after before than then there here which who what where how i i'm we're we've we'll you're it's they're
		also now still again more most other into out up off about through during any every each both such just my me
		hi hello dear hey everyone folks team+ engineer+ engineering technician+ developers staff aware actively currently
		continu~ work~ look~ investigat~ investigation+ monitor~ watch~ engaged fully diligently closely focus~ hard keep~
		provid~ share~ post~ give~ send~ users user customer+ updat~ report~ reported situation resolv~ resolution+
		identify~ identification determin~ understand understanding understood caus~ root restor~ restoration normal
		normally operation+ operational operating mitigat~ mitigation+ remediat~ remediation effort+ progress towards
		toward path paths option+ potential possible possibly next step+ ensur~ stability stable stabilis~ stabiliz~
		stabilisation further additional information info details detail recover~ recovery complet~ completely full soon
		available once one time+ necessary needed best quickly result+ implement~ place confirm~ see seeing sign+
		experienc~ appropriate explor~ evaluat~ locat~ receiv~ around known new elevated assess~ scope gather~ appl~ apply~
		regard~ related observ~ early positive improv~ improvement+ let know back find found finding affect~ impact~
		thank thanks patience apologi~ apologies sorry inconvenience appreciate regret stay tuned bear tun~
		shortly asap moment momentarily today tonight earlier later ago already yet currently meanwhile
		nothing something anything everything only very really some various certain several multiple
		happen~ going go get getting got fix~ solution+ solv~ close closed closing deep deeper top priority
		highest urgent urgently matter very seriously take~ taken taking took make~ made making sure please
		correct correctly sorted handled handle handling address~ under control over done end ended expected as-is
		status page follow~ check~ checking due because may might could should must need needs shall
		seem~ appear~ like likely course hand hands deck aboard reach bring bringing asap come coming
		interruption+ disruption+ communicat~ levels line within matters commit~ committed promptly swiftly tirelessly deploy~ releas~
		roll rolled rolling rollout respond~ response latest hope hopefully hear heard say said tell told
		day days hour hours minute minutes morning afternoon evening tomorrow yesterday utc gmt gone present live note notice noticed
		active ongoing underway cease ceased begin began begun start~ detect~ alert~ escalat~ prioritis~ prioritiz~
		analys~ analyz~ analysis diagnos~ debug troubleshoot troubleshooting triag~ triaging examin~ review~ inspect~ dig digging
		confirmed thankfully unfortunately gladly happy pleased glad announce welcome way ways many much few little thing things part parts
		mobilis~ mobiliz~ utmost urgency unforeseen circumstance+ thorough thoroughly parameter+ expectation+ perform~ dedicat~ dedication specialist+ expert+ colleague+ crew+ techs personnel department+
		relevant tirelessly commitment transparency transparent understood robust seamless seamlessly valued continuity assistance assist~ support best-possible escalation feedback
		clear entirely immediately right remain~ work's issue's whole better again-and-again good bad great effort`},
	{vague, `issue+ problem+ incident+ degrad~ degradation disruption+ impact~ anomaly anomalies difficulty difficulties
		instability event+ interruption+ behaviour behavior abnormal abnormality trouble glitch glitches hiccup+ matter situation
		performance availability quality experience elevated intermittent intermittently reduced unexpected technical unstable
		limited partial partially affected suboptimal irregular irregularities challenge+ unplanned momentary temporary temporarily disturbance+ fluctuation+`},
	{generic, `service+ system+ platform+ product+ feature+ functionality function+ component+ environment+ infrastructure
		operation+ area+ resource+ application+ solution+ server+ process processes`},
	{thing, `checkout payment+ card+ order+ login+ logins signup+ password+ email+ mail+ inbox notification+ alert+ message+
		invoice+ bill+ billing website+ webpage+ homepage page+ site+ app apps dashboard+ file+ image+ picture+ photo+ video+ audio
		profile+ setting+ report+ export+ import+ account+ booking+ reservation+ appointment+ prescription+ record+ grade+ lesson+
		class classes homework assignment+ exam+ timetable+ game+ match matches leaderboard+ chat+ call+ phone+ telephone lines map+
		statement+ transfer+ transaction+ balance+ deliver~ delivery deliveries parcel+ shipping shipment+ basket+ cart+ ticket+ refund+ subscription+
		calendar+ document+ internet network wifi printer+ portal+ results test-result store shop+ till+ terminal+ atm+ machine+
		reader+ scanner+ barcode+ label+ receipt+ voucher+ coupon+ gift discount+ price+ stock catalogue+ catalog+ item+ listing+ review+
		form+ survey+ comment+ feed+ stream+ recording+ meeting+ channel+ playlist+ song+ download+ upload+ search searches
		api apis link+ webhook+ integration+ key+ sync backup+ repository repositories build+ job+ run+ pull push clone package+
		data history chart+ graph+ filter+ table+ list+ lists button+ menu+ screen+ login-page code+ text+ sms texts pin pins
		session+ lobby lobbies score+ purchase+ character+ inventory inventories friend+ party skins rewards save+
		allergy allergies medication+ medicine+ referral+ letter+ x-ray scan+ lab ward+ bed+ ambulance+ register+ attendance
		meal+ menu+ bus buses train+ flight+ ride+ trip+ seat+ route+ salary salaries payslip+ payroll tax wage+ loan+ mortgage+ claim+ polic~
		news article+ newsletter+ blog podcast+ post+ ad ads campaign+ contact+ lead+ domain+ hosting connection+ support hotline helpdesk
		desk webshop online marketplace wallet+ crypto currency exchange+ trade+ trading quote+ wishlist+ library catalogue door+ light+ camera+ sensor+ device+ thermostat+ alarm+
		summary summaries total+ amount+ translations translation subtitle+ caption+ thumbnail+ avatar+ preview+ draft+ template+ signature+ contract+ certificate+ license+ licence+`},
	{operation, `creat~ load~ render~ upload~ download~ deliver~ delivery sign~ signing log~~ logging login+ signup+ checkout pay paying paid payment+
		search~ view~ open~ merging push~ clon~ instal~ installing import~ export~ publish~ purchas~ buy buying bought
		book~ order~ play~ stream~ join~ connect~ access~ sav~ print~ submit~ submitting edit~ edited sync~ syncing transfer~ withdraw withdrawing
		deposit~ register~ regist~ enrol~ enrolling scan~ scanning browse browsing dial~ call~ calling ring~ read reading writ~ writing
		watch-live download's attach~ attaching book-in redeem~ cancel~ cancelling renew~ subscribe subscribing verify~ verifying authentication charg~ refund~ ship~ shipping track~ deploy-your
		hear hearing type typing tap tapping swip~ lookup`},
	{symptom, `fail~ failure+ error+ slow slower slowly slowness slowed slowing delay~ cannot can't unable missing stuck lost los~ wrong wrongly
		incorrect incorrectly block~ reject~ declin~ stall~ hang hangs hanging hung freez~ frozen froze crash~ stale outdated duplicat~
		blank longer drop~~ unresponsive expos~ exposure leak~ prevent~ disappear~ vanish~ empty stop~~ late twice garbled lag~~ laggy lagging disconnect~
		refus~ deni~ denied mis-sent timeout+ timeouts overcharg~ kicked thrown ejected interrupt~ wait waiting distort~ corrupt~ corrupted inaccurate
		unreadable unplayable invisible hidden doubled double mixed swapped overlap~ misplaced cut choppy robotic silent spinning
		latency latencies backlog expired locked greyed unreliable flicker~ loop~ jump~ behind skipp~ skip~~ truncated half-loaded
		mismatch mismatched misrouted misdirected undelivered unanswered unsent unread bounced repeat~ repeatedly reset overdue stopp~ broke`},
	{weak, `down out broken offline unavailable outage+ inaccessible unreachable dead unavailability nonfunctional fail~ failure+`},
	{act, `withdraw withdraws withdrawing withdrawn withdrew restart~ reboot~ disabl~ enabl~ re-enabled paus~ resum~ switch~ redirect~
		rerout~ shift~ mov~ add~ scal~ increas~ block~ remov~ replac~ restor~ rebuild rebuilding rebuilt rotat~ process~ reprocess~
		clear~ drain~ repair~ isolat~ throttl~ limit~ patch~ correct~ overrid~ overriding overrode overridden reset~ resetting cancel~ cancelling cancelled
		refund~ contact~ reconnect~ undo undoing undone undid revert~ bypass~ reprint~ rerun rerunning retry~ resend resending resent reinstall~
		upgrad~ swap~~ activat~ deactivat~ recover~ copy~ copying delet~ revers~ credit~ reopen~ divert~ transfer~ fit~~ install~ backfill~
		reindex~ provision~ releas~ send~ sending sent bring bringing brought separat~ split splitting clean~ cleaning convert~ return~ rewrit~ rewriting rewrote rewritten
		trac~ rolling rolled free~ freeing freed extend~ expand~ reduc~ raise raising raised lower~ tun~ migrat~ prevent~ stop~~ halt~ rais~ order~ deliver~ notify~ catch catching
		chang~ go-back put putting turn~ driv~ fetch~ splic~ dispatch~ import~ reload~ recalculat~ recount~ relabel~ reissu~ renew~ reprogram~ republish~ warm~ failover work-around test~ testing reactivat~`},
	{carry, `appl~ apply~ implement~ deploy~ releas~ roll rolled rolling put putting push~ ship shipped shipping introduc~ develop~ prepar~ identif~ identify~ find found finding`},
	{stock, `fix fixes solution+ mitigation+ remediation+ patch patches workaround+ hotfix change+ correction+ measure+ action+ update+ resolution+ remedy`},
	{people, `customer+ user+ shopper+ patient+ student+ pupil+ player+ teacher+ member+ visitor+ guest+ developer+ merchant+ seller+ buyer+ driver+
		rider+ passenger+ parent+ nurse+ doctor+ clinic+ hospital+ school+ business businesses client+ subscriber+ reader+ viewer+ listener+
		organisation+ organization+ account+ cardholder+ person people everyone anyone nobody clinician+ employee+ tenant+ caller+ partner+ team+ store+ shop+ branch branches household+ compan~ company companies traveller+ traveler+ agent+ staff`},
	{some, `some several various multiple certain many few number subset portion fraction handful percentage proportion group share`},
	{small, `small tiny limited minimal minor slight slightly brief briefly negligible low marginal marginally modest`},
	{hedge, `may might could possibly potentially potential perhaps appears appear seems seem believed likely suspected suspect reportedly maybe presumably probably apparently`},
	{ours, `we we're we've we'll i i'm i've i'll engineers engineer engineering technicians developers our`},
	{unit, `minute+ min mins hour+ hr hrs second+ sec secs day+ week+ percent euro+ dollar+ pound+ times`},
	{number, `one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred hundreds thousand
		thousands million half third quarter fifth tenth all every none no both most dozen dozens everyone everybody nobody`},
	{clock, `noon midnight noontime midday`},
	{region, `europe european eu us usa uk asia asian africa african america americas american australia australian india japan brazil canada germany
		france spain italy ireland scotland england wales netherlands east west north south eastern western northern southern southeast northeast
		southwest northwest central emea apac worldwide mobile android ios iphone iphones ipad ipads browser desktop windows macos mac macs linux chrome safari
		firefox edge playstation xbox switch pc`},
	{shown, `error errors message messages says said say see sees seeing shows show shown showing reads read reading called titled named code codes button page screen notice warning text display displays displayed fail fails failing failed get gets receive receives answer answers return returns stay stays`},
	{negation, `not no never cannot can't don't doesn't didn't won't isn't aren't wasn't weren't couldn't wouldn't hasn't haven't without nothing n't nobody none`},
	{past, `was were had did didn't wasn't weren't`},
}

var lexicon = sync.OnceValue(func() map[string]class {
	m := make(map[string]class, 6000)
	for _, l := range lists {
		for w := range strings.FieldsSeq(l.words) {
			base, verb := strings.CutSuffix(w, "~")
			base, double := strings.CutSuffix(base, "~")
			plural := false
			if !verb {
				base, plural = strings.CutSuffix(w, "+")
			}
			switch {
			case plural:
				m[base] |= l.class
				m[base+"s"] |= l.class
			case verb:
				inflect(base, double, func(form string) { m[form] |= l.class })
			default:
				m[w] |= l.class
			}
		}
	}
	return m
})

// inflect calls yield with the forms of a regular verb. Of one that ends in e, the stem without it is enough:
// "creat" is create, creates, created, creating.
func inflect(stem string, double bool, yield func(string)) {
	last := stem[len(stem)-1:]
	if double {
		yield(stem)
		yield(stem + "s")
		yield(stem + last + "ed")
		yield(stem + last + "ing")
		return
	}
	for _, end := range [...]string{"", "s", "es", "e", "ed", "ing"} {
		yield(stem + end)
	}
	if last == "y" {
		yield(stem[:len(stem)-1] + "ies")
		yield(stem[:len(stem)-1] + "ied")
	}
}

// shape is the class of what is told by its form.
func shape(low string) class {
	if c := low[0]; c < '0' || c > '9' {
		if strings.HasSuffix(low, "n't") {
			return negation
		}
		return 0
	}
	digits, colon := 0, false
	rest := strings.TrimLeft(low, "0123456789")
	digits = len(low) - len(rest)
	if strings.HasPrefix(rest, ":") {
		colon = true
		rest = strings.TrimLeft(rest[1:], "0123456789:")
	}
	switch {
	case colon && digits <= 2, digits <= 2 && (rest == "am" || rest == "pm" || rest == "h" && len(low) == 3):
		return clock
	case rest == "h", rest == "min", rest == "m", rest == "hrs", rest == "mins", rest == "s":
		return number | unit
	default:
		return number
	}
}
