package cli

import (
	"time"

	"incident/pkg/incident"
	"incident/pkg/view"
)

// What goes over the wire. Times are RFC 3339 in UTC, null where there is none; durations are seconds;
// lists are never null.

type errorJSON struct {
	Code    string `json:"code"`
	Exit    int    `json:"exit"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
	Draft   string `json:"draft"`
}

type incidentJSON struct {
	ID         string            `json:"id"`
	PublicID   string            `json:"public_id"`
	Title      string            `json:"title"`
	Headline   string            `json:"headline"`
	Public     bool              `json:"public"`
	Status     incident.Status   `json:"status"`
	Since      *time.Time        `json:"since"`
	Severity   incident.Severity `json:"severity"`
	Impact     incident.Impact   `json:"impact"`
	OpenedAt   *time.Time        `json:"opened_at"`
	StartedAt  *time.Time        `json:"started_at"`
	Confirmed  bool              `json:"started_confirmed"`
	ResolvedAt *time.Time        `json:"resolved_at"`
	ClosedAt   *time.Time        `json:"closed_at"`
	Duration   int64             `json:"duration_seconds"`
	Components []componentJSON   `json:"components"`
	Roles      []roleJSON        `json:"roles"`
	Tags       []string          `json:"tags"`
	Customers  *int              `json:"customers"`
	Share      *float64          `json:"share_percent"`
	Promises   []promiseJSON     `json:"promises"`
	Anomalies  []anomalyJSON     `json:"anomalies"`
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
	Audience  incident.Audience `json:"audience"`
	Due       *time.Time        `json:"due"`
	LastHeard *time.Time        `json:"last_heard"`
	Kept      int               `json:"kept"`
	Late      int               `json:"late"`
}

type anomalyJSON struct {
	Entry   string `json:"entry"`
	Problem string `json:"problem"`
}

type entryJSON struct {
	Entry       string            `json:"entry"`
	ID          string            `json:"id"`
	Kind        string            `json:"kind"`
	Audience    incident.Audience `json:"audience"`
	At          *time.Time        `json:"at"`
	RecordedAt  *time.Time        `json:"recorded_at"`
	Author      personJSON        `json:"author"`
	To          []string          `json:"to"`
	Status      string            `json:"status"`
	Text        string            `json:"text"`
	Changes     []changeJSON      `json:"changes"`
	Next        *time.Time        `json:"next"`
	Early       bool              `json:"before_opening"`
	Corrected   bool              `json:"corrected"`
	CorrectedAt *time.Time        `json:"corrected_at"`
	Withdrawn   bool              `json:"withdrawn"`
	WithdrawnAt *time.Time        `json:"withdrawn_at"`
	Original    string            `json:"original_text"`
	About       string            `json:"about"`
	Attachments []attachmentJSON  `json:"attachments"`
}

type personJSON struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

type changeJSON struct {
	Fact  string `json:"fact"`
	Value string `json:"value"`
}

type attachmentJSON struct {
	Name   string `json:"name"`
	Path   string `json:"path"`
	Size   int64  `json:"size_bytes"`
	SHA256 string `json:"sha256"`
}

func wireIncident(v view.View, publicID string, public bool, now time.Time) incidentJSON {
	j := incidentJSON{
		ID: v.ID, PublicID: publicID, Title: v.Title, Headline: v.Headline, Public: public,
		Status: v.Status, Since: moment(v.Since), Severity: v.Severity, Impact: v.Impact,
		OpenedAt: moment(v.Opened), StartedAt: moment(v.Started), Confirmed: v.Confirmed,
		ResolvedAt: moment(v.ResolvedAt), ClosedAt: moment(v.ClosedAt),
		Components: []componentJSON{}, Roles: []roleJSON{}, Tags: list(v.Tags), Customers: v.Customers, Share: v.Share,
		Promises: []promiseJSON{}, Anomalies: []anomalyJSON{},
	}
	if v.Visible {
		j.Duration = int64(lasted(v, now) / time.Second)
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
	return wireIncident(view.For(inc, incident.Technical), inc.PublicID, inc.Public(), now)
}

func wireEntry(u view.Update) entryJSON {
	j := entryJSON{
		Entry: u.Entry, ID: u.ID, Kind: u.Kind, Audience: u.Audience, At: moment(u.At), RecordedAt: moment(u.Recorded),
		Author: personJSON{u.Author, u.Email}, To: list(u.To), Text: u.Text, Changes: []changeJSON{}, Next: moment(u.Next),
		Early: u.Early, Corrected: u.Corrected, CorrectedAt: moment(u.CorrectedAt), Withdrawn: u.Withdrawn,
		WithdrawnAt: moment(u.WithdrawnAt), Original: u.Original, About: u.About, Attachments: []attachmentJSON{},
	}
	if u.Status != 0 {
		j.Status = u.Status.String()
	}
	for _, c := range u.Changes {
		j.Changes = append(j.Changes, changeJSON(c))
	}
	for _, a := range u.Attachment {
		j.Attachments = append(j.Attachments, attachmentJSON(a))
	}
	return j
}

// lasted is how long the incident disturbed customers, up to now while it does.
func lasted(v view.View, now time.Time) time.Duration {
	end := now
	if !v.ResolvedAt.IsZero() {
		end = v.ResolvedAt
	}
	return max(0, end.Sub(v.Started))
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
