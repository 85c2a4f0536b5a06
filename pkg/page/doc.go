// Package page renders the status page: a static site, made from what one audience may see and nothing else. It reads
// no clock and does no I/O: views, settings and the time come in as values, and files come out.
//
// # Safe by construction
//
// [Input] holds [view.View]s, and the package may not import the domain or the record (a test on imports holds this): a
// renderer cannot show what its reader may not know, because it never has it.
//
// # Shape
//
// [New] makes a [Site] from an [Input]: incidents in order, components in groups with their days and uptime, updates with
// what the record says for those that carry no words. [Site] is the model of all that is published. Each form of it (pages,
// feeds, JSON, badges) is a function of the site that adds [Files]; [Build] calls them in turn.
//
// Nothing in a file goes stale: times and dates, never "29 minutes ago". The same input makes the same bytes.
//
// # Uptime
//
// Uptime is the share of the last 90 days, up to the time of the page, in which a component was not in an outage. A major
// outage counts whole, a partial outage by [Settings.PartialWeight], everything else not at all; where incidents overlap
// the worst state counts, once.
package page
