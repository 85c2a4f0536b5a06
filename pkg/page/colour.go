package page

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"incident/pkg/pattern"
)

// enough is the contrast that text needs against what it stands on: WCAG 2.2, 1.4.3, level AA.
const enough = 4.5

// variables are the colours that a team may choose, by the variables of the style. With _dark they are those of the dark
// scheme.
var variables = map[string]string{"background": "bg", "card": "card", "text": "ink", "soft": "soft", "link": "link"}

// scheme is the colours of the light or of the dark scheme, by variable.
type scheme map[string]rgb

type rgb [3]uint8

var variable = pattern.New(`--(\w+): (#[0-9a-f]{3,6});`)

// sheetColours are the two schemes of a style.
func sheetColours(css string) (light, dark scheme) {
	light, dark = scheme{}, scheme{}
	for n, block := range strings.SplitN(css, "prefers-color-scheme: dark", 2) {
		for _, m := range variable.FindAllStringSubmatch(block, -1) {
			if c, ok := parseColour(m[2]); ok {
				[]scheme{light, dark}[n][m[1]] = c
			}
		}
	}
	return light, dark
}

// parseColour reads #rgb and #rrggbb.
func parseColour(s string) (c rgb, ok bool) {
	s = strings.ToLower(strings.TrimPrefix(s, "#"))
	if len(s) == 3 {
		s = string([]byte{s[0], s[0], s[1], s[1], s[2], s[2]})
	}
	n, err := strconv.ParseUint(s, 16, 32)
	return rgb{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil && len(s) == 6
}

func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]) }

// luminance is by WCAG 2.2, "relative luminance".
func (c rgb) luminance() float64 {
	part := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c[0]) + 0.7152*part(c[1]) + 0.0722*part(c[2])
}

// contrast is between 1 and 21, by WCAG 2.2, "contrast ratio".
func contrast(a, b rgb) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// partners are the pairs of variables that text and what it stands on make.
func partners() [][2]string {
	var list [][2]string
	for _, text := range []string{"ink", "soft", "link", "s1", "s2", "s3", "s4", "s5"} {
		list = append(list, [2]string{text, "bg"}, [2]string{text, "card"})
	}
	return append(list, [2]string{"ink", "promise"}, [2]string{"soft", "promise"}, [2]string{"link", "promise"})
}

// worst is the pair with a variable that has the least contrast, and that.
func (s scheme) worst(variable string) (with string, ratio float64) {
	ratio = math.Inf(1)
	for _, p := range partners() {
		for n, v := range p {
			if other := p[1-n]; v == variable {
				if c := contrast(s[v], s[other]); c < ratio {
					with, ratio = other, c
				}
			}
		}
	}
	return with, ratio
}

// nearest is the colour next to that of a variable, towards black or white, with enough contrast to all that it meets.
func (s scheme) nearest(variable string) (rgb, bool) {
	from := s[variable]
	defer func() { s[variable] = from }()
	for step := 1; step <= 255; step++ {
		for _, end := range []float64{0, 255} {
			for n, v := range from {
				s[variable] = replace(s[variable], n, uint8(math.Round(float64(v)+(end-float64(v))*float64(step)/255)))
			}
			if _, ratio := s.worst(variable); ratio >= enough {
				return s[variable], true
			}
		}
	}
	return rgb{}, false
}

func replace(c rgb, n int, v uint8) rgb {
	c[n] = v
	return c
}

// coloured is a style with the colours that the team has chosen. One on which, or in which, a text could not be read is an
// [ErrInput].
func coloured(css string, chosen map[string]string) (string, error) {
	if len(chosen) == 0 {
		return css, nil
	}
	light, dark := sheetColours(css)
	var rules [2]strings.Builder
	for _, key := range slices.Sorted(maps.Keys(chosen)) {
		name, isDark := strings.CutSuffix(key, "_dark")
		which, known := variables[name]
		colour, ok := parseColour(chosen[key])
		if !known || !ok {
			return "", fmt.Errorf("%w: page.colours.%s: %q is no colour that can be chosen; write link: \"#0b57a4\"; the keys are background, card, text, soft and link, and the same with _dark", ErrInput, key, chosen[key])
		}
		of, n := light, 0
		if isDark {
			of, n = dark, 1
		}
		of[which] = colour
		fmt.Fprintf(&rules[n], " --%s: %s;", which, colour)
	}
	for _, key := range slices.Sorted(maps.Keys(chosen)) {
		name, isDark := strings.CutSuffix(key, "_dark")
		of := light
		if isDark {
			of = dark
		}
		with, ratio := of.worst(variables[name])
		if ratio >= enough {
			continue
		}
		what := fmt.Sprintf("page.colours.%s: %s has a contrast of %.2f to %s (%s), and text needs 4.5", key, of[variables[name]], ratio, of[with], with)
		if near, ok := of.nearest(variables[name]); ok {
			return "", fmt.Errorf("%w: %s; the nearest colour that has it is %s", ErrInput, what, near)
		}
		return "", fmt.Errorf("%w: %s; no colour near it has that", ErrInput, what)
	}
	return css + fmt.Sprintf("\n:root {%s }\n@media (prefers-color-scheme: dark) { :root {%s } }\n", rules[0].String(), rules[1].String()), nil
}
