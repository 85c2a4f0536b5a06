package incident

import (
	"slices"
	"strings"
	"unicode"
)

// Similar is how alike an earlier incident must be to one that begins, for its story to be worth a look.
const Similar = 40

// What each part of a likeness counts at most; together 100.
const (
	likeTitle      = 60
	likeComponents = 30
	likeTags       = 10
)

// Likeness tells how alike earlier incidents are to one that begins, from 0 to 100: by the words of its title, which are
// compared with those of an earlier title and of its cause; by the components that both touched; by tags that both have
// or that the title names. Neither components nor tags are enough by themselves: those in trouble are often the same.
func Likeness(begins Incident) func(earlier Incident) int {
	title := weigh(begins.Title)
	return func(earlier Incident) int {
		words := max(alike(title, weigh(earlier.Title)), alike(title, weigh(earlier.Cause)))
		return int(likeTitle*words + likeComponents*touched(begins, earlier, title) + likeTags*tagged(begins, earlier, title) + 0.5)
	}
}

// touched is the share of the components of an incident that an earlier one touched too. One that names none in so many
// words may do so in its title.
func touched(begins, earlier Incident, title map[string]int) float64 {
	if len(begins.Components) == 0 {
		if slices.ContainsFunc(earlier.Components, func(c Component) bool { return names(title, c.Name) }) {
			return 1
		}
		return 0
	}
	both := 0
	for _, c := range begins.Components {
		if earlier.Touches(c.Name) {
			both++
		}
	}
	return float64(both) / float64(len(begins.Components))
}

func tagged(begins, earlier Incident, title map[string]int) float64 {
	for _, t := range earlier.Tags {
		if names(title, t) || slices.ContainsFunc(begins.Tags, func(own string) bool { return strings.EqualFold(own, t) }) {
			return 1
		}
	}
	return 0
}

// names reports whether a title has all words of a name.
func names(title map[string]int, name string) bool {
	words := weigh(name)
	for w := range words {
		if title[w] == 0 {
			return false
		}
	}
	return len(words) > 0
}

// alike is how much two texts have in common of what they both say, from 0 to 1.
func alike(a, b map[string]int) float64 {
	both, all := 0, 0
	for w, n := range a {
		all += n
		if b[w] > 0 {
			both += 2 * n
		}
	}
	for _, n := range b {
		all += n
	}
	if all == 0 {
		return 0
	}
	return float64(both) / float64(all)
}

// weigh takes the words of a text, without their endings, by what each tells: 2, or 1 for one that any incident has.
func weigh(text string) map[string]int {
	words := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		switch stem := withoutEnding(w); {
		case slices.Contains(saysNothing, w):
		case slices.Contains(saysLittle, stem):
			words[stem] = 1
		default:
			words[stem] = 2
		}
	}
	return words
}

// withoutEnding makes one word of "fail", "fails", "failed" and "failing". It need not be right, only the same each time.
func withoutEnding(w string) string {
	for _, ending := range [...]string{"ing", "ed", "s"} {
		if stem := strings.TrimSuffix(w, ending); stem != w && len(stem) >= 3 && !strings.HasSuffix(stem, "s") {
			return stem
		}
	}
	return w
}

var (
	saysNothing = strings.Fields("a after an and are as at be before by can cannot do does for from has have in into is it its no not of on or our out since the their to too up was we were when with")
	saysLittle  = strings.Fields("alarm alert all broken customer degrad degradation down error fail failure high incident issue many outage problem prod production service slow some system unavailable user")
)
