package page

import (
	"testing"

	"github.com/stretchr/testify/require"

	"incident/templates"
)

func style(t *testing.T) string {
	t.Helper()
	css, err := templates.Page.ReadFile("page/style.css")
	require.NoError(t, err)
	return string(css)
}

// The figures are those of the examples in WCAG's own techniques, G17 and G18.
func TestContrast(t *testing.T) {
	white, black, grey := rgb{255, 255, 255}, rgb{}, rgb{0x76, 0x76, 0x76}
	require.InDelta(t, 21, contrast(white, black), 0.001)
	require.InDelta(t, 4.54, contrast(white, grey), 0.005)
	require.InDelta(t, 1, contrast(grey, grey), 0)
}

// All text of the built-in style can be read on what it stands on, in both schemes.
func TestStyleHasContrast(t *testing.T) {
	light, dark := sheetColours(style(t))
	for name, s := range map[string]scheme{"light": light, "dark": dark} {
		for _, p := range partners() {
			require.Contains(t, s, p[0], name)
			require.Contains(t, s, p[1], name)
			require.GreaterOrEqual(t, contrast(s[p[0]], s[p[1]]), enough, "%s: %s on %s", name, p[0], p[1])
		}
	}
	for n, tint := range tints {
		if n > 0 {
			c, ok := parseColour(tint)
			require.True(t, ok)
			require.GreaterOrEqual(t, contrast(c, rgb{255, 255, 255}), enough, "the badge for %d", n)
		}
	}
}

// A colour that could not be read is refused, with the nearest that can.
func TestColoursOfTheTeam(t *testing.T) {
	made, err := coloured(style(t), map[string]string{"link": "#0a4", "link_dark": "#7FD"})
	require.ErrorIs(t, err, ErrInput)
	require.ErrorContains(t, err, `page.colours.link: #00aa44 has a contrast of 2.7`)
	require.ErrorContains(t, err, "the nearest colour that has it is #")
	require.Empty(t, made)

	light, _ := sheetColours(style(t))
	light["link"], _ = parseColour("#0a4")
	near, ok := light.nearest("link")
	require.True(t, ok)
	made, err = coloured(style(t), map[string]string{"link": near.String(), "link_dark": "#7FD"})
	require.NoError(t, err)
	require.Contains(t, made, ":root { --link: "+near.String()+"; }")
	require.Contains(t, made, "{ :root { --link: #77ffdd; } }")
	_, ratio := light.worst("link")
	require.Less(t, ratio, enough, "looking for a colour changes none")

	for key, value := range map[string]string{"link": "red", "border": "#123456", "text": "url(x)", "card": "#12"} {
		_, err = coloured(style(t), map[string]string{key: value})
		require.ErrorContains(t, err, "page.colours."+key)
	}
	_, err = coloured(style(t), map[string]string{"background": "#808080"})
	require.ErrorContains(t, err, "page.colours.background")
}
