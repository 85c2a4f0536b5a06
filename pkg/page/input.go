package page

import (
	"path"
	"slices"
	"strings"
	"time"

	"incident/pkg/view"
)

// Input is all that a site is made from.
type Input struct {
	Views    []view.View // of one audience, in any order; those it cannot see are left out
	Settings Settings
	AsOf     time.Time // the time that the page tells; ongoing things last until then
	// Attached are files that came with updates, by the identifier of their incident and their path: those that [Shown]
	// says yes to, as far as they could be read.
	Attached map[string][]byte
}

// Settings are what the team has chosen for its page.
type Settings struct {
	Name          string // "Example Shop"
	Address       string // "https://status.shop.example", without a slash at the end; "" where it is not known
	Domain        string // for a file CNAME; "" for none
	Language      string // "en"
	Words         Words  // of the language
	Zone          *time.Location
	Audience      view.Audience
	Components    []Component       // as configured, in the order in which they are shown
	Links         []Link            // of the foot
	PartialWeight float64           // how much of an outage a partial one is, from 0 to 1
	Colours       map[string]string // chosen by the team: {"link": "#0b57a4", "link_dark": "#8ab8f0"}
	Own           Own
}

// Own is what the team has made itself.
type Own struct {
	Templates map[string]string // in the place of ours, by their names: "footer"
	Style     []byte            // added to ours
	Logo      []byte
	LogoName  string // "logo.svg"; "" for ours
}

// Component is something that customers know by name.
type Component struct{ Name, Group, Description string }

// Link is an address with a text.
type Link struct{ Text, Address string }

// Shown reports whether a file that came with an update is published with it. Others are only named: a browser would run
// what they hold, on the page's own address.
func Shown(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".txt", ".log", ".csv"}, strings.ToLower(path.Ext(name)))
}

// Files are what is published, by path from the top of the site, with slashes.
type Files map[string][]byte

// Build makes the whole site.
func Build(in Input) (Files, error) {
	site, err := New(in)
	if err != nil {
		return nil, err
	}
	w, err := newWriter(site)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, add := range []func(*writer, Files) error{addPages, addFeeds, addStatuspage, addAPI, addBadges, addHostFiles} {
		if err := add(w, files); err != nil {
			return nil, err
		}
	}
	return files, nil
}
