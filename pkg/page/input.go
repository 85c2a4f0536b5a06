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
	Sources  []Source // of one audience, in any order; incidents that it cannot see are left out
	Settings Settings
	AsOf     time.Time // the time that the page tells; ongoing things last until then
	Program  string    // names the program that makes it; "" where that is not known: then no file has a key
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
