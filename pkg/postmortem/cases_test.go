package postmortem_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones are the same on every machine

	"github.com/stretchr/testify/require"

	"incident/pkg/incident"
	"incident/pkg/postmortem"
)

var (
	ana  = incident.Person{Name: "Ana Lima", Email: "ana@example.com"}
	ben  = incident.Person{Name: "Ben Ode", Email: "ben@example.com"}
	carl = incident.Person{Name: "Carl Voss", Email: "carl@example.com"}
	bot  = incident.Person{Name: "deploy-bot", Email: "bot@example.com"}
)

// story collects the entries of an incident as people would record them, a second after they happened.
type story struct {
	t       testing.TB
	zone    *time.Location
	day     time.Time
	entries []incident.Entry
}

func newStory(t testing.TB, zone string, day string) *story {
	z, err := time.LoadLocation(zone)
	require.NoError(t, err)
	d, err := time.ParseInLocation("2006-01-02", day, z)
	require.NoError(t, err)
	return &story{t: t, zone: z, day: d}
}

// at is a local time of the first day; 25:10 is ten past one on the second.
func (s *story) at(clock string) time.Time {
	var h, m int
	_, err := fmt.Sscanf(clock, "%d:%d", &h, &m)
	require.NoError(s.t, err)
	return time.Date(s.day.Year(), s.day.Month(), s.day.Day(), h, m, 0, 0, s.zone).UTC()
}

// add records an entry and returns its name.
func (s *story) add(clock string, who incident.Person, e incident.Entry) string {
	e.At, e.Author = s.at(clock), who
	suffix := fmt.Sprintf("m%dxqra", 10+len(s.entries))
	e.Name = incident.Name{Recorded: incident.NextRecorded(e.At.Add(time.Second), s.entries), Label: e.Label(), Suffix: suffix}.String()
	s.entries = append(s.entries, e)
	return e.Name
}

func (s *story) note(clock string, who incident.Person, a incident.Audience, text string) string {
	return s.add(clock, who, incident.Entry{Kind: incident.Note, Audience: a, Text: text})
}

func (s *story) told(clock, next, text string) string {
	e := incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: text}
	if next != "" {
		e.Next.By = s.at(next)
	}
	return s.add(clock, ben, e)
}

func (s *story) move(clock string, to incident.Status, text string) {
	s.add(clock, ana, incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: to, Text: text})
}

func (s *story) input(id, now string) postmortem.Input {
	return postmortem.Input{Incident: incident.Fold(id, s.entries), Zone: s.zone, Now: s.at(now), Deadline: 48 * time.Hour}
}

// cases are the incidents whose drafts are kept as golden files.
func cases(t testing.TB) map[string]postmortem.Input {
	return map[string]postmortem.Input{
		"checkout":     checkout(t),
		"brief":        brief(t),
		"long":         long(t, 520),
		"security":     security(t),
		"never_public": neverPublic(t),
		"reopened":     reopened(t),
		"ongoing":      ongoing(t),
		"hostile":      hostile(t),
	}
}

// checkout is a realistic incident of about an hour and a half with everything in it.
func checkout(t testing.TB) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	share := 20.0
	s.add("14:02", ana, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Text: "Card payments fail at the last step; several teams report it.",
		Facts: incident.Facts{Title: "Checkout errors", Severity: incident.Sev2, Impact: incident.ImpactMajor, Components: []incident.Component{{Name: "Checkout", State: incident.PartialOutage}}},
	})
	s.add("14:03", ana, incident.Entry{Kind: incident.Assigned, Audience: incident.Internal, Role: "commander", Holder: "Ana Lima"})
	s.add("14:03", ana, incident.Entry{Kind: incident.Assigned, Audience: incident.Internal, Role: "communications", Holder: "Ben Ode"})
	s.add("13:58", bot, incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: "deploy 4711 of payments-api finished on 12 of 12 hosts"})
	s.note("14:09", carl, incident.Technical, "p99 of payments-api at 9 s since deploy 4711\n\n```\nHTTP 504  payments-api-7c9f  POST /v2/authorize  9012 ms\nHTTP 504  payments-api-7c9f  POST /v2/authorize  9007 ms\nHTTP 200  payments-api-x2kq  POST /v2/authorize  8431 ms\n```")
	first := s.told("14:15", "14:45", "About one in five card payments fails at the last step, and nobody is charged for them. We are looking for the cause with all our people. Bank transfer and PayPal work.")
	s.add("14:17", carl, incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: "Threads of the connection pool wait for a lock on `settlement_log`", Attachments: []incident.Attachment{{Name: "thread dump.txt", File: "m17xqra-thread-dump.txt", Size: 48213, SHA256: strings.Repeat("ab", 32)}}})
	s.add("14:21", ben, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Corrects: first, Text: "About one in five card payments fails at the last step, and nobody is charged for them. We are looking for the cause with all our people. Bank transfer works; PayPal is affected as well.", Next: incident.Next{By: s.at("14:45")}})
	s.add("14:24", ana, incident.Entry{Kind: incident.Set, Audience: incident.Stakeholder, Text: "The number comes from the payment reports of the last half hour.", Facts: incident.Facts{Started: s.at("13:58"), Share: &share}})
	s.add("14:30", ben, incident.Entry{Kind: incident.Note, Audience: incident.Stakeholder, To: []string{"account managers"}, Text: "If customers call: nobody is charged for a payment that failed. We expect to withdraw the change within half an hour.", Next: incident.Next{By: s.at("15:00")}})
	s.move("14:38", incident.Identified, "A change to payments is the cause; it is being withdrawn.")
	s.told("14:41", "15:10", "We found the cause: a change that we made to payments at 13:58. We are withdrawing it now, which takes about 20 minutes. Until then about one in five card payments fails; bank transfer works.")
	wrong := s.note("14:47", ben, incident.Customer, "Withdrawal complete, everything works.")
	s.add("14:49", ben, incident.Entry{Kind: incident.Retracted, Audience: incident.Internal, Retracts: wrong, Text: "Sent too early: half of the servers still run the change."})
	s.note("14:55", carl, incident.Technical, "rollback 8 of 12 hosts")
	s.add("15:01", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: incident.Monitoring, Text: "The change is withdrawn everywhere. Failures are back to the usual 0.3%; we watch them for a quarter of an hour."})
	s.told("15:14", "15:30", "Card payments and PayPal work again since 15:01. We are watching closely before we call this over.")
	s.note("15:15", ben, incident.Stakeholder, "Card payments work again. We call it over at 15:20 if nothing changes.")
	s.add("15:20", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Resolved, Text: "Checkout works again. About one in five card payments failed from 13:58 to 15:01, because of a change that we have withdrawn. If a payment failed for you, please try again; you were not charged. We publish what happened and what we change by 25 November."})
	s.add("15:25", ana, incident.Entry{Kind: incident.Set, Audience: incident.Internal, Facts: incident.Facts{Cause: "lock held by a change of the schema"}})
	s.add("15:30", ana, incident.Entry{Kind: incident.Postmortem, Audience: incident.Internal, Document: strings.Repeat("0", 64)})
	return s.input("20261123-checkout-errors", "15:40")
}

// neverPublic is over in minutes and nobody outside noticed.
func neverPublic(t testing.TB) postmortem.Input {
	s := newStory(t, "UTC", "2026-11-24")
	s.add("09:10", carl, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Text: "Second mail relay down",
		Facts: incident.Facts{Title: "Second mail relay down", Severity: incident.Sev4, Impact: incident.ImpactNone},
	})
	s.add("09:31", carl, incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: incident.Resolved})
	return s.input("20261124-second-mail-relay-down", "10:00")
}

// brief is over before the second word to customers was due; nobody wrote more than was needed.
func brief(t testing.TB) postmortem.Input {
	s := newStory(t, "Asia/Kolkata", "2026-11-27")
	s.add("11:04", bot, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Key: "alert-8812",
		Facts: incident.Facts{Title: "Invoices cannot be downloaded", Severity: incident.Sev3, Impact: incident.ImpactMinor, Started: s.at("11:01"), Components: []incident.Component{{Name: "Invoices", State: incident.MajorOutage}}},
	})
	s.told("11:09", "11:40", "Invoices cannot be downloaded. Sending them by mail works. We are setting back a change that we made at 11:00.")
	s.add("11:13", carl, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Resolved, Text: "Invoices can be downloaded again, since 11:12. Please try again if it failed for you."})
	s.add("11:30", carl, incident.Entry{Kind: incident.Set, Audience: incident.Internal, Facts: incident.Facts{Cause: "deploy without a rehearsal", Tags: []string{"deploy"}}})
	s.add("11:31", carl, incident.Entry{Kind: incident.Action, Audience: incident.Internal, Text: "The download is part of the rehearsal", Action: incident.ActionFacts{Owner: "Carl Voss", Due: time.Date(2026, 12, 4, 0, 0, 0, 0, time.UTC), For: "prevent", Link: "https://example.com/issues/12"}})
	return s.input("20261127-invoices-cannot-be-downloaded", "12:00")
}

// security was opened among engineers alone; later a few others were told, and customers what they must do. A secret that
// somebody had pasted was withdrawn, and one action was dropped.
func security(t testing.TB) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-28")
	customers := 37
	s.add("22:15", carl, incident.Entry{
		Kind: incident.Opened, Audience: incident.Technical, Status: incident.Investigating, Text: "Someone else's key reads our backups since 19:40.", Role: incident.Commander, Holder: "Carl Voss",
		Facts: incident.Facts{Title: "Backup key in a public repository", Severity: incident.Sev1, Impact: incident.ImpactNone},
	})
	pasted := s.note("22:21", carl, incident.Technical, "The key is AKIA-EXAMPLE-7Q2, committed by our own script in `tools/backup.sh`")
	s.add("22:22", carl, incident.Entry{Kind: incident.Retracted, Audience: incident.Technical, Retracts: pasted, Text: "It named the key."})
	s.add("22:31", carl, incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: "The key is revoked; 37 accounts were read, none changed", Attachments: []incident.Attachment{{Name: "access log.txt", File: "m13xqra-access-log.txt", Size: 3_481_002, SHA256: strings.Repeat("cd", 32)}}})
	s.add("22:40", ana, incident.Entry{Kind: incident.Note, Audience: incident.Internal, To: []string{"legal", "support"}, Text: "Names and postal addresses of 37 customers were read by a stranger. No passwords, no payments. Legal decides by midnight whom we must tell."})
	s.add("22:41", ana, incident.Entry{Kind: incident.Set, Audience: incident.Internal, Facts: incident.Facts{Customers: &customers, Started: s.at("19:40"), Impact: incident.ImpactMajor}})
	s.move("22:45", incident.Identified, "A script had printed the key into a public repository.")
	s.add("23:50", ben, incident.Entry{Kind: incident.Note, Audience: incident.Stakeholder, Text: "37 customers get a letter tomorrow. Until then please refer questions to legal.", Next: incident.Next{By: s.at("33:00")}})
	s.add("32:30", ben, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "On Saturday evening a stranger could read the names and postal addresses of 37 customers for three hours. We have closed the access. No passwords and no payments were seen, and nothing was changed. We have written to each of the 37; if you have no letter from us, you are not among them and need to do nothing.", Facts: incident.Facts{Headline: "Names and addresses of 37 customers were read"}, Next: incident.Next{By: s.at("56:00")}})
	s.move("33:00", incident.Monitoring, "All keys are exchanged; nobody has tried the old ones.")
	s.add("57:10", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Resolved, Text: "All keys are exchanged, and nobody has used the old one since Saturday 22:31. The authority for data protection knows. There is nothing more that you need to do."})
	s.add("58:00", ana, incident.Entry{Kind: incident.Set, Audience: incident.Technical, Facts: incident.Facts{Cause: "secret in a public repository", Tags: []string{"secret", "privacy"}}})
	s.add("58:01", ana, incident.Entry{Kind: incident.Action, Audience: incident.Internal, Text: "No commit with a key can be pushed", Action: incident.ActionFacts{Owner: "Carl Voss", Due: time.Date(2026, 12, 12, 0, 0, 0, 0, time.UTC), For: "prevent"}})
	dropped := s.add("58:02", ana, incident.Entry{Kind: incident.Action, Audience: incident.Internal, Text: "The repository is deleted", Action: incident.ActionFacts{Owner: "Ana Lima"}})
	s.add("58:20", ana, incident.Entry{Kind: incident.Action, Audience: incident.Internal, Text: "Copies of it are everywhere; the key is worthless.", Action: incident.ActionFacts{Settles: dropped, State: incident.ActionDropped}})
	return s.input("20261128-backup-key-in-a-public-repository", "59:00")
}

// reopened came back in the night, after it had been resolved.
func reopened(t testing.TB) postmortem.Input {
	s := newStory(t, "America/New_York", "2026-11-25")
	customers := 1200
	s.add("22:40", ana, incident.Entry{
		Kind: incident.Opened, Audience: incident.Stakeholder, Status: incident.Investigating, Text: "Search answers slowly",
		Facts: incident.Facts{Title: "Search answers slowly", Headline: "Search is slow", Severity: incident.Sev3, Impact: incident.ImpactMinor, Components: []incident.Component{{Name: "Search", State: incident.DegradedPerformance}, {Name: "Reports", State: incident.DegradedPerformance}}},
	})
	s.told("22:55", "23:25", "Searching takes up to a minute, for everyone. We have added servers and expect it to be fast again by 23:30.")
	s.told("23:37", "", "Search is as fast as usual again. We are sorry for the delay of this update.")
	s.move("23:40", incident.Resolved, "Response times have been normal for ten minutes.")
	s.add("24:50", carl, incident.Entry{Kind: incident.Reopened, Audience: incident.Internal, Status: incident.Investigating, Text: "Slow again since the nightly import began.", Facts: incident.Facts{Severity: incident.Sev2, Components: []incident.Component{{Name: "Search", State: incident.PartialOutage}}, Customers: &customers}})
	s.told("24:58", "25:30", "Search is slow again, and some searches fail. We have stopped the job that causes it and expect normal speed within minutes.")
	s.move("25:05", incident.Monitoring, "The import is stopped.")
	s.add("25:25", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Customer, Status: incident.Resolved, Text: "Search works at its usual speed. The nightly job that slowed it down stays off until we have changed it."})
	s.add("26:00", ana, incident.Entry{Kind: incident.Moved, Audience: incident.Internal, Status: incident.Closed})
	return s.input("20261126-search-answers-slowly", "27:00")
}

// ongoing is drafted while customers still wait.
func ongoing(t testing.TB) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	s.add("14:02", ana, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Text: "No mail leaves",
		Facts: incident.Facts{Title: "Outgoing mail is stuck", Severity: incident.Sev1, Components: []incident.Component{{Name: "Mail", State: incident.MajorOutage}}},
	})
	s.told("14:20", "14:50", "Mail that you send waits and is delivered later; none is lost. Receiving works. Our provider is replacing a failed part.")
	s.move("14:31", incident.Identified, "A disk of the queue failed.")
	s.add("14:50", ben, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Text: "The part is replaced. About 40,000 messages wait; they leave over the next hour.", Next: incident.Next{By: s.at("15:30")}})
	return s.input("20261123-outgoing-mail-is-stuck", "15:07")
}

// attack is what somebody writes who wants to break out of where a text is put.
const attack = "<!-- incident:end timeline -->\n# Forged heading\n\n<!-- incident:begin told -->\r\n```\n| a | b |\n---\n[questions]: https://evil.example\n<script>alert(1)</script> --> --!> ![x](https://evil.example/x.png)\n- # deeper\n> > <!-- incident:end summary -->\n# ------------------------ >8 ------------------------\n\u202egnp.exe\u200b \x1b[31m red\x00"

// hostile has it in every place that takes words, with entries that no honest clone would have made.
func hostile(t testing.TB) postmortem.Input {
	s := newStory(t, "Europe/Berlin", "2026-11-23")
	line := strings.Join(strings.Fields(attack), " ")
	mallory := incident.Person{Name: "Mal|ory\n<!-- incident:end responders -->", Email: "m@example.com\n# x"}
	s.add("14:02", mallory, incident.Entry{
		Kind: incident.Opened, Audience: incident.Internal, Status: incident.Investigating, Text: attack,
		Facts: incident.Facts{Title: line, Headline: "# " + attack, Severity: incident.Sev2, Tags: []string{attack}, Cause: attack, Components: []incident.Component{{Name: attack, State: incident.MajorOutage}}},
	})
	s.add("14:03", mallory, incident.Entry{Kind: incident.Assigned, Audience: incident.Internal, Role: attack, Holder: attack})
	said := s.told("14:10", "14:20", attack)
	s.add("14:11", mallory, incident.Entry{Kind: incident.Note, Audience: incident.Technical, Text: attack, To: []string{attack}, Attachments: []incident.Attachment{{Name: attack, File: "../../" + attack, Size: 1, SHA256: attack}}})
	s.add("14:12", mallory, incident.Entry{Kind: incident.Note, Audience: incident.Customer, Corrects: said, Text: "--- \n" + attack})
	gone := s.told("14:13", "", "withdrawn words "+attack)
	s.add("14:14", mallory, incident.Entry{Kind: incident.Retracted, Audience: incident.Internal, Retracts: gone, Text: attack})
	s.add("14:15", mallory, incident.Entry{Kind: incident.Set, Audience: incident.Customer, Text: "- [ ] `code` and *stress*", Facts: incident.Facts{Severity: 9}})
	s.add("14:15", mallory, incident.Entry{Kind: incident.Note, Audience: incident.Internal, Key: attack, Text: "once"})
	s.add("14:16", mallory, incident.Entry{Kind: incident.Note, Audience: incident.Internal, Key: attack, Text: "once"})
	s.add("14:17", mallory, incident.Entry{Kind: incident.Reopened, Audience: incident.Internal, Status: incident.Investigating, Text: "not allowed here"})
	s.entries = append(s.entries, incident.Entry{Name: attack, Kind: incident.Unreadable})
	return s.input("20261123-"+line, "15:00")
}
