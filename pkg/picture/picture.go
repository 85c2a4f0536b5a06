package picture

import (
	"fmt"
	"html"
	"html/template"
	"strings"
	"time"
)

// Part is a part of a life. Parts follow one another; where one begins after the one before it has ended, nothing is drawn
// between them.
type Part struct {
	Name     string // of its colour: "investigating", "identified", "monitoring"
	From, To time.Time
	Said     string // the same in words
}

// The width and height of a picture in its own units.
const (
	width  = 600
	height = 16
	least  = 2 // of a part, however short
)

// Life draws parts as one bar, in which each is as wide as it is long, with their words as a list below. The label says
// what it is, for those who do not see it. Without parts there is nothing to draw.
func Life(label string, parts []Part) template.HTML {
	if len(parts) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<figure class=\"life\"><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" aria-label=%s>", width, height, quoted(label))
	first, last := ends(parts)
	for _, p := range parts {
		x, wide := place(first, last, p)
		fmt.Fprintf(&b, "<rect class=%s x=\"%d\" width=\"%d\" height=\"%d\"/>", quoted(p.Name), x, wide, height)
	}
	b.WriteString("</svg>\n<ol>\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "<li><span class=%s aria-hidden=\"true\">■</span> %s</li>\n", quoted(p.Name), html.EscapeString(p.Said))
	}
	b.WriteString("</ol></figure>\n")
	return template.HTML(b.String())
}

func quoted(s string) string { return `"` + html.EscapeString(s) + `"` }

// ends are when the first part begins and when the last one is over.
func ends(parts []Part) (first, last time.Time) {
	first, last = parts[0].From, parts[0].To
	for _, p := range parts {
		if p.From.Before(first) {
			first = p.From
		}
		if p.To.After(last) {
			last = p.To
		}
	}
	return first, last
}

// place is where a part stands. All of it lies within the picture, and whole units keep its bytes the same everywhere.
func place(first, last time.Time, p Part) (x, wide int) {
	whole := int64(last.Sub(first) / time.Second)
	if whole <= 0 {
		return 0, width
	}
	at := func(t time.Time) int { return int(int64(t.Sub(first)/time.Second) * width / whole) }
	x = min(at(p.From), width-least)
	return x, max(least, at(p.To)-x)
}
