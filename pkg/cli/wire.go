package cli

import (
	"time"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// What goes over the wire. A time ends in _at (but for at itself, when something happened); what has a
// unit says it in its name. A time, a number or a word of a vocabulary that is not known is null, a text
// that is not there is "", a list is never null. docs/reference/json.md lists all fields, and a test holds
// it to them.

// schema is the name of our JSON, for those who read it. Fields are only ever added to it.
const schema = "incident/v1"

// timeJSON is RFC 3339 in UTC, always with milliseconds, so that sorting the texts sorts the times.
type timeJSON time.Time

// MarshalText implements [encoding.TextMarshaler].
func (t timeJSON) MarshalText() ([]byte, error) {
	return time.Time(t).UTC().AppendFormat(nil, "2006-01-02T15:04:05.000Z"), nil
}

// incidentJSON is an incident as one audience may see it.
type incidentJSON struct {
	ID              string             `json:"id"`
	PublicID        string             `json:"public_id"`
	Title           string             `json:"title"`
	Headline        string             `json:"headline"`
	Public          bool               `json:"public"`
	Status          *incident.Status   `json:"status"`
	StatusChangedAt *timeJSON          `json:"status_changed_at"`
	Severity        *incident.Severity `json:"severity"`
	Impact          *incident.Impact   `json:"impact"`
	OpenedAt        *timeJSON          `json:"opened_at"`
	StartedAt       *timeJSON          `json:"started_at"`
	StartConfirmed  bool               `json:"start_confirmed"`
	ResolvedAt      *timeJSON          `json:"resolved_at"`
	ClosedAt        *timeJSON          `json:"closed_at"`
	Duration        int64              `json:"duration_seconds"`
	Components      []componentJSON    `json:"components"`
	Roles           []roleJSON         `json:"roles"`
	Tags            []string           `json:"tags"`
	Cause           string             `json:"cause"`
	Customers       *int               `json:"customers"`
	Share           *float64           `json:"share_percent"`
	Promises        []promiseJSON      `json:"promises"`
	Anomalies       []anomalyJSON      `json:"anomalies"`
}

type componentJSON struct {
	Name  string         `json:"name"`
	State incident.State `json:"state"`
}

type roleJSON struct {
	Role   string `json:"role"`
	Holder string `json:"holder"`
}

type promiseJSON struct {
	Audience    incident.Audience `json:"audience"`
	DueAt       *timeJSON         `json:"due_at"`
	LastHeardAt *timeJSON         `json:"last_heard_at"`
	Kept        int               `json:"kept"`
	Late        int               `json:"late"`
}

type anomalyJSON struct {
	Entry   string `json:"entry"`
	Problem string `json:"problem"`
}

// entryJSON is one entry of the timeline as one audience may see it.
type entryJSON struct {
	ID           string            `json:"id"`
	Name         string            `json:"name"`
	Kind         string            `json:"kind"`
	Audience     incident.Audience `json:"audience"`
	At           *timeJSON         `json:"at"`
	RecordedAt   *timeJSON         `json:"recorded_at"`
	Author       personJSON        `json:"author"`
	To           []string          `json:"to"`
	Status       *incident.Status  `json:"status"`
	Text         string            `json:"text"`
	Changes      []changeJSON      `json:"changes"`
	NextAt       *timeJSON         `json:"next_at"`
	Seen         []seenJSON        `json:"seen"`
	Unseen       []string          `json:"unseen"`
	NextBecause  string            `json:"next_because"`
	Accepted     []acceptedJSON    `json:"accepted"`
	Early        bool              `json:"before_opening"`
	Corrected    bool              `json:"corrected"`
	CorrectedAt  *timeJSON         `json:"corrected_at"`
	Withdrawn    bool              `json:"withdrawn"`
	WithdrawnAt  *timeJSON         `json:"withdrawn_at"`
	OriginalText string            `json:"original_text"`
	About        string            `json:"about"`
	Attachments  []attachmentJSON  `json:"attachments"`
}

// seenJSON is that somebody has seen a note that is addressed.
type seenJSON struct {
	Name string    `json:"name"`
	As   []string  `json:"as"`
	At   *timeJSON `json:"at"`
}

type personJSON struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type changeJSON struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
}

// acceptedJSON is a finding on the text that its writer let pass.
type acceptedJSON struct {
	Rule   string `json:"rule"`
	Reason string `json:"reason"`
}

type attachmentJSON struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Size   int64  `json:"size_bytes"`
	SHA256 string `json:"sha256"`
}

// wireIncident is what a view shows of an incident.
func wireIncident(v view.View, inc incident.Incident, now time.Time) incidentJSON {
	j := incidentJSON{
		ID: v.ID, Title: v.Title, Headline: v.Headline,
		Status: known(v.Status), StatusChangedAt: moment(v.Since), Severity: known(v.Severity), Impact: known(v.Impact),
		OpenedAt: moment(v.Opened), StartedAt: moment(v.Started), StartConfirmed: v.Confirmed,
		ResolvedAt: moment(v.ResolvedAt), ClosedAt: moment(v.ClosedAt),
		Components: []componentJSON{}, Roles: []roleJSON{}, Tags: list(v.Tags), Cause: v.Cause, Customers: v.Customers, Share: v.Share,
		Promises: []promiseJSON{}, Anomalies: []anomalyJSON{},
	}
	if v.Visible {
		j.PublicID, j.Public, j.Duration = inc.PublicID, inc.Public(), int64(inc.Duration(now)/time.Second)
	}
	for _, c := range v.Components {
		j.Components = append(j.Components, componentJSON(c))
	}
	for _, r := range v.Roles {
		j.Roles = append(j.Roles, roleJSON{r.Name, r.Holder})
	}
	for _, p := range v.Promises {
		j.Promises = append(j.Promises, promiseJSON{p.Audience, moment(p.By), moment(p.LastHeard), p.Kept, p.Late})
	}
	for _, a := range v.Anomalies {
		j.Anomalies = append(j.Anomalies, anomalyJSON(a))
	}
	return j
}

// wireFull is the incident as engineers see it.
func wireFull(inc incident.Incident, now time.Time) incidentJSON {
	return wireIncident(view.For(inc, incident.Technical), inc, now)
}

func wireEntry(u view.Update) entryJSON {
	j := entryJSON{
		ID: u.ID, Name: u.Entry, Kind: u.Kind, Audience: u.Audience, At: moment(u.At), RecordedAt: moment(u.Recorded),
		Author: personJSON{u.Author, u.Email}, To: list(u.To), Status: known(u.Status), Text: u.Text, Changes: []changeJSON{},
		NextAt: moment(u.Next), NextBecause: u.Because, Early: u.Early, Corrected: u.Corrected, CorrectedAt: moment(u.CorrectedAt),
		Withdrawn: u.Withdrawn, WithdrawnAt: moment(u.WithdrawnAt), OriginalText: u.Original, About: u.About,
		Accepted: []acceptedJSON{}, Attachments: []attachmentJSON{}, Seen: []seenJSON{}, Unseen: list(u.Unseen),
	}
	for _, a := range u.Accepted {
		j.Accepted = append(j.Accepted, acceptedJSON(a))
	}
	for _, s := range u.Seen {
		j.Seen = append(j.Seen, seenJSON{s.Name, list(s.As), moment(s.At)})
	}
	for _, c := range u.Changes {
		j.Changes = append(j.Changes, changeJSON(c))
	}
	for _, a := range u.Attachment {
		j.Attachments = append(j.Attachments, attachmentJSON(a))
	}
	return j
}

// known is a word of a vocabulary, nil for the zero value, which is none.
func known[T comparable](word T) *T {
	var none T
	if word == none {
		return nil
	}
	return &word
}

func moment(t time.Time) *timeJSON {
	if t.IsZero() {
		return nil
	}
	return (*timeJSON)(&t)
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
