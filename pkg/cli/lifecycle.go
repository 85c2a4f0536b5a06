package cli

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"incident/pkg/incident"
	"incident/pkg/terminal"
)

// lengthJSON is one measure of one incident.
type lengthJSON struct {
	Measure incident.Measure `json:"measure"`
	Seconds *int64           `json:"seconds"`
	Why     string           `json:"why"`
	From    string           `json:"from"`
	To      string           `json:"to"`
}

// spreadJSON is one measure over several incidents.
type spreadJSON struct {
	Measure incident.Measure `json:"measure"`
	Count   int              `json:"count"`
	Median  int64            `json:"median_seconds"`
	P90     int64            `json:"p90_seconds"`
}

// groupJSON is what several incidents have in common, and their measures.
type groupJSON struct {
	By        string       `json:"by"`
	Name      string       `json:"name"`
	Incidents int          `json:"incidents"`
	Measures  []spreadJSON `json:"measures"`
}

// downJSON is how long a component did not work.
type downJSON struct {
	Component string `json:"component"`
	Outage    int64  `json:"outage_seconds"`
	Degraded  int64  `json:"degraded_seconds"`
}

// papersJSON is what became of postmortems.
type papersJSON struct {
	None   int `json:"none"`
	Open   int `json:"open"`
	Met    int `json:"met"`
	Late   int `json:"late"`
	Broken int `json:"broken"`
	Waived int `json:"waived"`
}

// itemsJSON counts action items.
type itemsJSON struct {
	Open    int `json:"open"`
	Late    int `json:"late"`
	Done    int `json:"done"`
	Dropped int `json:"dropped"`
	// Ages of the open ones.
	UpToMonth int `json:"open_up_to_30_days"`
	UpTo3     int `json:"open_up_to_90_days"`
	Older     int `json:"open_older"`
}

// lifeJSON is the life of several incidents.
type lifeJSON struct {
	Measures        []spreadJSON `json:"measures"`
	Groups          []groupJSON  `json:"groups"`
	Components      []downJSON   `json:"components"`
	CustomerMinutes *float64     `json:"customer_minutes"`
	Postmortems     papersJSON   `json:"postmortems"`
	Actions         itemsJSON    `json:"actions"`
}

func lengthsOf(life map[incident.Measure]incident.Length) []lengthJSON {
	measures := incident.MeasureList()
	list := make([]lengthJSON, 0, len(measures))
	for _, m := range measures {
		l := life[m]
		one := lengthJSON{Measure: m, Why: l.Why, From: l.From, To: l.To}
		if l.Known {
			s := seconds(l.Value)
			one.Seconds = &s
		}
		list = append(list, one)
	}
	return list
}

// spread adds up measures, one incident after the other.
type spread struct {
	incidents int
	known     map[incident.Measure][]time.Duration
}

func (s *spread) add(life map[incident.Measure]incident.Length) {
	if s.known == nil {
		s.known = map[incident.Measure][]time.Duration{}
	}
	s.incidents++
	for m, l := range life {
		if l.Known {
			s.known[m] = append(s.known[m], l.Value)
		}
	}
}

func (s *spread) wire() []spreadJSON {
	var list []spreadJSON
	for _, m := range incident.MeasureList() {
		list = append(list, spreadJSON{m, len(s.known[m]), seconds(incident.Median(s.known[m])), seconds(incident.Percentile(s.known[m], 90))})
	}
	return list
}

// lives measures the lives of incidents, one after the other, and keeps none of them.
type lives struct {
	rules incident.Rules
	now   time.Time
	all   spread
	by    map[[2]string]*spread
	cause map[string]string // the spelling that counts, by the one in lower case
	down  map[string]incident.Downtime
	sum   lifeJSON
}

func newLives(rules incident.Rules, now time.Time) *lives {
	return &lives{rules: rules, now: now, by: map[[2]string]*spread{}, cause: map[string]string{}, down: map[string]incident.Downtime{}}
}

// life is what is measured of the life of one incident.
type life struct {
	lengths    map[incident.Measure]incident.Length
	down       map[string]incident.Downtime
	minutes    float64 // of customers
	counted    bool    // the customers were
	postmortem string  // what became of it
}

// of measures one incident, while others may be measured.
func (r *lives) of(inc incident.Incident) life {
	l := life{lengths: inc.Lifecycle(), down: inc.Downtimes(r.now), postmortem: inc.PostmortemOutcome(r.rules, r.now)}
	l.minutes, l.counted = inc.CustomerMinutes(r.now)
	return l
}

func (r *lives) add(inc incident.Incident, l life) {
	r.all.add(l.lengths)
	groups := [][2]string{{"severity", severityName(inc)}, {"month", inc.Opened.UTC().Format("2006-01")}}
	for _, c := range inc.Components {
		groups = append(groups, [2]string{"component", c.Name})
	}
	if inc.Cause != "" {
		groups = append(groups, [2]string{"cause", r.causeName(inc.Cause)})
	}
	for _, g := range groups {
		if r.by[g] == nil {
			r.by[g] = &spread{}
		}
		r.by[g].add(l.lengths)
	}
	for name, d := range l.down {
		sum := r.down[name]
		r.down[name] = incident.Downtime{Outage: sum.Outage + d.Outage, Degraded: sum.Degraded + d.Degraded}
	}
	if minutes := l.minutes; l.counted {
		if r.sum.CustomerMinutes != nil {
			minutes += *r.sum.CustomerMinutes
		}
		r.sum.CustomerMinutes = &minutes
	}
	r.sum.Postmortems.count(l.postmortem)
	r.sum.Actions.count(inc.Actions, r.now)
}

// causeName is one spelling of a cause, whatever its letter case: the one that came first.
func (r *lives) causeName(cause string) string {
	key := strings.ToLower(cause)
	if r.cause[key] == "" {
		r.cause[key] = cause
	}
	return r.cause[key]
}

func (r *lives) wire() lifeJSON {
	sum := r.sum
	sum.Measures, sum.Groups, sum.Components = r.all.wire(), []groupJSON{}, []downJSON{}
	for _, key := range slices.SortedFunc(maps.Keys(r.by), func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) }) {
		sum.Groups = append(sum.Groups, groupJSON{key[0], key[1], r.by[key].incidents, r.by[key].wire()})
	}
	for _, name := range slices.Sorted(maps.Keys(r.down)) {
		sum.Components = append(sum.Components, downJSON{name, seconds(r.down[name].Outage), seconds(r.down[name].Degraded)})
	}
	return sum
}

func severityName(inc incident.Incident) string {
	if inc.Severity == 0 {
		return "not set"
	}
	return inc.Severity.String()
}

func (p *papersJSON) count(outcome string) {
	switch outcome {
	case incident.PostmortemNone:
		p.None++
	case incident.PostmortemOpen:
		p.Open++
	case incident.PostmortemMet:
		p.Met++
	case incident.PostmortemLate:
		p.Late++
	case incident.PostmortemBroken:
		p.Broken++
	case incident.PostmortemWaived:
		p.Waived++
	}
}

func (n *itemsJSON) count(actions []incident.ActionItem, now time.Time) {
	for _, a := range actions {
		switch a.State {
		case incident.ActionDone:
			n.Done++
			continue
		case incident.ActionDropped:
			n.Dropped++
			continue
		}
		n.Open++
		if a.Late(now) {
			n.Late++
		}
		switch age := now.Sub(a.Added); {
		case age <= 30*24*time.Hour:
			n.UpToMonth++
		case age <= 90*24*time.Hour:
			n.UpTo3++
		default:
			n.Older++
		}
	}
}

// measureNames are the measures for people.
var measureNames = map[incident.Measure]string{
	incident.Detect: "detected after", incident.Acknowledge: "somebody at work", incident.FirstPublic: "first word to customers", incident.Identify: "cause found",
	incident.Mitigate: "mended", incident.Resolve: "resolved", incident.Publish: "postmortem published",
}

// lifeTables shows the lives of several incidents.
func (d *deps) lifeTables(r lifeJSON) {
	t := terminal.Table{Columns: []terminal.Column{{Title: "MEASURE"}, {Title: "INCIDENTS", Right: true}, {Title: "MEDIAN", Right: true}, {Title: "P90", Right: true}}}
	for _, m := range r.Measures {
		median, p90 := "–", "–"
		if m.Count > 0 {
			median, p90 = inShort(time.Duration(m.Median)*time.Second), inShort(time.Duration(m.P90)*time.Second)
		}
		t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(measureNames[m.Measure]), terminal.Plain(fmt.Sprint(m.Count)), terminal.Plain(median), terminal.Plain(p90)})
	}
	d.out.Line()
	d.out.Table(t)
	if len(r.Components) > 0 {
		t := terminal.Table{Columns: []terminal.Column{{Title: "COMPONENT", Flexible: true}, {Title: "OUT", Right: true}, {Title: "DEGRADED", Right: true}}}
		for _, c := range r.Components {
			t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(c.Component), terminal.Plain(inShort(time.Duration(c.Outage) * time.Second)), terminal.Plain(inShort(time.Duration(c.Degraded) * time.Second))})
		}
		d.out.Line()
		d.out.Table(t)
	}
	d.causeTable(r)
	p, a := r.Postmortems, r.Actions
	d.out.Line()
	d.out.Line(fmt.Sprintf("postmortems  %d in time, %d late, %d not published in time, %d still to come, %d waived", p.Met, p.Late, p.Broken, p.Open, p.Waived))
	d.out.Line(fmt.Sprintf("actions      %d open (%d late), %d done, %d dropped", a.Open, a.Late, a.Done, a.Dropped))
	if r.CustomerMinutes != nil {
		d.out.Line(fmt.Sprintf("customers    %.0f customer-minutes, where a number was said", *r.CustomerMinutes))
	}
}

// causeTable shows what incidents came from, the most frequent first.
func (d *deps) causeTable(r lifeJSON) {
	causes := slices.DeleteFunc(slices.Clone(r.Groups), func(g groupJSON) bool { return g.By != "cause" })
	if len(causes) == 0 {
		return
	}
	slices.SortStableFunc(causes, func(a, b groupJSON) int { return cmp.Compare(b.Incidents, a.Incidents) })
	t := terminal.Table{Columns: []terminal.Column{{Title: "CAUSE", Flexible: true}, {Title: "INCIDENTS", Right: true}, {Title: "RESOLVED AFTER", Right: true}}}
	for _, g := range causes {
		t.Rows = append(t.Rows, []terminal.Span{terminal.Plain(g.Name), terminal.Plain(fmt.Sprint(g.Incidents)), terminal.Plain(g.resolved())})
	}
	d.out.Line()
	d.out.Table(t)
}

// resolved is the median time until the incidents of the group were resolved, in words.
func (g groupJSON) resolved() string {
	for _, m := range g.Measures {
		if m.Measure == incident.Resolve && m.Count > 0 {
			return inShort(time.Duration(m.Median) * time.Second)
		}
	}
	return "–"
}

// rows are the incidents one by one, for spreadsheets and documents: a heading, then a row for each.
func (r measured) rows() [][]string {
	head := []string{"incident", "severity", "opened", "updates", "promises kept", "kept late", "broken"}
	for _, m := range incident.MeasureList() {
		head = append(head, string(m)+" (s)")
	}
	rows := [][]string{head}
	for _, m := range r.Incidents {
		row := []string{m.Incident, m.Severity, m.Opened, fmt.Sprint(m.Updates), fmt.Sprint(m.Kept), fmt.Sprint(m.KeptLate), fmt.Sprint(m.Broken)}
		for _, l := range m.Lifecycle {
			cell := ""
			if l.Seconds != nil {
				cell = fmt.Sprint(*l.Seconds)
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	return rows
}

// asCSV is rows by RFC 4180. A cell that a spreadsheet would take for a formula is quoted for it.
func asCSV(rows [][]string) (string, error) {
	var b strings.Builder
	w := csv.NewWriter(&b)
	for _, row := range rows {
		safe := slices.Clone(row)
		for i, cell := range safe {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				safe[i] = "'" + cell
			}
		}
		if err := w.Write(safe); err != nil {
			return "", err
		}
	}
	w.Flush()
	return b.String(), w.Error()
}

// asMarkdown is rows as a table.
func asMarkdown(rows [][]string) string {
	var b strings.Builder
	for n, row := range rows {
		b.WriteString("|")
		for _, cell := range row {
			b.WriteString(" " + strings.ReplaceAll(oneLine(cell), "|", `\|`) + " |")
		}
		b.WriteString("\n")
		if n == 0 {
			b.WriteString(strings.Repeat("| --- ", len(row)) + "|\n")
		}
	}
	return b.String()
}
