package cli

import "github.com/spf13/cobra"

// topics are the pages of incident help TOPIC.
func topics() []*cobra.Command {
	var pages []*cobra.Command
	for _, t := range []struct{ name, short, long string }{
		{"audiences", "Who may read what", topicAudiences},
		{"statuses", "How an incident moves", topicStatuses},
		{"times", "How times and durations are written", topicTimes},
		{"exit-codes", "What the exit codes mean", topicExitCodes()},
		{"environment", "What is read from the environment", topicEnvironment},
		{"formats", "Output for people and for programs", topicFormats},
	} {
		pages = append(pages, &cobra.Command{Use: t.name, Short: t.short, Long: t.long})
	}
	return pages
}

const topicAudiences = `Everything that is said in an incident is said to one audience. From the narrowest to the widest:

  technical     the engineers who are fixing it
  internal      the war room: everybody who works on the incident
  stakeholder   managers, account managers, support
  customer      the public

A note is seen by its audience and by every narrower one: engineers see everything, customers see only what
was written for them. A note without --audience is technical.

Some facts are not words, and have a widest reader of their own. Customers see the status and since when, the
impact, the components and their states, the headline, and when they hear next: but only from the first entry
for them on. Stakeholders also see the severity, the roles and how many are affected. The title, the
identifier, authors and addressees stay in the war room.

The headline is what customers see as the name of the incident. It is made of components and their states
("Checkout: partial outage") unless --headline says otherwise; it is never made of the title.`

const topicStatuses = `An incident is in one of five statuses:

  investigating   something is wrong, and the cause is not known
  identified      the cause is known, and it is being mended
  monitoring      it is mended, and being watched
  resolved        it is over
  closed          the work after it is done too

It moves forward, and may skip: from investigating straight to resolved. When it returns while it is being
watched it goes back, from monitoring to investigating or identified. After that, "incident reopen" opens a
resolved or closed incident again. Only a resolved incident can be closed.

Naming the status that it is in, with a text, is an update and no move.`

const topicTimes = `When something happened (--at, --started, --since, --until):

  14:05   14:05:30            today, in your time zone
  yesterday 14:05
  2026-11-22 14:05            in your time zone
  2026-11-22 14:05 +01:00     with an offset, or UTC
  2026-11-22T14:05:00Z        RFC 3339
  15m ago   1h30m ago         before now
  now

When somebody hears next (--next):

  30m   1h30m                 from now, or from --at
  15:30                       the next time it is 15:30, within twelve hours
  tomorrow 09:00              or any of the forms above that lie ahead
  none                        no further word is to be expected

Durations have the units w, d, h, m and s. What could be read in two ways is refused, never guessed. Times
are kept in UTC and shown in your own zone, with --utc in UTC.`

const topicEnvironment = `These variables of the environment are read:

  INCIDENT_REPO      folder of the records, if --repo does not say
  INCIDENT_ID        which incident commands are about, if -i does not say
  INCIDENT_AUTHOR    who writes, for bots: "Deploy bot <bot@example.com>"
  XDG_DATA_HOME      where your own records are kept: $XDG_DATA_HOME/incident/records
                     (else ~/.local/share; macOS ~/Library/Application Support; Windows %LocalAppData%)
  XDG_STATE_HOME     where drafts are kept that belong to no record
  GIT_EDITOR, VISUAL, EDITOR   what notes are written with, as git chooses
  NO_COLOR           any value: no colour
  CLICOLOR_FORCE     any value: colour into files and pipes too
  ACCESSIBLE         any value: questions as plain numbered lines
  TERM=dumb          the same, and no colour
  TZ                 your time zone

Git's own variables hold too: GIT_AUTHOR_NAME, GIT_AUTHOR_EMAIL and the rest. Where there is no git program, these
do, and for remotes by https SSL_CERT_FILE, HTTPS_PROXY and NO_PROXY.`

const topicFormats = `Standard output holds only what was asked for. Hints, confirmations, warnings, questions and errors go to
standard error.

  -o table   for people (the default). Commands that write print one line: the name of what was made, which
             is the identifier of the incident for open, and the name of the entry for the others
  -o id      names alone, one a line
  -o json    one object: "schema" is "incident/v1"; times are RFC 3339 in UTC, durations are seconds; what is
             not known is null, a list never. Fields are only ever added. Errors are JSON too, on standard
             error

Without a terminal there is no question, no colour, no pager, and nothing is shortened.`
