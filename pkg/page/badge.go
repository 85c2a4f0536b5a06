package page

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode/utf8"

	"incident/pkg/markdown"
	"incident/pkg/view"
)

// tints are the colours of badges and of the icon, by state: white text on each has a contrast of 4.5 to 1 or more.
var tints = [...]string{operational: "#14713a", maintenance: "#3450a3", degraded: "#8a5a00", partialOutage: "#a83f0a", majorOutage: "#b3261e"}

// addBadges adds a badge for the page and for each component, as a picture and in the form that shields.io draws, and the
// icon that browsers show.
func addBadges(w *writer) {
	worst, _ := w.Verdict()
	w.add("favicon.svg", w.key("drawn", worst.String()), func() ([]byte, error) { return icon(worst), nil })
	w.addBadge("status", w.Name, worst)
	for _, c := range w.AllComponents() {
		w.addBadge("components/"+strings.TrimSuffix(strings.TrimPrefix(c.Path, "components/"), ".html"), c.Name, c.State)
	}
}

func (w *writer) addBadge(name, label string, state view.State) {
	said := short(strings.TrimSpace(markdown.Safe(label)), 60)
	message := w.Words.Say("state_" + state.String())
	key := w.key("drawn", "badge "+said, state.String())
	w.add("badges/"+name+".svg", key, func() ([]byte, error) { return badge(said, message, tints[state]), nil })
	w.add("badges/"+name+".json", key, func() ([]byte, error) {
		return marshalJSON(struct {
			Version int    `json:"schemaVersion"`
			Label   string `json:"label"`
			Message string `json:"message"`
			Color   string `json:"color"`
			IsError bool   `json:"isError"`
		}{1, said, message, tints[state], state >= partialOutage})
	})
}

// badge draws a label and a message side by side. The widths are those of a common font; the text is fitted to them in
// any other.
func badge(label, message, tint string) []byte {
	width := func(s string) int { return utf8.RuneCountInString(s)*7 + 12 }
	a, b := width(label), width(message)
	var l, m strings.Builder
	_ = xml.EscapeText(&l, []byte(label)) // a Builder takes anything
	_ = xml.EscapeText(&m, []byte(message))
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]d" height="20" viewBox="0 0 %[1]d 20" role="img" aria-label="%[4]s: %[5]s">
<title>%[4]s: %[5]s</title>
<rect width="%[1]d" height="20" rx="3" fill="#3b3f45"/><path d="M%[2]d 0h%[3]dq3 0 3 3v14q0 3-3 3h-%[3]dz" fill="%[6]s"/>
<g fill="#fff" font-family="Verdana, 'DejaVu Sans', sans-serif" font-size="11"><text x="6" y="14" textLength="%[7]d" lengthAdjust="spacingAndGlyphs">%[4]s</text><text x="%[8]d" y="14" textLength="%[9]d" lengthAdjust="spacingAndGlyphs">%[5]s</text></g>
</svg>
`, a+b, a, b-3, l.String(), m.String(), tint, a-12, a+6, b-12)
}

// marks are the shapes of the icon, which differ as its colours do: a tick, a bar, and what turns from round to square.
var marks = [...]string{
	operational:   `<circle cx="16" cy="16" r="15" fill="%s"/><path d="M9 17l5 5 9-11" fill="none" stroke="#fff" stroke-width="3.5"/>`,
	maintenance:   `<circle cx="16" cy="16" r="15" fill="%s"/><path d="M8 16h16" stroke="#fff" stroke-width="4"/>`,
	degraded:      `<path d="M16 1l15 15-15 15L1 16z" fill="%s"/><path d="M16 8v9M16 20v4" stroke="#fff" stroke-width="3.5"/>`,
	partialOutage: `<path d="M16 2l15 28H1z" fill="%s"/><path d="M16 12v9M16 23v4" stroke="#fff" stroke-width="3.5"/>`,
	majorOutage:   `<rect x="1" y="1" width="30" height="30" rx="4" fill="%s"/><path d="M9 9l14 14M23 9L9 23" stroke="#fff" stroke-width="4"/>`,
}

func icon(state view.State) []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">`+marks[state]+"</svg>\n", tints[state])
}
