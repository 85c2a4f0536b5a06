package cli

import (
	"cmp"
	"context"
	"os"
	"slices"

	"incident/pkg/incident"
	"incident/pkg/record"
	"incident/pkg/terminal"
)

// mostSimilar is how many similar incidents are named.
const mostSimilar = 3

// similarJSON is an incident that resembles one that was opened.
type similarJSON struct {
	Incident string           `json:"incident"`
	Title    string           `json:"title"`
	Status   *incident.Status `json:"status"`
	OpenedAt *timeJSON        `json:"opened_at"`
	Cause    string           `json:"cause"`
	Document string           `json:"document"`
	Likeness int              `json:"likeness"`

	inc incident.Incident
}

// similar finds the incidents that are most like one that was opened. It does no more work than a hint is worth, see
// [record.Reader.Recent]: in a large record the oldest are not looked at.
func (d *deps) similar(ctx context.Context, rec *record.Record, to incident.Incident) (found []similarJSON, err error) {
	rd, err := rec.Read(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = joinClose(err, rd) }()
	likeness := incident.Likeness(to)
	err = rd.Recent(hintWork, func(inc incident.Incident) {
		like := likeness(inc)
		if inc.ID == to.ID || like < incident.Similar {
			return
		}
		found = append(found, similarJSON{Incident: inc.ID, Title: inc.Title, Status: known(inc.Status), OpenedAt: moment(inc.Opened), Cause: inc.Cause, Likeness: like, inc: inc})
		slices.SortStableFunc(found, func(a, b similarJSON) int {
			return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), b.inc.Opened.Compare(a.inc.Opened))
		})
		found = found[:min(mostSimilar, len(found))]
	})
	for n := range found {
		if file := documentOf(rec, found[n].Incident); isFile(file) {
			found[n].Document = file
		}
	}
	return found, err
}

func isFile(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// tellSimilar names similar incidents: what became of each, what it came from, and where its postmortem is.
func (d *deps) tellSimilar(found []similarJSON) {
	for _, s := range found {
		what := s.inc.Status.String() + ", open since " + d.clock(s.inc.Opened)
		if s.inc.Status.Over() {
			what = s.inc.Status.String() + ", lasted " + inShort(s.inc.Duration(d.Now())) + ", " + d.clock(s.inc.Opened)
		}
		d.line(terminal.Yellow("seen before: "), terminal.Bold(s.Incident), "   "+what)
		if s.Cause != "" {
			d.line("  cause: ", terminal.SafeLine(s.Cause))
		}
		if s.Document != "" {
			d.line("  postmortem: ", d.short(s.Document))
		}
	}
}
