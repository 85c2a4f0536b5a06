package view

import (
	"time"

	"incident/pkg/incident"
)

// The words of the domain that a View uses, so that its readers need not import the domain.
type (
	Audience  = incident.Audience
	Status    = incident.Status
	Severity  = incident.Severity
	Impact    = incident.Impact
	State     = incident.State
	Component = incident.Component
	Role      = incident.Role
)

// View is an incident as one audience may see it. What the audience may not know is zero.
type View struct {
	Audience Audience
	// Visible is false where the audience may not even know that there is an incident: customers, before
	// the first entry for them. Then everything below is zero.
	Visible bool

	ID       string // the identifier for those who may read it, else the public id
	Title    string
	Headline string
	Named    bool        // somebody gave the headline; else it is made from Hit
	Hit      []Component // components that did not work, each as it was when it last did not

	Status   Status
	Since    time.Time // when the status was reached
	Severity Severity
	Impact   Impact

	Opened     time.Time
	Started    time.Time // when customers began to notice
	Confirmed  bool      // Started was said by somebody; else it is the opening
	ResolvedAt time.Time
	ClosedAt   time.Time

	Components []Component
	States     []StateMove // how the components came to be so, in the order it was recorded
	Roles      []Role
	Tags       []string
	Cause      string
	Customers  *int
	Share      *float64 // per cent

	Promises  []Promise // to this audience, and to the wider ones
	Moves     []Move    // of the status, in the order they were recorded
	Updates   []Update  // the timeline in this view, in the order things happened
	Anomalies []Anomaly

	Postmortems []Postmortem // that were published for the audience or wider, the newest last
	Actions     []Action     // for the war room and engineers
}

// Postmortem is a postmortem as it was published.
type Postmortem struct {
	ID       string // the random suffix of its entry
	At       time.Time
	Audience Audience
	Text     string // Markdown
}

// Action is something that limits the next incident.
type Action struct {
	ID      string // the random suffix of the entry that added it
	Text    string
	Owner   string
	Due     time.Time // the day; zero: none
	For     string    // prevent, detect, mitigate or process
	Link    string
	State   string // open, done or dropped
	Added   time.Time
	Settled time.Time
	Reason  string
}

// Promise is when an audience hears next, and when it last heard.
type Promise struct {
	Audience  Audience
	By        time.Time // zero: nothing is promised
	LastHeard time.Time // zero: never
	Kept      int       // earlier promises that were met in time
	Late      int
}

// Move is a change of status.
type Move struct {
	ID     string // the random suffix of the entry that moved it
	At     time.Time
	Status Status
	Then   Standing
}

// Standing is how the incident stood, as far as the audience may know of it, once something was recorded. What is
// recorded later does not change it.
type Standing struct {
	Status     Status
	Headline   string
	Named      bool
	Components []Component // in the order they were named
	Hit        []Component
}

// Update is one entry of the timeline.
type Update struct {
	ID         string // the random suffix of the entry's name, which tells nothing
	Entry      string // the entry's name
	Kind       string
	At         time.Time // when it happened
	Recorded   time.Time
	Audience   Audience // for whom it was written
	Author     string
	Email      string
	To         []string
	Status     Status // that it led to or confirmed, where it speaks of the status
	Then       Standing
	Text       string // as it reads now
	Changes    []Change
	Next       time.Time // what it promised; zero: nothing
	Seen       []Seen    // who has seen it, of those to whom it is addressed; for the war room
	Unseen     []string  // and for whom nobody has
	Because    string    // why that takes longer than usual; for the war room
	Accepted   []Accepted
	Early      bool // it happened before the incident was opened
	Attachment []Attachment

	// An update that was corrected or withdrawn. Original is what it first said; only the war room and
	// engineers still see that, with the reason for withdrawing it.
	Corrected   bool
	CorrectedAt time.Time
	CorrectedBy string // the random suffix of the correction
	Withdrawn   bool
	WithdrawnAt time.Time
	WithdrawnBy string
	Original    string
	About       string // the update that this one corrects, withdraws or repeats, by its ID
	Repeats     bool   // it says About again: a retry that another clone had not seen
}

// Said is the text of an update as it reads now.
type Said struct {
	Audience Audience // for whom it was written
	At       time.Time
	Text     string
}

// Seen is that somebody has seen an update, and for whom.
type Seen struct {
	Name string
	As   []string
	At   time.Time
}

// Change is a fact that an update states: {"severity", "sev1"}.
type Change struct{ Fact, Value string }

// Accepted is a finding on an update's words that its writer let pass, and why.
type Accepted struct{ Rule, Reason string }

// Attachment is a file that came with an update.
type Attachment struct {
	Name   string
	Path   string // below the incident's folder
	Size   int64  // bytes
	SHA256 string
}

// Anomaly is something that the record holds and that could not be applied.
type Anomaly struct{ Entry, Problem string }
