package postmortem

// Data is what a template receives: {{.Name}}, {{range .Told.Updates}}{{.Text}}{{end}}.
type Data struct {
	Name    string // what it is about: the headline if customers know of the incident, else its title
	Drafted Moment
	Zone    string // of all local times: Europe/Berlin

	// The incident.
	ID       string // 20261123-checkout-errors; holds words of the title, so it is for the team alone
	PublicID string // 20261123-7k3fqd
	Title    string // for the team alone
	Headline string // what customers see as the incident's name
	Public   bool   // customers were told of it
	Tags     string
	Cause    string // in a few words; "" where nobody said
	Severity string // sev2; "" where nobody said
	Impact   string // none, minor, major, critical; "" where nobody said
	Status   string // investigating, identified, monitoring, resolved, closed
	Since    Moment // when that status was reached
	Over     bool   // resolved or closed

	// Its times. The postmortem is due at Due, which is Deadline ("48 h") after the resolution.
	Opened    Moment
	Started   Moment // when customers began to notice; when it was opened, unless Confirmed
	Confirmed bool   // somebody said when it started
	Resolved  Moment // the last time
	Closed    Moment
	Deadline  string
	Due       Moment

	// What it did.
	Periods   []Period // a reopened incident has several
	Lasted    string   // all periods together: "1 h 18 min"
	Watched   Moment   // since when the last repair was in place and being watched
	Parts     []Part
	Customers string // how many are affected: 1200
	Share     string // of all customers: 4%
	Figures   Figures

	Summary Summary // of what customers may know; empty where they know nothing
	Told    Told

	Days    []Day  // the timeline
	Entries int    // how many entries it has
	Moves   []Move // of the status

	Actions []Action // what limits the next one

	// The internal appendix.
	Roles       []Role
	Others      []string // who else wrote in the record
	Promises    []Kept   // to the audiences inside
	Attachments []Attachment
	Anomalies   []Anomaly
}

// Action is something that limits the next incident.
type Action struct {
	What, Kind, Owner, Link string
	URL                     string // the link, spelled for the place of one, where it is an address of the web
	Due                     string // 23 November 2026
	State                   string // open, done, dropped
	Reason                  string // of what was dropped, or what came of it
}

// Quote is whole lines of Markdown, each beginning with ">".
type Quote string

// Period is a time in which the incident went on.
type Period struct {
	From, To Moment
	Lasted   string // until now, while it goes on; "" where the record contradicts itself
	Ongoing  bool
}

// Part is a component that was touched.
type Part struct{ Name, State string } // "Checkout", "partial outage": the worst that it was

// Figures are differences of time. One that the record does not tell is "".
type Figures struct {
	Noticed    string // from the start to the opening, where the start is confirmed
	FirstWord  string // from the start to the first update for customers
	Identified string // from the opening until the cause was known
	Mitigated  string // from the start to the first monitoring
	Resolved   string // from the start to the last resolution
}

// Summary is built from what customers may see, and from nothing else.
type Summary struct {
	Headline string
	Impact   string
	Parts    []Part // as they are now; none where the headline names them all
	Last     Quote  // the last update for them that still stands
	LastAt   Moment
}

// Told is what customers were told.
type Told struct {
	Count     int // updates, without their corrections
	Corrected int
	Withdrawn int
	Kept      int // promises of a next update
	Late      int
	Missed    int    // nothing came
	Open      int    // still to come
	First     Moment // the first update
	Updates   []Update
}

// Update is one word to customers, as they see it now. One that was withdrawn has no text any more.
type Update struct {
	At          Moment
	Status      string // that it told of
	Text        Quote
	More        bool // the text goes on; the record has all of it
	Attached    string
	Corrected   bool
	CorrectedAt Moment
	Withdrawn   bool
	WithdrawnAt Moment
	Promises    []Promise // a correction can make one more
}

// Promise is the time by which the next update was promised.
type Promise struct {
	By      Moment
	Outcome string // kept, late, changed (for another time), missed, open
	Met     Moment // when the next update came
	Late    string // by how much: "12 min"
	Itself  bool   // what met it is a correction of the same update
}

// Day is the part of the timeline that falls on one day in the people's zone.
type Day struct {
	Date string // 23 November 2026
	Rows []Row
}

// Row is one entry of the timeline or, with a Count, several notes for engineers.
type Row struct {
	At    Moment
	Who   string
	What  string // "opened", "identified", "correction of 14:15", "" for a note
	For   string // the readers: customers, stakeholders, the war room, engineers
	To    string // to whom it was addressed
	Text  string // how it begins, as it was written then; nothing of what was withdrawn
	Facts string // what it states: "severity sev2, Checkout partial outage"
	Mark  string // "corrected at 14:25", "withdrawn at 14:30", "before the incident was opened"
	More  bool   // the text goes on
	Entry string // the entry's name
	Link  string // its file, from the folder that the postmortem is in; "" where the name is no ordinary one

	Count int    // how many notes this stands for; 0 for one entry
	Until Moment // the time of the last of them
}

// Move is a status that the incident took.
type Move struct {
	Status string
	At     Moment
	Lasted string // until the next one, or until now; "" at the end, or where times contradict each other
	Now    bool   // it is in this status, and not over
}

// Role is a role that somebody took, in the order of time.
type Role struct {
	Name, Holder string
	Since        Moment
}

// Kept counts the promises to one audience.
type Kept struct {
	For        string
	Kept, Late int
}

// Attachment is a file that came with an entry.
type Attachment struct {
	Name   string
	Link   string // from the folder that the postmortem is in; "" where the name is no ordinary one
	Size   string // 12 KiB
	SHA256 string
	At     Moment
	Who    string
	For    string
}

// Anomaly is something that the record holds and that could not be applied.
type Anomaly struct {
	Entry, Link, Problem string
}
