package report

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"incident/pkg/picture"
	"incident/templates"
)

// Report is what a page shows. Texts are shown as they are, whatever they hold.
type Report struct {
	Title     string
	Made      time.Time
	Charts    []Chart
	Timelines []Timeline
	Notes     []string
}

// Chart is bars of one unit, and the table of what they show.
type Chart struct {
	Title   string
	Columns []string // of the table; the bars are drawn by the first number
	Bars    []Bar
}

// Bar is one row.
type Bar struct {
	Name  string
	Value float64
	Cells []string // by the columns after the name
}

// Timeline is the life of one incident in parts of a line.
type Timeline struct {
	Name  string
	Spans []Span
}

// Span is a part of a life.
type Span struct {
	Name     string // "investigating"
	From, To time.Time
}

// drawn is a chart with the places of its bars.
type drawn struct {
	Chart
	Height int
	Rows   []drawnBar
}

type drawnBar struct {
	Bar
	Y, Width int
	Label    string // the name, as far as there is room for it
}

// line is a timeline as it is drawn.
type line struct {
	Name string
	Life template.HTML
}

// The width of a picture in its own units, and where the bars begin, right of their names.
const (
	width = 600
	left  = 190
)

// HTML is the page: one file that needs nothing else, without a script.
func HTML(r Report) ([]byte, error) {
	tmpl, err := template.ParseFS(templates.Report, "report.html")
	if err != nil {
		return nil, err
	}
	css, err := templates.Page.ReadFile("page/style.css")
	if err != nil {
		return nil, err
	}
	data := struct {
		Report
		CSS    template.CSS
		Drawn  []drawn
		Lines  []line
		MadeAt string
	}{Report: r, CSS: template.CSS(css), MadeAt: r.Made.UTC().Format("2 January 2006, 15:04 UTC")}
	for _, c := range r.Charts {
		data.Drawn = append(data.Drawn, draw(c))
	}
	for _, t := range r.Timelines {
		data.Lines = append(data.Lines, lay(t))
	}
	var b strings.Builder
	if err := tmpl.Execute(&b, data); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

func draw(c Chart) drawn {
	most := 0.0
	for _, b := range c.Bars {
		most = max(most, b.Value)
	}
	d := drawn{Chart: c, Height: len(c.Bars) * 22}
	for n, b := range c.Bars {
		bar := drawnBar{Bar: b, Y: n * 22, Label: b.Name}
		if r := []rune(b.Name); len(r) > 28 {
			bar.Label = string(r[:27]) + "…"
		}
		if most > 0 && b.Value > 0 {
			bar.Width = max(2, int(b.Value/most*(width-left)))
		}
		d.Rows = append(d.Rows, bar)
	}
	return d
}

func lay(t Timeline) line {
	var parts []picture.Part
	for _, s := range t.Spans {
		said := fmt.Sprintf("%s from %s to %s", s.Name, s.From.UTC().Format("15:04"), s.To.UTC().Format("15:04 UTC"))
		parts = append(parts, picture.Part{Name: s.Name, From: s.From, To: s.To, Said: said})
	}
	return line{t.Name, picture.Life(t.Name+": the parts are in the list below", parts)}
}
