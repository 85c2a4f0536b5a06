package picture_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	nethtml "golang.org/x/net/html"

	"incident/pkg/picture"
)

func at(minute int) time.Time {
	return time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC).Add(time.Duration(minute) * time.Minute)
}

func part(name string, from, to int) picture.Part {
	return picture.Part{Name: name, From: at(from), To: at(to), Said: name + " for a while"}
}

var rect = regexp.MustCompile(`<rect class="(\w+)" x="(\d+)" width="(\d+)"`)

// drawn are the bars of a picture: name, place, width.
func drawn(t *testing.T, parts ...picture.Part) (bars [][3]any) {
	t.Helper()
	for _, m := range rect.FindAllStringSubmatch(string(picture.Life("A life", parts)), -1) {
		x, err := strconv.Atoi(m[2])
		require.NoError(t, err)
		wide, err := strconv.Atoi(m[3])
		require.NoError(t, err)
		bars = append(bars, [3]any{m[1], x, wide})
	}
	return bars
}

func TestLife(t *testing.T) {
	for _, tt := range []struct {
		rule  string
		parts []picture.Part
		want  [][3]any
	}{
		{"nothing is drawn of nothing", nil, nil},
		{"one part is all of it", []picture.Part{part("investigating", 0, 60)}, [][3]any{{"investigating", 0, 600}}},
		{"parts are as wide as they are long", []picture.Part{part("investigating", 0, 30), part("identified", 30, 40), part("monitoring", 40, 60)}, [][3]any{{"investigating", 0, 300}, {"identified", 300, 100}, {"monitoring", 400, 200}}},
		{"there is a gap while it was over", []picture.Part{part("investigating", 0, 10), part("monitoring", 50, 60)}, [][3]any{{"investigating", 0, 100}, {"monitoring", 500, 100}}},
		{"a short part can still be seen", []picture.Part{part("investigating", 0, 600), part("identified", 600, 600)}, [][3]any{{"investigating", 0, 600}, {"identified", 598, 2}}},
		{"a part of no length is all of it, if there is no other", []picture.Part{part("investigating", 5, 5)}, [][3]any{{"investigating", 0, 600}}},
		{"times that go back stay within the picture", []picture.Part{part("investigating", 20, 10), part("identified", 10, 40)}, [][3]any{{"investigating", 200, 2}, {"identified", 0, 600}}},
	} {
		t.Run(tt.rule, func(t *testing.T) { require.Equal(t, tt.want, drawn(t, tt.parts...)) })
	}
}

// What it shows is told in words, and whatever these hold is only text.
func TestLifeIsSaid(t *testing.T) {
	p := part(`x" onclick="y`, 0, 10)
	p.Said = "<script>alert(1)</script> for 10 minutes"
	made := string(picture.Life(`"><b>A life`, []picture.Part{p}))
	doc, err := nethtml.Parse(strings.NewReader(made))
	require.NoError(t, err)
	items := 0
	for n := range doc.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		require.NotContains(t, []string{"script", "b", "style"}, n.Data)
		for _, a := range n.Attr {
			require.NotContains(t, []string{"onclick", "style"}, a.Key)
			if a.Key == "aria-label" {
				require.Equal(t, `"><b>A life`, a.Val)
			}
		}
		if n.Data == "li" {
			items++
			require.Equal(t, "■ <script>alert(1)</script> for 10 minutes", n.FirstChild.FirstChild.Data+n.LastChild.Data)
		}
	}
	require.Equal(t, 1, items)
	require.Equal(t, made, string(picture.Life(`"><b>A life`, []picture.Part{p})))
}
