package pattern

import (
	"regexp"
	"sync"
)

// Pattern is a [regexp.Regexp] that a package holds as a variable. Compiled there, those of all our packages
// took a quarter of the time of every start, and most commands use few of them.
type Pattern struct {
	text string
	once sync.Once
	made *regexp.Regexp
}

// New is the pattern of a text. One that is none is found when it is used; a test tries all that our code has.
func New(text string) *Pattern { return &Pattern{text: text} }

func (p *Pattern) re() *regexp.Regexp {
	p.once.Do(func() { p.made = regexp.MustCompile(p.text) })
	return p.made
}

// Match is [regexp.Regexp.Match].
func (p *Pattern) Match(b []byte) bool { return p.re().Match(b) }

// MatchString is [regexp.Regexp.MatchString].
func (p *Pattern) MatchString(s string) bool { return p.re().MatchString(s) }

// Find is [regexp.Regexp.Find].
func (p *Pattern) Find(b []byte) []byte { return p.re().Find(b) }

// FindIndex is [regexp.Regexp.FindIndex].
func (p *Pattern) FindIndex(b []byte) []int { return p.re().FindIndex(b) }

// FindSubmatch is [regexp.Regexp.FindSubmatch].
func (p *Pattern) FindSubmatch(b []byte) [][]byte { return p.re().FindSubmatch(b) }

// FindString is [regexp.Regexp.FindString].
func (p *Pattern) FindString(s string) string { return p.re().FindString(s) }

// FindStringSubmatch is [regexp.Regexp.FindStringSubmatch].
func (p *Pattern) FindStringSubmatch(s string) []string { return p.re().FindStringSubmatch(s) }

// ReplaceAllString is [regexp.Regexp.ReplaceAllString].
func (p *Pattern) ReplaceAllString(s, by string) string { return p.re().ReplaceAllString(s, by) }

// FindAllStringSubmatch is [regexp.Regexp.FindAllStringSubmatch].
func (p *Pattern) FindAllStringSubmatch(s string, n int) [][]string {
	return p.re().FindAllStringSubmatch(s, n)
}
